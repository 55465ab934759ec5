"""What Word reports are made of: one look, lines of text, sections, tables whose header is repeated.

Everything written is text: nothing of a table or a report becomes a field, a link or a style.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from assistant.faces.workbook_cells import printable

if TYPE_CHECKING:
    from docx.document import Document

FONT = "宋体"


def set_look(paper: Document) -> None:
    """Set one Chinese font and a page that wide tables fit on."""
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    page = paper.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Cm(29.7), Cm(21)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2)
    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style: Any = paper.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    normal: Any = paper.styles["Normal"]
    normal.font.size = Pt(10.5)


def write_lines(paper: Document, lines: Iterable[str], style: str | None = None) -> None:
    for line in lines:
        paper.add_paragraph(printable(line), style)


def write_section(paper: Document, title: str, lines: Sequence[str], none: str = "") -> None:
    paper.add_heading(title, 1)
    if lines:
        write_lines(paper, lines, "List Bullet")
    elif none:
        write_lines(paper, [none])


def write_table(
    paper: Document, heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] = ()
) -> None:
    """Add a table, its columns ``widths`` centimetres wide where they are given.

    Cells are reached row by row, as reaching each by its place costs a search.
    """
    from docx.shared import Cm, Pt

    grid = paper.add_table(1, len(heads), "Table Grid")
    grid.autofit = not widths
    for column, width in zip(grid.columns, widths, strict=False):
        column.width = Cm(width)
    for texts in (heads, *rows):
        line = grid.rows[0] if texts is heads else grid.add_row()
        for cell, text, width in zip_longest(line.cells, texts, widths):
            if width:
                cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(printable(text))
            run.font.size = Pt(9)
            run.bold = texts is heads
    _repeat_head(grid.rows[0])


def _repeat_head(row: Any) -> None:
    """Have the header repeated on every page."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
