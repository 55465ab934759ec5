"""A conversation as a workbook: questions and answers, values, calculations, sources, and the reports cited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.faces import forms
from assistant.faces import talk_forms as words
from assistant.faces.talk_forms import Talk
from assistant.faces.workbook_cells import head, look_of, wrap, write_number, write_text

if TYPE_CHECKING:
    from openpyxl import Workbook

_EXACT = 15
"""Digits that a spreadsheet keeps of a number; a longer one is written as text."""


def workbook(talk: Talk) -> bytes:
    """Return the conversation as xlsx; numbers are numbers where a spreadsheet holds them exactly, all else is text."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    turns = list(enumerate(talk.turns, start=1))
    _sheet(
        book, "问答",
        {"序号": 6, "时间": 18, "问题": 40, "结果": 18, "答案": 80, "注意": 30, "沿用上文": 24, "回执": 26},
        (
            (
                str(number), words.local(turn.at), turn.question,
                "：".join(filter(None, (forms.STATUS_WORDS[answer.status], words.reason_words(answer.reason)))),
                answer.text, "\n".join(answer.warnings), "、".join(forms.carried_words(answer)), turn.receipt or "",
            )
            for number, (turn, answer) in turns
        ),
    )  # fmt: skip
    _sheet(
        book, "数值",
        {"序号": 6, "地区": 16, "时间": 14, "指标": 36, "限定": 10, "数值": 16, "单位": 8, "对象": 16, "来源": 12},
        (
            (
                str(number), one.region or "", forms.period_words(one.period) if one.period else "", one.metric,
                one.qualifier or "", one.value, one.unit, one.subject or "", forms.source_words(one.source),
            )
            for number, (_, answer) in turns for one in answer.values
        ),
        numeric=6,
    )  # fmt: skip
    _sheet(
        book, "算式",
        {"序号": 6, "算式": 8, "名称": 16, "公式": 40, "代入": 60, "数和来源": 60, "结果": 14, "单位": 8, "取位": 20, "说明": 40},
        (
            (
                str(number), str(place), made.label, made.formula, made.steps,
                "\n".join(f"{i.name} {i.value}{i.unit}（{forms.source_words(i.source)}）" for i in made.inputs),
                made.result.get("value", ""), made.result.get("unit", ""), made.rounding, "\n".join(made.notes),
            )
            for number, (_, answer) in turns for place, made in enumerate(answer.calculations, start=1)
        ),
        numeric=7,
    )  # fmt: skip
    _sheet(
        book, "出处",
        {"序号": 6, "出处": 6, "报告": 36, "章节": 36, "页": 6, "工作表": 14, "单元格": 10, "原文": 80, "位置": 16, "报告编号": 20, "网址": 20},
        (
            (
                str(number), f"[{place}]", one.title, one.section, str(one.page or ""), one.sheet or "", one.cell or "",
                one.quote, f"{one.start}–{one.end}", one.report_id, one.url or "",
            )
            for number, (_, answer) in turns for place, one in enumerate(answer.citations, start=1)
        ),
    )  # fmt: skip
    _sheet(
        book, "引用的资料",
        {"标题": 40, "文件": 30, "地区": 16, "年份": 8, "编号": 20, "正文 sha256": 68},
        (
            (one.title, one.source, one.region or "", str(one.year or ""), one.id, one.text_sha256)
            for one in talk.reports.values()
        ),
    )  # fmt: skip
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _sheet(
    book: Workbook,
    name: str,
    columns: dict[str, int],
    rows: Iterable[Sequence[str]],
    numeric: int | None = None,
) -> None:
    """Add a sheet; in column ``numeric`` decimal strings become numbers that look as they were printed."""
    sheet = book.create_sheet(name)
    head(sheet, tuple(columns), tuple(columns.values()))
    for row, texts in enumerate(rows, start=2):
        for column, text in enumerate(texts, start=1):
            number = exact_number(text) if column == numeric else None
            if number is None:
                write_text(sheet, row, column, text)
            else:
                write_number(sheet, row, column, number).number_format = look_of(text, least=0)
    wrap(sheet)
    sheet.auto_filter.ref = sheet.dimensions


def exact_number(text: str) -> Decimal | None:
    """Return a decimal string as a number, None where a spreadsheet would not hold it exactly."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    digits = len(number.as_tuple().digits)
    return number if number.is_finite() and digits <= _EXACT else None
