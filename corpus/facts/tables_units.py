"""The unit of a number in a table: said in its head, in a column of units, once for all, or by what is counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.catalogue import indicators, indicators_in
from corpus.facts.tables_heads import units_in
from corpus.units import dimension

_STATED = re.compile(r"(?:计量|金额|货币)?单位 ?[:为] ?([^;。()|:]{1,40}?)(?=$|[;。()|]| {2}|\n)")
_BRACKETED = re.compile(r"\(([^()]{1,24})\)\s*$")
_COUNTED = (
    ("所", re.compile(r"(?:学校|校|园|幼儿园|小学|初中|中学|高中)数$|(?:幼儿园|学校)$"), ("所", "个")),
    ("个", re.compile(r"(?:班级?|教学班|教学点)数$|(?:班级|教学班)$"), ("个", "class")),
    (
        "人",
        re.compile(
            r"(?:学生|幼儿|教师|职工|员工|人|生)(?:总?人?数|总数)$|(?:学生|幼儿|儿童|教师|教职工|人员|在校生|毕业生)$|人数$"
        ),
        ("person", "person_time"),
    ),
    ("间", re.compile(r"(?:教室|室)间?数$|间数$"), ("间",)),
)
"""A head named after what it counts has that classifier when no unit is given: (unit, heads, what may be stated)."""
_NATURAL = (
    (re.compile(r"率(?:为|是)?$|占比|比例$|比重$|百分比$"), ("percent", "permille")),
    (re.compile(r"生师比|师生比|师幼比|幼师比|与.{1,8}比$|之比$"), ("ratio", "none")),
    (re.compile(r"生均.{0,12}面积$"), ("area", "area/生", "area/人")),
    (re.compile(r"面积$"), ("area",)),
    (
        re.compile(r"生均.{0,20}(?:经费|支出|事业费|值|投入|定额|标准)$"),
        ("money", "money/生", "money/人", "money/生·年", "money/年"),
    ),
    (
        re.compile(
            r"(?:经费|支出|收入|投入|拨款|资金|金额|工资|事业费|教育费附加|资产|产值|总值|生产总值|值|费)$"
        ),
        ("money",),
    ),
    (re.compile(r"图书(?:册数|藏量|总?数)?$|册数$"), ("册", "册/生")),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """The units that a table gives once; ``shares`` if it has columns or rows of percentages that use up a "%"."""

    units: tuple[str, ...] = ()
    shares: bool = False

    def fitting(self, words: str) -> str | None:
        """Return the stated unit of a level that ``words`` name, "" where that is not sure, None where none fits."""
        natural = natural_dimensions(words)
        if natural is not None:
            fits = [unit for unit in self.units if dimension(unit) in natural]
            return fits[0] if len(fits) == 1 else ("" if fits else None)
        if len(self.units) == 1:
            return self.units[0]
        plain = (
            [unit for unit in self.units if unit not in ("%", "‰", "百分点")]
            if self.shares
            else list(self.units)
        )
        return plain[0] if len(plain) == 1 else ""


def stated_in(lines: Sequence[str]) -> tuple[str, ...]:
    """Return the units that the lines about a table give once: "单位:万元、%", or "(万元)" at the end of its title."""
    for line in reversed(lines):
        if match := _STATED.search(line):
            if found := units_in(match[1].strip()):
                return found
            first = re.split(r"\s", match[1].strip())[0]
            if found := units_in(first):
                return found
    for line in reversed(lines):
        if (match := _BRACKETED.search(line)) and (found := units_in(match[1])):
            return found
    return ()


def tells_unit(line: str) -> bool:
    """Tell whether a line is one that gives the unit of a table."""
    return bool(_STATED.search(line))


def natural_dimensions(words: str) -> tuple[str, ...] | None:
    """Return the dimensions that a metric of this name can have; None where the name does not say."""
    named = indicators_in(words)
    if named and named[-1].end == len(words):
        unit = indicators()[named[-1].id].unit
        own = dimension(unit)
        if own == "ratio":
            return ("ratio", "none")
        counted = next((dims for one, _, dims in _COUNTED if dimension(one) == own), ())
        each = [f"{own}/{of}" for of in ("生", "人", "生·年")] if re.search(r"[生人]均", words) else []
        return tuple(dict.fromkeys((own, *counted, *each)))
    for pattern, dims in _NATURAL:
        if pattern.search(words):
            return dims
    for _, pattern, dims in _COUNTED:
        if pattern.search(words):
            return dims
    return None


def counted_unit(words: str, value: Decimal) -> str:
    """Return the classifier of a count (学校数: 所) that is whole, "" for anything else."""
    if value != value.to_integral_value():
        return ""
    return next((unit for unit, pattern, _ in _COUNTED if pattern.search(words)), "")
