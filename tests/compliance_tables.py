"""School tables made in a test, and the comparison of a check with a truth file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from corpus.schools.columns import COLUMNS, WORDS
from corpus.schools.model import Cell, School, SchoolTable
from tools.compliance.units import STAGES_OF

NUMBERS = tuple(key for key in COLUMNS if key not in WORDS)
AMPLE: dict[str, Any] = {
    "largest_class": 30, "classes": 12, "qualified_teachers": 200, "backbone_teachers": 100, "arts_teachers": 100,
    "teaching_area": 60000, "indoor_sports_area": 0, "sports_area": 90000, "equipment_value": 3000,
    "multimedia_rooms": 200, "music_rooms": 9, "art_rooms": 9, "smallest_music_room": 100, "smallest_art_room": 100,
    "teachers": 50, "certified_teachers": 50, "exchanged_teachers": 10, "eligible_teachers": 50,
    "exchanged_backbone": 5,
}  # fmt: skip
"""Enough of everything for a school of 1000 in each stage that its type has."""
NOT_COMPARED = {"name", "source", "clause", "summary"}
"""Words that may differ; the figures of ``summary`` are compared apart."""


def ample(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row that meets everything, but for what ``given`` says; None there is a blank cell."""
    kind = given.get("kind", "小学")
    row: dict[str, Any] = {"kind": kind}
    for key in NUMBERS:
        stem, _, stage = key.partition(".")
        if stage and stage not in STAGES_OF.get(kind, ("primary",)):
            continue
        row[key] = 1000 if stem == "students" else AMPLE[stem]
    return {**row, **given}


def table_of(
    rows: Sequence[Mapping[str, Any]], *, unit: str = "万元", columns: Sequence[str] = NUMBERS
) -> SchoolTable:
    """Return a table with the given numbers; a key that is missing or None is a blank cell.

    ``name`` and ``kind`` are keys too. Columns are lettered in the order of ``columns`` from D; the first row is 2.
    """
    text = ""
    schools: list[School] = []
    for index, given in enumerate(rows):
        number = index + 2
        name = given.get("name", f"学校{index + 1}")
        cells: dict[str, Cell] = {}
        for place, key in enumerate(columns):
            measure = unit if key == "equipment_value" else COLUMNS[key].unit
            ref, value = f"{_letters(place + 3)}{number}", given.get(key)
            if value is None:
                cells[key] = Cell(ref, "", None, measure)
                continue
            text += f"{name} {key} "
            start = len(text)
            text += f"{value}\n"
            cells[key] = Cell(ref, str(value), Decimal(str(value)), measure, start, start + len(str(value)))
        schools.append(School(number, name, given.get("kind", "小学"), given.get("area"), cells))
    return SchoolTable(
        id="table",
        source="table.csv",
        sheet="学校数据",
        title="学校数据",
        region=None,
        year=None,
        schools=tuple(schools),
        units={"equipment_value": unit},
        headers={key: f"{_letters(place + 3)}1" for place, key in enumerate(columns)},
        text=text,
    )


def csv_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return such a table as a CSV file, every column of the contract in it."""
    lines = [
        ",".join(column.header + ("(万元)" if column.unit == "万元" else "") for column in COLUMNS.values())
    ]
    for index, row in enumerate(rows):
        given = {"name": f"学校{index + 1}", "kind": "小学", **row}
        lines.append(",".join("" if given.get(key) is None else str(given[key]) for key in COLUMNS))
    return "\n".join(lines) + "\n"


def _letters(index: int) -> str:
    return chr(65 + index) if index < 26 else chr(64 + index // 26) + chr(65 + index % 26)


def differences(truth: Any, found: Any, path: str = "") -> Iterator[str]:
    """Yield every place where ``found`` is not what ``truth`` says; fields that only ``found`` has are additions."""
    if isinstance(truth, dict) and isinstance(found, dict):
        for key, value in truth.items():
            if key in NOT_COMPARED and path != "/summary":
                continue
            if key not in found:
                yield f"{path}/{key}: missing, should be {value!r}"
            else:
                yield from differences(value, found[key], f"{path}/{key}")
    elif isinstance(truth, list) and isinstance(found, list):
        if len(truth) != len(found):
            yield f"{path}: {len(found)} items, should be {len(truth)}"
        for index, (one, other) in enumerate(zip(truth, found, strict=False)):
            yield from differences(one, other, f"{path}[{index}]")
    elif truth != found or type(truth) is not type(found):
        yield f"{path}: {found!r}, should be {truth!r}"
