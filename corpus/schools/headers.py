"""Where the header of a sheet stands, and which column each of its cells names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from corpus.schools.columns import ALTERNATIVES, COLUMNS, STAGE_WORDS, WORDS, label
from corpus.schools.grid import Grid, ref_of
from corpus.schools.model import Problem
from corpus.schools.reading_headers import Named, is_unit, name_column, same_unit, tidy

SEARCHED = 60
"""Filled rows from the top among which a header is looked for."""
LEVELS = 3
ENOUGH = 4
"""So many named columns make a header; a list of schools or an explanation has fewer."""
_STAGE = re.compile("|".join(STAGE_WORDS.values()))
_UNIT_LINE = re.compile(r"单位[:为](.{1,40})$")
_USUAL = re.compile(r"序号|编号|备注|说明|no\.?|乡镇|街道|所属\S{0,6}|学区|电话|联系\S{0,4}|校长\S{0,4}|地址")


@dataclass(frozen=True, slots=True)
class Heading:
    """One header cell: its place, what is printed (levels joined by /), what it names."""

    row: int
    column: int
    printed: str
    named: Named


@dataclass(frozen=True)
class Header:
    """The header of a grid: its rows, and its cells from the left."""

    grid: Grid
    top: int
    bottom: int
    headings: tuple[Heading, ...]

    @cached_property
    def named(self) -> dict[str, Heading]:
        """The first heading of each column."""
        found: dict[str, Heading] = {}
        for heading in self.headings:
            if heading.named.key:
                found.setdefault(heading.named.key, heading)
        return found

    @property
    def missing(self) -> list[str]:
        return [key for key, column in COLUMNS.items() if column.required and key not in self.named]

    @property
    def unknown(self) -> list[Heading]:
        return [heading for heading in self.headings if heading.named.key is None]


@dataclass(slots=True)
class Units:
    """The unit of each column of numbers, and what is wrong or assumed about them."""

    of: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def find_header(grid: Grid) -> Header | None:
    """Return the header that names the most columns, or None where no row names any two."""
    rows = grid.rows
    best: tuple[tuple[int, int, int], Header] | None = None
    for index in range(min(SEARCHED, len(rows))):
        for depth in range(1, LEVELS + 1):
            levels = rows[index : index + depth]
            if len(levels) < depth:
                break
            header = Header(grid, levels[0], levels[-1], tuple(_headings(grid, levels)))
            units = sum(bool(heading.named.units) for heading in header.headings if heading.named.key)
            score = (len(header.named), units, -depth)
            if len(header.named) > 1 and (best is None or score > best[0]):
                best = score, header
        if best and not best[1].missing and rows[index] > best[1].bottom:
            break
    return best[1] if best else None


def _headings(grid: Grid, levels: list[int]) -> Iterator[Heading]:
    for column in grid.columns:
        printed, filled = _levels(grid, levels, column)
        if not printed:
            continue
        named = name_column((*filled, *printed)) if filled else name_column(tuple(printed))
        if filled and named.key is None and not any(_STAGE.search(tidy(words)) for words in filled):
            named = name_column(tuple(printed))
        row = max(level for level in levels if grid.at(level, column) is not None)
        yield Heading(row, column, "/".join(printed), named)


def _levels(grid: Grid, levels: list[int], column: int) -> tuple[list[str], list[str]]:
    """Return what stands above each other in a column, and what a blank upper level takes from its left.

    Only where nothing is merged, as in CSV: a merged area says itself how far it reaches.
    """
    printed, filled, seen = list[str](), list[str](), set[object]()
    for row in levels:
        area = grid.area_at(row, column)
        raw = grid.at(row, column)
        if raw is None:
            if row != levels[-1] and not printed and (left := _left_of(grid, row, column)):
                filled.append(left)
            continue
        place = area or (row, column)
        if place not in seen:
            printed.append(raw.printed)
        seen.add(place)
    return printed, filled


def _left_of(grid: Grid, row: int, column: int) -> str | None:
    for left in range(column - 1, 0, -1):
        if (raw := grid.at(row, left)) is not None:
            return None if grid.area_at(row, left) else raw.printed
    return None


def same_header(header: Header, row: int) -> bool | None:
    """Tell whether a row below repeats the header (True), is another one (False), or none at all (None)."""
    texts = [raw.printed for c in header.grid.columns if (raw := header.grid.at(row, c))]
    words = [text for text in texts if re.search(r"[\u4e00-\u9fff]", text)]
    if 2 * len(words) < len(texts):
        return None  # mostly numbers: no header, and most rows are like this
    again = {h.column: h.named.key for h in _headings(header.grid, [row]) if h.named.key}
    if len(again) < min(ENOUGH, len(header.named)):  # perhaps one level of it
        levels = [level for level in header.grid.rows if header.top <= level <= header.bottom]
        places = [(level, column) for level in levels for column in header.grid.columns]
        above = {raw.printed for place in places if (raw := header.grid.at(*place))}
        return True if 2 <= len(words) == len(texts) and set(words) <= above else None
    first = {h.column: h.named.key for h in header.headings}
    return all(first.get(column) == key for column, key in again.items())


def read_units(header: Header) -> Units:
    """Return the unit of each column; a unit that cannot be one of its values is an error."""
    units, grid = Units(), header.grid
    for key, heading in header.named.items():
        if key in WORDS:
            continue
        column = COLUMNS[key]
        accepted = ALTERNATIVES.get(column.unit, (column.unit,))
        stated = heading.named.units
        fitting = {unit for unit in accepted if any(same_unit(one, unit) for one in stated)}
        where = f"{grid.where(heading.row, heading.column)}的表头“{heading.printed}”"
        odd = [one for one in stated if not any(same_unit(one, unit) for unit in accepted)]
        if odd or len(fitting) > 1:
            units.problems.append(_problem(
                header, heading, "error", "wrong_unit",
                f"{where}写的单位是“{'、'.join(stated)}”，{label(key)}只能用{'或'.join(accepted)}；"
                "请换算后改正单位",
            ))  # fmt: skip
            continue
        units.of[key] = next(iter(fitting), column.unit)
        if len(accepted) > 1 and not stated:
            unit, why = _unit_line(header, accepted) or (column.unit, "")
            units.of[key] = unit
            units.problems.append(_problem(
                header, heading, "warning", "unit_assumed",
                f"{where}没有写单位，{label(key)}{why or ''}按“{unit}”读；"
                f"如果不是，请在表头写明{'或'.join(accepted)}",
            ))  # fmt: skip
    return units


def _unit_line(header: Header, accepted: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the unit that a line above the header gives, and where it stands."""
    for (row, column), raw in header.grid.cells.items():
        if row < header.top and (match := _UNIT_LINE.search(tidy(raw.printed))):
            named = {part for part in re.split(r"[,、;/()]", match[1]) if part in accepted}
            if len(named) == 1:
                return named.pop(), f"依照{header.grid.where(row, column)}的“{raw.printed}”"
    return None


def _problem(header: Header, heading: Heading, severity: str, kind: str, why: str) -> Problem:
    key = heading.named.key
    name = COLUMNS[key].header if key else heading.printed
    ref = ref_of(heading.row, heading.column)
    return Problem(
        "error" if severity == "error" else "warning",
        kind,
        header.grid.sheet,
        ref,
        name,
        None,
        heading.printed,
        why,
    )


def check_header(header: Header) -> list[Problem]:
    """Return what is wrong with the columns: missing ones, two for one, and what no column was found for."""
    problems: list[Problem] = []
    grid = header.grid
    by_key: dict[str, list[Heading]] = {}
    for heading in header.headings:
        if heading.named.key:
            by_key.setdefault(heading.named.key, []).append(heading)
    for key, headings in by_key.items():
        if len(headings) > 1:
            cells = "、".join(f"{grid.where(h.row, h.column)}“{h.printed}”" for h in headings)
            problems.append(_problem(
                header, headings[1], "error", "duplicate_column",
                f"{cells}都是{label(key)}，不能断定用哪一列；请只留一列，或把表头写得不同",
            ))  # fmt: skip
    unknown = header.unknown
    if missing := header.missing:
        names = "、".join(COLUMNS[key].header for key in missing)
        cells = "、".join(f"{ref_of(h.row, h.column)}“{h.printed}”" for h in unknown)
        sheet = f"工作表“{grid.sheet}”" if grid.sheet is not None else "表中"
        told = f"认不出的表头：{cells}" if cells else "没有认不出的表头"
        why = f"{sheet}缺少{len(missing)}列：{names}。{told}。请补上这些列（没有数据的留空），或把表头改成这些名称"
        problems.append(
            Problem(
                "error",
                "missing_column",
                grid.sheet,
                ref_of(header.bottom, 1),
                names,
                None,
                cells or None,
                why,
            )
        )
    else:
        problems += [
            _problem(
                header, heading, "warning", "unknown_column",
                f"{grid.where(heading.row, heading.column)}的表头“{heading.printed}”认不出，这一列没有读",
            )
            for heading in unknown
            if not _USUAL.fullmatch(tidy(heading.printed)) and not is_unit(tidy(heading.printed))
        ]  # fmt: skip
    return problems
