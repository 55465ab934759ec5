"""Files become Reports here. A format is one module in this folder with ``NAME``, ``SUFFIXES`` and
``read(data: bytes, source: str) -> RawText``; it may have ``accepts(data: bytes) -> bool``, by which a file
with another suffix is given to it all the same (a web page that was saved as .txt). ``LIGHT = True`` says that it
needs neither a native library nor long, so that a small file is read without a process of its own; ``SECONDS``
(base, per megabyte) how long it may take at most."""

from __future__ import annotations

import importlib
import pkgutil
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path, PurePath

from corpus import boilerplate, identity, sections
from corpus.document_kinds import kind_of
from corpus.errors import ReadError
from corpus.model import Report
from corpus.readers._raw import RawText
from corpus.readers._raw import decode as decode
from corpus.readers._wrapped import unwrap

Reader = Callable[[bytes, str], RawText]

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes. The longest reports are under 200 kB of text; more than this is no report, and is refused unread."""
LIGHT_SIZE = 1024 * 1024
"""Bytes up to which a file of a light format is read without a process of its own."""
SECONDS = (60.0, 60.0)
"""Seconds that reading a file may take, and those that each megabyte may add; a format may have its own."""
LONGEST = 3600.0
LARGEST_TEXT = 2_000_000
"""Characters. Bounds the work on a file that unpacks to more than it weighs."""

_DATA = re.compile(r"\d{1000}")
"""Digits without end are data, on which the patterns for dates and amounts would take hours."""


@dataclass(frozen=True, slots=True)
class Format:
    """One readable format; ``accepts`` looks at the content only, ``light`` needs no process of its own."""

    name: str
    suffixes: tuple[str, ...]
    read: Reader
    accepts: Callable[[bytes], bool]
    largest: int
    light: bool = False
    seconds: tuple[float, float] = SECONDS


@cache
def formats() -> tuple[Format, ...]:
    """Return the formats found in this folder, by name of module."""
    found = []
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda i: i.name):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{__name__}.{info.name}")
            accepts = getattr(module, "accepts", lambda data: False)
            largest = getattr(module, "LARGEST_FILE", LARGEST_FILE)
            light = getattr(module, "LIGHT", False)
            seconds = getattr(module, "SECONDS", SECONDS)
            found.append(Format(module.NAME, module.SUFFIXES, module.read, accepts, largest, light, seconds))
    return tuple(found)


def supported() -> tuple[str, ...]:
    """Return the suffixes that can be taken in, such as ".txt": those of reports and of school tables."""
    return tuple(sorted({suffix for fmt in formats() for suffix in fmt.suffixes}))


def read(path: Path, *, region: str | None = None, year: int | None = None) -> Report:
    """Read the file at ``path``; ``region`` and ``year`` win over what the text says.

    Raises:
        ReadError: one Chinese line that says what is wrong with the file and what to do.
    """
    source = " ".join(str(path).split())
    data = file_bytes(path, largest(path.name))
    if is_light(path.name, data):
        return read_bytes(data, path.name, source, region, year)
    from corpus import isolation

    seconds = patience(path.name, data)
    return isolation.crew().run(source, seconds, read_bytes, data, path.name, source, region, year)


def read_bytes(
    data: bytes, name: str, source: str, region: str | None = None, year: int | None = None
) -> Report:
    """Read the bytes of the file called ``name``, here and now; errors call it ``source``.

    Raises:
        ReadError: as ``read`` does.
    """
    check_size(data, source, largest(name))
    fmt, suffix = format_of(name, data), _suffix(name)
    if fmt is None:
        raise ReadError(
            f"{source}：不支持的文件类型 {suffix or '（没有扩展名）'}。支持：{'、'.join(supported())}。"
        )
    return _report(fmt.read(data, source), source, region, year)


def format_of(name: str, data: bytes) -> Format | None:
    """Return the format that reads a file: that of its content where one can tell, else that of its suffix."""
    by_suffix = _by_suffix(name)
    if by_suffix is not None and by_suffix.accepts(data):
        return by_suffix
    return next((f for f in formats() if f.accepts(data)), by_suffix)


def largest(name: str) -> int:
    """Return how many bytes a file of this name may have."""
    fmt = _by_suffix(name)
    return fmt.largest if fmt else LARGEST_FILE


def is_light(name: str, data: bytes) -> bool:
    """Tell whether a file can be read inside this process: small, and no native or slow library is needed."""
    fmt = format_of(name, data)
    return len(data) <= LIGHT_SIZE and (fmt is None or fmt.light)


def patience(name: str, data: bytes) -> float:
    """Return how many seconds a file may take to be read."""
    fmt = format_of(name, data)
    base, per_megabyte = fmt.seconds if fmt else SECONDS
    return min(base + per_megabyte * len(data) / 1e6, LONGEST)


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _by_suffix(name: str) -> Format | None:
    return next((f for f in formats() if _suffix(name) in f.suffixes), None)


def read_text(text: str, source: str, *, region: str | None = None, year: int | None = None) -> Report:
    """Read a pasted text, kept as it is but for its newlines; lines broken at a width are put together.

    Raises:
        ReadError: the text is empty, too long or no text.
    """
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ReadError(f"{source}：内容里有不是文字的字符。请重新复制后再试。")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _report(RawText(unwrap(plain), "utf-8"), source, region, year)


def file_bytes(path: Path, limit: int = LARGEST_FILE) -> bytes:
    """Return the bytes of the regular file at ``path``; raise ReadError where that cannot be, or it is empty."""
    source = " ".join(str(path).split())
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ReadError(f"{source}：这是文件夹，不是文件。请给出其中的文件。")
        if not stat.S_ISREG(status.st_mode):
            raise ReadError(f"{source}：不是普通文件，不能读。请给出报告文件。")
        if status.st_size > limit:
            raise ReadError(
                f"{source}：文件有 {status.st_size / 1e6:.0f} MB，超过上限 {limit / 1e6:.0f} MB。请拆分后再试。"
            )
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ReadError(f"{source}：找不到这个文件。请检查路径。") from None
    except PermissionError:
        raise ReadError(f"{source}：没有读取权限。请检查文件权限。") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "路径不合法"
        raise ReadError(f"{source}：读不了这个文件（{reason}）。请检查路径和磁盘。") from None
    check_size(data, source, limit)  # it may have grown while it was read
    return data


def check_size(data: bytes, source: str, limit: int) -> None:
    """Raise ReadError where a file is empty or larger than ``limit`` bytes."""
    if len(data) > limit:
        raise ReadError(f"{source}：文件超过上限 {limit / 1e6:.0f} MB。请拆分后再试。")
    if not data.strip():
        raise ReadError(f"{source}：文件是空的，没有可读的文字。请换一个文件。")


def _report(raw: RawText, source: str, region: str | None, year: int | None) -> Report:
    text = raw.text
    if not any(not c.isspace() and c != "\ufeff" for c in text):
        raise ReadError(f"{source}：没有可读的正文（空白，或只有脚本和样式）。请换一个文件。")
    if len(text) > LARGEST_TEXT:
        raise ReadError(f"{source}：正文有 {len(text)} 字，超过上限 {LARGEST_TEXT} 字。请拆分后再试。")
    if _DATA.search(text):
        raise ReadError(f"{source}：正文里有上千位连在一起的数字，不是报告。请换一个文件。")
    furniture = merged(text, (*boilerplate.find(text), *raw.furniture))
    found = identity.identify(
        text, furniture, title=raw.title, published=raw.published, url=raw.url, site=raw.site
    )
    named = identity.name_region(region) if region and region.strip() else (found.region, found.region_path)
    return Report(
        id=sha256(text.encode("utf-8")).hexdigest()[:12],
        text=text,
        title=found.title,
        source=source,
        region=named[0],
        region_path=named[1],
        year=found.year if year is None else year,
        published=found.published,
        url=found.url,
        encoding=raw.encoding,
        sections=sections.find(text, furniture),
        boilerplate=furniture,
        format=raw.format,
        document=kind_of(found.title, text),
        places=raw.places,
        notes=raw.notes,
    )


def merged(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Join spans that overlap or have only blanks between them."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not text[merged[-1][1] : start].strip():
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
