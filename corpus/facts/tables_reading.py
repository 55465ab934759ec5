"""What is known of a table while its cells are read, and which amount a cell holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.facts.tables_frame import Frame
from corpus.facts.tables_heads import Head
from corpus.facts.tables_lines import Cell
from corpus.facts.tables_units import Stated
from corpus.model import Fact, Quantity, Report

_FOOTNOTE = re.compile(r"[①-⑳⑴-⒇*#]{1,3}|[\[(](?:注? ?\d{1,2}|[①-⑳])[\])]|(?:\(预计\)|\(初步\))")


@dataclass(slots=True)
class Reading:
    """One table while it is read: what is known of its columns, and the levels that later cells are about."""

    report: Report
    folded: str
    frame: Frame
    columns: dict[int, tuple[Head, ...]]
    stated: Stated
    quantities: Sequence[Quantity]
    starts: list[int]
    horizon: int | None = None
    """The last of the years that a plan's columns name, where it is not also the first."""
    baseline: int | None = None
    """The year of the state that a plan begins with, where a head says so (基期)."""
    large: dict[int, bool] = field(default_factory=dict)
    by_column: dict[int, list[tuple[str, Fact]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Names:
    """The heads of a row, from the outermost, and those of what it is a part of."""

    own: tuple[Head, ...]
    parents: tuple[Head, ...]
    measure: tuple[Head, ...] = ()
    """The metric of a row above, for a row that names none, where neither columns nor title do."""


def number_in(reading: Reading, cell: Cell | None) -> Quantity | None:
    """Return the amount that a cell is, wholly but for a sign or a footnote."""
    found = first_in(reading, cell)
    return found[0] if found and found[1] in ("", "+") and not found[2] else None


def first_in(reading: Reading, cell: Cell | None) -> tuple[Quantity, str, str] | None:
    """Return the first amount of a cell, what stands before it and what after it, a footnote mark apart."""
    if cell is None or not cell.filled:
        return None
    at = bisect_left(reading.starts, cell.start)
    if at == len(reading.quantities) or reading.quantities[at].start >= cell.end:
        return None
    quantity = reading.quantities[at]
    raw = reading.report.text
    before = reading.folded[cell.start : max(cell.start, quantity.full_start)].strip()
    after = raw[quantity.full_end : cell.end].strip()
    if _FOOTNOTE.fullmatch(after):
        after = ""
    return quantity, before, after
