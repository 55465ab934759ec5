"""Sheets: what stands on one page in the order in which it is read, rows and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.readers._page_columns import columns_of
from corpus.readers._page_grids import grids_of
from corpus.readers._page_rows import Row, rows_of
from corpus.readers._page_tables import TableBlock, table_of
from corpus.readers._page_types import Page


@dataclass(slots=True)
class Sheet:
    """A page's rows and tables, in regions (the page, or its columns) that each have margins of their own."""

    number: int
    width: float
    height: float
    turn: int
    regions: list[list[Row | TableBlock]]

    def rows(self) -> list[Row]:
        """All rows outside of tables from top to bottom."""
        found = [item for region in self.regions for item in region if isinstance(item, Row)]
        return sorted(found, key=lambda row: row.box.top)


def sheet_of(page: Page) -> Sheet:
    """Take a page apart: ruled tables first, then columns, then rows."""
    grids, rest = grids_of(page.rules, page.runs, page.width)
    tables = [table_of(grid, page.number, page.width) for grid in grids]
    regions = [
        _in_order(rows_of(part, page.number), [t for t in tables if low <= t.box.top < high])
        for part, low, high in columns_of(rest, page.width, page.height)
    ]
    return Sheet(page.number, page.width, page.height, page.turn, regions)


def _in_order(rows: list[Row], tables: Sequence[TableBlock]) -> list[Row | TableBlock]:
    items: list[Row | TableBlock] = [*rows, *tables]
    return sorted(items, key=lambda item: (item.box.top, item.box.left))
