"""The shape of a table: which rows are heads, which columns name the rows, where one table ends and the next begins.

Only looks decide here; what a head means is read in ``tables_heads``. A head over several columns is repeated in each
or stands once before blank cells; a name over several rows likewise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.facts.tables_columns import Column, heads_of, is_ordinal, is_unit, is_unit_head, numbered, use_of
from corpus.facts.tables_lines import RULE, Cell, row_of

_LINE = re.compile(r"[^\n]+")
_CONTINUED = re.compile(
    r"\(?(?:续上?表|接上表|上接).{0,24}|第? ?\d{1,3} ?页|[—-] ?\d{1,3} ?[—-]|\d{1,3}/\d{1,3}"
)
_NAME_HEAD = re.compile(
    r"(?:指标|项目|名称|类别|类型|内容|科目|学校|单位|地区|区域|乡镇|镇街|县区|市县|学段|年级|年份|年度|学年|时间|收入|支出|种类|层次|级别|分类|教育|阶段)"
    r"(?:名称|项目|类别|类型|内容|阶段|分类)?|.{0,6}(?:名称|项目|类别|指标)"
)
_HEADS_ROWS = re.compile(r"^第.{1,3}部分|:$")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3} ?、|\([一二三四五六七八九十\d]{1,2}\)|\d{1,2} ?[.、](?!\d)"
)
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Row:
    """``names`` are the cells that name the row, from the left; ``group`` a line above it that stands alone."""

    cells: tuple[Cell, ...]
    names: tuple[Cell, ...]
    group: Cell | None

    @property
    def name(self) -> str:
        return " ".join(cell.text for cell in self.names)

    @property
    def blank(self) -> bool:
        """True for a name without figures: what the rows below it are of, or a row without data."""
        return not any(
            cell.filled and cell.text not in {name.text for name in self.names} for cell in self.cells
        )

    @property
    def heads_rows(self) -> bool:
        return self.blank and bool(self.names) and bool(_NUMBERED.match(self.names[-1].text))

    def at(self, column: Column) -> Cell | None:
        return self.cells[column.index] if column.index < len(self.cells) else None


@dataclass(frozen=True, slots=True)
class Block:
    """One table, or one of several side by side. ``above`` are lines within it that stand before its head."""

    start: int
    end: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    above: tuple[str, ...]
    top: int
    """Where the lines begin that may hold its title: the end of the table before it in the same run of lines."""

    @property
    def data(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.use == "data")


def blocks(folded: str, span: tuple[int, int]) -> list[Block]:
    """Return the tables in a span that ``table_lines`` found."""
    rows = [row for row in _rows(folded, span) if row]
    found: list[Block] = []
    for part in _parts(rows):
        found.extend(_blocks(part, found[-1].end if found else -1))
    return found


def _rows(folded: str, span: tuple[int, int]) -> list[list[Cell]]:
    lines = [m.span() for m in _LINE.finditer(folded, *span) if not RULE.fullmatch(m.group())]
    rows = [row_of(folded, *line) for line in lines]
    widths = [len(row) for row in rows if len(row) > 1]
    width = max(set(widths), key=widths.count, default=0)
    for index, (line, row) in enumerate(zip(lines, rows, strict=True)):
        if (
            len(row) == width - 2 and folded[line[0]] == "|"
        ):  # its first and last cell are blank, it has no frame
            blank = [Cell(line[0], line[0], "", "empty")], [Cell(line[1], line[1], "", "empty")]
            rows[index] = [*blank[0], *row, *blank[1]]
    return rows


def _alone(row: Sequence[Cell]) -> Cell | None:
    """Return the cell of a line that says one thing only: a caption, repeated in each column or not."""
    filled = [cell for cell in row if cell.filled]
    if filled and filled[0].looks == "text" and len({cell.text for cell in filled}) == 1:
        if len(filled) == 1 and len(row) > 1 and filled[0] is not row[0]:
            return None
        return filled[0]
    return None


def _parts(rows: list[list[Cell]]) -> Iterator[tuple[list[list[Cell]], list[list[Cell]], list[Cell]]]:
    """Cut a run of lines into tables: (head rows, other rows, captions above) of each."""
    at = 0
    head: list[list[Cell]] = []
    body: list[list[Cell]] = []
    above: list[Cell] = []
    while at < len(rows):
        captions: list[Cell] = []
        begin = at
        while at < len(rows) and (alone := _alone(rows[at])) is not None:
            captions.append(alone)
            at += 1
        depth = _depth(rows[at:]) if not body or (at < len(rows) and _heads_again(rows[at], head)) else 0
        if depth and body:
            again = {cell.text for row in head for cell in row if cell.filled}
            new = {cell.text for row in rows[at : at + depth] for cell in row if cell.filled}
            if new <= again:  # the head repeated on the next page
                at += depth
                continue
        if depth and (body or not head):
            if body:
                yield head, body, above
                body = []
            head, above = rows[at : at + depth], captions
            at += depth
        elif captions:
            (body.extend(rows[begin:at]) if body or head else above.extend(captions))
            if at < len(rows):
                body.append(rows[at])
                at += 1
        elif at < len(rows):
            body.append(rows[at])
            at += 1
    if body:
        yield head, body, above


def _heads_again(row: list[Cell], head: list[list[Cell]]) -> bool:
    """Tell whether a row amid a table is the head of a further one, or of the same on the next page."""
    filled = [cell for cell in row if cell.filled]
    if len(filled) < 2 or any(cell.looks == "number" for cell in filled):
        return False
    first = row[0].text.replace(" ", "")
    known = head[0][0].text.replace(" ", "") if head else ""
    return len(filled) == len(row) and bool(_NAME_HEAD.fullmatch(first) or (known and first == known))


def _depth(rows: list[list[Cell]]) -> int:
    """Return how many rows from the top are heads."""
    depth = 0
    for index, row in enumerate(rows[: _DEEPEST + 1]):
        over = {cell.text for upper in rows[:index] for cell in upper}
        if index and numbered([cell for cell in row if cell.text not in over]):
            return index + 1
        if index > _DEEPEST - 1 or not _may_head(row, rows[index + 1 :]):
            break
        if index and not _under(row, rows[index - 1]):
            break
        depth = index + 1
    return depth if depth < len(rows) else 0


def _may_head(row: list[Cell], below: list[list[Cell]]) -> bool:
    filled = [cell for cell in row if cell.filled]
    bare = [i for i, cell in enumerate(row) if cell.looks == "year" and cell.text.isdigit()]
    if bare and not _heads_years(row, bare, below):
        return False  # a count such as 2011 looks like a year
    return len(filled) > (len(row) > 2) and all(cell.looks in ("text", "year") for cell in filled)


def _heads_years(row: list[Cell], bare: list[int], below: list[list[Cell]]) -> bool:
    """Tell whether four-digit numbers of a row are years: by the words before them, or by going up or down steadily."""
    words = [cell.text.replace(" ", "") for cell in row[: bare[0]] if cell.filled]
    if not words or any(_NAME_HEAD.fullmatch(w) or is_ordinal(w) or is_unit_head(w) for w in words):
        return True
    years = [int(row[i].text) for i in bare]
    steps = [b - a for a, b in pairwise(years)]
    if not steps or not (min(steps) > 0 or max(steps) < 0):
        return False
    alike = any(i < len(other) and other[i].looks == "year" for other in below for i in bare)
    return len(years) > 2 or {abs(step) for step in steps} == {1} or not alike


def _under(row: list[Cell], above: list[Cell]) -> bool:
    """Tell whether a row of words goes on with the head above it rather than being the first of the table."""
    first, over = row[0], above[0]
    if all(is_unit(cell.text) for cell in row[1:] if cell.filled) and any(cell.filled for cell in row[1:]):
        return first.looks != "number" and (not first.filled or first.text in ("单位", "计量单位", over.text))
    return not first.filled or first.text == over.text


def _blocks(part: tuple[list[list[Cell]], list[list[Cell]], list[Cell]], top: int) -> Iterator[Block]:
    head, body, captions = part
    width = max(len(row) for row in (*head, *body))
    heads = [heads_of(head, column) for column in range(width)]
    plain = [row for row in body if _alone(row) is None]
    uses = [use_of(column, heads[column], plain) for column in range(width)]
    first = next((i for i, use in enumerate(uses) if use == "data"), width)
    used = [i for i in range(width) if uses[i] != "blank"]
    start = (head or body)[0][0].start
    end = body[-1][-1].end
    for indexes in _sides(used, uses, heads, first):
        columns = []
        begun = False
        for i in indexes:
            use = uses[i]
            begun |= use == "data"
            if use == "text":
                use = "data" if begun else "name"
            columns.append(Column(i, heads[i], use))  # type: ignore[arg-type]
        yield Block(
            start, end, tuple(columns), tuple(_named(body, columns)), tuple(c.text for c in captions), top
        )


def _sides(used: list[int], uses: list[str], heads: list[tuple[Cell, ...]], first: int) -> list[list[int]]:
    """Return the columns of each table of several that stand side by side; of one alone, all."""
    begins = [used[0]] if used else []
    for before, column in pairwise(used):
        if uses[column] != "text" or uses[before] not in ("data", "note") or column < first:
            continue
        if not any(uses[later] == "data" for later in used if later > column):
            continue
        name = heads[column][-1].text.replace(" ", "") if heads[column] else ""
        same = bool(name) and name == (heads[used[0]][-1].text.replace(" ", "") if heads[used[0]] else "")
        if same or (name and _NAME_HEAD.fullmatch(name)) or (not name and not any(heads)):
            begins.append(column)
    found = []
    for at, begin in enumerate(begins):
        end = begins[at + 1] if at + 1 < len(begins) else (used[-1] + 1)
        found.append([i for i in used if begin <= i < end])
    return found


def _named(body: list[list[Cell]], columns: list[Column]) -> Iterator[Row]:
    """Return the rows with their names; a blank name takes the one above it, unless it is the innermost."""
    names = [column.index for column in columns if column.use == "name"]
    above: dict[int, Cell] = {}
    group: Cell | None = None
    for row in body:
        alone = _alone(row)
        if alone is not None and (not names or not any(cell.looks == "number" for cell in row)):
            # a name whose cells are blank has no data; it heads the rows below only where it looks so
            repeated = len(row) == 1 or sum(cell.filled for cell in row) > 1
            if _CONTINUED.fullmatch(alone.text):
                continue
            if names and _NUMBERED.match(alone.text):
                above = {}
                yield Row(tuple(row), (alone,), group)
            elif repeated or _HEADS_ROWS.search(alone.text):
                group, above = alone, {}
            elif names:
                yield Row(tuple(row), (alone,), group)
            continue
        own: list[Cell] = []
        for place, index in enumerate(names):
            cell = row[index] if index < len(row) else None
            if cell is not None and cell.filled:
                if above.get(index) is None or above[index].text != cell.text:
                    above = {i: c for i, c in above.items() if i not in names[place:]}
                above[index] = cell
            elif index in above and (place + 1 < len(names) or (cell is not None and cell.looks == "merged")):
                cell = above[index]
            if cell is not None and cell.filled and all(cell.text != other.text for other in own):
                own.append(cell)
        yield Row(tuple(row), tuple(own), group)
