"""HTML of the page's own parts: the conversation, the list of reports, the help.

Everything that comes from a document, a question or an answer passes through ``html.escape``; these
functions are the only place where markup is made, together with ``evidence``.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from assistant.answer import Answer
from assistant.faces import forms
from corpus.errors import JunhengError

log = logging.getLogger(__name__)

MARK = re.compile(r"\[(\d{1,3})\]")
MARKS = re.compile(r"(?:\[\d{1,3}\])+[,;:?!)、。，；：？！）]*")
"""Marks in a row with the punctuation after them, which must not begin a line."""
DATE = re.compile(r"(?:19|20)\d\d(?:年.*)?")
"""Figures that are times: sourced like all others, but not set off, so that amounts stand out."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what became of it; ``steps`` are the lines the service gave while working."""

    question: str
    steps: tuple[str, ...] = ()
    answer: Answer | None = None
    error: str | None = None

    @property
    def working(self) -> bool:
        return self.answer is None and self.error is None


def error_line(error: Exception) -> str:
    """Return the one line that the page shows for ``error``; what nobody foresaw goes to the log."""
    if isinstance(error, JunhengError):
        return str(error)
    log.error("the page met an unexpected error", exc_info=error)
    return f"系统内部出错（{type(error).__name__}），请换一种做法再试，或联系管理员。"


def cite_button(turn: int, citation: int, answer: Answer, *, current: bool = False) -> str:
    """Return the clickable mark [n]; a click carries turn and citation, both counted from 0."""
    state = ' jh-current" aria-current="true"' if current else '"'
    about = answer.citations[citation]
    label = escape(f"查看出处 {citation + 1}：{about.title}", quote=True)
    return (
        f'<button type="button" class="jh-cite{state} data-turn="{turn}" data-cite="{citation}" '
        f'aria-label="{label}" title="{label}">[{citation + 1}]</button>'
    )


def conversation(turns: Sequence[Turn], examples: Sequence[str] = (), notice: str = "") -> str:
    """Return the whole conversation, or the welcome with example questions when nothing was asked."""
    if not turns:
        return _welcome(examples, notice)
    articles = "".join(_turn(number, turn) for number, turn in enumerate(turns))
    return f'<div class="jh-log" role="log" aria-live="polite" aria-label="对话">{articles}</div>'


def _welcome(examples: Sequence[str], notice: str) -> str:
    buttons = "".join(
        f'<li><button type="button" class="jh-example" data-example="{escape(text, quote=True)}">'
        f"{escape(text)}</button></li>"
        for text in examples
    )
    said = f'<p class="jh-notice" role="status">{escape(notice)}</p>' if notice else ""
    offered = f'<p class="jh-lead">可以这样问：</p><ul class="jh-examples">{buttons}</ul>' if buttons else ""
    return (
        '<div class="jh-welcome"><h2>请提出关于自评报告的问题</h2>'
        "<p>答案中的每个数字都能点开出处，或写明由哪些数字怎样算出；资料里没有写到的，如实说明。</p>"
        f"{said}{offered}</div>"
    )


def _turn(number: int, turn: Turn) -> str:
    return (
        f'<article class="jh-turn"><div class="jh-question"><span class="jh-who">问</span>'
        f"<p>{escape(turn.question)}</p></div>{_reply(number, turn)}</article>"
    )


def _reply(number: int, turn: Turn) -> str:
    steps = _steps(turn)
    if turn.working:
        return f'<div class="jh-reply jh-working" aria-busy="true">{steps}</div>'
    if turn.error is not None:
        return (
            f'<div class="jh-reply jh-error" role="alert"><p class="jh-badge">没有完成</p>'
            f'<p class="jh-text">{escape(turn.error)}</p>{steps}</div>'
        )
    answer = turn.answer
    assert answer is not None
    parts = [
        _badge(answer),
        f'<div class="jh-text">{answer_text(number, answer)}</div>',
        _context(answer),
        _warnings(answer.warnings),
        '<div class="jh-foot">',
        steps,
        f'<button type="button" class="jh-copy" data-copy="{escape(plain_text(answer), quote=True)}">'
        "复制答案</button></div>",
    ]
    return f'<div class="jh-reply jh-{answer.status}">{"".join(parts)}</div>'


def _steps(turn: Turn) -> str:
    if not turn.steps and not turn.working:
        return ""
    lines = "".join(f"<li>{escape(step)}</li>" for step in turn.steps)
    if turn.working:
        now = escape(turn.steps[-1]) if turn.steps else "正在读懂问题"
        return (
            f'<div class="jh-now" role="status"><span class="jh-spin" aria-hidden="true"></span>{now}</div>'
            f'<ol class="jh-steps">{lines}</ol>'
        )
    return (
        f"<details><summary>查找过程（{len(turn.steps)} 步）</summary>"
        f'<ol class="jh-steps">{lines}</ol></details>'
    )


def _badge(answer: Answer) -> str:
    if answer.status == "answered" or answer.reason is None:
        return ""
    reason = forms.REASON_WORDS[answer.reason]
    return f'<p class="jh-badge">{forms.STATUS_WORDS[answer.status]} · {reason}</p>'


def answer_text(number: int, answer: Answer) -> str:
    """Return the answer's text as HTML: figures set off, citation marks clickable, the rest escaped."""
    pieces: list[str] = []
    position = 0
    for figure in sorted(answer.figures, key=lambda figure: figure.start):
        if figure.start < position or answer.text[figure.start : figure.end] != figure.text:
            continue  # a figure that does not stand where it says is shown as plain text
        pieces.append(_with_marks(number, answer, answer.text[position : figure.start]))
        pieces.append(_figure(figure.text, figure.source))
        position = figure.end
    pieces.append(_with_marks(number, answer, answer.text[position:]))
    return "".join(pieces)


def _figure(text: str, source: str) -> str:
    kind = source.partition(":")[0]
    if kind not in ("citation", "calculation", "standard") or DATE.fullmatch(text):
        return escape(text)
    hint = f"由{forms.source_words(source)}得出" if kind == "calculation" else forms.source_words(source)
    return f'<b class="jh-figure jh-by-{kind}" title="{escape(hint, quote=True)}">{escape(text)}</b>'


def _with_marks(number: int, answer: Answer, text: str) -> str:
    pieces: list[str] = []
    position = 0
    for row in MARKS.finditer(text):
        pieces.append(escape(text[position : row.start()]))
        buttons = MARK.sub(lambda found: _mark(number, answer, found), escape(row.group()))
        pieces.append(f'<span class="jh-keep">{buttons}</span>')
        position = row.end()
    return "".join([*pieces, escape(text[position:])])


def _mark(number: int, answer: Answer, found: re.Match[str]) -> str:
    citation = int(found.group(1)) - 1
    known = 0 <= citation < len(answer.citations)
    return cite_button(number, citation, answer) if known else found.group()


def _context(answer: Answer) -> str:
    carried = forms.carried_words(answer)
    return f'<p class="jh-context">沿用上文：{escape("、".join(carried))}</p>' if carried else ""


def _warnings(warnings: Iterable[str]) -> str:
    lines = "".join(f"<li>{escape(warning)}</li>" for warning in warnings)
    return f'<ul class="jh-warnings" aria-label="注意">{lines}</ul>' if lines else ""


def plain_text(answer: Answer) -> str:
    """Return what the copy button gives: the answer with its sources and calculations, as plain text."""
    lines = [answer.text]
    lines += [f"注意：{warning}" for warning in answer.warnings]
    for number, calculation in enumerate(answer.calculations, start=1):
        lines.append(f"算式{number}：{calculation.steps or calculation.formula}（{calculation.rounding}）")
    for number, citation in enumerate(answer.citations, start=1):
        quote = " ".join(citation.quote.split())
        lines.append(f"[{number}] {citation.place}：{quote}")
    return "\n".join(lines)


def report_table(reports: Sequence[dict[str, Any]]) -> str:
    """Return the stored reports as a table, each with buttons that audit it and that remove it."""
    if not reports:
        return '<p class="jh-notice">还没有资料，请先导入报告。</p>'
    rows = []
    for item in reports:
        title = escape(str(item["title"]))
        year = f"{item['year']}年" if item["year"] else "—"
        cells = (
            title,
            escape(str(item["region"] or "—")),
            year,
            escape(str(item["published"] or "—")),
            escape(forms.content_words(item)),
        )
        audit = (
            f'<button type="button" class="jh-audit-it" data-audit="{escape(str(item["id"]), quote=True)}" '
            f'aria-label="核数 {escape(str(item["title"]), quote=True)}">核数</button> '
        )
        button = (audit if item["kind"] == "report" else "") + (
            f'<button type="button" class="jh-remove" data-remove="{escape(str(item["id"]), quote=True)}" '
            f'data-title="{escape(str(item["title"]), quote=True)}" '
            f'aria-label="移除 {escape(str(item["title"]), quote=True)}">移除</button>'
        )
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + f"<td>{button}</td></tr>")
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("报告", "地区", "年份", "发布日期", "内容", "操作")
    )
    return (
        f'<div class="jh-table"><table><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
        "</div>"
    )


def outcome_lines(lines: Iterable[tuple[bool, str]], *, note: str = "") -> str:
    """Return what became of an upload or a removal, one line each; False marks a failure. ``note`` is on all."""
    items = "".join(
        f'<li class="{"jh-done" if good else "jh-failed"}">{escape(line)}</li>' for good, line in lines
    )
    head = f'<p class="jh-hint" role="status">{escape(note)}</p>' if note else ""
    return f'{head}<ul class="jh-outcomes" role="status">{items}</ul>'


_HELP = (
    (
        "怎样提问",
        "用平常的话问即可，写明地区、时间和指标会更准。可以问一个数值，也可以问增减、差距、占比、合计、排名或前后比较；"
        "接着问时可以省略，例如“那初中呢”“比上年呢”，系统会标出沿用了上文的哪些内容。",
    ),
    (
        "怎样核对",
        "答案里的 [1]、[2] 是出处编号，点开可以看到报告原文，所引的句子已标出。由公式得出的数字，"
        "“怎么算的”写明公式、代入的数字、各自的出处和取位方法。",
    ),
    (
        "怎样核对达标",
        "在“合规”页选择县（市、区）和年份，看哪些学校、哪些指标没有达到要求，各差多少；点学校名看计算过程和所用的单元格，"
        "“方案”测算要补多少、怎样调剂。结果可以下载为公式可查看的表格和附条款、依据的报告。",
    ),
    (
        "怎样核数",
        "在“核数”页选择一份报告：正文里能复算的数都有标记，✓ 一致，≈ 舍入差异，✗ 不一致，? 不能复算；点标记看公式、代入的数和它们在原文的位置。"
        "可以只看一种标记，可以逐个跳到 ✗，结果可以下载为可转发的核数报告。",
    ),
    (
        "怎样找回以前的问答",
        "“记录”页列出保存的对话，可以接着问、删除，也可以连同出处和算式下载为 docx、xlsx。每个答案有回执编号，"
        "日后可按回执重新核对（junheng replay 回执）。没有答上来的问题也在这里，供管理人员补充资料。",
    ),
    (
        "为什么有时不回答",
        "资料没有写到、地区或时期不在资料里、口径不同不能比较，或者一个数字找不到出处时，系统不作答，并写明原因。",
    ),
)


def help_page(suffixes: Sequence[str]) -> str:
    """Return the help; ``suffixes`` are the file formats that can be read."""
    reports = (
        f"在“资料”页导入报告和学校数据表，可用的格式：{'、'.join(suffixes)}。"
        "报告保存在运行本系统的机器上，提问不需要联网。"
    )
    entries = (*_HELP, ("资料", reports))
    sections = "".join(f"<h2>{title}</h2><p>{escape(text)}</p>" for title, text in entries)
    return f'<div class="jh-help">{sections}</div>'
