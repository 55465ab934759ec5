"""Word documents (.docx and its kin), as Word prints them: changes accepted, numbers written out, macros never run.

Comments, headers and footers are left out. A paragraph is a line, a row of a table one with " | " between cells, a
footnote a line after the paragraph that refers to it.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from corpus.errors import ReadError
from corpus.readers._office import Package
from corpus.readers._raw import RawText
from corpus.readers._tables import furniture_spans
from corpus.readers._word_body import Body
from corpus.readers._word_styles import Numbering, Styles, child, tag

NAME = "Word 文档"
SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
LARGEST_FILE = 64 * 1024 * 1024
"""Bytes: pictures weigh, text does not."""

_PARTS = ("styles", "numbering", "footnotes", "endnotes")


def accepts(data: bytes) -> bool:
    """Whether the content is a package with a Word document in it."""
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as package:
            return any(re.fullmatch(r"/?word/document\d*\.xml", name) for name in package.namelist())
    except (BadZipFile, ValueError, OSError, LookupError, NotImplementedError, OverflowError):
        return False


def read(data: bytes, source: str) -> RawText:
    if not data.startswith(b"PK"):
        raise ReadError(f"{source}：内容不是 Word 文档（.docx）。请在 WPS、Word 里打开后另存为 .docx 再试。")
    package = Package(data, source)
    try:
        return _read(package)
    except RecursionError:
        raise ReadError(
            f"{source}：文档的结构嵌套过深，不像正常的文档。请在 WPS、Word 里另存一份后再试。"
        ) from None


def _read(package: Package) -> RawText:
    main = package.kin("", "officeDocument") or "word/document.xml"
    root = package.tree(main)
    body = child(root, "body") if root is not None and tag(root) == "document" else None
    if body is None:
        raise ReadError(
            f"{package.source}：文件里没有 Word 正文，可能是别的文件改了扩展名。请换成 .docx 文档。"
        )
    parts = {kind: package.tree(name) for kind, name in package.related(main).values() if kind in _PARTS}
    styles = Styles(parts.get("styles"))
    walk = Body(
        styles,
        Numbering(parts.get("numbering"), styles),
        {kind: parts[f"{kind}s"] for kind in ("footnote", "endnote") if parts.get(f"{kind}s") is not None},
    )
    lines = walk.lines(body)
    text = "\n".join(line.text for line in lines)
    notes = tuple(_notes(walk, any(name.lower().endswith("vbaproject.bin") for name in package.names)))
    if not text.strip() and walk.seen["pictures"]:
        raise ReadError(
            f"{package.source}：文档里只有图片，没有文字。请另存为 PDF 后再试，图片中的文字会被识别。"
        )
    return RawText(
        text,
        "utf-8",
        title=_declared(package, text),
        furniture=furniture_spans(lines),
        format="docx",
        notes=notes,
    )


def _declared(package: Package, text: str) -> str | None:
    """The title of the properties, where the text has it too: most are left over from another document."""
    name = package.kin("", "core-properties")
    root: Any = package.tree(name) if name else None
    for element in root if root is not None else ():
        title = " ".join((element.text or "").split())
        if tag(element) == "?title" and len(title) >= 6 and title in text[:500]:
            return title
    return None


def _notes(walk: Body, has_macros: bool) -> list[str]:
    seen = walk.seen
    said = [
        (seen["revisions"], "文档里的{}处修订按接受处理"),
        (seen["comments"], "文档里的{}条批注没有读入"),
        (seen["hidden"], "文档里的{}处隐藏文字没有读入"),
        (seen["struck"], "文档里划去的{}处文字没有读入"),
        (seen["pictures"], "文档里有{}张图片，其中的文字没有读入"),
        (walk.chunks, "文档里嵌入的{}个文件没有读入"),
        (int(has_macros), "文档带有宏，没有运行"),
    ]
    return [words.format(count) for count, words in said if count]
