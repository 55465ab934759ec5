"""Tables of a report: totals, sub-totals and columns that follow from others, every cell guarded."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Fact, Report
from corpus.readers import read
from tools.audit.audit import audit
from tools.audit.grid import grids
from tools.audit.intervals import half_place
from tools.audit.model import Finding
from tools.audit.view import view_of

MARKS = {"consistent": "✓", "rounding": "≈", "inconsistent": "✗", "not_recomputable": "?"}
OWN = ("sum", "parts", "ratio", "average", "share", "growth", "difference")
CASES = yaml.safe_load((Path(__file__).parent / "cases" / "audit_tables.yaml").read_text("utf-8"))


def report_from(text: str) -> Report:
    return Report("t", text, text.split("\n", 1)[0], "t.txt", year=2023)


def findings_of(report: Report) -> list[Finding]:
    """Return what is said of the cells of tables: their sums and what follows from other cells."""
    inside = [(grid.start, grid.end) for grid in grids(view_of(report))]
    return [
        f
        for f in audit(report)
        if f.check in OWN and f.stated is not None and any(a <= f.stated.start < b for a, b in inside)
    ]


def told(finding: Finding) -> str:
    assert finding.stated is not None
    return f"{MARKS[finding.verdict]} {finding.check} {finding.stated.as_printed}"


def changed(report: Report, fact: Fact, up: bool, among: list[Fact]) -> Report:
    """Return the report with the number of ``fact`` moved by more than rounding can explain."""
    end = fact.start
    while end < len(report.text) and (report.text[end].isdigit() or report.text[end] in ".-"):
        end += 1
    places = max(0, -int(fact.value.as_tuple().exponent))
    last = Decimal(1).scaleb(-places)
    step = max(3 * last, 2 * len(among) * half_place(fact) + last, (abs(fact.value) / 4).quantize(last))
    value = fact.value + step if up else fact.value - step
    return report_from(f"{report.text[: fact.start]}{value:f}{report.text[end:]}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:20])
def test_each_table_is_judged_as_an_expert_would(case: dict) -> None:
    """What the case names is found and nothing is blamed beyond it; ``consistent``: so many cells add up."""
    found = findings_of(report_from(case["text"]))
    others = sorted(told(f) for f in found if f.verdict != "consistent")
    assert others == sorted(case.get("finds", []))
    assert sum(f.verdict == "consistent" for f in found) == case["consistent"]
    for words in case.get("says", ()):
        assert any(words in f.explanation.text for f in found)
    for finding in found:
        bare = [part.text for part in finding.explanation.parts if part.source is None]
        assert not any(char.isdigit() for words in bare for char in words)


@pytest.mark.parametrize("case", [c for c in CASES if c.get("guarded")], ids=lambda case: case["text"][:20])
def test_every_cell_of_a_consistent_table_is_guarded(case: dict) -> None:
    """Any number of the table made larger or smaller gives an inconsistency that bears on it."""
    report = report_from(case["text"])
    view = view_of(report)
    cells = [cell.fact for grid in grids(view) for row in grid.rows for cell in row.cells if cell.fact]
    assert cells
    for fact in cells:
        for up in (True, False):
            again = changed(report, fact, up, cells[:6])
            blamed = [f for f in findings_of(again) if f.verdict == "inconsistent"]
            assert any(fact.start in {e.start for e in f.evidence} for f in blamed), (fact.label, up)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5000), min_size=3, max_size=3), min_size=2, max_size=8),
    st.integers(0, 2),
    st.integers(1, 400),
    st.booleans(),
)
def test_a_table_with_totals_is_right_as_made_and_wrong_when_changed(
    rows: list[list[int]], column: int, by: int, first: bool
) -> None:
    """Total row above or below, any numbers: nothing is blamed; one cell off, and its column is."""
    heads = ("学校数", "班级数", "学生数")
    total = [sum(row[at] for row in rows) for at in range(3)]
    lines = [" | ".join((f"{chr(0x7532 + at)}镇", *map(str, row))) for at, row in enumerate(rows)]
    total_line = " | ".join(("合计", *map(str, total)))
    body = [total_line, *lines] if first else [*lines, total_line]
    text = "\n".join(("乡镇情况表", " | ".join(("乡镇", *heads)), *body))
    assert {f.verdict for f in findings_of(report_from(text))} == {"consistent"}
    rows[0][column] += by
    lines[0] = " | ".join((f"{chr(0x7532)}镇", *map(str, rows[0])))
    body = [total_line, *lines] if first else [*lines, total_line]
    text = "\n".join(("乡镇情况表", " | ".join(("乡镇", *heads)), *body))
    blamed = [f for f in findings_of(report_from(text)) if f.verdict == "inconsistent"]
    assert [f.stated.as_printed for f in blamed if f.stated] == [str(total[column])]


def test_the_shared_table_is_right_but_for_what_its_remark_explains(shared: Path) -> None:
    """Totals and ratios hold, and more teachers than staff are explained by the remark below the table."""
    file = next(f for f in sorted((shared / "reports").glob("*.txt")) if "|" in f.read_text("utf-8"))
    found = findings_of(read(file))
    assert {f.verdict for f in found} == {"consistent", "not_recomputable"}
    (open_one,) = [f for f in found if f.verdict == "not_recomputable"]
    assert open_one.check == "parts" and "口径" in open_one.explanation.text
    assert [f.check for f in found].count("ratio") == 8 and [f.check for f in found].count("sum") == 5
