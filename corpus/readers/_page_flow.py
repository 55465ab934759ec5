"""Paragraphs: which row goes on in the next one, told by where rows begin and end and not by what they say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers._page_rows import LIST_MARK, Row, Spot

_EDGE = 0.6
"""Sizes of a letter by which rows that begin at one place may differ."""
_SHIFTED = 0.9
"""Sizes of a letter by which a sheet may lie further to one side than the others: less than any indent."""
_DEEPEST = 8
"""Sizes of a letter: what begins further in is a signature or a date."""
_SHORT = 3
"""Sizes of a letter: rows that all end so far before the page's edge are a list, unless they look like prose."""
_FEWEST, _LONG = 5, 16
_SAME_SIZE = 0.12
_LEADING = 1.35
_LATIN = re.compile(r"[A-Za-z]")
_ENDS = re.compile(r"[。！？!?；;：:][”’」』)）]?$")
_NUMBER = re.compile(r"[\d.,]+%?")
_LEADERS = re.compile(r"(?:\.{4,}|…{2,}|·{4,}|(?:\. ){4,})\s*\d{0,4}$")


@dataclass(frozen=True, slots=True)
class Margins:
    """Left and right edge between which the rows of a page or column run, the usual step from row to row and the
    usual size of letters; ``is_spaced`` where paragraphs are parted by room and not by indents, ``is_guessed`` where
    so few rows stand on the only page that the right edge is not sure."""

    left: float
    right: float
    step: float
    size: float
    is_spaced: bool = False
    is_guessed: bool = False


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

    def goes_on_in(self, row: Row, margins: Margins) -> bool:
        """Whether ``row``, the next of this page or the first of the next one, belongs to this paragraph."""
        size = self.size
        if _is_entry(self.last) or _is_entry(row):
            return False
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
        start = row.box.left - margins.left
        room = self.margins.right - self.last.box.right
        is_at_margin = abs(start) <= _EDGE * size
        if not is_at_margin and self._is_centred() and _is_centred(row, margins):
            whole = self.margins.right - self.margins.left - (self.last.box.right - self.last.box.left)
            return self.count == 1 and self._has_no_room(row, whole)
        if not self._has_no_room(row, room):
            return False
        if self.count > 1:
            expected = self.last.box.left - self.margins.left
            return abs(start - expected) <= _EDGE * size and not self._begins_anew(row, start)
        if is_at_margin:
            return not self._begins_anew(row, start)
        if self.hanging is not None and abs(start - self.hanging) <= _EDGE * size:
            return True
        is_first_of_many = abs(self.begins - 2 * size) <= 0.4 * size  # how every paragraph begins
        is_block = not is_first_of_many and self.begins <= _DEEPEST * size
        is_block = is_block and abs(start - self.begins) <= _EDGE * size
        return is_block and not self._begins_anew(row, start)

    def take(self, row: Row, margins: Margins) -> None:
        """Add a row, with a blank where words meet and none where Chinese does."""
        blank = _blank_between(self.text, row.text)
        start = len(self.text) + len(blank)
        self.text += blank + row.text
        self.spots += [Spot(s.start + start, s.end + start, s.page, s.box, s.confidence) for s in row.spots]
        self.last, self.margins = row, margins
        self.count += 1

    def replace(self, end: int, written: str) -> None:
        """Write ``written`` in place of the first ``end`` characters; it stands where they stood."""
        self.text = written + self.text[end:]
        more = len(written) - end
        self.spots = [
            Spot(max(0, s.start + more) if s.start else 0, s.end + more, s.page, s.box, s.confidence)
            for s in self.spots
            if s.end > end
        ]

    def _has_no_room(self, row: Row, room: float) -> bool:
        """Whether the first piece of the next row would not have fitted into ``room`` on the last one."""
        return row.head > room - 0.35 * self.size

    def _is_centred(self) -> bool:
        """Whether its row stands in the middle, or is a title as wide as the page."""
        is_title = self.size > 1.1 * self.margins.size and self.begins <= _EDGE * self.size
        return is_title or _is_centred(self.last, self.margins)

    def _begins_anew(self, row: Row, start: float) -> bool:
        """Where rows all begin at one edge, a sentence's end before a list mark or a row with room parts them."""
        if not _ENDS.search(self.text):
            return False
        if self.margins.is_guessed:
            return True
        room = self.margins.right - self.last.box.right
        is_indented = self.begins > _EDGE * self.size >= start
        return (
            bool(LIST_MARK.match(row.text))
            or (not is_indented and not self.margins.is_spaced and room > 1.05 * self.size)
            or (start > _EDGE * self.size and abs(start - self.begins) <= _EDGE * self.size)
        )


def begin(row: Row, margins: Margins) -> Paragraph:
    """A paragraph whose first row is ``row``."""
    begins = row.box.left - margins.left
    hanging = None if row.hanging is None else row.hanging - margins.left
    return Paragraph(row.text, list(row.spots), row, margins, begins, row.size, hanging=hanging)


def margins_of(rows: Sequence[Row], limit: float, fallback: Margins | None = None) -> Margins | None:
    """The edges that rows keep to; those of ``fallback`` where there are too few rows to tell.

    ``limit`` is how far text could reach: rows that all end well before it are short, not full.
    """
    if not rows:
        return fallback
    size = median(r.size for r in rows)
    body = [r for r in rows if abs(r.size - size) <= 0.25 * size] or list(rows)
    steps = Counter[float](
        round((b.box.bottom - a.box.bottom) / size, 1)
        for a, b in pairwise(rows)
        if a.page == b.page and 0.8 * size < b.box.bottom - a.box.bottom < 4 * size
    )
    usual = [s for s, count in steps.items() if count >= max(2, steps.total() // 7)] or list(steps)
    step = size * min(usual) if usual else 2 * size
    if fallback and (not usual or abs(fallback.size - size) <= _SAME_SIZE * size):
        step = min(step, fallback.step) if usual else fallback.step
    wider = sum(count for found, count in steps.items() if found * size > _LEADING * step)
    left = _left(body, size, fallback)
    indented = sum(r.box.left > left + _EDGE * size for r in body)
    is_spaced = wider > 1 and wider > indented
    right = _right(body, size, limit, fallback)
    is_guessed = sum(r.box.right >= right - 1.2 * size for r in body) < 2 and indented in (0, len(body))
    return Margins(
        left, right, step, size, is_spaced, is_guessed and (fallback is None or fallback.is_guessed)
    )


def _left(rows: Sequence[Row], size: float, fallback: Margins | None) -> float:
    """The leftmost edge that several rows keep, or that one keeps from which the others are indented."""
    outermost = min(r.box.left for r in rows)
    kept = _edge([r.box.left for r in rows], 0.5 * size)
    indent = (outermost if kept is None else kept) - outermost
    if fallback and kept is not None and abs(kept - fallback.left) <= _SHIFTED * size:
        return kept
    if fallback and any(abs(r.box.left - fallback.left) <= 0.5 * size for r in rows):
        return min(fallback.left, outermost if kept is None else kept)
    if kept is None:
        return min(fallback.left, outermost) if fallback else outermost
    return outermost if abs(indent - 2 * size) <= 0.4 * size else kept


def _right(rows: Sequence[Row], size: float, limit: float, fallback: Margins | None) -> float:
    """The rightmost edge; one row alone sets it only where the document's other pages do not contradict."""
    outermost = max(r.box.right for r in rows)
    kept = _edge([-r.box.right for r in rows], 1.2 * size)
    right = outermost
    if fallback and kept is None:
        right = max(fallback.right, outermost)
    elif fallback and kept is not None:
        is_same = abs(-kept - fallback.right) <= 1.2 * size
        right = -kept if is_same else max(-kept, min(outermost, fallback.right))
    if right >= limit - _SHORT * size:
        return right
    full = [r for r in rows if r.box.right >= right - 1.2 * size]
    is_narrow = len(full) >= max(_FEWEST, len(rows) // 2) and min(len(r.text) for r in full) >= _LONG
    return right if is_narrow else limit


def _edge(edges: list[float], near: float) -> float | None:
    """The outermost edge that more than a stray row keeps."""
    ordered = sorted(edges)
    least = max(2, len(ordered) // 8)
    for index, edge in enumerate(ordered):
        if index + least <= len(ordered) and ordered[index + least - 1] - edge <= near:
            return edge
    return None


def _is_entry(row: Row) -> bool:
    """Whether a row ends in a number that stands apart: an entry of a list or of the contents."""
    return len(row.pieces) > 1 and bool(_NUMBER.fullmatch(row.text[row.pieces[-1][0] :].strip()))


def _is_centred(row: Row, margins: Margins) -> bool:
    before, after = row.box.left - margins.left, margins.right - row.box.right
    is_indented = abs(before - 2 * row.size) <= 0.4 * row.size and row.size <= 1.1 * margins.size
    return abs(before - after) <= 0.7 * row.size and before > 0.9 * row.size and not is_indented


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
