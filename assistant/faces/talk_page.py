"""The page's tab 记录: conversations that are kept, to be read, continued, exported and deleted; questions without answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import gradio as gr

from assistant.faces import evidence, render
from assistant.faces import talk_forms as words
from assistant.faces.render import Turn
from assistant.faces.service import Service
from assistant.like import Group, group
from corpus.errors import JunhengError

ASKING = "提问"
LISTED = 200
"""Conversations that can be chosen from; the command line and the calls list all."""
GROUPS = 100
"""Groups of unanswered questions that are shown; an export has all."""
EMPTY = '<p class="jh-notice">选一次对话，这里显示它的问答。</p>'


@dataclass(frozen=True, slots=True)
class Asking:
    """The components of the first tab that a kept conversation is opened in."""

    turns: Any
    conversation: Any
    panel: Any


def talk_tab(tab: gr.Tab, tabs: gr.Tabs, asking: Asking, service: Callable[[], Service]) -> None:
    """Fill ``tab``; call inside a Blocks context."""
    with gr.Row(equal_height=False):
        chosen = gr.Dropdown([], label="对话", filterable=True, scale=6, elem_id="jh-talk")
        go_on = gr.Button("接着问", variant="primary", scale=1, min_width=90, elem_id="jh-talk-open")
        drop = gr.Button("删除", scale=1, min_width=72, elem_id="jh-talk-delete")
    result = gr.HTML("", elem_id="jh-talk-result")
    shown = gr.HTML(EMPTY, elem_id="jh-talk-shown")
    with gr.Accordion("没有答上来的问题", open=False):
        log = gr.HTML("", elem_id="jh-unanswered")
        with gr.Row(equal_height=False):
            which = gr.Dropdown([], label="已经处理的", multiselect=True, scale=6, elem_id="jh-settle-which")
            settle = gr.Button("标记为已处理", scale=1, min_width=120, elem_id="jh-settle")

    def refresh(before: str | None) -> tuple[Any, ...]:
        try:
            talks = service().talks
            offered = [(_label(one), one.id) for one in talks.conversations(limit=LISTED)]
            kept = before if before in [value for _, value in offered] else None
            return gr.update(choices=offered, value=kept), "", _show(service, kept), *_log(service)
        except Exception as error:
            return (
                gr.skip(),
                render.outcome_lines([(False, render.error_line(error))]),
                gr.skip(),
                gr.skip(),
                gr.skip(),
            )

    def show(thread: str | None) -> str:
        try:
            return _show(service, thread)
        except Exception as error:
            return evidence.notice(render.error_line(error))

    def reopen(thread: str | None) -> tuple[Any, ...]:
        try:
            turns = _turns(service, thread)
        except Exception as error:
            said = render.outcome_lines([(False, render.error_line(error))])
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), said
        return turns, render.conversation(turns), evidence.EMPTY, gr.Tabs(selected=ASKING), ""

    def delete(thread: str | None) -> tuple[Any, ...]:
        if thread == "":  # thought better of it
            return tuple(gr.skip() for _ in everything)
        try:
            if thread is None:
                raise JunhengError("请先选一次对话。")
            gone = service().talks.delete(thread)
            line = (gone, "已删除这次对话和它的回执。" if gone else "这次对话已经不在了。")
        except Exception as error:
            line = (False, render.error_line(error))
        again = refresh(None)
        return again[0], render.outcome_lines([line]), *again[2:]

    def mark(numbers: list[str] | None) -> tuple[Any, ...]:
        try:
            service().talks.settle([int(one) for said in numbers or [] for one in said.split(",")])
            return _log(service)
        except Exception as error:
            return evidence.notice(render.error_line(error)), gr.skip()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 4}
    everything = [chosen, result, shown, log, which]
    tab.select(refresh, [chosen], everything, **quiet)
    chosen.input(show, [chosen], [shown], **quiet)
    go_on.click(reopen, [chosen], [asking.turns, asking.conversation, asking.panel, tabs, result], **quiet)
    drop.click(delete, [chosen], everything, js=_SURE, **quiet)
    settle.click(mark, [which], [log, which], **quiet)


_SURE = """
(chosen) => !chosen || window.confirm("删除这次对话和它的回执？不能恢复。") ? chosen : ""
"""


def _label(one: Any) -> str:
    return f"{words.local(one.changed)}　{one.title}（{one.turns}问）"


def _turns(service: Callable[[], Service], thread: str | None) -> list[Turn]:
    if not thread:
        raise JunhengError("请先选一次对话。")
    opened = service()
    found = opened.talks.conversation(thread)
    if found is None:
        raise JunhengError("这次对话已经不在了。")
    talk = words.talk_of(found, opened.report)
    return [Turn(turn.question, answer=answer) for turn, answer in talk.turns]


def _show(service: Callable[[], Service], thread: str | None) -> str:
    """Return a kept conversation with its sources and the ways to take it along."""
    if not thread:
        return EMPTY
    name = escape(quote(thread, safe=""), quote=True)
    links = " ".join(
        f'<a class="jh-link" href="download/conversation/{name}/export.{kind}" download>下载 {kind}</a>'
        for kind in ("docx", "xlsx", "md", "json")
    )
    articles = "".join(_article(turn) for turn in _turns(service, thread))
    return f'<p class="jh-links">{links}</p><div class="jh-log">{articles}</div>'


def _article(turn: Turn) -> str:
    assert turn.answer is not None
    said = escape(render.plain_text(turn.answer))
    receipt = f'<p class="jh-hint">回执 {escape(turn.answer.receipt)}</p>' if turn.answer.receipt else ""
    return (
        f'<article class="jh-turn"><div class="jh-question"><span class="jh-who">问</span>'
        f'<p>{escape(turn.question)}</p></div><div class="jh-reply jh-{turn.answer.status}">'
        f'<div class="jh-text">{said}</div>{receipt}</div></article>'
    )


def _log(service: Callable[[], Service]) -> tuple[str, Any]:
    """Return the questions without answer as a table, and those that can be marked as dealt with."""
    groups = group(service().talks.unanswered())[:GROUPS]
    choices = [
        (f"{one.newest.question}（{len(one.entries)}次）", ",".join(str(e.number) for e in one.entries))
        for one in groups
    ]
    return log_table(groups), gr.update(choices=choices, value=[])


def log_table(groups: Sequence[Group]) -> str:
    """Return groups of like questions as a table."""
    if not groups:
        return '<p class="jh-notice">没有未处理的问题。</p>'
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(cell)}</td>"
            for cell in (
                one.newest.question, f"{len(one.entries)}次", words.reason_words(one.newest.reason),
                words.read_as_words(one.newest) or "—", words.local(one.newest.at),
            )
        )
        + "</tr>"
        for one in groups
    )  # fmt: skip
    names = ("问题", "次数", "原因", "读作", "最近一次")
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    links = " ".join(
        f'<a class="jh-link" href="download/unanswered.{kind}" download>下载 {kind}</a>'
        for kind in ("xlsx", "csv")
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<p class="jh-links">{links}</p><div class="jh-table">{table}</div>'
