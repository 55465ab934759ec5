"""The chat page: a conversation on the left, the evidence for it on the right, the reports on a second tab.

The conversation and the evidence are HTML made by ``render`` and ``evidence`` on the server; a click
inside them comes back as an event with plain data, which is checked here like any input.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.answer import Answer
from assistant.faces import audit_page, board, evidence, forms, library, render, talk_page
from assistant.faces.render import Turn
from assistant.faces.service import Configuration, Opening, Service
from corpus.readers import supported

if TYPE_CHECKING:
    from fastapi import FastAPI

STATIC = Path(__file__).parent / "static"
FONTS = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "sans-serif")
PATIENCE = 120.0
"""Seconds that a person's click waits for a service that is still opening."""
KEPT_TURNS = 60
"""Turns of one conversation that the page keeps showing."""

CONVERSATION_JS = """
window.junheng.listen(element, trigger);
watch("value", () => window.junheng.showNewest(element));
"""
EVIDENCE_JS = """
window.junheng.listen(element, trigger);
watch("value", () => window.junheng.showMark(element));
"""


def mount_page(api: FastAPI, opening: Opening, settings: Configuration) -> FastAPI:
    """Mount the page on ``api`` at ``/``; the routes that are there already go first."""
    script = (STATIC / "page.js").read_text(encoding="utf-8")
    app: FastAPI = gr.mount_gradio_app(
        api,
        build_page(opening),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size=settings.max_upload_mb * 1024 * 1024,
        ssr_mode=False,
        mcp_server=False,
        enable_monitoring=False,
        theme=_theme(),
        css=(STATIC / "page.css").read_text(encoding="utf-8"),
        head=f"<script>{script}</script>",
    )
    return app


def _theme() -> Any:
    """Return a plain theme of fonts that the reader's machine has, so that none is loaded."""
    blue = gr.themes.Color(
        "#f0f5f9", "#e1ebf3", "#c3d7e7", "#9dbdd7", "#6b9cc2", "#3f7bab", "#1d4e79", "#194467", "#153955",
        "#112e45", "#0c2133",
    )  # fmt: skip
    theme = gr.themes.Base(
        primary_hue=blue, neutral_hue="gray", radius_size="sm", font=FONTS, font_mono=("monospace",)
    )
    return theme.set(
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_text_color="white",
    )


def build_page(opening: Opening) -> Any:
    """Return the page over a service that may still be opening."""

    def service() -> Service:
        return opening.wait(PATIENCE)

    with gr.Blocks(
        title="均衡问答", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as page:
        gr.HTML('<header class="jh-title"><h1>均衡问答</h1><p>县域义务教育自评报告问答：'
                "数字有出处，算法看得见，资料没写的不编造</p></header>")  # fmt: skip
        with gr.Tabs() as tabs:
            with gr.Tab(talk_page.ASKING, id=talk_page.ASKING) as ask_tab:
                asking = _ask_tab(page, ask_tab, service)
            with gr.Tab("合规") as board_tab:
                board.board_tab(board_tab, service)
            with gr.Tab(audit_page.NAME, id=audit_page.NAME) as audit_tab:
                audit = audit_page.audit_tab(audit_tab, service)
            with gr.Tab("资料") as reports_tab:
                reports = library.reports_tab(reports_tab, service)
            with gr.Tab("记录") as talks_tab:
                talk_page.talk_tab(talks_tab, tabs, asking, service)
            with gr.Tab("帮助"):
                gr.HTML(render.help_page(supported()))
            audit_page.lead_here(audit, tabs, reports, service)
    return page


def _ask_tab(page: gr.Blocks, tab: gr.Tab, service: Callable[[], Service]) -> talk_page.Asking:
    turns = gr.State([])
    with gr.Row(equal_height=False):
        with gr.Column(scale=6, min_width=320):
            conversation = gr.HTML(
                render.conversation([], notice="正在打开资料库，马上就好。"),
                elem_id="jh-conversation",
                js_on_load=CONVERSATION_JS,
            )
            with gr.Row(elem_id="jh-ask"):
                box = gr.Textbox(
                    label="问题",
                    placeholder="写下问题，按回车提问",
                    lines=1,
                    max_lines=1,
                    max_length=forms.MAX_QUESTION,
                    autofocus=True,
                    scale=8,
                    min_width=200,
                    elem_id="jh-question",
                )
                send = gr.Button("提问", variant="primary", scale=1, min_width=72, elem_id="jh-send")
                fresh = gr.Button("新对话", scale=1, min_width=72, elem_id="jh-fresh")
        with gr.Column(scale=5, min_width=320):
            panel = gr.HTML(evidence.EMPTY, elem_id="jh-evidence", js_on_load=EVIDENCE_JS)

    def converse(question: str, past: list[Turn]) -> Iterator[tuple[Any, Any, Any, Any]]:
        yield from _converse(service, question, past)

    def choose(past: list[Turn], event: gr.EventData) -> Iterator[tuple[Any, Any, Any, Any]]:
        question = event._data.get("example") if isinstance(event._data, dict) else None
        if isinstance(question, str):
            yield from _converse(service, question, past)

    def point(past: list[Turn], event: gr.EventData) -> Any:
        return _point(service, past, event._data)

    def welcome(past: list[Turn]) -> Any:
        if past:
            return gr.skip()
        try:
            opened = service()
            notice = "" if opened.reports() else "还没有资料，请先到“资料”页导入报告。"
            return render.conversation([], opened.examples(), notice)
        except Exception as error:
            return render.conversation([], notice=render.error_line(error))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    outputs = [conversation, box, turns, panel]
    gr.on(
        [box.submit, send.click], converse, [box, turns], outputs,
        concurrency_limit=8, trigger_mode="once", **quiet,
    )  # fmt: skip
    conversation.select(choose, [turns], outputs, concurrency_limit=8, trigger_mode="once", **quiet)
    gr.on([conversation.click, panel.click], point, [turns], [panel], concurrency_limit=8, **quiet)
    fresh.click(
        lambda: ([], "", evidence.EMPTY), None, [turns, box, panel], queue=False, **quiet
    ).then(welcome, [turns], [conversation], **quiet)  # fmt: skip
    page.load(welcome, [turns], [conversation], concurrency_limit=8, **quiet)
    # what is stored may have changed on the other tab
    tab.select(welcome, [turns], [conversation], concurrency_limit=8, **quiet)
    return talk_page.Asking(turns, conversation, panel)


def _converse(
    service: Callable[[], Service], question: str, past: Sequence[Turn]
) -> Iterator[tuple[Any, Any, Any, Any]]:
    """Yield what the page shows while the question is worked on, then the answer and its evidence."""
    question = question.strip()[: forms.MAX_QUESTION]
    if not question:
        return
    shown = list(past)[-KEPT_TURNS + 1 :]
    threads = [turn.answer.thread_id for turn in shown if turn.answer is not None]
    steps: list[str] = []
    yield render.conversation([*shown, Turn(question)]), "", gr.skip(), gr.skip()
    for item in _ask(service, question, threads[-1] if threads else None):
        if isinstance(item, Turn):
            done = Turn(question, tuple(steps), item.answer, item.error)
            yield (
                render.conversation([*shown, done]),
                gr.skip(),
                [*shown, done],
                _newest(service, shown, done),
            )
        else:
            steps.append(item)
            working = Turn(question, tuple(steps))
            yield render.conversation([*shown, working]), gr.skip(), gr.skip(), gr.skip()


def _ask(service: Callable[[], Service], question: str, thread_id: str | None) -> Iterator[str | Turn]:
    """Ask in a thread of its own and yield every step as it happens, last the finished turn."""
    events: queue.SimpleQueue[str | Turn] = queue.SimpleQueue()

    def work() -> None:
        try:
            answer = service().ask(question, thread_id=thread_id, on_step=events.put)
            events.put(Turn(question, answer=answer))
        except Exception as error:
            events.put(Turn(question, error=render.error_line(error)))

    threading.Thread(target=work, name="ask", daemon=True).start()
    while True:
        item = events.get()
        yield item
        if isinstance(item, Turn):
            return


def _newest(service: Callable[[], Service], shown: Sequence[Turn], done: Turn) -> str:
    if done.answer is None:
        return evidence.EMPTY
    return _panel(service, len(shown), done.answer, 0, whole=False, asked=False)


def _panel(
    service: Callable[[], Service], turn: int, answer: Answer, citation: int, *, whole: bool, asked: bool
) -> str:
    try:
        cited = answer.citations[citation : citation + 1]
        report = service().report(cited[0].report_id) if cited else None
        return evidence.panel(turn, answer, citation, report, whole=whole, asked=asked)
    except Exception as error:  # the answer itself must not be lost with its panel
        return evidence.notice(render.error_line(error))


def _point(service: Callable[[], Service], past: Sequence[Turn], data: Any) -> Any:
    """Show the citation that a click names; anything that is not such a click changes nothing."""
    if not isinstance(data, dict):
        return gr.skip()
    turn, citation = str(data.get("turn", "")), str(data.get("cite", ""))
    if not (turn.isdecimal() and citation.isdecimal()) or int(turn) >= len(past):
        return gr.skip()
    answer = past[int(turn)].answer
    if answer is None or int(citation) >= len(answer.citations):
        return gr.skip()
    return _panel(service, int(turn), answer, int(citation), whole=data.get("whole") is True, asked=True)
