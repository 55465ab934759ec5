"""Paragraphs: which row goes on in the next one, told by where rows begin and end and not by what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus.readers._page_rows import Row, Spot

_EDGE = 0.6
"""Sizes of a letter by which rows that begin at one place may differ."""
_DEEPEST = 8
"""Sizes of a letter: what begins further in is a signature or a date."""
_SAME_SIZE = 0.12
_LEADING = 1.35
_LATIN = re.compile(r"[A-Za-z]")
_ENDS = re.compile(r"[。！？!?；;：:][”’」』)）]?$")
_LIST = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]{1,4}[章节条编部]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑳]|[•●■◆▲○□★※►➢]|附(?:件|表|注)?\s*\d*\s*[:：]|注\s*\d*\s*[:：])"
)
_LEADERS = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|(?:\. ){4,})\s*\d{0,4}$")


@dataclass(frozen=True, slots=True)
class Margins:
    """Left and right edge between which the rows of a page or column run, the usual step from row to row and the
    usual size of letters."""

    left: float
    right: float
    step: float
    size: float


@dataclass(slots=True)
class Paragraph:
    """Rows that read as one line; ``begins`` is where its first row begins, seen from the left margin."""

    text: str
    spots: list[Spot]
    last: Row
    margins: Margins
    begins: float
    size: float
    count: int = 1
    hanging: float | None = None
    mark: str = field(default="")

    def goes_on_in(self, row: Row, margins: Margins) -> bool:
        """Whether ``row``, the next of this page or the first of the next one, belongs to this paragraph."""
        size = self.size
        if (
            abs(row.size - size) > _SAME_SIZE * size
            or _LEADERS.search(self.last.text)
            or _LEADERS.search(row.text)
        ):
            return False
        if row.page == self.last.page and margins is self.margins:
            step = row.box.bottom - self.last.box.bottom
            if step <= 0 or step > max(_LEADING * margins.step * max(1.0, size / margins.size), 1.2 * size):
                return False
        if not self._is_full(row):
            return False
        start = row.box.left - margins.left
        is_title = self._is_centred() or size > 1.1 * margins.size
        if is_title and self.count == 1 and start > _EDGE * size:
            return _is_centred(row, margins)
        if self.count > 1:
            expected = self.last.box.left - self.margins.left
            return abs(start - expected) <= _EDGE * size and not self._begins_anew(row, start)
        if (
            self.begins > _EDGE * size
        ):  # an indented first row: the rows after it stand at the margin, or hang
            if start <= _EDGE * size:
                return not (_ENDS.search(self.text) and _LIST.match(row.text))
            if self.hanging is not None and abs(start - self.hanging) <= _EDGE * size:
                return True
            is_block = self.begins <= _DEEPEST * size and abs(start - self.begins) <= _EDGE * size
            return is_block and not self._begins_anew(row, start)
        if abs(start) <= _EDGE * size:
            return not self._begins_anew(row, start)
        return self.hanging is not None and abs(start - self.hanging) <= _EDGE * size

    def take(self, row: Row, margins: Margins) -> None:
        """Add a row, with a blank where words meet and none where Chinese does."""
        blank = _blank_between(self.text, row.text)
        start = len(self.text) + len(blank)
        self.text += blank + row.text
        self.spots += [Spot(s.start + start, s.end + start, s.page, s.box, s.confidence) for s in row.spots]
        self.last, self.margins = row, margins
        self.count += 1

    def _is_full(self, row: Row) -> bool:
        """Whether the first piece of the next row had no room left on the last one."""
        room = self.margins.right - self.last.box.right
        if self._is_centred():
            room = self.margins.right - self.margins.left - (self.last.box.right - self.last.box.left)
        return row.head > room - 0.35 * self.size

    def _is_centred(self) -> bool:
        return _is_centred(self.last, self.margins)

    def _begins_anew(self, row: Row, start: float) -> bool:
        """Where rows all begin at one edge, a sentence's end before a list mark or a row with room parts them."""
        if not _ENDS.search(self.text):
            return False
        room = self.margins.right - self.last.box.right
        is_indented = self.begins > _EDGE * self.size >= start
        return (
            bool(_LIST.match(row.text))
            or (not is_indented and room > 1.05 * self.size)
            or (start > _EDGE * self.size and abs(start - self.begins) <= _EDGE * self.size)
        )


def begin(row: Row, margins: Margins) -> Paragraph:
    """A paragraph whose first row is ``row``."""
    begins = row.box.left - margins.left
    hanging = None
    if marked := _LIST.match(row.text):
        at = next((s for s in row.spots if s.start <= marked.end() < s.end), None)
        if at and at.end > at.start:
            share = (marked.end() - at.start) / (at.end - at.start)
            hanging = at.box.left + share * (at.box.right - at.box.left) - margins.left
    return Paragraph(row.text, list(row.spots), row, margins, begins, row.size, hanging=hanging)


def margins_of(rows: Sequence[Row], fallback: Margins | None = None) -> Margins | None:
    """The edges that rows keep to; those of ``fallback`` where there are too few rows to tell."""
    if not rows:
        return fallback
    size = median(r.size for r in rows)
    body = [r for r in rows if abs(r.size - size) <= 0.25 * size] or list(rows)
    right = _edge([-r.box.right for r in body], 1.2 * size, size)
    left = _edge([r.box.left for r in body], 0.5 * size, size)
    steps = Counter(
        round((b.box.bottom - a.box.bottom) / size, 1)
        for a, b in pairwise(rows)
        if a.page == b.page and 0.8 * size < b.box.bottom - a.box.bottom < 4 * size
    )
    step = (
        size * min(steps, key=lambda s: (-steps[s], s))
        if steps
        else (fallback.step if fallback else 2 * size)
    )
    if right is None or left is None:
        if fallback:
            return Margins(min(fallback.left, min(r.box.left for r in body)), fallback.right, step, size)
        return Margins(min(r.box.left for r in body), max(r.box.right for r in body), step, size)
    return Margins(left, -right, step, size)


def _edge(edges: list[float], near: float, size: float) -> float | None:
    """The outermost edge that more than a stray row keeps."""
    ordered = sorted(edges)
    least = max(2, len(ordered) // 8)
    for index, edge in enumerate(ordered):
        if index + least <= len(ordered) and ordered[index + least - 1] - edge <= near:
            return edge
    return None


def _is_centred(row: Row, margins: Margins) -> bool:
    before, after = row.box.left - margins.left, margins.right - row.box.right
    return abs(before - after) <= 1.2 * row.size and before > 0.9 * row.size


def _blank_between(before: str, after: str) -> str:
    if not before or not after or before[-1] == " " or after[0] == " ":
        return ""
    last, first = before[-1], after[0]
    if last in "-‐" and len(before) > 1 and _LATIN.match(before[-2]):
        return ""
    if _LATIN.match(last) and (_LATIN.match(first) or first.isdigit()):
        return " "
    if _LATIN.match(first) and (last.isdigit() or last in ",.;:)"):
        return " "
    return ""
