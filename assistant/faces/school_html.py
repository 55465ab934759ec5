"""HTML of one school: its indicators with their calculation and cells, county demands it breaks, what to add."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.faces import compliance_words as words
from assistant.faces.board_html import mark
from assistant.faces.plan_html import addition_words
from corpus.schools.model import Cell
from tools.compliance.display import plain
from tools.compliance.explain import explain
from tools.compliance.model import Check, Unit, Verdict
from tools.plan.additions import additions_of, stocks_of
from tools.plan.shape import addition_json

HINT = '<p class="jh-hint">点上表的学校名，这里显示它的计算过程、所用单元格和要补的数量。</p>'


def school(check: Check, row: int) -> str:
    """Return everything about the school in ``row`` of the table; the hint where it has no units."""
    units = [unit for unit in check.units if unit.school.row == row]
    if not units:
        return HINT
    head = units[0].school
    about = "，".join(filter(None, (head.kind, head.area, f"数据表第{row}行")))
    stages = "".join(_stage(check, unit) for unit in units)
    return (
        f'<section class="jh-school-panel" data-asked="1"><h2 tabindex="-1">{escape(head.name)}</h2>'
        f'<p class="jh-note">{escape(about)}</p>{stages}{_county(check, row)}{_additions(check, units)}</section>'
    )


def _stage(check: Check, unit: Unit) -> str:
    rows = "".join(_row(check, unit, verdict) for verdict in unit.verdicts)
    heads = "".join(
        f'<th scope="col">{name}</th>' for name in ("指标", "数值", "要求", "结论", "计算", "所用单元格")
    )
    students = "学生数缺" if unit.students is None else f"学生{plain(unit.students)}人"
    status = words.RULING_STATUS[unit.compliant]
    return (
        f'<h3>{words.STAGES[unit.stage]}（{students}）：<span class="jh-is-{status}">{mark(status, " ")}'
        f"{words.RULINGS[unit.compliant]}</span>，{unit.of}项中达标{unit.met}项</h3>"
        '<div class="jh-scroll" tabindex="0" role="region" aria-label="七项指标，可左右滚动">'
        f'<table class="jh-demands"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(check: Check, unit: Unit, verdict: Verdict) -> str:
    name = words.short_name(check, verdict.code, verdict.name)
    short = "，".join(filter(None, (words.gap_words(verdict), words.floor_words(check, verdict))))
    standard = words.standard_of(check)
    lines = explain(unit, verdict, standard) if standard else ()
    steps = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return (
        f'<tr><th scope="row"><b>{escape(verdict.code)}</b> {escape(name)}</th>'
        f'<td data-label="数值">{escape(words.amount_words(verdict.observed)) or "—"}</td>'
        f'<td data-label="要求">{escape(words.demand_words(verdict))}</td>'
        f'<td data-label="结论" class="jh-is-{verdict.status}">{mark(verdict.status, " ")}{words.STATUS[verdict.status]}'
        f"<small>{escape(short)}</small></td>"
        f'<td data-label="计算" class="jh-steps">{steps or "—"}</td>'
        f'<td data-label="单元格">{cells_html(check, verdict.cells)}</td></tr>'
    )


def cells_html(check: Check, cells: Sequence[Cell]) -> str:
    """Return cells as sheet!ref with what stands in them; a blank one says so."""
    sheet = f"{check.table.sheet}!" if check.table and check.table.sheet else ""
    items = "".join(
        f"<li><code>{escape(sheet + cell.ref)}</code> {escape(cell.printed.strip()) or '空白'}</li>"
        for cell in cells
    )
    return f'<ul class="jh-refs">{items}</ul>' if items else "—"


def _county(check: Check, row: int) -> str:
    """Return what the school contributes to county demands: where it breaks one, where it lacks a number."""
    lines = []
    for verdict in check.county:
        label = f"{verdict.code} {verdict.name}"
        for failure in verdict.failures:
            if failure.row == row:
                sheet = f"{check.table.sheet}!" if check.table and check.table.sheet else ""
                where = "、".join(sheet + cell.ref for cell in failure.cells)
                lines.append(
                    (
                        "not_met",
                        f"{label}：{words.amount_words(failure.observed)}，要求{failure.operator}"
                        f"{words.amount_words(failure.threshold)}" + (f"（{where}）" if where else ""),
                    )
                )
        for lack in verdict.lacks:
            if lack.row == row:
                lines.append(("no_data", f"{label}：缺{'、'.join(lack.columns) or '数据'}"))
    standard = words.standard_of(check)
    judged = {one.code for one in standard.demands if one.judged == "table"} if standard else set()
    named = "、".join(dict.fromkeys(one.code for one in check.county if one.code in judged))
    if not named:
        return ""
    items = "".join(
        f'<li class="jh-is-{status}">{mark(status)} {escape(text)}</li>'
        for status, text in dict.fromkeys(lines)
    )
    body = f"<ul>{items}</ul>" if items else "<p>没有发现这所学校不符合的地方。</p>"
    return f"<h3>对全县指标的影响（{escape(named)}）</h3>{body}"


def _additions(check: Check, units: Sequence[Unit]) -> str:
    """Return what the school must add so that it reaches all demands, stated for the row where that is shared."""
    standard = words.standard_of(check)
    if standard is None:
        return ""
    found = [item for own in stocks_of(units, standard).values() for item in additions_of(own)]
    names = words.short_names(check)
    items = "".join(f"<li>{escape(addition_words(addition_json(item), names))}</li>" for item in found)
    if not items:
        whole = all(verdict.status == "met" for unit in units for verdict in unit.verdicts)
        items = "" if whole else "<li>缺数据的指标没有测算。</li>"
    body = f"<ul>{items}</ul>" if items else "<p>各项都已达到要求，不需要增加。</p>"
    return f"<h3>要补的数量（各项全部达到要求）</h3>{body}"
