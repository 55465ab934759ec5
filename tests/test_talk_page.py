"""The tab 记录 in a real browser: kept conversations are read, continued and deleted, unanswered questions settled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fake_service import HOSTILE, FakeService, growth_answer
from test_page import browser, pytestmark, visiting

from indexes.conversations import Turn
from indexes.unanswered import Log

__all__ = ["browser", "pytestmark"]  # fixtures and marks of the other pages hold here too


def test_conversation_is_read_continued_and_deleted(browser: Any, tmp_path: Path) -> None:
    """What is shown is text whatever it holds; 接着问 goes on in the same thread; what is deleted is gone."""
    service = FakeService()
    for thread, question in (("甲/乙", "支出增长多少？"), ("t2", HOSTILE)):
        answer = growth_answer(thread, carried=False)
        turn = Turn(question, answer.as_json(), "2030-01-01T00:00:00+00:00", None, {})
        service.talks.file.add(thread, turn, most=10)
    Log(service.talks.file.file).add(HOSTILE, "refused", "not_reported", {"region": HOSTILE}, "2030")
    with visiting(browser, service, "记录", "#jh-talk", tmp_path / "talks.png") as visit:
        page = visit.page

        def choose(name: str) -> None:
            page.locator("#jh-talk input").click()
            page.get_by_role("option", name=name).click()

        choose("<script>")
        page.locator("#jh-talk-shown .jh-question", has_text="window.hacked").wait_for()
        choose("支出增长多少")
        page.locator("#jh-talk-shown .jh-question", has_text="支出增长多少").wait_for()
        with page.expect_download() as fetched:
            page.get_by_role("link", name="下载 docx").first.click()
        assert Path(fetched.value.path()).read_bytes().startswith(b"PK")
        page.get_by_role("button", name="接着问").click()
        page.locator("#jh-conversation .jh-turn").wait_for()
        visit.ask("那上年呢？")
        assert service.asked == [("那上年呢？", "甲/乙")]

        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("tab", name="记录").click()
        choose("支出增长多少")
        page.locator("#jh-talk-shown .jh-question", has_text="支出增长多少").wait_for()
        page.get_by_role("button", name="删除").click()
        page.locator("#jh-talk-result", has_text="已删除").wait_for()
        assert [one.id for one in service.talks.conversations()] == ["t2"]

        page.get_by_text("没有答上来的问题").click()
        page.locator("#jh-unanswered td").first.wait_for()
        page.locator("#jh-settle-which input").click()
        page.get_by_role("option").first.click()
        page.get_by_role("button", name="标记为已处理").click()
        page.locator("#jh-unanswered", has_text="没有未处理的问题").wait_for()
        assert service.talks.unanswered() == []
