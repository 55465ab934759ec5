"""Footnotes: small rows at a page's foot whose mark stands in the text above."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.readers._page_flow import Margins, Paragraph, begin
from corpus.readers._page_rows import Row
from corpus.readers._page_sheets import Sheet
from corpus.readers._page_tables import TableBlock
from corpus.readers._raised import raised

_SMALLER = 0.93
_MARK = re.compile(
    r"\s*(?:([①-⑳])|[\[〔［【(（](\d{1,2})[\]〕］】)）]|(\d{1,2})(?=\s*[^\s\d.．、,，:：%％‰~～\-—年月日]))[:：]?\s*"
)


def footnotes_of(sheet: Sheet, left_out: set[int], size: float) -> list[Row]:
    """The rows of a sheet that are footnotes, from top to bottom; ``size`` is that of the document's letters."""
    rows = [r for r in sheet.rows() if id(r) not in left_out]
    first = len(rows)
    while first and rows[first - 1].size <= _SMALLER * size:
        first -= 1
    above = "".join(_texts(sheet, {id(r) for r in rows[first:]} | left_out))
    for index in range(first, len(rows)):
        mark = _mark(rows[index].text)
        if mark and mark in above:
            return rows[index:]
    return []


def noted(rows: Sequence[Row], margins: Margins) -> list[Paragraph]:
    """Footnotes as paragraphs that begin with 注 and their mark."""
    found: list[Paragraph] = []
    for row in rows:
        if found and not _mark(row.text) and row.box.left <= margins.right:
            found[-1].take(row, margins)
        else:
            found.append(begin(row, margins))
    for note in found:
        if marked := _MARK.match(note.text):
            note.replace(marked.end(), f"注{_mark(note.text)}：")
    return found


def _mark(text: str) -> str:
    """The mark that a note begins with, written as in the text (①); empty without one."""
    found = _MARK.match(text)
    return (found[1] or raised(found[2] or found[3], "")) if found else ""


def _texts(sheet: Sheet, left_out: set[int]) -> list[str]:
    texts: list[str] = []
    for region in sheet.regions:
        for item in region.items:
            if isinstance(item, TableBlock):
                texts += [cell.text for row in item.rows for cell in row]
            elif id(item) not in left_out:
                texts.append(item.text)
    return texts
