"""A check as a workbook whose numbers are computed in its own cells, from the table's numbers as read.

Sheets: what this is; the data; the thresholds; the seven indicators and verdicts of each unit, the coefficients
of variation and the contributions as formulas; the indicators; the problems. Spreadsheets calculate in binary:
before comparing, formulas round to ten places, far finer than two different values can lie apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.faces import compliance_words as words
from assistant.faces.workbook_cells import head, wrap, write_text
from assistant.faces.workbook_formulas import write_calculations
from corpus.model import Report
from tools.compliance.model import Check

if TYPE_CHECKING:
    from openpyxl import Workbook

ABOUT = (
    "“数据”是学校数据表读出的数，空白表示没有数据（不是零）；有批注的格子原表写着读不成数的内容。",
    "“七项指标”“差异系数”“差异贡献”里的数都是公式，由“数据”和“阈值”算出，可以逐格查看；改动数据或阈值后会重新计算。",
    "比较前先四舍五入到 10 位小数，消除电子表格二进制计算的尾差；差异系数按 3 位小数与限值比较。",
    "“系统结论”“系统系数”是系统用精确的分数算得的结果，“核对”说明公式算得的与它是否一致。",
)


def workbook(check: Check, reports: Mapping[str, Report]) -> bytes:
    """Return the workbook of a check as xlsx; ``reports`` hold the texts that evidence is quoted from."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    _about(book, check)
    standard = words.standard_of(check)
    if check.table is not None and check.units and standard and standard.passing and standard.split:
        write_calculations(book, check, check.table, standard)
    _indicators(book, check, reports)
    _problems(book, check)
    book.calculation.fullCalcOnLoad = True  # values are not stored; every program computes them on opening
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _about(book: Workbook, check: Check) -> None:
    sheet = book.create_sheet("说明")
    head(sheet, ("项目", "内容"), (16, 110))
    lines = [
        ("地区", check.region or "未注明"),
        ("年份", check.year or "未注明"),
        ("标准", words.standard_name(check)),
        ("学校数据表", words.table_words(check)),
        *(("结果", line) for line in words.summary_lines(check)),
        *(("怎样看", line) for line in ABOUT),
        *(("说明", line) for line in (*check.notes, *words.rule_lines(check))),
        *(("临界", line) for line in check.borderline),
        *(("核实情况", line) for line in words.unconfirmed_lines(check)),
        *(
            ("不参评", f"{one.school}（第{one.row}行）{words.STAGES.get(one.stage or '', '')}：{one.reason}")
            for one in check.excluded
        ),
    ]
    for row, (name, text) in enumerate(lines, start=2):
        write_text(sheet, row, 1, name)
        write_text(sheet, row, 2, text)
    wrap(sheet)


def _indicators(book: Workbook, check: Check, reports: Mapping[str, Report]) -> None:
    sheet = book.create_sheet("全部指标")
    names = ("编号", "指标", "学段", "要求", "数值", "结论", "差距", "依据", "还缺", "条款", "核实情况")
    head(sheet, names, (8, 36, 8, 14, 14, 10, 12, 70, 40, 50, 12))
    for row, verdict in enumerate(check.indicators or check.county, start=2):
        evidence = [verdict.remark, *words.part_lines(verdict)]
        evidence += [f"未达到的：{'、'.join(verdict.failing)}"] if verdict.failing else []
        evidence += [f"“{quote.text}”（{quote.place}）" for quote in words.quotes(verdict, reports)]
        wanted = [*verdict.wanted]
        wanted += [f"缺数据的学校：{'、'.join(verdict.missing)}"] if verdict.missing else []
        texts = (
            verdict.code,
            verdict.name,
            words.STAGES[verdict.stage],
            words.demand_words(verdict),
            words.value_words(verdict),
            words.STATUS[verdict.status],
            words.gap_words(verdict),
            "\n".join(filter(None, evidence)),
            "\n".join(wanted),
            verdict.clause,
            words.UNCONFIRMED if words.unconfirmed(check, verdict.code) else "",
        )
        for column, text in enumerate(texts, start=1):
            write_text(sheet, row, column, text)
    wrap(sheet)


def _problems(book: Workbook, check: Check) -> None:
    sheet = book.create_sheet("问题")
    head(sheet, ("工作表", "单元格", "列", "学校", "读到的内容", "问题和办法"), (14, 10, 24, 28, 20, 90))
    for row, problem in enumerate(check.problems, start=2):
        texts = (problem.sheet, problem.cell, problem.column, problem.school, problem.value, problem.why)
        for column, text in enumerate(texts, start=1):
            write_text(sheet, row, column, text or "")
    wrap(sheet)
