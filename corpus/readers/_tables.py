"""Tables of web pages and documents as lines: one line a row, cells joined by " | "."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SEPARATOR = " | "
MERGED = "(合并)"
"""Stands for a figure that a merged cell shares: repeating it would state it of a row that it is not of."""

_MOST_CELLS = 20_000
_WIDEST = 200
_LONG_CELL = 400
_NUMBER = re.compile(r"[\d.,，%％‰/\-—\s\u00a0]+")


@dataclass(slots=True)
class Line:
    """A line of text; ``furniture`` if it stands in a menu, a footer or the like."""

    text: str
    furniture: bool = False


@dataclass(slots=True)
class _Cell:
    lines: list[Line]
    across: int
    down: int

    @property
    def text(self) -> str:
        return " ".join(line.text.strip() for line in self.lines)


@dataclass(slots=True)
class Table:
    """A table while it is read. A layout table (it holds tables or paragraphs) gives its cells' lines."""

    is_layout: bool = False
    rows: list[list[_Cell]] = field(default_factory=list)
    spans: list[tuple[str, str]] = field(default_factory=list)
    """colspan and rowspan, as written, of the cells that are open."""

    def add_row(self) -> None:
        self.rows.append([])

    def add_cell(self, lines: list[Line], span: tuple[str, str]) -> None:
        if not self.rows:
            self.rows.append([])
        across, down = (_count(s) for s in span)
        self.rows[-1].append(_Cell(lines, min(across, _WIDEST), down))

    def lines(self) -> list[Line]:
        cells = [cell for row in self.rows for cell in row]
        widest = max((len(row) for row in self.rows), default=0)
        if self.is_layout or widest < 2 or any(len(c.lines) > 3 and len(c.text) > _LONG_CELL for c in cells):
            return [line for cell in cells for line in cell.lines]
        furniture = bool(cells) and all(line.furniture for cell in cells for line in cell.lines)
        joined = (_row_text(row) for row in self.grid())
        return [Line(text, furniture) for text in joined if text.replace("|", "").strip()]

    def grid(self) -> list[list[str]]:
        """Rows of texts with merged cells filled in: words repeated, figures marked as merged."""
        if sum(c.across * min(c.down, len(self.rows)) for row in self.rows for c in row) > _MOST_CELLS:
            return [[cell.text for cell in row] for row in self.rows]
        grid: list[list[str]] = []
        hanging: dict[int, tuple[int, str]] = {}  # column: rows still to fill from above, and with what
        for row in self.rows:
            if len(row) == 1 and row[0].across > 1 and not hanging:
                grid.append([row[0].text])  # a caption across the table
                continue
            filled: list[str] = []
            below: dict[int, tuple[int, str]] = {}
            waiting = list(reversed(row))
            while waiting or len(filled) in hanging:
                column = len(filled)
                if column in hanging:
                    left, text = hanging[column]
                    filled.append(text)
                    if left > 1:
                        below[column] = (left - 1, text)
                    continue
                cell = waiting.pop()
                shared = shared_text(cell.text)
                filled.extend([cell.text, *[shared] * (cell.across - 1)])
                if cell.down > 1:
                    below |= {column + offset: (cell.down - 1, shared) for offset in range(cell.across)}
            hanging = below
            grid.append(filled)
        return grid


def shared_text(text: str) -> str:
    """Return what the further cells of a merged area show: its words, but never its figure."""
    return MERGED if _NUMBER.fullmatch(text) and re.search(r"\d", text) else text


def _row_text(cells: list[str]) -> str:
    return SEPARATOR.join(cells) if len(cells) > 1 else "".join(cells)


def _count(written: str) -> int:
    return max(1, min(int(written), 1000)) if re.fullmatch(r"[0-9]{1,5}", written) else 1


def furniture_spans(lines: list[Line]) -> tuple[tuple[int, int], ...]:
    """Spans of the marked lines; none if they would be most of the text, for then the marks mean nothing."""
    total, marked = sum(len(x.text) for x in lines), sum(len(x.text) for x in lines if x.furniture)
    if marked * 2 > total and sum(x.furniture and "。" in x.text for x in lines) > 2:
        return ()
    spans, position = [], 0
    for line in lines:
        if line.furniture:
            spans.append((position, position + len(line.text)))
        position += len(line.text) + 1
    return tuple(spans)
