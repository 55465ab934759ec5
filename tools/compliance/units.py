"""Who is assessed: rows and stages of a school table, and each stage's share of a row's facilities.

One row × one stage is one unit. A row is never added to another: a campus with a row of its own counts by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from corpus.rules import SplitRule
from corpus.schools.model import Cell, School, SchoolKind, SchoolTable, Stage
from tools.compliance.model import Excluded

AssessedStage = Literal["primary", "junior"]
ASSESSED: tuple[AssessedStage, ...] = ("primary", "junior")
STAGES: tuple[Stage, ...] = ("primary", "junior", "senior")
STAGE_NAMES: Mapping[str, str] = {"primary": "小学", "junior": "初中", "senior": "高中"}
STAGES_OF: Mapping[SchoolKind, tuple[Stage, ...]] = {
    "小学": ("primary",),
    "教学点": ("primary",),
    "初级中学": ("junior",),
    "九年一贯制学校": ("primary", "junior"),
    "十二年一贯制学校": ("primary", "junior", "senior"),
    "完全中学": ("junior", "senior"),
    "特殊教育学校": (),
}
SPECIAL: SchoolKind = "特殊教育学校"
TEACHING_POINT: SchoolKind = "教学点"
SMALL_TEACHING_POINT = 50
"""A teaching point with fewer students takes no part; with exactly this many it does (河北 具体办法, form Ⅱ-2)."""


@dataclass(frozen=True, slots=True)
class Bodies:
    """A row and its students by stage: None where their number is unknown, no entry where there are none."""

    school: School
    students: Mapping[Stage, Fraction | None]

    @property
    def assessed(self) -> tuple[AssessedStage, ...]:
        return tuple(stage for stage in ASSESSED if stage in self.students)

    def share(self, stage: Stage, split: SplitRule) -> Fraction | None:
        """Return the part of the row's facilities that is the stage's; None where a number of students is unknown."""
        weights = {"primary": split.primary, "junior": split.junior, "senior": split.senior}
        parts: dict[Stage, Fraction] = {}
        for each, number in self.students.items():
            if number is None:
                return None
            parts[each] = number * Fraction(weights[each])
        return parts[stage] / sum(parts.values())

    def student_cells(self) -> tuple[Cell, ...]:
        """Return the cells of the stages among which the facilities are split, in the order of the stages."""
        cells = (self.school.cells.get(f"students.{stage}") for stage in STAGES if stage in self.students)
        return tuple(cell for cell in cells if cell is not None)


def bodies_of(school: School) -> Bodies:
    """Return the stages of a row that have students, or may have some.

    Blank counts as none only for a stage that the type of school does not have; an unreadable cell never does.
    """
    own = STAGES_OF[school.kind] if school.kind else ()
    students: dict[Stage, Fraction | None] = {}
    for stage in STAGES:
        cell = school.cells.get(f"students.{stage}")
        value = None if cell is None else cell.value
        if value is None:
            if stage in own or (cell is not None and not is_blank(cell)):
                students[stage] = None
        elif value > 0:
            students[stage] = Fraction(value)
    return Bodies(school, students)


def is_blank(cell: Cell) -> bool:
    """Tell whether nothing stands in a cell, or only a dash or a stroke; a blank has no place in the table's text."""
    return cell.value is None and (cell.start < 0 or not cell.printed.strip(" \u00a0\u3000-—–−/\\"))


def assessed(table: SchoolTable) -> tuple[tuple[Bodies, ...], tuple[Excluded, ...]]:
    """Return the rows that are assessed, in table order, and every row and stage that is not, with the reason."""
    rows: list[Bodies] = []
    left_out: list[Excluded] = []
    for school in table.schools:
        bodies = bodies_of(school)
        reason = _reason(bodies)
        if reason:
            left_out.append(Excluded(school.name, school.row, None, reason))
            continue
        rows.append(bodies)
        own = STAGES_OF[school.kind] if school.kind else ()
        left_out.extend(
            Excluded(school.name, school.row, stage, f"{STAGE_NAMES[stage]}学生数为0")
            for stage in ASSESSED
            if stage in own and stage not in bodies.students
        )
    return tuple(rows), tuple(left_out)


def _reason(bodies: Bodies) -> str:
    """Return why a whole row is not assessed, "" if it is."""
    school = bodies.school
    if school.kind is None:
        return "办学类型空白或无法识别"
    if school.kind == SPECIAL:
        return "特殊教育学校"
    if school.kind == TEACHING_POINT:
        numbers = [bodies.students.get(stage, Fraction(0)) for stage in ASSESSED]
        known = [number for number in numbers if number is not None]
        if len(known) == len(numbers) and sum(known) < SMALL_TEACHING_POINT:
            return f"不足{SMALL_TEACHING_POINT}人的教学点"
    return ""
