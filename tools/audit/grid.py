"""A table of a report as rows and columns of cells, with what its heads say of totals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.facts.tables import cells_of, table_lines
from corpus.model import Fact
from tools.audit.view import View

_RULE = re.compile(r"^[\s|:\-—]+$")
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

    @property
    def total(self) -> bool:
        return bool(_TOTAL.match(self.name) or _REGION.match(self.name))

    @property
    def subtotal(self) -> bool:
        return self.name.endswith("小计")

    @property
    def among(self) -> bool:
        """True for a row that only tells a part of the row above it."""
        return bool(_AMONG.match(self.name))


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
    """Return the tables of a report, in order."""
    by_start = {fact.start: fact for fact in view.facts}
    for start, end in table_lines(view.folded):
        made = _grid(view, start, end, by_start)
        if made is not None:
            yield made


def _grid(view: View, start: int, end: int, by_start: dict[int, Fact]) -> Grid | None:
    folded = view.folded
    lines = [
        (m.start(), m.end()) for m in re.finditer(r"[^\n]+", folded[start:end]) if not _RULE.match(m.group())
    ]
    spans = [cells_of(folded, start + a, start + b) for a, b in lines]
    if len(spans) < 2 or len(spans[0]) < 2:
        return None
    columns = tuple(
        Column(i, a, b, folded[a:b].strip(), _UNIT.sub("", folded[a:b]).replace(" ", ""))
        for i, (a, b) in enumerate(spans[0][1:])
    )
    rows = []
    for row in spans[1:]:
        name = _UNIT.sub("", folded[row[0][0] : row[0][1]]).replace(" ", "").strip("*")
        cells = tuple(_cell(folded, a, b, by_start) for a, b in row[1:])
        rows.append(Row(name, cells, row[0][0]))
    return Grid(start, end, columns, tuple(rows))


def _cell(folded: str, a: int, b: int, by_start: dict[int, Fact]) -> Cell:
    text = folded[a:b]
    start = a + len(text) - len(text.lstrip())
    return Cell(start, a + len(text.rstrip()), text.strip(), by_start.get(start))
