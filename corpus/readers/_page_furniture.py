"""Furniture of pages: page numbers, and heads and feet that pages repeat. It is no part of a report's text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from statistics import median

from corpus.readers._page_rows import Row
from corpus.readers._page_sheets import Sheet

_ZONE = 0.13
"""Share of the page's height at either end in which furniture stands."""
_DEEPEST = 3
_TOLD = 3
_ALIKE = 0.012
"""Share of the page's height by which repeated rows may differ in place."""
_NUMBER = r"(?:\d{1,5}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]{1,4}|[ivxIVX]{1,6}|[一二三四五六七八九十]{1,4})"
_DASH = r"[-—–－―─~～·•|]"
_MARKED = re.compile(
    rf"\s*(?:{_DASH}+\s*{_NUMBER}\s*{_DASH}+|第\s*{_NUMBER}\s*页(?:\s*[,，/]?\s*[(（]?共\s*{_NUMBER}\s*页[)）]?)?|"
    rf"{_NUMBER}\s*/\s*{_NUMBER}|[Pp]age\s*\d+(?:\s*of\s*\d+)?)\s*"
)
_BARE = re.compile(r"\s*(\d{1,5})\s*")
_DIGITS = re.compile(r"\d+")
_KEPT = re.compile(r"单\s*位\s*[:：]|^\s*[续附]?\s*表")
"""A unit or a table's title is content on every page that repeats it."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Rows that are left out, and one note that says which."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def furniture_of(sheets: list[Sheet]) -> Furniture:
    """Find page numbers and repeated rows at the ends of pages."""
    ends = [_ends(sheet) for sheet in sheets]
    size = median([r.size for s in sheets for r in s.rows()] or [0.0])
    found: dict[int, Row] = {}
    offset = _numbering(sheets, ends)
    for sheet, rows in zip(sheets, ends, strict=True):
        for row in rows:
            bare = _BARE.fullmatch(row.text)
            if _MARKED.fullmatch(row.text) or (bare and offset == int(bare[1]) - sheet.number):
                found[id(row)] = row
    if sheets:
        found |= {id(row): row for row in ends[0] if _announces(row, sheets[0].rows())}
    repeated: dict[str, str] = {}
    for index, (sheet, rows) in enumerate(zip(sheets, ends, strict=True)):
        window = range(max(0, index - 2), min(len(sheets), index + 3))
        near = [(sheets[i], ends[i]) for i in window if i != index]
        alike: list[Row] = []
        for row in rows:
            if id(row) in found or row.size > 1.1 * size or _KEPT.search(row.text):
                continue
            if any(_repeats(sheet, row, other, r) for other, others in near for r in others):
                alike.append(row)
        if sheet.has_more_than(found.keys() | {id(row) for row in alike}):
            found |= {id(row): row for row in alike}
            for row in alike:
                repeated.setdefault(_DIGITS.sub("#", row.text), row.text)
    told = "；".join(text[:30] for text in list(repeated.values())[:_TOLD])
    return Furniture(tuple(found.values()), (f"每页重复的页眉、页脚未计入正文：{told}",) if told else ())


def _ends(sheet: Sheet) -> list[Row]:
    """The outermost rows of a page, those in its upper and lower margin."""
    rows = sheet.rows()
    upper = [r for r in rows[:_DEEPEST] if r.box.bottom <= _ZONE * sheet.height]
    lower = [r for r in rows[-_DEEPEST:] if r.box.top >= (1 - _ZONE) * sheet.height and r not in upper]
    return [*upper, *lower]


def _announces(row: Row, rows: list[Row]) -> bool:
    """Whether a row at the page's end says in small what the title below it says in large."""
    wanted = "".join(row.text.split())
    large = [r for r in rows if r.size >= 1.2 * row.size]
    return len(wanted) >= 6 and any(
        "".join("".join(r.text.split()) for r in large[i : i + n]) == wanted
        for i in range(min(len(large), 4))
        for n in (1, 2, 3)
    )


def _numbering(sheets: list[Sheet], ends: list[list[Row]]) -> int | None:
    """What bare numbers at the ends of pages add to the page's own number, where they count pages."""
    offsets: Counter[int] = Counter()
    for sheet, rows in zip(sheets, ends, strict=True):
        offsets.update({int(m[1]) - sheet.number for row in rows if (m := _BARE.fullmatch(row.text))})
    if not offsets:
        return None
    offset, count = max(offsets.items(), key=lambda found: (found[1], -abs(found[0])))
    return offset if count >= 2 or (len(offsets) == 1 and offset == 0) else None


def _repeats(sheet: Sheet, row: Row, other: Sheet, same: Row) -> bool:
    """Whether two pages have one row at one height, but for numbers that count pages."""
    if abs(row.box.top / sheet.height - same.box.top / other.height) > _ALIKE:
        return False
    if _DIGITS.sub("#", row.text) != _DIGITS.sub("#", same.text):
        return False
    mine, theirs = map(int, _DIGITS.findall(row.text)[:9]), map(int, _DIGITS.findall(same.text)[:9])
    return all(a - b in (0, sheet.number - other.number) for a, b in zip(mine, theirs, strict=True))
