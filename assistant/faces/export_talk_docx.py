"""A conversation as a Word document: each question with its answer, how it was calculated, and what it cites."""

from __future__ import annotations

from io import BytesIO

from assistant.faces import export_talk, forms
from assistant.faces import talk_forms as words
from assistant.faces.paper import set_look, write_lines, write_table
from assistant.faces.talk_forms import Talk
from assistant.faces.workbook_cells import printable


def document(talk: Talk) -> bytes:
    """Return the conversation as docx. Everything in it is text."""
    import docx

    paper = docx.Document()
    set_look(paper)
    paper.add_heading(printable(talk.conversation.title), 0)
    write_lines(
        paper, [f"{words.local(talk.conversation.begun)} 至 {words.local(talk.conversation.changed)}"]
    )
    for number, (turn, answer) in enumerate(talk.turns, start=1):
        paper.add_heading(printable(f"问{number}：{turn.question}"), 1)
        write_lines(paper, answer.text.split("\n"))
        write_lines(paper, [f"注意：{warning}" for warning in answer.warnings])
        if answer.values:
            rows = [
                (
                    value.region or "—",
                    forms.period_words(value.period) if value.period else "—",
                    value.metric,
                    (value.qualifier or "") + value.value + value.unit,
                    forms.source_words(value.source),
                )
                for value in answer.values
            ]
            write_table(paper, ("地区", "时间", "指标", "数值", "来源"), rows, (4, 3, 10, 5, 3))
        for name, lines in (
            ("怎么算的", export_talk.formula_lines(answer)),
            ("出处", export_talk.source_lines(talk, answer)),
        ):
            if lines:
                paper.add_heading(name, 2)
                write_lines(paper, lines)
        write_lines(paper, [export_talk.head_words(turn, answer)])
    if talk.reports:
        paper.add_heading("引用的资料", 1)
        rows = [
            (report.title, report.source, report.region or "—", report.id, report.text_sha256)
            for report in talk.reports.values()
        ]
        write_table(paper, ("标题", "文件", "地区", "编号", "正文 sha256"), rows, (7, 5, 3, 4, 6))
    target = BytesIO()
    paper.save(target)
    return target.getvalue()
