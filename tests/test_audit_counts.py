"""Claims in words against figures: contradictions are found, and no right report is accused."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from answers_fixtures import load_cases
from hypothesis import given
from hypothesis import strategies as st

from assistant.guard_statements import broken
from corpus import boilerplate, sections
from corpus.errors import CatalogueError
from corpus.model import Report
from corpus.readers import read
from tools.audit.audit import audit
from tools.audit.model import Finding
from tools.audit.spoken import Counted, told
from tools.evidence import Statement

CASES = load_cases("audit_counts.yaml")
OWN = ("counts", "threshold", "standard", "plan")
SAMPLE = Path(__file__).parents[1] / "corpus" / "samples" / "shaoling-2022-zipping.txt"


def report_of(text: str, **named: Any) -> Report:
    furniture = boilerplate.find(text)
    published = named.get("published")
    return Report(
        "r", text, named.get("title", "青禾县2023年教育工作自评报告"), "r.txt", region="青禾县",
        region_path=("青禾县",), year=named.get("year", 2023), sections=sections.find(text, furniture),
        boilerplate=furniture, published=dt.date.fromisoformat(published) if published else None,
    )  # fmt: skip


def findings_on(report: Report) -> list[Finding]:
    return [f for f in audit(report) if f.check in OWN]


def quote(report: Report, finding: Finding) -> str:
    return report.text[finding.start : finding.end]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_a_claim_is_held_against_its_figures(case: dict[str, Any]) -> None:
    """Each text gives the verdicts that an inspector would accept, and accuses of nothing else."""
    report = report_of(**case)
    found = findings_on(report)
    expected = case.get("expect", [])
    told = [(f.check, f.verdict, quote(report, f), f.explanation.text) for f in found]
    for check, verdict, words in expected:
        assert any(f[:2] == (check, verdict) and words in f[2] for f in told), told
    accused = [f for f in told if f[1] == "inconsistent"]
    assert len(accused) == sum(verdict == "inconsistent" for _, verdict, _ in expected), accused
    if "says" in case:
        assert any(case["says"] in f[3] for f in told if f[:2] == tuple(expected[0][:2])), told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:30])
def test_the_guard_comes_to_the_same_judgement(case: dict[str, Any]) -> None:
    """Every number of an explanation has a source, and judged again from its figures the verdict is the same.

    What has no two figures to compare (a date that has not come, words against words) the guard cannot judge, nor
    a bound that is met to the last printed place.
    """
    report = report_of(**case)
    found = findings_on(report)
    for finding in found:
        assert 0 <= finding.start < finding.end <= len(report.text) and finding.evidence
        if (finding.check == "plan" and finding.stated is None) or finding.verdict == "rounding":
            continue
        item = told(finding, Counted(report, tuple(found))).item
        assert isinstance(item, Statement)
        assert broken(item, lambda _: report, "") == [], item.text


def test_the_sample_report_contradicts_itself() -> None:
    """The bundled self-assessment claims no dropout beside 99.9 %, and a share of 50 % that its counts refute."""
    report = read(SAMPLE)
    wrong = [f for f in findings_on(report) if f.verdict == "inconsistent"]
    assert len(wrong) == 2
    dropout, share = wrong
    assert "辍学" in quote(report, dropout) and dropout.least is not None
    assert "22人" in dropout.explanation.text and "43802人" in dropout.explanation.text
    assert share.calculation is not None and share.calculation.value == Decimal("23.52")
    assert {f.as_printed for f in share.evidence if hasattr(f, "as_printed")} >= {"3514人", "14943人"}
    open_ones = [f for f in findings_on(report) if f.check == "plan"]
    assert all(f.verdict == "not_recomputable" and f.hint for f in open_ones)


RATES = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@given(RATES, st.integers(0, 2))
def test_a_rate_that_may_be_full_never_contradicts(rate: Decimal, places: int) -> None:
    """ "无一例辍学" is contradicted exactly where no rate that rounds to the printed one is 100 %."""
    printed = rate.quantize(Decimal(1).scaleb(-places))
    report = report_of(f"全县无一例辍学,控辍保学率{printed}%。")
    wrong = [f for f in findings_on(report) if f.verdict == "inconsistent"]
    assert bool(wrong) == (printed < 100)


@given(
    st.integers(1, 9_999),
    st.integers(0, 3),
    st.integers(1, 99),
    st.sampled_from(["超过", "高于", "达到", "不低于"]),
)
def test_a_bound_is_judged_by_what_is_printed(value: int, places: int, mark: int, word: str) -> None:
    """A figure above its bound is never accused, one that cannot reach it always is."""
    figure = Decimal(value).scaleb(-places)
    report = report_of(f"2023年全县教育总投入为{figure}亿元,首次{word}{mark}亿元。")
    verdicts = {f.verdict for f in findings_on(report) if f.check == "threshold"}
    half = Decimal(1).scaleb(-places) / 2
    if figure > mark:
        assert verdicts <= {"consistent"}
    elif figure + half < mark:
        assert verdicts == {"inconsistent"}
    else:
        assert "inconsistent" not in verdicts


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_counts_decide_whether_a_bound_is_reached(public: int, other: int) -> None:
    """A share claimed as 50%以上 is inconsistent exactly where the counts give less."""
    total = public + other
    report = report_of(f"全县在园幼儿{total}人,其中公办园在园幼儿{public}人,公办园在园幼儿占比达到50%以上。")
    verdicts = {f.verdict for f in findings_on(report) if f.check == "counts"}
    assert verdicts == ({"consistent"} if Decimal(public) * 100 / total >= 50 else {"inconsistent"})


def test_no_claim_of_the_real_reports_is_wrongly_accused(shared: Path) -> None:
    """In the folder of real reports only the two contradictions of the long self-assessment are inconsistent."""
    wrong = [
        (path.name, f.check, quote(report, f))
        for path in sorted((shared / "reports").glob("*.txt"))
        for report in [read(path)]
        for f in findings_on(report)
        if f.verdict == "inconsistent"
    ]
    assert [(name[:3], check) for name, check, _ in wrong] == [("000", "counts"), ("000", "counts")], wrong


@pytest.mark.parametrize("folder", ["heldout", "blind"])
def test_invented_reports_without_contradictions_are_left_alone(folder: str) -> None:
    """Reports that were written without a contradiction of this kind give none."""
    for path in sorted((Path(__file__).parent / folder / "reports").glob("*.txt")):
        report = read(path)
        wrong = [f.explanation.text for f in findings_on(report) if f.verdict == "inconsistent"]
        assert wrong == [], path.name


def test_a_slip_in_the_word_lists_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A pattern that does not compile stops the program with the file and the pattern, not an audit."""
    from corpus import claims as module

    text = (module.HERE / "claims.yaml").read_text("utf-8")
    (tmp_path / "claims.yaml").write_text(text.replace('hedges: "', 'hedges: "(', 1), "utf-8")
    monkeypatch.setattr(module, "HERE", tmp_path)
    with pytest.raises(CatalogueError, match=r"claims\.yaml:hedges"):
        module.claims.__wrapped__()
