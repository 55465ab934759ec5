"""What stored reports settle of a standard: each demand judged by what they state, with the evidence.

A demand is met or not met only where a result for the whole county and year is stated, or follows by a named formula
from stated counts, and where the words around the number allow it. Everything else is no_data with the reason, the
sentences that bear on it and the data that would settle it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from corpus.errors import JunhengError
from corpus.rules import Demand, Limit, Standard, in_force
from indexes.store import Store
from tools.certainty import CAVEAT, is_doubtful
from tools.compliance import compared
from tools.compliance.bearing import bearing
from tools.compliance.deciding import Finding, decide
from tools.compliance.model import Stage, Status, Verdict
from tools.compliance.open_demands import open_demands
from tools.compliance.places import choose_region, regions_of
from tools.compliance.statements import Desk, open_desk, years_with
from tools.compliance.wording import clause_of


def reported_verdicts(
    store: Store, standard: Standard, *, region: str | None, year: str | None
) -> tuple[Verdict, ...]:
    """Return one verdict for each demand of ``standard``, in order, from the stored reports alone.

    Without ``year`` it is the newest for which a result is stated, else that of the newest report. Raises ``BadCall``
    if several regions are stored and none is named, ``JunhengError`` if nothing of the region is stored.
    """
    held = choose_region(regions_of(store.reports()), region)
    if held is None:
        raise JunhengError(nothing_of(region))
    desk = open_desk(store, standard, held, None)
    return verdicts_of(open_desk(store, standard, held, year or newest_year(desk)))


def nothing_of(region: str | None, year: str | None = None) -> str:
    """Return the line that says that there is nothing to check."""
    when = f"{year}年" if year else ""
    where = f"{region}{when}" if region else "任何地区"
    return f"资料里没有{where}的报告或学校数据表,无法检查达标情况;请先导入(junheng ingest 文件)"


def newest_year(desk: Desk) -> str | None:
    """Return the newest year with a stated result on the standard, else of the newest report, else None."""
    metrics = [m for demand in desk.standard.demands for m in demand.metrics]
    own = years_with([f for f in desk.facts if f.region == desk.region.name], metrics)
    known = sorted((str(r.year) for r in desk.reports if r.year), reverse=True)
    written = max((int(y) for y in known), default=None)
    sensible = [y for y in own if written is None or int(y) <= written]
    return next(iter(sensible or known), None)


def unreported(standard: Standard, demand: Demand) -> Verdict:
    """Return the verdict on a demand where no report is at hand."""
    wanted = demand.wanted or (demand.name,)
    return replace(_blank(standard, demand), wanted=wanted, remark="没有报告可查,无法判定")


def verdicts_of(desk: Desk) -> tuple[Verdict, ...]:
    return tuple(_with_caveat(judge(desk, demand)) for demand in desk.standard.demands)


def _with_caveat(verdict: Verdict) -> Verdict:
    """Say so where a figure that the verdict leans on was recognised in a scan and may have been read wrong."""
    if not is_doubtful((*verdict.facts, *verdict.calculations)):
        return verdict
    return replace(verdict, remark=";".join(filter(None, (verdict.remark, CAVEAT))))


def judge(desk: Desk, demand: Demand) -> Verdict:
    """Return what the reports settle of one demand."""
    limits = _in_force(demand, desk.year)
    findings = [_finding(desk, demand, limits, limit) for limit in limits] if demand.metrics else []
    parts = [_verdict(desk, demand, limit, found) for limit, found in zip(limits, findings, strict=False)]
    if not parts:
        return _words_only(desk, demand)
    if len(parts) == 1:
        return _completed(desk, demand, parts[0])
    status = worst([part.status for part in parts])
    told = ";".join(dict.fromkeys(part.remark for part in parts if part.remark))
    whole = _blank(
        desk.standard,
        demand,
        status=status,
        facts=tuple(dict.fromkeys(f for part in parts for f in part.facts)),
        calculations=tuple(c for part in parts for c in part.calculations),
        parts=tuple(parts),
        remark=told,
    )
    return _completed(desk, demand, whole)


def worst(statuses: Sequence[Status]) -> Status:
    """Return the status of a demand with several parts: it fails with one, and is open while one is open."""
    for status in ("not_met", "no_data", "met"):
        if status in statuses:
            return status
    return "not_applicable"


def _in_force(demand: Demand, year: str | None) -> list[Limit]:
    """Return the limits in force at the end of the year (of the newest text where no year is known)."""
    on = dt.date(int(year), 12, 31) if year else None
    return [limit for limit in demand.limits if in_force(limit, on) and not limit.repealed]


def _finding(desk: Desk, demand: Demand, limits: Sequence[Limit], limit: Limit) -> Finding:
    """Judge by the metric that goes with the limit: with several keys the metrics stand in the order of the keys."""
    keys = list(dict.fromkeys(other.key for other in limits))
    metrics = list(demand.metrics)
    if len(keys) > 1 and len(keys) == len(metrics):
        metrics = [metrics[keys.index(limit.key)]]
    if limit.than:
        return compared.decide(desk, demand, metrics, limit)
    found = [decide(desk, demand, metric, limit) for metric in metrics]
    return next((f for f in found if f.status != "no_data"), next((f for f in found if f.facts), found[0]))


def _verdict(desk: Desk, demand: Demand, limit: Limit, found: Finding) -> Verdict:
    return _blank(
        desk.standard,
        demand,
        stage=_stage(limit),
        status=found.status,
        operator=limit.operator,
        limit_key=limit.key,
        observed=found.observed,
        threshold=found.threshold,
        gap=found.gap,
        facts=found.facts,
        calculations=found.calculations,
        remark=found.remark,
    )


def _stage(limit: Limit) -> Stage:
    return limit.stage if limit.stage in ("primary", "junior") else "county"


def _words_only(desk: Desk, demand: Demand) -> Verdict:
    return _completed(desk, demand, _blank(desk.standard, demand))


def _completed(desk: Desk, demand: Demand, verdict: Verdict) -> Verdict:
    """Return the verdict with what else a reader needs: sentences and wanted data, and what stays open in words."""
    blocking, telling = open_demands(demand)
    if verdict.status == "met" and blocking:
        remark = f"{verdict.remark};“{blocking}”报告没有给出可以判定的数据,无法判定"
        verdict = replace(verdict, status="no_data", observed=None, gap=None, remark=remark)
    elif verdict.status == "met" and telling:
        remark = f"{verdict.remark};“{telling}”不是数值要求,另凭材料核实".removeprefix(";")
        verdict = replace(verdict, remark=remark)
    if verdict.status != "no_data":
        return verdict
    words = demand.words or (demand.short_name,)
    current = [r for r in desk.reports if desk.year is None or r.year is None or str(r.year) == desk.year]
    sentences = bearing(current, words)
    remark = verdict.remark or (
        "报告有相关表述,但没有可以判定的数据,无法判定" if sentences else "报告没有提供相关数据,无法判定"
    )
    return replace(verdict, sentences=sentences, wanted=demand.wanted or (demand.name,), remark=remark)


def _blank(standard: Standard, demand: Demand, **known: object) -> Verdict:
    limits = [limit for limit in demand.limits if not limit.repealed]
    fields: dict[str, object] = {
        "standard": standard.id,
        "code": demand.code,
        "name": demand.name,
        "stage": "county",
        "scope": "county",
        "status": "no_data",
        "operator": limits[0].operator if limits else "",
        "clause": clause_of(standard, demand),
    }
    return Verdict(**(fields | known))  # type: ignore[arg-type]
