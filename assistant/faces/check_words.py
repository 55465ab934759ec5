"""A check in the words of the people who read it: who fails, by how much, and where the number stands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from corpus.schools.columns import COLUMNS
from tools.compliance.model import Amount, Check, Dispersion, Failure, Lack, Unit, Verdict
from tools.compliance.shape import check_json, decided_by_table, summary_json
from tools.compliance.units import ASSESSED, STAGE_NAMES
from tools.compliance.wording import STATUS_WORDS, floor_words

_COMPLIANT = {True: "达标", False: "未达标", None: "无法判定"}
_MOST_LACKS = 20  # a county that lacks a whole column has every school here


def json_line(path: Path, check: Check) -> str:
    """Return a check as one line of JSON that names its file."""
    return json.dumps({"file": str(path), **check_json(check)}, ensure_ascii=False)


def summary_line(path: Path, check: Check) -> str:
    """Return a check as one line: schools by verdict, coefficients of variation, county indicators."""
    parts = [f"{path}"]
    for stage in ASSESSED:
        units = [unit for unit in check.units if unit.stage == stage]
        parts.append(f"{STAGE_NAMES[stage]}{len(units)}所：{_counts(units)}")
    cvs = [item for item in check.dispersion if item.status != "not_applicable"]
    parts.append(f"差异系数{len(cvs)}项：{_statuses([item.status for item in cvs])}")
    parts.append(f"县级指标{len(check.county)}项：{_statuses([verdict.status for verdict in check.county])}")
    if check.problems:
        parts.append(f"需核对{len(check.problems)}处")
    return "\t".join(parts)


def _counts(units: list[Unit]) -> str:
    return "、".join(
        f"{word}{sum(unit.compliant is state for unit in units)}所" for state, word in _COMPLIANT.items()
    )


def _statuses(statuses: list[str]) -> str:
    return "、".join(
        f"{word}{statuses.count(key)}项" for key, word in STATUS_WORDS.items() if key in statuses
    )


def check_lines(check: Check, title: str) -> Iterator[str]:
    """Yield a check as lines of text; ``title`` names the standard and its document."""
    summary = summary_json(check)
    place = f"{check.region or ''}{f'{check.year}年' if check.year else ''}"
    yield f"{place}对照{title}" if place else f"对照{title}"
    if check.table:
        sheet = f"工作表“{check.table.sheet}”，" if check.table.sheet else ""
        yield f"数据：{check.table.source}，{sheet}共{summary['rows']}行"
    if check.units or check.excluded:
        yield from _schools(check)
    if check.dispersion:
        yield ""
        yield f"二、校际差异系数：{_COMPLIANT[summary['dispersion_compliant']]}"
        yield from (f"  {line}" for item in check.dispersion for line in _dispersion(item))
    if decided := decided_by_table(check):
        yield ""
        yield f"三、学校数据表能判定的县级指标：{_COMPLIANT[summary['county_from_table_compliant']]}"
        yield from (f"  {line}" for verdict in decided for line in _county(verdict))
    if check.indicators:
        yield ""
        yield "四、各项指标"
        yield from (f"  {line}" for verdict in check.indicators for line in _indicator(verdict, check))
    for heading, lines in (
        ("需要核对的数据", [problem.why for problem in check.problems]),
        ("临界情况", list(check.borderline)),
        ("说明", list(check.notes)),
    ):
        if lines:
            yield ""
            yield f"{heading}："
            yield from (f"  {line}" for line in lines)


def _schools(check: Check) -> Iterator[str]:
    yield ""
    codes = "、".join(verdict.code for verdict in check.units[0].verdicts) if check.units else ""
    yield f"一、学校资源配置（{codes}）" if codes else "一、学校资源配置"
    for stage in ASSESSED:
        units = [unit for unit in check.units if unit.stage == stage]
        yield f"  {STAGE_NAMES[stage]}{len(units)}所：{_counts(units)}"
    for item in check.excluded:
        stage_words = f"的{STAGE_NAMES[item.stage]}" if item.stage else ""
        yield f"  不参加：{item.school}{stage_words}（第{item.row}行），{item.reason}"
    for state, heading in (
        (False, "未达标的学校"),
        (None, "无法判定的学校"),
        (True, "达标但有指标未达到的学校"),
    ):
        units = [unit for unit in check.units if unit.compliant is state and unit.met < unit.of]
        if not units:
            continue
        yield f"  {heading}："
        for unit in units:
            yield f"    {unit.school.name}（{STAGE_NAMES[unit.stage]}，第{unit.school.row}行）：{unit.of}项中{unit.met}项达到"
            yield from (f"      {line}" for verdict in unit.verdicts for line in _value(verdict, unit))


def _value(verdict: Verdict, unit: Unit) -> Iterator[str]:
    cells = "、".join(cell.ref for cell in verdict.cells)
    if verdict.status == "not_met":
        floor = f"，低于{floor_words(verdict.standard)}" if verdict.floor_ok is False else ""
        yield f"{verdict.code} {verdict.name} {_compared(verdict)}{floor}（{cells}）"
    elif verdict.status == "no_data":
        blank = [
            f"{COLUMNS[key].header}（{cell.ref}）"
            for key, cell in unit.school.cells.items()
            if cell in verdict.cells and cell.value is None
        ]
        yield f"{verdict.code} {verdict.name} 无法判定：" + (
            f"没有{'、'.join(blank)}" if blank else f"数据有矛盾（{cells}）"
        )


def _words(amount: Amount | None) -> str:
    if amount is None:
        return "无数据"
    shown = f"1:{amount.shown}" if amount.unit == "1:N" else f"{amount.shown}{amount.unit}"
    behind = amount.qualifier in ("以上", "以下", "以内", "及以上", "及以下")
    return f"{shown}{amount.qualifier}" if behind else f"{amount.qualifier or ''}{shown}"


def _compared(verdict: Verdict | Failure) -> str:
    gap = verdict.gap
    short = f"，差{_words(gap)}" if gap and gap.exact else ""
    return f"{_words(verdict.observed)}，要求{verdict.operator}{_words(verdict.threshold)}{short}"


def _dispersion(item: Dispersion) -> Iterator[str]:
    head = f"{STAGE_NAMES[item.stage]} {item.code} {item.name}"
    if item.status == "not_applicable":
        yield f"{head}：不适用（没有{STAGE_NAMES[item.stage]}）"
        return
    value = (
        f"{item.cv}，要求{item.operator}{item.limit}"
        if item.cv is not None
        else "算不出（没有数据或平均值为0）"
    )
    yield f"{head}：{value}，{STATUS_WORDS[item.status]}"
    if item.missing:
        yield f"  缺{_names(item.lacks)}的数据，以上只按有数据的{item.n}所计算"


def _names(lacks: tuple[Lack, ...]) -> str:
    names = list(dict.fromkeys(f"{lack.school}（第{lack.row}行）" for lack in lacks))
    more = f"等{len(names)}所" if len(names) > _MOST_LACKS else ""
    return "、".join(names[:_MOST_LACKS]) + more


def _county(verdict: Verdict) -> Iterator[str]:
    head = f"{verdict.code} {verdict.name}"
    if verdict.parts:
        yield f"{head}：{STATUS_WORDS[verdict.status]}"
        for part in verdict.parts:
            yield f"  {_rate(part)}"
    elif verdict.numerator is not None:
        yield _rate(verdict)
    elif verdict.observed:
        yield f"{head}：{STATUS_WORDS[verdict.status]}，不符合的有{_words(verdict.observed)}"
    else:
        yield f"{head}：{STATUS_WORDS[verdict.status]}"
    for failure in verdict.failures:
        cells = "、".join(cell.ref for cell in failure.cells)
        yield f"  {failure.school}（第{failure.row}行）：{_compared(failure)}（{cells}）"
    if verdict.lacks:
        yield f"  缺{_names(verdict.lacks)}的数据"


def _rate(verdict: Verdict) -> str:
    if verdict.numerator is None or verdict.denominator is None:
        return f"{verdict.code} {verdict.name}：{STATUS_WORDS[verdict.status]}"
    sums = f"{verdict.numerator}÷{verdict.denominator}"
    return f"{verdict.code} {verdict.name}：{sums}，{_compared(verdict)}，{STATUS_WORDS[verdict.status]}"


def _indicator(verdict: Verdict, check: Check) -> Iterator[str]:
    value = f"，{_compared(verdict)}" if verdict.observed and verdict.threshold else ""
    if verdict.observed and verdict.observed.unit == "所":
        value = f"，不符合的有{_words(verdict.observed)}"
    yield f"{verdict.code} {verdict.name}：{STATUS_WORDS[verdict.status]}{value}"
    for part in verdict.parts:
        if part.observed and part.threshold and part.observed.unit != "所":
            yield f"  {STAGE_NAMES.get(part.stage, '')}{_compared(part)}，{STATUS_WORDS[part.status]}"
    if verdict.remark:
        yield f"  {verdict.remark}"
    reports = {report.id: report for report in check.reports}
    spans = [(f.report_id, *f.sentence) for f in verdict.facts]
    spans += [(s.report_id, s.start, s.end) for s in verdict.sentences]
    for report_id, start, end in dict.fromkeys(spans):
        if report := reports.get(report_id):
            quote = " ".join(report.text[start:end].split())
            yield f"  原文：“{quote}”（{report.title}）"
    for calculation in verdict.calculations:
        yield f"  计算：{calculation.label}：{calculation.steps}"
    if verdict.status == "no_data" and verdict.wanted:
        yield f"  需要：{'、'.join(verdict.wanted)}"
