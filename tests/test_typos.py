"""Slips of the input method are put back; places, names, figures and other words never change."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.catalogue import indicators, stages
from corpus.folding import fold
from corpus.typos import correct

NAMES = sorted(
    {word for item in indicators().values() for word in item.words}
    | {word for stage in stages().values() for word in stage.words}
)
BESIDE = ["", "的", "2022年", "有多少", "42209万元"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("支出增家多少", "支出增加多少"),
        ("2022年增张了多少", "2022年增长了多少"),
        ("幼儿圆有多少所", "幼儿园有多少所"),
        ("送叫上门多少人", "送教上门多少人"),
        ("编治多少", "编制多少"),
        ("残急儿童多少人", "残疾儿童多少人"),
        ("控缀保学率", "控辍保学率"),  # sounds otherwise, but one character of a known name is no word
        ("普惠性幼儿园覆概率是多少", "普惠性幼儿园覆盖率是多少"),
        ("生军一般公共预算教育经费", "生均一般公共预算教育经费"),
        ("初重有多少人", "初中有多少人"),
    ],
)
def test_slips_are_put_right(written: str, meant: str) -> None:
    """A string that sounds like a known word and is none itself becomes that word, and the slip is told."""
    corrected, fixes = correct(written)
    assert corrected == meant
    ((wrong, right),) = fixes
    assert wrong in written and right in meant and len(wrong) == len(right)


@pytest.mark.parametrize(
    "text",
    [
        "曾家镇有多少学生",
        "张三小学",
        "城官小学有多少学生",
        "石城县实验中学",
        "王教师",
        "七里乡小学",
        "阳光初中",
        "小雪有几所",
        "近视率",
        "毕业率",
        "惯例支出",
        "公布幼儿园名单",
        "一般公共预算教育支出",
        "42209万元",
        "11.03%",
        "",
    ],
)
def test_places_names_figures_and_other_words_stay(text: str) -> None:
    """What is a word, a place, a school's name or a figure is never restored to something else."""
    assert correct(text) == (text, ())


@pytest.mark.parametrize(
    "text", ["小学生军事训练", "在校学生有多少人", "公办学校学生多少人", "学校学籍管理", "特教是多少"]
)
def test_sounds_across_a_word_boundary_stay(text: str) -> None:
    """Characters that belong to two sound words are no slip: 校学 is not 小学, 生军 not 生均."""
    assert correct(text) == (text, ())


def test_words_of_the_reports_are_no_slips() -> None:
    """What a stored report itself calls a figure is meant as written."""
    assert correct("入学绿是多少")[1] == (("入学绿", "入学率"),)
    assert correct("入学绿是多少", frozenset({"入学绿化面积"})) == ("入学绿是多少", ())


def test_known_names_are_never_changed() -> None:
    """Every name of the catalogue passes as it is."""
    assert [name for name in NAMES if correct(name)[0] != fold(name)] == []


@given(st.sampled_from([name for name in NAMES if "校学" not in name]), st.sampled_from(BESIDE))
def test_known_names_pass_beside_other_words(name: str, beside: str) -> None:
    """Years, figures and asking words beside a name make no slip of it."""
    assert correct(f"{name}{beside}")[0] == fold(f"{name}{beside}")


@given(st.text("一般公共预算教育支出增家长多少小初重中园圆0123456789.,%", max_size=20))
def test_length_and_figures_are_kept(text: str) -> None:
    """A correction has the length of what was written and leaves every figure where it is."""
    corrected, fixes = correct(text)
    assert len(corrected) == len(fold(text))
    assert [m.span() for m in re.finditer(r"[\d.%]+", corrected)] == [
        m.span() for m in re.finditer(r"[\d.%]+", fold(text))
    ]
    assert (corrected == fold(text)) == (not fixes)
