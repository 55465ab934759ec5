"""The evidence of reports as JSON: citations that can be opened, facts, and calculations over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.model import Fact, Report
from corpus.whereabouts import where
from tools.calculation import Input
from tools.compliance.model import Verdict
from tools.evidence import Sentence, plain
from tools.evidence_json import calculation_json, span_of


def evidence_json(verdict: Verdict, reports: Mapping[str, Report]) -> dict[str, Any]:
    """Return ``citations``, ``facts`` and ``calculations`` of a verdict; each input names its citation ("citation:0").

    ``quote`` is byte for byte ``report.text[start:end]``. Only keys that have something are there.
    """
    citations: dict[tuple[str, int, int], dict[str, Any]] = {}
    found: list[Fact | Sentence] = [*verdict.facts, *verdict.sentences]
    for item in found:
        span = span_of(item)
        report = reports.get(span[0])
        if report is not None and span not in citations:
            citations[span] = _citation(report, item, span)
    places = {span: number for number, span in enumerate(citations)}
    made: dict[str, Any] = {}
    if citations:
        made["citations"] = list(citations.values())
    if verdict.facts:
        made["facts"] = [_fact(fact, citations.get(span_of(fact))) for fact in verdict.facts]
    if verdict.calculations:
        made["calculations"] = [
            calculation_json(item, lambda one: _source(one, places)) for item in verdict.calculations
        ]
    return made


def _citation(report: Report, item: Fact | Sentence, span: tuple[str, int, int]) -> dict[str, Any]:
    return {
        "report_id": report.id,
        "title": report.title,
        "section": item.section,
        "quote": report.text[span[1] : span[2]],
        "start": span[1],
        "end": span[2],
        **where(report, span[1], span[2]).as_json(),
    }


def _fact(fact: Fact, citation: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "report_id": fact.report_id,
        "region": fact.region,
        "subject": fact.subject,
        "metric": fact.metric,
        "metric_id": fact.metric_id,
        "stage": fact.stage,
        "value": plain(fact.value),
        "unit": fact.unit,
        "period": fact.period,
        "qualifier": fact.qualifier,
        "kind": fact.kind,
        "section": fact.section,
        "confidence": None if fact.confidence is None else str(fact.confidence),
        "quote": citation["quote"] if citation else fact.as_printed,
        "start": fact.start,
        "end": fact.end,
    }


def _source(one: Input, places: Mapping[tuple[str, int, int], int]) -> str:
    place = places.get(span_of(one.fact)) if one.fact else None
    return f"citation:{place}" if place is not None else ""
