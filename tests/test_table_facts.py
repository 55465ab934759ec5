"""Facts from tables: every number with the row and column that it stands in, and no number too many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus import boilerplate, sections
from corpus.facts import read_facts
from corpus.model import Fact, Report
from corpus.quantities import read_quantities

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "table_facts.yaml").read_text("utf-8"))
KEYS = (
    "metric", "metric_id", "unit", "period", "stage", "role", "kind", "region", "subject", "direction",
    "base_period", "qualifier",
)  # fmt: skip


def report_of(text: str, year: int = 2023) -> Report:
    furniture = boilerplate.find(text)
    return Report(
        "t", text, "统计资料", "t.txt", region="云溪县", region_path=("云溪县",), year=year,
        sections=sections.find(text, furniture), boilerplate=furniture,
    )  # fmt: skip


def pick(facts: tuple[Fact, ...], at: str) -> Fact | None:
    """The fact printed as ``at``; "…#2" is the second of that print."""
    printed, _, number = at.partition("#")
    found = [f for f in facts if f.as_printed == printed]
    index = int(number or 1) - 1
    return found[index] if index < len(found) else None


def slips(facts: tuple[Fact, ...], case: dict[str, Any]) -> list[str]:
    """What differs from the labels, one line each."""
    wrong = []
    for want in case.get("facts", ()):
        fact = pick(facts, want["at"])
        if fact is None:
            wrong.append(f"{want['at']}: missing")
            continue
        for key in KEYS:
            if key in want and getattr(fact, key) != want[key]:
                wrong.append(f"{want['at']}: {key} {getattr(fact, key)!r}, expected {want[key]!r}")
        if "of" in want:
            about = pick(facts, want["of"])
            if about is None or fact.of != about.id:
                wrong.append(f"{want['at']}: of {fact.of!r}, expected {want['of']!r}")
    wrong += [f"{at}: is no fact" for at in case.get("not", ()) if pick(facts, at)]
    if len(facts) != case["count"]:
        wrong.append(f"{len(facts)} facts, expected {case['count']}: {[f.as_printed for f in facts]}")
    return wrong


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_table(case: dict[str, Any]) -> None:
    """A table is read as a person would note it down; reading a fact's span again gives its value."""
    report = report_of(case["text"], case.get("year", 2023))
    facts = read_facts(report)
    assert slips(facts, case) == []
    for fact in facts:
        (again,) = read_quantities(report.text[fact.start : fact.end])
        assert again.value == fact.value
        assert fact.unit or not again.unit
