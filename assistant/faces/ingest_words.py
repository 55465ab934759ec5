"""The report on a batch of files: for a person, for a program, and for a workbook."""

from __future__ import annotations

import csv
import io
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from assistant.faces import forms
from assistant.faces.service import IngestOutcome
from corpus import isolation
from tools.compliance.shape import problem_json

MISSING_WORDS = {"region": "地区", "year": "年份"}
MOST_NAMES = 5
"""File names in one line of a summary."""
SUFFIXES = (".csv", ".json", ".txt", ".xlsx")
"""Files that a report on a batch can be written to."""
_COLUMNS = {"序号": 6, "文件": 34, "结果": 10, "报告编号": 16, "待补充": 12, "说明": 70, "提示": 50}


def summary(outcomes: Sequence[IngestOutcome]) -> list[str]:
    """Return the lines that end a batch: how many of each, and why some were not taken in."""
    lines = [f"共 {len(outcomes)} 份"]
    for status, word in forms.OUTCOME_WORDS.items():
        same = [one for one in outcomes if one.status == status]
        if not same:
            continue
        lines.append(f"  {_wide(word, 8)}{len(same):>5} 份")
        if status == "skipped":
            lines += [f"      {line}" for line in _skipped(same)]
        if status == "failed":
            lines += [f"      {one.message}" for one in same]
    open_ones = [one for one in outcomes if one.missing and one.status != "failed"]
    if open_ones:
        lines.append(
            f"  {_wide('待补充', 8)}{len(open_ones):>5} 份（没有认出地区或年份）：{_names(open_ones)}"
        )
    return lines


def summary_counts(outcomes: Sequence[IngestOutcome]) -> list[str]:
    """Return how many of each there were: 共 3 份, 已导入 2 份, 未导入 1 份."""
    counts = {
        word: sum(one.status == status for one in outcomes) for status, word in forms.OUTCOME_WORDS.items()
    }
    return [f"共 {len(outcomes)} 份", *(f"{word} {number} 份" for word, number in counts.items() if number)]


def _skipped(outcomes: Sequence[IngestOutcome]) -> list[str]:
    kinds: dict[str, list[IngestOutcome]] = defaultdict(list)
    for one in outcomes:
        kinds[PurePath(one.source).suffix.lower() or "没有扩展名"].append(one)
    return [
        f"不支持的文件类型 {kind}，{len(same)} 份：{_names(same)}" for kind, same in sorted(kinds.items())
    ]


def _names(outcomes: Sequence[IngestOutcome]) -> str:
    shown = "、".join(one.source for one in outcomes[:MOST_NAMES])
    return shown + (f" 等 {len(outcomes)} 份" if len(outcomes) > MOST_NAMES else "")


def _wide(word: str, width: int) -> str:
    """Fill a word of Chinese characters, each as wide as two, up to ``width``."""
    return word + " " * (width - 2 * len(word) + 2)


def outcome_json(outcome: IngestOutcome) -> dict[str, Any]:
    """Return what became of one file."""
    return {
        "source": outcome.source,
        "status": outcome.status,
        "report_id": outcome.report_id,
        "message": outcome.message,
        "missing": list(outcome.missing),
        "problems": [problem_json(problem) for problem in outcome.problems],
        "notes": list(outcome.notes),
    }


def batch_json(outcomes: Sequence[IngestOutcome]) -> dict[str, Any]:
    """Return what became of a batch: counts by status, then every file in its order."""
    counts = {status: sum(one.status == status for one in outcomes) for status in forms.OUTCOME_WORDS}
    return {
        "summary": {"total": len(outcomes), **counts},
        "files": [outcome_json(one) for one in outcomes],
        "notes": [isolation.trouble] if isolation.trouble else [],
    }


def written(outcomes: Sequence[IngestOutcome], suffix: str) -> bytes:
    """Return the report on a batch as a file of one of ``SUFFIXES``."""
    if suffix == ".json":
        return json.dumps(batch_json(outcomes), ensure_ascii=False, indent=1).encode("utf-8")
    if suffix == ".xlsx":
        return _workbook(outcomes)
    if suffix == ".csv":
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow(_COLUMNS)
        writer.writerows([_harmless(text) for text in row] for row in _rows(outcomes))
        return target.getvalue().encode("utf-8-sig", "replace")  # with the mark, Excel reads it as UTF-8
    lines = [f"{forms.OUTCOME_WORDS[one.status]}\t{one.message}" for one in outcomes]
    return "\n".join([*lines, "", *summary(outcomes), ""]).encode("utf-8", "replace")


def _rows(outcomes: Sequence[IngestOutcome]) -> list[list[str]]:
    return [
        [
            str(number),
            one.source,
            forms.OUTCOME_WORDS[one.status],
            one.report_id or "",
            "、".join(MISSING_WORDS[name] for name in one.missing),
            one.message,
            "；".join([*(problem.why for problem in one.problems), *one.notes]),
        ]
        for number, one in enumerate(outcomes, start=1)
    ]


def _harmless(text: str) -> str:
    """Keep spreadsheet programs from taking a file name for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _workbook(outcomes: Sequence[IngestOutcome]) -> bytes:
    from openpyxl import Workbook

    from assistant.faces.workbook_cells import head, wrap, write_number, write_text

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "导入结果"
    head(sheet, tuple(_COLUMNS), tuple(_COLUMNS.values()))
    for row, texts in enumerate(_rows(outcomes), start=2):
        write_number(sheet, row, 1, row - 1)
        for column, text in enumerate(texts[1:], start=2):
            write_text(sheet, row, column, text)
    wrap(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()
