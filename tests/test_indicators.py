"""The whole catalogue: every name leads to its own indicator, and look-alikes are never taken for each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import boilerplate, sections
from corpus.alone import alone_in
from corpus.catalogue import indicators, indicators_in, stages_in
from corpus.facts import read_facts
from corpus.facts.labels import metric_in, trim
from corpus.folding import fold
from corpus.model import Fact, Indicator, Report
from corpus.units import dimension

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "indicators.yaml").read_text("utf-8"))
ALL = tuple(indicators().values())
WORDS = [(item, word) for item in ALL for word in item.words]
SPOKEN = [(i, w) for i, w in WORDS if trim(fold(w)) == fold(w) and not w.endswith("压减率")]
"""Names that stand in sentences as they are: 总计 is read as a word for the number, 压减率 as the rate of a fall."""
ALONE = [(item, word) for item, word in WORDS if item.alone]
BEFORE = ("", "全县", "2022年全县", "我区", "截至目前,全市", "云溪县")
STAGES = ("小学", "普通初中", "义务教育阶段", "普通高中", "中等职业学校", "小学、初中")
PARTS = ("民办", "农村", "城区", "女", "其他", "新增", "乡镇中心校", "城北实验小学", "骨干", "毕业班")
GENERAL = (
    "教师",
    "学生",
    "经费",
    "资金",
    "学校",
    "比例",
    "人数",
    "教育",
    "幼儿",
    "面积",
    "投入",
    "支出",
    "收入",
    "覆盖率",
)
VALUES = {"money": "12.5万元", "percent": "87.5%", "person": "124人", "ratio": "1:12.5", "none": "0.312", "person_time": "124人次",
          "area": "1240平方米"}  # fmt: skip


def report_of(text: str) -> Report:
    furniture = boilerplate.find(text)
    return Report(
        "t", text, "公报", "t.txt", region="云溪县", region_path=("云溪县",), year=2022,
        sections=sections.find(text, furniture), boilerplate=furniture,
    )  # fmt: skip


def value_of(item: Indicator) -> str:
    if item.unit == "元":
        return "1240元"
    return VALUES.get(dimension(item.unit), f"124{item.unit}")


def first(text: str, printed: str) -> Fact:
    return next(fact for fact in read_facts(report_of(text)) if fact.as_printed == printed)


def named(text: str, unit: str) -> str | None:
    """Return the indicator that the words before a number name, as facts are given theirs."""
    return metric_in(text, unit) or alone_in(trim(text), unit)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['text'][:24]}-{case['at']}")
def test_case(case: dict[str, Any]) -> None:
    fact = first(case["text"], case["at"])
    assert fact.metric_id not in case.get("not_ids", [])
    if "metric_id" in case:
        assert fact.metric_id == case["metric_id"]
    if "stage" in case:
        assert fact.stage == case["stage"]


@pytest.mark.parametrize("before", BEFORE)
def test_every_name_leads_to_its_own_indicator(before: str) -> None:
    """Whatever place or time stands before it, the longest name wins and no other indicator is found."""
    found = {word: (item.id, named(fold(f"{before}{word}"), item.unit)) for item, word in WORDS}
    assert {word: ids for word, ids in found.items() if ids[0] != ids[1]} == {}


def test_no_name_is_taken_for_another() -> None:
    """All names of all indicators, one by one, without a unit to tell them apart."""
    wrong = {}
    for item, word in WORDS:
        folded = fold(word)
        found = {n.id for n in indicators_in(folded)}
        found = found or {alone_in(folded, None)}
        if found != {item.id}:
            wrong[word] = (item.id, found)
    assert wrong == {}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_before_a_name_changes_the_stage_alone(stage: str) -> None:
    """小学在校生 is the same indicator as 在校生, of a stage."""
    staged = [(item, word) for item, word in WORDS if item.per_stage and not stages_in(fold(word))]
    found = {word: (item.id, named(fold(f"全县{stage}{word}"), item.unit)) for item, word in staged}
    assert {word: ids for word, ids in found.items() if ids[0] != ids[1]} == {}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_not_the_whole(part: str) -> None:
    """A count named with a word that narrows it is another indicator or none, never that of the whole."""
    narrowed = [(item, word) for item, word in ALONE if part not in word and part + word not in item.words]
    assert [w for item, w in narrowed if alone_in(fold(f"{part}{w}"), item.unit) == item.id] == []


@given(
    st.sampled_from(SPOKEN),
    st.sampled_from(("2022年全县{}为{}。", "2022年,全县{}{}。", "全县{}达到{},比上年增长5%。")),
)
def test_facts_get_their_own_indicator(entry: tuple[Indicator, str], frame: str) -> None:
    """Read from a sentence, a figure has the indicator that its sentence names, and its growth has the same."""
    item, word = entry
    value = value_of(item)
    facts = read_facts(report_of(frame.format(word, value)))
    levels = [f for f in facts if f.as_printed.replace(" ", "") == value]
    assert [f.metric_id for f in levels] in ([item.id], [])
    assert {f.metric_id for f in facts} <= {item.id, None}


def test_general_words_name_nothing_in_running_text() -> None:
    """No name that is found anywhere in a text is an everyday word, or part of one."""
    found = [
        word for item, word in WORDS if not item.alone and (len(word) < 3 or any(word in g for g in GENERAL))
    ]
    assert found == []


def test_every_indicator_says_what_it_is() -> None:
    """Unit, document and look-alikes are there; at least 150 are told."""
    assert len(ALL) >= 150
    assert [item.id for item in ALL if not item.defined_in] == []
    assert [item.id for item in ALL if item.alone and not (item.family and item.note)] == []
    assert [item.id for item in ALL if item.by_stage and not item.alone] == []


def test_the_page_of_the_catalogue_is_current() -> None:
    """docs/indicators.md says what the files say."""
    from scripts.indicators_page import PAGE, page

    assert PAGE.read_text("utf-8") == page()


def test_names_that_hold_another_are_found_anywhere() -> None:
    """An indicator whose name holds another's must win over it in running text, so it is not one known alone."""
    anywhere = [word for item, word in WORDS if not item.alone]
    assert [w for item, w in ALONE if any(other in w for other in anywhere)] == []
