"""The page's second tab: the stored reports, with upload and removal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.faces import forms, render
from assistant.faces.service import Service
from corpus.readers import supported

TABLE_JS = "window.junheng.listen(element, trigger);"


def reports_tab(tab: gr.Tab, service: Callable[[], Service]) -> gr.HTML:
    """Fill ``tab`` and return the list of reports; call inside a Blocks context."""
    with gr.Row(equal_height=False):
        region, year = said_fields("jh")
        upload = gr.UploadButton(
            "导入报告",
            file_count="multiple",
            file_types=list(supported()),
            variant="primary",
            scale=1,
            min_width=140,
            elem_id="jh-upload",
        )
    gr.HTML(
        f'<p class="jh-hint">可导入报告和学校数据表（.xlsx、.csv），格式：{" ".join(supported())}，一次可选多份。</p>'
    )
    result = gr.HTML("", elem_id="jh-result")
    table = gr.HTML(render.report_table([]), elem_id="jh-reports", js_on_load=TABLE_JS)

    def listing() -> str:
        try:
            return render.report_table(forms.reports_json(service()))
        except Exception as error:
            return render.outcome_lines([(False, render.error_line(error))])

    def add(files: list[str] | None, region: str, year: str) -> tuple[str, str]:
        paths = [Path(file) for file in files or []]
        try:
            return render.outcome_lines(take_files(service, paths, region.strip(), year.strip())), listing()
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def remove(event: gr.EventData) -> tuple[str, str]:
        report_id = event._data.get("remove") if isinstance(event._data, dict) else None
        try:
            gone = isinstance(report_id, str) and service().remove(report_id)
            line = "已移除这份报告及其数据。" if gone else "这份报告已经不在了。"
        except Exception as error:
            gone, line = False, render.error_line(error)
        return render.outcome_lines([(gone, line)]), listing()

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    upload.upload(add, [upload, region, year], [result, table], **quiet)
    table.click(remove, None, [result, table], **quiet)
    tab.select(listing, None, [table], **quiet)
    return table


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


def take_files(
    service: Callable[[], Service], paths: Sequence[Path], region: str, year: str
) -> list[tuple[bool, str]]:
    """Read uploaded files in; return what became of each, one line each, False for a failure."""
    if year and not (year.isdecimal() and 1949 <= int(year) <= 2100):
        return [(False, f"年份应为四位数字，如 2022，现为“{year}”；没有导入。")]
    try:
        outcomes = service().ingest(
            paths, region=region or None, year=int(year) if year else None, uploaded=True
        )
    except Exception as error:
        return [(False, render.error_line(error))]
    lines = []
    for one in outcomes:
        lines.append((one.status != "failed", f"{forms.OUTCOME_WORDS[one.status]}：{one.message}"))
        lines += [(True, f"请核对：{problem.why}") for problem in one.problems]
    return lines
