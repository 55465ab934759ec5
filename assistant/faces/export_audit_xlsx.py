"""Audits as a workbook: every finding in a row, then how many there are of each verdict, and the method."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.faces import audit_words as words
from assistant.faces.audited import CLASSES, Audited, class_of
from assistant.faces.workbook_cells import head, wrap, write_number, write_text
from tools.audit.model import Finding

if TYPE_CHECKING:
    from openpyxl import Workbook

COLUMNS = {
    "序号": 6,
    "标记": 6,
    "结论": 10,
    "核的是": 12,
    "报告": 26,
    "章节": 26,
    "原文": 40,
    "报告所写": 14,
    "复算": 14,
    "舍入允许的范围": 18,
    "算式": 40,
    "说明": 60,
    "依据的原文": 60,
    "位置": 14,
}
"""The columns of the findings and how wide they are."""


def workbook(audits: Sequence[Audited]) -> bytes:
    """Return audits as xlsx, findings that want attention first within each report."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _findings(book, audits)
    _summary(book, audits)
    _method(book)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _findings(book: Workbook, audits: Sequence[Audited]) -> None:
    sheet = book.create_sheet("核数结果")
    head(sheet, tuple(COLUMNS), tuple(COLUMNS.values()))
    row = 1
    for audited in audits:
        for finding in audited.of(*CLASSES):
            row += 1
            write_number(sheet, row, 1, row - 1)
            for column, text in enumerate(_texts(audited, finding), start=2):
                write_text(sheet, row, column, text)
    wrap(sheet)
    sheet.auto_filter.ref = sheet.dimensions


def _texts(audited: Audited, finding: Finding) -> tuple[str, ...]:
    """Return what stands in a row after its number."""
    shown = class_of(finding)
    return (
        words.MARKS[shown],
        words.NAMES[shown],
        words.check_name(finding),
        audited.report.title,
        words.section_of(audited, finding),
        audited.report.text[finding.start : finding.end],
        words.stated_words(finding),
        words.recomputed_words(finding),
        words.range_words(finding),
        words.steps_words(finding.calculation),
        finding.explanation.text,
        "\n".join(f"“{quote.text}”（{quote.place}）" for quote in words.quotes(audited, finding)),
        f"{finding.start}–{finding.end}",
    )


def _summary(book: Workbook, audits: Sequence[Audited]) -> None:
    sheet = book.create_sheet("汇总")
    names = (
        "报告",
        "地区",
        "年份",
        "正文 sha256",
        *(f"{words.MARKS[one]} {words.NAMES[one]}" for one in CLASSES),
        "合计",
    )
    head(sheet, names, (36, 16, 8, 68, 12))
    for row, audited in enumerate(audits, start=2):
        report, counts = audited.report, audited.counts
        year = str(report.year) if report.year else ""
        for column, text in enumerate((report.title, report.region or "", year, report.text_sha256), start=1):
            write_text(sheet, row, column, text)
        for column, number in enumerate((*counts.values(), len(audited.findings)), start=5):
            write_number(sheet, row, column, number)
    wrap(sheet)


def _method(book: Workbook) -> None:
    sheet = book.create_sheet("说明")
    head(sheet, ("项目", "内容"), (14, 110))
    lines = [
        *((f"{words.MARKS[one]} {words.NAMES[one]}", words.MEANINGS[one]) for one in CLASSES),
        *(("怎样核", line) for line in words.METHOD),
        *(("不核的", line) for line in words.NOT_JUDGED),
        ("位置", "原文在报告正文中的起止字数，从 0 数起，不含止点；正文与 sha256 对应。"),
    ]
    for row, (name, text) in enumerate(lines, start=2):
        write_text(sheet, row, 1, name)
        write_text(sheet, row, 2, text)
    wrap(sheet)
