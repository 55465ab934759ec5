"""What reports settle of a standard: only what they state, and never what they plan, demand or nearly say."""

from __future__ import annotations

from typing import Any

import pytest
from answers_fixtures import Shelf, load_cases, shelf_as_store, shelf_of

from corpus.rules import standards
from tools.compliance.model import Verdict
from tools.compliance.reported import reported_verdicts

CASES = load_cases("reported.yaml")
HOME = "云溪县"


def shelf_for(case: dict[str, Any]) -> Shelf:
    texts = [(HOME, 2022, case["text"]), *case.get("more", [])]
    shelves = [
        shelf_of((f"r{number}", region, text), year=year) for number, (region, year, text) in enumerate(texts)
    ]
    reports = [report for shelf in shelves for report in shelf.reports()]
    return Shelf(*(fact for shelf in shelves for fact in shelf.facts()), reports=reports)


def verdict_for(case: dict[str, Any], shelf: Shelf) -> Verdict:
    standard = standards()[case.get("standard", "youzhi_junheng")]
    found = reported_verdicts(shelf_as_store(shelf), standard, region=HOME, year=case.get("year", "2022"))
    assert [v.code for v in found] == [d.code for d in standard.demands]
    return next(v for v in found if v.code == case["code"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['code']} {case['text'][:24]}")
def test_a_report_settles_what_it_states(case: dict[str, Any]) -> None:
    """Each text gives the verdict, the figure and the reason that an inspector would accept."""
    shelf = shelf_for(case)
    verdict = verdict_for(case, shelf)
    assert verdict.status == case["status"], verdict.remark
    shown = verdict.observed.shown if verdict.observed else None
    assert shown == (case.get("value") if not verdict.parts else None)
    assert case.get("says", "") in verdict.remark
    if "gap" in case:
        assert verdict.gap is not None and verdict.gap.shown == case["gap"]
    texts = [shelf.papers[f.report_id].text[slice(*f.sentence)] for f in verdict.facts]
    assert case.get("quote", "") in "".join(texts + [s.text for s in verdict.sentences])
    if verdict.status in ("met", "not_met"):
        assert verdict.facts and not verdict.wanted
    else:
        assert verdict.wanted and verdict.remark and verdict.gap is None
