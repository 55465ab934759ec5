"""One school table against one standard: units, verdicts, dispersion and county indicators."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.errors import JunhengError
from corpus.rules import Standard, standards
from corpus.schools.model import Problem, SchoolTable
from tools.compliance.county import judge_county
from tools.compliance.dispersion import disperse_all
from tools.compliance.edges import edges
from tools.compliance.indicators import RECIPES, judge_unit
from tools.compliance.model import Check
from tools.compliance.units import assessed

DEFAULT_STANDARD = "youzhi_junheng"
_PARTS = (
    (
        "indoor_sports_area",
        "室内体育用房面积",
        "teaching_area",
        "教学及辅助用房面积",
        "生均教学及辅助用房面积",
    ),
    ("certified_teachers", "持证教师数", "teachers", "专任教师数", "专任教师持证上岗率"),
)


class CheckError(JunhengError):
    """A check cannot be made as asked: no such standard, or one that a school table does not decide."""


def standard_for_tables(standard_id: str) -> Standard:
    """Return a standard whose rules for schools a table decides; CheckError otherwise."""
    known = standards()
    standard = known.get(standard_id)
    if standard is None:
        raise CheckError(f"没有编号为“{standard_id}”的标准，可用的有：{'、'.join(known)}。")
    if standard.passing is None or standard.split is None or not set(standard.passing.codes) <= set(RECIPES):
        raise CheckError(
            f"标准“{standard_id}”（{standard.name}）的指标不能由学校数据表判定，请改用 --standard {DEFAULT_STANDARD}。"
        )
    return standard


def check_table(
    table: SchoolTable,
    *,
    standard_id: str = DEFAULT_STANDARD,
    region: str | None = None,
    year: str | None = None,
) -> Check:
    """Check ``table``; ``region`` and ``year`` are what a person says of it and change nothing in the numbers.

    Raises CheckError for a standard that does not exist or that a table cannot decide.
    """
    standard = standard_for_tables(standard_id)
    rows, excluded = assessed(table)
    units = tuple(judge_unit(bodies, stage, standard) for bodies in rows for stage in bodies.assessed)
    dispersion = disperse_all(units, standard)
    near = edges(units, dispersion, standard)
    return Check(
        standard=standard.id,
        region=region,
        year=year,
        table=table,
        units=units,
        dispersion=dispersion,
        county=judge_county(rows, table.schools, standard),
        excluded=excluded,
        borderline=tuple(edge.why for edge in near),
        edges=near,
        problems=(*table.problems, *_parts_above_wholes(table)),
    )


def _parts_above_wholes(table: SchoolTable) -> Iterator[Problem]:
    """Yield a problem for every part that is larger than its whole, unless reading the table has named it."""
    named = {problem.cell for problem in table.problems if problem.kind == "part_exceeds_whole"}
    for school in table.schools:
        for part, part_name, whole, whole_name, what in _PARTS:
            inner, outer = school.cells.get(part), school.cells.get(whole)
            if inner is None or outer is None or inner.value is None or outer.value is None:
                continue
            if inner.value <= outer.value or inner.ref in named or outer.ref in named:
                continue
            yield Problem(
                severity="warning",
                kind="part_exceeds_whole",
                sheet=table.sheet or None,
                cell=inner.ref,
                column=part_name,
                school=school.name,
                value=inner.printed,
                why=f"工作表“{table.sheet}”单元格{inner.ref}：{school.name}的{part_name}{inner.printed}"
                f"大于{whole_name}{outer.printed}（{outer.ref}），{what}按无数据处理，请核对这两格。",
            )
