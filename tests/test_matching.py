"""Which stored facts a query means: the slots decide, the words order, the absence is told by its slot."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from answers_fixtures import Shelf, figure, shelf_as_store, shelf_of

from corpus.catalogue import stages
from tools.matching import THRESHOLDS, Matches, covers_stage, match, named_metrics, period_fits
from tools.query import Query

TEXT = """2022年自评报告
一、经费
2022年一般公共预算教育支出42209万元,2021年为38017万元,增长11.03%。2022年生均一般公共预算教育经费:普通小学8642.32元,普通初中11486.64元。
二、入园情况
全县在园幼儿14943人,其中民办幼儿园在园幼儿9000人。普惠性幼儿园覆盖率为91.03%。
争取中央补助资金535万元、市级奖补资金423万元。新增学位4320个。2023年计划新建教学楼3栋。
三、教师
现有教师2311名。另有农村教师820名。维修改造校舍投入114万元。全年培训教师8900人次。
"""
SPENT = "一般公共预算教育支出"


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return shelf_of(("r", "云溪县", TEXT), ("s", "石岭县", f"2022年{SPENT}9万元。在园幼儿77人。"))


def found(shelf: Shelf, **slots: Any) -> Matches:
    return match(shelf_as_store(shelf), Query(**slots))


def amounts(matches: Matches) -> list[str]:
    return [item.fact.as_printed for item in matches.best]


@pytest.mark.parametrize(
    ("slots", "expected"),
    [
        ({"words": "在园幼儿", "regions": ("云溪县",)}, ["14943人"]),
        ({"words": "在园幼儿", "regions": ("石岭县",)}, ["77人"]),
        ({"words": "在园幼儿"}, ["77人", "14943人"]),
        ({"metric_ids": ("budget_education_expenditure",), "regions": ("云溪县",), "periods": ("2022",)}, ["42209万元"]),
        ({"metric_ids": ("budget_education_expenditure",), "regions": ("云溪县",), "periods": ("2021",)}, ["38017万元"]),
        ({"metric_ids": ("budget_education_expenditure",), "regions": ("云溪县",), "roles": ("rate",), "rate_asked": True}, ["11.03%"]),
        ({"metric_ids": ("per_student_budget_education_funds",), "stages": ("junior",)}, ["11486.64元"]),
        ({"metric_ids": ("per_student_budget_education_funds",)}, ["8642.32元", "11486.64元"]),
        ({"words": "市级奖补资金", "measure": "money"}, ["423万元"]),
        ({"words": "维修改造校舍投入", "measure": "money"}, ["114万元"]),
        ({"words": "普惠性幼儿园覆盖率", "rate_asked": True}, ["91.03%"]),
        ({"words": "新增学位"}, ["4320个"]),
        ({"value": Decimal("4.2209"), "value_unit": "亿元"}, ["42209万元"]),
    ],
)  # fmt: skip
def test_slots_choose_the_facts(shelf: Shelf, slots: dict[str, Any], expected: list[str]) -> None:
    """Region, year, stage, role, measure and amount let through only what they name."""
    assert sorted(amounts(found(shelf, **slots))) == sorted(expected)


@pytest.mark.parametrize(
    ("slots", "reason"),
    [
        ({"words": "在园幼儿", "regions": ("白河县",)}, "no_such_region"),
        ({"words": "在园幼儿", "regions": ("云溪县",), "periods": ("2019",)}, "no_such_period"),
        ({"words": "学生近视率", "rate_asked": True}, "not_reported"),
        ({"words": "省级奖补资金", "measure": "money"}, "not_reported"),  # not the city's
        ({"words": "校医", "measure": "person"}, "not_reported"),
        ({"metric_ids": ("per_student_budget_education_funds",), "stages": ("senior",)}, "not_reported"),
        ({"metric_ids": ("inclusive_kindergarten_coverage",), "measure": "money"}, "not_reported"),
        ({"value": Decimal(42209), "value_unit": "亿元"}, "not_reported"),
        ({"words": ""}, "not_reported"),
    ],
)
def test_absence_is_told_by_the_slot_that_fails(shelf: Shelf, slots: dict[str, Any], reason: str) -> None:
    """No fact is taken for another; the reason is that of the first slot that nothing fills."""
    missed = found(shelf, **slots)
    assert missed.best == ()
    assert missed.reason == reason


def test_years_that_there_are_come_with_the_refusal(shelf: Shelf) -> None:
    """A year without data: the facts of other years are handed over as what blocked it."""
    missed = found(
        shelf, metric_ids=("budget_education_expenditure",), regions=("云溪县",), periods=("2019",)
    )
    assert {fact.period for fact in missed.blocked} == {"2021", "2022"}


def test_figure_elsewhere_is_handed_over_but_never_taken(shelf: Shelf) -> None:
    """What only another place reports is not found here, and is told as found there."""
    missed = found(shelf, words="在园幼儿民办幼儿园", regions=("石岭县",))
    assert missed.reason == "not_reported"
    assert {fact.region for fact in missed.blocked} == {"云溪县"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [("教师", ["2311名"]), ("农村教师", ["820名"]), ("民办幼儿园在园幼儿", ["9000人"])],
)
def test_limiting_words_must_be_asked_for(shelf: Shelf, words: str, expected: list[str]) -> None:
    """A figure named with 农村 or 民办 answers a question only that says so, and then before others."""
    assert amounts(found(shelf, words=words, regions=("云溪县",), measure=None)) == expected


def test_limiting_word_of_a_neighbour_does_not_limit() -> None:
    """In "农村教师820名、骨干教师210名" the second figure is of all backbone teachers."""
    own = shelf_of(("r", "云溪县", "现有教师2311名、农村教师820名、骨干教师210名。"))
    assert amounts(found(own, words="骨干教师")) == ["210名"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("改造项目投资", ["30万元"]),
        ("第二幼儿园投资", ["480万元"]),
        ("民办园收购投资", ["7800万元"]),
    ],
)
def test_amount_belongs_to_the_clause_before_it(words: str, expected: list[str]) -> None:
    """In "A完工,投资30万元;B招生,投资480万元" each amount is that of the words before it."""
    own = shelf_of(
        (
            "r",
            "云溪县",
            "改造项目完工,投资30万元;第二幼儿园开始招生,投资480万元;民办园收购移交,投资7800万元。",
        )
    )
    assert amounts(found(own, words=words, measure="money")) == expected


@pytest.mark.parametrize(
    ("measure", "words", "expected"),
    [
        ("person", "培训教师", []),  # 人次 are no people
        ("person_time", "培训教师", ["8900人次"]),
        ("person", "培训教师人次", ["8900人次"]),
        ("money", "在园幼儿", []),
        ("percent", "在园幼儿", []),
        ("count", "在园幼儿", ["14943人", "77人"]),
    ],
)
def test_measure_asked_for_is_kept(shelf: Shelf, measure: str, words: str, expected: list[str]) -> None:
    """Who asks for money gets money, for people people; times of people are another thing."""
    assert sorted(amounts(found(shelf, words=words, measure=measure))) == sorted(expected)


def test_rates_answer_only_questions_for_rates(shelf: Shelf) -> None:
    """A percentage is no answer to a plain count, nor a count to a question for a share."""
    assert amounts(found(shelf, words="幼儿园覆盖", rate_asked=False)) == []
    assert amounts(found(shelf, words="在园幼儿", rate_asked=True)) == []


def test_plan_stands_behind_a_result() -> None:
    """Of a planned and a reached figure of one name the reached one is meant, unless goals are asked for."""
    own = shelf_of(("r", "云溪县", "新建教学楼2栋。\n2023年计划新建教学楼3栋。"))
    assert amounts(found(own, words="新建教学楼")) == ["2栋"]
    assert "3栋" in amounts(found(own, words="计划新建教学楼", targets=True))


# Periods


@pytest.mark.parametrize(
    ("wanted", "period", "fits"),
    [
        ("2022", "2022", True),
        ("2022", "2022-05", True),
        ("2022", "2022-autumn", True),
        ("2022", "2022H1", True),
        ("2022", "2021", False),
        ("2022", "2021/2023", False),
        ("2022", "2020/2022", False),
        ("2022", None, False),
        ("2020/2022", "2020/2022", True),
        ("2020/2022", "2020", True),
        ("2020/2022", "2022", True),
        ("2020/2022", "2023", False),
        ("2022-05", "2022", True),  # the year holds the month asked for
        ("2022-05", "2022-05", True),
        ("2022-05", "2022-06", False),
    ],
)
def test_period_fits(wanted: str, period: str | None, fits: bool) -> None:
    """A year holds its months and halves, a month takes its year's figure, a span is no single year."""
    assert period_fits(wanted, figure("1", "人", period=period)) is fits


def test_year_holds_its_quarters() -> None:
    """A figure of the first quarter is one of the year."""
    assert period_fits("2022", figure("1", "人", period="2022Q1"))


def test_span_holds_the_years_between() -> None:
    """Who asks for 2020—2022 means 2021 too."""
    assert period_fits("2020/2022", figure("1", "人", period="2021"))


def test_last_year_counts_from_when_the_report_was_written() -> None:
    """ "@-1" is the year before each report's own year of writing."""
    from datetime import date

    own = shelf_of(("r", "云溪县", f"2022年{SPENT}7万元,2021年为5万元。"))
    own.papers["r"] = replace(own.papers["r"], published=date(2023, 3, 1))
    asked = {"metric_ids": ("budget_education_expenditure",)}
    assert amounts(found(own, **asked, periods=("@-1",))) == ["7万元"]
    assert amounts(found(own, **asked, periods=("@-2",))) == ["5万元"]
    assert found(own, **asked, periods=("@0",)).reason == "no_such_period"


# Names and stages


def test_named_metrics_are_ids_in_order_without_repeats() -> None:
    """The longest name wins: 生均 figures are not their total."""
    assert named_metrics(f"{SPENT}和生均一般公共预算教育经费,{SPENT}") == (
        "budget_education_expenditure",
        "per_student_budget_education_funds",
    )
    assert named_metrics("天气") == ()


def test_stage_words_cover_what_they_may_mean() -> None:
    """高中 may be 普通高中 or 职业高中, but 普通高中 is not 职业高中, and no stage is not every stage."""
    senior, vocational = figure("1", "人", stage="senior"), figure("1", "人", stage="vocational_senior")
    assert set(stages()["senior_any"].includes) == {"senior", "vocational_senior"}
    assert covers_stage(["senior_any"], senior) and covers_stage(["senior_any"], vocational)
    assert covers_stage(["senior"], senior) and not covers_stage(["senior"], vocational)
    assert not covers_stage(["senior"], figure("1", "人"))


# Thresholds


def test_words_asked_for_must_be_said_to_the_threshold(shelf: Shelf) -> None:
    """Half of the words is not enough; with no threshold the near figure would be taken."""
    query = Query(words="残疾在园幼儿", regions=("云溪县",))
    store = shelf_as_store(shelf)
    assert match(store, query).best == ()
    loose = replace(THRESHOLDS, accept=0.1, head=0.0, unsaid=0.0)
    assert "14943人" in [m.fact.as_printed for m in match(store, query, loose).best]


def test_wider_window_lets_more_candidates_through(shelf: Shelf) -> None:
    """The window is how far behind the best a candidate is still meant."""
    query = Query(words="补助资金", measure="money")
    store = shelf_as_store(shelf)
    narrow = match(store, query, replace(THRESHOLDS, window=0.0)).best
    wide = match(store, query, replace(THRESHOLDS, window=0.5, accept=0.3, head=0.3)).best
    assert [m.fact.as_printed for m in narrow] == ["535万元"]
    assert {m.fact.as_printed for m in wide} >= {"535万元", "423万元"}
    assert [m.score for m in wide] == sorted((m.score for m in wide), reverse=True)
