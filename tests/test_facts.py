"""From report text to facts: names, stages, times, roles and links."""

from __future__ import annotations

import re
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import boilerplate, sections
from corpus.catalogue import indicators, stages
from corpus.facts import read_facts
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from corpus.readers import read

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "cases" / "facts.yaml").read_text("utf-8"))
HELDOUT = sorted((HERE / "heldout" / "reports").glob("*.txt"))
SAMPLES = sorted((HERE.parent / "corpus" / "samples").glob("*.txt"))
SHARED = sorted((HERE / ".." / ".." / "shared" / "reports").resolve().glob("*.txt"))
CHECKED = ("role", "period", "stage", "metric_id", "kind", "direction", "base_period", "unit", "region")


def report_of(text: str, year: int = 2023) -> Report:
    """A report of a county without neighbours in the cases."""
    furniture = boilerplate.find(text)
    return Report(
        "t", text, "自评报告", "t.txt", region="云溪县", region_path=("云溪县",), year=year,
        sections=sections.find(text, furniture), boilerplate=furniture,
    )  # fmt: skip


def pick(facts: tuple[Fact, ...], at: str) -> Fact | None:
    """The fact printed as ``at``; "…#2" is the second of that print."""
    printed, _, number = at.partition("#")
    found = [f for f in facts if f.as_printed == printed or f.as_printed.replace("—", "-") == printed]
    index = int(number or 1) - 1
    return found[index] if index < len(found) else None


def slips(facts: tuple[Fact, ...], expected: list[dict[str, Any]], absent: list[str]) -> list[str]:
    """What differs from the labels, one line each."""
    wrong = []
    for want in expected:
        fact = pick(facts, want["at"])
        if fact is None:
            wrong.append(f"{want['at']}: missing")
            continue
        for key in CHECKED:
            if key in want and getattr(fact, key) != want[key]:
                wrong.append(f"{want['at']}: {key} {getattr(fact, key)!r}, expected {want[key]!r}")
        if "of" in want:
            about = pick(facts, want["of"])
            if about is None or fact.of != about.id:
                of = next((f.as_printed for f in facts if f.id == fact.of), fact.of)
                wrong.append(f"{want['at']}: of {of!r}, expected {want['of']!r}")
        own = f"{fact.label} {fact.metric}"
        wrong += [f"{want['at']}: lacks {w} in {own!r}" for w in want.get("words", ()) if w not in own]
    wrong += [f"{at}: is no fact" for at in absent if pick(facts, at)]
    return wrong


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    """A short text is read as its labels say, and an empty label list means that nothing is read."""
    facts = read_facts(report_of(case["text"], case.get("year", 2023)))
    assert slips(facts, case["facts"], case.get("not", [])) == []
    if not case["facts"]:
        assert facts == ()


def _hostile() -> list[str]:
    return [
        "9" * 100_000 + "元",
        "在校生" + "(" * 5_000 + "12人" + ")" * 5_000,
        "小学12人、" * 12_000,
        "《" * 3_000 + "全县小学60所。",
        "分别为1元、" * 8_000,
        "由上年的" * 8_000 + "1元增加到2元。",
        "占" * 20_000 + "12%",
        "|1|2|3|\n" * 8_000,
        "比上年增长2.5%," * 8_000,
        "其中" * 20_000 + "5人",
    ]


@pytest.mark.parametrize("text", _hostile(), ids=range(len(_hostile())))
def test_hostile_text_is_read_in_time(text: str) -> None:
    """Endless digits, brackets, lists and lines neither crash the reader nor hold it up."""
    began = time.process_time()
    read_facts(report_of(text))
    assert time.process_time() - began < 10


def test_time_grows_with_the_text_only() -> None:
    """A text of 200 kB takes seconds, and twice the text at most about twice the time."""
    text = "\n".join(path.read_text("utf-8") for path in HELDOUT)
    large = (text * (200_000 // len(text) + 1))[:200_000]
    half = large[:100_000]
    read_facts(report_of(half[:2_000]))
    spans = []
    for piece in (half, large):
        report = report_of(piece)
        began = time.process_time()
        read_facts(report)
        spans.append(time.process_time() - began)
    assert spans[1] < 15
    assert spans[1] < 4 * spans[0]


def check_invariants(report: Report) -> tuple[Fact, ...]:
    """What holds for the facts of any report; returns them."""
    facts = read_facts(report)
    ids = {fact.id for fact in facts}
    assert len(ids) == len(facts)
    by_start = {q.start: q for q in read_quantities(report.text)}
    for fact in facts:
        quantity = by_start[fact.start]
        assert (quantity.value, quantity.end, quantity.as_printed) == (fact.value, fact.end, fact.as_printed)
        assert quantity.unit in (fact.unit, "")  # a table says the unit in its head
        assert isinstance(fact.value, Decimal)
        assert not any(a <= fact.start < b for a, b in report.boilerplate)
        assert fact.of is None or (fact.of in ids and fact.of != fact.id)
        assert fact.role != "limit" or fact.kind == "policy"
        assert not any("\x00" in part for part in (fact.label, fact.metric, fact.context, fact.subject))
        assert fact.metric_id in {None, *indicators()}
        assert fact.stage in {None, *stages()}
        assert (
            fact.sentence[0] <= fact.clause[0] <= fact.start < fact.end <= fact.clause[1] <= fact.sentence[1]
        )
        assert fact.period is None or re.match(r"(?:19|20)\d\d", fact.period)
    return facts


@pytest.mark.parametrize("path", [*HELDOUT, *SAMPLES, *SHARED], ids=lambda path: path.stem)
def test_invariants_of_reports(path: Path) -> None:
    """Every fact of a report re-reads from its span, stands outside boilerplate and links to a fact."""
    report = read(path)
    facts = check_invariants(report)
    assert facts and all(fact.metric and fact.label for fact in facts)
    assert read_facts(report) == read_facts(report)


PIECES = st.sampled_from(
    [
        "小学",
        "初中",
        "普通高中",
        "幼儿园",
        "在校生",
        "专任教师",
        "比上年",
        "由上年的",
        "增加",
        "下降",
        "增长到",
        "分别为",
        "其中",
        "占",
        "的比例为",
        "、",
        ",",
        ";",
        "。",
        "\n",
        "(",
        ")",
        ":",
        "|",
        "12人",
        "3.5%",
        "860元",
        "1.2亿元",
        "4所",
        "2个百分点",
        "16.5:1",
        "2022年",
        "2023年",
        "上年",
        "计划",
        "力争",
        "标准",
        "不低于",
        "以上",
        "的",
        "生均公用经费",
        "毛入园率",
        "一、",
        "(二)",
        "1.",
        "单位:万元",
        "7项指标",
        "45人以内",
        "差异系数",
        "全省平均",
        "高于",
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=40))
def test_invariants_of_any_words(pieces: list[str]) -> None:
    """However the words of reports are thrown together, the facts keep what a fact promises."""
    check_invariants(report_of("".join(pieces)))


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text whatever makes the reader fail."""
    check_invariants(report_of(text))
