"""A check as JSON for other programs: the contract's shape, every number a string in plain decimal notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from fractions import Fraction
from typing import Any

from corpus.rules import standards
from corpus.schools.model import Cell, Problem
from tools.compliance import display
from tools.compliance.evidence_shape import evidence_json
from tools.compliance.model import Amount, Check, Dispersion, Edge, Failure, Lack, Unit, Verdict
from tools.compliance.units import ASSESSED


def check_json(check: Check) -> dict[str, Any]:
    """Return what ``junheng check --json`` prints."""
    sheet = check.table.sheet if check.table else None
    reports = {report.id: report for report in check.reports}
    return {
        "standard": check.standard,
        "region": check.region,
        "year": check.year,
        "summary": summary_json(check),
        "schools": [unit_json(unit, sheet) for unit in check.units],
        "dispersion": [dispersion_json(dispersion) for dispersion in check.dispersion],
        "county": [{**verdict_json(v, sheet), **evidence_json(v, reports)} for v in check.county],
        "indicators": [{**verdict_json(v, sheet), **evidence_json(v, reports)} for v in check.indicators],
        "borderline": [edge_json(edge) for edge in check.edges],
        "problems": [problem_json(problem) for problem in check.problems],
        "notes": list(check.notes),
    }


def summary_json(check: Check) -> dict[str, Any]:
    """Return counts by stage, who is not assessed, and the three verdicts on schools, dispersion and county.

    A verdict is None where nothing fails but something is not known.
    """
    standard = standards().get(check.standard)
    codes = standard.passing.codes if standard and standard.passing else ()
    return {
        "rows": len(check.table.schools) if check.table else 0,
        "excluded": [
            {"school": item.school, "row": item.row, "stage": item.stage, "reason": item.reason}
            for item in check.excluded
        ],
        **{stage: _stage_json([u for u in check.units if u.stage == stage], codes) for stage in ASSESSED},
        "schools_compliant": _all([unit.compliant for unit in check.units]),
        "dispersion_compliant": _kept([item.status for item in check.dispersion]),
        "county_from_table_compliant": _kept([verdict.status for verdict in decided_by_table(check)]),
    }


def decided_by_table(check: Check) -> list[Verdict]:
    """Return the county verdicts on what a school table determines; [] without a table."""
    standard = standards().get(check.standard)
    if check.table is None or standard is None:
        return []
    codes = {demand.code for demand in standard.demands if demand.judged == "table"}
    return [verdict for verdict in check.county if verdict.code in codes]


def _stage_json(units: Sequence[Unit], codes: Sequence[str]) -> dict[str, Any]:
    students = sum((unit.students for unit in units if unit.students is not None), Fraction(0))
    return {
        "schools": len(units),
        "students": display.plain(students),
        "compliant": sum(unit.compliant is True for unit in units),
        "not_compliant": sum(unit.compliant is False for unit in units),
        "undetermined": sum(unit.compliant is None for unit in units),
        "met_by_indicator": {
            code: sum(unit.verdict(code).status == "met" for unit in units) for code in codes
        },
    }


def _all(states: Sequence[bool | None]) -> bool | None:
    if False in states:
        return False
    return None if None in states or not states else True


def _kept(statuses: Sequence[str]) -> bool | None:
    return _all([{"met": True, "not_met": False}.get(s) for s in statuses if s != "not_applicable"])


def unit_json(unit: Unit, sheet: str | None) -> dict[str, Any]:
    return {
        "school": unit.school.name,
        "row": unit.school.row,
        "stage": unit.stage,
        "students": None if unit.students is None else display.plain(unit.students),
        "met": unit.met,
        "of": unit.of,
        "no_data": unit.no_data,
        "floor_ok": unit.floor_ok,
        "compliant": unit.compliant,
        "verdicts": [verdict_json(verdict, sheet) for verdict in unit.verdicts],
    }


def amount_json(amount: Amount | None, *, exact: bool = True) -> dict[str, str] | None:
    if amount is None:
        return None
    shown = {"value": amount.shown, "unit": amount.unit}
    if amount.qualifier:
        shown["qualifier"] = amount.qualifier
    return {**shown, "exact": display.exact_text(amount.exact)} if exact else shown


def verdict_json(verdict: Verdict, sheet: str | None) -> dict[str, Any]:
    """Return one verdict; those of a county also name schools, parts and the two sides of a rate."""
    made: dict[str, Any] = {
        "standard": verdict.standard,
        "code": verdict.code,
        "name": verdict.name,
        "stage": verdict.stage,
        "scope": verdict.scope,
        "school": verdict.school,
        "status": verdict.status,
        "observed": amount_json(verdict.observed),
        "operator": verdict.operator,
        "threshold": amount_json(verdict.threshold, exact=False),
        "gap": amount_json(verdict.gap),
        "source": [*_cells_json(verdict, sheet), *_reports_json(verdict)],
        "clause": verdict.clause,
    }
    if verdict.scope == "school":
        made["floor_ok"] = verdict.floor_ok
    else:
        if verdict.part:
            made["part"] = verdict.part
        if verdict.numerator is not None and verdict.denominator is not None:
            made["numerator"] = display.plain(verdict.numerator)
            made["denominator"] = display.plain(verdict.denominator)
        made["failing"] = [_failure_json(failure) for failure in verdict.failures]
        made["missing"] = _lacks_json(verdict.lacks)
        if verdict.parts:
            made["parts"] = [verdict_json(part, sheet) for part in verdict.parts]
    if verdict.wanted:
        made["wanted"] = list(verdict.wanted)
    if verdict.remark:
        made["remark"] = verdict.remark
    return made


def _cells_json(verdict: Verdict, sheet: str | None) -> list[dict[str, Any]]:
    if not verdict.cells or verdict.row is None:
        return []
    return [{"sheet": sheet, "row": verdict.row, "cells": refs(verdict.cells)}]


def _reports_json(verdict: Verdict) -> list[dict[str, Any]]:
    spans = [(fact.report_id, fact.start, fact.end) for fact in verdict.facts]
    spans += [(sentence.report_id, sentence.start, sentence.end) for sentence in verdict.sentences]
    return [{"report_id": report, "start": start, "end": end} for report, start, end in spans]


def refs(cells: Sequence[Cell]) -> list[str]:
    return [cell.ref for cell in cells]


def _failure_json(failure: Failure) -> dict[str, Any]:
    return {
        "school": failure.school,
        "row": failure.row,
        "stage": failure.stage,
        "part": failure.part,
        "observed": amount_json(failure.observed, exact=False),
        "operator": failure.operator,
        "threshold": amount_json(failure.threshold, exact=False),
        "gap": amount_json(failure.gap, exact=False),
        "cells": refs(failure.cells),
    }


def _lacks_json(lacks: Sequence[Lack]) -> list[dict[str, Any]]:
    """Return each row that lacks something once, with everything that it lacks."""
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for lack in lacks:
        row = rows.setdefault(
            (lack.school, lack.row),
            {"school": lack.school, "row": lack.row, "stage": lack.stage, "columns": []},
        )
        row["columns"].extend(column for column in lack.columns if column not in row["columns"])
    return list(rows.values())


def dispersion_json(item: Dispersion) -> dict[str, Any]:
    return {
        "code": item.code,
        "name": item.name,
        "stage": item.stage,
        "unit": item.unit,
        "n": item.n,
        "mean": item.mean.shown if item.mean else None,
        "std": item.std,
        "cv": item.cv,
        "operator": item.operator,
        "limit": item.limit,
        "status": item.status,
        "contributions": [
            {"school": part.school, "row": part.row, "share": part.shown} for part in item.contributions
        ],
        "missing": [{"school": lack.school, "row": lack.row} for lack in item.lacks],
        "exact": {"mean": display.exact_text(item.mean.exact) if item.mean else None, "cv": item.cv_exact},
        "value_status": item.value_status,
        "clause": item.clause,
    }


def edge_json(edge: Edge) -> dict[str, Any]:
    return {
        "school": edge.school,
        "row": edge.row,
        "stage": edge.stage,
        "code": edge.code,
        "rule": edge.rule,
        "exact": edge.exact,
        "rounded": edge.rounded,
        "bound": edge.bound,
        "status": edge.decided,
        "otherwise": edge.otherwise,
        "why": edge.why,
    }


def problem_json(problem: Problem) -> dict[str, Any]:
    return asdict(problem)  # its fields are the contract's keys
