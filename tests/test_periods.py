"""The reader of times: written forms as an expert lists them, and what relative words come to."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Period
from corpus.periods import read_periods, resolve

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "periods.yaml").read_text("utf-8"))
FLAT = [(text, expected) for group in CASES.values() for text, expected in group.items()]


@pytest.mark.parametrize(("text", "expected"), FLAT, ids=[text for text, _ in FLAT])
def test_case(text: str, expected: list[str]) -> None:
    """Every listed phrase gives exactly the times beside it, at their places."""
    found = [
        f"{text[p.start : p.end]}|{p.key}" if p.key else f"{text[p.start : p.end]}|?{p.relative}"
        for p in read_periods(text)
    ]

    assert expected == found


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("上年", "2021"), ("去年", "2021"), ("前年", "2020"), ("大前年", "2019"), ("今年", "2022"),
        ("本年", "2022"), ("当年", "2022"), ("全年", "2022"), ("目前", "2022"), ("明年", "2023"),
        ("去年同期", "2021"),
        ("同期", "2021"), ("近三年", "2020/2022"),
        ("近5年来", "2018/2022"), ("一年来", "2022"), ("三年来", "2020/2022"),
        ("未来三年", "2023/2025"), ("前三年", "2019/2021"), ("上学年", "2021/2022"), ("本学年", "2022/2023"),
        ("今年8月份", "2022-08"), ("去年秋季", "2021-autumn"), ("上年末", "2021"), ("年初", "2022"),
        ("5月24日", "2022-05-24"), ("4月底", "2022-04"), ("秋季", "2022-autumn"), ("上半年", "2022H1"),
        ("近年来", None), ("本学期", None),
    ],
)  # fmt: skip
def test_relative_words_count_from_the_year(words: str, key: str | None) -> None:
    """A relative word is counted from the year the caller gives, or stays open."""
    [period] = read_periods(words)

    assert period.key is None
    assert key == resolve(period, year=2022)


def test_words_that_point_back_take_the_year_named_before() -> None:
    """当年, 次年 and a day without a year belong to the time named last; 上年 does not."""
    [that, next_one, day, last] = read_periods("当年,次年,5月24日,上年")

    assert resolve(that, year=2023, previous="2020-09") == "2020"
    assert resolve(next_one, year=2023, previous="2020") == "2021"
    assert resolve(day, year=2023, previous="2020/2022") == "2020-05-24"
    assert resolve(last, year=2023, previous="2020") == "2022"


def test_without_a_year_nothing_is_invented() -> None:
    """A relative word without a year to count from stays unresolved; an absolute one keeps its key."""
    assert resolve(Period(0, 2, None, "上年"), year=None) is None
    assert resolve(Period(0, 5, "2022"), year=None) == "2022"
    assert resolve(Period(0, 5, "2022"), year=2019) == "2022"


@given(st.integers(1980, 2060), st.integers(1, 12), st.integers(1, 28), st.booleans())
@settings(max_examples=120, deadline=None)
def test_every_writing_of_a_date_has_one_key(year: int, month: int, day: int, wide: bool) -> None:
    """Digits of any width, padded or not, with 年月日 or strokes, give one key, and the year its own."""
    forms = [
        f"{year}年{month}月{day}日",
        f"{year}-{month:02}-{day:02}",
        f"{year} 年 {month} 月 {day} 日",
        f"{year}/{month}/{day}",
    ]
    for form in forms:
        text = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in form) if wide else form
        [period] = read_periods(f"会议({text})召开")
        assert f"{year}-{month:02}-{day:02}" == period.key, text
    chinese = "".join("〇一二三四五六七八九"[int(c)] for c in str(year))
    [period] = read_periods(f"到{chinese}年完成")
    assert str(year) == period.key
    [span] = read_periods(f"{year}—{year + 1}学年")
    assert f"{year}/{year + 1}" == span.key


@given(
    st.text(
        alphabet="0123456789年月日号第学季度上下半前近三十四五期间一二〇—-至、. 底初末今去同“”秋春:",
        max_size=20,
    ),
    st.integers(1990, 2050),
)
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_in_order(text: str, year: int) -> None:
    """Whatever is written, reading and resolving end, and spans are ordered and not blank."""
    end = 0
    for period in read_periods(text):
        assert end <= period.start < period.end <= len(text)
        assert (period.key is None) != (period.relative is None)
        assert text[period.start : period.end].strip()
        resolve(period, year=year)
        end = period.end
