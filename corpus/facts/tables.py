"""Tables written as lines of cells ("类别 | 学校数 | …"): each number is a fact of its row and column."""

from __future__ import annotations

import re

from corpus.facts.labels import stage_in
from corpus.facts.times import Clock
from corpus.model import Fact, Quantity, Report
from corpus.units import canonical

_LINE = re.compile(r"[^\n]+")
_UNIT = re.compile(r"\(([^()]{1,8})\)")
_COUNTED = {
    "所": r"学校数|园数|校数|幼儿园数",
    "个": r"班数|班级数|教学点数",
    "人": r"学生数|幼儿数|教师数|教职工数|人数|生数",
    "间": r"教室数|间数",
}
"""A column named after what it counts has that classifier when the head gives no unit."""


def table_lines(folded: str) -> list[tuple[int, int]]:
    """Return spans of tables: at least two consecutive lines with three or more ``|`` cells."""
    found: list[tuple[int, int]] = []
    for match in _LINE.finditer(folded):
        if match.group().count("|") < 2:
            continue
        if found and not folded[found[-1][1] : match.start()].strip():
            found[-1] = (found[-1][0], match.end())
        else:
            found.append((match.start(), match.end()))
    return [(a, b) for a, b in found if "\n" in folded[a:b]]


def _cells(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    cells, at = [], start
    for i in range(start, end + 1):
        if i == end or folded[i] == "|":
            cells.append((at, i))
            at = i + 1
    return cells


def table_facts(
    report: Report, folded: str, span: tuple[int, int], quantities: tuple[Quantity, ...], clock: Clock
) -> list[Fact]:
    """Return a fact for each cell that is wholly a number; cells such as (合并) or / are no facts."""
    rows = [_cells(folded, match.start(), match.end()) for match in _LINE.finditer(folded, span[0], span[1])]
    head = [folded[a:b].strip() for a, b in rows[0]]
    title = folded[folded.rfind("\n", 0, max(span[0] - 1, 0)) + 1 : span[0]].strip()
    section = report.section_at(span[0])
    facts: list[Fact] = []
    for row in rows[1:]:
        name = folded[row[0][0] : row[0][1]].strip()
        for (a, b), column in zip(row[1:], head[1:], strict=False):
            inside = [q for q in quantities if a <= q.start and q.end <= b]
            if len(inside) != 1 or folded[a:b].strip() != folded[inside[0].start : inside[0].end].strip():
                continue
            quantity = inside[0]
            staged = stage_in(name)
            clock.enter(row[0][0], row[-1][1], section.path if section else ())
            facts.append(
                Fact(
                    id=f"{report.id}-{quantity.start}",
                    report_id=report.id,
                    region=report.region,
                    subject=name,
                    metric=_UNIT.sub("", column),
                    metric_id=None,
                    stage=staged[0] if staged else None,
                    value=quantity.value,
                    unit=quantity.unit or _unit_of(column),
                    as_printed=quantity.as_printed,
                    period=_title_year(title, report),
                    qualifier=quantity.qualifier,
                    kind="actual",
                    role="level",
                    label=f"{name} {column}",
                    context=title,
                    section=" > ".join(section.path) if section else "",
                    start=quantity.start,
                    end=quantity.end,
                    clause=(a, b),
                    sentence=(row[0][0], row[-1][1]),
                )
            )
    return facts


def _title_year(title: str, report: Report) -> str | None:
    match = re.search(r"(20\d\d)(?:[-—~](20\d\d))?", title)
    if match:
        return f"{match[1]}/{match[2]}" if match[2] else match[1]
    return str(report.year) if report.year else None


def _unit_of(column: str) -> str:
    if match := _UNIT.search(column):
        if unit := canonical(match[1]):
            return unit
    return next(
        (unit for unit, pattern in _COUNTED.items() if re.search(rf"(?:{pattern})$", _UNIT.sub("", column))),
        "",
    )
