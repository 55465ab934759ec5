"""One school table against one standard: units, verdicts, dispersion and county indicators."""

from __future__ import annotations

import datetime as dt

from corpus.errors import JunhengError
from corpus.rules import Standard, standards
from corpus.schools.model import SchoolTable
from tools.compliance.county import judge_county
from tools.compliance.dispersion import disperse_all
from tools.compliance.edges import edges
from tools.compliance.indicators import RECIPES, judge_unit
from tools.compliance.model import Check
from tools.compliance.units import assessed

DEFAULT_STANDARD = "youzhi_junheng"


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
        problems=table.problems,
        notes=_notes(standard, year),
    )


def _notes(standard: Standard, year: str | None) -> tuple[str, ...]:
    """Say what a reader must know of the standard in that year: nothing of it changes a number."""
    notes = []
    rule = standard.dispersion
    if rule is not None and rule.formula_status != "confirmed":
        notes.append(
            f"差异系数的公式（{rule.formula}）：没有找到《{standard.name}》采用它的原文，标为未核实。"
        )
    if year is None or not year.isdecimal() or not 1 <= int(year) <= 9999:
        return tuple(notes)
    first, last = dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)
    if standard.since is not None and last < standard.since:
        notes.append(
            f"《{standard.name}》自{standard.since}起施行{_doubt(standard.dates)}，{year}年尚未施行，以上只供对照。"
        )
    if standard.until is not None and standard.until < first:
        notes.append(
            f"《{standard.name}》到{standard.until}为止有效{_doubt(standard.dates)}，{year}年已经失效，以上只供对照。"
        )
    for demand in standard.demands:
        notes += [
            f"指标{demand.code}在{year}年可能适用放宽规定{_doubt(loose.dates)}：{loose.text}。本检查没有采用放宽。"
            for loose in demand.relaxations
            if (loose.since or first) <= last and first <= (loose.until or last)
        ]
    return tuple(notes)


def _doubt(confirmation: str) -> str:
    return "" if confirmation == "confirmed" else "（日期未核实）"
