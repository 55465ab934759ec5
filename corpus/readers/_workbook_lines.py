"""The lines of a sheet: titles, units and notes as they stand, the rows of its tables with " | " between cells."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from corpus.readers._tables import SEPARATOR, shared_text
from corpus.readers._workbook_cells import LONGEST
from corpus.schools.grid import Area, Grid, one_line, ref_of

_UNIT = re.compile(r"[(（]?(?:计量|金额|数量|货币|面积)?单位\s*[:：]")
_FIELD = re.compile(r"[^:：]{2,12}[:：]")
_NOTE = re.compile(r"(?:附?注|备注|说明|资料来源|数据来源|来源)\s*\d*\s*[:：.、]|.*[。；]$", re.S)
_TITLE = re.compile(r"附?表\s?[\d一二三四五六七八九十]|续表")
_LONG = 40

Line = list[tuple[str, str]]
"""The cells of a line: text, reference."""


@dataclass
class SheetLines:
    """Turns one sheet into lines; ``shifted`` are lines of a CSV file whose fields do not fit its header."""

    grid: Grid
    shifted: list[int] = field(default_factory=list)

    @cached_property
    def columns(self) -> list[int]:
        return [column for column in self.grid.columns if column not in self.grid.hidden_columns]

    @cached_property
    def filled(self) -> dict[int, list[int]]:
        """The filled columns of each row that is seen."""
        seen, found = set(self.columns), dict[int, list[int]]()
        for row, column in sorted(self.grid.cells):
            if row not in self.grid.hidden_rows and column in seen:
                found.setdefault(row, []).append(column)
        return found

    def lines(self) -> Iterator[Line]:
        columns: list[int] = []
        for rows in self._blocks():
            first, last = self._table(rows)
            for row in rows[:first]:
                yield from self._apart(row)
            table = rows[first:last]
            if table:
                own = sorted({column for row in table for column in self.filled[row]})
                goes_on = self._has_figure(table[0]) and set(own) <= set(columns)
                columns = columns if goes_on else own
                yield from self._rows(table, columns)
            for row in rows[last:]:
                yield from self._apart(row)

    def size(self) -> int:
        """Return an upper bound of the cells that the lines hold."""
        return len(self.filled) * len(self.columns)

    def _blocks(self) -> Iterator[list[int]]:
        """Cut the rows where one that is blank stands between; a hidden or merged one is not blank."""
        hidden = sorted(self.grid.hidden_rows)
        block: list[int] = []
        for row in self.filled:
            if block and row - block[-1] > 1:
                between = row - block[-1] - 1
                unseen = bisect_left(hidden, row) - bisect_right(hidden, block[-1])
                joined = any(area.bottom >= row for area in self.grid.areas.get(block[-1], ()))
                if unseen < between and not joined:
                    yield block
                    block = []
            block.append(row)
        if block:
            yield block

    def _table(self, rows: list[int]) -> tuple[int, int]:
        """Return where the table of a block begins and ends among its rows."""
        first, last = 0, len(rows)
        while first < last and self._stands_apart(rows[first]):
            first += 1
        while last > first and self._stands_apart(rows[last - 1]):
            last -= 1
        return first, last

    def _stands_apart(self, row: int) -> bool:
        texts = [self.grid.cells[row, column].printed for column in self.filled[row]]
        if len(texts) == 1:
            return True
        units = any(_UNIT.match(text) for text in texts) and not self._has_figure(row)
        return units or all(_FIELD.match(text) for text in texts)

    def _has_figure(self, row: int) -> bool:
        return any(
            self.grid.cells[row, column].form in ("number", "percent")
            or re.fullmatch(r"[-+]?[\d,]+(?:\.\d+)?[%％‰]?", self.grid.cells[row, column].printed)
            for column in self.filled[row]
        )

    def _apart(self, row: int) -> Iterator[Line]:
        for column in self.filled[row]:
            raw = self.grid.cells[row, column]
            if raw.form in ("error", "formula"):
                continue
            for part in raw.printed.split("\n"):
                if text := one_line(part, LONGEST):
                    yield [(text, ref_of(row, column))]

    def _rows(self, table: list[int], columns: list[int]) -> Iterator[Line]:
        widest = self._widest(table)
        for row in table:
            own = self.filled[row]
            if widest is not None and own[-1] > widest:
                self.shifted.append(row)
                continue
            areas = self._areas(row)
            if len(own) == 1 and self._is_caption(row, own[0], areas):
                yield from self._apart(row)
                continue
            line = [self._cell(row, column, areas) for column in columns]
            if any(text for text, _ in line):
                yield line

    def _widest(self, table: list[int]) -> int | None:
        """Return how many fields the header of a CSV file has; None where there is none, or it is a sheet."""
        widths = self.grid.widths
        if widths is None:
            return None
        heads = []
        for row in table:
            if self._has_figure(row):
                break
            heads.append(widths[row])
        return max(heads, default=None)

    def _is_caption(self, row: int, column: int, areas: dict[int, Area]) -> bool:
        """Tell whether the only cell of a row within a table speaks of the rows below rather than naming its own."""
        text = self.grid.cells[row, column].printed
        area = areas.get(column)
        if any(other is not area for other in areas.values()):
            return False
        wide = area is not None and area.right > area.left
        return wide or len(text) > _LONG or bool(_UNIT.match(text) or _NOTE.match(text) or _TITLE.match(text))

    def _areas(self, row: int) -> dict[int, Area]:
        """Return the merged area of each column of a row that is in one; of two that overlap, the first."""
        found: dict[int, Area] = {}
        for area in self.grid.areas.get(row, ()):
            if area.left not in found:
                last = min(area.right, self.columns[-1])
                found.update({column: area for column in range(area.left, last + 1) if column not in found})
        return found

    def _cell(self, row: int, column: int, areas: dict[int, Area]) -> tuple[str, str]:
        area = areas.get(column)
        if area is None:
            return self._text(row, column), ref_of(row, column)
        text = self._text(area.top, area.left)
        shown = next(c for c in range(area.left, column + 1) if c not in self.grid.hidden_columns)
        if (row, column) != (area.top, shown):
            text = shared_text(text)
        return text, ref_of(area.top, area.left)

    def _text(self, row: int, column: int) -> str:
        raw = self.grid.cells.get((row, column))
        if raw is None or raw.form in ("error", "formula"):
            return ""
        return one_line(raw.printed, LONGEST).replace(SEPARATOR.strip(), "/")
