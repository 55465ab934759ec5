"""Totals and their parts: what the audit finds in the ways in which reports put them."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import CatalogueError
from corpus.model import Fact, Report
from corpus.partitions import Partition, partitions
from corpus.readers import read
from corpus.units import convert, dimension
from tools.audit.audit import audit
from tools.audit.intervals import half_place
from tools.audit.model import Finding

MARKS = {"consistent": "✓", "rounding": "≈", "inconsistent": "✗", "not_recomputable": "?"}
OWN = ("sum", "parts", "double")
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "audit_sums.yaml").read_text("utf-8"))


def report_of(tmp_path: Path, text: str) -> Report:
    file = tmp_path / "报告.txt"
    file.write_text(f"关于教育工作的报告\n\n{text}\n", encoding="utf-8")
    return read(file)


def own_findings(report: Report) -> list[Finding]:
    return [finding for finding in audit(report) if finding.check in OWN]


def told(finding: Finding) -> str:
    stated = finding.stated.as_printed if finding.stated is not None else "100%"
    return f"{MARKS[finding.verdict]} {stated}"


def figures(finding: Finding) -> list[Fact]:
    """Return the total and what was added up."""
    made = finding.calculation
    assert made is not None
    facts = [item.fact for item in made.inputs if item.fact is not None]
    return [*facts, *([finding.stated] if finding.stated is not None else [])]


def moved(fact: Fact, among: list[Fact], up: bool) -> str:
    """Return the number of ``fact`` printed anew, further off than all the rounding of a sum allows."""
    slack = sum(
        (
            convert(2 * half_place(f), f.unit, fact.unit)
            for f in among
            if dimension(f.unit) == dimension(fact.unit)
        ),
        Decimal(0),
    )
    places = max(0, -int(fact.value.as_tuple().exponent))
    last = Decimal(1).scaleb(-places)
    step = max(3 * last, (slack / last).to_integral_value(ROUND_CEILING) * last + last)
    value = fact.value + step if up or fact.value <= step else fact.value - step
    return f"{value:f}"


def changed(report: Report, fact: Fact, number: str) -> str:
    """Return the text of ``report`` with another number at ``fact``."""
    end = fact.start
    while report.text[end].isdigit() or report.text[end] in ".,":
        end += 1
    return report.text[: fact.start] + number + report.text[end:]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_each_form_is_judged_as_an_expert_would(case: dict, tmp_path: Path) -> None:
    """What the case names is found, with that verdict, and nothing else of this kind."""
    findings = own_findings(report_of(tmp_path, case["text"]))
    assert sorted(map(told, findings)) == sorted(case["finds"])
    for words in case.get("says", ()):
        assert any(words in finding.explanation.text for finding in findings)
    for finding in findings:
        text = finding.explanation.text
        assert "None" not in text and "  " not in text
        bare = [p.text for p in finding.explanation.parts if p.source is None]
        assert not any(char.isdigit() for words in bare for char in words)


@pytest.mark.parametrize("case", [c for c in CASES if not c.get("open")], ids=lambda case: case["text"][:24])
def test_a_changed_figure_of_a_list_that_is_all_is_found(case: dict, tmp_path: Path) -> None:
    """Each figure of each sum that holds, made larger and smaller: an inconsistency that bears on it is found."""
    report = report_of(tmp_path, case["text"])
    for finding in own_findings(report):
        if finding.verdict != "consistent":
            continue
        among = figures(finding)
        for fact in among:
            for up in (True, False):
                text = changed(report, fact, moved(fact, among, up))
                again = own_findings(report_of(tmp_path, text.split("\n\n", 1)[1]))
                assert any(
                    one.verdict == "inconsistent"
                    and (fact.start in {f.start for f in one.evidence} or one.start <= fact.start < one.end)
                    for one in again
                ), (text.split("\n\n", 1)[1].strip(), fact.as_printed)


# --- any list, printed in any of many ways ---------------------------------------------------------------------

DIVISIONS = (
    ("在园幼儿", "人", ("公办园", "民办园")),
    ("幼儿园", "所", ("公办园", "普惠性民办园", "其他民办园")),
    ("专任教师", "人", ("男教师", "女教师")),
    ("小学生", "人", ("城区", "镇区", "乡村")),
    ("义务教育阶段在校生", "人", ("小学", "初中")),
    ("未到校学生", "人", ("因病请假", "休学", "延缓入学", "转学")),
    ("教学班", "个", ("甲片区", "乙片区", "其他片区")),
)
OPENERS = (
    "全县{whole}{total}{unit},其中{list}。",
    "全县有{whole}{total}{unit},其中:{list}。",
    "全县{whole}共{total}{unit},包括{list}。",
    "全县现有{whole}{total}{unit},分为{list}。",
)
JOINS = ("、", ",", ";")


@st.composite
def partitions_printed(draw: st.DrawFn) -> tuple[str, str]:
    """Return a list that adds up, and the same with its total or a part changed."""
    counts = draw(st.lists(st.integers(3, 9000), min_size=2, max_size=4))
    at = draw(st.integers(-1, len(counts) - 1))
    by = draw(st.integers(1, 900).flatmap(lambda n: st.sampled_from([n, -n])))
    seed = draw(st.integers(0, 2**32))
    right = printed_with(seed, counts, sum(counts))
    total = sum(counts)
    wrong = list(counts)
    if at < 0:
        total = total + by if total + by > 0 else total - by
    else:
        wrong[at] = wrong[at] + by if wrong[at] + by > 0 else wrong[at] - by
    return right, printed_with(seed, wrong, total)


def printed_with(seed: int, counts: list[int], total: int) -> str:
    fitting = [d for d in DIVISIONS if len(d[2]) == len(counts)]
    whole, unit, names = fitting[seed % len(fitting)]
    join = JOINS[seed // 7 % len(JOINS)]
    parts = join.join(f"{name}{count}{unit}" for name, count in zip(names, counts, strict=True))
    return OPENERS[seed // 41 % len(OPENERS)].format(whole=whole, total=total, unit=unit, list=parts)


def report_from(text: str) -> Report:
    return Report("r", f"关于教育工作的报告\n\n{text}\n", "关于教育工作的报告", "r.txt")


@settings(max_examples=150, deadline=None)
@given(partitions_printed())
def test_a_list_that_adds_up_is_never_blamed_and_a_changed_one_always(texts: tuple[str, str]) -> None:
    """Divisions of the field that are complete: right when they add up, inconsistent when one figure is off."""
    right, wrong = texts
    assert [f.verdict for f in own_findings(report_from(right))] == ["consistent"], right
    assert "inconsistent" in [f.verdict for f in own_findings(report_from(wrong))], wrong


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(10_000, 9_999_999), min_size=2, max_size=5), st.integers(0, 3), st.booleans())
def test_rounding_of_a_sum_is_never_an_error(amounts: list[int], places: int, total_alone: bool) -> None:
    """Amounts in 元 told in 亿元 and 万元: each rounded by itself, their printed sum may be off and is not blamed."""
    total = Decimal(sum(amounts)).scaleb(-8 if not total_alone else -4)
    unit = "亿元" if not total_alone else "万元"
    shown = total.quantize(Decimal(1).scaleb(-places - 4 if not total_alone else -places))
    names = ("财政拨款", "事业收入", "捐赠收入", "经营收入", "其他收入")
    parts = "、".join(
        f"{name}{Decimal(a).scaleb(-4).quantize(Decimal(1).scaleb(-places))}万元"
        for name, a in zip(names[-len(amounts) :], amounts, strict=True)
    )
    found = own_findings(report_from(f"全县教育投入{shown}{unit},其中{parts}。"))
    assert "inconsistent" not in [f.verdict for f in found]


@given(st.text("全县小学初中其中、,;。()12359所人共合计另有等", max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_checks_fail(text: str) -> None:
    """Whatever the words are, the audit ends, and what it says bears on the text."""
    report = report_from(text)
    for finding in own_findings(report):
        assert 0 <= finding.start < finding.end <= len(report.text)


def test_every_division_of_the_vocabulary_can_be_read() -> None:
    """Each division takes apart its own words: no part swallows another."""
    for item in partitions().partitions:
        assert len(set(item.parts)) == len(item.parts)
        assert item.class_of("") is None
    assert partitions().entity("幼儿园专任教师") == "staff"


def test_a_malformed_vocabulary_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that is none stops with the file, the division and the pattern."""
    import corpus.partitions as module

    held = partitions()
    broken = replace(held, partitions=(*held.partitions, Partition(name="坏", parts=("(",))))
    monkeypatch.setattr(module, "load_yaml", lambda *_: broken)
    with pytest.raises(CatalogueError, match=r"partitions\.yaml:坏:\("):
        module.partitions.__wrapped__()


def test_the_shared_reports_are_judged(shared: Path) -> None:
    """Of the real reports one list counts somebody twice, and no other total is blamed."""
    blamed = {}
    for file in sorted((shared / "reports").glob("*.txt")):
        for finding in own_findings(read(file)):
            if finding.verdict == "inconsistent":
                blamed.setdefault(file.name, []).append(finding)
    assert [[f.check for f in found] for found in blamed.values()] == [["double"]]
