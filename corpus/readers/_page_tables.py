"""Tables of pages as the lines that tables of web pages give, each cell with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from corpus.readers._page_flow import Margins, Paragraph, begin
from corpus.readers._page_grids import Grid, GridCell
from corpus.readers._page_rows import Row, Spot, rows_of
from corpus.readers._page_types import Box
from corpus.readers._tables import SEPARATOR, Line, Table

_FIGURE = re.compile(r"[\d.,，%％‰\-—–/\s()（）]*")
_ROOM = 2.2
"""Sizes of a letter between a full line and the edges of its cell."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a cell, paragraph by paragraph, and how many columns and rows it covers; ``is_full`` where its last line
    has no room left, so that it may go on on the next page."""

    lines: tuple[tuple[str, tuple[Spot, ...]], ...]
    across: int
    down: int
    page: int
    box: Box
    is_full: bool = False

    @property
    def text(self) -> str:
        return " ".join(text.strip() for text, _ in self.lines)

    @property
    def spots(self) -> list[Spot]:
        spots, position = list[Spot](), 0
        for text, own in self.lines:
            lead = len(text) - len(text.lstrip())
            spots += [Spot(s.start + position - lead, s.end + position - lead, *_rest(s)) for s in own]
            position += len(text.strip()) + 1
        return spots


@dataclass(slots=True)
class TableBlock:
    """A table as it stands on one or more pages; ``columns`` are the edges of its columns in shares of the page."""

    page: int
    box: Box
    columns: tuple[float, ...]
    rows: list[list[Cell]]

    def is_continued_by(self, other: TableBlock) -> bool:
        """Whether ``other``, first on the next page, has the same columns."""
        return (
            other.page == self.page + 1
            and len(self.columns) == len(other.columns)
            and all(abs(a - b) <= 0.012 for a, b in zip(self.columns, other.columns, strict=True))
        )

    def take(self, other: TableBlock) -> None:
        """Add the rows of a continuation without the head that it repeats."""
        repeated = 0
        for mine, theirs in zip(self.rows, other.rows, strict=False):
            if [(c.text, c.across) for c in mine] != [(c.text, c.across) for c in theirs]:
                break
            repeated += 1
        rest = other.rows[repeated:]
        if rest and self.rows and _goes_on(self.rows[-1], rest[0]):
            self.rows[-1] = [_and(mine, theirs) for mine, theirs in zip(self.rows[-1], rest[0], strict=True)]
            rest = rest[1:]
        self.rows += rest
        self.page, self.box = other.page, other.box

    def lines(self) -> list[tuple[str, list[Spot]]]:
        """Rows as lines of text with the places of their cells."""
        wide = len(self.columns) - 1
        if wide < 2:
            return [(text, list(spots)) for row in self.rows for cell in row for text, spots in cell.lines]
        found: list[tuple[str, list[Spot]]] = []
        for texts, owners in self._filled(wide):
            spots, position = list[Spot](), 0
            for text, owner in zip(texts, owners, strict=False):
                if owner and text:
                    spots += _placed(owner, text, position)
                position += len(text) + len(SEPARATOR)
            if any(text.strip() for text in texts):
                found.append(((SEPARATOR.join(texts) if len(texts) > 1 else texts[0]), spots))
        return found

    def _filled(self, wide: int) -> list[tuple[list[str], list[Cell | None]]]:
        table = Table()
        grid: list[list[Cell | None]] = []
        hanging: dict[int, tuple[int, Cell]] = {}
        for row in self.rows:
            table.add_row()
            owners: list[Cell | None] = [None] * wide
            for column, (_, cell) in hanging.items():
                owners[column] = cell
            hanging = {column: (left - 1, cell) for column, (left, cell) in hanging.items() if left > 1}
            column = 0
            for cell in row:
                table.add_cell([Line(text) for text, _ in cell.lines], (str(cell.across), str(cell.down)))
                while column < wide and owners[column] is not None:
                    column += 1
                for index in range(column, min(column + cell.across, wide)):
                    owners[index] = cell
                    if cell.down > 1:
                        hanging[index] = (cell.down - 1, cell)
                column += cell.across
            grid.append(owners)
        return list(zip(table.grid(), grid, strict=True))


def table_of(grid: Grid, page: int, width: float) -> TableBlock:
    """Read the cells of a ruled grid."""
    inner = len(grid.rows) - 1
    rows: list[list[Cell]] = []
    by_row: list[list[GridCell]] = [[] for _ in range(inner)]
    for cell in grid.cells:
        by_row[cell.row].append(cell)
    reach = 0  # rows below that a cell from above still covers
    for index, cells in enumerate(by_row):
        stands_alone = reach <= index and all(c.down == 1 for c in cells)
        reach = max([reach, *(c.row + c.down for c in cells)])
        for part in _parts(cells) if stands_alone else [cells]:
            rows.append([_cell(c, page) for c in part])
    return TableBlock(page, grid.box, tuple(x / width for x in grid.columns), rows)


def _parts(cells: Sequence[GridCell]) -> list[list[GridCell]]:
    """The rows that one ruled row holds where a table has no lines between its rows: as many as its figures have."""
    stacks = [rows_of(c.runs, 0) for c in cells]
    figures = [s for s in stacks if len(s) > 1 and all(_FIGURE.fullmatch(r.text) for r in s)]
    if not figures or len({len(s) for s in figures}) > 1 or len(cells) < 2:
        return [list(cells)]
    lines = [median(s[i].box.bottom for s in figures) for i in range(len(figures[0]))]
    if any(abs(s[i].box.bottom - at) > 0.5 * s[i].size for s in figures for i, at in enumerate(lines)):
        return [list(cells)]
    parts: list[list[GridCell]] = []
    for index, at in enumerate(lines):
        part = []
        for cell in cells:
            runs = tuple(
                r
                for r in cell.runs
                if min(range(len(lines)), key=lambda i: abs(lines[i] - r.bottom)) == index
            )
            top = min((r.top for r in runs), default=at)
            bottom = max((r.bottom for r in runs), default=at)
            box = Box(cell.box.left, top, cell.box.right, bottom)
            part.append(GridCell(cell.row, cell.column, cell.across, 1, box, runs))
        parts.append(part)
    return parts


def _cell(cell: GridCell, page: int) -> Cell:
    rows = rows_of(cell.runs, page)
    lines = tuple((p.text, tuple(p.spots)) for p in _wrapped(rows, cell.box))
    room = cell.box.right - cell.box.left - (rows[-1].box.right - rows[-1].box.left) if rows else 0.0
    is_full = len(rows) > 0 and room <= _ROOM * rows[-1].size
    return Cell(lines, cell.across, cell.down, page, cell.box, is_full)


def _goes_on(row: Sequence[Cell], following: Sequence[Cell]) -> bool:
    """Whether a page's first row is the rest of the last one of the page before: it fills up full cells only."""
    pairs = list(zip(row, following, strict=False))
    return (
        len(row) == len(following)
        and all(a.across == b.across and a.down == b.down == 1 for a, b in pairs)
        and any(a.text and not b.text for a, b in pairs)
        and any(b.text for b in following)
        and all(a.is_full and not _FIGURE.fullmatch(b.text) for a, b in pairs if b.text)
    )


def _and(cell: Cell, rest: Cell) -> Cell:
    """A cell with the rest of its text."""
    if not rest.lines:
        return cell
    (text, spots), (more, others) = cell.lines[-1], rest.lines[0]
    moved = tuple(Spot(s.start + len(text), s.end + len(text), *_rest(s)) for s in others)
    lines = (*cell.lines[:-1], (text + more, (*spots, *moved)), *rest.lines[1:])
    return Cell(lines, cell.across, cell.down, cell.page, cell.box, rest.is_full)


def _wrapped(rows: list[Row], box: Box) -> list[Paragraph]:
    """Rows of a cell, joined where the next piece had no room: most cells have one line that was broken."""
    found: list[Paragraph] = []
    for row in rows:
        pad = 0.35 * row.size
        margins = Margins(box.left + pad, box.right - pad, row.size, row.size)
        if found and _is_filled(found[-1].last, row, margins):
            found[-1].take(row, margins)
        else:
            found.append(begin(row, margins))
    return found


def _is_filled(last: Row, following: Row, margins: Margins) -> bool:
    room = margins.right - margins.left - (last.box.right - last.box.left)
    return following.head > room - 0.5 * last.size


def _placed(owner: Cell, text: str, position: int) -> list[Spot]:
    """The places of a cell's text at ``position``: of its characters where their recognition is in doubt."""
    spots = owner.spots
    is_over_pages = any(s.page != owner.page for s in spots)
    if text == owner.text and (is_over_pages or any(s.confidence is not None for s in spots)):
        return [Spot(s.start + position, s.end + position, *_rest(s)) for s in spots]
    sure = min((s.confidence for s in spots if s.confidence is not None), default=None)
    return [Spot(position, position + len(text), owner.page, owner.box, sure)]


def _rest(spot: Spot) -> tuple[int, Box, Decimal | None]:
    return spot.page, spot.box, spot.confidence
