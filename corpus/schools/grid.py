"""What a file holds before anyone knows what it means: the cells of one sheet, by row and column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

Form = Literal["text", "number", "percent", "date", "boolean", "error", "formula"]


@dataclass(frozen=True, slots=True)
class Raw:
    """One filled cell. ``printed`` is one line: plain decimal for a number, the formula for one without a value."""

    printed: str
    form: Form = "text"


class Area(NamedTuple):
    """A merged area, ends included, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Grid:
    """One sheet, or a CSV file (``sheet`` None): filled cells by (row, column), both counted from 1.

    ``widths`` holds the number of fields of each line of a CSV file, ``areas`` the merged areas by row.
    """

    sheet: str | None
    cells: Mapping[tuple[int, int], Raw]
    merged: tuple[Area, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    widths: Mapping[int, int] | None = None
    areas: Mapping[int, tuple[Area, ...]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> list[int]:
        """The rows that hold something, from the top."""
        return sorted({row for row, _ in self.cells})

    @cached_property
    def columns(self) -> list[int]:
        """The columns that hold something, from the left."""
        return sorted({column for _, column in self.cells})

    def area_at(self, row: int, column: int) -> Area | None:
        """Return the merged area that holds a cell, if it is part of one."""
        return next((area for area in self.areas.get(row, ()) if area.holds(row, column)), None)

    def at(self, row: int, column: int) -> Raw | None:
        """Return what a cell shows: in a merged area what its first cell holds."""
        area = self.area_at(row, column)
        return self.cells.get((area.top, area.left) if area else (row, column))

    def where(self, row: int, column: int) -> str:
        """Name a cell for a person: 工作表“…”D2, in a CSV file D2."""
        ref = ref_of(row, column)
        return f"工作表“{self.sheet}”{ref}" if self.sheet is not None else ref


@lru_cache(maxsize=4096)
def letters(column: int) -> str:
    """Return the letters of a column counted from 1.

    >>> letters(1), letters(27), letters(702)
    ('A', 'AA', 'ZZ')
    """
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def ref_of(row: int, column: int) -> str:
    return f"{letters(column)}{row}"


LONGEST = 200
"""Characters of a cell that are kept: no name of a school and no number is longer, and a file may repeat one text."""


@lru_cache(maxsize=8192)
def one_line(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` (of a long one the beginning) without line breaks and characters that are not seen, so it cannot pass for two lines.

    A line break inside Chinese only wraps, so it goes; beside other writing it becomes a blank.

    >>> one_line("城南\\n小学"), one_line("A\\nB\\u202e ")
    ('城南小学', 'A B')
    """
    text = text[: 4 * longest]
    text = re.sub(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", "\n", text)
    text = re.sub(r"(?<![!-~])\n|\n(?![!-~])", "", text).replace("\n", " ").replace("\t", " ")
    seen = "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")).strip()
    return seen if len(seen) <= longest else seen[:longest] + "……"


def shortened(text: str) -> str:
    """Return ``text`` as a message quotes it: in full, unless it is no cell's content but a whole page."""
    return text if len(text) <= 80 else text[:60] + f"……（共{len(text)}字）"
