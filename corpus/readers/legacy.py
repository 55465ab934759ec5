"""Documents of older and other programs (.doc, .wps, .rtf, .odt), converted by LibreOffice and read as Word documents.

What carries one of these suffixes but is plain text is read as such: many systems call any export ".doc".
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from corpus.errors import ReadError
from corpus.readers import _office_program as office
from corpus.readers import word
from corpus.readers._raw import RawText, decode

NAME = "旧版文档"
SUFFIXES = (".doc", ".dot", ".wps", ".wpt", ".rtf", ".odt", ".ott")
LARGEST_FILE = word.LARGEST_FILE
SECONDS = (office.SECONDS + 60.0, 60.0)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = {
    "encrypted": ("EncryptedPackage", "EncryptionInfo"),
    "doc": ("WordDocument",),
    "workbook": ("Workbook", "Book"),
    "slides": ("PowerPoint Document",),
}
_TEXT = b"application/vnd.oasis.opendocument.text"
_ENCRYPTED_FIB = 0x0100


def accepts(data: bytes) -> bool:
    """Whether the content is of one of these formats, or a Word document under a password."""
    return _kind(data) in ("doc", "encrypted", "rtf", "odt")


def read(data: bytes, source: str) -> RawText:
    kind = _kind(data)
    if kind is None:
        return RawText(*decode(data, source))
    if kind == "encrypted":
        raise ReadError(f"{source}：文档加了密码，读不了。请去掉密码后再试。")
    if kind in ("workbook", "slides", "other"):
        what = {"workbook": "表格（.xls）", "slides": "演示文稿（.ppt）"}.get(
            kind, "旧版 Office 文件，但没有正文"
        )
        raise ReadError(f"{source}：内容是{what}，不是文字文档。请换成报告文档。")
    if office.program() is None:
        raise ReadError(
            f"{source}：这是旧版文档（.{kind}），本机没有安装 LibreOffice，读不了。请用 WPS 或 Word 另存为 .docx 后再试。"
        )
    try:
        made = office.to_docx(data, f".{kind}")
    except office.Unconverted as error:
        why = "转换失败，文件可能已损坏" if error.in_time else f"转换超过 {office.SECONDS} 秒，已停止"
        raise ReadError(
            f"{source}：旧版文档（.{kind}）{why}。请用 WPS 或 Word 另存为 .docx 后再试。"
        ) from None
    except OSError:
        raise ReadError(
            f"{source}：旧版文档（.{kind}）转换时读写失败。请检查磁盘空间，或用 WPS、Word 另存为 .docx 后再试。"
        ) from None
    raw = word.read(made, source)
    return replace(raw, format=kind, notes=(f"由 LibreOffice 从 .{kind} 转换后读取", *raw.notes))


def _kind(data: bytes) -> str | None:
    """Say what the content is, by its first bytes and the names of its streams; None for anything else."""
    if data.startswith(_OLE):
        named = (k for k, names in _STREAMS.items() if any(_stream(name) in data for name in names))
        kind = next(named, "other")
        return "encrypted" if kind == "doc" and _is_encrypted(data) else kind
    if re.match(rb"\s*\{\\rtf", data[:100]):
        return "rtf"
    if data.startswith(b"PK\x03\x04") and _TEXT in data[:200]:
        return "encrypted" if _has_key(data) else "odt"
    return None


def _stream(name: str) -> bytes:
    """A name as it stands in the directory of an OLE file: two bytes a character, a zero after it."""
    return name.encode("utf-16-le") + b"\x00\x00"


def _is_encrypted(data: bytes) -> bool:
    """Whether the information block at the head of the text, which begins a sector, says so."""
    for found in re.finditer(rb"\xec\xa5", data):
        at = found.start()
        if at and at % 512 == 0:
            return bool(int.from_bytes(data[at + 10 : at + 12], "little") & _ENCRYPTED_FIB)
    return False


def _has_key(data: bytes) -> bool:
    try:
        with ZipFile(BytesIO(data)) as package, package.open("META-INF/manifest.xml") as manifest:
            return b"encryption-data" in manifest.read(1_000_000)
    except (BadZipFile, KeyError, ValueError, OSError, LookupError, RuntimeError, NotImplementedError):
        return False
