"""An indicator of each school, said of the county: kept if every unit keeps it, broken as soon as one breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.rules import Demand, Standard
from tools.compliance import display
from tools.compliance.model import Check, Failure, Lack, Status, Unit, Verdict
from tools.compliance.wording import clause_of


def from_table(check: Check, standard: Standard, demand: Demand) -> Verdict | None:
    """Return what the table of ``check`` says of one demand, as a whole; None if it says nothing of it."""
    if standard.passing is not None and demand.code in standard.passing.codes and check.units:
        return _rolled_up(check.units, standard, demand)
    own = [verdict for verdict in check.county if verdict.code == demand.code]
    if len(own) < 2:
        return next(iter(own), None)
    return replace(
        own[0],
        name=demand.name,
        stage="county",
        status=_together([verdict.status for verdict in own]),
        observed=None,
        gap=None,
        failing=_once(own, "failing"),
        missing=_once(own, "missing"),
        failures=tuple(failure for verdict in own for failure in verdict.failures),
        lacks=tuple(lack for verdict in own for lack in verdict.lacks),
        parts=tuple(own),
    )


def _once(verdicts: Sequence[Verdict], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for verdict in verdicts for name in getattr(verdict, field)))


def _together(statuses: Sequence[Status]) -> Status:
    for status in ("not_met", "no_data", "met"):
        if status in statuses:
            return status
    return "not_applicable"


def _rolled_up(units: Sequence[Unit], standard: Standard, demand: Demand) -> Verdict:
    """Return the verdict on a school's indicator over all units; the pass rule and the dispersion stay apart."""
    failures: list[Failure] = []
    lacks: list[Lack] = []
    for unit in units:
        verdict, school = unit.verdict(demand.code), unit.school
        if verdict.status == "no_data":
            lacks.append(Lack(school.name, school.row, unit.stage))
        elif verdict.status == "not_met" and verdict.observed and verdict.threshold and verdict.gap:
            failures.append(
                Failure(
                    school.name, school.row, unit.stage, "", verdict.observed, verdict.operator,
                    verdict.threshold, verdict.gap, verdict.cells,
                )
            )  # fmt: skip
    status: Status = "not_met" if failures else "no_data" if lacks else "met"
    observed = None if status == "no_data" else display.counted(len(failures), "所")
    rule = standard.passing.text if standard.passing else ""
    return Verdict(
        standard=standard.id,
        code=demand.code,
        name=demand.name,
        stage="county",
        scope="county",
        status=status,
        operator="=",
        clause=clause_of(standard, demand),
        observed=observed,
        threshold=display.counted(0, "所"),
        gap=observed,
        failing=tuple(dict.fromkeys(failure.school for failure in failures)),
        missing=tuple(dict.fromkeys(lack.school for lack in lacks)),
        failures=tuple(failures),
        lacks=tuple(lacks),
        remark=f"各校分学段逐一判定,有一所未达到即为未达标;学校是否达标另按“{rule}”判定,差异系数另列",
    )
