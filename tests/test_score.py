"""The scorer itself: what counts as right, as a miss and as a wrong number."""

from __future__ import annotations

import importlib
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assistant.judging import judge
from assistant.judging.matching import NUMBER, contains

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))  # as when the script is run
score = importlib.import_module("score")


def case(**changes: Any) -> dict[str, Any]:
    return {
        "id": "T001",
        "turns": ["甲县2030年有多少所小学?"],
        "kind": "direct",
        "answer_values": [{"value": 122, "unit": "所"}],
        "must_contain": ["122"],
        "answerable": True,
        "note": "",
        **changes,
    }


def answer(text: str, status: str = "answered", **changes: Any) -> dict[str, Any]:
    figures = [
        {"text": m[0], "start": m.start(), "end": m.end(), "source": "citation:0"}
        for m in NUMBER.finditer(text)
    ]
    citations = [{"quote": "小学122所", "start": 10, "end": 16}]
    return {
        "status": status,
        "text": text,
        "figures": figures,
        "citations": citations,
        "values": [],
        **changes,
    }


@pytest.mark.parametrize(
    ("text", "wanted", "found"),
    [
        ("增长18.40%", "18.4", True),
        ("共\uff12\uff10人\uff0c其中女\uff15人", "女5人", True),
        ("增长18. 81%", "18.81", True),
        ("共42,209万元", "42209", True),
        ("共\uff14\uff12\uff12\uff10\uff19万元", "42209万元", True),
        ("共1122所", "122", False),
        ("占122.5%", "122", False),
        ("持续减少.122所", "122", True),
        ("占3.122%", "122", False),
        ("共535\uff0c423和7200", "535", True),
        ("共8900多人次", "8900多人次", True),
        ("共18900多人次", "8900多人次", False),
        ("见[122]", "122", False),
        ("1. 幼儿园122所", "1", False),
        ("2022 122", "122", True),
        ("甲政〔2030〕6号", "甲政〔2030〕6号", True),
        ("甲政〔2030〕16号", "6号", False),
    ],
)
def test_numbers_are_found_as_whole_numbers(text: str, wanted: str, found: bool) -> None:
    """A number is found however it is written, and never inside another number."""
    assert found == contains(text, wanted)


def test_tolerance_lets_a_rounded_number_pass() -> None:
    """With a tolerance, 8.51 answers a case that wants 8.5."""
    assert contains("约8.51亿元", "8.5", Decimal("0.01"))
    assert not contains("约8.61亿元", "8.5", Decimal("0.01"))


def test_right_answer_has_no_miss() -> None:
    """The demanded figure and no forbidden one is a right answer."""
    assert judge.misses(case(must_not_contain=["22"]), answer("甲县有小学122所[1]。")) == []


def test_one_alternative_is_enough() -> None:
    """A complete alternative set stands in for the demanded strings."""
    wanted = case(must_contain=["284597"], must_contain_alt=[["28.46", "亿元"]])

    assert judge.misses(wanted, answer("共28.46亿元")) == []
    assert judge.misses(wanted, answer("共28.46万元")) == ["lacks 284597"]


def test_refusing_an_answerable_case_is_a_miss_but_no_wrong_number() -> None:
    """A needless refusal costs a point, yet shows no wrong figure."""
    refusal = answer("资料未提供。", status="refused", reason="not_reported")

    assert judge.misses(case(), refusal) == ["status refused, expected answered"]
    assert judge.wrong_number(case(), refusal) is None


def test_wrong_figure_is_counted() -> None:
    """Figures none of which is expected are a wrong number."""
    said = answer("有小学21所", values=[{"value": "21", "unit": "所", "source": "citation:0"}])

    assert judge.wrong_number(case(), said) == "none of the expected values"


def test_answer_without_any_figure_is_no_wrong_number() -> None:
    """Beside the point is a miss; a wrong number takes a number."""
    said = answer("小学布局已经优化。")

    assert judge.misses(case(), said) == ["lacks 122"]
    assert judge.wrong_number(case(), said) is None


def test_expected_value_in_another_scale_is_not_wrong() -> None:
    """4.2209 of 亿元 is the value 42209 of 万元."""
    wanted = case(answer_values=[{"value": 42209, "unit": "万元"}])
    said = answer("4.2209亿元", values=[{"value": "4.2209", "unit": "亿元", "source": "citation:0"}])

    assert judge.wrong_number(wanted, said) is None


def test_figure_where_nothing_is_known_is_wrong() -> None:
    """A measured figure for an unanswerable case is a wrong number, a year is not."""
    unknown = case(answerable=False, answer_values=[], must_contain=[], accept_any_of=["未提供"])

    assert judge.wrong_number(unknown, answer("有122所")) is not None
    assert judge.wrong_number(unknown, answer("2030年")) is None
    assert judge.misses(unknown, answer("资料未提供。", status="refused")) == []
    assert judge.misses(unknown, answer("不告诉你", status="refused"))


def test_refusal_must_give_the_expected_reason() -> None:
    """A refusal for another reason than the case expects is a miss."""
    unknown = case(answerable=False, must_contain=[], expected_reason=["no_such_region"])
    refusal = answer("资料未提供。", status="refused", reason="not_reported")

    assert judge.misses(unknown, refusal) == ["reason not_reported, expected no_such_region"]


def test_order_is_checked() -> None:
    """A ranking in the wrong order is a miss."""
    ranking = case(order=["初中", "小学"], must_contain=[])

    assert judge.misses(ranking, answer("初中、小学")) == []
    assert judge.misses(ranking, answer("小学、初中"))


def test_ambiguous_case_needs_all_values_or_a_question_back() -> None:
    """Picking one reading is a miss; listing all or asking back is right."""
    values = [{"value": 122, "unit": "所"}, {"value": 33, "unit": "所"}]
    several = case(kind="ambiguous", answer_values=values, must_contain=[], clarify=True)

    assert judge.misses(several, answer("请问是哪个学段?", status="clarify")) == []
    assert judge.misses(several, answer("小学122所,初中33所")) == []
    assert judge.misses(several, answer("122所")) == ["lacks 33"]


@pytest.mark.parametrize(
    ("verdict", "text", "right"),
    [
        ("inconsistent", "与原文不一致", True),
        ("inconsistent", "与原文一致", False),
        ("consistent", "复算结果与原文一致", True),
        ("consistent", "复算结果与原文不一致", False),
        ("rounding", "差异可由四舍五入解释", True),
    ],
)
def test_verdict_of_a_recalculation_is_read(verdict: str, text: str, right: bool) -> None:
    """An answer that affirms a wrong calculation is a miss, as is one that denies a right one."""
    assert right == (judge.misses(case(verdict=verdict, must_contain=[]), answer(text)) == [])


def test_number_outside_the_figures_breaks_provenance() -> None:
    """Every number of the text must lie in a figure; citation and list marks need not."""
    said = answer("1. 小学122所[1]", figures=[{"text": "122", "start": 5, "end": 8, "source": "citation:0"}])

    assert judge.provenance_problems(said) == []
    assert judge.provenance_problems({**said, "figures": []}) == ["number 122 is in no figure"]


@pytest.mark.parametrize("source", ["citation:1", "calculation:0", "standard:x", "elsewhere", "question"])
def test_unresolvable_source_breaks_provenance(source: str) -> None:
    """A figure's source must exist, and a figure of the question must stand in the question."""
    said = answer("122所", figures=[{"text": "122", "start": 0, "end": 3, "source": source}])

    assert [f"figure 122 has no source {source}"] == judge.provenance_problems(said, "有多少所?")


def test_empty_quote_breaks_provenance() -> None:
    """A citation that quotes nothing proves nothing."""
    said = answer("没有", citations=[{"quote": " ", "start": 0, "end": 1}])

    assert judge.provenance_problems(said) == ["citation 0 quotes nothing"]


def test_files_are_scored_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints the summary and, if asked, the misses; a case without an answer is one."""
    cases, answers = tmp_path / "cases.jsonl", tmp_path / "answers.jsonl"
    rows = [case(), case(id="T002")]
    cases.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
    answers.write_text(json.dumps({"id": "T001", "answer": answer("122所")}), encoding="utf-8")

    assert score.main([str(cases), str(answers), "--misses"]) == 0

    printed = capsys.readouterr().out
    assert "50.0%" in printed
    assert "T002" in printed and "no answer" in printed
    assert "T001" not in printed
