"""HTML of an audit beside its text: the summary, the list of findings, and one finding with its calculation.

Everything that comes from a report passes through ``html.escape``.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from urllib.parse import quote as url_quote

from assistant.faces import audit_words as words
from assistant.faces.audited import CLASSES, Audited, Class, class_of, figures_of, place_of
from assistant.faces.demands_html import quote_html
from tools.audit.model import Finding
from tools.calculation import Calculation, Input

LISTED = 300
"""Findings in the list; the files have all of them."""
HINT = '<p class="jh-hint">点正文或清单里的标记，这里显示怎样复算、用了哪些数、各在原文哪里。</p>'
GONE = '<p class="jh-notice">这份报告已移除或更新，请重新选择报告。</p>'


def empty(line: str) -> str:
    """Return what stands in place of an audit."""
    return f'<section class="jh-audit-head"><p class="jh-notice">{escape(line)}</p></section>'


def mark(shown: Class) -> str:
    """Return the mark of a class; its name stands beside it wherever it is used."""
    return f'<span class="jh-mark jh-v-{shown}" aria-hidden="true">{words.MARKS[shown]}</span>'


def summary(audited: Audited) -> str:
    """Return title, counts by which the marks are filtered, what the marks mean, and the downloads."""
    report = audited.report
    if not audited.findings:
        said = '<p class="jh-notice">没有找到可以复算的数：正文里没有写明依据的增幅、占比、合计等。</p>'
    else:
        said = f"{_filter(audited)}{_legend(audited)}"
    return (
        f'<section class="jh-audit-head"><h2 class="jh-sr">{escape(report.title)}</h2>{said}'
        f'<div class="jh-audit-foot">{_method()}{_downloads(report.id)}</div></section>'
    )


def _filter(audited: Audited) -> str:
    """Return the choice of what is shown: radio buttons, so that keyboard and screen reader know them."""
    choices = [_choice("all", "", "全部", len(audited.findings), chosen=True)]
    counts = audited.counts
    for one in CLASSES:
        if counts[one] or one != "hint":
            choices.append(_choice(one, mark(one), words.NAMES[one], counts[one]))
    return f'<fieldset class="jh-filter"><legend class="jh-sr">只看哪些</legend>{"".join(choices)}</fieldset>'


def _choice(value: str, sign: str, name: str, count: int, *, chosen: bool = False) -> str:
    state = " checked" if chosen else "" if count else " disabled"
    return (
        f'<label><input type="radio" name="jh-verdict" value="{value}"{state}>'
        f"<span>{sign}{name} <b>{count}</b></span></label>"
    )


def _legend(audited: Audited) -> str:
    items = "".join(
        f"<li>{mark(one)} {words.NAMES[one]}：{words.MEANINGS[one]}</li>"
        for one in CLASSES
        if audited.counts[one] or one != "hint"
    )
    return f'<ul class="jh-legend" aria-label="标记的意思">{items}</ul>'


def _downloads(report_id: str) -> str:
    link = '<a class="jh-link" href="download/audit/{}.{}" download>{}</a>'
    name = escape(url_quote(report_id, safe=""), quote=True)
    return (
        f'<p class="jh-links">{link.format(name, "docx", "下载核数报告（docx，可转发）")}'
        f"{link.format(name, 'xlsx', '下载全部结果（xlsx）')}</p>"
    )


def _method() -> str:
    lines = "".join(f"<li>{line}</li>" for line in (*words.METHOD, *words.NOT_JUDGED))
    return f'<details class="jh-fold"><summary>怎样核，哪些不核</summary><ul>{lines}</ul></details>'


def listed(audited: Audited, keys: Mapping[str, Finding]) -> str:
    """Return the findings as a list, those that want attention first, with buttons from one ✗ to the next."""
    if not keys:
        return ""
    numbers = {key: number for number, key in enumerate(keys, start=1)}
    ordered = sorted(keys, key=lambda key: (CLASSES.index(class_of(keys[key])), numbers[key]))
    items = "".join(_item(audited, keys[key], key, numbers[key]) for key in ordered[:LISTED])
    more = len(ordered) - LISTED
    note = f'<p class="jh-note">另有 {more} 处没有列出，见正文标记和下载的文件。</p>' if more > 0 else ""
    return f'<nav aria-label="核数清单">{_steps(audited)}<ol class="jh-finds">{items}</ol>{note}</nav>'


def _steps(audited: Audited) -> str:
    wrong = audited.counts["inconsistent"]
    if not wrong:
        return ""
    sign = words.MARKS["inconsistent"]
    return (
        f'<p class="jh-moves"><button type="button" data-step="previous">上一个 {sign}</button>'
        f'<button type="button" data-step="next">下一个 {sign}</button></p>'
    )


def _item(audited: Audited, finding: Finding, key: str, number: int) -> str:
    shown = class_of(finding)
    section = audited.report.section_at(finding.start)
    place = f"<small>{escape(section.title)}</small>" if section else ""
    return (
        f'<li class="jh-v-{shown}"><button type="button" class="jh-find" '
        f'data-finding="{escape(key, quote=True)}">{mark(shown)}<span class="jh-sr">{words.NAMES[shown]}</span>'
        f"<span><b>{number} {escape(words.check_name(finding))}</b> "
        f"{escape(words.shortened(words.quote_of(audited, finding)))}{place}</span></button></li>"
    )


def panel(audited: Audited, found: Mapping[str, Finding]) -> str:
    """Return the findings that a click named, each with its calculation; all of one figure stand together."""
    if not found:
        return GONE
    shown = "".join(_finding(audited, one) for one in found.values())
    at = min(place_of(one)[0] for one in found.values())
    used = sorted({fact.start for one in found.values() for fact in figures_of(one)})
    keys = escape(" ".join(found), quote=True)
    return (
        f'<section class="jh-found" data-asked="1" data-keys="{keys}" data-place="{at}" '
        f'data-used="{" ".join(map(str, used))}">{shown}</section>'
    )


def _finding(audited: Audited, finding: Finding) -> str:
    shown = class_of(finding)
    section = words.section_of(audited, finding)
    place = f'<p class="jh-path">{escape(section)}</p>' if section else ""
    made = finding.calculation
    return (
        f'<article><h3 tabindex="-1" class="jh-v-{shown}">{mark(shown)}{words.NAMES[shown]} · '
        f"{escape(words.check_name(finding))}</h3>{place}{_claim(audited, finding)}"
        f'<p class="jh-said">{escape(finding.explanation.text)}</p>'
        f"{_values(finding)}{_calculation(audited, made) if made else ''}{_bounds(finding)}"
        f"{_evidence(audited, finding)}</article>"
    )


def _claim(audited: Audited, finding: Finding) -> str:
    text, (low, high) = audited.report.text, place_of(finding)
    start, end = min(finding.start, low), max(finding.end, high)
    figure = f"<mark>{escape(text[low:high])}</mark>"
    button = _goto(low, "在正文中看")
    return f'<blockquote class="jh-quoted">{escape(text[start:low])}{figure}{escape(text[high:end])}</blockquote>{button}'


def _goto(position: int, label: str, about: str = "") -> str:
    told = f' aria-label="{escape(f"{label}：{about}", quote=True)}"' if about else ""
    return f'<button type="button" class="jh-more jh-goto" data-at="{position}"{told}>{label}</button>'


def _values(finding: Finding) -> str:
    rows = [
        ("报告所写", words.stated_words(finding)),
        ("复算", words.recomputed_words(finding)),
        ("舍入允许", words.range_words(finding)),
    ]
    items = "".join(f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
    return f'<dl class="jh-compare">{items}</dl>' if items else ""


def _calculation(audited: Audited, made: Calculation) -> str:
    inputs = "".join(_input(audited, one) for one in made.inputs)
    notes = "".join(f'<p class="jh-note">{escape(note)}</p>' for note in made.notes)
    return (
        f'<div class="jh-calculation"><dl><dt>公式</dt><dd>{escape(made.formula)}</dd>'
        f"<dt>代入</dt><dd>{escape(made.steps)}</dd><dt>取位</dt><dd>{escape(made.rounding)}</dd></dl>"
        '<table><thead><tr><th scope="col">代入的数</th><th scope="col">数值</th><th scope="col">在哪里</th></tr>'
        f"</thead><tbody>{inputs}</tbody></table>{notes}</div>"
    )


def _input(audited: Audited, one: Input) -> str:
    value = f"{one.value:f}{one.unit}"
    source = escape(words.input_source(audited, one))
    if one.fact is not None and one.fact.report_id == audited.report.id:
        source = _goto(one.fact.start, "看原文", value) + source
    what = f"<small>{escape(one.fact.metric)}</small>" if one.fact is not None else ""
    return f"<tr><td>{escape(one.name)}{what}</td><td>{escape(value)}</td><td>{source}</td></tr>"


def _bounds(finding: Finding) -> str:
    """Return how the outermost values come about, folded away."""
    made = [one for one in (finding.least, finding.most) if one is not None and words.bounded(finding)]
    if not made:
        return ""
    lines = "".join(f"<li>{escape(one.label)}：{escape(one.steps)}</li>" for one in made)
    return f'<details class="jh-fold"><summary>舍入允许的范围怎样算</summary><ul>{lines}</ul></details>'


def _evidence(audited: Audited, finding: Finding) -> str:
    shown = "".join(quote_html(one) for one in words.quotes(audited, finding))
    return f'<div class="jh-grounds"><h4>依据的原文</h4>{shown}</div>' if shown else ""
