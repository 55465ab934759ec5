"""Columns: where a page is set in two, the left one is read before the right one.

Only text that fills both sides is taken for columns: rows of a table without lines also leave a gutter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.readers._page_rows import lines_at
from corpus.readers._page_types import Box, Run

_GUTTER = 1.2
"""Least width of a gutter, in sizes of a letter."""
_FEWEST = 4
"""Rows that must stand on both sides of a gutter."""
_FILLED = 0.7


@dataclass(frozen=True, slots=True)
class Part:
    """Runs that are read together, and the area that they are read in."""

    runs: Sequence[Run]
    area: Box


@dataclass(frozen=True, slots=True)
class _Line:
    top: float
    bottom: float
    words: tuple[tuple[float, float], ...]
    letters: int
    figures: int


def columns_of(runs: Sequence[Run], width: float, tables: Sequence[Box]) -> list[Part]:
    """Parts of a page in reading order; ``tables`` stand in the way of a gutter as any text does."""
    whole = Box(float("-inf"), float("-inf"), float("inf"), float("inf"))
    if len(runs) < 100:
        return [Part(runs, whole)]
    size = median(r.size for r in runs)
    lines = [_line(found, size) for found in lines_at(runs)]
    lines += [_Line(t.top, t.bottom, ((t.left, t.right),), 0, 0) for t in tables]
    lines.sort(key=lambda line: line.top)
    gutter = _gutter(lines, width, size)
    if gutter is None:
        return [Part(runs, whole)]
    parts: list[Part] = []
    above = float("-inf")
    for top, bottom in _bands(lines, gutter):
        parts += [
            _part(runs, Box(float("-inf"), above, float("inf"), top)),
            _part(runs, Box(float("-inf"), top, gutter, bottom)),
            _part(runs, Box(gutter, top, float("inf"), bottom)),
        ]
        above = bottom
    parts.append(_part(runs, Box(float("-inf"), above, float("inf"), float("inf"))))
    return parts


def _part(runs: Sequence[Run], area: Box) -> Part:
    return Part([r for r in runs if holds(area, (r.left + r.right) / 2, (r.top + r.bottom) / 2)], area)


def holds(area: Box, x: float, y: float) -> bool:
    """Whether a point lies in an area; its left and upper edges belong to it."""
    return area.left <= x < area.right and area.top <= y < area.bottom


def _line(runs: Sequence[Run], size: float) -> _Line:
    words: list[list[float]] = []
    for run in sorted(runs, key=lambda r: r.left):
        if not run.text.strip():
            continue
        if words and run.left - words[-1][1] < 0.8 * size:
            words[-1][1] = max(words[-1][1], run.right)
        else:
            words.append([run.left, run.right])
    text = "".join(r.text for r in runs)
    return _Line(
        min(r.top for r in runs),
        max(r.bottom for r in runs),
        tuple((a, b) for a, b in words),
        len(text),
        sum(c.isdigit() or c in ".,%" for c in text),
    )


def _gutter(lines: Sequence[_Line], width: float, size: float) -> float | None:
    """The middle of the gap that most lines share, between three and seven tenths of the page."""
    votes: Counter[int] = Counter()
    step = max(size / 2, 1.0)
    for line in lines:
        for (_, end), (start, _) in pairwise(line.words):
            if start - end >= _GUTTER * size:
                votes.update(range(int(end / step) + 1, int(start / step) + 1))
    inner = {at: count for at, count in votes.items() if 0.3 * width <= at * step <= 0.7 * width}
    if not inner or max(inner.values()) < _FEWEST:
        return None
    most = max(inner.values())
    best = sorted(at for at, count in inner.items() if count >= 0.9 * most)
    return step * best[len(best) // 2]


def _bands(lines: Sequence[_Line], gutter: float) -> list[tuple[float, float]]:
    """Heights between which no line crosses the gutter and text fills both sides."""
    bands: list[tuple[float, float]] = []
    group: list[_Line] = []
    for line in [*lines, None]:
        if line and not any(a < gutter < b for a, b in line.words):
            group.append(line)
            continue
        if _is_set_in_two(group, gutter):
            bands.append((min(x.top for x in group) - 0.01, max(x.bottom for x in group) + 0.01))
        group = []
    return bands


def _is_set_in_two(group: Sequence[_Line], gutter: float) -> bool:
    left = [[w for w in line.words if w[1] <= gutter] for line in group]
    right = [[w for w in line.words if w[0] >= gutter] for line in group]
    both = [(a, b) for a, b in zip(left, right, strict=True) if a and b]
    if len(both) < _FEWEST or 3 * sum(x.figures for x in group) > sum(x.letters for x in group):
        return False
    for side in (left, right):
        words = [w for found in side for w in found]
        edge = max(b for _, b in words) - min(a for a, _ in words)
        full = sum(sum(b - a for a, b in found) >= _FILLED * edge for found in side if found)
        if 2 * full < sum(bool(found) for found in side):
            return False
    return True
