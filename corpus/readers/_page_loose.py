"""Tables without ruling lines: rows whose pieces stand in columns, most of them figures.

A table is read only where every row fits the columns; where that is not certain the rows stay lines of text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from corpus.readers._page_columns import holds
from corpus.readers._page_grids import ladders
from corpus.readers._page_rows import LIST_MARK, Row, Spot, rows_of
from corpus.readers._page_tables import Cell, TableBlock
from corpus.readers._page_types import Box, Run

_FIGURE = re.compile(r"[-+−]?[\d,，]+(?:\.\d+)?\s*[%％‰]?|[-—–/]+")
_WHOLE = re.compile(r"\d{1,4}")
_FEWEST = 3
"""Rows with figures that make a table."""
_FEWEST_RULED = 2
"""The same where level lines show that there is one."""
_MOST_LABELS, _LONGEST_LABEL = 3, 25
"""Rows and characters of a piece that a head between two lines has at most."""
_STEP = 3.2
"""Sizes of a letter: rows further apart belong to no one table."""

Item = Row | TableBlock


def with_loose_tables(rows: Sequence[Row], width: float) -> list[Item]:
    """The rows in their order, those that make a table put together as one."""
    items: list[Item] = []
    group: list[Row] = []
    for row in rows:
        is_near = not group or row.box.bottom - group[-1].box.bottom <= _STEP * row.size
        if len(row.pieces) < 2 or not is_near:
            items += _read(group, width)
            group = []
        if len(row.pieces) >= 2:
            group.append(row)
        else:
            items.append(row)
    return [*items, *_read(group, width)]


def ladders_of(
    rules: Sequence[Box], runs: Sequence[Run], page: int, width: float
) -> tuple[list[TableBlock], list[Run]]:
    """Tables that have level lines only, as printed statistics do, and the runs that stand in none."""
    tables: list[TableBlock] = []
    rest = list(runs)
    for strokes in ladders(rules, width):
        left, right = strokes[0].start - width / 200, strokes[0].end + width / 200
        rungs = [stroke.at for stroke in strokes]
        inside = [r for r in rest if holds(Box(left, rungs[0], right, rungs[-1]), *_middle(r))]
        for first, last, rows in _windows(rows_of(inside, page), rungs):
            found = _read(rows, width, _FEWEST_RULED, rungs)
            if len(found) == 1 and isinstance(found[0], TableBlock):
                tables.append(found[0])
                rest = without(rest, [Box(left, rungs[first], right, rungs[last])])
    return tables, rest


def _windows(rows: Sequence[Row], rungs: Sequence[float]) -> list[tuple[int, int, list[Row]]]:
    """Neighbouring rungs that may hold a table's rows (first line, last line, rows): lines also part prose."""
    held: list[list[Row]] = [[] for _ in rungs]
    for row in rows:
        held[bisect_right(rungs, (row.box.top + row.box.bottom) / 2) - 1].append(row)
    windows: list[tuple[int, int, list[Row]]] = []
    start = 0
    for index, inside in enumerate([*held[:-1], []]):
        if index < len(rungs) - 1 and _may_be_tabular(inside):
            continue
        if index > start:
            windows.append((start, index, [row for rung in held[start:index] for row in rung]))
        start = index + 1
    return windows


def _may_be_tabular(rows: Sequence[Row]) -> bool:
    figured = sum(len(r.pieces) > 1 and _figures(r) * 2 >= len(r.pieces) for r in rows)
    is_label = len(rows) <= _MOST_LABELS and all(
        end - start <= _LONGEST_LABEL for r in rows for start, end, _, _ in r.pieces
    )
    return 2 * figured >= len(rows) > 0 or (is_label and bool(rows))


def _middle(run: Run) -> tuple[float, float]:
    return (run.left + run.right) / 2, (run.top + run.bottom) / 2


def without(runs: Sequence[Run], boxes: Sequence[Box]) -> list[Run]:
    """The runs that stand in none of the boxes."""
    return [r for r in runs if not any(holds(b, *_middle(r)) for b in boxes)]


def _read(
    group: list[Row], width: float, fewest: int = _FEWEST, rungs: Sequence[float] | None = None
) -> list[Item]:
    """The group as a table, with what stands above its heads left as rows; as rows where it is none.

    Rows between two of the ``rungs`` with one row of figures among them are one row of the table.
    """
    figured = [r for r in group if len(r.pieces) > 1 and _figures(r) * 2 >= len(r.pieces)]
    if len(figured) < fewest or _is_contents(figured):
        return list(group)
    columns = _columns(figured)
    if len(columns) < 2 or any(len(_placed(r, columns) or ()) != len(r.pieces) for r in figured):
        return list(group)
    if sum(len(r.pieces) == len(columns) for r in figured) * 5 < len(figured) * 4:
        return list(group)
    first = 0 if rungs else group.index(figured[0])
    while first > 0 and _placed(group[first - 1], columns):
        first -= 1
    body = group[first:]
    placed = [_placed(r, columns) for r in body]
    if not all(placed):
        return list(group)
    cells = [_cells(row, where or [], columns) for row, where in zip(body, placed, strict=True)]
    if rungs:
        cells = _by_rung(cells, body, figured, rungs)
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    box = Box(edges[0], body[0].box.top, edges[-1], body[-1].box.bottom)
    table = TableBlock(body[0].page, box, tuple(e / width for e in edges), cells)
    return [*group[:first], table]


def _by_rung(
    cells: list[list[Cell]], rows: Sequence[Row], figured: Sequence[Row], rungs: Sequence[float]
) -> list[list[Cell]]:
    """Join the rows of each rung whose lines are those of one row's cells."""
    joined: list[list[Cell]] = []
    spans: list[list[int]] = []
    for index, row in enumerate(rows):
        rung = bisect_right(rungs, (row.box.top + row.box.bottom) / 2)
        if spans and spans[-1][0] == rung:
            spans[-1].append(index)
        else:
            spans.append([rung, index])
    for _, *indexes in spans:
        with_figures = sum(rows[i] in figured for i in indexes)
        if with_figures > 1 or any(cell.across > 1 for i in indexes for cell in cells[i]):
            joined += [cells[i] for i in indexes]
        else:
            joined.append([_one(column) for column in zip(*(cells[i] for i in indexes), strict=True)])
    return joined


def _one(cells: Sequence[Cell]) -> Cell:
    """Cells one below the other as one, its lines joined as a broken line is."""
    text, spots = "", list[Spot]()
    for cell in cells:
        start = len(text)
        text += cell.text
        spots += [Spot(s.start + start, s.end + start, s.page, s.box, s.confidence) for s in cell.spots]
    boxes = [c.box for c in cells if c.lines] or [cells[0].box]
    box = Box(
        min(b.left for b in boxes),
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
    )
    return Cell(((text, tuple(spots)),) if text else (), 1, 1, cells[0].page, box)


def _figures(row: Row) -> int:
    return sum(bool(_FIGURE.fullmatch(row.text[start:end].strip())) for start, end, _, _ in row.pieces)


def _is_contents(rows: Sequence[Row]) -> bool:
    """Whether the rows are a table of contents: headings with rising page numbers."""
    if any(len(r.pieces) != 2 for r in rows):
        return False
    last = [r.text[r.pieces[1][0] : r.pieces[1][1]].strip() for r in rows]
    if not all(_WHOLE.fullmatch(number) for number in last):
        return False
    pages = [int(number) for number in last]
    marked = sum(bool(LIST_MARK.match(r.text)) for r in rows)
    return pages == sorted(pages) and 2 * marked >= len(rows)


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Where pieces stand: those that overlap from row to row make a column."""
    found: list[list[float]] = []
    for left, right in sorted((piece[2], piece[3]) for row in rows for piece in row.pieces):
        if found and left < found[-1][1]:
            found[-1][1] = max(found[-1][1], right)
        else:
            found.append([left, right])
    return [(left, right) for left, right in found]


def _placed(row: Row, columns: Sequence[tuple[float, float]]) -> list[tuple[int, int]] | None:
    """For each piece of a row the columns (first, last) that it stands over; None if two share one."""
    where: list[tuple[int, int]] = []
    for _, _, left, right in row.pieces:
        touched = [i for i, (a, b) in enumerate(columns) if left < b and a < right]
        if not touched:
            middle = (left + right) / 2
            touched = [min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))]
        if where and touched[0] <= where[-1][1]:
            return None
        where.append((touched[0], touched[-1]))
    return where


def _cells(row: Row, where: Sequence[tuple[int, int]], columns: Sequence[tuple[float, float]]) -> list[Cell]:
    cells: list[Cell] = []
    column = 0
    for (start, end, left, right), (first, last) in zip(row.pieces, where, strict=True):
        cells += [_empty(row, columns[i]) for i in range(column, first)]
        box = Box(left, row.box.top, right, row.box.bottom)
        spots = tuple(
            Spot(
                max(s.start, start) - start,
                min(s.end, end) - start,
                s.page,
                box if len(row.spots) == 1 else s.box,
                s.confidence,
            )
            for s in row.spots
            if s.start < end and start < s.end
        )
        cells.append(Cell(((row.text[start:end], spots),), last - first + 1, 1, row.page, box))
        column = last + 1
    return cells + [_empty(row, columns[i]) for i in range(column, len(columns))]


def _empty(row: Row, column: tuple[float, float]) -> Cell:
    return Cell((), 1, 1, row.page, Box(column[0], row.box.top, column[1], row.box.bottom))
