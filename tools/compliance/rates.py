"""County rates from a school table: teachers with a certificate, and the exchange of teachers between schools.

Both look at every row, 特殊教育学校 and small teaching points too: the demand is on all of a county's teachers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from corpus.rules import Demand, Standard
from corpus.schools.model import Cell, School
from tools.compliance import display
from tools.compliance.indicators import bound, number
from tools.compliance.model import Failure, Lack, Status, Verdict
from tools.compliance.wording import clause_of


def judge_certificates(schools: Sequence[School], standard: Standard, demand: Demand) -> Verdict:
    """Return whether all teachers of every school hold a certificate; the value is the county's rate.

    More holders than teachers is a contradiction, not a failure: that school has no data.
    """
    rate = replace(
        _rate(schools, standard, demand, "", "certificate", "certified_teachers", "teachers"), part=""
    )
    failures: list[Failure] = []
    for school in schools:
        certified, teachers = number(school, "certified_teachers"), number(school, "teachers")
        if certified is None or teachers is None or certified >= teachers:
            continue
        cells = (school.cells["teachers"], school.cells["certified_teachers"])
        failures.append(
            Failure(
                school.name,
                school.row,
                "county",
                "certificate",
                display.counted(certified, "人"),
                rate.operator,
                display.counted(teachers, "人"),
                display.counted(teachers - certified, "人"),
                cells,
            )
        )
    if not failures or rate.observed is None:
        return rate
    limit = bound(demand, "county")
    return replace(
        rate,
        status="not_met",
        gap=display.gap(rate.observed.exact, limit.unit, display.RATE_PLACES, limit),
        failing=tuple(failure.school for failure in failures),
        failures=tuple(failures),
    )


def judge_exchange(schools: Sequence[School], standard: Standard, demand: Demand) -> Verdict:
    """Return whether enough teachers are exchanged, and enough of those are 骨干教师: both have to hold.

    The two rates have denominators of their own; the value of the whole is the first rate.
    """
    rotation = _rate(
        schools, standard, demand, "exchange", "rotation", "exchanged_teachers", "eligible_teachers"
    )
    backbone = _rate(
        schools, standard, demand, "backbone", "backbone", "exchanged_backbone", "exchanged_teachers"
    )
    parts = (rotation, backbone)
    states = [part.status for part in parts]
    status: Status = "not_met" if "not_met" in states else "no_data" if "no_data" in states else "met"
    lacks = (*rotation.lacks, *backbone.lacks)
    return replace(
        rotation,
        name=demand.short_name,
        status=status,
        part="",
        parts=parts,
        lacks=lacks,
        missing=tuple(name for name, _ in dict.fromkeys((lack.school, lack.row) for lack in lacks)),
    )


def _rate(
    schools: Sequence[School], standard: Standard, demand: Demand, key: str, part: str, above: str, below: str
) -> Verdict:
    """Return the verdict on a county's rate: ``above`` over ``below``, summed over the rows that have both.

    While a row lacks one of them the rate of the others is shown, and decides nothing.
    """
    limit = bound(demand, "county", key=key)
    cells: list[Cell] = []
    numerator = denominator = Fraction(0)
    lacks: list[Lack] = []
    for school in schools:
        upper, lower = number(school, above), number(school, below)
        if upper is None or lower is None or (part == "certificate" and upper > lower):
            blank = tuple(k for k in (above, below) if school.value(k) is None)
            lacks.append(Lack(school.name, school.row, "county", part, blank or (above,)))
            continue
        numerator, denominator = numerator + upper, denominator + lower
        cells.extend(school.cells[k] for k in (above, below))
    rate = 100 * numerator / denominator if denominator else None
    status: Status = "no_data"
    if rate is not None and not lacks:
        status = "met" if limit.allows(rate) else "not_met"
    return Verdict(
        standard=standard.id,
        code=demand.code,
        name=limit.name or demand.short_name,
        stage="county",
        scope="county",
        status=status,
        operator=limit.operator,
        clause=clause_of(standard, demand),
        observed=None if rate is None else display.observed(rate, limit.unit, display.RATE_PLACES, limit),
        threshold=display.threshold(limit),
        gap=None
        if rate is None or status == "no_data"
        else display.gap(rate, limit.unit, display.RATE_PLACES, limit),
        limit_key=key,
        cells=tuple(cells),
        missing=tuple(lack.school for lack in lacks),
        part=part,
        lacks=tuple(lacks),
        numerator=numerator if cells else None,
        denominator=denominator if cells else None,
    )
