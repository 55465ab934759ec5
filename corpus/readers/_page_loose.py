"""Tables without ruling lines: rows whose pieces stand in columns, most of them figures.

A table is read only where every row fits the columns; where that is not certain the rows stay lines of text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.readers._page_rows import LIST_MARK, Row, Spot
from corpus.readers._page_tables import Cell, TableBlock
from corpus.readers._page_types import Box

_FIGURE = re.compile(r"[-+−]?[\d,，]+(?:\.\d+)?\s*[%％‰]?|[-—–/]+")
_WHOLE = re.compile(r"\d{1,4}")
_FEWEST = 3
"""Rows with figures that make a table."""
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


def _read(group: list[Row], width: float) -> list[Item]:
    """The group as a table, with what stands above its heads left as rows; as rows where it is none."""
    figured = [r for r in group if _figures(r) * 2 >= len(r.pieces)]
    if len(figured) < _FEWEST or _is_contents(figured):
        return list(group)
    columns = _columns(figured)
    if len(columns) < 2 or any(len(_placed(r, columns) or ()) != len(r.pieces) for r in figured):
        return list(group)
    if sum(len(r.pieces) == len(columns) for r in figured) * 5 < len(figured) * 4:
        return list(group)
    first = group.index(figured[0])
    while first > 0 and _placed(group[first - 1], columns):
        first -= 1
    body = group[first:]
    placed = [_placed(r, columns) for r in body]
    if not all(placed):
        return list(group)
    cells = [_cells(row, where or [], columns) for row, where in zip(body, placed, strict=True)]
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    box = Box(edges[0], body[0].box.top, edges[-1], body[-1].box.bottom)
    table = TableBlock(body[0].page, box, tuple(e / width for e in edges), cells)
    return [*group[:first], table]


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
