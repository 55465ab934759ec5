"""The page's compliance tab: choose county, year and standard; see who complies, by how much, and what to add.

Everything shown is HTML made by the ``*_html`` modules; a click inside it comes back as an event with plain data,
which is checked here like any input.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from assistant.faces import board_html, chart_html, demands_html, library, plan_html, render, school_html
from assistant.faces.exports import cited
from assistant.faces.service import Service
from corpus.rules import standards
from corpus.schools.read import SUFFIXES
from tools.compliance.model import Check
from tools.plan.shape import plan_json

PANEL_JS = "window.junheng.listen(element, trigger);"
SHOWN_JS = """
window.junheng.listen(element, trigger);
watch("value", () => window.junheng.showPanel(element));
"""
KINDS = {"school_table": "学校数据表", "report": "自评报告"}
DEFAULT = "youzhi_junheng"
TEMPLATE = "download/template.xlsx"
OPENING = '<section class="jh-summary"><p class="jh-notice">正在打开资料库，马上就好。</p></section>'


def board_tab(tab: gr.Tab, service: Callable[[], Service]) -> None:
    """Fill ``tab``; call inside a Blocks context."""
    with gr.Row(equal_height=False, elem_id="jh-choose"):
        place = gr.Dropdown(
            label="县（市、区）和年份",
            choices=[],
            filterable=False,
            scale=3,
            min_width=180,
            elem_id="jh-place",
        )
        rule = gr.Dropdown(
            label="标准",
            choices=[
                (one.short or one.name, one.id) for one in standards().values() if one.variant_of is None
            ],
            value=DEFAULT,
            filterable=False,
            scale=2,
            min_width=150,
            elem_id="jh-standard",
        )
    summary = gr.HTML(OPENING, elem_id="jh-summary")
    with gr.Tabs(elem_id="jh-parts"):
        with gr.Tab("学校"):
            board = gr.HTML("", elem_id="jh-board", js_on_load=PANEL_JS)
            school = gr.HTML("", elem_id="jh-school", js_on_load=SHOWN_JS)
        with gr.Tab("差异系数"):
            chart = gr.HTML("", elem_id="jh-chart", js_on_load=SHOWN_JS)
        with gr.Tab("指标"):
            rest = gr.HTML("", elem_id="jh-indicators")
        with gr.Tab("方案"):
            plan = gr.HTML("", elem_id="jh-plan", js_on_load=SHOWN_JS)
        with gr.Tab("导入"):
            with gr.Row(equal_height=False):
                region, year = library.said_fields("jh-table")
                upload = gr.UploadButton(
                    "选择学校数据表",
                    file_count="multiple",
                    file_types=list(SUFFIXES),
                    variant="primary",
                    scale=1,
                    min_width=140,
                    elem_id="jh-table-upload",
                )
            gr.HTML(
                f'<p class="jh-hint">xlsx 或 csv，一行一所学校（校区）。<a class="jh-link" href="{TEMPLATE}" '
                "download>下载空白数据表（含填写说明）</a></p>"
            )
            result = gr.HTML("", elem_id="jh-table-result")
    shown = [summary, board, school, chart, plan, rest]

    def refresh(chosen: str | None, standard: str) -> Any:
        """Offer what is stored now; what was chosen stays chosen while it is there."""
        try:
            found = _places(service())
        except Exception as error:
            return gr.skip(), *_failed(error)
        kept = chosen if chosen in [value for _, value in found] else None
        value = kept or (found[0][1] if found else None)
        return gr.update(choices=found, value=value), *_show(service, value, standard)

    def show(chosen: str | None, standard: str) -> Any:
        return _show(service, chosen, standard)

    def add(files: list[str] | None, region: str, year: str, chosen: str | None, standard: str) -> Any:
        paths = [Path(file) for file in files or []]
        before = {value for _, value in _offered(service)}
        try:
            lines = library.take_files(service, paths, region.strip(), year.strip())
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
        found = _offered(service)
        fresh = [value for _, value in found if value not in before]
        value = fresh[0] if fresh else chosen or next((value for _, value in found), None)
        return (
            render.outcome_lines(lines),
            gr.update(choices=found, value=value),
            *_show(service, value, standard),
        )

    def point(chosen: str | None, standard: str, event: gr.EventData) -> Any:
        return _point(service, chosen, standard, event._data)

    def draw(chosen: str | None, standard: str, event: gr.EventData) -> Any:
        return _draw(service, chosen, standard, event._data)

    def make(chosen: str | None, standard: str, event: gr.EventData) -> Any:
        return _make(service, chosen, standard, event._data)

    quiet: dict[str, Any] = {
        "show_progress": "hidden",
        "api_visibility": "private",
        "concurrency_limit": 4,
    }
    tab.select(refresh, [place, rule], [place, *shown], **quiet)
    gr.on([place.input, rule.input], show, [place, rule], shown, **quiet)
    upload.upload(add, [upload, region, year, place, rule], [result, place, *shown], **quiet)
    board.click(point, [place, rule], [school], **quiet)
    chart.click(draw, [place, rule], [chart], **quiet)
    plan.click(make, [place, rule], [plan], **quiet)


def _places(service: Service) -> list[tuple[str, str]]:
    """Return what can be checked as (label, value), tables first; ``value`` is "region|year"."""
    held: dict[tuple[str, str], list[str]] = {}
    for one in sorted(
        service.reports(),
        key=lambda one: (one.kind != "school_table", -(one.year or 0), one.region or ""),
    ):
        kind = KINDS[one.kind]
        if one.region is None:
            continue  # when it was taken in, that was said, and what to do
        kinds = held.setdefault((one.region, str(one.year or "")), [])
        if kind not in kinds:
            kinds.append(kind)
    return [
        (
            f"{region} {year + '年' if year else '未注明年份'}（{'、'.join(kinds)}）",
            f"{region}|{year}",
        )
        for (region, year), kinds in held.items()
    ]


def _offered(service: Callable[[], Service]) -> list[tuple[str, str]]:
    """Return what can be checked; nothing where that cannot be told, as whoever shows it will say why."""
    try:
        return _places(service())
    except Exception as error:
        render.error_line(error)  # for the log
        return []


def _split(chosen: str) -> tuple[str | None, int | None]:
    region, _, year = chosen.partition("|")
    return region or None, int(year) if year.isdecimal() else None


def _check(service: Callable[[], Service], chosen: str, standard: str) -> Check:
    region, year = _split(chosen)
    return service().check(region=region, year=year, standard=standard)


def _failed(error: Exception) -> tuple[str, ...]:
    return render.outcome_lines([(False, render.error_line(error))]), "", "", "", "", ""


def _show(service: Callable[[], Service], chosen: str | None, standard: str) -> tuple[str, ...]:
    """Return summary, board, school, chart, plan and the rest for what is chosen."""
    if not chosen:
        return board_html.empty(TEMPLATE), "", "", "", "", ""
    try:
        check = _check(service, chosen, standard)
        texts = cited(service(), check)
    except Exception as error:
        return _failed(error)
    region, year = _split(chosen)
    said = {"region": region, "year": year, "standard": standard}
    query = urlencode({name: value for name, value in said.items() if value})
    return (
        board_html.summary(check, board_html.downloads(query, TEMPLATE)),
        board_html.board(check) or board_html.no_table(),
        school_html.HINT if check.units else "",
        chart_html.dispersion(check, chart_html.largest(check)) or board_html.no_table(),
        plan_html.offer() if check.units else board_html.no_table(),
        demands_html.indicators(check, texts) + board_html.remarks(check),
    )


def _point(service: Callable[[], Service], chosen: str | None, standard: str, data: Any) -> Any:
    """Show the school of the row that a click names; anything that is not such a click changes nothing."""
    row = str(data.get("school", "")) if isinstance(data, dict) else ""
    if not chosen or not row.isdecimal():
        return gr.skip()
    try:
        check = _check(service, chosen, standard)
        return school_html.school(check, int(row))
    except Exception as error:
        return _failed(error)[0]


def _draw(service: Callable[[], Service], chosen: str | None, standard: str, data: Any) -> Any:
    wanted = data.get("cv") if isinstance(data, dict) else None
    if not chosen or not isinstance(wanted, str):
        return gr.skip()
    try:
        return chart_html.dispersion(_check(service, chosen, standard), wanted, asked=True)
    except Exception as error:
        return _failed(error)[0]


def _make(service: Callable[[], Service], chosen: str | None, standard: str, data: Any) -> Any:
    if not chosen or not isinstance(data, dict) or data.get("plan") is None:
        return gr.skip()
    region, year = _split(chosen)
    try:
        made = plan_json(service().plan(region=region, year=year, standard=standard))
        return plan_html.plan(made, {one.code: one.short_name for one in standards()[standard].demands})
    except Exception as error:
        return _failed(error)[0]
