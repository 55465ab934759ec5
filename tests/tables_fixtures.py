"""School tables for tests: rows of an invented county, as workbook or CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.schools.columns import COLUMNS

KEYS = list(COLUMNS)
HEADERS = [column.header for column in COLUMNS.values()]


def make_row(name: str = "青石县第一小学", kind: str = "小学", **values: Any) -> dict[str, Any]:
    """Return a row by key; ``students__primary=1`` stands for ``students.primary``."""
    row: dict[str, Any] = {
        "name": name, "kind": kind, "area": "城区",
        "students.primary": 900, "classes.primary": 24, "largest_class.primary": 41,
        "qualified_teachers.primary": 45, "backbone_teachers.primary": 10, "arts_teachers.primary": 9,
        "teaching_area": 4800.5, "indoor_sports_area": 300, "sports_area": 7200, "equipment_value": 210.5,
        "multimedia_rooms": 26, "music_rooms": 2, "art_rooms": 2, "smallest_music_room": 98,
        "smallest_art_room": 92, "teachers": 50, "certified_teachers": 49,
    }  # fmt: skip
    return row | {key.replace("__", "."): value for key, value in values.items()}


def grid_of(
    rows: Sequence[Mapping[str, Any]],
    *,
    headers: Mapping[str, str] | None = None,
    keys: Sequence[str] = KEYS,
    above: Sequence[Sequence[Any]] = (),
) -> list[list[Any]]:
    """Return lines of cells: what stands above, the header, the rows."""
    names = {key: COLUMNS[key].header for key in keys} | dict(headers or {})
    return [
        *map(list, above),
        [names[key] for key in keys],
        *([row.get(key) for key in keys] for row in rows),
    ]


def workbook(lines: Sequence[Sequence[Any]], *, title: str = "学校", merge: Sequence[str] = ()) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    for area in merge:
        sheet.merge_cells(area)
    return saved(book)


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(lines: Sequence[Sequence[Any]], *, delimiter: str = ",") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(
        [["" if cell is None else cell for cell in line] for line in lines]
    )
    return target.getvalue()
