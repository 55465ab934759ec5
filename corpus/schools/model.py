"""School tables as read: one row a school and campus, one cell a number or no data.

``SchoolTable.text`` is the table written out, one line a cell; it is what a store keeps as the text of the
table, so a number of a table is cited like a number of a report: ``text[cell.start:cell.end] == cell.printed``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

SchoolKind = Literal[
    "小学", "初级中学", "九年一贯制学校", "十二年一贯制学校", "完全中学", "教学点", "特殊教育学校",
]  # fmt: skip
Stage = Literal["primary", "junior", "senior"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a school table. ``key`` names it in the code, ``header`` is its name in the contract.

    ``unit`` is what its values count or measure ("人", "个", "平方米", "万元", "间"; "" for words); ``whole`` says
    that only whole numbers make sense; ``stage`` is set where the value belongs to one stage.
    """

    key: str
    header: str
    unit: str
    required: bool = True
    whole: bool = True
    stage: Stage | None = None
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell under a known column. ``value`` is None for no data, whatever stands there.

    ``ref`` is "D2" (for CSV letter and line), ``printed`` what stands in the file, ``unit`` that of the
    column's header. ``start`` and ``end`` place ``printed`` in ``SchoolTable.text``; -1 for a blank cell.
    """

    ref: str
    printed: str
    value: Decimal | None
    unit: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class School:
    """One row: a school or a campus with a row of its own. ``row`` is the sheet row or the CSV line.

    ``cells`` has an entry for every column of numbers that the table has, by ``Column.key``. ``kind`` is None
    where the type is blank or unknown (then the row is not assessed, and a problem says so).
    """

    row: int
    name: str
    kind: SchoolKind | None
    area: str | None
    cells: Mapping[str, Cell]
    code: str | None = None

    def value(self, key: str) -> Decimal | None:
        """Return the number under ``key``, None for no data or a column that the table lacks."""
        cell = self.cells.get(key)
        return None if cell is None else cell.value


@dataclass(frozen=True, slots=True)
class Problem:
    """Something of a table that a person has to look at; ``why`` is a whole Chinese sentence.

    ``why`` names sheet, cell and column, what was read and what to do. ``kind`` is one of: missing_column,
    unknown_column, ragged_line, not_a_number, approximate, negative, fraction, formula_error, formula_without_value,
    part_exceeds_whole, duplicate_name, unknown_type, unknown_area, blank_name, total_row, note_row, second_header,
    merged_cells, hidden_sheet, hidden_row, hidden_column, further_sheet, unit_assumed, wrong_unit, duplicate_column,
    no_header, no_schools, unreadable.
    """

    severity: Literal["error", "warning"]
    kind: str
    sheet: str | None
    cell: str | None
    column: str | None
    school: str | None
    value: str | None
    why: str


@dataclass(frozen=True, slots=True)
class SchoolTable:
    """One table as read. ``units`` gives the unit of each column as its header has it, by ``Column.key``.

    ``headers`` gives the cell of each header. ``problems`` are warnings only: a table with errors is not read.
    """

    id: str
    source: str
    sheet: str
    title: str
    region: str | None
    year: int | None
    schools: tuple[School, ...]
    units: Mapping[str, str]
    headers: Mapping[str, str]
    text: str
    problems: tuple[Problem, ...] = field(default=())
