"""A text report taken apart: a title, headings, paragraphs and tables, in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from corpus.sections import find

_MERGED = "(合并)"
_FIGURE = re.compile(r"[\d.,，%％‰/\-—\s]+")
_META = re.compile(r"\s*(?:地区|年度|日期|时间|来源|发布时间|发布日期|信息来源)\s*[:：]")
_UNIT = re.compile(r"[（(【\[]?\s*(?:计量|金额)?单位\s*[:：]")

_SENTENCE = re.compile(r"[。,，:：;；]")

Kind = Literal["title", "meta", "heading", "text", "caption", "unit", "table"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with how many columns and rows it covers; figures are told from words by ``is_figure``."""

    text: str
    across: int = 1
    down: int = 1
    is_head: bool = False

    @property
    def is_figure(self) -> bool:
        return bool(_FIGURE.fullmatch(self.text) and re.search(r"\d", self.text))


@dataclass(frozen=True, slots=True)
class Block:
    """A line of the report, or a table: ``rows`` hold, for every column, a cell or None where one reaches in."""

    kind: Kind
    text: str = ""
    level: int = 0
    rows: tuple[tuple[Cell | None, ...], ...] = field(default=())

    @property
    def heads(self) -> int:
        """How many rows of the table are its head."""
        return sum(any(cell and cell.is_head for cell in row) for row in self.rows)


def blocks(text: str) -> list[Block]:
    """Return the blocks of a report; blank lines go, every other line is in exactly one block."""
    headings = {s.start: s.level for s in find(text)}
    lines: list[tuple[int, str]] = []
    position = 0
    for line in text.split("\n"):
        if line.strip():
            lines.append((position + len(line) - len(line.lstrip()), line.strip()))
        position += len(line) + 1
    made: list[Block] = []
    for width, group in groupby(lines, lambda item: item[1].count(" | ")):
        taken = list(group)
        if width:
            _name_caption(made)
            made.append(Block("table", rows=_grid([line.split(" | ") for _, line in taken])))
        else:
            for start, line in taken:
                made.append(_line(line, headings.get(start), made))
    return made


def _line(line: str, level: int | None, before: list[Block]) -> Block:
    if _META.match(line) and len(line) < 60:
        return Block("meta", line)
    if level is not None and len(line) <= 60 and not line.endswith(("。", ";", "；", "%")):
        return Block("heading", line, level)
    if all(b.kind in ("title", "meta") for b in before) and len(line) <= 40 and not _SENTENCE.search(line):
        return Block("title", line)
    return Block("text", line)


def _name_caption(before: list[Block]) -> None:
    """Mark the unit line and the title line above a table."""
    index = len(before) - 1
    if index >= 0 and before[index].kind == "text" and _UNIT.match(before[index].text):
        before[index] = Block("unit", before[index].text)
        index -= 1
    if index >= 0 and before[index].kind == "text" and len(before[index].text) <= 50:
        if not before[index].text.endswith(("。", "；", ";")):
            before[index] = Block("caption", before[index].text)


def _grid(rows: list[list[str]]) -> tuple[tuple[Cell | None, ...], ...]:
    """Merge what repeats in the head, and what a "(合并)" marks below; words of the body stay as they are."""
    heads = 0
    for row in rows[:4]:
        if any(Cell(text).is_figure and not re.fullmatch(r"(?:19|20)\d\d", text) for text in row):
            break
        heads += 1
    heads = min(heads, len(rows) - 1)
    taken: set[tuple[int, int]] = set()
    grid: list[tuple[Cell | None, ...]] = []
    for y, row in enumerate(rows):
        cells: list[Cell | None] = []
        for x, text in enumerate(row):
            if (y, x) in taken:
                cells.append(None)
                continue
            across, down = _reach(rows, y, x, heads)
            taken |= {(y + i, x + j) for i in range(down) for j in range(across)}
            cells.append(Cell(text, across, down, y < heads))
        grid.append(tuple(cells))
    return tuple(grid)


def _reach(rows: list[list[str]], y: int, x: int, heads: int) -> tuple[int, int]:
    text, across, down = rows[y][x], 1, 1
    if y < heads and text:
        while x + across < len(rows[y]) and rows[y][x + across] == text:
            across += 1
        while y + down < heads and rows[y + down][x : x + across] == [text] * across:
            down += 1
    elif Cell(text).is_figure:
        while y + down < len(rows) and rows[y + down][x] == _MERGED:
            down += 1
    return across, down


def tables(draft: list[Block]) -> Iterator[tuple[str, str, Block]]:
    """Yield (caption, unit line, table) for every table; both lines may be ""."""
    for index, block in enumerate(draft):
        if block.kind == "table":
            above = {
                b.kind: b.text for b in draft[max(index - 2, 0) : index] if b.kind in ("caption", "unit")
            }
            yield above.get("caption", ""), above.get("unit", ""), block
