"""HTML of the evidence panel: the cited sentence in its surroundings, and how a number was calculated.

All text of documents and answers is escaped here, as in ``render``.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape
from urllib.parse import quote

from assistant.answer import Answer, CalculationInput, CalculationOutput, Citation
from assistant.faces import forms
from assistant.faces.render import cite_button
from corpus.confidence import MARK, is_low
from corpus.model import Report

WINDOW = 260
"""Characters shown on each side of a cited sentence."""
MAX_SECTION = 20_000
"""Characters shown at most when the whole section is asked for."""


def notice(line: str) -> str:
    """Return the panel with one line in place of any evidence."""
    return f'<div class="jh-evidence"><h2>出处</h2><p class="jh-notice">{escape(line)}</p></div>'


EMPTY = notice("点答案中的 [1]、[2]，这里显示报告原文，所引的句子会标出来。")


def panel(
    turn: int, answer: Answer, citation: int | None, report: Report | None, *, whole: bool, asked: bool
) -> str:
    """Return the panel for one answer, showing ``citation`` (from 0) where there is one.

    ``whole`` shows the section instead of a window; ``asked`` says that a person clicked, so that the
    page may move to the panel.
    """
    parts = []
    if citation is not None and 0 <= citation < len(answer.citations):
        parts.append(_source(turn, answer, citation, report, whole))
    elif answer.status != "answered":
        parts.append('<h2>出处</h2><p class="jh-notice">这一问没有可引的原文。</p>')
    if answer.calculations:
        shown = "".join(
            _calculation(turn, answer, place, item) for place, item in enumerate(answer.calculations)
        )
        parts.append(f"<h2>怎么算的</h2>{shown}")
    if not parts:
        return EMPTY
    return f'<div class="jh-evidence" data-asked="{int(asked)}">{"".join(parts)}</div>'


def _source(turn: int, answer: Answer, number: int, report: Report | None, whole: bool) -> str:
    citation = answer.citations[number]
    marks = "".join(
        cite_button(turn, place, answer, current=place == number) for place in range(len(answer.citations))
    )
    section = f'<p class="jh-path">{escape(citation.section)}</p>' if citation.section else ""
    section += _original(citation)
    if citation.confidence is not None and is_low(Decimal(citation.confidence)):
        section += f'<p class="jh-notice">{escape(MARK)}</p>'
    link = ""
    if citation.url and citation.url.startswith(("https://", "http://")):  # never javascript: and the like
        link = (
            f'<p class="jh-path"><a href="{escape(citation.url)}" target="_blank" rel="noopener noreferrer">'
            "打开来源网页</a></p>"
        )
    return (
        f'<h2>出处 <span class="jh-numbers">{marks}</span></h2>'
        f'<h3 tabindex="-1">{escape(citation.title)}</h3>{section}{link}'
        f"{_surroundings(turn, number, citation, report, whole)}"
    )


def _original(citation: Citation) -> str:
    """Return the way to the file that the report was read from: where in it the sentence stands, and the file."""
    if citation.page is None and citation.sheet is None:
        return ""
    where = f"原件第{citation.page}页" if citation.page else f"工作表“{citation.sheet}”{citation.cell or ''}"
    link = f"/download/original/{quote(citation.report_id, safe='')}"
    link += f"#page={citation.page}" if citation.page else ""
    return f'<p class="jh-path">{escape(where)} <a href="{escape(link)}" target="_blank" rel="noopener">打开原件</a></p>'


def _surroundings(turn: int, number: int, citation: Citation, report: Report | None, whole: bool) -> str:
    if report is None or report.text[citation.start : citation.end] != citation.quote:
        return (
            f'<div class="jh-source"><mark>{escape(citation.quote)}</mark></div>'
            '<p class="jh-notice">这份资料已移除或更新，这里只有当时引用的原句。</p>'
        )
    low, high = _bounds(report, citation)
    limit = MAX_SECTION // 2 if whole else WINDOW
    start, end = max(low, citation.start - limit), min(high, citation.end + limit)
    before, after = report.text[start : citation.start], report.text[citation.end : end]
    text = (
        f"{'…' if start > low else ''}{escape(before.lstrip())}"
        f"<mark>{escape(citation.quote)}</mark>"
        f"{escape(after.rstrip())}{'…' if end < high else ''}"
    )
    button = ""
    if whole or start > low or end < high:
        label = "只看前后文" if whole else "显示整节"
        button = (
            f'<button type="button" class="jh-more" data-turn="{turn}" data-cite="{number}" '
            f'data-whole="{int(not whole)}">{label}</button>'
        )
    return f'<div class="jh-source" tabindex="0" aria-label="报告原文">{text}</div>{button}'


def _bounds(report: Report, citation: Citation) -> tuple[int, int]:
    """Return the innermost section that holds the whole quote, else the whole text."""
    around = [
        section
        for section in report.sections
        if section.start <= citation.start and citation.end <= section.end
    ]
    if not around:
        return 0, len(report.text)
    inner = max(around, key=lambda section: (section.level, section.start))
    return inner.start, inner.end


def _calculation(turn: int, answer: Answer, place: int, item: CalculationOutput) -> str:
    inputs = "".join(_input_row(turn, answer, one) for one in item.inputs)
    steps = f"<dt>代入</dt><dd>{escape(item.steps)}</dd>" if item.steps else ""
    rounding = f"<dt>取位</dt><dd>{escape(item.rounding)}</dd>" if item.rounding else ""
    notes = "".join(f'<p class="jh-note">{escape(note)}</p>' for note in item.notes)
    return (
        f'<section class="jh-calculation"><h3>算式{place + 1} · {escape(item.label)}：'
        f"<b>{escape(forms.result_words(item))}</b></h3>"
        f"<dl><dt>公式</dt><dd>{escape(item.formula)}</dd>{steps}{rounding}</dl>"
        '<table><thead><tr><th scope="col">代入的数</th><th scope="col">数值</th>'
        f'<th scope="col">来源</th></tr></thead><tbody>{inputs}</tbody></table>{notes}</section>'
    )


def _input_row(turn: int, answer: Answer, one: CalculationInput) -> str:
    kind, _, rest = one.source.partition(":")
    if kind == "citation" and rest.isdecimal() and int(rest) < len(answer.citations):
        source = cite_button(turn, int(rest), answer)
    else:
        source = escape(forms.source_words(one.source))
    value = escape(one.value + one.unit)
    return f"<tr><td>{escape(one.name)}</td><td>{value}</td><td>{source}</td></tr>"
