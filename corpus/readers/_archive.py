"""Zip archives: their members one by one, in memory and within bounds. Nothing is ever written to disk.

A member is a document of its own. Its name is only shown, never used as a path: one that would lead out of a folder
("../../x", "C:\\x", "/x") is cut to its last part.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from corpus.errors import ReadError
from corpus.readers._office import BROKEN

SUFFIX = ".zip"
MOST_MEMBERS = 5_000
LARGEST_MEMBER = 256 * 1024 * 1024
"""Bytes of one unpacked member."""
LARGEST_WHOLE = 1024 * 1024 * 1024
"""Bytes of all unpacked members together, those of archives within included."""
HIGHEST_RATIO = 300
"""What text packs to at most is about a twentieth, a repetition a thousandth."""
DEPTH = 2
"""An archive within an archive is opened, one within that is not."""

_CHUNK = 1024 * 1024
_SMALL = 4 * 1024 * 1024
"""Bytes up to which a ratio means nothing."""
_OF_PROGRAMS = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$|~\$)", re.I)
_UNICODE_NAME = 0x7075


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive. Where it cannot be had, ``problem`` says why in Chinese and ``data`` is empty."""

    name: str
    data: bytes
    problem: str = ""


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked of one archive, nested ones included."""

    members: int = MOST_MEMBERS
    size: int = LARGEST_WHOLE
    names: Counter[str] = field(default_factory=Counter)


def is_archive(data: bytes) -> bool:
    """Tell whether the content is a zip archive that is no Office document, whatever its suffix."""
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return False
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = set(archive.namelist())
    except BROKEN:
        return False
    return not names & {"[Content_Types].xml", "mimetype", "_rels/.rels"}


def members(data: bytes, source: str = "压缩包") -> Iterator[Member]:
    """Yield the files of an archive in its order; a name that occurs twice gets a number.

    Raises:
        ReadError: the archive itself cannot be opened, or holds nothing. ``source`` is what the line calls it.
    """
    budget, found = _Budget(), False
    for member in _members(data, source, "", 1, budget):
        found = True
        yield member
    if not found:
        raise ReadError(f"{source}：压缩包是空的，没有文件。请换一个文件。")


def _members(data: bytes, source: str, within: str, depth: int, budget: _Budget) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(BytesIO(data))
        infos = archive.infolist()
    except BROKEN:
        if within:
            yield Member(within, b"", "压缩包损坏或不完整，打不开")
            return
        raise ReadError(f"{source}：压缩包损坏或不完整，打不开。请重新压缩成 .zip 后再试。") from None
    with archive:
        for info in infos:
            plain = _plain(_name(info))
            if not plain or info.is_dir() or _OF_PROGRAMS.search(plain):
                continue
            name = _unique(f"{within}/{plain}" if within else plain, budget)
            if budget.members <= 0:
                yield Member(name, b"", f"压缩包里的文件超过 {MOST_MEMBERS} 个，从这个起没有读")
                return
            budget.members -= 1
            got = _unpacked(archive, info, budget)
            if isinstance(got, str):
                yield Member(name, b"", got)
            elif name.lower().endswith(SUFFIX) and is_archive(got):
                if depth < DEPTH:
                    yield from _members(got, source, name, depth + 1, budget)
                else:
                    yield Member(name, b"", f"压缩包套了 {DEPTH} 层以上，里层没有读")
            else:
                yield Member(name, got)


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes | str:
    """Return the content, or why it cannot be had. Declared sizes are not believed."""
    kind = stat.S_IFMT(info.external_attr >> 16) if info.create_system == 3 else 0
    if kind and not stat.S_ISREG(kind):
        return "是链接或设备，不是文件，没有读"
    if info.flag_bits & 1:
        return "加了密码，没有读；请解压后再导入"
    most = min(LARGEST_MEMBER, budget.size, max(_SMALL, HIGHEST_RATIO * max(info.compress_size, 1)))
    parts, size = [], 0
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > most:
                    budget.size -= size
                    return f"解开后过大（超过 {most / 1e6:.0f} MB），没有读"
                parts.append(chunk)
    except NotImplementedError:
        return "压缩方式不支持，没有读；请用普通的 .zip 方式压缩"
    except BROKEN:
        return "在压缩包里已损坏，没有读"
    budget.size -= size
    return b"".join(parts)


def _name(info: zipfile.ZipInfo) -> str:
    """Return the name as its writer meant it: Chinese programs write GBK without saying so."""
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind == _UNICODE_NAME and size > 5:
            return extra[9 : 4 + size].decode("utf-8", "replace")
        extra = extra[4 + size :]
    if info.flag_bits & 0x800:
        return info.orig_filename
    try:
        written = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return written.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _plain(name: str) -> str:
    """Return a name that is fit to be shown, without steps out of the archive."""
    clean = "".join(c if c.isprintable() else " " for c in name.split("\x00")[0])
    parts = [" ".join(part.split()) for part in re.split(r"[/\\]", clean)]
    outside = ".." in parts or clean[:1] in ("/", "\\") or bool(re.match(r"[A-Za-z]:", clean))
    parts = [part[-120:] for part in parts if part not in ("", ".", "..")]
    if outside and parts:
        parts = [re.sub(r"^[A-Za-z]:", "", parts[-1])]
    return "/".join(parts[-8:])


def _unique(name: str, budget: _Budget) -> str:
    budget.names[name] += 1
    count = budget.names[name]
    return name if count == 1 else f"{name}（{count}）"
