"""Markdown is read as its reader sees it."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from pathlib import Path

import pytest

from corpus import readers
from corpus.facts import read_facts
from corpus.model import Report


def read(text: str, folder: Path) -> Report:
    path = folder / "a.md"
    path.write_text(text, encoding="utf-8")
    return readers.read_bytes(path.read_bytes(), path.name, str(path))


@pytest.mark.parametrize(
    ("written", "reads"),
    [
        ("全县有小学**12**所，教师*256*名，_另有_ 3人", "全县有小学12所，教师256名，另有 3人"),
        ("达到 **98.5%** 以上", "达到 98.5% 以上"),
        ("增长3\\*4，见\\[附件\\]，1\\. 不是列表", "增长3*4，见[附件]，1. 不是列表"),
        ("3*4*5 与 file_name_1 不变，共____所", "3*4*5 与 file_name_1 不变，共____所"),
        ("由~~120~~130所增加，原~~旧~~", "由130所增加，原"),
        ("见[公告](http://example.cn/a_b*c)和![图](x.png)", "见公告和"),
        ("用`代码`和``代 码``", "用代码和代 码"),
        ("面积800m<sup>2</sup>，占12.5%<sup>1</sup>", "面积800m²，占12.5%①"),
        ("小学&nbsp;12&lt;20所<br>完", "小学 12<20所 完"),
        ("> 引用：小学12所", "引用：小学12所"),
        ("- 小学12所", "小学12所"),
        ("  * [x] 初中3所", "初中3所"),
        ("1. 小学12所", "1. 小学12所"),
        ("占比 $12.5\\%$", "占比 12.5%"),
        ("注释[^a]在此", "注释①在此"),
        ("[^a]: 含教学点", "注①：含教学点"),
        ("<b>小学</b>12所<!-- 77所 -->", "小学12所"),
        ("## 一、基本情况 ##", "## 一、基本情况"),
        ("2×3=6，甲_乙", "2×3=6，甲_乙"),
    ],
)
def test_marks_go_and_characters_stay(tmp_path: Path, written: str, reads: str) -> None:
    """What a mark encloses is kept, what it hides is not, and a figure is never split."""
    assert read(f"开头\n\n{written}\n", tmp_path).text == f"开头\n\n{reads}\n"


def test_tables_are_rows(tmp_path: Path) -> None:
    """With strokes at the ends or without, as Markdown or as HTML; the rule between head and body goes."""
    text = (
        "表1\n\n| 学段 | **教师** |\n|:---|---:|\n| 小学 | 256 |\n| 初\\|中 | |\n\n"
        "学段 | 班数\n--- | ---\n小学 | 18\n\n<table><tr><td rowspan=2>高中</td><td>3</td></tr>\n<tr><td>4</td></tr></table>\n"
    )
    lines = [line for line in read(text, tmp_path).text.split("\n") if line]

    assert lines == [
        "表1", "学段 | 教师", "小学 | 256", "初|中 | ", "学段 | 班数", "小学 | 18", "高中 | 3", "高中 | 4",
    ]  # fmt: skip


def test_front_matter_declares(tmp_path: Path) -> None:
    """Fields at the head are no text; a rule at the head is no front matter."""
    report = read(
        '---\ntitle: "禾川县教育情况报告"\ndate: 2023-05-06\ntags:\n  - 教育\n---\n\n# 禾川县教育情况报告\n正文。',
        tmp_path,
    )
    plain = read("---\n全县有小学12所。\n---\n完。", tmp_path)

    assert (report.title, report.published) == ("禾川县教育情况报告", dt.date(2023, 5, 6))
    assert report.text.strip() == "# 禾川县教育情况报告\n正文。" and report.format == "markdown"
    assert plain.text == "全县有小学12所。\n完。"


def test_facts_and_sections_are_those_of_the_plain_text(tmp_path: Path) -> None:
    """Emphasis costs no fact, headings make sections."""
    report = read(
        "# 禾川县2022年教育情况报告\n\n## 一、学校\n\n全县有小学**12**所，**初中**3所。\n\n## 经费\n\n共**3.5**亿元。\n",
        tmp_path,
    )

    assert [(f.metric, f.value, f.section) for f in read_facts(report)] == [
        ("小学", Decimal(12), "一、学校"), ("初中", Decimal(3), "一、学校"), (read_facts(report)[2].metric, Decimal("3.5"), "经费"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "unit",
    [
        "*",
        "**a",
        "[",
        "[a](",
        "<!--",
        "<table>",
        "`",
        "|",
        "|-",
        "\\",
        "_a",
        "~~a",
        "$1年",
        "> ",
        "- ",
        "<a ",
    ],
)
def test_hostile_markdown_ends_soon(tmp_path: Path, unit: str) -> None:
    """No pattern runs away on a long repetition."""
    begin = time.process_time()
    read("某县报告\n" + unit * (100_000 // len(unit)) + "甲", tmp_path)

    assert time.process_time() - begin < 10
