"""Values so close to a bound that comparing rounded instead of unrounded (or the reverse) would decide otherwise.

Indicators are compared unrounded and coefficients of variation rounded; a person who recomputes by hand may do it the
other way round, so every such case is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from corpus.rules import Standard
from tools.compliance import display
from tools.compliance.dispersion import limit_for
from tools.compliance.indicators import bound, reaches_floor
from tools.compliance.model import Dispersion, Edge, Status, Unit, Verdict
from tools.compliance.units import STAGE_NAMES
from tools.compliance.wording import STATUS_WORDS, floor_words


def edges(units: Sequence[Unit], dispersions: Sequence[Dispersion], standard: Standard) -> tuple[Edge, ...]:
    """Return the units in table order, then the coefficients of variation."""
    found = [
        edge for unit in units for verdict in unit.verdicts for edge in _of_value(unit, verdict, standard)
    ]
    found.extend(edge for dispersion in dispersions for edge in _of_cv(dispersion, standard))
    return tuple(found)


def _of_value(unit: Unit, verdict: Verdict, standard: Standard) -> Iterator[Edge]:
    if verdict.observed is None:
        return
    limit = bound(standard.demand(verdict.code), unit.stage, kind=unit.school.kind)
    exact = verdict.observed.exact
    rounded = display.half_up(exact, display.VALUE_PLACES)
    shown = display.digits(rounded, display.VALUE_PLACES)
    floor = Fraction(limit.value or 0) * Fraction(standard.passing.floor if standard.passing else 1)
    for rule, bar, kept, otherwise in (
        ("threshold", Fraction(limit.value or 0), limit.allows(exact), limit.allows(rounded)),
        ("floor", floor, reaches_floor(exact, limit, standard), reaches_floor(rounded, limit, standard)),
    ):
        if kept == otherwise:
            continue
        words = f"{display.plain(bar)}{limit.unit}"
        yield Edge(
            unit.school.name,
            unit.school.row,
            unit.stage,
            verdict.code,
            "threshold" if rule == "threshold" else "floor",
            display.exact_text(exact),
            shown,
            display.plain(bar),
            _status(kept),
            _status(otherwise),
            f"{unit.school.name}（{STAGE_NAMES[unit.stage]}）{verdict.name}：按未舍入的数与{words}比较，"
            f"{_kept(kept, rule, verdict)}；先舍入成{shown}再比较，则{_kept(otherwise, rule, verdict)}。",
        )


def _kept(kept: bool, rule: str, verdict: Verdict) -> str:
    if rule == "floor":
        return f"{'不' * kept}低于{floor_words(verdict.standard)}"
    return STATUS_WORDS[_status(kept)]


def _status(kept: bool) -> Status:
    return "met" if kept else "not_met"


def _of_cv(dispersion: Dispersion, standard: Standard) -> Iterator[Edge]:
    limit = limit_for(standard, dispersion.stage)
    if dispersion.squared is None or dispersion.cv is None or limit is None or limit.value is None:
        return
    unrounded = dispersion.squared <= Fraction(limit.value) ** 2
    kept = dispersion.value_status == "met"
    if kept == unrounded:
        return
    yield Edge(
        None,
        None,
        dispersion.stage,
        dispersion.code,
        "cv",
        dispersion.cv_exact or "",
        dispersion.cv,
        dispersion.limit,
        _status(kept),
        _status(unrounded),
        f"{STAGE_NAMES[dispersion.stage]}{dispersion.name}的差异系数：按3位小数{dispersion.cv}与"
        f"{dispersion.limit}比较，{STATUS_WORDS[_status(kept)]}；按未舍入的{dispersion.cv_exact}比较，"
        f"则{STATUS_WORDS[_status(unrounded)]}。",
    )
