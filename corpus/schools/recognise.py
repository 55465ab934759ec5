"""Whether a sheet is a school table, good or nearly so, or some other table that happens to stand in a workbook."""

from __future__ import annotations

from corpus.schools.columns import WORDS
from corpus.schools.grid import Grid, Raw, one_line
from corpus.schools.headers import ENOUGH, SEARCHED, find_header

_WITHOUT_NAME = 6
"""Columns that must be named where none is the name of the school: its header may be misspelt."""


def looks_like_school_table(grid: Grid) -> bool:
    """Tell whether a header of ``grid`` is that of a school table, complete or not.

    It is where it names the school and enough other columns that only such a table has; a list of schools with a few
    figures, or figures by township, is a statistical table.
    """
    rows = set(grid.rows[: SEARCHED + 3])
    top = {
        place: Raw(one_line(raw.printed), raw.form) for place, raw in grid.cells.items() if place[0] in rows
    }
    header = find_header(Grid(grid.sheet, top, grid.merged, areas=grid.areas))
    if header is None:
        return False
    named = header.named
    figures = [key for key in named if key not in WORDS]
    if "name" in named and not named["name"].named.units:
        return (len(named) >= ENOUGH and len(figures) >= 2) or ("kind" in named and bool(figures))
    return "kind" in named and len(figures) >= _WITHOUT_NAME
