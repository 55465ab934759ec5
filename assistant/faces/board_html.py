"""HTML of the compliance board: the summary, and schools × indicators, readable without its colours.

Names and cells of tables are data and pass through ``html.escape`` like every other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.faces import compliance_words as words
from tools.compliance.model import Check, Unit, Verdict

LEGEND = (
    ("met", "达标"),
    ("not_met", "未达标，写出数值和差距"),
    ("no_data", "缺数据，无法判定"),
    ("not_applicable", "不适用"),
)


def mark(status: str, label: str = "") -> str:
    """Return the mark of a status with its words for a screen reader."""
    return (
        f'<span class="jh-mark jh-is-{status}" aria-hidden="true">{words.MARKS[status]}</span>'
        f'<span class="jh-sr">{escape(label or words.STATUS[status])}</span>'
    )


def unit_key(unit: Unit) -> str:
    """Return what a click on a unit carries: the row of the table."""
    return str(unit.school.row)


def summary(check: Check, links: str) -> str:
    """Return the heading of a check and its findings in sentences, with ``links`` (HTML) below."""
    place = "".join(filter(None, (check.region or "", f"{check.year}年" if check.year else "")))
    lines = "".join(f"<li>{escape(line)}</li>" for line in words.summary_lines(check))
    used = f"学校数据表：{escape(words.table_words(check))}"
    said = f'<ul class="jh-findings">{lines}</ul>' if lines else ""
    return (
        f'<section class="jh-summary"><h2>{escape(place or "未注明地区")} · '
        f"{escape(words.standard_name(check))}</h2>{said}"
        f'<p class="jh-note">{used}</p>{links}</section>'
    )


def downloads(query: str, template: str) -> str:
    """Return the links to the check as files; ``query`` is what was chosen, as a URL has it."""
    link = '<a class="jh-link" href="{}" download>{}</a>'
    links = [
        link.format(escape(f"download/check.xlsx?{query}", quote=True), "下载 xlsx（公式可查看）"),
        link.format(escape(f"download/check.docx?{query}", quote=True), "下载 docx（含条款和依据）"),
        link.format(escape(template, quote=True), "下载空白数据表"),
    ]
    return f'<p class="jh-links">{"".join(links)}</p>'


def board(check: Check) -> str:
    """Return the board, a group of rows for each stage, failing schools first."""
    if not check.units:
        return ""
    codes = [verdict.code for verdict in check.units[0].verdicts]
    heads = "".join(_head(check, verdict) for verdict in check.units[0].verdicts)
    bodies = "".join(
        _stage(check, stage, [unit for unit in check.units if unit.stage == stage], len(codes))
        for stage in ("primary", "junior")
    )
    return (
        '<section><h2>学校达标情况</h2><p class="jh-hint">点学校名看计算过程和要补的数量。'
        f"每个学段未达标的排在前面。</p>{_legend()}"
        '<div class="jh-scroll" tabindex="0" role="region" aria-label="学校达标情况表，可左右滚动">'
        '<table class="jh-board"><caption class="jh-sr">各校七项资源配置指标</caption>'
        f'<thead><tr><th scope="col">学校</th><th scope="col">学生数</th>{heads}'
        f'<th scope="col">结论</th></tr></thead>{bodies}</table></div>{_left_out(check)}</section>'
    )


def _legend() -> str:
    items = "".join(
        f'<li><span class="jh-mark jh-is-{status}" aria-hidden="true">{words.MARKS[status]}</span> {text}</li>'
        for status, text in LEGEND
    )
    return f'<ul class="jh-legend" aria-label="图例">{items}</ul>'


def _head(check: Check, verdict: Verdict) -> str:
    short = words.short_name(check, verdict.code, verdict.name)
    return (
        f'<th scope="col" title="{escape(verdict.name, quote=True)}"><b>{escape(verdict.code)}</b>'
        f"<span>{escape(short)}</span></th>"
    )


def _stage(check: Check, stage: str, units: Sequence[Unit], columns: int) -> str:
    if not units:
        return ""
    demands = "".join(f"<td>{escape(words.demand_words(verdict))}</td>" for verdict in units[0].verdicts)
    rows = "".join(_row(check, unit) for unit in words.failing_first(units))
    return (
        f'<tbody><tr class="jh-group"><th scope="rowgroup" colspan="{columns + 3}">'
        f"{words.STAGES[stage]}（{len(units)}所）</th></tr>"
        f'<tr class="jh-demand"><th scope="row">要求</th><td></td>{demands}<td></td></tr>{rows}</tbody>'
    )


def _row(check: Check, unit: Unit) -> str:
    name = escape(unit.school.name)
    students = "缺" if unit.students is None else f"{unit.students}"
    cells = "".join(_cell(verdict) for verdict in unit.verdicts)
    status = words.RULING_STATUS[unit.compliant]
    below = next(filter(None, (words.floor_words(check, verdict) for verdict in unit.verdicts)), "")
    floor = f"，有指标{below}" if below else ""
    return (
        f'<tr data-school="{unit_key(unit)}"><th scope="row"><button type="button" class="jh-school" '
        f'data-school="{unit_key(unit)}">{name}</button></th><td>{students}</td>{cells}'
        f'<td class="jh-ruling jh-is-{status}">{mark(status, " ")}'
        f"<b>{words.RULINGS[unit.compliant]}</b><small>{unit.met}/{unit.of}项{floor}</small></td></tr>"
    )


def _cell(verdict: Verdict) -> str:
    value = verdict.observed.shown if verdict.observed else ""
    gap = words.gap_words(verdict)
    said = f"<small>{escape(gap)}</small>" if gap else ""
    label = words.STATUS[verdict.status]
    return (
        f'<td class="jh-cell jh-is-{verdict.status}" title="{escape(verdict.name, quote=True)}：{label}">'
        f"{mark(verdict.status)}<span>{escape(value)}</span>{said}</td>"
    )


def _left_out(check: Check) -> str:
    if not check.excluded:
        return ""
    items = "".join(
        f"<li>{escape(one.school)}{_of_stage(one.stage)}（第{one.row}行）：{escape(one.reason)}</li>"
        for one in check.excluded
    )
    return f'<details class="jh-fold"><summary>不参评的（{len(check.excluded)}）</summary><ul>{items}</ul></details>'


def _of_stage(stage: str | None) -> str:
    return f"·{words.STAGES.get(stage, stage)}" if stage else ""


def remarks(check: Check) -> str:
    """Return the problems of the table, borderline cases and notes; "" where there is none."""
    parts = []
    if check.problems:
        items = "".join(f"<li>{escape(one.why)}</li>" for one in check.problems)
        parts.append(f"<h2>数据表里要核对的（{len(check.problems)}）</h2><ul>{items}</ul>")
    if check.borderline:
        items = "".join(f"<li>{escape(line)}</li>" for line in check.borderline)
        parts.append(f"<h2>临界的</h2><ul>{items}</ul>")
    told = (*check.notes, *words.rule_lines(check), *words.unconfirmed_lines(check))
    if told:
        items = "".join(f"<li>{escape(line)}</li>" for line in told)
        parts.append(
            f'<details class="jh-fold"><summary>解释与{words.UNCONFIRMED}事项（{len(told)}）</summary>'
            f"<ul>{items}</ul></details>"
        )
    return f'<section class="jh-remarks">{"".join(parts)}</section>' if parts else ""


def no_table() -> str:
    """Return what stands where only a school table would say something."""
    return (
        '<section><p class="jh-notice">没有这个县和年份的学校数据表，这一页没有内容；'
        "可在“导入”里导入学校数据表。自评报告中查到的见“指标”。</p></section>"
    )


def empty(template: str) -> str:
    """Return what stands in place of a board when nothing is stored; ``template`` is the link to an empty table."""
    return (
        '<section class="jh-summary"><h2>还没有可以核对的资料</h2>'
        "<p>导入学校数据表（xlsx、csv），或在“资料”页导入自评报告，这里就会列出每所学校、每项指标是否达标。</p>"
        f'<p><a class="jh-link" href="{escape(template, quote=True)}" download>下载空白数据表（含填写说明）</a></p>'
        "</section>"
    )
