"""Claims of change: found in whatever words they are put, judged right, and never accused without ground."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_facts import report_of

from assistant.guard_statements import broken
from corpus.model import Report
from tools.audit.audit import audit
from tools.audit.checks import load
from tools.audit.model import Finding, Neighbour
from tools.audit.registry import CHECKS
from tools.audit.spoken import Counted
from tools.audit.spoken import told as said
from tools.audit.view import view_of
from tools.evidence import Statement

HERE = Path(__file__).parent
CASES = [
    case
    for name in ("audit_changes.yaml", "audit_compared.yaml")
    for case in yaml.safe_load((HERE / "cases" / name).read_text("utf-8"))
]
MARKS = {"consistent": "ok", "rounding": "near", "inconsistent": "wrong", "not_recomputable": "open"}
OWN = ("growth", "difference", "direction", "magnitude", "impossible", "dates")


def findings(text: str, year: int = 2023) -> list[Finding]:
    return [f for f in audit(report_of(text, year)) if f.check in OWN]


def told(found: Sequence[Finding], text: str) -> list[str]:
    """Each finding as "verdict check figure" (the words of the claim where it has no figure)."""
    return [
        f"{MARKS[f.verdict]} {f.check} {f.stated.as_printed if f.stated else text[f.start : f.end]}"
        for f in found
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:28] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """The claims of a text are those listed, each with the verdict that an inspector would accept."""
    text = case["text"]
    found = findings(text, case.get("year", 2023))
    assert sorted(told(found, text)) == sorted(case["findings"])
    if "says" in case:
        assert any(case["says"] in f.explanation.text for f in found), [f.explanation.text for f in found]
    report = report_of(text)
    for finding in found:
        shelf = {report.id: report}
        assert broken(spoken(finding, report), shelf.get, "") == [], finding.explanation.text


def spoken(finding: Finding, report: Report) -> Statement:
    """Return a finding as the conversation says it, with what the guard needs to judge it again."""
    item = said(finding, Counted(report, (finding,))).item
    assert isinstance(item, Statement)
    return item


def _printed(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


AMOUNTS = st.decimals(min_value=Decimal("10"), max_value=Decimal("90000"), places=6)


@settings(max_examples=120, deadline=None)
@given(
    AMOUNTS,
    AMOUNTS,
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(["万元", "亿元", "万人", "平方米"]),
)
def test_what_is_true_is_never_accused(
    level: Decimal, base: Decimal, places: int, rate_places: int, unit: str
) -> None:
    """Unrounded values printed to any places, with the amount and rate they really have, are no slip."""
    up = level >= base
    assume(level != base and level < 30 * base)
    amount = _printed(abs(level - base), places)
    rate = _printed(abs(level - base) * 100 / base, rate_places)
    words = ("增加", "增长") if up else ("减少", "下降")
    text = (
        f"2023年全县专项规模为{_printed(level, places)}{unit},比上年的{_printed(base, places)}{unit}"
        f"{words[0]}{amount}{unit},{words[1]}{rate}%。"
    )
    assert [f for f in findings(text) if f.verdict == "inconsistent"] == []


@settings(max_examples=120, deadline=None)
@given(st.integers(2000, 90000), st.integers(2000, 90000), st.sampled_from(["level", "base", "amount", "rate"]),
       st.integers(1, 9))  # fmt: skip
def test_what_is_changed_is_found(level: int, base: int, which: str, by: int) -> None:
    """One figure of a true comparison of counts changed beyond rounding is found, and the finding covers it."""
    assume(abs(level - base) > 20)
    amount, rate = abs(level - base), _printed(Decimal(abs(level - base)) * 100 / base, 2)
    words = ("增加", "增长") if level > base else ("减少", "下降")
    figures: dict[str, Decimal] = {
        "level": Decimal(level), "base": Decimal(base), "amount": Decimal(amount), "rate": rate,
    }  # fmt: skip
    figures[which] += by if which != "rate" else Decimal(by) / 10
    text = (
        f"2023年小学在校生{figures['level']}人,比上年的{figures['base']}人{words[0]}{figures['amount']}人,"
        f"{words[1]}{figures['rate']}%。"
    )
    wrong = [f for f in findings(text) if f.verdict == "inconsistent"]
    unit = "%" if which == "rate" else "人"
    covered = {e.as_printed for f in wrong for e in f.evidence if hasattr(e, "as_printed")}
    assert f"{figures[which]}{unit}" in covered


@settings(max_examples=120, deadline=None)
@given(st.integers(2000, 90000), st.integers(2000, 90000), st.integers(-40, 40), st.sampled_from([
    "2023年全县寄宿生{0}人,比上年{3}{2}人(上年{1}人)。",
    "2023年全县寄宿生{0}人。与2022年相比,寄宿生{3}{2}人(2022年为{1}人)。",
    "2022年全县寄宿生{1}人,2023年寄宿生{0}人,2023年寄宿生比2022年{3}{2}人。",
    "农村寄宿生{0}人,城区寄宿生{1}人,农村比城区{4}{2}人。",
]))  # fmt: skip
def test_a_base_that_is_named_is_used_and_nothing_else(level: int, base: int, off: int, form: str) -> None:
    """Where the words name both figures, what fits is consistent and what does not is found, nothing between."""
    assume(abs(level - base) > 50)
    words = ("增加", "多") if level > base else ("减少", "少")
    text = form.format(level, base, abs(level - base) + off, *words)
    (found,) = [f for f in findings(text) if f.check in ("difference", "direction")]
    assert found.verdict == ("inconsistent" if off else "consistent")


class _Shelf:
    def __init__(self, *held: Report) -> None:
        self.held = held

    def same_region(self, report: Report) -> list[Neighbour]:
        return [Neighbour(r, view_of(r).facts) for r in self.held]

    def same_metric(self, fact: object) -> list[object]:
        return []


def test_the_report_of_the_year_before_confirms_but_never_accuses() -> None:
    """A base that only another report states can bear a claim out; one that differs is a hint with both texts."""
    from dataclasses import replace

    before = replace(report_of("2022年全县一般公共预算教育经费80000万元。", 2022), id="before")
    peers = _Shelf(before)
    right = audit(report_of("2023年全县一般公共预算教育经费84000万元,比上年增长5.00%。"), None, peers)  # type: ignore[arg-type]
    assert [(f.verdict, f.hint) for f in right if f.check == "growth"] == [("consistent", False)]
    other = audit(report_of("2023年全县一般公共预算教育经费84000万元,比上年增长9.00%。"), None, peers)  # type: ignore[arg-type]
    (found,) = [f for f in other if f.check == "growth"]
    assert (found.verdict, found.hint) == ("not_recomputable", True)
    assert "80000万元" in found.explanation.text
    shelf = {"t": report_of("2023年全县一般公共预算教育经费84000万元,比上年增长9.00%。"), "before": before}
    assert broken(spoken(found, shelf["t"]), shelf.get, "") == []


def test_hostile_texts_are_read_in_linear_time_without_errors() -> None:
    """Endless lists and broken comparisons neither fail nor slow the checks down."""
    load()
    for piece in (
        "比上年的0人增加5人,增长0%,",
        "由-3人减少到-5人,翻了一番,",
        "分别由1人、2人提高到",
        "在上年0元的基础上增加3元,达到0元,",
    ):
        text = "2023年在校生5人," + piece * 400 + "。"
        view = view_of(report_of(text))
        for run in CHECKS.values():
            list(run(view))
