"""Cells of an exported workbook: text that stays text, numbers as they are, one look for all sheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BELOW = "未达标（低于底线）"
"""The verdict on a value that is below the share of the demand that every indicator must reach."""
_LONGEST = 32_000
"""Characters of one cell; Excel takes 32767."""


def printable(text: str) -> str:
    """Return text that XML can hold: what cannot stand there becomes a replacement character."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def write_text(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Write text that no program takes for a formula, whatever it begins with."""
    cell: Any = sheet.cell(row, column)
    cell.value = printable(text)[:_LONGEST]
    cell.data_type = "s"  # a leading = makes openpyxl think of a formula
    if text[:1] in ("=", "+", "-", "@", "\t", "\r"):
        cell.quotePrefix = True  # stays text also when a person edits the cell
    found: Cell = cell
    return found


def write_number(sheet: Worksheet, row: int, column: int, number: Decimal | Fraction | int | None) -> Cell:
    """Write a number; no data leaves the cell blank."""
    cell: Any = sheet.cell(row, column)
    if isinstance(number, Fraction):
        whole = number.denominator == 1
        number = (
            Decimal(number.numerator) if whole else Decimal(number.numerator) / Decimal(number.denominator)
        )
    cell.value = number
    found: Cell = cell
    return found


def write_formula(sheet: Worksheet, row: int, column: int, formula: str, look: str = "General") -> Cell:
    """Write a formula of this program (never one from a table); ``look`` is the number format."""
    cell: Any = sheet.cell(row, column)
    cell.value = f"={formula}"
    cell.number_format = look
    found: Cell = cell
    return found


def head(sheet: Worksheet, names: Sequence[str], widths: Sequence[int], row: int = 1) -> None:
    """Write a header row, set widths (the last holds for the rest), keep the header in view."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(names, start=1):
        cell = write_text(sheet, row, column, name)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="E6EEF5")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        width = widths[min(column, len(widths)) - 1]
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = f"A{row + 1}"


def wrap(sheet: Worksheet) -> None:
    """Break long texts of a sheet into lines."""
    from openpyxl.styles import Alignment

    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def colour(sheet: Worksheet, area: str) -> None:
    """Colour verdicts by what their formulas give; the words stand in the cells all the same."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import PatternFill
    from openpyxl.styles.differential import DifferentialStyle

    fills = {
        "达标": "E3F1E5",
        "未达标": "FBE3E3",
        BELOW: "F5C6C6",
        "无法判定": "FDF4E0",
    }
    for word, colour in fills.items():
        fill = PatternFill("solid", bgColor=colour, fgColor=colour)
        look = DifferentialStyle(fill=fill)
        sheet.conditional_formatting.add(
            area, Rule("cellIs", operator="equal", formula=[f'"{word}"'], dxf=look)
        )


def look_of(shown: str | None, least: int = 2) -> str:
    """Return the number format with as many decimals as the printed value has."""
    places = len((shown or "").partition(".")[2]) or (0 if shown else least)
    return "0." + "0" * places if places else "0"
