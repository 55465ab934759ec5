"""Audits as a Word report that an office can forward: what does not hold and why, then the rest, and the method."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from assistant.faces import audit_words as words
from assistant.faces.audited import Audited, class_of
from assistant.faces.paper import set_look, write_lines, write_section, write_table
from assistant.faces.workbook_cells import printable
from tools.audit.model import Finding

if TYPE_CHECKING:
    from docx.document import Document

HEADS = ("序号", "核的是", "原文和所在章节", "报告所写", "复算", "算式", "说明")
WIDTHS = (1.2, 2.0, 6.4, 2.3, 2.6, 4.6, 6.6)


def document(audits: Sequence[Audited]) -> bytes:
    """Return audits as docx, one after the other, each with its own findings; the method stands once."""
    import docx

    paper = docx.Document()
    set_look(paper)
    for number, audited in enumerate(audits):
        _report(paper, audited, fresh_page=number > 0)
    write_section(paper, "核数的方法", words.METHOD)
    write_section(paper, "不作判断的", words.NOT_JUDGED)
    target = BytesIO()
    paper.save(target)
    return target.getvalue()


def _report(paper: Document, audited: Audited, *, fresh_page: bool) -> None:
    report, counts = audited.report, audited.counts
    title = paper.add_heading(printable(f"{words.place_line(report)}核数报告"), 0)
    title.paragraph_format.page_break_before = fresh_page
    published = [f"发布日期：{report.published.isoformat()}"] if report.published else []
    write_lines(
        paper,
        [
            f"核的是：{report.title}",
            f"地区和年份：{words.place_line(report) or '未注明'}",
            *published,
            f"正文：{len(report.text)}字，sha256 {report.text_sha256}",
            f"结果：{words.counts_words(counts)}。" if audited.findings else "结果：没有找到可以复算的数。",
        ],
    )
    _listed(paper, audited, "一、不一致的（✗）", audited.of("inconsistent"), "没有发现不一致的数。")
    _listed(paper, audited, "二、有舍入差异的（≈）", audited.of("rounding"), "没有。")
    _listed(paper, audited, "三、不能复算的（?）", audited.of("not_recomputable"), "没有。")
    paper.add_heading("四、一致的（✓）", 1)
    write_lines(paper, [f"复算结果与报告所写一致的 {counts['consistent']} 处，逐条见 Excel 文件。"])
    if counts["hint"]:
        _listed(paper, audited, "五、供参考的提示（※，不是结论）", audited.of("hint"), "")


def _listed(paper: Document, audited: Audited, title: str, found: Sequence[Finding], none: str) -> None:
    paper.add_heading(title, 1)
    if not found:
        write_lines(paper, [none])
        return
    write_table(paper, HEADS, _rows(audited, found), WIDTHS)


def _rows(audited: Audited, found: Sequence[Finding]) -> Iterable[tuple[str, ...]]:
    for number, finding in enumerate(found, start=1):
        section = words.section_of(audited, finding)
        others = [
            f"依据：“{quote.text}”（{quote.place}）" for quote in words.quotes(audited, finding, others=True)
        ]
        place = [f"（{section}）"] if section else []
        reach = words.range_words(finding) if class_of(finding) != "consistent" else ""
        yield (
            str(number),
            words.check_name(finding),
            "\n".join([f"「{words.quote_of(audited, finding)}」", *place, *others]),
            words.stated_words(finding) or "—",
            (words.recomputed_words(finding) or "—") + (f"\n（舍入允许 {reach}）" if reach else ""),
            words.steps_words(finding.calculation) or "—",
            finding.explanation.text,
        )
