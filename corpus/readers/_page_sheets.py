"""Sheets: what stands on one page in the order in which it is read, rows and tables."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from corpus.readers._page_columns import columns_of, holds
from corpus.readers._page_grids import grids_of
from corpus.readers._page_loose import Item, with_loose_tables
from corpus.readers._page_rows import Row, rows_of
from corpus.readers._page_tables import TableBlock, table_of
from corpus.readers._page_types import Box, Page


@dataclass(slots=True)
class Region:
    """A page, or a column of one, in reading order. ``limit`` is the right edge that text can be expected to reach:
    as far from the page's edge as it begins, or a column's gutter."""

    items: list[Item]
    limit: float


@dataclass(slots=True)
class Sheet:
    """A page's rows and tables, in regions (the page, or its columns) that each have margins of their own."""

    number: int
    width: float
    height: float
    turn: int
    regions: list[Region]

    def rows(self) -> list[Row]:
        """All rows outside of tables from top to bottom."""
        found = [item for region in self.regions for item in region.items if isinstance(item, Row)]
        return sorted(found, key=lambda row: row.box.top)

    def has_more_than(self, rows: Set[int]) -> bool:
        """Whether anything but the rows of these ids stands on the page."""
        return any(id(item) not in rows for region in self.regions for item in region.items)


def sheet_of(page: Page) -> Sheet:
    """Take a page apart: ruled tables first, then columns, then rows."""
    grids, rest = grids_of(page.rules, page.runs, page.width)
    tables = [table_of(grid, page.number, page.width) for grid in grids]
    regions: list[Region] = []
    begins = min((r.left for r in page.runs if r.text.strip()), default=0.0)
    for part in columns_of(rest, page.width, [t.box for t in tables]):
        inside = [t for t in tables if _is_in(t, part.area)]
        items: list[Item] = [*with_loose_tables(rows_of(part.runs, page.number), page.width), *inside]
        items.sort(key=lambda item: (item.box.top, item.box.left))
        regions.append(Region(items, min(part.area.right, page.width - begins)))
    return Sheet(page.number, page.width, page.height, page.turn, regions)


def _is_in(table: TableBlock, area: Box) -> bool:
    box = table.box
    return holds(area, (box.left + box.right) / 2, (box.top + box.bottom) / 2)
