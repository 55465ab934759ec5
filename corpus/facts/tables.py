"""Tables written as lines of cells ("类别 | 学校数 | …"): each number is a fact of its row and column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts import labels
from corpus.facts.labels import stage_in
from corpus.facts.times import Clock
from corpus.model import Fact, Quantity, Report, Role
from corpus.units import canonical, dimension

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"^[\s|:\-—]+$")
_UNIT = re.compile(r"[(\[]([^()\[\]]{1,8})[)\]]")
_DATE = re.compile(
    r"[^\w]*(?:(?:发布|公布|印发|发文|成文)?(?:时间|日期)|来源|更新时间)?[^\w]*20\d\d\s*[年./-]\s*\d{1,2}[\s\d月日:./-]*"
    r"(?:[^\w]*来源.*)?[^\w]*$"
)
"""A line that tells only when the report was published: no title of a table."""
_STATED_UNIT = re.compile(r"(?:计量)?单位 ?[:为] ?([^\s,;。、()|]{1,8})")
_YEAR = re.compile(
    r"^(?:(?P<year>(?:19|20)\d\d)(?:[-—~](?P<to>(?:19|20)\d\d))?(?:学年度?|年度?)?|(?P<last>上年|上一年|去年)|(?P<this>本年|当年|今年)) *(?P<rest>.*)$"
)
_MOVE = re.compile(
    r"^(?:(?:比|较)?(?:上年|上一年|去年|20\d\d年)(?:同期)?|同比)?(?:(?P<rate>增长率|增减幅度?|增幅|增长|增减率|增速|升降幅度|增长比例|变动率)"
    r"|(?P<change>增加额?|增加数|增减额?|增减数|增减|差额))[%\d]{0,1}(?:\((?P<unit>[^()]{1,6})\))?$"
)
_COUNTED = {
    "所": r"学校数|园数|校数|幼儿园数|幼儿园|学校",
    "个": r"班数|班级数|教学点数|班级|教学班",
    "人": r"学生数|幼儿数|教师数|教职工数|人数|生数|学生|幼儿|教师|教职工",
    "间": r"教室数|间数",
}
"""A column named after what it counts has that classifier when the head gives no unit."""
_KIND = re.compile(r"标准|要求|目标|规定")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds for all cells of one table."""

    title: str
    unit: str
    period: str | None
    section: str
    head: tuple[str, ...]


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


def table_facts(
    report: Report, folded: str, span: tuple[int, int], quantities: tuple[Quantity, ...], clock: Clock
) -> list[Fact]:
    """Return a fact for each cell that is wholly a number; cells such as (合并) or / are no facts.

    ``quantities`` are those within ``span``. The unit is said in the cell, in its column's or row's head, or
    once for all ("单位:万元") beside the table.
    """
    lines = [m for m in _LINE.finditer(folded, *span) if not _RULE.match(m.group())]
    rows = [cells_of(folded, m.start(), m.end()) for m in lines]
    by_start = {q.start: q for q in quantities}
    section = report.section_at(span[0])
    above = _above(folded, span[0])
    title = next(
        (line for line in reversed(above) if not _STATED_UNIT.search(line) and not _DATE.match(line)),
        above[-1] if above else "",
    )
    stated = _STATED_UNIT.search(" ".join(above)) or _STATED_UNIT.search(folded[span[0] : rows[0][-1][1]])
    frame = _Frame(
        title,
        (canonical(stated[1]) or "") if stated else "",
        _title_year(title, report),
        " > ".join(section.path) if section else "",
        tuple(folded[a:b].strip() for a, b in rows[0]),
    )
    facts: list[Fact] = []
    for row in rows[1:]:
        facts.extend(_row_facts(report, folded, row, frame, by_start, clock))
    return facts


def _row_facts(
    report: Report,
    folded: str,
    row: list[tuple[int, int]],
    frame: _Frame,
    found: dict[int, Quantity],
    clock: Clock,
) -> list[Fact]:
    name = folded[row[0][0] : row[0][1]].strip()
    facts: list[Fact] = []
    levels: list[Fact] = []
    for (a, b), column in zip(row[1:], frame.head[1:], strict=False):
        inner = a + len(folded[a:b]) - len(folded[a:b].lstrip())
        quantity = found.get(inner)
        if quantity is None or folded[a:b].strip() != folded[quantity.start : quantity.end].strip():
            continue
        move = _MOVE.match(column)
        year = _YEAR.match(column)
        role: Role = "level"
        direction = None
        what = _UNIT.sub("", column).strip()
        period = frame.period
        if move and levels:
            role = "rate" if move["rate"] else "change"
            direction = "down" if quantity.value < 0 else "up"
            what = ""
        elif year:
            what = _UNIT.sub("", year["rest"]).strip()
            period = _column_year(year, frame.period)
        about = _about(levels) if role != "level" else None
        unit = quantity.unit or _unit_of(column, name, frame.unit, role)
        if role == "change" and about and not quantity.unit:
            unit = unit if dimension(unit) == "percent_point" else about.unit
        if role == "rate" and not quantity.unit:
            unit = "%"
        metric, metric_id = _metric(name, what, unit, about, frame)
        staged = stage_in(name) or stage_in(column)
        fact = Fact(
            id=f"{report.id}-{quantity.start}",
            report_id=report.id,
            region=report.region,
            subject=name,
            metric=metric,
            metric_id=metric_id,
            stage=staged[0] if staged else None,
            value=quantity.value,
            unit=unit,
            as_printed=quantity.as_printed,
            period=about.period if about else period,
            qualifier=quantity.qualifier,
            kind="policy" if _KIND.search(column) else "actual",
            role=role,
            label=f"{name} {column}".strip(),
            context=frame.title[:120],
            section=frame.section,
            start=quantity.start,
            end=quantity.end,
            clause=(a, b),
            sentence=(row[0][0], row[-1][1]),
            direction=direction,
            of=about.id if about else None,
        )
        facts.append(fact)
        if role == "level":
            levels.append(fact)
    return facts


def _about(levels: list[Fact]) -> Fact | None:
    """Return the level that a column of changes is about: the latest year of what stands last before it."""
    if not levels:
        return None
    last = levels[-1]
    alike = [f for f in levels if f.metric == last.metric and dimension(f.unit) == dimension(last.unit)]
    return max(alike, key=lambda f: (f.period or "", f.start))


def _metric(name: str, what: str, unit: str, level: Fact | None, frame: _Frame) -> tuple[str, str | None]:
    """Return (metric, id): of the level a change is about, else what column, row or title name."""
    if level is not None:
        return level.metric, level.metric_id
    plain = _UNIT.sub("", name).strip()
    for words in (what, plain, f"{plain}{what}", frame.title):
        metric_id = labels.metric_in(words, unit) or (labels.metric_in(words, "1:N") if not unit else None)
        if words and metric_id:
            if words != frame.title or stage_in(plain):
                return (what or plain) if words != frame.title else labels.catalogue_name(
                    metric_id
                ), metric_id
    return what or plain, None


def cells_of(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the cells of a line; the strokes that frame it open no cell."""
    line = folded[start:end]
    start += len(line) - len(line.lstrip(" |")) if line.lstrip().startswith("|") else 0
    end -= len(line) - len(line.rstrip(" |")) if line.rstrip().endswith("|") else 0
    cells, at = [], start
    for i in range(start, end + 1):
        if i == end or folded[i] == "|":
            cells.append((at, i))
            at = i + 1
    return cells


def _above(folded: str, start: int) -> list[str]:
    """The last lines with words before the table, at most three and not far above."""
    lines = [line.strip() for line in folded[max(0, start - 240) : start].split("\n")]
    return [line for line in lines if line][-3:]


def _column_year(year: re.Match[str], period: str | None) -> str | None:
    if year["year"]:
        return f"{year['year']}/{year['to']}" if year["to"] else year["year"]
    if period is None or not period[:4].isdigit():
        return period
    return str(int(period[:4]) - 1) if year["last"] else period


def _title_year(title: str, report: Report) -> str | None:
    match = re.search(r"(20\d\d)(?:[-—~](20\d\d))?", title)
    if match:
        return f"{match[1]}/{match[2]}" if match[2] else match[1]
    return str(report.year) if report.year else None


def _unit_of(column: str, name: str, stated: str, role: Role) -> str:
    for words in (column, name):
        if (match := _UNIT.search(words)) and (unit := canonical(match[1])):
            return unit
    counted = next(
        (u for u, pattern in _COUNTED.items() if re.search(rf"(?:{pattern})$", _UNIT.sub("", column))), ""
    )
    if counted and (not stated or dimension(stated) in ("money", "percent")):
        return counted
    return stated
