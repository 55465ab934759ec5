"""The tab 核数: the marked text as HTML, and what a person sees and can do in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import audit_fixtures
import board_fixtures
import pytest
from fake_service import HOSTILE, FakeService
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from test_page import Visit, browser, visiting
from test_page import pytestmark as in_browser

from assistant.faces import audit_html, audit_text_html
from assistant.faces.audited import Audited, keyed, together
from corpus.readers import read_text
from tools.audit.model import Finding

__all__ = ["browser"]
FITS = "e => e.scrollWidth <= innerWidth"


def audited() -> Audited:
    service = FakeService()
    service.stored.append(audit_fixtures.other())
    return together(service, audit_fixtures.report(), audit_fixtures.findings())


class Reading(HTMLParser):
    """Collects the lines of the text as a browser would show them, marks apart, and every tag."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.tags: set[str] = set()
        self.claims: list[tuple[str, str]] = []
        self.ticks: list[str] = []
        self._inside = False
        self._keys: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        given = dict(attrs)
        if tag == "p":
            self._inside = True
            self.lines.append("")
        if tag == "mark":
            self._keys = given["data-finding"]
        if tag == "button" and "data-finding" in given:
            self.ticks.append(given["data-finding"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._inside = False
        if tag == "mark":
            self._keys = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.lines[-1] += data
            if self._keys is not None:
                self.claims.append((data, self._keys))


def test_every_figure_is_marked_and_every_finding_has_its_mark() -> None:
    """The marked pieces are the judged figures; two findings on one figure both stand in the margin."""
    shown = audited()
    keys = keyed(shown.findings)
    read = Reading(audit_text_html.marked_text(shown, keys))
    pieces = dict(read.claims)

    assert sorted(read.ticks) == sorted(keys)
    assert set(pieces) == {"4200.50万元", "200.50万元", "6.01%", "3.4%", "97.5%", "没有一名学生辍学", "12.5%"}
    assert len(pieces["6.01%"].split()) == 2
    assert HOSTILE in "".join(read.lines)
    assert not read.tags & {"script", "img"}


@given(st.text(alphabet="甲乙1.5%<&\"'> \n", max_size=60), st.data())
@settings(max_examples=60, deadline=None)
def test_text_stays_what_it_is(text: str, data: st.DataObject) -> None:
    """Wherever claims begin and end, overlap or cross lines, the lines read as in the report and all are marked."""
    report = replace(audit_fixtures.report(), text=text + "完", sections=())
    place = st.integers(0, len(text))
    findings = []
    for number in range(data.draw(st.integers(0, 5))):
        start = data.draw(place)
        end = data.draw(st.integers(start + 1, len(text) + 1))
        findings.append(_at(start, end, number))
    shown = Audited(report, tuple(findings), {report.id: report})
    keys = keyed(findings)
    read = Reading(audit_text_html.marked_text(shown, keys))

    assert [line for line in read.lines if line.strip()] == [
        line for line in report.text.split("\n") if line.strip()
    ]
    assert sorted(read.ticks) == sorted(keys)
    for key, finding in keys.items():
        marked = "".join(piece for piece, names in read.claims if key in names.split())
        expected = report.text[finding.start : finding.end]
        assert "".join(marked.split()) == "".join(expected.split())


def _at(start: int, end: int, number: int) -> Finding:
    first = audit_fixtures.findings()[6]
    verdict = ("consistent", "rounding", "inconsistent", "not_recomputable")[number % 4]
    return replace(first, start=start, end=end, verdict=verdict, evidence=(), check="counts")  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(["字" * 9_000, "\n", "。", "短"]), max_size=30))
@settings(max_examples=40, deadline=None)
def test_parts_cover_a_long_text_without_a_gap(pieces: list[str]) -> None:
    """Parts follow each other, none is longer than what is shown at once, and every position is in its part."""
    text = "".join(pieces)
    parts = audit_text_html.parts_of(text)

    assert "".join(text[low:high] for low, high in parts) == text
    assert all(high - low <= audit_text_html.PART for low, high in parts)
    for number, (low, high) in enumerate(parts):
        assert high == low or audit_text_html.part_at(text, low) == number


def test_panel_has_formula_inputs_range_and_quotes() -> None:
    """A finding shows what was stated, what comes out, the range, the steps, and where each input stands."""
    shown = audited()
    keys = keyed(shown.findings)
    panels = {key: unescape(audit_html.panel(shown, {key: one})) for key, one in keys.items()}
    across, growth, share, rough = (
        next(panel for key, panel in panels.items() if panel.startswith("<section") and wanted(keys[key]))
        for wanted in (
            lambda f: f.check == "across",
            lambda f: f.check == "growth" and f.verdict == "inconsistent",
            lambda f: f.check == "share",
            lambda f: f.verdict == "rounding",
        )
    )

    assert "(4200.50 − 4000.00) ÷ 4000.00 × 100% ≈ 5.01%" in growth
    assert f'data-at="{audit_fixtures.TEXT.index("4000.00")}"' in growth
    assert "增长6.01%" in growth and "增长5.01%" in growth
    assert "0.00%～6.56%" in rough and "舍入允许的最大增幅" in rough
    assert "算得：4200.50 − 4000.00 = 200.50万元" in share
    assert "青禾县教育经费公告" in across and "4300.50万元" in across


def test_key_that_is_gone_is_told() -> None:
    """A finding that is no longer there is said rather than shown as another."""
    assert "请重新选择报告" in audit_html.panel(audited(), {})


def test_list_is_capped_with_a_note() -> None:
    """Of very many findings the first are listed, those that want attention before the others."""
    many = tuple(_at(0, 5, n) for n in range(audit_html.LISTED + 20))
    shown = Audited(audit_fixtures.report(), many, {})
    html = audit_html.listed(shown, keyed(many))

    assert html.count("<li") == audit_html.LISTED
    assert "另有 20 处没有列出" in html
    assert html.index("jh-v-inconsistent") < html.index("jh-v-consistent")


class AuditService(FakeService):
    """A service that holds the invented report, a long one, another and a school table."""

    def __init__(self) -> None:
        super().__init__()
        long, found = audit_fixtures.long_report()
        table = board_fixtures.stored(board_fixtures.table())
        self.stored = [audit_fixtures.report(), audit_fixtures.other(), long, table]
        self.found = {"q1": audit_fixtures.findings(), "q9": found}


@pytest.fixture
def page(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The tab with the invented report; afterwards nothing foreign was asked for and no error was seen."""
    with visiting(
        browser, AuditService(), "核数", ".jh-tick", tmp_path / f"{request.node.name}.png"
    ) as visit:
        yield visit


def browsing(test: Any) -> Any:
    """Give a test the marks of those that drive a browser."""
    for one in in_browser:
        test = one(test)
    return test


def visible(visit: Visit, selector: str) -> int:
    return sum(one.is_visible() for one in visit.page.locator(selector).all())


@browsing
def test_marks_stand_beside_their_lines_and_open_the_calculation(page: Visit, tmp_path: Path) -> None:
    """Every finding has a mark of its own at the height of its figure; mark, figure and list open it."""
    tab, count = page.page, len(audit_fixtures.findings())
    ticks = tab.locator(".jh-tick")
    boxes = [one.bounding_box() for one in ticks.all()]
    assert len(boxes) == count
    assert len({(round(box["x"]), round(box["y"])) for box in boxes}) == count  # none covers another
    for tick, box in zip(ticks.all(), boxes, strict=True):
        figure = tab.locator(f'.jh-marked [data-at="{tick.get_attribute("data-for")}"]').first.bounding_box()
        assert abs(figure["y"] - box["y"]) < 16

    tab.get_by_role("button", name="第5处 舍入差异").click()
    tab.locator(".jh-found h3.jh-v-rounding").wait_for()
    assert "(3.2 − 3.1) ÷ 3.1 × 100%" in tab.locator(".jh-found").inner_text()
    assert tab.evaluate("document.activeElement.tagName") == "H3"  # a keyboard user is taken along
    assert tab.locator(".jh-marked .jh-here").inner_text() == "3.4%"
    assert tab.locator(".jh-marked .jh-used:not(.jh-here)").all_inner_texts() == ["3.2亿元", "3.1亿元"]

    tab.locator(".jh-marked mark", has_text="6.01%").click()
    tab.locator(".jh-found article").nth(1).wait_for()
    assert [one[0] for one in tab.locator(".jh-found h3").all_inner_texts()] == ["✗", "?"]
    tab.locator(".jh-found").get_by_role("button", name="看原文：4000.00万元").first.click()
    assert tab.evaluate("document.activeElement.textContent") == "4000.00万元"
    assert tab.locator("html").evaluate(FITS)
    assert tab.locator("#jh-audit img").count() == 0

    with tab.expect_download() as download:
        tab.get_by_role("link", name="xlsx").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "青禾县2023年核数报告.xlsx"
    assert load_workbook(path)["核数结果"].max_row == 1 + count


@browsing
def test_filter_and_steps_by_keyboard(page: Visit) -> None:
    """The choice of a verdict leaves only its marks; the steps go from one ✗ to the next and round again."""
    tab = page.page
    assert visible(page, ".jh-tick") == 8
    tab.get_by_role("radio", name=re.compile("^全部")).focus()
    tab.keyboard.press("ArrowRight")
    assert visible(page, ".jh-tick") == visible(page, ".jh-finds li") == 3
    tab.get_by_role("radio", name=re.compile("舍入差异")).check()
    assert tab.locator(".jh-finds li:visible").count() == 1
    tab.get_by_role("radio", name=re.compile("^全部")).check()

    seen = []
    tab.get_by_role("button", name="下一个").focus()
    for _ in range(4):
        before = tab.locator(".jh-found").get_attribute("data-keys") if seen else None
        tab.get_by_role("button", name="下一个").press("Enter")
        tab.wait_for_function(
            "b => { const f = document.querySelector('.jh-found'); return f && f.dataset.keys !== b && f.dataset.seen }",
            arg=before,
        )
        seen.append(tab.locator(".jh-found").get_attribute("data-keys").partition(".")[0])
    assert seen == ["across", "growth", "counts", "across"]
    assert tab.locator('.jh-find[aria-current="true"]').count() == 1


@browsing
def test_phone_and_way_from_the_list_of_reports(page: Visit) -> None:
    """On a phone nothing sticks out and marks do not cover each other; the list of reports leads to an audit."""
    tab = page.page
    tab.set_viewport_size({"width": 400, "height": 800})
    tab.wait_for_timeout(400)
    boxes = [one.bounding_box() for one in tab.locator(".jh-tick").all()]
    for one in boxes:
        assert all(
            one is other or abs(one["y"] - other["y"]) >= 20 or abs(one["x"] - other["x"]) >= 20
            for other in boxes
        )
    assert tab.locator("html").evaluate(FITS)

    tab.get_by_role("tab", name="资料").click()
    rows = tab.locator("#jh-reports tbody tr")
    rows.nth(3).wait_for()
    assert tab.locator("#jh-reports .jh-audit-it").count() == 3  # none for the school table
    tab.get_by_role("button", name="核数 长报告").click()
    tab.locator(".jh-text-parts").wait_for()
    assert tab.get_by_role("tab", name="核数").get_attribute("aria-selected") == "true"
    assert tab.get_by_label("报告", exact=True).first.input_value().startswith("长报告")


@browsing
def test_long_report_is_shown_in_parts(page: Visit) -> None:
    """A step to a ✗ far down brings the part that holds it, scrolled to the figure."""
    tab = page.page
    tab.get_by_label("报告", exact=True).first.click()
    tab.get_by_role("option", name="长报告").click()
    tab.locator(".jh-text-parts").wait_for()
    assert tab.locator(".jh-line").count() < 2500
    tab.get_by_role("button", name="上一个").click()
    tab.locator('.jh-text-parts button[data-part="2"][aria-current="true"]').wait_for()
    page.until(lambda: tab.locator(".jh-here").count() == 1)
    box = tab.locator(".jh-marked").bounding_box()
    page.until(lambda: tab.locator(".jh-here").bounding_box()["y"] < box["y"] + box["height"])
    assert tab.locator(".jh-here").inner_text() == "6.01%"

    tab.get_by_role("button", name="看原文：4000.00万元").click()
    assert tab.evaluate("document.activeElement.textContent") == "4000.00万元"
    tab.locator('.jh-text-parts button[data-part="1"]').click()
    tab.locator('.jh-text-parts button[data-part="1"][aria-current="true"]').wait_for()
    tab.get_by_role("button", name="看原文：4000.00万元").click()  # it stands in another part now
    tab.locator('.jh-text-parts button[data-part="2"][aria-current="true"]').wait_for()
    page.until(lambda: tab.evaluate("document.activeElement.textContent") == "4000.00万元")


@browsing
def test_report_that_is_gone_is_told(page: Visit) -> None:
    """When the report was removed meanwhile, a click says so; without any report the tab says what to do."""
    page.site.service.stored.clear()
    page.page.locator(".jh-tick").first.click()
    page.page.get_by_text("请重新选择报告").wait_for()
    page.page.get_by_role("tab", name="帮助").click()
    page.page.get_by_role("tab", name="核数").click()
    page.page.get_by_text("还没有可以核数的报告").wait_for()


def test_hostile_title_is_text_in_summary_and_list() -> None:
    """Markup in titles, headings and quotes is shown as written."""
    report = replace(read_text(f"一、{HOSTILE}\n比上年增长{HOSTILE}5%。", "x.txt"), title=HOSTILE)
    finding = replace(_at(len(report.text) - 4, len(report.text), 2), report_id=report.id)
    shown = Audited(report, (finding,), {report.id: report})
    keys = keyed(shown.findings)
    whole = "".join(
        (audit_html.summary(shown), audit_html.listed(shown, keys), audit_html.panel(shown, keys),
         audit_text_html.marked_text(shown, keys))
    )  # fmt: skip

    assert "<script" not in whole and "<img" not in whole
    assert "&lt;script&gt;" in whole
