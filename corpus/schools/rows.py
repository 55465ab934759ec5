"""Rows to schools: each row is validated against one model, and every error of it becomes a problem.

A number that cannot be read is no data, and the rest of the row counts; nothing here stops a table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model

from corpus.schools.cells import Unreadable, is_blank, read_number
from corpus.schools.columns import AREAS, COLUMNS, KINDS, WORDS, label
from corpus.schools.grid import Area, Raw, ref_of, shortened
from corpus.schools.headers import Header, Heading
from corpus.schools.model import Cell, Column, Problem, School
from corpus.schools.reading_headers import tidy

UNNAMED = "（未填校名）"


@dataclass(frozen=True, slots=True)
class Filled:
    """A filled cell on its way into the model, with the unit of its column."""

    raw: Raw
    unit: str


def _number(column: Column) -> Any:
    def read(filled: Filled | None) -> Decimal | None:
        if filled is None:
            return None
        return read_number(filled.raw, filled.unit, whole=column.whole)

    return Annotated[Decimal | None, BeforeValidator(read)]


def _word(known: dict[str, Any], kind: str, why: str) -> Any:
    def read(filled: Filled | None) -> str | None:
        if filled is None:
            return None
        found: str | None = known.get(tidy(filled.raw.printed))
        if found is None:
            raise Unreadable(kind, why)
        return found

    return Annotated[str | None, BeforeValidator(read)]


_KIND_WHY = f"不是认得的类型，这一行不参加评估；请改为{'、'.join(dict.fromkeys(KINDS.values()))}之一"
_AREA_WHY = f"不是认得的类型；请改为{'、'.join(dict.fromkeys(AREAS.values()))}之一"


@cache
def row_model() -> type[BaseModel]:
    """Return the model of a row: one field for each column of numbers, and the two types."""
    fields: dict[str, Any] = {
        _field(key): (_number(c), None) for key, c in COLUMNS.items() if key not in WORDS
    }
    fields["kind"] = (_word(KINDS, "unknown_type", _KIND_WHY), None)
    fields["area"] = (_word(AREAS, "unknown_area", _AREA_WHY), None)
    return create_model("Row", __config__=ConfigDict(extra="forbid", frozen=True), **fields)


def _field(key: str) -> str:
    return key.replace(".", "__")


@dataclass(slots=True)
class RowReader:
    """Reads the rows below one header. ``problems`` grows as rows are read."""

    header: Header
    units: dict[str, str]
    problems: list[Problem]

    def schools(self, rows: Iterable[int]) -> list[School]:
        """Return the schools of ``rows``, which are known to hold one each."""
        found = [self._school(row) for row in rows]
        self._same_names(found)
        return found

    def _school(self, row: int) -> School:
        grid, named = self.header.grid, self.header.named
        raws = {key: self._raw(row, heading) for key, heading in named.items()}
        printed = raws.get("name")
        name = UNNAMED if printed is None or is_blank(printed) else printed.printed
        given: dict[str, Filled] = {
            _field(key): Filled(raw, self.units.get(key, ""))
            for key, raw in raws.items()
            if raw is not None and not is_blank(raw) and key not in ("name", "code")
        }
        shared = {key: area for key in raws if (area := self._shared(row, named[key])) is not None}
        for key in shared:
            if key not in WORDS:
                given.pop(_field(key), None)
        untyped = "kind" not in given
        read = self._validated(row, name, given)
        if name == UNNAMED:
            self._note(row, "name", name, "blank_name", None, "没有校名，这一行照常计算；请补上校名")
        if untyped:
            self._note(row, "kind", name, "unknown_type", None, "没有办学类型，这一行不参加评估；请补上类型")
        cells = {}
        for key, heading in named.items():
            if key in WORDS:
                continue
            raw = grid.cells.get((row, heading.column))
            blank = raw is None or is_blank(raw)
            cells[key] = Cell(
                ref_of(row, heading.column),
                "" if blank or raw is None else raw.printed,
                read[_field(key)],
                self.units[key],
            )
        code = raws.get("code")
        school = School(
            row, name, read["kind"], read["area"], cells,
            code.printed if code is not None and not is_blank(code) else None,
        )  # fmt: skip
        return self._consistent(school)

    def _raw(self, row: int, heading: Heading) -> Raw | None:
        return self.header.grid.at(row, heading.column)

    def _shared(self, row: int, heading: Heading) -> Area | None:
        """Return the merged area of a cell, if it holds cells of other rows or columns."""
        area = self.header.grid.area_at(row, heading.column)
        return area if area is not None and (area.top, area.left) != (area.bottom, area.right) else None

    def _validated(self, row: int, name: str, given: dict[str, Filled]) -> dict[str, Any]:
        model = row_model()
        try:
            return model.model_validate(given).model_dump()
        except ValidationError as error:
            for one in error.errors():
                field = str(one["loc"][0])
                key = field.replace("__", ".")
                filled = given.pop(field)
                advice = "" if key in ("kind", "area") else "，按没有数据处理；请填写准确的数"
                reason: Unreadable = one["ctx"]["error"]
                self._note(row, key, name, reason.kind, filled.raw.printed, f"{reason}{advice}")
            return model.model_validate(given).model_dump()

    def _consistent(self, school: School) -> School:
        """A part that is larger than its whole: one of the two is wrong, and nobody can say which."""
        part, whole = school.value("indoor_sports_area"), school.value("teaching_area")
        if part is not None and whole is not None and part > whole:
            where = self._place(school.row, "teaching_area")
            self._note(
                school.row, "indoor_sports_area", school.name, "part_exceeds_whole",
                school.cells["indoor_sports_area"].printed,
                f"大于{where}写的“{school.cells['teaching_area'].printed}”，部分不能大于总数，"
                "生均教学及辅助用房面积按没有数据处理；请核对这两个数",
            )  # fmt: skip
        part, whole = school.value("certified_teachers"), school.value("teachers")
        if part is not None and whole is not None and part > whole:
            where = self._place(school.row, "teachers")
            cell = school.cells["certified_teachers"]
            self._note(
                school.row, "certified_teachers", school.name, "part_exceeds_whole", cell.printed,
                f"大于{where}写的“{school.cells['teachers'].printed}”，持证的不能多于全部，"
                "按没有数据处理；请核对这两个数",
            )  # fmt: skip
            return replace(school, cells={**school.cells, "certified_teachers": replace(cell, value=None)})
        return school

    def _same_names(self, schools: list[School]) -> None:
        places: defaultdict[str, list[School]] = defaultdict(list)
        for school in schools:
            if school.name != UNNAMED:
                places[tidy(school.name)].append(school)
        column = self.header.named["name"].column
        for same in places.values():
            if len(same) > 1:
                refs = "、".join(self.header.grid.where(one.row, column) for one in same)
                self._note(
                    same[1].row, "name", same[0].name, "duplicate_name", same[0].name,
                    f"同一校名出现在{refs}，各行都保留、分别计算；如果是重复填报，请删去多余的行",
                )  # fmt: skip

    def _place(self, row: int, key: str) -> str:
        heading = self.header.named[key]
        name, printed = label(key), heading.printed
        shown = printed if tidy(printed).startswith(tidy(name)) else f"{name}（表头“{printed}”）"
        return f"{self.header.grid.where(row, heading.column)}（{shown}）"

    def _note(self, row: int, key: str, name: str, kind: str, value: str | None, why: str) -> None:
        heading = self.header.named[key]
        read = "是空的" if value is None else f"写的是“{shortened(value)}”"
        who = "" if name == UNNAMED or key == "name" else f"{name}，"
        self.problems.append(
            Problem(
                "warning", kind, self.header.grid.sheet, ref_of(row, heading.column), COLUMNS[key].header,
                name, value, f"{who}{self._place(row, key)}{read}：{why}",
            )
        )  # fmt: skip
