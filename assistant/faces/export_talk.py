"""A conversation as a file that keeps its sources: docx, xlsx, Markdown or JSON; the log of questions as xlsx or csv.

Whatever stood in a question, a report or an answer is text in the file: no formula, no markup, no link.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Literal

from assistant.answer import Answer, Citation
from assistant.faces import forms
from assistant.faces import talk_forms as words
from assistant.faces.exports import MEDIA as OFFICE
from assistant.faces.talk_forms import Talk
from assistant.faces.workbook_cells import printable
from assistant.like import Group
from indexes.conversations import Turn

TalkFormat = Literal["docx", "xlsx", "md", "json"]
LogFormat = Literal["xlsx", "csv", "json"]
MEDIA: Mapping[str, str] = {
    **OFFICE,
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
LOG_COLUMNS = ("编号", "问题", "结果", "原因", "读作", "时间", "已处理", "同类", "同类次数")
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~&!$])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.MULTILINE)


def export_talk(talk: Talk, kind: TalkFormat) -> bytes:
    """Return a conversation as a file."""
    if kind == "json":
        return (json.dumps(words.talk_json(talk), ensure_ascii=False, indent=1) + "\n").encode()
    if kind == "md":
        return markdown(talk).encode("utf-8", "replace")
    if kind == "xlsx":
        from assistant.faces.export_talk_xlsx import workbook

        return workbook(talk)
    from assistant.faces.export_talk_docx import document

    return document(talk)


def file_name(talk: Talk, kind: str) -> str:
    """Return a name that says what was asked first; what a file system does not take is left out."""
    title = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "", printable(talk.conversation.title))[:40].strip(" .")
    return f"对话 {title or '未命名'}.{kind}"


def source_lines(talk: Talk, answer: Answer) -> list[str]:
    """Return what an answer cites, a line each: title, section, page or cells, quotation, and where in the text."""
    return [
        f"[{number}] {citation.place}：“{' '.join(citation.quote.split())}”（{span_words(talk, citation)}）"
        for number, citation in enumerate(answer.citations, start=1)
    ]


def span_words(talk: Talk, citation: Citation) -> str:
    """Say where in the stored text a quotation stands, by the report's number and the digest of the text."""
    report = talk.reports.get(citation.report_id)
    sha = f"，正文 sha256 {report.text_sha256[:12]}" if report is not None else "，报告已移除"
    return f"报告 {citation.report_id}，正文第 {citation.start}–{citation.end} 字{sha}"


def formula_lines(answer: Answer) -> list[str]:
    """Return how the numbers were calculated, a line each."""
    lines = []
    for number, made in enumerate(answer.calculations, start=1):
        given = "、".join(
            f"{one.name} {one.value}{one.unit}（{forms.source_words(one.source)}）" for one in made.inputs
        )
        steps = f"；代入：{made.steps}" if made.steps else ""
        notes = "".join(f"；{note}" for note in made.notes)
        lines.append(
            f"算式{number} {made.label} = {made.formula}{steps}；取 {made.rounding}；数：{given}{notes}"
        )
    return lines


def head_words(turn: Turn, answer: Answer) -> str:
    """Say when a turn was, how it ended and under which receipt."""
    state = forms.STATUS_WORDS[answer.status]
    if answer.reason:
        state += f"：{words.reason_words(answer.reason)}"
    carried = forms.carried_words(answer)
    parts = [
        words.local(turn.at),
        state,
        f"沿用上文：{'、'.join(carried)}" if carried else "",
        f"回执 {turn.receipt}" if turn.receipt else "",
    ]
    return "　".join(filter(None, parts))


def markdown(talk: Talk) -> str:
    """Return a conversation as Markdown in which no text is taken for markup."""
    one = talk.conversation
    lines = [f"# {plain(one.title)}", "", f"{words.local(one.begun)} 至 {words.local(one.changed)}"]
    for number, (turn, answer) in enumerate(talk.turns, start=1):
        lines += ["", f"## 问{number}：{plain(turn.question)}", "", plain(answer.text), ""]
        lines += [f"- 注意：{plain(warning)}" for warning in answer.warnings]
        lines += [f"- {plain(line)}" for line in formula_lines(answer)]
        lines += [f"- {plain(line)}" for line in source_lines(talk, answer)]
        lines += ["", plain(head_words(turn, answer))]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return text as Markdown shows it word for word; a break in it stays one."""
    escaped = _LINE_START.sub(_marked, _MARKUP.sub(r"\\\1", printable(text)))
    return "  \n".join(line.strip() for line in escaped.split("\n") if line.strip())


def _marked(found: re.Match[str]) -> str:
    blank, mark = found.groups()
    return f"{blank}{mark[:-1]}\\{mark[-1]}"


def export_log(groups: Sequence[Group], kind: LogFormat) -> bytes:
    """Return the log of unanswered questions, a row each, those that are alike under one number."""
    if kind == "json":
        listed = [words.group_json(group) for group in groups]
        return (json.dumps(listed, ensure_ascii=False, indent=1) + "\n").encode()
    if kind == "csv":
        target = io.StringIO()
        writer = csv.writer(target)
        writer.writerow(LOG_COLUMNS)
        writer.writerows([harmless(cell) for cell in row] for row in log_rows(groups))
        return target.getvalue().encode("utf-8-sig", "replace")  # the mark has Excel read it as UTF-8
    from openpyxl import Workbook

    from assistant.faces.workbook_cells import head, wrap, write_text

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("未答问题")
    head(sheet, LOG_COLUMNS, (8, 60, 14, 22, 40, 18, 18, 8, 10))
    for number, row in enumerate(log_rows(groups), start=2):
        for column, text in enumerate(row, start=1):
            write_text(sheet, number, column, text)
    wrap(sheet)
    sheet.auto_filter.ref = sheet.dimensions
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def log_rows(groups: Sequence[Group]) -> Iterable[tuple[str, ...]]:
    for number, group in enumerate(groups, start=1):
        for one in group.entries:
            yield (
                str(one.number),
                printable(one.question),
                forms.STATUS_WORDS.get(one.status, one.status),
                words.reason_words(one.reason),
                printable(words.read_as_words(one)),
                words.local(one.at),
                words.local(one.done) if one.done else "",
                str(number),
                str(len(group.entries)),
            )


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula when it opens a csv file."""
    return f"'{cell}" if cell.lstrip()[:1] in tuple("=+-@\t\r") and cell.strip() else cell
