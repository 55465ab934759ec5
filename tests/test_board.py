"""The compliance board as HTML: everything readable without its colours, names of tables shown as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import board_fixtures
import pytest
from bs4 import BeautifulSoup, Tag
from fake_service import HOSTILE, NEW, FakeService, report

from assistant.faces import board_html, chart_html, demands_html, plan_html, school_html
from assistant.faces import compliance_words as words
from corpus.rules import standards
from tools.compliance.model import Check, Unit, Verdict
from tools.plan.make import make_plan
from tools.plan.shape import plan_json


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    return plan_json(make_plan(board_fixtures.table(), region="青石区", year="2023"))


@pytest.fixture(scope="module")
def check() -> Check:
    return board_fixtures.check()


def rows_of(html: str) -> list[Tag]:
    return BeautifulSoup(html, "html.parser").select("tr[data-school]")


def unit_of(check: Check, row: Tag) -> Unit:
    """Return the unit that a row of the board is about, found by what the row says."""
    group = row.find_previous("tr", class_="jh-group").get_text()
    stage = "primary" if group.startswith("小学") else "junior"
    (unit,) = [u for u in check.units if str(u.school.row) == row["data-school"] and u.stage == stage]
    return unit


def everything(check: Check, plan: dict[str, Any]) -> str:
    texts = {"r1": report()}
    return "".join(
        [
            board_html.summary(check, board_html.downloads("region=a&year=b", "t.xlsx")),
            board_html.board(check),
            board_html.remarks(check),
            board_html.empty("t.xlsx"),
            *(school_html.school(check, unit.school.row) for unit in check.units),
            *(chart_html.dispersion(check, chart_html.key(one)) for one in check.dispersion),
            demands_html.indicators(check, texts),
            plan_html.plan(plan, words.short_names(check)),
        ]
    )


def test_every_cell_says_value_and_verdict_in_words(check: Check) -> None:
    """A cell holds its mark, the verdict for a screen reader, the value, and for a failure the gap."""
    rows = rows_of(board_html.board(check))
    assert len(rows) == len(check.units)
    for row in rows:
        unit = unit_of(check, row)
        cells = row.select("td.jh-cell")
        assert len(cells) == 7
        for cell, verdict in zip(cells, unit.verdicts, strict=True):
            assert cell.select_one("[aria-hidden=true]").get_text() == words.MARKS[verdict.status]
            assert cell.select_one(".jh-sr").get_text() == words.STATUS[verdict.status]
            if verdict.observed:
                assert verdict.observed.shown in cell.get_text()
            assert words.gap_words(verdict) in cell.get_text()
            assert (words.gap_words(verdict) != "") is (verdict.status == "not_met")
        assert words.RULINGS[unit.compliant] in row.select_one(".jh-ruling").get_text()


def test_failing_schools_come_first_in_each_stage(check: Check) -> None:
    """Failing, then undetermined, then compliant; the legend names every mark that occurs."""
    html = board_html.board(check)
    order = {False: 0, None: 1, True: 2}
    for stage in ("primary", "junior"):
        units = [unit for row in rows_of(html) if (unit := unit_of(check, row)).stage == stage]
        ranks = [order[unit.compliant] for unit in units]
        assert ranks == sorted(ranks)
    legend = BeautifulSoup(html, "html.parser").select_one(".jh-legend").get_text()
    assert all(words.MARKS[one.status] in legend for unit in check.units for one in unit.verdicts)


def test_text_of_tables_and_reports_is_never_markup(check: Check, plan: dict[str, Any]) -> None:
    """Names, problems, notes and quotes with markup appear as written; nothing in them becomes an element."""
    soup = BeautifulSoup(everything(check, plan), "html.parser")

    assert soup.select("script, img, iframe, [onerror], [onclick]") == []
    assert HOSTILE in soup.select_one(".jh-board").get_text()
    assert soup.get_text().count(HOSTILE) > 5
    assert "<b>一</b>" in soup.get_text()
    for link in soup.select("a"):
        assert not re.match(r"[a-z]+:|//", link["href"])


def test_every_picture_has_its_words_and_numbers(check: Check) -> None:
    """A drawn bar says what it shows, and the numbers it is drawn from stand in the same row."""
    soup = BeautifulSoup(chart_html.dispersion(check, "primary/1.5"), "html.parser")
    for one in check.dispersion:
        bar = soup.select_one(f'button[data-cv="{chart_html.key(one)}"]').find_parent("tr").select_one("svg")
        assert all(word in bar["aria-label"] for word in (one.cv, one.limit, words.STATUS[one.status]))
        assert {one.cv, one.operator + one.limit} <= {cell.get_text() for cell in bar.find_parent("tr")("td")}
        filled, line = (
            float(bar.select_one(f".jh-{name}")[key]) for name, key in (("fill", "width"), ("limit", "x1"))
        )
        assert (filled > line) is (Fraction(one.cv) > Fraction(one.limit))


def test_contributions_are_listed_for_the_chosen_indicator(check: Check) -> None:
    """All schools with their share, largest first; without a choice none are shown."""
    chosen = next(one for one in check.dispersion if chart_html.key(one) == "primary/1.5")
    soup = BeautifulSoup(chart_html.dispersion(check, "primary/1.5"), "html.parser")
    rows = soup.select(".jh-shares tbody tr")

    assert [(row.th.get_text(), row("td")[2].get_text()) for row in rows] == [
        (item.school, item.shown) for item in chosen.contributions
    ]
    assert "jh-shares" not in chart_html.dispersion(check)
    assert chart_html.largest(replace(check, dispersion=())) is None


def test_school_shows_calculation_cells_and_county_demands(check: Check) -> None:
    """The drill-down of a row names formula, numbers, cells, what it breaks of 2.3-2.5 and what to add."""
    row = next(unit.school.row for unit in check.units if unit.school.name == HOSTILE)
    soup = BeautifulSoup(school_html.school(check, row), "html.parser")
    text = soup.get_text()
    sports = (
        soup.find("th", string=re.compile("体育运动场馆"), recursive=True) or soup.select("tbody tr")[4].th
    )
    line = sports.find_parent("tr").get_text(" ")

    assert "体育运动场馆面积 ÷ 小学学生数" in line and "900 ÷ 1000 = 0.90平方米" in line
    assert "学校数据!S3" in line or re.search(r"学校数据![A-Z]+3", line)
    assert "不到要求的85%" in line
    assert "补6600平方米" in text
    blank = next(unit.school.row for unit in check.units if unit.school.name == "空格小学")
    panel = BeautifulSoup(school_html.school(check, blank), "html.parser").get_text()
    assert "缺室内体育用房面积" in panel
    assert "46人" in panel and "≤45人" in panel
    assert school_html.school(check, 999) == school_html.HINT


def test_split_is_shown_where_it_is_made(check: Check) -> None:
    """A school of two stages shows each stage's share of the facilities with its weights."""
    row = next(unit.school.row for unit in check.units if unit.school.name == "贯通学校")
    text = BeautifulSoup(school_html.school(check, row), "html.parser").get_text()

    assert "小学的份额 = 166 ÷ (166 + 1.1×210)" in text
    assert "初中的份额 = 1.1×210 ÷ (166 + 1.1×210)" in text


def test_indicators_show_status_evidence_and_what_is_missing(check: Check) -> None:
    """Every indicator has a row with its verdict in words; quotes are verbatim, the figure marked."""
    soup = BeautifulSoup(demands_html.indicators(check, {"r1": report()}), "html.parser")
    rows = soup.select("tbody tr")
    assert len(rows) == len(check.indicators)
    for row, verdict in zip(rows, check.indicators, strict=True):
        assert row.th.b.get_text() == verdict.code
        assert words.STATUS[verdict.status] in row("td")[1].get_text()
        assert verdict.clause in row.th.get_text()
        assert all(wanted in row.get_text() for wanted in verdict.wanted)
        assert (words.UNCONFIRMED in row.th.get_text()) is words.unconfirmed(check, verdict.code)
    quote = soup.select_one("blockquote")
    assert quote.get_text().startswith(NEW) and quote.mark.get_text() == "4200.50万元"


def test_what_rests_on_memory_is_marked(check: Check) -> None:
    """An indicator whose limit no source bears out carries the mark; so do dates and formulas in the remarks."""
    other = Check("jiben_junheng", "甲县", "2012", None, indicators=tuple(_blank("jiben_junheng")))
    doubtful = [one for one in other.indicators if words.unconfirmed(other, one.code)]
    soup = BeautifulSoup(demands_html.indicators(other, {}), "html.parser")

    assert 0 < len(doubtful) == len(soup.select(".jh-doubt"))
    remarks = BeautifulSoup(board_html.remarks(check), "html.parser").get_text()
    assert "施行和失效日期未核实" in remarks and "差异系数的限值或公式：未核实" in remarks


def _blank(standard: str) -> Iterator[Verdict]:
    for demand in standards()[standard].demands:
        yield Verdict(standard, demand.code, demand.name, "county", "county", "no_data", "", demand.clause)


def test_report_that_is_gone_leaves_its_figure(check: Check) -> None:
    """Where the report was removed meanwhile, the printed figure and the reason stand."""
    text = BeautifulSoup(demands_html.indicators(check, {}), "html.parser").get_text()

    assert "4200.50万元" in text and "已移除或更新" in text


def test_sentence_is_quoted_once_with_all_its_figures(check: Check) -> None:
    """Two facts of one sentence are two marks in one quote, in their order, whichever overlaps is left."""
    verdict = next(one for one in check.indicators if one.facts)
    start, _ = (span := verdict.facts[0].sentence)
    year = replace(verdict.facts[0], id="y", start=start, end=start + 5)
    twice = replace(verdict, facts=(verdict.facts[0], year, verdict.facts[0]))
    soup = BeautifulSoup(
        demands_html.indicators(replace(check, indicators=(twice,)), {"r1": report()}), "html.parser"
    )

    assert [mark.get_text() for mark in soup.select("blockquote mark")] == ["2022年", "4200.50万元"]
    assert soup.blockquote.get_text().startswith(report().text[slice(*span)])
    assert len(soup.select("blockquote")) == 1


def test_what_can_be_checked_is_offered_tables_first() -> None:
    """One entry a county and year, whatever is stored of it, newest first; what names no county is no entry."""
    from assistant.faces import board

    service = FakeService()
    table = board_fixtures.stored(replace(board_fixtures.table(), region="青石区", year=2022))
    service.stored += [
        table,
        replace(table, id="t2", region="甲县", year=2023),
        replace(table, id="t3", region=None),
        replace(report("r9"), region="乙县", year=None),
    ]

    assert board._places(service) == [
        ("甲县 2023年（学校数据表）", "甲县|2023"),
        ("青石区 2022年（学校数据表、自评报告）", "青石区|2022"),
        ("乙县 未注明年份（自评报告）", "乙县|"),
    ]


def test_without_a_table_each_part_says_so() -> None:
    """Where only reports are stored, no part of the board is left blank."""
    bare = Check("youzhi_junheng", "甲县", "2022", None)

    assert board_html.board(bare) == chart_html.dispersion(bare) == ""
    assert "没有这个县和年份的学校数据表" in board_html.no_table()


def test_plan_names_additions_moves_and_coefficients(check: Check, plan: dict[str, Any]) -> None:
    """What to add, who gives whom how many, and what the coefficients become: every number of the plan."""
    soup = BeautifulSoup(plan_html.plan(plan, words.short_names(check)), "html.parser")
    rows = {tuple(cell.get_text() for cell in row(["th", "td"])) for row in soup.select("tbody tr")}
    text = soup.get_text()

    assert len(plan["additions"]) > 3 and plan["moves"]
    for one in (*plan["additions"], *plan["dispersion_additions"]):
        amounts = tuple(one[key] + one["unit"] for key in ("have", "need", "add"))
        assert any(row[0] == one["school"] and row[3:] == amounts for row in rows), one
    for one in plan["dispersion"]:
        values = tuple(one[key] or "—" for key in ("cv_before", "cv_after", "cv_final"))
        assert any(row[1:] == (*values, f"≤{one['limit']}") for row in rows), one
    for move in plan["moves"]:
        assert f"调剂{move['moved']}人，另补{move['added']}人" in text
        for transfer in move["transfers"]:
            assert f"{transfer['from']} → {transfer['to']}：{transfer['count']}人" in text
    assert all(note in text for note in plan["notes"])


def test_nothing_stored_offers_the_template() -> None:
    """The empty state says what to do and links to the empty table."""
    soup = BeautifulSoup(board_html.empty("download/template.xlsx"), "html.parser")

    assert soup.a["href"] == "download/template.xlsx" and soup.a.has_attr("download")


def test_summary_counts_schools_and_coefficients(check: Check) -> None:
    """The counts of the summary are those of the verdicts."""
    lines = words.summary_lines(check)
    primary = [unit.compliant for unit in check.units if unit.stage == "primary"]
    counts = {key: primary.count(key) for key in (True, False, None)}

    assert lines[0] == (
        f"小学：参评{len(primary)}所，{counts[True]}所达标，{counts[False]}所未达标，{counts[None]}所缺数据无法判定。"
    )
    statuses = [one.status for one in check.dispersion]
    assert f"{statuses.count('met')}项未超过限值" in lines[2]
    assert f"{statuses.count('no_data')}项缺数据" in lines[2]
