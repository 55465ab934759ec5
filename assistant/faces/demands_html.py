"""HTML of a standard's indicators: status, what table and reports say, what is missing."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from assistant.faces import compliance_words as words
from assistant.faces.board_html import mark
from assistant.faces.compliance_words import Quote
from corpus.model import Report
from tools.compliance.model import Check, Verdict


def indicators(check: Check, reports: Mapping[str, Report]) -> str:
    """Return one row an indicator; ``reports`` hold the texts that facts and sentences are spans of."""
    if not check.indicators:
        return ""
    rows = "".join(_row(check, verdict, reports) for verdict in check.indicators)
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("指标", "要求", "结论", "依据", "还缺"))
    return (
        f"<section><h2>全部指标（{len(check.indicators)}项）</h2>"
        '<div class="jh-scroll" tabindex="0" role="region" aria-label="全部指标，可左右滚动">'
        f'<table class="jh-demands"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>'
    )


def _row(check: Check, verdict: Verdict, reports: Mapping[str, Report]) -> str:
    stage = words.stage_words(verdict)
    doubt = words.unconfirmed(check, verdict.code)
    flag = f' <span class="jh-doubt">{words.UNCONFIRMED}</span>' if doubt else ""
    demand = words.demand_words(verdict) or "—"
    value = words.value_words(verdict)
    gap = words.gap_words(verdict)
    clause = f'<small class="jh-clause">{escape(verdict.clause)}</small>' if verdict.clause else ""
    return (
        f'<tr><th scope="row"><b>{escape(verdict.code)}</b> {escape(verdict.name)}{stage}{flag}{clause}</th>'
        f'<td data-label="要求">{escape(demand)}</td>'
        f'<td data-label="结论" class="jh-is-{verdict.status}">{mark(verdict.status, " ")}<b>{words.STATUS[verdict.status]}</b>'
        f"<small>{escape(value)}</small><small>{escape(gap)}</small></td>"
        f'<td data-label="依据">{_evidence(verdict, reports) or "—"}</td>'
        f'<td data-label="还缺">{_wanted(verdict) or "—"}</td></tr>'
    )


def _evidence(verdict: Verdict, reports: Mapping[str, Report]) -> str:
    parts = [f"<p>{escape(verdict.remark)}</p>"] if verdict.remark else []
    parts += [f"<p>{escape(line)}</p>" for line in words.part_lines(verdict)]
    if verdict.failing:
        parts.append(f"<p>未达到的：{escape(words.names(verdict.failing))}</p>")
    parts += [quote_html(quote) for quote in words.quotes(verdict, reports)]
    return "".join(parts)


def quote_html(quote: Quote) -> str:
    """Return a quoted sentence of a report, its figures marked, with where it stands."""
    pieces, position = [], 0
    for start, end in quote.marks:
        if start < position:
            continue  # of two figures that overlap the first is marked
        pieces.append(f"{escape(quote.text[position:start])}<mark>{escape(quote.text[start:end])}</mark>")
        position = end
    text = "".join([*pieces, escape(quote.text[position:])])
    return f"<blockquote>{text}<footer>{escape(quote.place)}</footer></blockquote>"


def _wanted(verdict: Verdict) -> str:
    parts = [f"<p>{escape(line)}</p>" for line in verdict.wanted]
    if verdict.missing:
        parts.append(f"<p>缺数据的学校：{escape(words.names(verdict.missing))}</p>")
    return "".join(parts)
