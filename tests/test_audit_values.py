"""Values that cannot be are named, and what merely looks odd is left alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_facts import report_of

from corpus.possible import possible
from tools.audit.audit import audit
from tools.audit.model import Finding

OWN = ("impossible", "dates", "magnitude")


def named(text: str, published: dt.date | None = None) -> list[Finding]:
    report = replace(report_of(text), published=published)
    return [f for f in audit(report) if f.check in OWN]


@pytest.mark.parametrize(
    "text",
    [
        "学前三年毛入园率103.2%,高中阶段毛入学率101.5%。",
        "年度任务完成率112%,预算执行率101.3%,经费到位率105%。",
        "教育支出比上年增长135%,提高了120个百分点。",
        "教师编制缺口-3人,结余-12.5万元,学校净增减-2所。",
        "巩固率100%,入学率100.0%,公办园占比100%。",
        "2023年12月至2024年1月开展检查,2021—2025年实施,2020-2023年三年间完成。",
        "项目2022年3月开工,2023年8月竣工;2023年9月开工的项目计划2024年完工。",
        "全年拨付生均公用经费3450万元,投入3.2亿元(其中县级3200万元)。",
        "生均经费1.2万元,人均工资9.87万元,师均培训经费0.12万元。",
        "每天体育活动2小时,全年培训260小时,每天播放校园广播60分钟。",
        "学校代码2000-1990号,电话0395-2023,共120人(2人次)。",
    ],
)
def test_what_may_be_is_left_alone(text: str) -> None:
    """Gross rates, fulfilment, balances, spans across a new year and names of funds are no slips."""
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "check", "at"),
    [
        ("残疾儿童少年入学率达到104%。", "impossible", "104%"),
        ("九年义务教育巩固率101.6%,比上年提高。", "impossible", "101.6%"),
        ("专任教师300人,其中女教师330人,占110%。", "impossible", "110%"),
        ("社会满意度为196.4%。", "impossible", "196.4%"),
        ("乡村小学在校生-120人。", "impossible", "-120人"),
        ("学生每天在校锻炼26小时。", "impossible", "26小时"),
        (
            "小学生均教育经费9800元,初中生均教育经费12600万元,小学生均教育经费9100万元。",
            "magnitude",
            "9100万元",
        ),
        ("专项资金1.86亿元(即1860万元)。", "magnitude", "1860万元"),
        ("专项资金18600万元,即1.86万元。", "magnitude", "1.86万元"),
    ],
)
def test_what_cannot_be_is_named(text: str, check: str, at: str) -> None:
    """Parts above their whole, counts below none and one amount in two magnitudes are slips."""
    wrong = [f for f in named(text) if f.verdict == "inconsistent"]
    assert at in [f.stated.as_printed for f in wrong if f.stated and f.check == check]


def test_nothing_is_later_than_the_report_itself() -> None:
    """A document numbered in a later year than the publication that the text states is out of order."""
    text = "发布日期:2023-12-11\n根据《实施方案》(云政办〔2024〕6号)和云教发〔2022〕9号文件开展工作。"
    wrong = named(text, dt.date(2023, 12, 11))
    assert [text[f.start : f.end] for f in wrong] == ["云政办〔2024〕6号"]
    assert named(text, None) == []
    assert (
        named("根据云政办〔2024〕6号文件开展工作。", dt.date(2023, 12, 11)) == []
    )  # the date is not the text's own


@settings(max_examples=80, deadline=None)
@given(st.integers(1990, 2035), st.integers(1, 14), st.integers(1, 33))
def test_days_are_those_of_the_calendar(year: int, month: int, day: int) -> None:
    """Every day that exists passes, every other one is named."""
    try:
        dt.date(year, month, day)
    except ValueError:
        exists = False
    else:
        exists = True
    found = [f for f in named(f"会议于{year}年{month}月{day}日召开。") if f.check == "dates"]
    assert (found == []) is exists


def test_bounds_are_read_from_the_file() -> None:
    """The patterns and the bound that experts edit are valid and used."""
    bounds = possible()
    assert bounds.at_most_whole.search("初中三年巩固率") and not bounds.at_most_whole.search("增长率")
    assert bounds.average_most > 100_000
