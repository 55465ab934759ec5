"""The report as a Word document."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from scripts.rendering.draft import Block

_DAY = (2001, 1, 1, 0, 0, 0)
_NUMBER = 900
_CHINESE = ["", *"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五", ""]
_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "(%2)"), ("decimal", "%3."))
_LATIN = re.compile(r"([0-9A-Za-z.,%]+)")


def document(draft: list[Block], dice: random.Random) -> bytes:
    """Return the .docx: headings as styles, as bold or as counted paragraphs, a running head, page numbers, tables."""
    from docx import Document
    from docx.shared import Pt

    made = Document()
    made.core_properties.created = made.core_properties.modified = dt.datetime(*_DAY)
    made.core_properties.author = made.core_properties.title = made.core_properties.comments = ""
    styled, split_runs = dice.random() < 0.5, dice.random() < 0.5
    bare = counted(draft) if dice.random() < 0.5 else None
    if bare is not None:
        _define_numbers(made)
    title = next((b.text for b in draft if b.kind == "title"), "")
    _furnish(made.sections[0], dice.choice(["", title]))
    for block in draft:
        if block.kind == "table":
            _table(made, block)
        elif block.kind == "title":
            made.add_heading(block.text, 0)
        elif block.kind == "heading" and bare is not None:
            level, text = bare.pop(0)
            paragraph = made.add_paragraph()
            _runs(paragraph, text, split_runs, bold=True)
            numbers = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbers.get_or_add_ilvl().val, numbers.get_or_add_numId().val = level, _NUMBER
        elif block.kind == "heading" and styled:
            made.add_heading(block.text, min(block.level, 9))
        else:
            paragraph = made.add_paragraph()
            _runs(paragraph, block.text, split_runs, bold=block.kind in ("heading", "caption"))
            if block.kind in ("meta", "caption"):
                paragraph.alignment = 1
            elif block.kind == "unit":
                paragraph.alignment = 2
            else:
                paragraph.paragraph_format.first_line_indent = Pt(24)
    out = BytesIO()
    made.save(out)
    return same_bytes(out.getvalue())


def counted(draft: list[Block]) -> list[tuple[int, str]] | None:
    """Return level and bare text of every heading, None where Word's counting would not print the same numbers."""
    found, counts = [], [0] * len(_LEVELS)
    for block in draft:
        if block.kind != "heading":
            continue
        for level, (_, form) in enumerate(_LEVELS):
            counts_here = counts[level] + 1
            number = f"{counts_here}" if form == "%3." else _CHINESE[min(counts_here, len(_CHINESE) - 1)]
            printed = re.sub(r"%\d", number, form)
            if block.text.startswith(printed) and not block.text[len(printed) :][:1].isdigit():
                counts[level:] = [counts_here, *[0] * (len(_LEVELS) - level - 1)]
                found.append((level, block.text[len(printed) :]))
                break
        else:
            return None
    return found


def _define_numbers(made: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{name}"/><w:suff w:val="nothing"/><w:lvlText w:val="{form}"/></w:lvl>'
        for i, (name, form) in enumerate(_LEVELS)
    )
    root = made.part.numbering_part.element
    root.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBER}">{levels}</w:abstractNum>')
    )
    root.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{_NUMBER}"><w:abstractNumId w:val="{_NUMBER}"/></w:num>')
    )


def _runs(paragraph: Any, text: str, split_runs: bool, *, bold: bool) -> None:
    """Word keeps runs of Latin and of Chinese characters apart, and splits them wherever someone typed."""
    for part in _LATIN.split(text) if split_runs else [text]:
        if part:
            paragraph.add_run(part).bold = bold or None


def _furnish(section: Any, running: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    section.header.paragraphs[0].text = running
    foot = section.footer.paragraphs[0]
    foot.alignment = 1
    foot.add_run("第 ")
    for kind, said in (("begin", ""), ("", "PAGE"), ("separate", ""), ("", "1"), ("end", "")):
        run = foot.add_run("1" if said == "1" else "")
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif said == "PAGE":
            code = OxmlElement("w:instrText")
            code.text = " PAGE "
            run._r.append(code)
    foot.add_run(" 页")


def _table(made: Any, block: Block) -> None:
    width = max(len(row) for row in block.rows)
    table = made.add_table(len(block.rows), width, style="Table Grid")
    grid = [list(row.cells) for row in table.rows]  # once: every look-up walks the table
    for y, row in enumerate(block.rows):
        for x, cell in enumerate(row):
            if cell is None:
                continue
            target = grid[y][x]
            if cell.across > 1 or cell.down > 1:
                target = target.merge(grid[y + cell.down - 1][x + cell.across - 1])
            target.text = cell.text


def same_bytes(data: bytes, change: Callable[[bytes], bytes] = lambda part: part) -> bytes:
    """Pack an Office file again with one fixed date, so that the same seed gives the same file."""
    out = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = ZipInfo(name, _DAY)
            info.compress_type = ZIP_DEFLATED
            new.writestr(info, change(old.read(name)))
    return out.getvalue()
