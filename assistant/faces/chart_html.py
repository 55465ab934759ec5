"""HTML and SVG of the coefficients of variation: bars against the limit line, with the data as a table.

The drawings are inline SVG made here: they follow the page's colours, load nothing and can be read out,
and each says in its title what it shows; everything drawn stands as text in the table beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from html import escape

from assistant.faces import compliance_words as words
from assistant.faces.board_html import mark
from tools.compliance.display import plain
from tools.compliance.model import Check, Contribution, Dispersion

WIDTH = 300
ROW = 26
SHOWN = 400
"""Contributions drawn at most; a county has fewer schools of one stage."""


def dispersion(check: Check, chosen: str | None = None, *, asked: bool = False) -> str:
    """Return bars and table of all coefficients; ``chosen`` ("primary/1.5") has its contributions below.

    ``asked`` says that a person chose, so that the page may move there.
    """
    if not check.dispersion:
        return ""
    parts = [
        _of_stage(check, stage, [one for one in check.dispersion if one.stage == stage], chosen)
        for stage in ("primary", "junior")
    ]
    found = next((one for one in check.dispersion if key(one) == chosen), None)
    below = _contributions(check, found, asked) if found else ""
    return (
        "<section><h2>校际差异系数</h2>"
        '<p class="jh-hint">按学生数加权；竖线是限值，超过限值为未达标。点指标名看每所学校占多少。</p>'
        f'<div class="jh-charts">{"".join(parts)}</div>{below}</section>'
    )


def key(one: Dispersion) -> str:
    return f"{one.stage}/{one.code}"


def largest(check: Check) -> str | None:
    """Return the key of the coefficient that most needs looking at: failing first, then the largest."""
    known = [one for one in check.dispersion if one.cv is not None]
    if not known:
        return None
    return key(max(known, key=lambda one: (one.status == "not_met", Fraction(one.cv or 0))))


def _of_stage(check: Check, stage: str, found: Sequence[Dispersion], chosen: str | None) -> str:
    if not found:
        return ""
    scale = max(Fraction(one.limit) for one in found) * Fraction(3, 2)
    scale = max([scale, *(Fraction(one.cv) for one in found if one.cv is not None)])
    rows = "".join(_row(check, one, scale, chosen == key(one)) for one in found)
    heads = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("指标", "差异系数", "限值", "结论", "与限值相比", "平均", "标准差")
    )
    return (
        f'<div class="jh-scroll"><table class="jh-cv"><caption>{words.STAGES[stage]}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(check: Check, one: Dispersion, scale: Fraction, chosen: bool) -> str:
    short = escape(words.short_name(check, one.code, one.name))
    mean = escape(words.amount_words(one.mean)) or "—"
    missing = f"<small>缺：{escape(words.names(one.missing))}</small>" if one.missing else ""
    state = ' aria-current="true"' if chosen else ""
    return (
        f'<tr><th scope="row"><button type="button" class="jh-school" data-cv="{key(one)}"{state} '
        f'title="{escape(one.name, quote=True)}">{escape(one.code)} {short}</button></th>'
        f"<td>{escape(one.cv or '—')}</td><td>{escape(one.operator + one.limit)}</td>"
        f'<td class="jh-is-{one.status}">{mark(one.status, " ")}{words.STATUS[one.status]}{missing}</td>'
        f"<td>{_bar(one, scale)}</td><td>{mean}</td><td>{escape(one.std or '—')}</td></tr>"
    )


def _bar(one: Dispersion, scale: Fraction) -> str:
    if one.cv is None:
        return "—"
    width, line = (_number(Fraction(text) / scale * WIDTH) for text in (one.cv, one.limit))
    label = f"{one.name}差异系数{one.cv}，限值{one.limit}，{words.STATUS[one.status]}"
    return (
        f'<svg class="jh-bar jh-is-{one.status}" viewBox="0 0 {WIDTH} 16" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label, quote=True)}"><rect class="jh-track" width="{WIDTH}" height="16"/>'
        f'<rect class="jh-fill" y="3" width="{width}" height="10"/>'
        f'<line class="jh-halo" x1="{line}" x2="{line}" y1="0" y2="16"/>'
        f'<line class="jh-limit" x1="{line}" x2="{line}" y1="0" y2="16"/></svg>'
    )


def _contributions(check: Check, one: Dispersion, asked: bool) -> str:
    """Return each school's share of the variance, drawn and in numbers."""
    if not one.contributions:
        return ""
    short = escape(words.short_name(check, one.code, one.name))
    top = max((item.share for item in one.contributions), default=Fraction(0)) or Fraction(1)
    values = {
        unit.school.row: unit.verdict(one.code).observed for unit in check.units if unit.stage == one.stage
    }
    rows = "".join(
        _contribution(item, words.amount_words(values.get(item.row)), top)
        for item in one.contributions[:SHOWN]
    )
    missing = (
        f'<p class="jh-note">缺数据、没有计入的学校：{escape("、".join(one.missing))}</p>'
        if one.missing
        else ""
    )
    mean = escape(words.amount_words(one.mean))
    clause = f'<p class="jh-note">{escape(one.clause)}</p>' if one.clause else ""
    return (
        f'<div class="jh-shares" data-asked="{int(asked)}"><h3 tabindex="-1">{words.STAGES[one.stage]} {escape(one.code)} {short}：'
        f"各校占差异的比重</h3>"
        f'<p class="jh-hint">比重 = 学生数 ×（本校值 − 平均{mean}）² ÷ 各校这个数之和，最大的在前。</p>'
        '<div class="jh-scroll jh-tall" tabindex="0" role="region" aria-label="各校比重，可滚动"><table class="jh-cv"><thead><tr>'
        '<th scope="col">学校</th><th scope="col">学生数</th><th scope="col">本校值</th>'
        f'<th scope="col">比重</th><th scope="col">图示</th></tr></thead><tbody>{rows}</tbody></table></div>'
        f"{missing}{clause}</div>"
    )


def _contribution(item: Contribution, value: str, top: Fraction) -> str:
    width = _number(item.share / top * WIDTH)
    return (
        f'<tr><th scope="row">{escape(item.school)}</th><td>{plain(item.students)}</td>'
        f"<td>{escape(value)}</td><td>{escape(item.shown)}</td>"
        f'<td><svg class="jh-bar" viewBox="0 0 {WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="jh-fill" y="3" width="{width}" height="10"/></svg></td></tr>'
    )


def _number(length: Fraction) -> str:
    return f"{float(max(length, Fraction(0))):.1f}"
