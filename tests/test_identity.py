"""Who and when a report is about."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus import readers
from corpus.dating import dates

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "read_identity.yaml").read_text("utf-8")
)
SHARED = Path(__file__).parents[1] / ".." / "shared" / "reports"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_identity_is_what_the_text_says(case: dict[str, Any]) -> None:
    """Region, path, data year, date and title come from the text, and are None where it is silent."""
    report = readers.read_text(case["text"], "case")

    assert case["region"] == report.region
    assert tuple(case.get("path", ())) == report.region_path
    assert case["year"] == report.year
    assert case.get("published") == report.published
    assert case.get("title", report.title) == report.title


def test_overrides_win_and_leave_the_text_alone() -> None:
    """A region and a year given by a person are taken, and do not change text or id."""
    plain = readers.read_text(CASES[0]["text"], "case")
    given = readers.read_text(CASES[0]["text"], "case", region="河南省漯河市郾城区", year=2019)

    assert (given.region, given.region_path, given.year) == ("郾城区", ("河南省", "漯河市", "郾城区"), 2019)
    assert (plain.id, plain.text) == (given.id, given.text)


def test_an_unknown_region_is_accepted_as_given() -> None:
    """A region that no gazetteer has is the person's own word for it."""
    report = readers.read_text("全区有小学40所。", "case", region=" 云梦泽新区 ")

    assert (report.region, report.region_path) == ("云梦泽新区", ())


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2023-12-11", dt.date(2023, 12, 11)),
        ("2023年2月3日", dt.date(2023, 2, 3)),
        ("2023/2/3", dt.date(2023, 2, 3)),
        ("二〇二三年十二月二十一日", dt.date(2023, 12, 21)),
        ("二○二三年十月十日", dt.date(2023, 10, 10)),
        ("2023-13-40", None),
        ("2023年", None),
    ],
)
def test_dates_are_read_in_every_common_form(written: str, expected: dt.date | None) -> None:
    """A full date is read; an impossible or partial one is none."""
    assert [expected] * (expected is not None) == [day for _, day in dates(f"日期 {written} 止")]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reports are not part of the project")
def test_shared_reports_each_have_a_region_and_a_year() -> None:
    """Every real report says, one way or another, what it is about."""
    reports = [readers.read(path) for path in sorted(SHARED.glob("*.txt"))]

    assert [r.source for r in reports if not (r.region and r.region_path and r.year and r.title)] == []
