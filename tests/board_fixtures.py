"""A small invented county for the board and its downloads: every kind of verdict, and names that mean mischief."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from compliance_tables import table_of
from fake_service import HOSTILE, NEW, TEXT, fact

from corpus.model import Report
from corpus.rules import standards
from corpus.schools.columns import COLUMNS
from corpus.schools.model import Problem, SchoolTable
from tools.compliance.check import check_table
from tools.compliance.model import Check, Verdict
from tools.evidence import Sentence

FORMULAS = ('=HYPERLINK("http://example.invalid","x")', "+1", "@SUM(1)", "-1")
"""Names that a spreadsheet would calculate if they were written as they stand."""


def primary(name: str, students: int, **given: Any) -> dict[str, Any]:
    """Return a primary school that has exactly what is demanded of it, but for what is ``given``."""
    exact = {
        "students.primary": students,
        "classes.primary": 1 + students // 40,
        "largest_class.primary": 45,
        "qualified_teachers.primary": 42 * students / 1000,
        "backbone_teachers.primary": students / 100,
        "arts_teachers.primary": 9 * students / 1000,
        "teaching_area": 4.5 * students,
        "indoor_sports_area": 0,
        "sports_area": 7.5 * students,
        "equipment_value": 0.2 * students,
        "multimedia_rooms": 23 * students / 1000,
        "music_rooms": 3,
        "art_rooms": 3,
        "smallest_music_room": 96,
        "smallest_art_room": 90,
    }
    return {"name": name, "kind": "小学", "area": "镇区", **_whole(exact), **given}


def junior(name: str, students: int, **given: Any) -> dict[str, Any]:
    """Return a lower secondary school that has more than is demanded of it, but for what is ``given``."""
    made = {
        "students.junior": students,
        "classes.junior": 1 + students // 45,
        "largest_class.junior": 50,
        "qualified_teachers.junior": students // 10,
        "backbone_teachers.junior": students // 50,
        "arts_teachers.junior": students // 50,
        "teaching_area": 7 * students,
        "indoor_sports_area": students,
        "sports_area": 11 * students,
        "equipment_value": students / 3 // 0.01 / 100,
        "multimedia_rooms": students // 40,
        "music_rooms": 3,
        "art_rooms": 3,
        "smallest_music_room": 100,
        "smallest_art_room": 90,
    }
    return {"name": name, "kind": "初级中学", "area": "城区", **made, **given}


def _whole(numbers: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 4) if value % 1 else int(value) for key, value in numbers.items()}


ROWS = [
    primary("刚好小学", 1000),
    primary(HOSTILE, 1000, sports_area=900, **{"backbone_teachers.primary": 9}),
    primary("空格小学", 2000, indoor_sports_area=None, **{"largest_class.primary": 46}),
    primary(FORMULAS[0], 1000, equipment_value=170),
    primary(FORMULAS[1], 1000, **{"qualified_teachers.primary": None}),
    junior(FORMULAS[2], 870),
    junior(FORMULAS[3], 300, music_rooms=0, **{"qualified_teachers.junior": 12}),
    {
        **junior("贯通学校", 210, kind="九年一贯制学校"),
        "students.primary": 166,
        "classes.primary": 5,
        "largest_class.primary": 40,
        "qualified_teachers.primary": 29,
        "backbone_teachers.primary": 2,
        "arts_teachers.primary": 2,
    },
    {**junior("完全\x01中学", 390, kind="完全中学"), "students.senior": 720},
    primary("小教学点", 30, kind="教学点"),
    {  # its share of the grounds is exactly what its pupils need, which binary arithmetic misses
        **primary("刚好贯通", 506, kind="九年一贯制学校", sports_area=6055.5),
        "students.junior": 274,
        "classes.junior": 6,
        "largest_class.junior": 50,
        "qualified_teachers.junior": 20,
        "backbone_teachers.junior": 3,
        "arts_teachers.junior": 3,
    },
]


def table(unit: str = "万元") -> SchoolTable:
    return table_of(ROWS, unit=unit)


def check() -> Check:
    """Return the check of the county, with one verdict for each indicator as a whole check has them."""
    found = check_table(table(), region="青石区", year="2023")
    problem = Problem(
        "warning", "not_a_number", "学校数据", "D2", "小学学生数", HOSTILE, "约6", f"{HOSTILE}的D2要改"
    )
    return replace(found, indicators=tuple(indicators(found)), notes=("说明<b>一</b>",), problems=(problem,))


def indicators(found: Check) -> list[Verdict]:
    made: list[Verdict] = []
    for demand in standards()[found.standard].demands:
        judged = [verdict for verdict in found.county if verdict.code == demand.code]
        blank = Verdict(
            found.standard, demand.code, demand.name, "county", "county", "no_data", "", demand.clause,
            wanted=demand.wanted,
        )  # fmt: skip
        if demand.code == "2.8":
            start = TEXT.index(NEW)
            said = Sentence("r1", start, start + len(NEW), NEW, "一、经费保障")
            blank = replace(blank, facts=(fact("4200.50", "2022"),), sentences=(said,))
        made.append(judged[0] if judged else blank)
    return made


def as_csv() -> bytes:
    """Return the county's table as a file; names are what a person may type."""
    columns = {key: column for key, column in COLUMNS.items() if column.required}
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(
        f"{column.header}(万元)" if key == "equipment_value" else column.header
        for key, column in columns.items()
    )
    for row in ROWS:
        writer.writerow("" if row.get(key) is None else row[key] for key in columns)
    return target.getvalue().encode()


def stored(table: SchoolTable) -> Report:
    """Return the entry of a kept table in the list of what is stored."""
    return Report(
        id=table.id, text=table.text, title=table.title, source=table.source, region=table.region,
        year=table.year, kind="school_table",
    )  # fmt: skip
