"""A Word document's body as lines: paragraphs with their printed numbers, tables, text boxes, notes."""

from __future__ import annotations

import re
from typing import Any

from corpus.readers._tables import Line, Table
from corpus.readers._word_runs import Runs, chosen
from corpus.readers._word_styles import Numbering, Styles, child, is_on, tag, value, whole

_WRAPPERS = frozenset(("customXml", "ins", "moveTo", "smartTag", "sdtContent", "mc:Choice", "mc:Fallback"))
_CONTENTS = re.compile(r"toc \d|toc heading|目录")
_SPACES = re.compile(r"[ \t\r\f\v]+")
_NOTED = {"footnote": "注", "endnote": "尾注"}


class Body:
    """Walks a body once. ``seen`` counts what a person should know of, ``chunks`` embedded files."""

    def __init__(self, styles: Styles, numbering: Numbering, notes: dict[str, Any]) -> None:
        self._styles, self._numbering = styles, numbering
        self._notes = {
            (kind, value(note, "id") or ""): note
            for kind, root in notes.items()
            for note in root
            if value(note, "id")
        }
        self._told: set[tuple[str, str]] = set()
        self._waiting: list[tuple[str, str]] = []
        self._runs = Runs(styles)
        self._out: list[list[Line]] = [[]]
        self._contents: list[Line] = []
        self._carried = ""
        self._depth = 0
        self.seen = self._runs.seen
        self.chunks = 0

    def lines(self, body: Any) -> list[Line]:
        self._blocks(body)
        if self._carried:
            self._emit(self._carried, False)
        if self._runs.in_contents:  # a table of contents that never ends is none
            for line in self._contents:
                line.furniture = False
        return self._out[0]

    def _blocks(self, parent: Any, furniture: bool = False) -> None:
        for element in parent:
            name = tag(element)
            if name == "p":
                self._paragraph(element, furniture)
            elif name == "tbl":
                self._table(element, furniture)
            elif name == "sdt":
                gallery = value(child(element, "sdtPr", "docPartObj", "docPartGallery")) or ""
                if (content := child(element, "sdtContent")) is not None:
                    self._blocks(content, furniture or gallery == "Table of Contents")
            elif name == "mc:AlternateContent":
                self._blocks(chosen(element), furniture)
            elif name in _WRAPPERS:
                self.seen["revisions"] += name in ("ins", "moveTo")
                self._blocks(element, furniture)
            elif name == "altChunk":
                self.chunks += 1

    def _paragraph(self, element: Any, furniture: bool) -> None:
        properties = child(element, "pPr")
        style = value(child(properties, "pStyle")) if properties is not None else None
        opened = self._runs.in_contents
        text = self._carried + self._runs.read(element, style)
        boxes, notes = self._runs.boxes, self._runs.notes
        in_contents = self._runs.in_contents or (opened and bool(text.strip()))
        self._carried = ""
        end = child(properties, "rPr") if properties is not None else None
        if end is not None and any(child(end, gone) is not None for gone in ("del", "moveFrom")):
            self._carried, text = text, ""  # the end of the paragraph was deleted: it runs on in the next
        elif text.strip():
            text = self._number(properties, style, text) + text.lstrip(" \t")
        elif not (end is not None and is_on(child(end, "vanish"))):
            self._number(properties, style, "")
        name = self._styles.title(style)
        self._emit(text, furniture or bool(_CONTENTS.match(name)), in_contents)
        for box in boxes:
            self._blocks(box, furniture)
        self._waiting += [note for note in notes if note not in self._told]
        self._told.update(notes)
        if len(self._out) == 1:
            self._tell_notes()

    def _emit(self, text: str, furniture: bool, in_contents: bool = False) -> None:
        for part in text.split("\n"):
            tidy = _SPACES.sub(" ", part).strip(" ")
            if tidy.strip():
                line = Line(tidy, furniture or in_contents)
                self._out[-1].append(line)
                if in_contents and not furniture:
                    self._contents.append(line)

    def _number(self, properties: Any, style: str | None, text: str) -> str:
        numbers = child(properties, "numPr") if properties is not None else None
        number, level = value(child(numbers, "numId")), value(child(numbers, "ilvl"))
        by_style = self._styles.numbered(style) if number is None else None
        if number is not None:
            return self._numbering.next(whole(number), whole(level), text)
        if by_style is None or not by_style[0]:
            return ""
        at = by_style[1] if level is None else whole(level)
        return self._numbering.next(
            by_style[0], self._numbering.level_of(by_style[0], by_style[2]) if at is None else at, text
        )

    def _tell_notes(self) -> None:
        """The notes follow what refers to them, marked so that none reads as a heading."""
        waiting, self._waiting = self._waiting, []
        for kind, name in waiting:
            note = self._notes.get((kind, name))
            if note is None:
                continue
            self._out.append([])
            self._blocks(note)
            lines = self._out.pop()
            if lines:
                lines[0].text = f"{_NOTED[kind]}{self._runs.mark(kind, name)}：{lines[0].text}"
            self._out[-1].extend(lines)

    def _table(self, element: Any, furniture: bool) -> None:
        self._depth += 1
        rows = [self._row(row, furniture) for row in self._parts(element, "tr") if self._stays(row)]
        self._depth -= 1
        table = Table(is_layout=child(element, "tr", "tc", "tbl") is not None or any(r[1] for r in rows))
        spans = _spans([row for row, _ in rows])
        for y, (row, _) in enumerate(rows):
            table.add_row()
            for x, (_, across, _, lines) in enumerate(row):
                if (y, x) in spans:
                    table.add_cell(lines, (str(across), str(spans[y, x])))
        self._out[-1].extend(table.lines())
        if len(self._out) == 1:
            self._tell_notes()

    def _stays(self, row: Any) -> bool:
        properties = child(row, "trPr")
        changed = [
            name for name in ("ins", "del") if properties is not None and child(properties, name) is not None
        ]
        self.seen["revisions"] += len(changed)
        return "del" not in changed

    def _row(self, row: Any, furniture: bool) -> tuple[list[tuple[int, int, str, list[Line]]], bool]:
        """Return the cells as (column, columns covered, vMerge, lines), and whether one holds a table."""
        properties, cells, nested = child(row, "trPr"), list[tuple[int, int, str, list[Line]]](), False
        before = whole(value(child(properties, "gridBefore"))) if properties is not None else 0
        column = max(0, min(before, 200))
        if column:
            cells.append((0, column, "", []))
        for cell in self._parts(row, "tc"):
            own = child(cell, "tcPr")
            if own is not None and child(own, "cellDel") is not None:
                self.seen["revisions"] += 1
                continue
            across = max(1, min(whole(value(child(own, "gridSpan")), 1), 200)) if own is not None else 1
            merge = child(own, "vMerge") if own is not None else None
            self._out.append([])
            self._blocks(cell, furniture)
            lines = self._out.pop()
            nested |= any(True for _ in self._parts(cell, "tbl"))
            kind = "" if merge is None else value(merge) or "continue"
            cells.append((column, across, kind, lines))
            column += across
        return cells, nested

    def _parts(self, parent: Any, name: str) -> Any:
        """Yield children of a name, through content controls and the like."""
        for element in parent:
            kind = tag(element)
            if kind == name:
                yield element
            elif kind == "sdt" and (content := child(element, "sdtContent")) is not None:
                yield from self._parts(content, name)
            elif kind == "mc:AlternateContent":
                yield from self._parts(chosen(element), name)
            elif kind in _WRAPPERS:
                yield from self._parts(element, name)


def _spans(rows: list[list[tuple[int, int, str, list[Line]]]]) -> dict[tuple[int, int], int]:
    """Return how many rows each cell covers, by row and index; cells that one from above covers are left out."""
    spans: dict[tuple[int, int], int] = {}
    open_at: dict[int, tuple[int, int]] = {}  # column -> the cell that reaches down from above
    for y, row in enumerate(rows):
        below: dict[int, tuple[int, int]] = {}
        for x, (column, _, merge, lines) in enumerate(row):
            if merge == "continue" and column in open_at and not lines:
                spans[open_at[column]] += 1
                below[column] = open_at[column]
                continue
            spans[y, x] = 1
            if merge:
                below[column] = (y, x)
        open_at = below
    return spans
