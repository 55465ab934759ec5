"""What if a number of a school table were another: a changed table, and what that changes in the check.

The changed cell has no place in the file (``start`` and ``end`` are -1): its number is the question's, not the
table's. Calculations name both, the cell of the table and what the question says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from corpus.errors import JunhengError
from corpus.schools.columns import COLUMNS
from corpus.schools.model import Cell, School, SchoolTable
from tools.calculation import Calculation, Input
from tools.compliance.check import DEFAULT_STANDARD, check_table
from tools.compliance.model import Check, Dispersion, Unit, Verdict

T = TypeVar("T")


class ChangeError(JunhengError):
    """A change that makes no sense: no such row or column, a negative number, half a person."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell changed: ``was`` as the table has it (None for no data), ``now`` with the question's number."""

    school: School
    key: str
    was: Cell | None
    now: Cell
    given: Decimal
    by: bool

    @property
    def calculation(self) -> Calculation | None:
        """How the new number follows from the table's and the question's; None where it is the question's alone."""
        if not self.by or self.was is None or self.was.value is None or self.now.value is None:
            return None
        header, unit = COLUMNS[self.key].header, self.now.unit
        up = self.given >= 0
        word = "增加" if up else "减少"
        return Calculation(
            name="what_if",
            label=f"假设的{header}",
            formula=f"现有 {'+' if up else '−'} {word}",
            template="{0} " + ("+" if up else "−") + " {1}",
            inputs=(
                Input("现有", self.was.value, unit),
                Input(word, abs(self.given), unit, given=f"{abs(self.given):f}"),
            ),
            exact=self.now.value,
            unit=unit,
            places=None,
            notes=("假设的数，表中没有",),
            subject=self.school.name,
        )


@dataclass(frozen=True, slots=True)
class Difference(Generic[T]):
    """The same thing before and after; either is None where it is not there."""

    before: T | None
    after: T | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes between two checks: verdicts of units, whether units comply, CVs.

    A pair is listed if anything of it that is shown differs.
    """

    changes: tuple[Change, ...]
    before: Check
    after: Check
    verdicts: tuple[Difference[Verdict], ...]
    units: tuple[Difference[Unit], ...]
    dispersion: tuple[Difference[Dispersion], ...]


def change(
    table: SchoolTable,
    row: int,
    key: str,
    to: Decimal | int | None = None,
    *,
    by: Decimal | int | None = None,
) -> SchoolTable:
    """Return ``table`` with the number under ``key`` in ``row`` set ``to`` a value or changed ``by`` one.

    The number is in the unit of the table's column. Raises ChangeError, one Chinese line, where that makes no sense.
    """
    return apply(table, [changed(table, row, key, to, by=by)])


def changed(
    table: SchoolTable,
    row: int,
    key: str,
    to: Decimal | int | None = None,
    *,
    by: Decimal | int | None = None,
) -> Change:
    """Return one change without making it; see ``change``."""
    if (to is None) == (by is None):
        raise ValueError("give either `to` or `by`")
    school = next((school for school in table.schools if school.row == row), None)
    if school is None:
        raise ChangeError(f"表中没有第{row}行的学校，请换一个学校再问。")
    column = COLUMNS.get(key)
    if column is None or not column.unit:
        raise ChangeError(f"学校数据表没有“{key}”这一列数字，请换一项再问。")
    was = school.cells.get(key)
    if by is not None and (was is None or was.value is None):
        raise ChangeError(
            f"{school.name}的“{column.header}”没有数据，不知道在多少的基础上增减，请给出增减后的数。"
        )
    given = Decimal(to if to is not None else by if by is not None else 0)
    value = given if by is None or was is None or was.value is None else was.value + given
    if value < 0:
        raise ChangeError(f"{school.name}的“{column.header}”改后为{value:f}，不能小于0，请换一个数。")
    if column.whole and value != value.to_integral_value():
        raise ChangeError(f"{school.name}的“{column.header}”改后为{value:f}，只能是整数，请换一个数。")
    unit = was.unit if was else table.units.get(key) or column.unit
    now = Cell(ref=was.ref if was else "", printed=f"{value:f}", value=value, unit=unit)
    return Change(school, key, was, now, given, by is not None)


def apply(table: SchoolTable, changes: Iterable[Change]) -> SchoolTable:
    """Return ``table`` with the cells of ``changes`` replaced; its text stays that of the file."""
    cells: dict[int, dict[str, Cell]] = {}
    for item in changes:
        cells.setdefault(item.school.row, {})[item.key] = item.now
    schools = tuple(
        replace(school, cells={**school.cells, **cells[school.row]}) if school.row in cells else school
        for school in table.schools
    )
    return replace(table, schools=schools)


def compare(
    table: SchoolTable, changes: Iterable[Change], *, standard_id: str = DEFAULT_STANDARD
) -> Comparison:
    """Check ``table`` as it is and with ``changes``, and return what differs."""
    made = tuple(changes)
    before = check_table(table, standard_id=standard_id)
    after = check_table(apply(table, made), standard_id=standard_id)
    was, now = ({(u.school.row, u.stage): u for u in check.units} for check in (before, after))
    units = [Difference(was.get(key), now.get(key)) for key in dict.fromkeys([*was, *now])]
    verdicts: list[Difference[Verdict]] = []
    for pair in units:
        old, new = ({v.code: v for v in unit.verdicts} if unit else {} for unit in (pair.before, pair.after))
        verdicts += [Difference(old.get(code), new.get(code)) for code in dict.fromkeys([*old, *new])]
    county = [Difference(a, b) for a, b in zip(before.county, after.county, strict=True)]
    spreads = [Difference(a, b) for a, b in zip(before.dispersion, after.dispersion, strict=True)]
    return Comparison(
        made,
        before,
        after,
        tuple(pair for pair in (*verdicts, *county) if _verdict(pair.before) != _verdict(pair.after)),
        tuple(pair for pair in units if _unit(pair.before) != _unit(pair.after)),
        tuple(pair for pair in spreads if _spread(pair.before) != _spread(pair.after)),
    )


Shown = tuple[object, ...] | Literal[False]


def _verdict(verdict: Verdict | None) -> Shown:
    if verdict is None:
        return False
    amounts = [amount and amount.exact for amount in (verdict.observed, verdict.gap)]
    return verdict.status, verdict.floor_ok, verdict.failing, verdict.missing, *amounts


def _unit(unit: Unit | None) -> Shown:
    return unit is not None and (unit.compliant, unit.met, unit.no_data, unit.floor_ok, unit.students)


def _spread(item: Dispersion | None) -> Shown:
    return item is not None and (item.status, item.value_status, item.squared, item.n)
