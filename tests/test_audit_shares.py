"""Shares, rates, averages and ratios: recomputed where the words tie figures to them, and never accused otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from answers_fixtures import load_cases, shelf_of
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Fact, Report
from tools.audit.audit import audit
from tools.audit.model import Finding
from tools.calculation import rounded

CASES = load_cases("audit_shares.yaml")
MINE = ("share", "rate", "average", "ratio")
Found = tuple[Report, Sequence[Finding]]


def found_in(text: str) -> Found:
    shelf = shelf_of(("r", "云溪县", text), year=2023)
    (report,) = shelf.reports()
    return report, [f for f in audit(report, shelf.facts()) if f.check in MINE]


def on(claim: str, found: Found) -> Finding | None:
    """Return the finding on the last figure printed as ``claim``."""
    report, findings = found
    start = report.text.rfind(claim)
    assert start >= 0
    return next((f for f in findings if f.stated and f.stated.start <= start < f.stated.end), None)


def changed(claim: str) -> str:
    """Return ``claim`` with its first digit another one, beyond all rounding."""
    digits = "0123456789一二三四五六七八九"
    other = dict(zip(digits, "5765832416七八九二三二三四五", strict=True))
    at = next(i for i, c in enumerate(claim) if c in digits and not claim.startswith("1:", i) and c != "百")
    if claim.startswith("1:"):
        at = 2
    if claim.startswith("百分之"):
        at = 3
    return claim[:at] + other[claim[at]] + claim[at + 1 :]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['claim']} {case['text'][:24]}")
def test_a_claim_is_judged_as_an_inspector_would(case: dict[str, Any]) -> None:
    """The verdict, the recomputed value and the words of each case; an explanation has every number sourced."""
    finding = on(case["claim"], found_in(case["text"]))
    if case["verdict"] == "none":
        assert finding is None
        return
    assert finding is not None
    assert (finding.check, finding.verdict) == (case["check"], case["verdict"]), finding.explanation.text
    if "value" in case:
        assert finding.calculation is not None and f"{finding.calculation.value}" == case["value"]
    assert case.get("says", "") in finding.explanation.text
    assert finding.stated is finding.evidence[0]
    for part in finding.explanation.parts:
        assert part.source is not None or not any(c.isdigit() for c in part.text)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["verdict"] == "consistent" and not case.get("loose")],
    ids=lambda case: f"{case['claim']} {case['text'][:24]}",
)
def test_a_changed_claim_is_found(case: dict[str, Any]) -> None:
    """A claim that agreed no longer does when a digit of it is another one."""
    at = case["text"].rfind(case["claim"])
    wrong = changed(case["claim"])
    text = case["text"][:at] + wrong + case["text"][at + len(case["claim"]) :]
    finding = on(wrong, found_in(text))
    assert finding is not None and finding.verdict == "inconsistent", finding and finding.explanation.text


COUNTS = st.integers(min_value=1, max_value=99_999)


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS, st.integers(0, 3))
def test_an_honest_share_is_never_accused(one: int, other: int, places: int) -> None:
    """A share rounded half up from its counts is consistent at any number of decimals; the next but one is not."""
    part, whole = sorted((one, other))
    share = rounded(Decimal(part) * 100 / whole, places)
    text = "全县专任教师{}人,其中本科及以上学历{}人,占{}%。"
    finding = on(f"{share}%", found_in(text.format(whole, part, share)))
    assert finding is not None and finding.verdict == "consistent"
    wrong = share + 2 * Decimal(1).scaleb(-places)
    finding = on(f"{wrong}%", found_in(text.format(whole, part, wrong)))
    assert finding is not None and finding.verdict == "inconsistent"


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 400), st.integers(0, 60), st.integers(0, 30), st.integers(0, 20), st.booleans())
def test_enrolment_is_accused_only_when_no_treatment_gives_it(
    enrolled: int, home: int, deferred: int, cured: int, counts_deferred: bool
) -> None:
    """Counting what is taught at home is consistent; what only counting the deferred gives is left open."""
    whole = enrolled + home + deferred + cured
    top = enrolled + home + (deferred if counts_deferred else 0)
    share = rounded(Decimal(top) * 100 / whole, 2)
    text = (
        f"全县适龄残疾儿童少年{whole}人,其中随班就读{enrolled}人,送教上门{home}人,延缓入学{deferred}人,"
        f"康复机构{cured}人,入学率{share}%。"
    )
    finding = on(f"{share}%", found_in(text))
    assert finding is not None
    plain = not counts_deferred or share == rounded(Decimal(enrolled + home) * 100 / whole, 2)
    assert finding.verdict == ("consistent" if plain else "not_recomputable"), text
    assert all(isinstance(e, Fact) for e in finding.evidence)
