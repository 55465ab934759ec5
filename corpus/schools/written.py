"""A school table written out as text, one line a cell, so that its numbers can be cited like those of a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus.schools.cells import is_blank
from corpus.schools.columns import WORDS, label
from corpus.schools.grid import Grid, ref_of
from corpus.schools.headers import Header
from corpus.schools.model import School


def write_out(
    header: Header, titles: Iterable[str], schools: Sequence[School]
) -> tuple[str, tuple[School, ...]]:
    """Return the text of a table, and its schools with the span of each filled cell in it."""
    grid = header.grid
    lines: list[str] = list(titles)
    length = sum(len(line) + 1 for line in lines)
    placed = []

    def add(line: str) -> int:
        nonlocal length
        start = length
        lines.append(line)
        length += len(line) + 1
        return start

    for school in schools:
        cells = dict(school.cells)
        for heading in header.headings:
            key = heading.named.key
            if key is None or header.named[key] is not heading:
                continue
            opening = f"{mark(grid, school.row, heading.column)}{school.name} {label(key)}:"
            if key in WORDS:
                raw = grid.at(school.row, heading.column)
                if raw is not None and not is_blank(raw):
                    add(opening + raw.printed)
                continue
            cell = cells[key]
            if not cell.printed:
                continue
            unit = "" if cell.value is None or not cell.printed[-1].isdigit() else cell.unit
            start = add(opening + cell.printed + unit) + len(opening)
            cells[key] = replace(cell, start=start, end=start + len(cell.printed))
        placed.append(replace(school, cells=cells))
    return "\n".join(lines) + "\n", tuple(placed)


def title_lines(header: Header) -> list[str]:
    """Return what stands above the header, one line a cell."""
    return [
        f"{mark(header.grid, row, column)}{raw.printed}"
        for (row, column), raw in sorted(header.grid.cells.items())
        if row < header.top
    ]


def mark(grid: Grid, row: int, column: int) -> str:
    ref = ref_of(row, column)
    return f"【{grid.sheet}!{ref}】" if grid.sheet is not None else f"【{ref}】"
