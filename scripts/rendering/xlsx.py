"""The tables of a report as a workbook, one sheet a table."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO

from scripts.rendering.docx import same_bytes
from scripts.rendering.draft import Block, Cell, tables

_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.(\d{1,6}))?")


def workbook(draft: list[Block]) -> bytes | None:
    """Return the .xlsx with title and unit row above each table, or None where the report has no table."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, Side

    book = Workbook()
    book.remove(book.active)
    thin = Side(style="thin")
    for number, (caption, unit, block) in enumerate(tables(draft), 1):
        name = re.sub(r"[\\/*?:\[\]\s：]", "", caption)[:24]
        sheet = book.create_sheet(f"{number}{name}" if name else f"表{number}")
        width = max(len(row) for row in block.rows)
        top = 1
        for text, side in ((caption, "center"), (unit, "right")):
            if text:
                sheet.cell(top, 1, text).alignment = Alignment(horizontal=side)
                sheet.cell(top, 1).font = Font(bold=side == "center")
                sheet.merge_cells(start_row=top, end_row=top, start_column=1, end_column=width)
                top += 1
        for y, row in enumerate(block.rows, top):
            for x, cell in enumerate(row, 1):
                if cell is None:
                    continue
                value, shown = _value(cell)
                target = sheet.cell(y, x, value)
                target.number_format = shown
                target.border = Border(thin, thin, thin, thin)
                if cell.across > 1 or cell.down > 1:
                    sheet.merge_cells(
                        start_row=y, end_row=y + cell.down - 1, start_column=x, end_column=x + cell.across - 1
                    )
    if not book.worksheets:
        return None
    book.properties.created = book.properties.modified = dt.datetime(2001, 1, 1)
    out = BytesIO()
    book.save(out)
    fixed = re.compile(rb"<dcterms:modified.*?</dcterms:modified>")
    return same_bytes(out.getvalue(), lambda part: fixed.sub(b"", part))


def _value(cell: Cell) -> tuple[str | int | float, str]:
    """A plain number becomes one, shown with its decimals; years of a head, shares and the rest stay text."""
    plain = _PLAIN.fullmatch(cell.text)
    if not plain or cell.is_head:
        return cell.text, "General"
    places = len(plain[1] or "")
    return (float(Decimal(cell.text)) if places else int(cell.text)), f"0.{'0' * places}" if places else "0"
