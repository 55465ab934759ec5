"""The sheets of an exported workbook that calculate: data, thresholds, indicators, dispersion, contributions.

A reference is made where a cell is written and used where a formula needs it, so no address is counted by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from assistant.faces import compliance_words as words
from assistant.faces.workbook_cells import (
    BELOW,
    colour,
    head,
    look_of,
    printable,
    write_formula,
    write_number,
    write_text,
)
from assistant.faces.workbook_limits import LIMITS, Refs, address, write_limits
from corpus.rules import Standard
from corpus.schools.columns import COLUMNS
from corpus.schools.model import School, SchoolTable
from corpus.units import factor
from tools.compliance.indicators import RECIPES, keys_of
from tools.compliance.model import Check, Dispersion, Unit, Verdict
from tools.compliance.units import STAGES, bodies_of

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

COMPARE = {"≥": ">=", "≤": "<=", "<": "<", ">": ">", "=": "="}
PLACES = 10
"""Decimals before a comparison: takes away what binary arithmetic leaves behind, and nothing else."""
DATA, UNITS, DISPERSION, SQUARES = "数据", "七项指标", "差异系数", "差异贡献"
FIRST_KEY, FIRST_VALUE = 5, 6
"""The columns where the numbers of the table begin on 数据, and the indicators on 七项指标."""


def write_calculations(book: Workbook, check: Check, table: SchoolTable, standard: Standard) -> None:
    """Write the sheets of a check whose table has assessed units; ``standard`` has the rules for schools."""
    refs = Refs()
    _data(book.create_sheet(DATA), table, refs)
    write_limits(book.create_sheet(LIMITS), check, standard, refs)
    units = sorted(check.units, key=lambda unit: (unit.stage != "primary", unit.school.row))
    _units(book.create_sheet(UNITS), check, units, refs)
    dispersion = book.create_sheet(DISPERSION)
    means = _dispersion(dispersion, check, refs)
    _squares(book.create_sheet(SQUARES), check, units, means, refs)


def _data(sheet: Worksheet, table: SchoolTable, refs: Refs) -> None:
    from openpyxl.comments import Comment

    present = {key for school in table.schools for key in school.cells}
    keys = [key for key in COLUMNS if key in present]
    names = [_with_unit(COLUMNS[key].header, table.units.get(key)) for key in keys]
    head(sheet, ("表中行号", "学校名称", "办学类型", "城乡类型", *names), (9, 28, 16, 10, 12))
    for row, school in enumerate(table.schools, start=2):
        write_number(sheet, row, 1, school.row)
        for column, text in enumerate((school.name, school.kind, school.area), start=2):
            write_text(sheet, row, column, text or "")
        for column, key in enumerate(keys, start=FIRST_KEY):
            cell = school.cells.get(key)
            written = write_number(sheet, row, column, cell.value if cell else None)
            refs.data[school.row, key] = f"'{DATA}'!${written.column_letter}${row}"
            if cell and cell.value is None and cell.printed.strip():
                said = f"原表 {cell.ref} 写的是“{cell.printed[:200]}”，没有当作数据。"
                written.comment = Comment(printable(said), "junheng")


def _with_unit(name: str, unit: str | None) -> str:
    return f"{name}（{unit}）" if unit else name


def _units(sheet: Worksheet, check: Check, units: Sequence[Unit], refs: Refs) -> None:
    verdicts = units[0].verdicts
    codes = [verdict.code for verdict in verdicts]
    values = [
        f"{one.code} {words.short_name(check, one.code, one.name)}（{_unit_of(one)}）" for one in verdicts
    ]
    head(
        sheet,
        ("学校", "学段", "表中行号", "学生数", "设施分摊比例", *values, *(f"{code} 结论" for code in codes),
         "达标项数", "结论", "系统结论", "核对"),
        (28, 8, 9, 9, 10, 13),
    )  # fmt: skip
    first_verdict = FIRST_VALUE + len(codes)
    last = first_verdict + len(codes)
    for row, unit in enumerate(units, start=2):
        low, _ = refs.spans.get(unit.stage, (row, row))
        refs.spans[unit.stage] = low, row
        write_text(sheet, row, 1, unit.school.name)
        write_text(sheet, row, 2, words.STAGES[unit.stage])
        write_number(sheet, row, 3, unit.school.row)
        students = refs.data[unit.school.row, f"students.{unit.stage}"]
        write_formula(sheet, row, 4, f'IF(COUNT({students})=0,"",{students})', "0")
        write_formula(sheet, row, 5, _share(unit, refs), "0.0000")
        for place, verdict in enumerate(unit.verdicts):
            shown = verdict.observed.shown if verdict.observed else None
            value = write_formula(
                sheet, row, FIRST_VALUE + place, _value(unit, verdict, row, refs), look_of(shown)
            )
            judged = _judge(verdict, value.coordinate, unit.stage, refs)
            write_formula(sheet, row, first_verdict + place, judged)
        area = f"{_letter(first_verdict)}{row}:{_letter(last - 1)}{row}"
        write_formula(sheet, row, last, f'COUNTIF({area},"达标")', "0")
        ruling = write_formula(sheet, row, last + 1, _ruling(area, len(codes), refs))
        stated = write_text(sheet, row, last + 2, words.RULINGS[unit.compliant])
        write_formula(sheet, row, last + 3, f'IF({ruling.coordinate}={stated.coordinate},"一致","不一致")')
    sheet.freeze_panes = "B2"
    colour(sheet, f"{_letter(first_verdict)}2:{_letter(last + 2)}{len(units) + 1}")


def _share(unit: Unit, refs: Refs) -> str:
    """Return the stage's share of the row's facilities; blank while a stage's students are unknown."""
    row = unit.school.row
    cells = {
        stage: refs.data[row, f"students.{stage}"]
        for stage in STAGES
        if (row, f"students.{stage}") in refs.data
    }
    needed = [cells[stage] for stage in bodies_of(unit.school).students if stage in cells]
    whole = "+".join(f"{refs.rules[stage]}*SUM({cell})" for stage, cell in cells.items())
    own = f"{refs.rules[unit.stage]}*{cells[unit.stage]}"
    return f'IF(COUNT({",".join(needed)})<{len(needed)},"",{own}/({whole}))'


def _value(unit: Unit, verdict: Verdict, row: int, refs: Refs) -> str:
    """Return an indicator over the cells it is made of; blank where one of them has no number."""
    recipe = RECIPES[verdict.code]
    cells = [refs.data[unit.school.row, key] for key in keys_of(verdict.code, unit.stage)]
    split = not recipe.by_stage
    needed = [f"D{row}", *(["E" + str(row)] if split else []), *cells]
    stock = f"({'-'.join(cells)})" if recipe.minus else cells[0]
    times = _factor(unit.school, recipe.key, verdict) * recipe.per if split else recipe.per
    formula = f"{stock}{f'*{times}' if times != 1 else ''}{f'*E{row}' if split else ''}/D{row}"
    if recipe.minus:
        formula = f'IF({cells[1]}>{cells[0]},"",{formula})'
    return f'IF(COUNT({",".join(needed)})<{len(needed)},"",{formula})'


def _factor(school: School, key: str, verdict: Verdict) -> Fraction:
    """Return what turns the column's unit into the indicator's: 10000 for 万元 and 元."""
    cell, unit = school.cells.get(key), _unit_of(verdict)
    if cell is None or not cell.unit or not unit or cell.unit == unit:
        return Fraction(1)
    return Fraction(factor(cell.unit)) / Fraction(factor(unit))


def _unit_of(verdict: Verdict) -> str:
    return verdict.threshold.unit if verdict.threshold else ""


def _judge(verdict: Verdict, value: str, stage: str, refs: Refs) -> str:
    limit, floor = refs.limits[stage, verdict.code], refs.floors[stage, verdict.code]
    compare = COMPARE[verdict.operator]
    failed = f'IF(ROUND({value}-{floor},{PLACES})>=0,"未达标","{BELOW}")'
    return f'IF({value}="","无法判定",IF(ROUND({value}-{limit},{PLACES}){compare}0,"达标",{failed}))'


def _ruling(area: str, count: int, refs: Refs) -> str:
    below, short = f'COUNTIF({area},"{BELOW}")', f'COUNTIF({area},"未达标")'
    failed = f"OR({below}>0,{short}>{count}-{refs.rules['least']})"
    return f'IF({failed},"未达标",IF(COUNTIF({area},"无法判定")>0,"无法判定","达标"))'


def _dispersion(sheet: Worksheet, check: Check, refs: Refs) -> dict[tuple[str, str], str]:
    """Write the coefficients; return the means by (stage, code)."""
    head(
        sheet,
        ("学段", "编号", "指标", "计入的学校数", "学生数合计", "平均值", "标准差", "差异系数", "限值",
         "结论", "系统系数", "核对"),
        (8, 8, 40, 10, 12, 12),
    )  # fmt: skip
    means: dict[tuple[str, str], str] = {}
    codes = [verdict.code for verdict in check.units[0].verdicts]
    shown = [one for one in check.dispersion if one.stage in refs.spans and one.code in codes]
    for row, one in enumerate(shown, start=2):
        low, high = refs.spans[one.stage]
        column = _letter(FIRST_VALUE + codes.index(one.code))
        values = f"'{UNITS}'!${column}${low}:${column}${high}"
        students = f"'{UNITS}'!$D${low}:$D${high}"
        squares = _letter(SQUARE_COLUMN + codes.index(one.code))
        total = f"SUM('{SQUARES}'!${squares}${low}:${squares}${high})"
        for place, text in enumerate((words.STAGES[one.stage], one.code, one.name), start=1):
            write_text(sheet, row, place, text)
        write_formula(sheet, row, 4, f"COUNT({values})", "0")
        write_formula(sheet, row, 5, f'SUMIF({values},">=0",{students})', "0")
        mean = write_formula(
            sheet, row, 6, f'IF(E{row}=0,"",SUMPRODUCT({values},{students})/E{row})',
            look_of(one.mean.shown if one.mean else None),
        )  # fmt: skip
        means[one.stage, one.code] = address(mean, sheet)
        write_formula(sheet, row, 7, f'IF(E{row}=0,"",SQRT({total}/E{row}))', "0.0000")
        write_formula(sheet, row, 8, f'IF(SUM(F{row})=0,"",G{row}/F{row})', look_of(one.cv, 3))
        write_formula(sheet, row, 9, refs.bounds[one.stage], "0.00")
        short = f'OR(H{row}="",D{row}<{high - low + 1})'
        verdict = f'IF(ROUND(H{row},3){COMPARE[one.operator]}I{row},"达标","未达标")'
        write_formula(sheet, row, 10, f'IF({short},"无法判定",{verdict})')
        _stated(sheet, row, one)
    colour(sheet, f"J2:J{len(shown) + 1}")
    return means


def _stated(sheet: Worksheet, row: int, one: Dispersion) -> None:
    cell = write_number(sheet, row, 11, Fraction(one.cv) if one.cv is not None else None)
    cell.number_format = look_of(one.cv, 3)
    same = f"ROUND(H{row},3)=K{row}" if one.cv is not None else f'H{row}=""'
    write_formula(sheet, row, 12, f'IF({same},"一致","不一致")')


SQUARE_COLUMN = 4


def _squares(
    sheet: Worksheet,
    check: Check,
    units: Sequence[Unit],
    means: Mapping[tuple[str, str], str],
    refs: Refs,
) -> None:
    """Write students × (value − mean)² of every unit, and its share of the sum."""
    codes = [verdict.code for verdict in units[0].verdicts]
    heads = [f"{code} 加权平方差" for code in codes] + [f"{code} 占比" for code in codes]
    head(sheet, ("学校", "学段", "表中行号", *heads), (28, 8, 9, 13))
    for row, unit in enumerate(units, start=2):
        write_text(sheet, row, 1, unit.school.name)
        write_text(sheet, row, 2, words.STAGES[unit.stage])
        write_number(sheet, row, 3, unit.school.row)
        low, high = refs.spans[unit.stage]
        for place, code in enumerate(codes):
            mean = means.get((unit.stage, code))
            if mean is None:
                continue
            value = f"'{UNITS}'!{_letter(FIRST_VALUE + place)}{row}"
            letter = _letter(SQUARE_COLUMN + place)
            square = f"'{UNITS}'!D{row}*({value}-{mean})^2"
            write_formula(sheet, row, SQUARE_COLUMN + place, f'IF({value}="","",{square})', "0.0000")
            total = f"SUM({letter}${low}:{letter}${high})"
            share = f'IF({letter}{row}="","",IF(ROUND({total},{PLACES})=0,0,{letter}{row}/{total}))'
            write_formula(sheet, row, SQUARE_COLUMN + len(codes) + place, share, "0.0000")


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return get_column_letter(column)
