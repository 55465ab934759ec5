"""How unequal the schools of a county are: the student-weighted coefficient of variation of each indicator.

With xᵢ what unit i has, Pᵢ its students and Xᵢ = xᵢ ÷ Pᵢ: mean X̄ = Σxᵢ ÷ ΣPᵢ, S = √(Σ(Pᵢ ÷ ΣPᵢ)(Xᵢ − X̄)²),
CV = S ÷ X̄. The squares are exact; only roots are rounded. The CV is compared after rounding to three decimals, as
the application form states it with three and a root has no exact decimal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from corpus.rules import Limit, Standard, limit_of
from tools.compliance import display
from tools.compliance.indicators import RECIPES
from tools.compliance.model import Amount, Contribution, Dispersion, Lack, Status, Unit
from tools.compliance.units import ASSESSED, AssessedStage
from tools.compliance.wording import clause_of

_SHARE_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and variance of what units have per student (or per 100), weighted by students.

    ``squares`` are proportional to Pᵢ(Xᵢ − X̄)², as whole numbers, in the order of the units.
    """

    mean: Fraction
    variance: Fraction
    squares: tuple[int, ...]

    @property
    def squared_cv(self) -> Fraction | None:
        """The square of the coefficient of variation; None where the mean is 0."""
        return self.variance / self.mean**2 if self.mean else None


def spread(values: Sequence[Fraction], students: Sequence[Fraction]) -> Spread | None:
    """Return the spread of per-student ``values`` over as many numbers of ``students``; None of none at all.

    Everything is brought to one denominator first: whole numbers add and compare many times faster than fractions
    whose denominators, the sizes of hundreds of schools, have little in common.
    """
    if not values:
        return None
    scale = lcm(*(value.denominator for value in values))
    weight = lcm(*(number.denominator for number in students))
    whole = [value.numerator * (scale // value.denominator) for value in values]
    weights = [number.numerator * (weight // number.denominator) for number in students]
    everyone = sum(weights)
    total = sum(value * number for value, number in zip(whole, weights, strict=True))
    squares = tuple(
        number * (value * everyone - total) ** 2 for value, number in zip(whole, weights, strict=True)
    )
    return Spread(
        Fraction(total, everyone * scale), Fraction(sum(squares), everyone * (everyone * scale) ** 2), squares
    )


def limit_for(standard: Standard, stage: AssessedStage) -> Limit | None:
    rule = standard.dispersion
    return next((limit for limit in rule.limits if limit.stage == stage), None) if rule else None


def disperse(units: Sequence[Unit], code: str, stage: AssessedStage, standard: Standard) -> Dispersion:
    """Return the dispersion of one indicator over the units of one stage.

    A unit without the value is left out of mean and CV, but then the county has not shown that it complies.
    KeyError if the standard sets no limit for the stage.
    """
    limit = limit_for(standard, stage)
    if limit is None or limit.value is None:
        raise KeyError(f"{standard.id}: no limit of dispersion for {stage}")
    demand = standard.demand(code)
    own = [unit for unit in units if unit.stage == stage]
    known = [unit for unit in own if _value(unit, code) is not None]
    found = spread([_some(_value(unit, code)) for unit in known], [_some(unit.students) for unit in known])
    lacks = tuple(
        Lack(unit.school.name, unit.school.row, stage, code) for unit in own if _value(unit, code) is None
    )
    squared = found.squared_cv if found else None
    value_status: Status = status_of(squared, limit) if own else "not_applicable"
    measure = limit_of(demand, stage)
    unit = measure.unit if measure else demand.unit
    return Dispersion(
        code=code,
        name=demand.name,
        stage=stage,
        unit=unit,
        n=len(known),
        mean=Amount(found.mean, unit, display.printed(found.mean, display.VALUE_PLACES)) if found else None,
        std=display.printed_root(found.variance, display.STD_PLACES) if found else None,
        cv=None if squared is None else display.printed_root(squared, display.CV_PLACES),
        cv_exact=None if squared is None else display.printed_root(squared, display.CV_EXACT_PLACES),
        squared=squared,
        operator=limit.operator,
        limit=f"{limit.value:f}",
        status="no_data" if lacks else value_status,
        value_status=value_status,
        contributions=_contributions(known, code, found) if found else (),
        missing=tuple(lack.school for lack in lacks),
        clause=clause_of(standard, demand),
        lacks=lacks,
    )


def _value(unit: Unit, code: str) -> Fraction | None:
    observed = unit.verdict(code).observed
    return None if observed is None or unit.students is None else observed.exact


def _some(number: Fraction | None) -> Fraction:
    if number is None:
        raise ValueError("a unit without data has no place in a mean")
    return number


def status_of(squared: Fraction | None, limit: Limit) -> Status:
    """Return the verdict on a squared CV: its root is rounded to three decimals, then compared."""
    if squared is None:
        return "no_data"
    return "met" if limit.allows(display.root_half_up(squared, display.CV_PLACES)) else "not_met"


def _contributions(known: Sequence[Unit], code: str, found: Spread) -> tuple[Contribution, ...]:
    """Return each unit's part of the sum of squares, the largest first; equal ones stay in table order."""
    whole = sum(found.squares)
    ranked = sorted(zip(known, found.squares, strict=True), key=lambda pair: pair[1], reverse=True)
    per = RECIPES[code].per
    made: list[Contribution] = []
    for unit, square in ranked:
        students = _some(unit.students)
        total = _some(_value(unit, code)) * students / per
        share = _ratio(square, whole, _SHARE_DIGITS)
        shown = display.digits(_ratio(square, whole, display.SHARE_PLACES), display.SHARE_PLACES)
        made.append(Contribution(unit.school.name, unit.school.row, share, shown, total, students))
    return tuple(made)


def _ratio(part: int, whole: int, places: int) -> Fraction:
    """Return part ÷ whole rounded half up, 0 of nothing, without reducing numbers of thousands of digits."""
    scale = 10**places
    return Fraction((2 * part * scale + whole) // (2 * whole), scale) if whole else Fraction(0)


def disperse_all(units: Sequence[Unit], standard: Standard) -> tuple[Dispersion, ...]:
    """Return the dispersion of every indicator that the standard limits, all primary ones first."""
    rule = standard.dispersion
    if rule is None:
        return ()
    return tuple(disperse(units, code, stage, standard) for stage in ASSESSED for code in rule.codes)
