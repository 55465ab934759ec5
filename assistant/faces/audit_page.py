"""The page's tab 核数: choose a report, see its text with a mark at every figure that was recomputed.

Everything shown is HTML made by ``audit_html`` and ``audit_text_html``; a click inside it comes back as an event with
plain data, which is checked here like any input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from assistant.faces import audit_html, audit_text_html, audit_words, render
from assistant.faces.audited import Audited, audit_of, class_of, keyed, place_of
from assistant.faces.service import Service

NAME = "核数"
OPENING = audit_html.empty("正在打开资料库，马上就好。")
NOTHING = audit_html.empty("还没有可以核数的报告，请先到“资料”页导入报告。")
CLICKS_JS = "window.junheng.listen(element, trigger);"
PANEL_JS = """
window.junheng.listen(element, trigger);
watch("value", () => window.junheng.showFinding());
"""
TEXT_JS = """
window.junheng.listen(element, trigger);
window.junheng.placeTicks(element);
watch("value", () => window.junheng.showText(element));
"""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a visitor has before them: the report, which part of its text, and the last finding asked for.

    ``beside`` is everything that was stored then: when it is the same, nothing need be shown again.
    """

    report_id: str = ""
    part: int = 0
    key: str = ""
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """The components of the tab that other tabs lead to."""

    report: Any
    shown: list[Any]


def audit_tab(tab: gr.Tab, service: Callable[[], Service]) -> Parts:
    """Fill ``tab``; call inside a Blocks context."""
    state = gr.State(Shown())
    report = gr.Dropdown(label="报告", choices=[], filterable=True, elem_id="jh-audit-report")
    summary = gr.HTML(OPENING, elem_id="jh-audit-summary")
    with gr.Row(equal_height=False, elem_id="jh-audit"):
        with gr.Column(scale=5, min_width=320):
            finds = gr.HTML("", elem_id="jh-audit-list", js_on_load=CLICKS_JS)
            panel = gr.HTML("", elem_id="jh-audit-panel", js_on_load=PANEL_JS)
        with gr.Column(scale=6, min_width=320):
            text = gr.HTML("", elem_id="jh-audit-text", js_on_load=TEXT_JS)
    shown = [summary, finds, panel, text, state]

    def refresh(chosen: str | None, before: Shown) -> Any:
        """Offer what is stored now; what was chosen stays chosen, and as it is, while nothing changed."""
        try:
            offered = _offered(service())
        except Exception as error:
            return gr.skip(), *_failed(error)
        ids = tuple(value for _, value in offered)
        value = chosen if chosen in ids else ids[0] if ids else None
        if value is not None and (value, ids) == (before.report_id, before.beside):
            return gr.skip(), *(gr.skip() for _ in shown)
        return gr.update(choices=offered, value=value), *_show(service, value)

    def point(before: Shown, event: gr.EventData) -> Any:
        return _point(service, before, event._data)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": 4}
    tab.select(refresh, [report, state], [report, *shown], **quiet)
    report.input(lambda chosen: _show(service, chosen), [report], shown, **quiet)
    gr.on([finds.click, panel.click, text.click], point, [state], [panel, text, state], **quiet)
    return Parts(report, shown)


def lead_here(parts: Parts, tabs: gr.Tabs, table: gr.HTML, service: Callable[[], Service]) -> None:
    """Let a button of the list of reports open this tab with its report."""

    def go(event: gr.EventData) -> Any:
        asked = event._data.get("audit") if isinstance(event._data, dict) else None
        try:
            offered = _offered(service())
        except Exception:  # the tab itself will say why
            offered = []
        if asked not in [value for _, value in offered]:
            return gr.skip(), gr.skip(), *(gr.skip() for _ in parts.shown)
        return gr.Tabs(selected=NAME), gr.update(choices=offered, value=asked), *_show(service, asked)

    table.select(
        go, None, [tabs, parts.report, *parts.shown], show_progress="hidden", api_visibility="private"
    )


def _offered(service: Service) -> list[tuple[str, str]]:
    """Return the stored reports as (label, id); school tables have no text to audit."""
    found = []
    for one in service.reports():
        if one.kind == "report":
            place = audit_words.place_line(one)
            found.append((f"{one.title}（{place}）" if place else one.title, one.id))
    return found


def _failed(error: Exception) -> tuple[Any, ...]:
    return audit_html.empty(render.error_line(error)), "", "", "", Shown()


def _audited(service: Callable[[], Service], report_id: str) -> Audited | None:
    opened = service()
    report = opened.report(report_id)
    return None if report is None else audit_of(opened, report)


def _show(service: Callable[[], Service], chosen: str | None) -> tuple[Any, ...]:
    """Return summary, list, panel, text and state for the chosen report."""
    if not chosen:
        return NOTHING, "", "", "", Shown()
    try:
        audited = _audited(service, chosen)
        if audited is None:
            return audit_html.GONE, "", "", "", Shown()
        keys = keyed(audited.findings)
        return (
            audit_html.summary(audited),
            audit_html.listed(audited, keys),
            audit_html.HINT if keys else "",
            audit_text_html.marked_text(audited, keys),
            Shown(chosen, beside=tuple(value for _, value in _offered(service()))),
        )
    except Exception as error:
        return _failed(error)


def _point(service: Callable[[], Service], before: Shown, data: Any) -> tuple[Any, ...]:
    """Return panel, text and state after a click; anything that is not such a click changes nothing."""
    nothing = (gr.skip(), gr.skip(), gr.skip())
    if not isinstance(data, dict) or not before.report_id:
        return nothing
    try:
        audited = _audited(service, before.report_id)
        if audited is None:
            return audit_html.GONE, gr.skip(), gr.skip()
        keys = keyed(audited.findings)
        if (named := data.get("finding") or _step(keys, before, data.get("step"))) is not None:
            return _finding(audited, before, str(named).split())
        at, part = _number(data.get("at")), _number(data.get("part"))
        if at is not None:
            part = audit_text_html.part_at(audited.report.text, at)
        if part is not None:
            text = audit_text_html.marked_text(audited, keys, part, goto=at)
            return gr.skip(), text, replace(before, part=part)
    except Exception as error:
        return audit_html.empty(render.error_line(error)), gr.skip(), gr.skip()
    return nothing


def _number(value: Any) -> int | None:
    said = str(value)
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def _step(keys: dict[str, Any], before: Shown, step: Any) -> str | None:
    """Return the ✗ after, or before, the finding that is shown; after the last comes the first."""
    wrong = [key for key, one in keys.items() if class_of(one) == "inconsistent"]
    if not wrong or step not in ("next", "previous"):
        return None
    order = list(keys)
    here = order.index(before.key) if before.key in keys else (-1 if step == "next" else len(order))
    if step == "next":
        return next((key for key in wrong if order.index(key) > here), wrong[0])
    return next((key for key in reversed(wrong) if order.index(key) < here), wrong[-1])


def _finding(audited: Audited, before: Shown, named: list[str]) -> tuple[Any, ...]:
    keys = keyed(audited.findings)
    found = {key: keys[key] for key in named if key in keys}
    panel = audit_html.panel(audited, found)
    if not found:
        return panel, gr.skip(), gr.skip()
    first = next(iter(found))
    part = audit_text_html.part_at(audited.report.text, place_of(found[first])[0])
    text = gr.skip() if part == before.part else audit_text_html.marked_text(audited, keys, part)
    return panel, text, replace(before, part=part, key=first)
