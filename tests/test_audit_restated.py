"""The same quantity twice: in one report, and in two reports of a region."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.catalogue import load_yaml
from corpus.model import Fact, Report
from corpus.readers import read
from tools.audit.audit import audit
from tools.audit.model import Finding
from tools.evidence import plain

CASES: list[dict[str, Any]] = load_yaml(
    Path(__file__).parent / "cases" / "audit_restated.yaml", list[dict[str, Any]]
)


def report_of(
    text: str, folder: Path, region: str = "青禾县", year: int = 2023, name: str = "甲.txt"
) -> Report:
    path = folder / name
    path.write_text(f"{region}教育情况报告\n{text}", encoding="utf-8")
    return read(path, region=region, year=year)


def restated(report: Report) -> list[Finding]:
    return [f for f in audit(report) if f.check == "restated"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_said_twice(case: dict[str, Any], tmp_path: Path) -> None:
    """Two values of one quantity are found; two quantities that look alike are left alone."""
    found = restated(report_of(case["text"], tmp_path))
    said = {
        verdict: [plain(f.stated.value) for f in found if f.stated and f.verdict == verdict]
        for verdict in ("inconsistent", "consistent")
    }
    assert said["inconsistent"] == case.get("found", []), [f.explanation.text for f in found]
    if "alike" in case:
        assert said["consistent"] == case["alike"]
    if case.get("neither"):
        assert not found, [f.explanation.text for f in found]


@settings(max_examples=60, deadline=None)
@given(
    cents=st.integers(10_000_00, 9_999_999_99), places=st.integers(1, 4), off=st.integers(-30, 30).filter(lambda n: abs(n) > 2)
)  # fmt: skip
def test_one_amount_in_two_units(
    cents: int, places: int, off: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An amount in 万元 and the same one rounded to 亿元 agree at every precision; one off by more does not."""
    folder = tmp_path_factory.mktemp("units")
    amount = Decimal(cents) / 100
    rounded = (amount / 10000).quantize(Decimal(1).scaleb(-places))
    wrong = rounded + off * Decimal(1).scaleb(-places)
    text = "一、总体\n2023年全县教育经费总投入{}万元。\n二、投入\n2023年，全县教育经费总投入{}亿元。\n"
    assert not [
        f for f in restated(report_of(text.format(amount, rounded), folder)) if f.verdict == "inconsistent"
    ]
    if wrong > 0:
        (found,) = restated(report_of(text.format(amount, wrong), folder))
        assert found.verdict == "inconsistent" and found.stated is not None
        assert {found.stated.value, *(f.value for f in found.evidence if isinstance(f, Fact))} >= {
            amount,
            wrong,
        }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_generated_reports_are_left_alone_until_a_figure_is_changed(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An agreeing report has no restatement that differs; changing one of two equal statements is found."""
    from scripts.generate_reports import draft

    folder = tmp_path_factory.mktemp("generated")
    made = draft(seed)
    path = folder / "a.txt"
    path.write_text(made.text, encoding="utf-8")
    assert not [f for f in restated(read(path)) if f.verdict == "inconsistent"]
    for name, places in made.stated.items():
        if len(places) < 2:
            continue
        place = places[-1]
        other = f"{Decimal(place.text) * 2}"
        path.write_text(made.text[: place.start] + other + made.text[place.end :], encoding="utf-8")
        found = [f for f in restated(read(path)) if f.verdict == "inconsistent"]
        assert any(
            other in str(f.stated.value)
            or any(other == str(e.value) for e in f.evidence if isinstance(e, Fact))
            for f in found
            if f.stated
        ), (name, made.text)


def test_the_explanation_names_what_where_and_both_figures(tmp_path: Path) -> None:
    """An inspector can forward it: place, year, indicator, both sections and both figures, each with a source."""
    text = "一、基本情况\n2023年全县教育经费总投入21.29亿元。\n二、经费投入\n2023年全县教育经费总投入29.21亿元。\n"
    (found,) = restated(report_of(text, tmp_path))
    said = found.explanation.text
    for words in (
        "青禾县",
        "2023年",
        "教育经费总投入",
        "「一、基本情况」",
        "21.29亿元",
        "「二、经费投入」",
        "29.21亿元",
    ):
        assert words in said
    for part in found.explanation.parts:
        assert part.source is not None or not any(c.isdigit() for c in part.text)


def test_many_mentions_stay_linear(tmp_path: Path) -> None:
    """Four times the mentions of one quantity take nowhere near sixteen times the time."""
    import time

    def took(count: int) -> float:
        lines = "".join(
            f"（{n}）2023年全县教育经费总投入21.29亿元，全县在园幼儿{n + 100}人。\n" for n in range(count)
        )
        report = report_of(lines, tmp_path)
        facts = None
        started = time.process_time()
        from tools.audit.checks.restated import restated as run
        from tools.audit.view import view_of

        view = view_of(report, facts)
        started = time.process_time()
        list(run(view))
        return time.process_time() - started

    took(50)
    small, large = min(took(150) for _ in range(3)), min(took(600) for _ in range(3))
    assert large < 9 * small + 0.05
