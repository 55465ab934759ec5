"""The compliance tab in a real browser: a person finds a school, its calculation, the plan and the download."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import board_fixtures
import pytest
from fake_service import HOSTILE, FakeService, FakeSettings
from openpyxl import load_workbook
from test_page import PATIENCE, Visit, browser, pytestmark, serve, visiting

from assistant.faces.service import Opening
from corpus.schools.read import table_from
from tools.compliance.check import check_table

__all__ = ["browser", "pytestmark"]  # fixtures and marks of the other pages hold here too

TABLE = table_from(board_fixtures.as_csv(), "表.csv", region="青石区", year=2023)
FITS = "e => e.scrollWidth <= innerWidth"


class BoardService(FakeService):
    """A service whose stored things include one school table."""

    def __init__(self) -> None:
        super().__init__()
        self.kept_tables.append(TABLE)
        self.stored.append(board_fixtures.stored(TABLE))


@pytest.fixture
def board(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """The board of the invented county; afterwards nothing foreign was asked for and no error was seen."""
    with visiting(
        browser, BoardService(), "合规", ".jh-board tr[data-school]", tmp_path / f"{request.node.name}.png"
    ) as visit:
        yield visit


def test_board_school_and_download(board: Visit, tmp_path: Path) -> None:
    """The board lists every unit; a click shows the school's calculation; the workbook can be read again."""
    page, check = board.page, check_table(TABLE)
    assert page.locator(".jh-board tr[data-school]").count() == len(check.units)
    assert page.locator("html").evaluate(FITS)

    page.get_by_role("button", name=HOSTILE).click()
    page.locator(".jh-school-panel").wait_for()
    panel = page.locator(".jh-school-panel").inner_text()
    assert panel.startswith(HOSTILE)
    assert "900 ÷ 1000 = 0.90平方米" in panel and "S3" in panel and "补6600平方米" in panel
    assert page.evaluate("document.activeElement.textContent") == HOSTILE  # a keyboard user is taken along
    assert page.locator("#jh-board img, #jh-school img").count() == 0

    with page.expect_download() as download:
        page.get_by_role("link", name="下载 xlsx").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "青石区2023年达标核对.xlsx"
    assert load_workbook(path)["七项指标"].max_row == 1 + len(check.units)


def test_dispersion_indicators_and_plan(board: Visit) -> None:
    """The other parts show coefficients with contributions, the indicators, and a plan on demand."""
    page = board.page
    page.get_by_role("tab", name="差异系数", exact=True).click()
    page.locator('#jh-chart button[data-cv="junior/1.5"]').click()
    page.locator('.jh-shares[data-asked="1"]').wait_for()
    assert "初中 1.5" in page.locator(".jh-shares h3").inner_text()
    assert page.get_by_role("img", name="限值").count() == 14

    page.get_by_role("tab", name="方案", exact=True).click()
    page.get_by_role("button", name="测算补充方案").click()
    page.locator(".jh-plan").wait_for()
    assert "6600平方米" in page.locator(".jh-plan").inner_text()
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(300)
    assert page.locator("html").evaluate(FITS)


def test_table_is_taken_in_from_this_tab(board: Visit, tmp_path: Path) -> None:
    """A file chosen here goes the way of every upload, and what became of it is said."""
    page, path = board.page, tmp_path / "新表.csv"
    path.write_bytes(board_fixtures.as_csv())
    page.get_by_role("tab", name="导入", exact=True).click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="选择学校数据表").click()
    chooser.value.set_files(path)
    page.locator("#jh-table-result .jh-outcomes li").wait_for()

    assert "已导入" in page.locator("#jh-table-result").inner_text()
    assert [one.name for one in board.site.service.ingested] == [path.name]
    assert not board.site.service.ingested[0].exists()  # no copy stays behind


def test_nothing_stored_leads_to_the_template(browser: Any) -> None:
    """Without any data the tab says what to do and offers the empty table."""
    service = FakeService()
    service.stored.clear()
    served = serve(service, Opening(lambda: service), FakeSettings())
    site = next(served)
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.get_by_role("tab", name="合规").click()
        with page.expect_download() as download:
            page.locator("#jh-summary").get_by_role("link", name="下载空白数据表").click()
        assert download.value.suggested_filename == "学校数据表.xlsx"
    assert list(served) == []
