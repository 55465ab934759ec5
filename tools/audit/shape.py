"""Findings as JSON, in the shape that is part of the interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.model import Fact, Report
from corpus.whereabouts import where
from tools.audit.model import Finding
from tools.calculation import Calculation, Input
from tools.certainty import certainty, least
from tools.evidence import Clause, Sentence, plain
from tools.evidence_json import calculation_json, span_of


def findings_json(findings: Sequence[Finding], reports: Mapping[str, Report]) -> list[dict[str, Any]]:
    """Return the findings; ``reports`` holds every report that they or their evidence are of, by id."""
    return [finding_json(finding, reports) for finding in findings]


def finding_json(finding: Finding, reports: Mapping[str, Report]) -> dict[str, Any]:
    """Return one finding. Every quote is byte for byte ``report.text[start:end]``; numbers are strings."""
    citations: dict[tuple[str, int, int], dict[str, Any]] = {}
    for item in finding.evidence:
        span = span_of(item)
        if span not in citations and span[0] in reports:
            citations[span] = _citation(reports[span[0]], span)
    places = {span: number for number, span in enumerate(citations)}
    stated, made = finding.stated, finding.calculation
    every = _calculations(finding)  # its own first
    told = [calculation_json(item, lambda one: _input_source(one, places, every)) for item in every]
    text = reports[finding.report_id].text
    sure = least(certainty(item) for item in (stated, made, finding.explanation, *finding.evidence))
    return {
        "report_id": finding.report_id,
        "claim": {
            "quote": text[finding.start : finding.end],
            "start": finding.start,
            "end": finding.end,
        },
        "kind": finding.kind,
        "check": finding.check,
        "stated": None
        if stated is None
        else {
            "value": plain(-stated.value if _falls(stated) else stated.value),
            "unit": stated.unit,
            "qualifier": stated.qualifier,
            "metric": stated.metric,
            "period": stated.period,
            "start": stated.start,
            "end": stated.end,
        },
        "recomputed": None if made is None else {"value": plain(made.value), "unit": made.unit},
        "range": None
        if finding.least is None or finding.most is None
        else {
            "least": plain(finding.least.value),
            "most": plain(finding.most.value),
            "unit": finding.least.unit,
        },
        "verdict": finding.verdict,
        "hint": finding.hint,
        "calculation": None if made is None else told[0],
        "calculations": told,
        "explanation": finding.explanation.text,
        "figures": _figures(finding, places, every),
        "evidence": list(citations.values()),
        "confidence": None if sure is None else str(sure),
    }


def _falls(fact: Fact) -> bool:
    return fact.direction == "down" and fact.role in ("rate", "change") and fact.value > 0


def _citation(report: Report, span: tuple[str, int, int]) -> dict[str, Any]:
    section = report.section_at(span[1])
    return {
        "report_id": report.id,
        "title": report.title,
        "section": " > ".join(section.path) if section else "",
        "quote": report.text[span[1] : span[2]],
        "start": span[1],
        "end": span[2],
        "url": report.url,
        **where(report, span[1], span[2]).as_json(),
    }


def _calculations(finding: Finding) -> list[Calculation]:
    """Return every calculation that the finding tells or leans on, its own first."""
    found: list[Calculation] = []

    def take(item: Calculation | None) -> None:
        if item is None or item in found:
            return
        found.append(item)
        for one in item.inputs:
            take(one.calculation)

    take(finding.calculation)
    for part in finding.explanation.parts:
        take(part.source if isinstance(part.source, Calculation) else None)
    take(finding.least)
    take(finding.most)
    return found


def _figures(
    finding: Finding, places: Mapping[tuple[str, int, int], int], every: Sequence[Calculation]
) -> list[dict[str, Any]]:
    """Return the parts of the explanation that have a source, with their place in it."""
    found, at = [], 0
    for part in finding.explanation.parts:
        if part.source is not None:
            source = "label" if part.label else _name(part.source, places, every)
            found.append({"text": part.text, "start": at, "end": at + len(part.text), "source": source})
        at += len(part.text)
    return found


def _name(
    source: Fact | Calculation | Clause | Sentence,
    places: Mapping[tuple[str, int, int], int],
    every: Sequence[Calculation],
) -> str:
    if isinstance(source, Clause):
        return f"standard:{source.standard}/{source.code}"
    if isinstance(source, Calculation):
        return f"calculation:{every.index(source)}"
    place = places.get(span_of(source))
    return "label" if place is None else f"citation:{place}"


def _input_source(
    one: Input, places: Mapping[tuple[str, int, int], int], every: Sequence[Calculation]
) -> str:
    """Name the calculation that an input comes from, else the citation that it stands in."""
    if one.calculation is not None:
        return f"calculation:{every.index(one.calculation)}"
    place = places.get(span_of(one.fact)) if one.fact else None
    return f"citation:{place}" if place is not None else one.given or ""
