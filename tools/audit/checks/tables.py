"""Totals of tables: rows and columns that are the sum of others, sub-totals not counted twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import Fact
from corpus.partitions import found, partitions
from corpus.units import dimension
from tools.audit.adding import added, apart
from tools.audit.grid import Cell, Column, Grid, Row, grids
from tools.audit.intervals import judge
from tools.audit.model import Finding
from tools.audit.registry import Piece, check, tell
from tools.audit.remarks import remark_on
from tools.audit.view import View
from tools.evidence import Sentence

_OF_TOTALS = "总计|总数|合计(?!数)|重复|交叉|不等于"
"""A remark excuses a sum of rows only where it speaks of the total: what a row holds, the total holds as well."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One total cell and the cells that it should be the sum of. ``line`` names the column or row they share."""

    total: Fact
    parts: tuple[Cell, ...]
    line: str | Sentence

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(cell.fact for cell in self.parts if cell.fact is not None)

    @property
    def known(self) -> bool:
        """True where no part is missing; a merged cell stands in another one."""
        return all(cell.fact is not None or cell.merged for cell in self.parts)

    def verdict(self) -> str:
        return judge(self.total, added(self.facts, self.total.unit)).verdict


@check("tables")
def tables(view: View) -> Iterator[Finding]:
    """Add up the rows and columns of every table that has totals."""
    for grid in grids(view):
        for relation, certain in (*_rows(view, grid), *_columns(view, grid)):
            yield from _judged(view, relation, certain)
        yield from _within(view, grid)


def _rows(view: View, grid: Grid) -> Iterator[tuple[list[Sum], bool]]:
    """Return for each total row its sums, column by column, and whether they surely are sums."""
    totals = [row for row in grid.rows if row.total]
    plain = [row for row in grid.rows if not row.total and not row.among]
    grand = next((row for row in totals if row.name.endswith("总计")), None) or next(
        (row for row in reversed(totals) if not row.subtotal), None
    )
    for row in totals:
        if row is grand:
            ways = [plain, *([[r for r in totals if r is not row]] if len(totals) > 2 else [])]
        else:
            ways = _blocks(grid, row)
        yield _best(view, grid, row, [way for way in ways if len(way) > 1])


def _blocks(grid: Grid, row: Row) -> list[list[Row]]:
    """Return the rows before a sub-total back to the last one, and those after it up to the next."""
    at = grid.rows.index(row)
    before: list[Row] = []
    for other in reversed(grid.rows[:at]):
        if other.total:
            break
        before.insert(0, other)
    after: list[Row] = []
    for other in grid.rows[at + 1 :]:
        if other.total:
            break
        after.append(other)
    return [[r for r in rows if not r.among] for rows in (before, after)]


def _best(view: View, grid: Grid, row: Row, ways: list[list[Row]]) -> tuple[list[Sum], bool]:
    """Return the sums of the way that fits most columns."""
    made = [
        [s for c in grid.columns if (s := _row_sum(view, grid, row, rows, c)) is not None] for rows in ways
    ]
    return _chosen(made, said=not row.name.startswith("全"))


def _chosen(made: list[list[Sum]], said: bool) -> tuple[list[Sum], bool]:
    """Return the sums that fit best, and whether they surely are sums: ``said`` by the word, or fitting by half."""
    scored = [(sum(s.verdict() != "inconsistent" for s in sums), sums) for sums in made if sums]
    if not scored:
        return [], False
    fits, sums = max(scored, key=lambda item: item[0])
    alone = len(sums) == 1 and said and len(scored) == 1
    return sums, (fits >= 1 and (said or fits * 2 >= len(sums))) or alone


def _row_sum(view: View, grid: Grid, row: Row, rows: Sequence[Row], column: Column) -> Sum | None:
    total = grid.fact(row, column)
    if total is None or not column.added or not _addable(total):
        return None
    cells = tuple(cell for r in rows if (cell := grid.cell(r, column)) is not None)
    facts = [cell.fact for cell in cells if cell.fact is not None]
    if len(facts) < 2 or any(dimension(f.unit) != dimension(total.unit) for f in facts):
        return None
    return Sum(_printed(total), cells, named_line(view, column.name, column.start, column.end))


def _columns(view: View, grid: Grid) -> Iterator[tuple[list[Sum], bool]]:
    """Return for each total column its sums, row by row."""
    columns = grid.columns
    for at, column in enumerate(columns):
        if not column.total:
            continue
        after: list[Column] = []
        for other in columns[at + 1 :]:
            if other.total:
                break
            after.append(other)
        before: list[Column] = []
        for other in reversed(columns[:at]):
            if other.total:
                break
            before.insert(0, other)
        ways = [[c for c in way if c.added] for way in (after, before)]
        made = [
            [s for row in grid.rows if (s := _column_sum(view, grid, row, column, way)) is not None]
            for way in ways
            if len(way) > 1
        ]
        yield _chosen(made, said=False)


def _column_sum(view: View, grid: Grid, row: Row, column: Column, way: Sequence[Column]) -> Sum | None:
    total = grid.fact(row, column)
    if total is None or not _addable(total):
        return None
    cells = tuple(cell for c in way if (cell := grid.cell(row, c)) is not None)
    facts = [cell.fact for cell in cells if cell.fact is not None]
    if len(facts) < 2 or any(dimension(f.unit) != dimension(total.unit) for f in facts):
        return None
    end = row.cells[0].start if row.cells else row.at + len(row.name)
    return Sum(total, cells, named_line(view, row.name, row.at, min(end, row.at + 40)))


def _printed(total: Fact) -> Fact:
    """Return the cell as it stands: a fall is printed with its sign, and must not be counted twice."""
    return replace(total, direction=None) if total.value < 0 else total


def _addable(fact: Fact) -> bool:
    return fact.role in ("level", "change") and dimension(fact.unit) not in (
        "percent", "permille", "percent_point", "ratio",
    )  # fmt: skip


def named_line(view: View, name: str, start: int, end: int) -> str | Sentence:
    """Return the name of a row or column; quoted where it holds digits, so that these have a source."""
    if not any(char.isdigit() for char in name):
        return f"“{name}”"
    raw = view.folded[start:end]
    left = len(raw) - len(raw.lstrip(" |"))
    return view.quote(start + left, start + len(raw.rstrip(" |")))


def _judged(view: View, sums: list[Sum], certain: bool) -> Iterator[Finding]:
    for one in sums:
        made = added(one.facts, one.total.unit)
        judged = judge(one.total, made)
        pieces: list[Piece] = ["表中", one.line, "各项相加得", made]
        evidence: tuple[Fact | Sentence, ...] = (one.total, *one.facts)
        verdict = judged.verdict
        if verdict == "consistent":
            pieces += [",与合计", one.total, "一致"]
        elif verdict == "rounding":
            pieces += [",与合计", one.total, "略有出入,在四舍五入允许的范围内"]
        else:
            over = made.exact > one.total.value
            pieces += [",比合计", one.total, "多" if over else "少", apart(made, one.total)]
            remark = remark_on(view, one.total, (), _OF_TOTALS)
            if not over and not one.known:
                verdict = "not_recomputable"
                pieces.append(",但有的格没有数,不能判断")
            elif remark is not None:
                verdict, evidence = "not_recomputable", (*evidence, remark)
                pieces += [",报告对口径另有说明", remark, ",不能据此判断"]
            elif not certain:
                continue
        yield Finding(
            view.report.id, one.total.start, one.total.end, "sum", "sum", verdict, tell(*pieces),
            evidence, one.total, made, judged.least, judged.most,
        )  # fmt: skip


def _within(view: View, grid: Grid) -> Iterator[Finding]:
    """Return parts that exceed their whole in a row (专任教师 and 教职工), and remarks that explain it."""
    for pair in partitions().within:
        part = next((c for c in grid.columns if found(pair.part, c.name)), None)
        whole = next((c for c in grid.columns if c is not part and found(pair.whole, c.name)), None)
        if part is None or whole is None:
            continue
        for row in grid.rows:
            small, large = grid.fact(row, part), grid.fact(row, whole)
            if small is None or large is None or dimension(small.unit) != dimension(large.unit):
                continue
            if small.value <= large.value:
                continue
            gap = apart(added([small], large.unit), large)
            pieces: list[Piece] = ["表中", named_line(view, row.name, row.at, row.cells[0].start)]
            pieces += [f"一行的{part.name}", small, f"多于{whole.name}", large, ",相差", gap]
            remark = remark_on(view, large, (small,))
            evidence: tuple[Fact | Sentence, ...] = (small, large)
            if remark is not None:
                pieces += [",报告对口径另有说明", remark, ",不能据此判断"]
                evidence = (*evidence, remark)
            else:
                pieces.append(",部分不可能多于总数")
            yield Finding(
                view.report.id, small.start, small.end, "part_whole", "parts",
                "inconsistent" if remark is None else "not_recomputable", tell(*pieces),
                evidence, small, gap,
            )  # fmt: skip
