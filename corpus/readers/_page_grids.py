"""Ruled tables of a page: ruling lines become a grid, the grid's open edges merged cells, its runs the cells' text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.readers._page_types import Box, Run

_MOST_RULES = 20_000
_MOST_LINES = 400
"""Columns or rows of a grid; more is a drawing, not a table."""
_COVERED = 0.6


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of a table: its place in the grid, how many columns and rows it covers, and the runs in it."""

    row: int
    column: int
    across: int
    down: int
    box: Box
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table; ``columns`` are the edges of its columns from left to right."""

    box: Box
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[GridCell, ...]


@dataclass(slots=True)
class Stroke:
    """A ruling line: at ``at`` across its direction, from ``start`` to ``end`` along it."""

    at: float
    start: float
    end: float


def grids_of(rules: Sequence[Box], runs: Sequence[Run], width: float) -> tuple[list[Grid], list[Run]]:
    """Find the tables of a page and the runs that stand in none; ``width`` is the page's."""
    near = width / 200
    level, upright = _strokes(rules[:_MOST_RULES], near)
    grids: list[Grid] = []
    left = list(runs)
    for across, down in _groups(level, upright, near):
        xs = _snapped([s.at for s in down] + [e for s in across for e in (s.start, s.end)], 2 * near)
        ys = _snapped([s.at for s in across] + [e for s in down for e in (s.start, s.end)], 2 * near)
        if (len(xs) < 3 and len(ys) < 3) or len(xs) < 2 or len(ys) < 2 or max(len(xs), len(ys)) > _MOST_LINES:
            continue
        box = Box(xs[0], ys[0], xs[-1], ys[-1])
        inside = [r for r in left if _holds(box, r)]
        found = _cells(xs, ys, across, down, inside, near)
        if sum(bool(c.runs) for c in found) < 2:
            continue
        taken = {id(r) for c in found for r in c.runs}
        left = [r for r in left if id(r) not in taken]
        grids.append(Grid(box, tuple(xs), tuple(ys), tuple(found)))
    return grids, left


def _strokes(rules: Iterable[Box], near: float) -> tuple[list[Stroke], list[Stroke]]:
    """Ruling lines, level and upright, with the pieces of one line joined."""
    level, upright = list[Stroke](), list[Stroke]()
    for rule in rules:
        wide, high = rule.right - rule.left, rule.bottom - rule.top
        if high <= near * 1.5 and wide > high:
            level.append(Stroke((rule.top + rule.bottom) / 2, rule.left, rule.right))
        elif wide <= near * 1.5 and high > wide:
            upright.append(Stroke((rule.left + rule.right) / 2, rule.top, rule.bottom))
    return _joined(level, near), _joined(upright, near)


def _joined(strokes: list[Stroke], near: float) -> list[Stroke]:
    """Pieces at one height that touch are one line; what stays too short for a cell's edge is dropped."""
    strokes.sort(key=lambda s: s.at)
    bands: list[list[Stroke]] = []
    for stroke in strokes:
        if bands and stroke.at - bands[-1][0].at <= near * 0.7:
            bands[-1].append(stroke)
        else:
            bands.append([stroke])
    joined: list[Stroke] = []
    for band in bands:
        band.sort(key=lambda s: s.start)
        at = sum(s.at for s in band) / len(band)
        last: Stroke | None = None
        for stroke in band:
            if last and stroke.start - last.end <= near:
                last.end = max(last.end, stroke.end)
            else:
                last = Stroke(at, stroke.start, stroke.end)
                joined.append(last)
    return [s for s in joined if s.end - s.start >= 2 * near]


def _groups(
    level: list[Stroke], upright: list[Stroke], near: float
) -> list[tuple[list[Stroke], list[Stroke]]]:
    """Lines that meet, directly or through others, from the top of the page downwards."""
    leader = list(range(len(level) + len(upright)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    heights = [s.at for s in level]
    for offset, bar in enumerate(upright, len(level)):
        first, last = bisect_left(heights, bar.start - near), bisect_right(heights, bar.end + near)
        for index in range(first, last):
            if level[index].start - near <= bar.at <= level[index].end + near:
                leader[lead(index)] = lead(offset)
    groups: dict[int, tuple[list[Stroke], list[Stroke]]] = {}
    for index, stroke in enumerate(level + upright):
        groups.setdefault(lead(index), ([], []))[index >= len(level)].append(stroke)
    met = [g for g in groups.values() if len(g[0]) >= 2 and g[1]]
    return sorted(met, key=lambda g: min(s.at for s in g[0]))


def ladders(rules: Sequence[Box], width: float) -> list[list[Stroke]]:
    """Level lines of one length below each other that no upright line meets, three at least."""
    near = width / 200
    level, upright = _strokes(rules[:_MOST_RULES], near)
    free = [
        s
        for s in level
        if s.end - s.start >= width / 4
        and not any(
            u.start - near <= s.at <= u.end + near and s.start - near <= u.at <= s.end + near for u in upright
        )
    ]
    found: list[list[Stroke]] = []
    for stroke in sorted(free[:_MOST_LINES], key=lambda s: s.at):
        alike = [
            g for g in found if abs(g[0].start - stroke.start) <= near and abs(g[0].end - stroke.end) <= near
        ]
        if alike:
            alike[-1].append(stroke)
        else:
            found.append([stroke])
    return [g for g in found if len(g) >= 3]


def _snapped(edges: list[float], near: float) -> list[float]:
    """Edges that lie close together are one."""
    clusters: list[list[float]] = []
    for edge in sorted(edges):
        if clusters and edge - clusters[-1][-1] <= near and edge - clusters[-1][0] <= 2 * near:
            clusters[-1].append(edge)
        else:
            clusters.append([edge])
    return [sum(c) / len(c) for c in clusters]


def _holds(box: Box, run: Run) -> bool:
    x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def _cells(
    xs: list[float], ys: list[float], across: list[Stroke], down: list[Stroke], runs: list[Run], near: float
) -> list[GridCell]:
    wide, high = len(xs) - 1, len(ys) - 1
    walls = _edges(xs, ys, down, near)  # [x][row]: a line between column x-1 and x
    floors = _edges(ys, xs, across, near)  # [y][column]: a line between row y-1 and y
    owner: dict[tuple[int, int], int] = {}
    spans: list[tuple[int, int, int, int]] = []
    for row in range(high):
        for column in range(wide):
            if (row, column) in owner:
                continue
            right = column + 1
            while right < wide and not walls[right][row] and (row, right) not in owner:
                right += 1
            below = row + 1
            while (
                below < high
                and not any(floors[below][c] for c in range(column, right))
                and not any(walls[c][below] for c in range(column + 1, right))
                and not any((below, c) in owner for c in range(column, right))
            ):
                below += 1
            for r in range(row, below):
                for c in range(column, right):
                    owner[r, c] = len(spans)
            spans.append((row, column, below, right))
    held: list[list[Run]] = [[] for _ in spans]
    for run in runs:
        x, y = (run.left + run.right) / 2, (run.top + run.bottom) / 2
        row = min(max(bisect_right(ys, y) - 1, 0), high - 1)
        column = min(max(bisect_right(xs, x) - 1, 0), wide - 1)
        held[owner[row, column]].append(run)
    return [
        GridCell(
            row,
            column,
            right - column,
            below - row,
            Box(xs[column], ys[row], xs[right], ys[below]),
            tuple(inside),
        )
        for (row, column, below, right), inside in zip(spans, held, strict=True)
    ]


def _edges(ats: list[float], along: list[float], strokes: list[Stroke], near: float) -> list[list[bool]]:
    """For every line of the grid and every step along it, whether a stroke covers most of that step."""
    covered = [[0.0] * (len(along) - 1) for _ in ats]
    for stroke in strokes:
        index = min(range(len(ats)), key=lambda i: abs(ats[i] - stroke.at))
        if abs(ats[index] - stroke.at) > 2 * near:
            continue
        for step in range(max(0, bisect_right(along, stroke.start) - 1), len(along) - 1):
            if along[step] >= stroke.end:
                break
            covered[index][step] += min(stroke.end, along[step + 1]) - max(stroke.start, along[step])
    return [[part >= _COVERED * (along[i + 1] - along[i]) for i, part in enumerate(line)] for line in covered]
