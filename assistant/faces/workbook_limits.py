"""The sheet of thresholds of an exported workbook: each with its clause, its source and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from assistant.faces import compliance_words as words
from assistant.faces.workbook_cells import head, write_formula, write_number, write_text
from corpus.rules import Standard
from tools.compliance.model import Check, Verdict
from tools.compliance.units import STAGES

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

LIMITS = "阈值"


@dataclass(slots=True)
class Refs:
    """Where things were written: data by (row, key), limits by (stage, code), rules by name, units by row."""

    data: dict[tuple[int, str], str] = field(default_factory=dict)
    limits: dict[tuple[str, str], str] = field(default_factory=dict)
    floors: dict[tuple[str, str], str] = field(default_factory=dict)
    bounds: dict[str, str] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)


def write_limits(sheet: Worksheet, check: Check, standard: Standard, refs: Refs) -> None:
    """Write every number that is compared with or multiplied by, and remember where it stands."""
    head(
        sheet,
        ("编号", "指标", "学段", "符号", "要求", "单位", "底线", "条款", "来源", "核实情况"),
        (8, 40, 8, 6, 10, 10, 10, 70, 60, 12),
    )
    row = 2
    for name, said, value, text, borne_out in _rules(standard):
        write_text(sheet, row, 2, said)
        refs.rules[name] = address(write_number(sheet, row, 5, value), sheet)
        _bears_out(sheet, row, text, borne_out, "")
        row += 1
    seen: dict[tuple[str, str], Verdict] = {}
    for unit in check.units:
        for verdict in unit.verdicts:
            seen.setdefault((unit.stage, verdict.code), verdict)
    for (stage, code), verdict in sorted(seen.items()):
        if verdict.threshold is None:
            continue
        demand = standard.demand(code)
        _limit_row(sheet, row, code, verdict.name, stage, verdict.operator)
        refs.limits[stage, code] = address(write_number(sheet, row, 5, verdict.threshold.exact), sheet)
        write_text(sheet, row, 6, verdict.threshold.unit)
        floor = write_formula(sheet, row, 7, f"E{row}*{refs.rules['floor']}", "0.0###")
        refs.floors[stage, code] = address(floor, sheet)
        doubt = words.UNCONFIRMED if words.unconfirmed(check, code) else ""
        _bears_out(sheet, row, verdict.clause, demand.sources, doubt)
        row += 1
    rule = standard.dispersion
    for one in {one.stage: one for one in check.dispersion}.values():
        _limit_row(sheet, row, "", "校际差异系数", one.stage, one.operator)
        refs.bounds[one.stage] = address(write_number(sheet, row, 5, Fraction(one.limit)), sheet)
        if rule is not None:
            doubtful = "unconfirmed" in (rule.status, rule.formula_status)
            doubt = f"公式{words.UNCONFIRMED}" if doubtful else ""
            _bears_out(sheet, row, f"{rule.text}。{rule.formula}", rule.sources, doubt)
        row += 1


def _rules(standard: Standard) -> Iterator[tuple[str, str, Decimal | int, str, tuple[str, ...]]]:
    """Yield name, words, value, text and sources of the numbers that rules for schools need."""
    passing, split = standard.passing, standard.split
    if passing is not None:
        yield "floor", "余项底线占要求的比例", passing.floor, passing.text, passing.sources
        yield "least", "至少达标的项数", passing.least, passing.text, passing.sources
    if split is not None:
        for stage in STAGES:
            said = f"设施拆分权重·{words.STAGES[stage]}"
            yield stage, said, getattr(split, stage), split.text, split.sources


def _bears_out(sheet: Worksheet, row: int, clause: str, sources: Sequence[str], doubt: str) -> None:
    for column, text in enumerate((clause, words.source_words(sources), doubt), start=8):
        write_text(sheet, row, column, text)


def _limit_row(sheet: Worksheet, row: int, code: str, name: str, stage: str, operator: str) -> None:
    for column, text in enumerate((code, name, words.STAGES[stage], operator), start=1):
        write_text(sheet, row, column, text)


def address(cell: Cell, sheet: Worksheet) -> str:
    """Return a cell as formulas of other sheets name it."""
    return f"'{sheet.title}'!${cell.column_letter}${cell.row}"
