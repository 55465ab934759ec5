"""School tables made in a test, and the comparison of a check with a truth file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from corpus.schools.model import Cell, School, SchoolTable

NUMBERS: tuple[str, ...] = (
    "students.primary",
    "students.junior",
    "students.senior",
    "classes.primary",
    "classes.junior",
    "largest_class.primary",
    "largest_class.junior",
    "qualified_teachers.primary",
    "qualified_teachers.junior",
    "backbone_teachers.primary",
    "backbone_teachers.junior",
    "arts_teachers.primary",
    "arts_teachers.junior",
    "teaching_area",
    "indoor_sports_area",
    "sports_area",
    "equipment_value",
    "multimedia_rooms",
    "music_rooms",
    "art_rooms",
    "smallest_music_room",
    "smallest_art_room",
    "teachers",
    "certified_teachers",
    "exchanged_teachers",
    "eligible_teachers",
    "exchanged_backbone",
)
NOT_COMPARED = {"name", "source", "clause", "summary"}
"""Words that may differ; the figures of ``summary`` are compared apart."""


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
            measure = unit if key == "equipment_value" else "平方米" if "area" in key else "人"
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
