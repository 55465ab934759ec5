"""Plain tables whose cells stand under each other, parted by blanks: which word belongs to which column.

Where the figures do not keep to columns, only rows that have all of them count, under one line with a head for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

_TOKEN = re.compile(r"[^\s]+")
_VALUE = re.compile(r"[+\-−]?\(?\d[\d,]*(?:\.\d+)?\)?[%‰]?|[—–―\-…*/·]{1,6}|\.{3,6}|1:\d+(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:[-—~/](?:19|20)?\d\d)?(?:学?年度?)?")
_BRACKET = re.compile(r"[(\[].{1,6}[)\]]")
_TITLE = re.compile(r"附?[表图]|\d{1,3}[-—.]\d{1,3}$|续表")
_UNIT = re.compile(r"^\(?(?:计量|金额)?单位 ?[:为]")
_MOST_HEADS = 4
_WORDS = re.compile(r"[\u4e00-\u9fff]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a line at ``[start, end)`` of the text; ``left`` and ``right`` are its columns on the page."""

    start: int
    end: int
    text: str
    left: int
    right: int

    @property
    def is_value(self) -> bool:
        return bool(_VALUE.fullmatch(self.text))

    @property
    def is_year(self) -> bool:
        return bool(_YEAR.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    tokens: tuple[_Token, ...]

    @property
    def values(self) -> tuple[_Token, ...]:
        """The figures that close the line, all of what follows its name."""
        found: list[_Token] = []
        for token in reversed(self.tokens):
            if not token.is_value:
                break
            found.append(token)
        return tuple(reversed(found))

    @property
    def name(self) -> tuple[_Token, ...]:
        return self.tokens[: len(self.tokens) - len(self.values)]

    @property
    def is_row(self) -> bool:
        """True for a name and figures behind it, and nothing else."""
        values = self.values
        named = any(_WORDS.search(token.text) for token in self.name)
        return named and len(values) > 1 and not all(token.is_year for token in values)


def aligned(folded: str, run: list[Span]) -> tuple[list[int], list[Span]]:
    """Return where strokes go in lines whose cells stand under each other, and the rows that are left out."""
    strokes: list[int] = []
    left_out: list[Span] = []
    for lines in _tables([_line(folded, *span) for span in run]):
        found, out = _aligned(folded, lines)
        strokes += found
        left_out += out
    return strokes, left_out


def _tables(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Cut a run where a line of several words, or more than one line, stands below rows: there a new table begins."""
    table: list[_Line] = []
    between: list[_Line] = []
    for line in lines:
        if not line.is_row:
            between.append(line)
            continue
        begins = len(between) > 1 or (between and len(between[0].tokens) > 1)
        if begins and any(other.is_row for other in table):
            yield table
            table = []
        table += [*between, line]
        between = []
    yield table


def _aligned(folded: str, lines: list[_Line]) -> tuple[list[int], list[Span]]:
    """Return the strokes of one table and its rows that are left out."""
    rows = [line for line in lines if line.is_row]
    if len(rows) < 2:
        return [], []
    first = lines.index(rows[0])
    width = max(len(row.values) for row in rows)
    if width < 2:
        return [], []
    if width == 2 and any(len(row.name) > 2 for row in rows):
        return [], []  # a list with two figures in a line is no table for sure
    columns = _columns([row for row in rows if len(row.values) == width])
    drawn: list[tuple[_Line, list[int]]] = []
    heads = _heads(lines[max(0, first - _MOST_HEADS) : first], columns, width)
    if heads is None:
        return [], [(row.start, row.end) for row in rows]
    left_out: list[Span] = []
    for row in rows:
        places = _places(row.values, columns) if columns else None
        if places is None and len(row.values) == width:
            places = list(range(width))
        if places is None:
            left_out.append((row.start, row.end))
            continue
        drawn.append((row, [-1] * len(row.name) + places))
    strokes: list[int] = []
    for line, at in [*heads, *drawn]:
        found = _strokes(folded, line, at, width)
        if found is None:
            if (line, at) in heads:
                return [], [(row.start, row.end) for row in rows]
            left_out.append((line.start, line.end))
        else:
            strokes += found
    return strokes, left_out


def _line(folded: str, start: int, end: int) -> _Line:
    tokens = []
    column, at = 0, start
    for match in _TOKEN.finditer(folded, start, end):
        column += sum(map(_wide, folded[at : match.start()]))
        right = column + sum(map(_wide, match.group()))
        tokens.append(_Token(match.start(), match.end(), match.group(), column, right))
        column, at = right, match.end()
    return _Line(start, end, tuple(tokens))


def _wide(char: str) -> int:
    return 2 if east_asian_width(char) in "WF" else 1


def _columns(rows: Sequence[_Line]) -> list[tuple[int, int]]:
    """Return the columns on the page that full rows keep to, [] where those of two columns overlap."""
    found = [
        (min(row.values[i].left for row in rows), max(row.values[i].right for row in rows))
        for i in range(len(rows[0].values))
    ]
    clear = all(found[i][1] < found[i + 1][0] for i in range(len(found) - 1))
    return found if clear and len(rows) > 1 else []


def _places(tokens: Sequence[_Token], columns: Sequence[tuple[int, int]]) -> list[int] | None:
    """Return the column that each token stands under, None where one stands under none or two under one."""
    found: list[int] = []
    for token in tokens:
        under = [i for i, (left, right) in enumerate(columns) if token.left <= right and token.right >= left]
        if len(under) != 1 or (found and under[0] <= found[-1]):
            return None
        found.append(under[0])
    return found


Placed = list[tuple[_Line, list[int]]]


def _heads(above: Sequence[_Line], columns: Sequence[tuple[int, int]], width: int) -> Placed | None:
    """Return the lines of heads with the column of each of their words, None where not every column has its own."""
    found: Placed = []
    for line in reversed(above):
        if any(token.is_value and not token.is_year for token in line.tokens) or _UNIT.match(
            line.tokens[0].text
        ):
            break
        if len(line.tokens) == 1 and not _BRACKET.fullmatch(line.tokens[0].text):
            break  # the title of the table, or the one metric of its columns
        if _TITLE.match(line.tokens[0].text):
            break
        places = _head_places(line, columns, width)
        if places is None:
            return None
        found.insert(0, (line, places))
    if not found or {place for _, places in found for place in places} - {-1} != set(range(width)):
        return None
    for level, (_, places) in enumerate(found[:-1]):
        own = {place for place in places if place >= 0}
        below = {place for _, lower in found[level + 1 :] for place in lower}
        for column in range(width):
            if column in own or column not in below:
                continue
            left = max((place for place in own if place < column), default=None)
            nearest = [place for place in own if place in below]
            if left is None or not columns or _nearest(column, nearest, columns) != left:
                return None  # a head that spans columns stands over their middle
    return found


def _nearest(column: int, others: Sequence[int], columns: Sequence[tuple[int, int]]) -> int | None:
    middle = sum(columns[column])
    return min(others, key=lambda other: abs(sum(columns[other]) - middle), default=None)


def _head_places(line: _Line, columns: Sequence[tuple[int, int]], width: int) -> list[int] | None:
    """Return the column of each word of a line of heads, -1 for one over the names; None where that is not sure."""
    if not columns:
        count = len(line.tokens)
        if count not in (width, width + 1):
            return None
        return [i - (count - width) for i in range(count)]
    places: list[int] = []
    for token in line.tokens:
        reaches = _reaches(columns, line)
        overlaps = [max(0, min(token.right, right) - max(token.left, left)) for left, right in reaches]
        best = max(range(len(overlaps)), key=overlaps.__getitem__)
        beside = sum(overlaps) - overlaps[best]
        place = best if overlaps[best] else -1
        if (places and place < places[-1]) or beside * 2 > overlaps[best]:
            return None  # it stands between columns or over several
        places.append(place)
    return places


def _reaches(columns: Sequence[tuple[int, int]], line: _Line) -> list[tuple[int, int]]:
    """Return the columns widened to the middle of the gaps between them."""
    edges = [(columns[i][1] + columns[i + 1][0]) / 2 for i in range(len(columns) - 1)]
    first = columns[0][0] - (columns[0][1] - columns[0][0]) - 2
    lefts = [first, *map(int, edges)]
    rights = [*map(int, edges), max(columns[-1][1], line.tokens[-1].right)]
    return list(zip(lefts, rights, strict=True))


def _strokes(folded: str, line: _Line, places: Sequence[int], width: int) -> list[int] | None:
    """Return where the strokes of a line go, one before each column; None where there is no room for them."""
    found: list[int] = []
    before, at = -1, line.start
    for token, place in zip(line.tokens, places, strict=True):
        if place > before:
            room = [i for i in range(at, token.start) if folded[i] == " "]
            if len(room) < place - before:
                return None
            found += room[-(place - before) :]
            before = place
        at = token.end
    return found
