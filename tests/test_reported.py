"""What reports settle of a standard: only what they state, and never what they plan, demand or nearly say."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from answers_fixtures import Shelf, load_cases, shelf_as_store, shelf_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.limits import Limit, Operator
from corpus.rules import standards
from tools.compliance.model import Verdict
from tools.compliance.ranges import Range, keeps
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


AMOUNTS = st.fractions(min_value=Fraction(1, 100), max_value=200, max_denominator=1000)
SIGNS: tuple[Operator, ...] = ("≥", "≤", "<", ">", "=")


@given(AMOUNTS, AMOUNTS, st.booleans(), st.booleans(), st.sampled_from(SIGNS), st.sampled_from(["%", "1:N"]))
def test_a_range_is_judged_as_all_of_its_values(
    one: Fraction, other: Fraction, low_open: bool, high_open: bool, sign: Operator, unit: str
) -> None:
    """True only if every value keeps the limit, False only if none does, tried at the ends, between and at the limit."""
    low, high = sorted((one, other))
    limit = Limit(operator=sign, value=Decimal(50), unit=unit)
    allowed = Range(low, high, low_open and low < high, high_open and low < high)
    near = Fraction(1, 10**6)
    tried = {
        low,
        high,
        (low + high) / 2,
        Fraction(50),
        Fraction(50) + near,
        Fraction(50) - near,
        low + near,
        high - near,
    }
    outcomes = {limit.allows(value) for value in tried if allowed.holds(value)}
    assert keeps(limit, allowed) == (outcomes.pop() if len(outcomes) == 1 else None)


@given(AMOUNTS, st.booleans(), st.sampled_from(SIGNS))
def test_an_open_end_is_never_taken_for_a_value(bound: Fraction, strict: bool, sign: Operator) -> None:
    """ "95%以上" meets ≥ 95 and nothing that a greater value would break."""
    limit = Limit(operator=sign, value=Decimal(50), unit="%")
    above, below = Range(bound, None, low_open=strict), Range(None, bound, high_open=strict)
    if sign in ("≤", "<", "="):
        assert keeps(limit, above) is not True
    if sign in ("≥", ">", "="):
        assert keeps(limit, below) is not True
