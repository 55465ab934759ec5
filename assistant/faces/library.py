"""The page's second tab: the stored reports, with upload and removal."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.faces import forms, render
from assistant.faces.ingest_words import summary_counts
from assistant.faces.service import Given, IngestOutcome, Pasted, Service
from assistant.gathering import readable
from corpus.errors import JunhengError
from corpus.readers import LARGEST_TEXT

MOST_LINES = 200
"""Lines shown of one import; of a longer one only what could not be taken in, with the counts."""
TABLE_JS = "window.junheng.listen(element, trigger);"


def reports_tab(tab: gr.Tab, service: Callable[[], Service]) -> gr.HTML:
    """Fill ``tab`` and return the list of reports; call inside a Blocks context."""
    with gr.Row(equal_height=False):
        region, year = said_fields("jh")
        upload = gr.UploadButton(
            "导入报告",
            file_count="multiple",
            file_types=list(readable()),
            variant="primary",
            scale=1,
            min_width=140,
            elem_id="jh-upload",
        )
        folder = gr.UploadButton(
            "导入文件夹", file_count="directory", scale=1, min_width=140, elem_id="jh-upload-folder"
        )
    gr.HTML(
        '<p class="jh-hint">可导入报告和学校数据表（.xlsx、.csv），一次可选多份，也可以是压缩包。格式：'
        f"{' '.join(readable())}</p>"
    )
    with gr.Accordion("粘贴文字", open=False):
        title = gr.Textbox(label="标题（可不填）", max_lines=1, max_length=100, elem_id="jh-paste-title")
        pasted = gr.Textbox(
            label="文字", lines=6, max_lines=12, max_length=LARGEST_TEXT, elem_id="jh-paste-text"
        )
        paste = gr.Button("导入这段文字", elem_id="jh-paste")
    result = gr.HTML("", elem_id="jh-result")
    table = gr.HTML(render.report_table([]), elem_id="jh-reports", js_on_load=TABLE_JS)
    with gr.Accordion("补充或更正地区、年份", open=False):
        which = gr.Dropdown([], label="报告", elem_id="jh-which")
        with gr.Row(equal_height=False):
            true_region, true_year = said_fields("jh-true")
        save = gr.Button("保存", elem_id="jh-describe")

    def listing() -> tuple[str, Any]:
        try:
            listed = forms.reports_json(service())
        except Exception as error:
            return render.outcome_lines([(False, render.error_line(error))]), gr.skip()
        return render.report_table(listed), gr.Dropdown(choices=_choices(listed))

    def add(files: list[str] | None, region: str, year: str) -> Iterator[tuple[Any, ...]]:
        paths = [Path(file) for file in files or []]
        try:
            for shown in take_one_by_one(service, paths, region.strip(), year.strip()):
                yield shown, gr.skip(), gr.skip()
            yield gr.skip(), *listing()
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def add_text(text: str, title: str, region: str, year: str) -> Iterator[tuple[Any, ...]]:
        if not text.strip():
            yield render.outcome_lines([(False, "还没有粘贴文字。")]), gr.skip(), gr.skip(), gr.skip()
            return
        given = [Pasted(text, title.strip() or None)]
        for shown in take_one_by_one(service, given, region.strip(), year.strip()):
            yield shown, gr.skip(), gr.skip(), gr.skip()
        yield gr.skip(), *listing(), ""

    def describe(report_id: str | None, region: str, year: str) -> tuple[Any, ...]:
        try:
            if not report_id:
                raise JunhengError("请先选一份报告。")
            if said := _year_trouble(year.strip()):
                raise JunhengError(said)
            report = service().describe(
                report_id, region=region.strip() or None, year=int(year) if year.strip() else None
            )
            named = f"{report.region or '地区不明'}，{f'{report.year}年' if report.year else '年份不明'}"
            line = (True, f"已保存：{report.title}（{named}）")
        except Exception as error:
            line = (False, render.error_line(error))
        return render.outcome_lines([line]), *listing()

    def remove(event: gr.EventData) -> tuple[Any, ...]:
        report_id = event._data.get("remove") if isinstance(event._data, dict) else None
        try:
            gone = isinstance(report_id, str) and service().remove(report_id)
            line = "已移除这份报告及其数据。" if gone else "这份报告已经不在了。"
        except Exception as error:
            gone, line = False, render.error_line(error)
        return render.outcome_lines([(gone, line)]), *listing()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    shown = [result, table, which]
    upload.upload(add, [upload, region, year], shown, **quiet)
    folder.upload(add, [folder, region, year], shown, **quiet)
    paste.click(add_text, [pasted, title, region, year], [*shown, pasted], **quiet)
    save.click(describe, [which, true_region, true_year], shown, **quiet)
    table.click(remove, None, shown, **quiet)
    tab.select(listing, None, [table, which], **quiet)
    return table


def _choices(listed: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the stored reports to choose from, first those whose region or year is not known."""
    ordered = sorted(listed, key=lambda item: bool(item["region"] and item["year"]))
    return [
        (f"{item['title']}（{item['region'] or '地区不明'}，{item['year'] or '年份不明'}）", item["id"])
        for item in ordered
    ]


def said_fields(prefix: str) -> tuple[Any, Any]:
    """Return the two fields in which a person says region and year; call inside a Row."""
    region = gr.Textbox(
        label="地区（可不填）",
        placeholder="不填则从正文识别",
        max_lines=1,
        max_length=100,
        scale=2,
        min_width=150,
        elem_id=f"{prefix}-region",
    )
    year = gr.Textbox(
        label="年份（可不填）",
        placeholder="四位数字",
        max_lines=1,
        max_length=4,
        scale=1,
        min_width=140,
        elem_id=f"{prefix}-year",
    )
    return region, year


def _year_trouble(year: str) -> str:
    right = not year or (year.isdecimal() and 1949 <= int(year) <= 2100)
    return "" if right else f"年份应为四位数字，如 2022，现为“{year}”；没有导入。"


def take_one_by_one(
    service: Callable[[], Service], given: Sequence[Given], region: str, year: str
) -> Iterator[str]:
    """Take things in and yield what is to be shown as it grows: a line for each, then what there was in all."""
    if trouble := _year_trouble(year):
        yield render.outcome_lines([(False, trouble)])
        return
    told: queue.SimpleQueue[IngestOutcome | Exception | None] = queue.SimpleQueue()

    def work() -> None:
        try:
            said = int(year) if year else None
            service().ingest(given, region=region or None, year=said, uploaded=True, on_progress=told.put)
            told.put(None)
        except Exception as error:
            told.put(error)

    threading.Thread(target=work, name="ingest", daemon=True).start()
    lines: list[tuple[bool, str]] = []
    outcomes: list[IngestOutcome] = []
    yield render.outcome_lines([], note=f"正在导入，共 {len(given)} 份……")
    while True:
        one = told.get()
        if isinstance(one, IngestOutcome):
            outcomes.append(one)
            lines += _lines(one)
            total = max(len(given), len(outcomes))
            yield render.outcome_lines(
                lines[-MOST_LINES:], note=f"正在导入，已完成 {len(outcomes)} / {total} 份……"
            )
            continue
        if isinstance(one, Exception):
            lines.append((False, render.error_line(one)))
        counts = "，".join(summary_counts(outcomes)) if len(outcomes) > 1 else ""
        bad = [line for line in lines if not line[0]]
        shown = lines if len(lines) <= MOST_LINES else bad[:MOST_LINES]
        yield render.outcome_lines(shown, note=counts)
        return


def take_files(
    service: Callable[[], Service], paths: Sequence[Path], region: str, year: str
) -> list[tuple[bool, str]]:
    """Read uploaded files in; return what became of each, one line each, False for a failure."""
    if trouble := _year_trouble(year):
        return [(False, trouble)]
    try:
        said = int(year) if year else None
        outcomes = service().ingest(paths, region=region or None, year=said, uploaded=True)
    except Exception as error:
        return [(False, render.error_line(error))]
    return [line for one in outcomes for line in _lines(one)]


def _lines(one: IngestOutcome) -> list[tuple[bool, str]]:
    return [
        (one.status != "failed", f"{forms.OUTCOME_WORDS[one.status]}：{one.message}"),
        *((True, f"请核对：{problem.why}") for problem in one.problems),
        *((True, f"请注意：{note}") for note in one.notes),
    ]
