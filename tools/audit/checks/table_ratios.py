"""Columns of a table that follow from others: 学生与专任教师比, 平均班额, 占比."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Fact
from corpus.units import convert, dimension
from tools.audit.checks.tables import named_line
from tools.audit.grid import Column, Grid, Row, grids
from tools.audit.intervals import judge
from tools.audit.model import Check, Finding, Kind
from tools.audit.registry import Piece, check, tell
from tools.audit.view import View
from tools.calculation import Calculation, Input, quotient
from tools.evidence import Sentence
from tools.proportion import share_of

_PUPILS = r"在校学?生|在校学生|学生数|在园幼儿|幼儿数|学生|幼儿"
_TEACHERS = r"专任教师"
_BETWEEN = re.compile(r"^(?P<top>.+?)(?:数)?(?:与|和|/|÷)(?P<bottom>.+?)(?:数)?(?:之)?比(?:例|率)?$")
_KNOWN: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"生师比|师生比|师幼比|幼师比"), _PUPILS, _TEACHERS),
    (re.compile(r"平均班额|班均(?:人数|学生|规模)|平均每班|班额$"), _PUPILS, r"班级数|班数|教学班|班级"),
    (re.compile(r"校均(?:规模|人数|学生)|平均(?:每校|校额|学校规模)"), _PUPILS, r"学校数|校数|园数|学校$"),
)
_SHARE = re.compile(r"占比|比重|占总|所占比例|^比例$|百分比|占全|构成")
_SHARE_OF = re.compile(r"^(?P<part>.+?)占(?P<whole>.+?)(?:的)?(?:比例|比重|百分比|比|%)?$")


@dataclass(frozen=True, slots=True)
class Derived:
    """A cell that a formula over other cells of the table should give."""

    stated: Fact
    made: Calculation
    inputs: tuple[Fact, ...]
    row: Row
    column: Column


@check("table_ratios")
def table_ratios(view: View) -> Iterator[Finding]:
    """Recompute the columns that the heads of a table derive from its other columns."""
    for grid in grids(view):
        for column in grid.columns:
            for kind, name, cells, named in _columns(grid, column):
                fits = sum(judge(cell.stated, cell.made).verdict != "inconsistent" for cell in cells)
                sure = fits * 2 >= len(cells) and (fits > 1 or (named and (fits > 0 or len(cells) == 1)))
                if sure:
                    yield from (_finding(view, cell, kind, name) for cell in cells)


Found = tuple[Kind, Check, list[Derived], bool]


def _columns(grid: Grid, column: Column) -> Iterator[Found]:
    """Return what a column may be derived from; named: its head says both columns."""
    if match := _BETWEEN.match(column.name):
        top, bottom = _column(grid, column, match["top"]), _column(grid, column, match["bottom"])
        if top and bottom:
            cells = _ratios(grid, column, top, bottom)
            if _fits(cells) == 0:
                cells = _ratios(grid, column, bottom, top)
            yield "rate", "ratio", cells, True
            return
    for pattern, tops, bottoms in _KNOWN:
        if pattern.search(column.name):
            known_top, known_bottom = _first(grid, column, tops), _first(grid, column, bottoms)
            if known_top and known_bottom:
                name: Check = "ratio" if "比" in column.name else "average"
                yield "rate", name, _ratios(grid, column, known_top, known_bottom), True
            return
    if match := _SHARE_OF.match(column.name):
        part, whole = _column(grid, column, match["part"]), _column(grid, column, match["whole"])
        if part and whole and part is not whole:
            yield "share", "share", _shares(grid, column, part, whole), True
            return
    if _SHARE.search(column.name) and column.index:
        before = [c for c in grid.columns[: column.index] if c.added]
        total = next((row for row in grid.rows if row.total and not row.subtotal), None)
        if before and total is not None:
            ways = [_shares_of_total(grid, column, c, total) for c in reversed(before)]
            yield "share", "share", max(ways, key=_fits), False


def _fits(cells: list[Derived]) -> int:
    return sum(judge(cell.stated, cell.made).verdict != "inconsistent" for cell in cells)


def _column(grid: Grid, own: Column, words: str) -> Column | None:
    """Return the one column whose head holds these words, the closest name first."""
    found = [c for c in grid.columns if c is not own and words in c.name and c.added]
    return min(found, key=lambda c: len(c.name), default=None)


def _first(grid: Grid, own: Column, pattern: str) -> Column | None:
    for words in pattern.split("|"):
        found = [c for c in grid.columns if c is not own and c.added and re.search(words, c.name)]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _ratios(grid: Grid, column: Column, top: Column, bottom: Column) -> list[Derived]:
    cells = []
    for row in grid.rows:
        stated, a, b = grid.fact(row, column), grid.fact(row, top), grid.fact(row, bottom)
        if stated is None or a is None or b is None or b.value == 0 or stated.unit == "%":
            continue
        made = Calculation(
            "ratio", column.name if column.name.isalpha() else "比值", f"{top.name} ÷ {bottom.name}", "{0} ÷ {1}",
            (Input(top.name, a.value, a.unit, a), Input(bottom.name, b.value, b.unit, b)),
            quotient(_plain(a), _plain(b)), stated.unit, max(2, _places(stated)),
        )  # fmt: skip
        cells.append(Derived(stated, made, (a, b), row, column))
    return cells


def _plain(fact: Fact) -> Decimal:
    """Return the value without its scale (万人 → 人)."""
    base = fact.unit.lstrip("百千万亿")
    return convert(fact.value, fact.unit, base) if base and base != fact.unit else fact.value


def _places(fact: Fact) -> int:
    return max(0, -int(fact.value.as_tuple().exponent))


def _shares(grid: Grid, column: Column, part: Column, whole: Column) -> list[Derived]:
    cells = []
    for row in grid.rows:
        stated, a, b = grid.fact(row, column), grid.fact(row, part), grid.fact(row, whole)
        if made := _share(stated, a, b):
            cells.append(Derived(*made, row, column))
    return cells


def _shares_of_total(grid: Grid, column: Column, part: Column, total: Row) -> list[Derived]:
    cells, whole = [], grid.fact(total, part)
    for row in grid.rows:
        if made := _share(grid.fact(row, column), grid.fact(row, part), whole):
            cells.append(Derived(*made, row, column))
    return cells


def _share(
    stated: Fact | None, part: Fact | None, whole: Fact | None
) -> tuple[Fact, Calculation, tuple[Fact, ...]] | None:
    if stated is None or part is None or whole is None or whole.value == 0:
        return None
    if dimension(part.unit) != dimension(whole.unit) or stated.unit not in ("%", ""):
        return None
    return stated, share_of([part], whole), (part, whole)


def _finding(view: View, cell: Derived, kind: Kind, name: Check) -> Finding:
    judged = judge(cell.stated, cell.made)
    row, column = cell.row, cell.column
    first, second = cell.inputs
    pieces: list[Piece] = ["表中", named_line(view, row.name, row.at, row.cells[0].start - 1), "一行的"]
    pieces += [
        named_line(view, column.name, column.start, column.end),
        ",由",
        first,
        "和",
        second,
        "复算得",
        cell.made,
    ]
    if judged.verdict == "consistent":
        pieces += [",与表中的", cell.stated, "一致"]
    elif judged.verdict == "rounding":
        pieces += [",与表中的", cell.stated, "略有出入,在四舍五入允许的范围内"]
    else:
        pieces += [",与表中的", cell.stated, "不一致"]
    evidence: tuple[Fact | Sentence, ...] = (cell.stated, *cell.inputs)
    return Finding(
        view.report.id, cell.stated.start, cell.stated.end, kind, name, judged.verdict, tell(*pieces),
        evidence, cell.stated, cell.made, judged.least, judged.most,
    )  # fmt: skip
