"""The resource indicators of a school: one value, one verdict, exactly as a school table determines it.

Values are compared with the demand exactly and unrounded: 29 teachers for 691 pupils are printed as 4.20 on paper,
and do not meet 4.2. What is exactly the demand meets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from corpus.rules import Demand, Limit, Standard, limit_of
from corpus.schools.model import Cell, School
from corpus.units import factor
from tools.compliance import display
from tools.compliance.model import Unit, Verdict
from tools.compliance.units import AssessedStage, Bodies
from tools.compliance.wording import clause_of


@dataclass(frozen=True, slots=True)
class Recipe:
    """What an indicator is made of: ``key`` − ``minus``, times ``per``, over the stage's students.

    ``by_stage`` says that the table counts ``key`` by stage (``key.primary``); the other columns belong to the row.
    ``minus`` is a part of ``key`` that does not count.
    """

    key: str
    per: int
    by_stage: bool = False
    minus: str = ""


RECIPES: Mapping[str, Recipe] = {
    "1.1": Recipe("qualified_teachers", 100, by_stage=True),
    "1.2": Recipe("backbone_teachers", 100, by_stage=True),
    "1.3": Recipe("arts_teachers", 100, by_stage=True),
    "1.4": Recipe("teaching_area", 1, minus="indoor_sports_area"),
    "1.5": Recipe("sports_area", 1),
    "1.6": Recipe("equipment_value", 1),
    "1.7": Recipe("multimedia_rooms", 100),
}
"""Columns by the code that the application form of 优质均衡 gives the indicator."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says about one indicator of one unit.

    ``stock`` is what the unit has, in the indicator's unit, ``cells`` what it was made of. ``stock`` is None where
    ``blank`` cells (by column key) or an unknown share leave it open.
    """

    stock: Fraction | None
    cells: tuple[Cell, ...]
    blank: tuple[str, ...]

    def value(self, students: Fraction | None, per: int) -> Fraction | None:
        return None if self.stock is None or students is None else self.stock * per / students


def keys_of(code: str, stage: AssessedStage) -> tuple[str, ...]:
    """Return the columns of an indicator for a stage, without those of the students."""
    recipe = RECIPES[code]
    key = f"{recipe.key}.{stage}" if recipe.by_stage else recipe.key
    return (key, recipe.minus) if recipe.minus else (key,)


def row_total(school: School, code: str, stage: AssessedStage, unit: str) -> Fraction | None:
    """Return what the row (for teachers: the stage) has of an indicator, in ``unit``, before any split.

    None if a cell has no number, or if the part to be taken off is larger than the whole.
    """
    numbers = [_in_unit(school.cells.get(key), unit) for key in keys_of(code, stage)]
    if any(number is None for number in numbers):
        return None
    known = [number for number in numbers if number is not None]
    total = known[0] - sum(known[1:])
    return None if total < 0 else total


def _in_unit(cell: Cell | None, unit: str) -> Fraction | None:
    if cell is None or cell.value is None:
        return None
    if unit == cell.unit or not cell.unit or not unit:
        return Fraction(cell.value)
    return Fraction(cell.value) * Fraction(factor(cell.unit)) / Fraction(factor(unit))


def read(bodies: Bodies, stage: AssessedStage, code: str, standard: Standard) -> Reading:
    """Return what a unit has of one indicator, split among the row's stages where the standard says so."""
    school = bodies.school
    keys = keys_of(code, stage)
    total = row_total(school, code, stage, bound(standard.demand(code), stage, kind=school.kind).unit)
    split = standard.split if standard.split and code in standard.split.codes else None
    if split:
        share = bodies.share(stage, split)
        students = tuple(f"students.{each}" for each in bodies.students)
        total = None if total is None or share is None else total * share
    else:
        students = (f"students.{stage}",)
    named = (*students, *keys)
    return Reading(
        total,
        tuple(cell for cell in (school.cells.get(key) for key in named) if cell is not None),
        tuple(key for key in named if school.value(key) is None),
    )


def bound(demand: Demand, stage: str, *, key: str = "", kind: str | None = None) -> Limit:
    """Return what a standard demands; KeyError if it demands nothing of this stage and type of school."""
    limit = limit_of(demand, stage, key=key, kind=kind)
    if limit is None or limit.value is None:
        raise KeyError(f"{demand.code}: no limit for {stage} {key} {kind}")
    return limit


def number(school: School, key: str) -> Fraction | None:
    value = school.value(key)
    return None if value is None else Fraction(value)


def judge(bodies: Bodies, stage: AssessedStage, code: str, standard: Standard) -> Verdict:
    """Return the verdict on one indicator of one unit; KeyError if the standard has no such indicator."""
    demand = standard.demand(code)
    limit = bound(demand, stage, kind=bodies.school.kind)
    reading = read(bodies, stage, code, standard)
    value = reading.value(bodies.students[stage], RECIPES[code].per)
    return Verdict(
        standard=standard.id,
        code=code,
        name=demand.name,
        stage=stage,
        scope="school",
        status="no_data" if value is None else "met" if limit.allows(value) else "not_met",
        operator=limit.operator,
        clause=clause_of(standard, demand),
        school=bodies.school.name,
        row=bodies.school.row,
        observed=None if value is None else display.observed(value, limit.unit, display.VALUE_PLACES, limit),
        threshold=display.threshold(limit),
        gap=None if value is None else display.gap(value, limit.unit, display.VALUE_PLACES, limit),
        floor_ok=None if value is None else reaches_floor(value, limit, standard),
        limit_key=limit.key,
        cells=reading.cells,
    )


def reaches_floor(value: Fraction, limit: Limit, standard: Standard) -> bool:
    """Tell whether a value is at least the share of the demand that the standard's pass rule asks of each."""
    if standard.passing is None or limit.value is None:
        return limit.allows(value)
    return value >= Fraction(limit.value) * Fraction(standard.passing.floor)


def judge_unit(bodies: Bodies, stage: AssessedStage, standard: Standard) -> Unit:
    """Return a unit with its verdicts and whether it passes.

    One that certainly fails does so whatever the blanks are; one that neither fails nor is complete is left open.
    """
    passing, split = standard.passing, standard.split
    if passing is None or split is None:
        raise KeyError(f"{standard.id} has no rule for schools")
    verdicts = tuple(judge(bodies, stage, code, standard) for code in passing.codes)
    count = {status: sum(v.status == status for v in verdicts) for status in ("met", "not_met", "no_data")}
    below = any(verdict.floor_ok is False for verdict in verdicts)
    compliant: bool | None = None
    if below or count["not_met"] > len(verdicts) - passing.least:
        compliant = False
    elif not count["no_data"]:
        compliant = True
    return Unit(
        school=bodies.school,
        stage=stage,
        students=bodies.students[stage],
        share=bodies.share(stage, split),
        verdicts=verdicts,
        met=count["met"],
        of=len(verdicts),
        no_data=count["no_data"],
        floor_ok=False if below else None if count["no_data"] else True,
        compliant=compliant,
    )
