"""Rows: the runs that stand on one line of a page, and the text that they spell.

Which blanks are words' and which are the typesetter's is told by width: justified or spread Chinese text has gaps
between characters that nobody typed, while a gap between two Latin words, or a wide one, parts what stands there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from statistics import median

from corpus.readers._page_types import Box, Run
from corpus.readers._raised import raised

WORD_GAP = 0.15
"""Least gap, in sizes of the letters, that parts two words or two numbers."""
_TYPED = 0.18
"""The same between Chinese and figures, where a typesetter leaves no room there on its own."""
_SURE_GAP = 0.35
"""The same where the edges of letters were found in a picture."""
WIDE_GAP = 1.6
"""Least gap that parts two pieces of a row, whatever their script: a tab, a column, a signature's place."""
_SMALL = 0.78
_RAISED = 0.22
_OPENING = "“‘(（[［【〔《〈「『{"
_QUOTES = "“”‘’"
_CLOSING = "”’)）]］】〕》〉」』},，.。、;；:：!！?？%％‰…·"
LIST_MARK = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]{1,4}[章节条编部]|[一二三四五六七八九十]{1,3}[、.．]|"
    r"[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、.．)）](?!\d)|[①-⑳]|[•●■◆▲○□★※►➢]|附(?:件|表|注)?\s*\d*\s*[:：]|注\s*\d*\s*[:：])"
)
_NARROW = re.compile(r"[!-~]")


@dataclass(frozen=True, slots=True)
class Spot:
    """Characters ``[start, end)`` of a line's text, where they stand and how sure their recognition is."""

    start: int
    end: int
    page: int
    box: Box
    confidence: Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page. ``head`` is the width of its first unbreakable piece: had it fitted on the line above,
    it would stand there."""

    text: str
    page: int
    box: Box
    size: float
    head: float
    spots: tuple[Spot, ...]
    pieces: tuple[tuple[int, int, float, float], ...] = ()
    """Start and end in the text, left and right edge, of what wide gaps part."""
    hanging: float | None = None
    """Left edge of what follows the mark of a list."""


def is_wide(char: str) -> bool:
    """Whether a character is as wide as it is high: Chinese characters and their punctuation."""
    return (char >= "\u2e80" and not "\uff61" <= char <= "\uffdc") or char in "“”‘’…—·"


def rows_of(runs: Sequence[Run], page: int) -> list[Row]:
    """Sort runs into rows from top to bottom, each from left to right; runs drawn twice count once."""
    lines = lines_at(runs)
    is_apart = _sets_figures_apart(lines)
    return [row for line in lines if (row := _row(line, page, is_apart)) is not None]


def _sets_figures_apart(lines: Iterable[list[Run]]) -> bool:
    """Whether the typesetter leaves room between Chinese and figures wherever they meet; else such room was typed."""
    met = apart = 0
    for line in lines:
        for before, after in pairwise(sorted(line, key=lambda r: r.left)):
            if len(before.text) == len(after.text) == 1 and _is_ideograph(before.text) != _is_ideograph(
                after.text
            ):
                if (before.text + after.text).isalnum():
                    met += 1
                    apart += after.left - before.right >= WORD_GAP * before.size
    return met < 4 or 2 * apart > met


def _is_ideograph(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def lines_at(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs of each line, from top to bottom. Runs that overlap in height by half belong to one line; tall ones found it, small ones (notes) join it."""
    lines: list[tuple[float, float, list[Run]]] = []
    late: list[Run] = []
    ordered = sorted(runs, key=lambda r: (r.top + r.bottom, r.left))
    usual = median(r.size for r in ordered) if ordered else 0.0
    for run in ordered:
        if run.size < _SMALL * usual:
            late.append(run)
            continue
        if lines and _overlap(lines[-1], run) >= 0.5:
            lines[-1][2].append(run)
            continue
        lines.append((run.top, run.bottom, [run]))
    return _with_small(lines, late)


def _with_small(lines: list[tuple[float, float, list[Run]]], small: list[Run]) -> list[list[Run]]:
    """Small runs join the line whose runs they touch (a note's mark, an index), or make lines of their own."""
    own: list[tuple[float, float, list[Run]]] = []
    index = 0
    for run in small:  # in order of height, as the lines are
        while index < len(lines) and lines[index][1] < run.top:
            index += 1
        touched = [
            line
            for top, bottom, line in lines[index : index + 3]
            if _overlap((top, bottom, line), run) >= 0.5 and _is_beside(line, run)
        ]
        if touched:
            touched[0].append(run)
        elif own and _overlap(own[-1], run) >= 0.5:
            own[-1][2].append(run)
        else:
            own.append((run.top, run.bottom, [run]))
    return [line for _, _, line in sorted([*lines, *own], key=lambda found: found[0] + found[1])]


def _is_beside(line: list[Run], run: Run) -> bool:
    reach = 0.6 * max(r.size for r in line)
    return any(r.left - reach <= run.right and run.left <= r.right + reach for r in line)


def _overlap(line: tuple[float, float, list[Run]], run: Run) -> float:
    top, bottom, _ = line
    height = min(bottom - top, run.bottom - run.top)
    return (min(bottom, run.bottom) - max(top, run.top)) / height if height > 0 else 0.0


def _row(runs: list[Run], page: int, is_apart: bool) -> Row | None:
    runs = _once(sorted(runs, key=lambda r: (r.left, r.right)))
    shown = [r for r in runs if r.text.strip()]
    if not shown:
        return None
    sizes = Counter[float]()
    for run in shown:
        sizes[round(run.size, 1)] += len(run.text)
    size = max(sizes, key=lambda s: (sizes[s], s))
    base = median(r.bottom for r in shown if round(r.size, 1) == size)
    spread = _spread(shown, size)
    runs = _with_marks_whole(runs, size, base)
    text, spots, pieces = "", list[Spot](), [list[float]()]
    blank, last = False, None
    for run in runs:
        if not run.text.strip():
            blank = True
            continue
        gap = (run.left - last.right) / size if last else 0.0
        if last and gap >= WIDE_GAP:
            text += " "
            pieces.append([])
        elif last and (blank or _is_parted(last, run, gap, spread, is_apart)):
            text += " "
        written = raised(run.text, text) if _is_raised(run, size, base) else run.text
        start = len(text)
        text += written
        spots.append(
            Spot(start, len(text), page, Box(run.left, run.top, run.right, run.bottom), run.confidence)
        )
        pieces[-1] += [start, len(text), run.left, run.right]
        blank, last = False, run
    box = Box(
        min(r.left for r in shown), min(r.top for r in shown),
        max(r.right for r in shown), max(r.bottom for r in shown),
    )  # fmt: skip
    marked = LIST_MARK.match(text)
    after = next((s.box.left for s in spots if marked and s.start >= marked.end()), None)
    head = _head(text, spots)
    if all(s.confidence is None for s in spots):
        spots = [Spot(0, len(text), page, box, None)]
    return Row(
        text, page, box, size, head, tuple(spots),
        tuple((int(p[0]), int(p[-3]), p[2], max(p[3::4])) for p in pieces if p), after,
    )  # fmt: skip


def _is_raised(run: Run, size: float, base: float) -> bool:
    return run.size <= _SMALL * size and base - run.bottom >= _RAISED * size


def _with_marks_whole(runs: list[Run], size: float, base: float) -> list[Run]:
    """Join raised characters that stand together: the mark of a note may have two figures and brackets."""
    joined: list[Run] = []
    for run in runs:
        last = joined[-1] if joined else None
        if (
            last
            and _is_raised(run, size, base)
            and _is_raised(last, size, base)
            and run.left - last.right < 0.3 * run.size
        ):
            joined[-1] = replace(
                last,
                text=last.text + run.text,
                right=max(last.right, run.right),
                top=min(last.top, run.top),
                bottom=max(last.bottom, run.bottom),
            )
        else:
            joined.append(run)
    return joined


def _once(runs: list[Run]) -> list[Run]:
    """Leave out runs that lie on one of the same text: letters drawn twice to look bold."""
    kept: list[Run] = []
    for run in runs:
        near = 0.3 * (run.right - run.left)
        if not any(
            k.text == run.text and abs(k.left - run.left) <= near and abs(k.top - run.top) <= 0.3 * run.size
            for k in kept[-4:]
        ):
            kept.append(run)
    return kept


def _spread(runs: list[Run], size: float) -> float:
    """The gap that letters of this line have anyway, in sizes: over 0 where a title or a year is spread out."""
    gaps = [
        (b.left - a.right) / size
        for a, b in pairwise(runs)
        if len(a.text) == 1 and len(b.text) == 1 and b.left - a.right < WIDE_GAP * size
    ]
    return max(0.0, sorted(gaps)[len(gaps) // 4]) if len(gaps) >= 4 else 0.0


def _is_parted(last: Run, run: Run, gap: float, spread: float, is_apart: bool) -> bool:
    """Whether a gap without a typed blank stands for one. Many typesetters set Chinese apart from figures without
    being told to (``is_apart``): then only between two of one kind a gap means a blank."""
    before, after = last.text[-1], run.text[0]
    if after in _CLOSING or before in _OPENING:
        return False
    if is_wide(before) != is_wide(after):
        return (
            not is_apart and run.confidence is None and (before + after).isalnum() and gap >= _TYPED + spread
        )
    if is_wide(before):
        return run.confidence is None and gap >= WORD_GAP + 1.5 * spread + 0.05 and before not in _CLOSING
    return gap >= (WORD_GAP if run.confidence is None else _SURE_GAP) + spread


def _head(text: str, spots: list[Spot]) -> float:
    """Width of the first piece that no line may be broken in."""
    length = 1
    while length < len(text):
        before, after = text[length - 1], text[length]
        if after == " ":
            break
        is_bound = (
            after in _CLOSING
            or before in _OPENING
            or after in _QUOTES
            or before in _QUOTES
            or (bool(_NARROW.match(before)) and bool(_NARROW.match(after)))
        )
        if not is_bound:
            break
        length += 1
    last = next((s for s in spots if s.end >= length), spots[-1])
    share = (length - last.start) / (last.end - last.start)
    return last.box.left + share * (last.box.right - last.box.left) - spots[0].box.left
