"""The tools by themselves: what they find, compute, refuse, and how a stated figure is judged."""

from __future__ import annotations

import ast
import inspect
import operator
import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from answers_fixtures import (
    Shelf,
    calculated,
    facts_in,
    figure,
    lacking,
    shelf_as_store,
    shelf_of,
)
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.model import Fact
from corpus.rules import standards
from tools import TOOLS, BadCall, Evidence
from tools.calculation import Calculation, rounded, trimmed
from tools.change import difference_of, growth_of
from tools.evidence import Clause, Sentence, amount, describe, from_fact, missing, period_words
from tools.order import conversion_of, obstacles
from tools.proportion import share_of, sum_of
from tools.recompute import judge
from tools.registry import tool

NAMES = {
    "find_facts", "search_passages", "growth", "difference", "ratio", "share", "sum", "rank", "compare",
    "convert", "gap", "remain", "average", "recompute", "read_section", "find_documents",
    "describe_standard", "count_listed", "facts_beside", "earlier",
    "check_compliance", "school_indicators", "school_cells", "dispersion", "county_indicators", "plan_additions", "plan_moves",
    "what_if", "standard_limits", "standard_variants", "standard_rules",
}  # fmt: skip
SUMS = st.decimals("0.01", "9999999.99", places=2)
HALF_UNIT = Decimal("0.005")
OPERATORS: dict[type[ast.operator], Any] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def call(name: str, *facts: Fact, **arguments: Any) -> list[Evidence]:
    """Run a tool over a shelf that holds just ``facts``."""
    return TOOLS[name].run(shelf_as_store(Shelf(*facts)), **arguments)


def evaluated(steps: str) -> tuple[Decimal, Decimal]:
    """Return both sides of the steps shown, the left one computed from what is printed there."""
    left, right = steps.replace("≈", "=").split("=")
    source = left.replace("× 100%", "* 100").replace("÷", "/").replace("−", "-").strip()
    printed_right = re.match(r"-?[\d.]+", right.strip())
    assert printed_right
    return _computed(ast.parse(source, mode="eval").body, source), Decimal(printed_right[0])


def _computed(node: ast.expr, source: str) -> Decimal:
    if isinstance(node, ast.BinOp):
        made: Decimal = OPERATORS[type(node.op)](_computed(node.left, source), _computed(node.right, source))
        return made
    written = ast.get_source_segment(source, node)
    assert written
    return Decimal(written)


# The table of tools


def test_every_tool_of_the_plan_is_registered() -> None:
    """The folder registers the tools that procedures and models call, each under its name."""
    assert set(TOOLS) >= NAMES
    assert all(known.name == name for name, known in TOOLS.items())


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_tool_says_what_it_does_and_takes(name: str) -> None:
    """A model reads a Chinese sentence and a line for each argument; every argument has a type."""
    known = TOOLS[name]
    assert "\u4e00" <= known.doc[0] <= "\u9fff"
    assert known.doc.splitlines()[0].endswith("。")
    for key, parameter in known.parameters.items():
        assert parameter.annotation is not inspect.Parameter.empty
        assert f"\n    {key}: " in known.doc


def test_store_is_no_argument_of_a_tool() -> None:
    """What a model may fill in never holds the store."""
    assert all("store" not in known.parameters for known in TOOLS.values())


def test_tool_without_docstring_is_refused() -> None:
    """A function that says nothing cannot become a tool, and leaves no trace in the table."""

    def silent() -> list[Evidence]:
        return []

    with pytest.raises(TypeError, match="silent"):
        tool()(silent)
    assert "silent" not in TOOLS


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("growth", {"current": "x", "base": "x"}),
        ("difference", {"a": "x", "b": "x"}),
        ("ratio", {"a": "x", "b": "x"}),
        ("share", {"parts": ["x"], "whole": "x"}),
        ("sum", {"items": ["x", "y"]}),
        ("rank", {"items": ["x", "y"]}),
        ("compare", {"a": "x", "b": "x"}),
        ("convert", {"item": "x", "unit": "亿元"}),
        ("gap", {"item": "x", "threshold": "50%"}),
        ("remain", {"whole": "x", "parts": ["y"]}),
        ("average", {"total": "x", "count": "y"}),
        ("recompute", {"claim": "x"}),
        ("facts_beside", {"item": "x"}),
        ("earlier", {"level": "x", "change": "x"}),
        ("count_listed", {"items": ["x"]}),
    ],
)
def test_unknown_id_is_a_bad_call_that_says_what_to_do(name: str, arguments: dict[str, Any]) -> None:
    """An id that no fact has is told in one Chinese line with the id and the tool that gives ids."""
    with pytest.raises(BadCall) as raised:
        call(name, **arguments)
    said = str(raised.value)
    assert "'x'" in said and "find_facts" in said and "\n" not in said


# Rounding and units


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("2.345", 2, "2.35"), ("2.3449999", 2, "2.34"), ("-2.345", 2, "-2.35"), ("-2.344", 2, "-2.34"),
        ("0.5", 0, "1"), ("1.5", 0, "2"), ("2.5", 0, "3"), ("11.0266", 2, "11.03"), ("9", 2, "9.00"),
        ("0.005", 2, "0.01"), ("0.00499", 2, "0.00"), ("99999999999999999999.995", 2, "100000000000000000000.00"),
    ],
)  # fmt: skip
def test_rounds_half_up(value: str, places: int, shown: str) -> None:
    """The half goes away from zero, as official bulletins print it, whatever the size of the number."""
    assert f"{rounded(Decimal(value), places):f}" == shown


@pytest.mark.parametrize(
    ("value", "shown"), [("120", "120"), ("1E+5", "100000"), ("4.2200", "4.22"), ("0.000", "0")]
)
def test_trims_zeros_in_plain_notation(value: str, shown: str) -> None:
    """No exponent and no trailing zeros are ever shown."""
    assert f"{trimmed(Decimal(value)):f}" == shown


@pytest.mark.parametrize(
    ("value", "unit", "to", "result"),
    [
        ("42209", "万元", "亿元", "4.2209亿元"),
        ("207.24", "亿元", "万元", "2072400万元"),
        ("8642.32", "元", "万元", "0.864232万元"),
        ("3", "万人次", "人次", "30000人次"),
        ("0", "万元", "亿元", "0亿元"),
    ],
)
def test_converts_exactly(value: str, unit: str, to: str, result: str) -> None:
    """A conversion moves the decimal point and never rounds."""
    made = calculated(call("convert", figure(value, unit, "a"), item="a", unit=to))
    assert made.result == result
    assert made.rounding == "精确值,不舍入"


def test_conversion_shows_the_factor() -> None:
    """The formula of a conversion says what one unit is in the other."""
    assert conversion_of(figure("42209", "万元"), "亿元").formula == "1万元 = 0.0001亿元"


def test_conversion_of_zero_shows_the_factor_too() -> None:
    """The factor does not depend on the amount."""
    assert conversion_of(figure("0", "万元"), "亿元").formula == "1万元 = 0.0001亿元"


def test_conversion_to_another_dimension_is_refused() -> None:
    """Money is no head count; the message names amount and unit."""
    with pytest.raises(BadCall, match="42209万元不能换算成人"):
        call("convert", figure("42209", "万元", "a"), item="a", unit="人")


@given(SUMS, st.sampled_from(["元", "万元", "亿元"]), st.sampled_from(["元", "万元", "亿元"]))
def test_conversion_there_and_back_is_identity(value: Decimal, unit: str, to: str) -> None:
    """Nothing is lost on the way, however far the units lie apart."""
    there = conversion_of(figure(f"{value:f}", unit), to)
    assert conversion_of(figure(f"{there.value:f}", to), unit).value == value


# Growth and difference


@pytest.mark.parametrize(
    ("current", "base", "shown", "direction"),
    [
        ("42209", "38017", "11.03%", "up"),
        ("20018.65", "17937.20", "11.60%", "up"),
        ("33844.74", "34583.04", "-2.13%", "down"),
        ("100", "100", "0.00%", None),
        ("20001", "20000", "0.01%", "up"),  # 0.005 exactly: half up
        ("19999", "20000", "-0.01%", "down"),
        ("20000.9", "20000", "0.00%", "up"),  # just below the half
        ("0", "5", "-100.00%", "down"),
    ],
)
def test_growth(current: str, base: str, shown: str, direction: str | None) -> None:
    """The rate is taken from the base, rounded half up to two places, with its sign and direction."""
    made = calculated(
        call("growth", figure(current, "元", "a"), figure(base, "元", "b"), current="a", base="b")
    )
    assert made.result == shown
    assert made.direction == direction


def test_growth_over_units() -> None:
    """万元 and 亿元 are one dimension: the base is taken in the unit of the later figure."""
    made = calculated(
        call("growth", figure("4.4", "亿元", "a"), figure("40000", "万元", "b"), current="a", base="b")
    )
    assert made.result == "10.00%"
    assert made.is_exact


def test_growth_from_zero_is_not_comparable() -> None:
    """A zero base gives no rate; the reason is named instead of a number."""
    found = call("growth", figure("5", "所", "a"), figure("0", "所", "b"), current="a", base="b")
    assert lacking(found).reason == "not_comparable"
    assert "上期为0" in lacking(found).what
    assert not [e for e in found if e.kind == "calculation"]


@given(SUMS, SUMS)
def test_growth_applied_gives_the_level_back(current: Decimal, base: Decimal) -> None:
    """base × (1 + rate) is the later level up to half a unit of the last place of the printed rate."""
    made = growth_of(figure(f"{current:f}", "万元"), figure(f"{base:f}", "万元"))
    assert made is not None
    assert abs(base * (1 + made.value / 100) - current) <= base * HALF_UNIT / 100 + Decimal("1E-20")


@given(SUMS, SUMS)
def test_difference_is_exact_and_antisymmetric(a: Decimal, b: Decimal) -> None:
    """a − b is exact, and swapping the two turns the sign and nothing else."""
    first, second = figure(f"{a:f}", "元"), figure(f"{b:f}", "元")
    made = difference_of(first, second)
    assert made.exact == a - b == -difference_of(second, first).exact
    assert made.is_exact


def test_difference_of_percentages_is_in_points() -> None:
    """Two shares differ by 百分点, never by per cent."""
    made = calculated(call("difference", figure("15.68", "%", "a"), figure("18.92", "%", "b"), a="a", b="b"))
    assert made.result == "-3.24百分点"
    assert made.direction == "down"


def test_difference_over_units_notes_the_conversion() -> None:
    """The unit is that of the first figure, and a note says how the second was taken."""
    made = calculated(
        call("difference", figure("143.28", "亿元", "a"), figure("284597", "万元", "b"), a="a", b="b")
    )
    assert made.result == "114.8203亿元"
    assert made.notes == ("284597万元按28.4597亿元计算",)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("growth", ("current", "base")),
        ("difference", ("a", "b")),
        ("ratio", ("a", "b")),
    ],
)
def test_two_dimensions_make_no_calculation(name: str, names: tuple[str, str]) -> None:
    """People cannot be taken from money: the refusal shows both amounts as printed."""
    with pytest.raises(BadCall) as raised:
        call(
            name,
            figure("42209", "万元", "a"),
            figure("227", "人", "b"),
            **dict(zip(names, "ab", strict=True)),
        )
    assert "单位不同" in str(raised.value)
    assert "42209万元" in str(raised.value) and "227人" in str(raised.value)


@pytest.mark.parametrize(
    ("level", "change", "direction", "steps"),
    [
        (("42209", "万元"), ("4192", "万元"), "up", "42209 − 4192 = 38017万元"),
        (("387859", "万元"), ("19", "万元"), "down", "387859 + 19 = 387878万元"),
        (("20.5", "亿元"), ("5000", "万元"), "up", "20.5 − 0.5 = 20.0亿元"),
        (("15.68", "%"), ("3.24", "百分点"), "down", "15.68 + 3.24 = 18.92%"),
    ],
)
def test_level_before_follows_from_level_and_change(
    level: tuple[str, str], change: tuple[str, str], direction: str, steps: str
) -> None:
    """What a text leaves out is derived: a rise is taken off, a fall is put on."""
    moved = figure(*change, "m", role="change", direction=direction)
    assert calculated(call("earlier", figure(*level, "l"), moved, level="l", change="m")).steps == steps


def test_level_is_no_change() -> None:
    """Only an amount of change leads back to the level before."""
    with pytest.raises(BadCall, match="不是42209万元的增减额"):
        call("earlier", figure("42209", "万元", "l"), figure("9", "万元", "m"), level="l", change="m")


def test_rise_stated_for_a_fall_is_inconsistent() -> None:
    """A report that says 增加19万元 where its levels fall by 19万元 contradicts itself."""
    fell = difference_of(figure("387859", "万元"), figure("387878", "万元"))
    assert judge(figure("19", "万元", role="change", direction="up"), fell) == "inconsistent"
    assert judge(figure("19", "万元", role="change", direction="down"), fell) == "consistent"


# Parts of a whole


@pytest.mark.parametrize(
    "whole",
    [
        "w",
        "",
    ],
)
def test_share_of_no_parts_is_not_comparable(whole: str) -> None:
    """No parts have no share, whether a whole is given or to be found."""
    found = call("share", figure("9", "人", "w"), parts=[], whole=whole)
    assert lacking(found).reason == "not_comparable"


def test_share_counts_a_repeated_id_once() -> None:
    """An id given twice is one part."""
    facts = (figure("3", "人", "a"), figure("9", "人", "w"))
    assert calculated(call("share", *facts, parts=["a", "a"], whole="w")).result == "33.33%"


def test_share_of_several_parts() -> None:
    """Parts are added before they are divided, and the steps show it."""
    parts = (figure("3514", "人", "a"), figure("10089", "人", "b"))
    made = calculated(call("share", *parts, figure("14943", "人", "w"), parts=["a", "b"], whole="w"))
    assert made.steps == "(3514 + 10089) ÷ 14943 × 100% ≈ 91.03%"


def test_share_takes_units_into_account() -> None:
    """A part in 万元 of a whole in 亿元."""
    made = calculated(
        call("share", figure("5000", "万元", "a"), figure("2", "亿元", "w"), parts=["a"], whole="w")
    )
    assert made.result == "25.00%"


def test_share_of_nothing_is_not_comparable() -> None:
    """A zero whole gives no share."""
    found = call("share", figure("5", "人", "a"), figure("0", "人", "w"), parts=["a"], whole="w")
    assert lacking(found).reason == "not_comparable"


def test_share_of_another_dimension_is_refused() -> None:
    """Part and whole must be counted alike."""
    with pytest.raises(BadCall, match="单位不同"):
        call("share", figure("5", "人", "a"), figure("9", "万元", "w"), parts=["a"], whole="w")


def test_share_finds_the_whole_in_the_same_sentence() -> None:
    """Without a whole the total named before the part in its sentence is taken."""
    shelf = shelf_of(("r", "云溪县", "全县残疾儿童共227人,其中送教上门34人。"))
    part = next(f for f in shelf.facts() if f.as_printed == "34人")
    made = calculated(TOOLS["share"].run(shelf_as_store(shelf), parts=[part.id]))
    assert made.steps == "34 ÷ 227 × 100% ≈ 14.98%"


def test_share_without_a_whole_in_the_text_says_so() -> None:
    """A total is never made up."""
    shelf = shelf_of(("r", "云溪县", "全县送教上门34人。"))
    found = TOOLS["share"].run(shelf_as_store(shelf), parts=[shelf.facts()[0].id])
    assert lacking(found).reason == "not_reported"


@given(st.lists(st.integers(0, 99999), min_size=1, max_size=4), st.integers(0, 99999))
def test_parts_of_a_whole_never_exceed_it(parts: list[int], rest: int) -> None:
    """Counts that add up to no more than the whole have a share from 0 to 100 per cent."""
    whole = sum(parts) + rest
    assume(whole)
    made = share_of([figure(str(p), "人") for p in parts], figure(str(whole), "人"))
    assert 0 <= made.value <= 100
    assert (made.exact == 100) == (rest == 0)


def test_ratio_is_a_multiple_with_two_places() -> None:
    """Units are brought together before the division."""
    made = calculated(
        call("ratio", figure("207.24", "亿元", "a"), figure("387859", "万元", "b"), a="a", b="b")
    )
    assert made.result == "5.34倍"


def test_ratio_to_zero_is_not_comparable() -> None:
    """Nothing is a multiple of zero."""
    found = call("ratio", figure("5", "所", "a"), figure("0", "所", "b"), a="a", b="b")
    assert lacking(found).reason == "not_comparable"


@given(st.permutations([("535", "万元"), ("423", "万元"), ("0.72", "亿元"), ("12.50", "元")]))
def test_sum_does_not_depend_on_the_order(items: list[tuple[str, str]]) -> None:
    """Permuted items give the same amount, whatever unit comes first."""
    made = sum_of([figure(*item) for item in items])
    assert conversion_of(figure(f"{made.value:f}", made.unit), "元").value == Decimal("81580012.5")


@pytest.mark.parametrize("items", [["a"], ["a", "a"], []])
def test_sum_needs_two_different_facts(items: list[str]) -> None:
    """The same fact twice is no second item."""
    with pytest.raises(BadCall, match="至少要两个不同"):
        call("sum", figure("535", "万元", "a"), items=items)


def test_sum_counts_a_repeated_id_once() -> None:
    """An id given twice is added once."""
    facts = (figure("535", "万元", "a"), figure("423", "万元", "b"))
    assert calculated(call("sum", *facts, items=["a", "b", "a"])).result == "958万元"


def test_sum_over_dimensions_is_refused() -> None:
    """The message shows all items as printed."""
    with pytest.raises(BadCall, match="535万元、34人"):
        call("sum", figure("535", "万元", "a"), figure("34", "人", "b"), items=["a", "b"])


def test_remainder_takes_all_parts_out() -> None:
    """Each part is subtracted once; the steps show every one."""
    facts = (figure("227", "人", "w"), figure("192", "人", "a"), figure("1", "人", "b"))
    made = calculated(call("remain", *facts, whole="w", parts=["a", "b", "a"]))
    assert made.steps == "227 − 192 − 1 = 34人"


def test_remainder_below_zero_is_not_comparable() -> None:
    """Parts that exceed the whole overlap or do not belong to it: no negative count is shown."""
    found = call("remain", figure("34", "人", "w"), figure("192", "人", "a"), whole="w", parts=["a"])
    assert lacking(found).reason == "not_comparable"


@pytest.mark.parametrize("parts", [[], ["a"]])
def test_remainder_needs_parts_of_the_same_kind(parts: list[str]) -> None:
    """No parts, or parts counted otherwise, are a bad call."""
    with pytest.raises(BadCall, match="不能相减"):
        call("remain", figure("34", "人", "w"), figure("192", "万元", "a"), whole="w", parts=parts)


def test_average_is_taken_in_plain_units() -> None:
    """万元 over 万人次 is an average in 元; the formula says by what it is divided."""
    made = calculated(
        call("average", figure("1224", "万元", "t"), figure("2", "万人次", "n"), total="t", count="n")
    )
    assert made.result.startswith("612.00元")


def test_average_over_nobody_is_not_comparable() -> None:
    """A count of zero gives no average."""
    found = call("average", figure("1224", "万元", "t"), figure("0", "人", "n"), total="t", count="n")
    assert lacking(found).reason == "not_comparable"


def test_average_of_like_by_like_is_refused() -> None:
    """Money by money is a ratio, no average."""
    with pytest.raises(BadCall, match="单位相同"):
        call("average", figure("12", "万元", "t"), figure("3", "元", "n"), total="t", count="n")


@pytest.mark.parametrize(
    ("value", "unit", "threshold", "result", "direction"),
    [
        ("82.5", "%", "85%", "2.5百分点", "up"),
        ("97", "%", "95%", "-2百分点", "down"),
        ("50", "%", "50%", "0百分点", None),
        ("3514", "人", "5000人", "1486人", "up"),
    ],
)
def test_gap_is_what_is_wanted_less_what_is(
    value: str, unit: str, threshold: str, result: str, direction: str | None
) -> None:
    """Positive is short of the demand, negative beyond it; percentages differ by points."""
    made = calculated(call("gap", figure(value, unit, "a"), item="a", threshold=threshold))
    assert (made.result, made.direction) == (result, direction)


@pytest.mark.parametrize(("threshold", "said"), [("很多", "读不出要求的数"), ("50人", "单位不同")])
def test_gap_needs_a_demand_of_the_same_kind(threshold: str, said: str) -> None:
    """A demand without a number, or in another unit, is a bad call."""
    with pytest.raises(BadCall, match=said):
        call("gap", figure("82.5", "%", "a"), item="a", threshold=threshold)


# Order and comparison


def test_rank_orders_by_size_over_units_and_signs() -> None:
    """亿元 before 万元 where it is more; a fall is below every rise."""
    facts = (figure("9000", "万元", "a"), figure("1.2", "亿元", "b"), figure("5", "元", "c"))
    assert [f.id for f in facts_in(call("rank", *facts, items=["a", "b", "c"]))] == ["b", "a", "c"]
    assert [f.id for f in facts_in(call("rank", *facts, items=["a", "b", "c"], descending=False))] == [
        "c",
        "a",
        "b",
    ]
    moved = (
        figure("9.5", "%", "down", role="rate", direction="down"),
        figure("0.3", "%", "up", role="rate", direction="up"),
    )
    assert [f.id for f in facts_in(call("rank", *moved, items=["down", "up"]))] == ["up", "down"]


def test_rank_needs_two_and_one_dimension() -> None:
    """One item is no ranking, and amounts of two kinds have no order."""
    with pytest.raises(BadCall, match="至少要两个"):
        call("rank", figure("1", "人", "a"), items=["a", "a"])
    with pytest.raises(BadCall, match="单位不同,不能排序"):
        call("rank", figure("1", "人", "a"), figure("2", "元", "b"), items=["a", "b"])


def test_compare_gives_the_difference_of_comparable_facts() -> None:
    """The same metric of two places in one year may be set side by side."""
    facts = (figure("9", "人", "a", region="甲县"), figure("7", "人", "b", region="乙县"))
    assert calculated(call("compare", *facts, a="a", b="b")).result == "2人"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"metric_id": "total_education_funds", "metric": "教育经费总投入"}, "指标不同"),
        ({"metric_id": "budget_education_funds", "stage": "junior", "subject": "初中"}, "学段不同"),
        ({"metric_id": "budget_education_funds", "period": "2023"}, "年份不同"),
        ({"metric_id": "budget_education_funds", "unit": "人"}, "单位不同"),
    ],
)
def test_obstacles_to_a_comparison_are_named(other: dict[str, Any], why: str) -> None:
    """Another metric, stage, year or unit forbids the comparison, and the refusal says which it is."""
    one = figure(
        "9", "万元", "a", region="甲县", metric_id="budget_education_funds", stage="primary", subject="小学"
    )
    two = replace(one, id="b", region="乙县", **other)
    found = call("compare", one, two, a="a", b="b")
    assert lacking(found).reason == "not_comparable"
    assert why in lacking(found).what
    assert not [e for e in found if e.kind == "calculation"]


def test_years_and_stages_of_one_place_are_comparable() -> None:
    """Within a place two years, or two stages, of one metric may be compared."""
    one = figure("9", "元", metric_id="per_student_budget_education_funds", stage="primary", period="2022")
    assert obstacles(one, figure("7", "元", metric_id=one.metric_id, stage="primary", period="2021")) == []
    assert obstacles(one, figure("7", "元", metric_id=one.metric_id, stage="junior", period="2022")) == []


# Steps and verdicts


@given(SUMS, SUMS)
def test_steps_shown_compute_to_the_result_shown(a: Decimal, b: Decimal) -> None:
    """Whoever computes the printed steps gets the printed result, rounded as stated."""
    first, second = figure(f"{a:f}", "万元"), figure(f"{b:f}", "万元")
    grown = growth_of(first, second)
    assert grown is not None
    for made in (grown, difference_of(first, second), share_of([first], second), sum_of([first, second])):
        left, right = evaluated(made.steps)
        places = made.places if made.places is not None else 2
        assert left.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) == right
        assert ("≈" in made.steps) == (not made.is_exact)


def growth_between(current: str, base: str, unit: str = "万元") -> Calculation:
    made = growth_of(figure(current, unit), figure(base, unit))
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("stated", "direction", "current", "base", "unit", "verdict"),
    [
        ("11.03", "up", "42209", "38017", "万元", "consistent"),
        ("11", "up", "42209", "38017", "万元", "consistent"),
        ("11.0", "up", "42209", "38017", "万元", "consistent"),
        ("11.02", "up", "42209", "38017", "万元", "rounding"),  # 42208.5/38017.5 is 11.024
        ("11.05", "up", "42209", "38017", "万元", "inconsistent"),
        ("11.03", "down", "42209", "38017", "万元", "inconsistent"),
        ("4.36", "down", "144682.33", "151271.81", "万元", "consistent"),
        ("1.73", "down", "33844.74", "34583.04", "万元", "inconsistent"),
        ("6.40", "up", "207.24", "194.85", "亿元", "inconsistent"),
        ("6.36", "up", "207.24", "194.85", "亿元", "consistent"),
        ("25", "up", "5", "4", "所", "consistent"),
        ("26", "up", "5", "4", "所", "inconsistent"),  # counts are exact
    ],
)
def test_verdict_on_a_stated_rate(
    stated: str, direction: str, current: str, base: str, unit: str, verdict: str
) -> None:
    """Equal at the claim's own places agrees; what unrounded amounts allow is rounding; the rest is wrong."""
    claim = figure(stated, "%", role="rate", direction=direction)
    assert judge(claim, growth_between(current, base, unit)) == verdict


@pytest.mark.parametrize(
    ("stated", "verdict"), [("8.71", "consistent"), ("8.72", "rounding"), ("8.8", "inconsistent")]
)
def test_verdict_on_a_stated_change(stated: str, verdict: str) -> None:
    """A difference of two printed amounts may be off by half a unit of each."""
    claim = figure(stated, "亿元", role="change", direction="up")
    assert judge(claim, difference_of(figure("143.28", "亿元"), figure("134.57", "亿元"))) == verdict


@pytest.mark.parametrize(
    ("stated", "verdict"), [("91.03", "consistent"), ("91.0", "consistent"), ("91.05", "inconsistent")]
)
def test_verdict_on_a_stated_share_of_counts(stated: str, verdict: str) -> None:
    """Counts have no slack: a share of them is what it is."""
    made = share_of([figure("3514", "人"), figure("10089", "人")], figure("14943", "人"))
    assert judge(figure(stated, "%", role="share"), made) == verdict


@given(SUMS, SUMS)
def test_honest_rate_is_consistent_at_any_places(current: Decimal, base: Decimal) -> None:
    """A rate rounded half up from the printed amounts is never called wrong."""
    made = growth_between(f"{current:f}", f"{base:f}")
    for places in (0, 1, 2, 3):
        honest = abs(rounded(made.exact, places))
        claim = figure(f"{honest:f}", "%", role="rate", direction=made.direction)
        assert judge(claim, made) == "consistent"


GROWN = "2022年一般公共预算教育支出42209万元,2021年为38017万元,增加4192万元,增长11.03%。"


@pytest.mark.parametrize(
    ("text", "printed", "verdict"),
    [
        (GROWN, "11.03%", "consistent"),
        (GROWN, "4192万元", "consistent"),
        (GROWN.replace("11.03", "12.03"), "12.03%", "inconsistent"),
        (GROWN.replace("4192", "4912"), "4912万元", "inconsistent"),
    ],
)
def test_recomputes_what_a_sentence_states(text: str, printed: str, verdict: str) -> None:
    """The change and the rate of a sentence are recomputed from its two levels."""
    shelf = shelf_of(("r", "云溪县", text))
    claim = next(f for f in shelf.facts() if f.as_printed == printed)
    found = TOOLS["recompute"].run(shelf_as_store(shelf), claim=claim.id)
    assert facts_in(found)[0] == claim
    assert judge(claim, calculated(found)) == verdict


@pytest.mark.parametrize(
    ("text", "printed", "steps"),
    [
        (
            "在园幼儿14943人,在公办园的3514人,在普惠性民办园的10089人,公办园与普惠性民办园合计占比91.03%。",
            "91.03%",
            "(3514 + 10089) ÷ 14943 × 100% ≈ 91.03%",
        ),
        ("发放问卷2600份,收回有效问卷2510份,问卷有效率96.54%。", "96.54%", "2510 ÷ 2600 × 100% ≈ 96.54%"),
    ],
)
def test_recomputes_a_share_from_the_counts_beside_it(text: str, printed: str, steps: str) -> None:
    """The parts that the share names are added and divided by the whole of the sentence."""
    shelf = shelf_of(("r", "云溪县", text))
    claim = next(f for f in shelf.facts() if f.as_printed == printed)
    assert calculated(TOOLS["recompute"].run(shelf_as_store(shelf), claim=claim.id)).steps == steps


def test_unrelated_counts_prove_nothing() -> None:
    """Counts of other children beside a rate are no ground for a recomputation."""
    text = (
        "2022年自评报告\n一、控辍保学\n全县义务教育阶段在校学生43802人,控辍保学率99.9%。"
        "全县残疾儿童共227人;现已入学192人,送教上门34人,入学率97%。"
    )
    shelf = shelf_of(("r", "云溪县", text))
    claim = next(f for f in shelf.facts() if f.as_printed == "99.9%")
    found = TOOLS["recompute"].run(shelf_as_store(shelf), claim=claim.id)
    assert not [e for e in found if e.kind == "calculation"]


def test_what_cannot_be_recomputed_is_said() -> None:
    """A rate without the level of the year before is no ground for a verdict."""
    shelf = shelf_of(("r", "云溪县", "2022年一般公共预算教育支出42209万元,比上年增长11.03%。"))
    claim = next(f for f in shelf.facts() if f.role == "rate")
    found = TOOLS["recompute"].run(shelf_as_store(shelf), claim=claim.id)
    assert lacking(found).reason == "inconsistent_source"
    assert "不能复算" in lacking(found).what and "11.03%" in lacking(found).what


# Looking up

REPORT = """2022年自评报告
一、经费保障
2022年一般公共预算教育支出42209万元,2021年为38017万元,增长11.03%。
二、学生关爱
全县残疾儿童共227人,其中送教上门34人,缓学20人。在园幼儿14943人,其中在公办园的3514人。
依据《云溪县教师交流实施办法》(云教〔2021〕12号),公办学校教职工编制总数为2400名。
三、存在问题
1.教师结构不合理。音乐教师偏少。
2.校园面积不足。城区学校用地紧张。
"""


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return shelf_of(("r", "云溪县", REPORT), ("s", "石岭县", "2022年一般公共预算教育支出9万元。"))


def run(shelf: Shelf, name: str, **arguments: Any) -> list[Evidence]:
    return TOOLS[name].run(shelf_as_store(shelf), **arguments)


def printed(found: list[Evidence]) -> list[str]:
    return [fact.as_printed for fact in facts_in(found)]


def test_finds_the_fact_that_the_words_mean(shelf: Shelf) -> None:
    """Region and year choose among figures of one name."""
    query = "一般公共预算教育支出"
    assert printed(run(shelf, "find_facts", query=query, regions=["云溪县"], periods=["2022"])) == [
        "42209万元"
    ]
    assert printed(run(shelf, "find_facts", query=query, regions=["云溪县"], periods=["2021"])) == [
        "38017万元"
    ]
    assert printed(run(shelf, "find_facts", query=query, regions=["石岭县"])) == ["9万元"]
    assert printed(run(shelf, "find_facts", query="送教上门", unit="人")) == ["34人"]


def test_finds_facts_of_one_amount(shelf: Shelf) -> None:
    """An amount looked for in another unit is the same amount."""
    assert printed(run(shelf, "find_facts", query="", value="4.2209亿元")) == ["42209万元"]


@pytest.mark.parametrize(
    ("arguments", "reason", "said"),
    [
        ({"query": "一般公共预算教育支出", "regions": ["白河县"]}, "no_such_region", "白河县"),
        (
            {"query": "一般公共预算教育支出", "periods": ["2019"], "regions": ["云溪县"]},
            "no_such_period",
            "2021年、2022年",
        ),
        ({"query": "学生近视率", "regions": ["云溪县"]}, "not_reported", "学生近视率"),
    ],
)
def test_absence_names_the_slot_that_is_not_filled(
    shelf: Shelf, arguments: dict[str, Any], reason: str, said: str
) -> None:
    """Region, year or metric: the finding says which of them the reports lack, and years that they have."""
    found = lacking(run(shelf, "find_facts", **arguments))
    assert found.reason == reason
    assert said in found.what


def test_facts_beside_share_clause_and_dimension(shelf: Shelf) -> None:
    """What stands in the same clause and is counted alike is offered with the fact itself."""
    text = "争取补助资金535万元、奖补资金423万元、学位120个。"
    own = shelf_of(("r", "云溪县", text))
    first = next(f for f in own.facts() if f.as_printed == "535万元")
    assert set(printed(run(own, "facts_beside", item=first.id))) == {"535万元", "423万元"}


def test_passages_are_sentences_of_the_text(shelf: Shelf) -> None:
    """A passage found is a span of the report, byte for byte, and no bare heading."""
    found = run(shelf, "search_passages", query="校园面积不足 用地紧张", regions=["云溪县"])
    for item in found:
        assert isinstance(item.item, Sentence)
        assert REPORT[item.item.start : item.item.end] == item.item.text
    assert any("用地紧张" in e.text for e in found)
    assert (
        lacking(run(shelf, "search_passages", query="校园面积", regions=["白河县"])).reason
        == "no_such_region"
    )


def test_section_is_read_by_its_title(shelf: Shelf) -> None:
    """Every item of the section comes, in order; another title is not there."""
    found = [e.text for e in run(shelf, "read_section", topic="存在问题", regions=["云溪县"])]
    assert [text[:2] for text in found] == ["1.", "2."]
    assert "教师结构" in found[0] and "面积" in found[1]
    assert lacking(run(shelf, "read_section", topic="校外培训治理")).reason == "not_reported"


def test_document_number_is_quoted_with_its_title(shelf: Shelf) -> None:
    """The quotation holds title and number; a paper without a number in the text is not there."""
    (found,) = run(shelf, "find_documents", query="教师交流实施办法的文号")
    assert found.text == "《云溪县教师交流实施办法》(云教〔2021〕12号)"
    assert lacking(run(shelf, "find_documents", query="幼儿园收费管理办法")).reason == "not_reported"


def test_standard_is_described_aspect_by_aspect(shelf: Shelf) -> None:
    """All indicators of the codified standard are told, each aspect with its number of indicators."""
    found = run(shelf, "describe_standard")
    clauses = [e.item for e in found if isinstance(e.item, Clause)]
    own = standards()["youzhi_junheng"]
    assert [c.source for c in clauses] == [own.document] * len(own.aspects)
    told = " ".join(c.text for c in clauses)
    assert all(d.code in told and d.name in told for a in own.aspects for d in a.indicators)
    with pytest.raises(BadCall, match="youzhi_junheng"):
        run(shelf, "describe_standard", standard="nonsense")


def test_counts_the_schools_that_a_clause_lists() -> None:
    """Schools listed by name are counted once each, and the names are kept as a note."""
    own = shelf_of(("r", "云溪县", "投入996万元新建青山镇石桥小学、白马镇柳树小学和城关初中。"))
    made = calculated(run(own, "count_listed", items=[own.facts()[0].id]))
    assert made.result == "3所"
    assert "石桥小学" in made.notes[0] and "城关初中" in made.notes[0]


def test_nothing_listed_is_not_counted() -> None:
    """A clause without names gives no number."""
    own = shelf_of(("r", "云溪县", "投入996万元新建教学楼。"))
    assert lacking(run(own, "count_listed", items=[own.facts()[0].id])).reason == "not_reported"


# What is seen of evidence


@pytest.mark.parametrize(
    ("fact", "shown"),
    [
        (figure("3", "亿元", qualifier="近"), "近3亿元"),
        (figure("2", "万人次", qualifier="余"), "2万余人次"),
        (figure("1000", "万元", qualifier="多"), "1000多万元"),
        (figure("180", "人次", qualifier="多"), "180多人次"),
        (figure("50", "%", qualifier="以上"), "50%以上"),
        (figure("2", "%", qualifier="不低于"), "不低于2%"),
        (figure("5", "所", upper=Decimal(8)), "5—8所"),
        (figure("15.5", "1:N"), "1:15.5"),
    ],
)  # fmt: skip
def test_amount_keeps_its_qualifiers(fact: Fact, shown: str) -> None:
    """近, 余, 多, 以上 travel with the value in the order that people write."""
    assert amount(fact) == shown


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2022", "2022年"), ("2022-05", "2022年5月"), ("2022-05-24", "2022年5月24日"), ("2022H1", "2022年上半年"),
        ("2022Q3", "2022年第三季度"), ("2020/2022", "2020—2022年"), ("2022-autumn", "2022年秋季"), (None, ""),
    ],
)  # fmt: skip
def test_period_in_words(key: str | None, words: str) -> None:
    """Period keys are shown as people write them."""
    assert period_words(key) == words


def test_key_follows_from_content() -> None:
    """The same evidence has the same key, another has another: eight hex digits."""
    one = figure("1", "人", "a")
    assert from_fact(one).key == from_fact(figure("1", "人", "a")).key
    assert from_fact(one).key != from_fact(figure("1", "人", "b")).key != missing("not_reported", "没有").key
    assert len(from_fact(one).key) == 8 and int(from_fact(one).key, 16) >= 0


def test_fact_is_described_completely() -> None:
    """Place, year, name, amount and what kind of figure it is stand in one line."""
    fall = figure("4.36", "%", role="rate", direction="down", metric="教育经费总投入")
    assert describe(fall) == "云溪县2022年教育经费总投入下降4.36%"
    assert (
        describe(figure("21", "所", kind="plan", metric="合并教学点")) == "云溪县2022年合并教学点(计划)为21所"
    )
