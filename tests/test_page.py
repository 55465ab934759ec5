"""The chat page in a real browser, over a fake service: what a person sees and can do."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import pytest
import uvicorn
from fake_service import HOSTILE, NEW, OLD, TEXT, FakeService, FakeSettings

from assistant.faces.serve import bind, build_app
from assistant.faces.service import Opening

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # gradio's queue counts its events with calls that pandas 3 deprecates; raised there, an event is lost
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# No sandbox: tests may run as root. The rest keeps Chromium itself from calling home.
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE = 15_000
"""Milliseconds that the page may take for anything; it usually takes a hundredth of it."""


@dataclass
class Site:
    """A running server, and the service that the test may look into."""

    url: str
    service: FakeService


@dataclass
class Visit:
    """A browser page and everything about it that no one may see going wrong."""

    page: Any
    site: Site
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, press Enter and wait for its answer."""
        before = self.page.locator(".jh-turn").count()
        self.start(question)
        self.page.wait_for_function(
            "n => !document.querySelector('.jh-working')"
            " && document.querySelectorAll('.jh-turn').length === n",
            arg=before + 1,
        )

    def start(self, question: str) -> None:
        box = self.page.get_by_label("问题")
        box.fill(question)
        box.press("Enter")

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < deadline, "it did not happen in time"
            self.page.wait_for_timeout(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, headless=True, args=SWITCHES)
        yield browser
        browser.close()


def serve(service: FakeService, opening: Opening, settings: FakeSettings) -> Iterator[Site]:
    listener = bind("127.0.0.1", 0)
    app = build_app(opening, settings)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}/", service)
    service.gate.open.set()
    server.should_exit = True
    thread.join(20)
    listener.close()
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    service = FakeService()
    yield from serve(service, Opening(lambda: service), FakeSettings())


@pytest.fixture
def visit(browser: Any, site: Site, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh page of a person with an English browser; afterwards nothing foreign and no error was seen."""
    site.service.__init__()  # type: ignore[misc]  # every test begins with the same reports
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        visit = Visit(page, site)
        page.on("request", lambda one: note_foreign(visit, one.url))
        page.on("console", lambda said: visit.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(site.url)
        page.locator(".jh-example").first.wait_for()
        yield visit
        page.screenshot(path=tmp_path / f"{request.node.name}.png")
        hacked = page.evaluate("window.hacked")

    assert visit.foreign == []
    assert visit.errors == []
    assert hacked is None


@contextmanager
def visiting(browser: Any, service: FakeService, tab: str, shown: str, shot: Path) -> Iterator[Visit]:
    """Serve ``service`` and open one tab until ``shown`` is there; afterwards nothing foreign and no error was seen."""
    served = serve(service, Opening(lambda: service), FakeSettings())
    site = next(served)
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US") as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        visit = Visit(page, site)
        page.on("request", lambda one: note_foreign(visit, one.url))
        page.on("console", lambda said: visit.errors.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visit.errors.append(str(error)))
        page.goto(site.url)
        page.get_by_role("tab", name=tab).click()
        page.locator(shown).first.wait_for()
        yield visit
        page.screenshot(path=shot)
        hacked = page.evaluate("window.hacked")
    assert list(served) == []
    assert visit.foreign == []
    assert visit.errors == []
    assert hacked is None


def note_foreign(visit: Visit, url: str) -> None:
    parts = urlparse(url)
    if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
        visit.foreign.append(url)


def test_steps_are_shown_while_working_then_the_answer(visit: Visit) -> None:
    """The first step is seen before the answer is there; afterwards all steps are folded away."""
    gate = visit.site.service.gate.open
    gate.clear()
    visit.start("青石区教育支出增长多少？")
    visit.page.locator(".jh-working .jh-now", has_text="读懂问题").wait_for()
    assert visit.page.locator(".jh-answered").count() == 0
    gate.set()
    visit.page.locator(".jh-answered").wait_for()
    steps = visit.page.locator(".jh-answered details")

    assert "5.01%" in visit.page.locator(".jh-text").inner_text()
    assert visit.page.locator(".jh-working").count() == 0
    assert steps.get_attribute("open") is None
    assert "查找过程（4 步）" in steps.inner_text()
    assert visit.page.get_by_label("问题").input_value() == ""


def test_example_question_is_asked_by_a_click(visit: Visit) -> None:
    """The questions that fit what is stored are offered and asked as they stand."""
    example = visit.site.service.examples()[1]
    visit.page.get_by_role("button", name=example).click()
    visit.page.locator(".jh-answered").wait_for()

    assert visit.site.service.asked == [(example, None)]
    assert visit.page.locator(".jh-question").inner_text().endswith(example)


@pytest.mark.parametrize(("mark", "quote"), [(0, NEW), (2, OLD)])
def test_citation_shows_the_marked_sentence_in_view(visit: Visit, mark: int, quote: str) -> None:
    """Clicking [n] marks exactly the cited sentence in its section, scrolled into what is visible."""
    visit.ask("增长多少？")
    button = visit.page.locator(".jh-text .jh-cite").nth(mark)
    button.click()
    visit.page.locator('.jh-evidence[data-asked="1"]').wait_for()
    marked = visit.page.locator("#jh-evidence mark")
    box, sentence = visit.page.locator(".jh-source").bounding_box(), marked.bounding_box()

    assert marked.inner_text() == quote
    assert visit.page.locator(".jh-evidence h3").first.inner_text() == "青石区2022年教育自评报告"
    assert visit.page.locator(".jh-path").inner_text() == "一、经费保障"
    assert box["y"] <= sentence["y"] and sentence["y"] + sentence["height"] <= box["y"] + box["height"]
    assert visit.page.evaluate("document.activeElement.tagName") == "H3"  # a keyboard user is taken along


def test_whole_section_can_be_shown(visit: Visit) -> None:
    """At first a window around the sentence is shown, on demand the section, and nothing beyond it."""
    visit.ask("增长多少？")
    source = visit.page.locator(".jh-source")
    window = source.inner_text()
    visit.page.get_by_role("button", name="显示整节").click()
    visit.page.get_by_role("button", name="只看前后文").wait_for()
    section = source.inner_text()

    assert len(window) < len(section)
    assert window.startswith("…") and window.endswith("…")
    assert section == TEXT[TEXT.index("一、经费保障") : TEXT.index("二、办学条件")].strip()
    assert visit.page.locator("#jh-evidence mark").inner_text() == NEW


def test_calculation_is_shown_with_its_inputs(visit: Visit) -> None:
    """Formula, inputs with their citation numbers, the steps and the rounding stand in the panel."""
    visit.ask("增长多少？")
    shown = visit.page.locator(".jh-calculation")
    text = shown.inner_text()
    shown.get_by_role("button", name="查看出处 2").click()
    visit.page.locator('.jh-evidence[data-asked="1"]').wait_for()

    assert "(本期 − 上期) ÷ 上期 × 100%" in text
    assert "(4200.50 − 4000.00) ÷ 4000.00 × 100% = 5.01%" in text
    assert "四舍五入" in text
    assert visit.page.locator("#jh-evidence mark").inner_text() == OLD


def test_conversation_goes_on_until_a_new_one_is_begun(visit: Visit) -> None:
    """Follow-ups stay in one thread and say what was carried over; 新对话 begins another."""
    visit.ask("教育支出？")
    visit.ask("比上年呢？")
    assert visit.page.locator(".jh-context").inner_text() == "沿用上文：青石区（地区）、2022年（时间）"
    assert "未经审计" in visit.page.locator(".jh-warnings").inner_text()
    visit.page.get_by_role("button", name="新对话").click()
    visit.page.locator(".jh-example").first.wait_for()
    visit.ask("教育支出？")

    assert [thread for _, thread in visit.site.service.asked] == [None, "t1", None]
    assert visit.page.locator(".jh-turn").count() == 1


@pytest.mark.parametrize(
    ("question", "look", "reason"),
    [
        ("没有的指标", ".jh-refused", "无法回答 · 资料中没有写到"),
        ("哪个学段", ".jh-clarify", "需要补充说明 · 问题有多种理解"),
        ("坏", ".jh-error", "没有完成"),
        ("崩", ".jh-error", "没有完成"),
    ],
)
def test_what_is_not_answered_looks_different_and_says_why(
    visit: Visit, question: str, look: str, reason: str
) -> None:
    """Refusals, questions back and failures have their own look and a reason in words."""
    visit.ask(question)
    reply = visit.page.locator(look)

    assert reply.locator(".jh-badge").inner_text() == reason
    assert not any(word in reply.inner_text() for word in ("Traceback", "bug"))


def test_markup_in_question_answer_and_document_is_text(visit: Visit) -> None:
    """Scripts, event handlers and template marks in any text are shown as written and never run."""
    visit.ask(f"附注{HOSTILE}")
    visit.page.locator(".jh-text .jh-cite").click()
    visit.page.locator('.jh-evidence[data-asked="1"]').wait_for()

    assert visit.page.locator(".jh-question p").inner_text() == f"附注{HOSTILE}"
    assert HOSTILE in visit.page.locator(".jh-text").inner_text()
    assert visit.page.locator("#jh-evidence mark").inner_text() == f"附注 {HOSTILE} 完。"
    assert visit.page.locator(".jh-evidence h3").first.inner_text() == HOSTILE
    assert visit.page.locator("#jh-conversation img, #jh-evidence img").count() == 0


@pytest.mark.parametrize(
    ("url", "linked"), [("https://example.invalid/a?b&c", True), ("javascript:window.hacked=4", False)]
)
def test_only_web_addresses_become_links(visit: Visit, url: str, linked: bool) -> None:
    """A citation's address is a link where it is a web address, and nothing otherwise."""
    visit.site.service.url = url
    visit.ask("增长多少？")
    links = visit.page.locator("#jh-evidence a")

    assert [link.get_attribute("href") for link in links.all()] == ([url] if linked else [])


def test_report_that_is_gone_leaves_its_quote(visit: Visit) -> None:
    """When the cited report was removed meanwhile, the quote is shown and the reason said."""
    visit.ask("增长多少？")
    visit.site.service.remove("r1")
    visit.page.locator(".jh-text .jh-cite").first.click()
    visit.page.get_by_text("已移除或更新").wait_for()

    assert visit.page.locator("#jh-evidence mark").inner_text() == NEW


def test_answer_is_copied_with_its_sources(visit: Visit) -> None:
    """The copy button puts the answer, its calculation and its sources on the clipboard and says so."""
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.ask("增长多少？")
    visit.page.get_by_role("button", name="复制答案").click()
    visit.page.get_by_role("button", name="已复制").wait_for()
    copied = visit.page.evaluate("navigator.clipboard.readText()")

    assert copied.splitlines()[0].startswith("青石区2022年教育支出为4200.50万元[1]")
    assert f"一、经费保障：{NEW}" in copied


def test_reports_are_listed_added_and_removed(visit: Visit, tmp_path: Path) -> None:
    """The second tab lists the reports, takes files, says what became of each, and removes on request."""
    good, bad = tmp_path / "甲县报告.txt", tmp_path / "坏文件.txt"
    good.write_text("甲县2023年报告", encoding="utf-8")
    bad.write_bytes(b"\0\0")
    visit.page.get_by_role("tab", name="资料").click()
    rows = visit.page.locator("#jh-reports tbody tr")
    rows.nth(1).wait_for()
    assert HOSTILE in rows.nth(1).inner_text()

    visit.page.locator("input[type=file]").first.set_input_files([good, bad])
    visit.page.locator(".jh-outcomes li").nth(1).wait_for()
    outcomes = visit.page.locator(".jh-outcomes li").all_inner_texts()
    visit.until(lambda: rows.count() == 3)
    assert [line.partition("：")[0] for line in outcomes] == ["已导入", "未导入"]
    assert not any(path.exists() for path in visit.site.service.ingested)  # no copy stays behind
    assert visit.site.service.uploads == [True]
    assert [path.name for path in visit.site.service.ingested] == [good.name, bad.name]

    rows.nth(0).get_by_role("button", name="移除").click()
    visit.until(lambda: rows.count() == 2)
    assert visit.site.service.report("r1") is None


def test_text_is_pasted_and_a_report_described(visit: Visit) -> None:
    """A text can be pasted instead of a file, and region and year of a stored report said afterwards."""
    page, service = visit.page, visit.site.service
    page.get_by_role("tab", name="资料").click()
    page.get_by_role("button", name="粘贴文字").click()
    page.locator("#jh-paste-title textarea, #jh-paste-title input").fill("乙县公告")
    page.locator("#jh-paste-text textarea").fill("教育支出100万元。")
    page.get_by_role("button", name="导入这段文字").click()
    visit.until(lambda: page.locator("#jh-reports tbody tr").count() == 3)
    assert service.report("n2").text == "教育支出100万元。"
    assert page.locator(".jh-outcomes li").all_inner_texts() == ["已导入：乙县公告（0个数据）"]

    page.get_by_role("button", name="补充或更正").click()
    page.locator("#jh-which input").click()
    page.get_by_role("option", name="乙县公告").click()
    page.locator("#jh-true-region input, #jh-true-region textarea").fill("乙县")
    page.locator("#jh-true-year input, #jh-true-year textarea").fill("2021")
    page.get_by_role("button", name="保存").click()
    visit.until(lambda: service.report("n2").year == 2021)
    assert service.report("n2").region == "乙县"


def test_page_is_chinese_and_fits_the_screen(visit: Visit) -> None:
    """The page declares Chinese whatever the browser speaks; nothing sticks out on a desk or a phone."""
    visit.ask("增长多少？")
    fits = "e => [e.scrollWidth <= innerWidth, e.scrollHeight <= innerHeight]"
    page = visit.page

    assert (page.title(), page.evaluate("document.documentElement.lang")) == ("均衡问答", "zh-CN")
    assert page.locator("html").evaluate(fits) == [True, True]
    page.set_viewport_size({"width": 390, "height": 800})
    page.wait_for_timeout(300)
    assert page.locator("html").evaluate(fits)[0] is True


def test_page_is_there_before_the_service_is_open(browser: Any) -> None:
    """While the service is still opening the page says so and takes questions, which are answered then."""
    gate, service = threading.Event(), FakeService()

    def slow() -> FakeService:
        gate.wait(30)
        return service

    served = serve(service, Opening(slow), FakeSettings())
    site = next(served)
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.get_by_text("正在打开资料库").wait_for()
        page.get_by_label("问题").fill("增长多少？")
        page.get_by_role("button", name="提问").click()
        page.locator(".jh-working").wait_for()
        gate.set()
        page.locator(".jh-answered").wait_for()
    assert list(served) == []


def test_page_behind_keys_asks_for_one(browser: Any) -> None:
    """With access keys the page shows a form first; the right key opens it, and it works behind it."""
    service = FakeService()
    served = serve(service, Opening(lambda: service), FakeSettings(api_keys=("一把-key",)))
    site = next(served)
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(site.url)
        page.get_by_label("访问密钥").fill("wrong")
        page.get_by_role("button", name="进入").click()
        page.get_by_text("密钥不正确").wait_for()
        page.get_by_label("访问密钥").fill("一把-key")
        page.get_by_role("button", name="进入").click()
        page.locator(".jh-example").first.click()
        page.locator(".jh-answered").wait_for()
    assert list(served) == []
