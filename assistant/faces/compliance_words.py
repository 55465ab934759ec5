"""What a check is called in Chinese: the words and marks that the page, the workbook and the report share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from corpus.model import Report
from corpus.rules import Standard, sources, standards
from tools.compliance.display import plain
from tools.compliance.model import Amount, Check, Dispersion, Unit, Verdict

MARKS = {"met": "✓", "not_met": "✗", "no_data": "?", "not_applicable": "—"}
STATUS = {"met": "达标", "not_met": "未达标", "no_data": "无法判定", "not_applicable": "不适用"}
STAGES = {"primary": "小学", "junior": "初中", "senior": "高中", "county": "全县"}
RULINGS = {True: "达标", False: "未达标", None: "无法判定"}
RULING_STATUS = {True: "met", False: "not_met", None: "no_data"}
OWN_RULES = (
    "指标值用未舍入的精确值与要求比较，恰好等于要求的为达标；差异系数按3位小数与限值比较。",
    "空白和不能读成数的格是没有数据，不当作0；没有数据的指标不判为达标，也不判为未达标。",
    "认定工作规程中有期限的放宽条款不套用。",
)
"""What the system itself decides where the standards leave it open; docs/compliance.md gives the reasons."""
NAMED = 12
"""Schools named in a line; the rest is counted."""
GONE = "报告已移除或更新，这里只有当时读到的"
UNCONFIRMED = "未核实"
"""Stands wherever a rule is shown that no source at hand bears out."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many units of a stage comply, do not, or cannot be judged."""

    stage: str
    units: int
    met: int
    not_met: int
    open: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a report, the spans of its figures in it, and where it stands."""

    text: str
    marks: tuple[tuple[int, int], ...]
    place: str


def quotes(verdict: Verdict, reports: Mapping[str, Report]) -> tuple[Quote, ...]:
    """Return what reports say about an indicator, verbatim, each sentence once.

    Of a report that is gone there is only what was read of it.
    """
    marks: dict[tuple[str, int, int], set[tuple[int, int]]] = {}
    sections: dict[tuple[str, int, int], str] = {}
    gone: list[Quote] = []
    for one in (verdict, *verdict.parts):
        for fact in one.facts:
            if fact.report_id not in reports:
                gone.append(Quote(fact.as_printed, ((0, len(fact.as_printed)),), GONE))
                continue
            key = (fact.report_id, *fact.sentence)
            sections.setdefault(key, fact.section)
            marks.setdefault(key, set()).add((fact.start - key[1], fact.end - key[1]))
        for sentence in one.sentences:
            if sentence.report_id not in reports:
                gone.append(Quote(sentence.text, (), GONE))
                continue
            key = (sentence.report_id, sentence.start, sentence.end)
            sections.setdefault(key, sentence.section)
            marks.setdefault(key, set())
    found = [
        Quote(
            reports[key[0]].text[key[1] : key[2]],
            tuple(sorted(spans)),
            _place(reports[key[0]], sections[key]),
        )
        for key, spans in marks.items()
    ]
    return (*found, *dict.fromkeys(gone))


def _place(report: Report, section: str) -> str:
    return " · ".join(filter(None, (report.title, section)))


def stage_words(verdict: Verdict) -> str:
    """Return "（小学）" for a verdict on one stage, "" for one on the county."""
    return "" if verdict.stage == "county" else f"（{STAGES.get(verdict.stage, verdict.stage)}）"


def part_lines(verdict: Verdict) -> tuple[str, ...]:
    """Say each demand of an indicator that makes several, with its value and verdict."""
    return tuple(
        f"{part.name}{stage_words(part)}：{value_words(part) or '—'}，要求{demand_words(part) or '—'}，{STATUS[part.status]}"
        for part in verdict.parts
    )


def standard_of(check: Check) -> Standard | None:
    return standards().get(check.standard)


def standard_name(check: Check) -> str:
    """Return the name and number of the standard, as a heading has them."""
    standard = standard_of(check)
    if standard is None:
        return check.standard
    return f"{standard.name}（{standard.document}）" if standard.document else standard.name


def amount_words(amount: Amount | None) -> str:
    if amount is None:
        return ""
    return f"1:{amount.shown}" if amount.unit == "1:N" else f"{amount.shown}{amount.unit}"


def source_words(ids: Iterable[str]) -> str:
    """Name what bears a rule out."""
    known = sources()
    return "；".join(known[one].title if one in known else one for one in ids)


def counts_schools(verdict: Verdict) -> bool:
    """Tell whether what is observed is how many schools fail, of which there may be none."""
    bound = verdict.threshold
    return bound is not None and verdict.operator == "=" and bound.unit == "所" and not bound.exact


def value_words(verdict: Verdict) -> str:
    """Return what was found: "4.35人", or "2所未达到" where schools are counted; "" where nothing was."""
    said = amount_words(verdict.observed)
    return f"{said}未达到" if said and counts_schools(verdict) else said


def demand_words(verdict: Verdict) -> str:
    """Return what is demanded: "≥4.2人"; "" where the demand is no number."""
    if verdict.threshold is None:
        return ""
    return "各校都达到" if counts_schools(verdict) else f"{verdict.operator}{amount_words(verdict.threshold)}"


def gap_words(verdict: Verdict) -> str:
    """Return how far a failing value is from the demand: "差0.23人", or "超2人" where it is above."""
    gap, found, bound = verdict.gap, verdict.observed, verdict.threshold
    if verdict.status != "not_met" or gap is None or not gap.exact or counts_schools(verdict):
        return ""
    above = found is not None and bound is not None and found.exact > bound.exact
    return f"{'超' if above else '差'}{amount_words(gap)}"


def table_words(check: Check) -> str:
    """Name the school table of a check, without the folder that it lay in."""
    if check.table is None:
        return "没有"
    name = PurePath(check.table.source).name
    return f"{name}（{check.table.sheet}）" if check.table.sheet else name


def rule_lines(check: Check) -> tuple[str, ...]:
    """Say by which rules the standard was applied, one sentence a line; none is said that the standard lacks."""
    standard = standard_of(check)
    if standard is None or not check.units:
        return ()
    rules = [standard.passing, standard.split, *standard.exclusions, *standard.rounding]
    lines = [rule.text for rule in rules if rule is not None]
    if standard.dispersion:
        lines += [standard.dispersion.text, standard.dispersion.formula]
    return (*lines, *OWN_RULES)


def floor_words(check: Check, verdict: Verdict) -> str:
    """Say that a value is below the share of the demand which every indicator must reach, "" if it is not."""
    standard = standard_of(check)
    if verdict.floor_ok is not False or standard is None or standard.passing is None:
        return ""
    return f"不到要求的{plain(standard.passing.floor * 100)}%"


def short_names(check: Check) -> dict[str, str]:
    """Return the short name of each indicator of the standard, by code."""
    standard = standard_of(check)
    return {demand.code: demand.short_name for demand in standard.demands} if standard else {}


def short_name(check: Check, code: str, name: str) -> str:
    """Return the short name of an indicator, ``name`` where the standard has none."""
    return short_names(check).get(code, name)


def tallies(check: Check) -> tuple[Tally, ...]:
    """Count the units of each stage that there are, primary first."""
    counted = []
    for stage in ("primary", "junior"):
        rulings = Counter(unit.compliant for unit in check.units if unit.stage == stage)
        if rulings:
            counted.append(Tally(stage, rulings.total(), rulings[True], rulings[False], rulings[None]))
    return tuple(counted)


def failing_first(units: Iterable[Unit]) -> list[Unit]:
    """Order units for a reader: failing, then undetermined, then compliant; most failures first."""
    rank = {False: 0, None: 1, True: 2}
    return sorted(
        units,
        key=lambda unit: (rank[unit.compliant], -sum(one.status == "not_met" for one in unit.verdicts)),
    )


def summary_lines(check: Check) -> tuple[str, ...]:
    """Say what the check found, one sentence a line: schools, dispersion, indicators."""
    lines = []
    for tally in tallies(check):
        parts = [f"{tally.met}所达标", f"{tally.not_met}所未达标"]
        parts += [f"{tally.open}所缺数据无法判定"] if tally.open else []
        lines.append(f"{STAGES[tally.stage]}：参评{tally.units}所，{'，'.join(parts)}。")
    if check.dispersion:
        lines.append(_dispersion_line(check.dispersion, short_names(check)))
    if check.indicators:
        counts = Counter(verdict.status for verdict in check.indicators)
        said = [f"达标{counts['met']}项", f"未达标{counts['not_met']}项", f"无法判定{counts['no_data']}项"]
        said += [f"不适用{counts['not_applicable']}项"] if counts["not_applicable"] else []
        lines.append(f"全部指标{len(check.indicators)}项：{'，'.join(said)}。")
    return tuple(lines)


def _dispersion_line(found: Sequence[Dispersion], names: Mapping[str, str]) -> str:
    counts = Counter(one.status for one in found if one.status != "not_applicable")
    over = "、".join(
        f"{STAGES[one.stage]} {one.code} {names.get(one.code, one.name)} {one.cv}"
        for one in found
        if one.status == "not_met"
    )
    line = f"校际差异系数{counts.total()}项：{counts['met']}项未超过限值，{counts['not_met']}项超过"
    line += f"（{over}）" if over else ""
    line += f"，{counts['no_data']}项缺数据无法判定" if counts["no_data"] else ""
    return line + "。"


def unconfirmed(check: Check, code: str) -> bool:
    """Tell whether an indicator, or a limit of it, rests on no source at hand."""
    standard = standard_of(check)
    return standard is not None and any(
        demand.code == code and "unconfirmed" in (demand.status, *(limit.status for limit in demand.limits))
        for demand in standard.demands
    )


def unconfirmed_lines(check: Check) -> tuple[str, ...]:
    """Name what of the standard rests on no source at hand, one line each."""
    standard = standard_of(check)
    if standard is None:
        return ()
    lines = []
    if standard.status == "unconfirmed":
        lines.append(f"{standard.name}：文件原文{UNCONFIRMED}")
    if standard.dates == "unconfirmed":
        lines.append(f"{standard.name}：施行和失效日期{UNCONFIRMED}")
    for demand in standard.demands:
        limits = [limit for limit in demand.limits if limit.status == "unconfirmed"]
        if demand.status == "unconfirmed":
            lines.append(f"{demand.code} {demand.name}：{UNCONFIRMED}")
        elif limits:
            lines.append(f"{demand.code} {demand.name}：部分限值{UNCONFIRMED}")
    if standard.dispersion and "unconfirmed" in (
        standard.dispersion.status,
        standard.dispersion.formula_status,
    ):
        lines.append(f"差异系数的限值或公式：{UNCONFIRMED}（{standard.dispersion.formula}）")
    said = (*standard.preconditions, *standard.vetoes, *standard.exclusions, *standard.rounding)
    lines += [f"{one.text}：{UNCONFIRMED}" for one in said if one.status == "unconfirmed"]
    return tuple(lines)


def names(schools: Sequence[str]) -> str:
    """Name schools in a line, the first few and how many more."""
    shown = "、".join(schools[:NAMED])
    return shown if len(schools) <= NAMED else f"{shown}等{len(schools)}所"
