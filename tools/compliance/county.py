"""The county indicators that a school table determines: rooms, size, classes, certificates, exchange.

A county fails as soon as one school certainly does; it has no verdict while a school lacks a number that could decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import ceil

from corpus.rules import Demand, Limit, Standard
from corpus.schools.model import School
from tools.compliance import display
from tools.compliance.indicators import bound, number
from tools.compliance.model import Failure, Lack, Stage, Status, Verdict
from tools.compliance.rates import judge_certificates, judge_exchange
from tools.compliance.units import ASSESSED, STAGE_NAMES, AssessedStage, Bodies, is_blank
from tools.compliance.wording import clause_of

_NO_SCHOOL_FAILS = Limit(operator="=", value=Decimal(0), unit="所")
_ROOMS = ("music", "art")


@dataclass(slots=True)
class Findings:
    """What looking at the schools one by one brought up."""

    failures: list[Failure] = field(default_factory=list)
    lacks: list[Lack] = field(default_factory=list)

    def lack(self, school: School, stage: Stage, part: str, *columns: str) -> None:
        self.lacks.append(Lack(school.name, school.row, stage, part, columns))

    def compare(
        self, school: School, stage: Stage, part: str, value: Fraction, limit: Limit, *keys: str
    ) -> bool:
        """Note a failure if ``value`` breaks ``limit``, and tell whether it does."""
        if limit.allows(value):
            return False
        cells = (school.cells.get(key) for key in keys)
        self.failures.append(
            Failure(
                school.name,
                school.row,
                stage,
                part,
                display.observed(value, limit.unit, _places(limit.unit), limit),
                limit.operator,
                display.threshold(limit),
                display.gap(value, limit.unit, _places(limit.unit), limit),
                tuple(cell for cell in cells if cell is not None),
            )
        )
        return True


def _places(unit: str) -> int:
    """People, rooms and schools are whole; everything else has the decimals of an indicator."""
    return 0 if unit in ("人", "间", "所", "个") else display.VALUE_PLACES


def judge_county(
    rows: Sequence[Bodies], schools: Sequence[School], standard: Standard
) -> tuple[Verdict, ...]:
    """Return the county verdicts that a table determines, of those that the standard has.

    ``rows`` are the rows that are assessed; certificates and exchange look at all ``schools`` of the table.
    """
    codes = {demand.code: demand for demand in standard.demands if demand.limits}
    made: list[Verdict] = []
    if "2.3" in codes:
        made.append(_from_schools(standard, codes["2.3"], "county", _rooms(rows, codes["2.3"])))
    if "2.4" in codes:
        made.append(_from_schools(standard, codes["2.4"], "county", _sizes(rows, codes["2.4"])))
    if "2.5" in codes:
        made.extend(
            _from_schools(standard, codes["2.5"], stage, _classes(rows, codes["2.5"], stage))
            for stage in ASSESSED
        )
    if "2.11" in codes:
        made.append(judge_exchange(schools, standard, codes["2.11"]))
    if "2.12" in codes:
        made.append(judge_certificates(schools, standard, codes["2.12"]))
    return tuple(made)


def _of_stage(bodies: Bodies, column: str, stage: AssessedStage) -> Fraction | None:
    """Return a number that is counted by stage; blank is 0 only where the stage has no students."""
    cell = bodies.school.cells.get(f"{column}.{stage}")
    value = number(bodies.school, f"{column}.{stage}")
    if value is None and stage not in bodies.students and (cell is None or is_blank(cell)):
        return Fraction(0)
    return value


def _rooms(rows: Sequence[Bodies], demand: Demand) -> Findings:
    """Every 12 classes have a room for music and one for art, and the smallest of each is large enough.

    With unknown classes, what the known ones need is still needed.
    """
    found = Findings()
    classes_per_room = bound(demand, "county", key="classes_per_room")
    for bodies in rows:
        school = bodies.school
        classes = {f"classes.{stage}": _of_stage(bodies, "classes", stage) for stage in ASSESSED}
        unknown = tuple(key for key, count in classes.items() if count is None)
        known = sum((count for count in classes.values() if count is not None), Fraction(0))
        needed = Decimal(ceil(known / Fraction(classes_per_room.value or 1)))
        at_least = Limit(operator="≥", value=needed, unit="间")
        for kind in _ROOMS:
            rooms, area = number(school, f"{kind}_rooms"), number(school, f"smallest_{kind}_room")
            if rooms is None:
                found.lack(school, "county", f"{kind}_rooms", f"{kind}_rooms", *unknown)
            elif (
                not found.compare(
                    school, "county", f"{kind}_rooms", rooms, at_least, *classes, f"{kind}_rooms"
                )
                and unknown
            ):
                found.lack(school, "county", f"{kind}_rooms", *unknown)
            if area is None and rooms != 0:
                found.lack(school, "county", f"{kind}_area", f"smallest_{kind}_room")
            elif area is not None and (rooms or (rooms is None and area)):
                found.compare(
                    school,
                    "county",
                    f"{kind}_area",
                    area,
                    bound(demand, "county", key=f"{kind}_room_area"),
                    f"smallest_{kind}_room",
                )
    return found


def _sizes(rows: Sequence[Bodies], demand: Demand) -> Findings:
    """No school is too large; students of 高中 do not count."""
    found = Findings()
    for bodies in rows:
        counts = {stage: bodies.students[stage] for stage in bodies.assessed}
        known = sum((count for count in counts.values() if count is not None), Fraction(0))
        unknown = tuple(f"students.{stage}" for stage, count in counts.items() if count is None)
        keys = tuple(f"students.{stage}" for stage in counts)
        limit = bound(demand, "county", kind=bodies.school.kind)
        if not found.compare(bodies.school, "county", "size", known, limit, *keys) and unknown:
            found.lack(bodies.school, "county", "size", *unknown)
    return found


def _classes(rows: Sequence[Bodies], demand: Demand, stage: AssessedStage) -> Findings:
    """No class is too large."""
    own = [bodies.school for bodies in rows if stage in bodies.students]
    found = Findings()
    limit, key = bound(demand, stage), f"largest_class.{stage}"
    for school in own:
        largest = number(school, key)
        if largest is None:
            found.lack(school, stage, "max_class", key)
        else:
            found.compare(school, stage, "max_class", largest, limit, key)
    return found


def _from_schools(standard: Standard, demand: Demand, stage: Stage, found: Findings) -> Verdict:
    """Return the verdict on a demand that every school has to keep: how many do not."""
    failing = dict.fromkeys((failure.school, failure.row) for failure in found.failures)
    status: Status = "met"  # also where there is no such school: none of them fails
    if failing:
        status = "not_met"
    elif found.lacks:
        status = "no_data"
    observed = display.counted(len(failing), "所") if status in ("met", "not_met") else None
    return Verdict(
        standard=standard.id,
        code=demand.code,
        name=demand.short_name if stage == "county" else f"{STAGE_NAMES[stage]}{demand.short_name}",
        stage=stage,
        scope="county",
        status=status,
        operator=_NO_SCHOOL_FAILS.operator,
        clause=clause_of(standard, demand),
        observed=observed,
        threshold=display.threshold(_NO_SCHOOL_FAILS),
        gap=observed,
        failing=tuple(name for name, _ in failing),
        missing=tuple(name for name, _ in dict.fromkeys((lack.school, lack.row) for lack in found.lacks)),
        failures=tuple(found.failures),
        lacks=tuple(found.lacks),
    )
