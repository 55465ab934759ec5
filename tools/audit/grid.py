"""A table of a report as rows and columns of cells, with what its heads say of totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.facts.tables_heads import read_head
from corpus.facts.tables_layout import Block, blocks
from corpus.facts.tables_lines import Cell as Raw
from corpus.facts.tables_lines import table_lines
from corpus.model import Fact
from tools.audit.view import View

_UNIT = re.compile(r"[(\[][^()\[\]]{0,12}[)\]]|单位[:为].*$")
_TOTAL = re.compile(r"^(?:总计|合计|共计|总数|总和|计|小计|(?:全[县区市省州旗]|.{1,8})?(?:总计|合计|小计))$")
_REGION = re.compile(r"^全[县区市省州旗]$")
_AMONG = re.compile(r"^(?:其中|#|\(?其中|含|内:|—)")
_MERGED = re.compile(r"合并|并入|含在")
_NOT_ADDED = re.compile(
    r"[比率]$|率|占|比重|比例|平均|均|班额|%|％|增长|增幅|增速|幅度|系数|排名|名次|序号|编号|代码|年份|年度$|最大|最小|标准|时间|日期|备注|得分|满意度"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """``fact`` is the number of the cell, None where it holds none; positions are those of its text."""

    start: int
    end: int
    text: str
    fact: Fact | None

    @property
    def merged(self) -> bool:
        """True where the cell says that its number stands in another row."""
        return self.fact is None and bool(_MERGED.search(self.text))

    @property
    def zero(self) -> bool:
        return self.fact is not None and self.fact.value == 0


@dataclass(frozen=True, slots=True)
class Row:
    """``cells`` are those behind the name."""

    name: str
    cells: tuple[Cell, ...]
    at: int
    inner: bool = False
    """Its numbering says that it is a part of a row above: (一) below 一、."""

    @property
    def total(self) -> bool:
        return bool(_TOTAL.match(self.name) or _REGION.match(self.name))

    @property
    def subtotal(self) -> bool:
        return self.name.endswith("小计")

    @property
    def among(self) -> bool:
        """True for a row that only tells a part of the row above it."""
        return self.inner or bool(_AMONG.match(self.name))


@dataclass(frozen=True, slots=True)
class Column:
    """``head`` is the name of the column, folded, ``name`` the same without its unit."""

    index: int
    start: int
    end: int
    head: str
    name: str

    @property
    def total(self) -> bool:
        return bool(_TOTAL.match(self.name)) or (
            bool(re.search(r"(?:总计|合计|小计)$", self.name)) and not _NOT_ADDED.search(self.name)
        )

    @property
    def added(self) -> bool:
        """True where the numbers of the column have a sum."""
        return not _NOT_ADDED.search(self.head)


@dataclass(frozen=True, slots=True)
class Grid:
    """The table at ``[start, end)``; rows may be shorter than ``columns``."""

    start: int
    end: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, column: Column) -> Cell | None:
        return row.cells[column.index] if column.index < len(row.cells) else None

    def fact(self, row: Row, column: Column) -> Fact | None:
        cell = self.cell(row, column)
        return cell.fact if cell is not None else None


def grids(view: View) -> Iterator[Grid]:
    """Return the tables of a report, in order; of several side by side, each.

    Left out are tables without heads, and those whose rows stand under lines of their own: their totals may be of
    a group or of all.
    """
    by_start = {fact.start: fact for fact in view.facts}
    for span in table_lines(view.folded):
        for block in blocks(view.folded, span):
            columns = block.data
            if not columns or not all(c.heads for c in columns):
                continue
            if not any(row.group or row.heads_rows for row in block.rows):
                yield _grid(view, block, by_start)


def _grid(view: View, block: Block, by_start: dict[int, Fact]) -> Grid:
    columns = tuple(
        Column(i, c.heads[-1].start, c.heads[-1].end, c.head, _UNIT.sub("", c.head).replace(" ", ""))
        for i, c in enumerate(block.data)
    )
    levels = [read_head(row.names[-1].text).level if row.names else None for row in block.rows]
    outer = min((level for level in levels if level is not None), default=None)
    rows = []
    for row, level in zip(block.rows, levels, strict=True):
        if not row.names or row.blank:
            continue
        name = _UNIT.sub("", row.name).replace(" ", "").strip("*")
        cells = tuple(
            _cell(view.folded, row.at(column), row.cells[-1].end, by_start) for column in block.data
        )
        inner = outer is not None and level is not None and level > outer
        rows.append(Row(name, cells, row.names[-1].start, inner))
    return Grid(block.start, block.end, columns, tuple(rows))


def _cell(folded: str, cell: Raw | None, end: int, by_start: dict[int, Fact]) -> Cell:
    """Return a cell of the table; one that a short row does not have stands blank at its ``end``."""
    a, b = (cell.start, cell.end) if cell is not None else (end, end)
    text = folded[a:b]
    start = a + len(text) - len(text.lstrip())
    return Cell(start, a + len(text.rstrip()), text.strip(), by_start.get(start))
