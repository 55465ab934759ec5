"""Printed values as intervals: what a figure may have been, and what follows for what is computed from it."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_facts import report_of

from corpus.facts import read_facts
from corpus.model import Fact
from tools.audit import moving
from tools.audit.intervals import FORMULAS, UNBOUNDED, extremes, interval_of, judge
from tools.calculation import Calculation, Input

D = Decimal


def fact(text: str, index: int = 0) -> Fact:
    return read_facts(report_of(text))[index]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("全县在校生68532人。", "68532", "68532"),
        ("全县在校生68.5万人。", "68.45", "68.55"),
        ("全县在校生2万人。", "1.5", "2.5"),
        ("教育经费42209万元。", "42208.5", "42209.5"),
        ("教育经费2.88亿元。", "2.875", "2.885"),
        ("生均公用经费11864元。", "11863.5", "11864.5"),
        ("全年发放资金726450元。", "726450", "726450"),
        ("巩固率95%。", "94.5", "95.5"),
        ("师幼比为1:13。", "12.5", "13.5"),
        ("生师比16.49:1。", "16.485", "16.495"),
        ("生均图书32册。", "31.5", "32.5"),
        ("图书共32册。", "32", "32"),
        ("投入资金近3亿元。", "2.25", "3"),
        ("培训教师近1000人。", "750", "1000"),
        ("培训教师8900余人。", "8900", "9000"),
        ("投入1000多万元。", "1000", "2000"),
        ("占比约30%。", "22.5", "37.5"),
        ("覆盖率达到85%以上。", "85", None),
        ("投入突破6亿元。", "6", None),
        ("使用率不足60%。", None, "60"),
        ("差异系数不超过0.50。", None, "0.50"),
        ("现有教师20—30人。", "20", "30"),
    ],
)
def test_what_a_printed_value_may_have_been(text: str, low: str | None, high: str | None) -> None:
    """Counts are exact, measures half a place wide, and words open an end or set it at the number itself."""
    own = interval_of(fact(text))
    assert (own.low, own.high) == (D(low) if low else -UNBOUNDED, D(high) if high else UNBOUNDED)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_inner_values_leave_the_extremes(data: st.DataObject) -> None:
    """Whatever the printed inputs were before rounding, the result lies between the extremes (all formulas)."""
    name = data.draw(st.sampled_from(sorted(FORMULAS)))
    sizes = {"annual_growth": 3, "share": 3, "sum": 3, "remainder": 3, "growth_of_sum": 3, "sum_less": 3}
    sizes["retention"] = 5
    texts, inner = [], []
    for _ in range(sizes.get(name, 2)):
        places = data.draw(st.integers(0, 2))
        value = data.draw(st.decimals(min_value=D("20"), max_value=D("99"), places=6))
        inner.append(value)
        texts.append(value.quantize(D(1).scaleb(-places), ROUND_HALF_UP))
    if name in ("rise_in_level", "gain_in_level"):
        inner[1], texts[1] = inner[1] + 200, texts[1] + 200
    for at in (0, 3) if name == "retention" else ():  # those who left are fewer than those who were there
        inner[at], texts[at] = inner[at] + 200, texts[at] + 200
    facts = [fact(f"投入{text}万元。") for text in texts]
    inputs = [Input("数", f.value, f.unit, f) for f in facts]
    if name == "annual_growth":
        inputs[2] = Input("年数", D(3), "年", given="年份")
        inner[2] = D(3)
    made = Calculation(name, "数", "", "", tuple(inputs), FORMULAS[name]([i.value for i in inputs]), "%", 2)
    least, most = extremes(made)
    slack = D("1e-20")
    assert least.exact - slack <= FORMULAS[name](inner) <= most.exact + slack
    assert least.exact - slack <= made.exact <= most.exact + slack


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(0, 3), st.booleans())
def test_verdicts_follow_from_exact_counts(level: int, base: int, places: int, off: bool) -> None:
    """Of exact counts the true rate is consistent at any precision, and one a whole place away is not."""
    assume(level != base)
    true = (D(level - base) * 100 / base).quantize(D(1).scaleb(-places), ROUND_HALF_UP)
    stated = abs(true) + (D(2).scaleb(-places) if off else 0)
    assume(true != 0)
    text = f"学生{level}人,比上年的{base}人{'增长' if level > base else '下降'}{stated}%。"
    now, then, claim = read_facts(report_of(text))
    made = moving.change(claim, now, then)
    assert made is not None
    assert judge(claim, made).verdict == ("inconsistent" if off else "consistent")


def test_signs_and_bounds_are_read_as_they_are_meant() -> None:
    """下降-1.5% falls; a qualifier that is kept is consistent, one that is broken is not; no bound is 1e30 wide."""
    now, then, claim = read_facts(report_of("学生9850人,比上年的10000人下降1.50%。"))
    made = moving.change(claim, now, then)
    assert made is not None
    assert judge(claim, made).verdict == "consistent"
    assert judge(replace(claim, value=-claim.value), made).verdict == "consistent"
    assert judge(replace(claim, direction="up"), made).verdict == "inconsistent"
    near = replace(claim, value=D("2"), as_printed="2%", qualifier="近")
    assert judge(near, made).verdict == "consistent"
    above = replace(near, qualifier="超过")
    assert judge(replace(above, value=D("1"), direction="down"), made).verdict == "consistent"
    assert judge(replace(above, value=D("3")), made).verdict == "inconsistent"
    open_base = replace(then, qualifier="不足")
    vague = moving.change(claim, now, open_base)
    assert vague is not None
    judged = judge(replace(claim, value=D("40"), direction="up"), vague)
    assert judged.verdict == "rounding" and judged.least is None


def test_a_base_of_nothing_gives_no_rate() -> None:
    """A zero or negative base has no rate of change; the difference is still one."""
    now, then, claim = read_facts(report_of("学校5所,比上年的0所增长100%。"))
    assert moving.change(claim, now, then) is None
    amount = replace(claim, unit="所", role="change")
    assert moving.difference(now, then, "所", "所").exact == 5
    assert moving.change(amount, now, then) is not None
