"""The records of an old workbook (BIFF 5 and 8) that calamine passes over: formats of cells, and what is hidden.

Without its format 0.2352 may be a share of 23.52% or 0.2352 of any unit, so a file whose records cannot be followed
is not read at all.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

_SECTOR_FREE = 0xFFFFFFFA
"""Numbers of sectors from here on mean an end, or nothing."""
_MOST_RECORDS = 2_000_000
_NUMBER, _RK, _FORMULA, _LABEL, _LABEL_SST, _BOOL_ERR, _RSTRING = (
    0x203,
    0x27E,
    0x006,
    0x204,
    0xFD,
    0x205,
    0xD6,
)
_ROW, _COLUMNS, _MANY_RK = 0x208, 0x7D, 0xBD
_FORMAT, _XF, _SHEET, _PASSWORD, _BEGIN, _END = 0x41E, 0xE0, 0x85, 0x2F, 0x809, 0x0A
_CELLS = frozenset((_NUMBER, _RK, _FORMULA, _LABEL, _LABEL_SST, _BOOL_ERR, _RSTRING))


class Encrypted(Exception):
    """The workbook is under a password."""


@dataclass(slots=True)
class Shown:
    """What is seen of a sheet: the format of each filled cell by (row, column) from 0; hidden ones count from 1."""

    is_hidden: bool
    is_table: bool
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read(data: bytes) -> list[Shown]:
    """Return the sheets in their order.

    Raises:
        Encrypted: the workbook is under a password.
        ValueError, IndexError: the file is broken.
    """
    try:
        book = _stream(data)
        return _read(book)
    except struct.error:
        raise ValueError("truncated") from None


def _read(book: bytes) -> list[Shown]:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    formats, of_style = dict(BUILTIN_FORMATS), list[int]()
    sheets: list[tuple[int, int, int]] = []
    version = 0
    for kind, body in _records(book, 0):
        if kind == _BEGIN and not version:
            version = struct.unpack_from("<H", body)[0]
        elif kind == _PASSWORD:
            raise Encrypted
        elif kind == _FORMAT:
            formats[struct.unpack_from("<H", body)[0]] = _format(body, version)
        elif kind == _XF:
            of_style.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _SHEET:
            sheets.append(struct.unpack_from("<IBB", body))
    if version not in (0x500, 0x600) or not sheets:
        raise ValueError("no workbook")
    styles = [formats.get(number, "General") for number in of_style]
    return [_shown(book, at, state & 3 != 0, kind == 0, styles) for at, state, kind in sheets[:1000]]


def _shown(book: bytes, at: int, is_hidden: bool, is_table: bool, styles: list[str]) -> Shown:
    sheet = Shown(is_hidden, is_table)
    rows, columns = set[int](), set[int]()
    for kind, body in _records(book, at) if is_table else ():
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", body)
            sheet.formats[row, column] = styles[style]
            if (kind == _BOOL_ERR and body[7]) or (
                kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2
            ):
                sheet.errors.add((row, column))
        elif kind == _MANY_RK:
            row, first = struct.unpack_from("<HH", body)
            for place in range((len(body) - 6) // 6):
                (style,) = struct.unpack_from("<H", body, 4 + 6 * place)
                sheet.formats[row, first + place] = styles[style]
        elif kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", body)
            if flags & 0x20:
                rows.add(row + 1)
        elif kind == _COLUMNS:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & 1:
                columns.update(range(first + 1, min(last, 1023) + 2))
    sheet.hidden_rows, sheet.hidden_columns = frozenset(rows), frozenset(columns)
    return sheet


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records from ``at`` to the end of that part; those of charts within it are left out."""
    depth = 0
    for _ in range(_MOST_RECORDS):
        kind, length = struct.unpack_from("<HH", book, at)
        body = book[at + 4 : at + 4 + length]
        if kind == _BEGIN:
            depth += 1
        if depth == 0:
            raise ValueError("no part begins here")
        if depth == 1:
            yield kind, body
        if kind == _END:
            depth -= 1
            if depth == 0:
                return
        at += 4 + length
    raise ValueError("no end")


def _format(body: bytes, version: int) -> str:
    if version == 0x500:
        return body[3 : 3 + body[2]].decode("gb18030", "replace")
    count, flags = struct.unpack_from("<HB", body, 2)
    if flags & 1:
        return body[5 : 5 + 2 * count].decode("utf-16-le", "replace")
    return body[5 : 5 + count].decode("latin-1")


def _stream(data: bytes) -> bytes:
    """Return the stream of the workbook out of an OLE file."""
    size, small = (1 << struct.unpack_from("<H", data, at)[0] for at in (30, 32) if data[at] < 16)
    first_folder, cutoff, first_small = struct.unpack_from("<I4xII", data, 48)
    first_map, maps = struct.unpack_from("<II", data, 68)
    sectors = len(data) // size
    lists = list(struct.unpack_from("<109I", data, 76))
    for _ in range(min(maps, sectors)):
        more = struct.unpack_from(f"<{size // 4}I", data, (first_map + 1) * size)
        lists += more[:-1]
        first_map = more[-1]
    table: list[int] = []
    for sector in lists:
        if sector < _SECTOR_FREE:
            table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)

    def chain(at: int, links: list[int], source: bytes, unit: int, skip: int) -> bytes:
        parts = []
        while at < _SECTOR_FREE:
            parts.append(source[(at + skip) * unit : (at + skip + 1) * unit])
            at = links[at]
            if len(parts) > sectors * (size // unit):
                raise ValueError("a chain without end")
        return b"".join(parts)

    folder = chain(first_folder, table, data, size, 1)
    entries: dict[str, tuple[int, int]] = {}
    for at in range(0, len(folder) - 127, 128):
        length = min(struct.unpack_from("<H", folder, at + 64)[0], 64)
        name = folder[at : at + max(length - 2, 0)].decode("utf-16-le", "replace")
        kind = "/" if folder[at + 66] == 5 else name
        entries.setdefault(kind, struct.unpack_from("<II", folder, at + 116))
    start, length = entries.get("Workbook") or entries["Book"]
    if length >= cutoff:
        return chain(start, table, data, size, 1)[:length]
    packed = chain(entries["/"][0], table, data, size, 1)
    links = chain(first_small, table, data, size, 1)
    return chain(start, list(struct.unpack(f"<{len(links) // 4}I", links)), packed, small, 0)[:length]
