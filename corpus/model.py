"""The nouns of the project: plain frozen dataclasses without I/O or third-party imports.

Positions are character offsets into ``Report.text``, which is fixed when a report is read;
nothing normalises it later, so ``report.text[start:end]`` is byte for byte what was stored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Kind = Literal["actual", "plan", "target", "policy", "reference"]
Role = Literal["level", "base", "change", "rate", "share", "limit"]
"""What a value is to its metric: the value itself; the value of the period it is compared with; the
amount or percentage of a change; a part of a whole in per cent; a bound that a text demands."""


_DEEPEST = 12
"""No section lies deeper; a position that none of so many sections before it holds stands behind them all."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it: ``[start, end)`` covers the heading and its text.

    ``path`` is the chain of headings from the outermost down to this one, as printed.
    """

    title: str
    level: int
    start: int
    end: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the characters ``[start, end)`` of a report's text stand in the file that it was read from.

    ``page`` counts from 1; ``cell`` is written as in a workbook ("C7"); ``box`` is (left, top, right, bottom) in
    thousandths of the page's width and height; ``confidence`` (0 to 1) is given where a machine recognised the
    characters in a picture, and is that of its least sure character.
    """

    start: int
    end: int
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None
    box: tuple[int, int, int, int] | None = None
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One document as read. ``id`` is derived from the text, so it names exactly this version.

    ``format`` is what the file was ("text", "html", "pdf", "scan", "docx", "xlsx" …), ``document`` what kind of
    document it is (自评报告, 经费执行情况公告 …), ``places`` where its text stands in the file, in order and without
    overlap, and ``notes`` what a person should know about how it was read, one Chinese line each.

    The text of a school table is the table written out; it has no sections, passages or facts.
    """

    id: str
    text: str
    title: str
    source: str
    region: str | None = None
    region_path: tuple[str, ...] = ()
    year: int | None = None
    published: dt.date | None = None
    url: str | None = None
    encoding: str = "utf-8"
    sections: tuple[Section, ...] = ()
    boilerplate: tuple[tuple[int, int], ...] = ()
    kind: Literal["report", "school_table"] = "report"
    format: str = "text"
    document: str | None = None
    places: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def text_sha256(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    def section_at(self, position: int) -> Section | None:
        """Return the innermost section that holds ``position``.

        Sections are in order of their start and end where the next of their level begins, so that the last one
        begun is the innermost; only behind the end of the text proper does one look further back.
        """
        index = bisect_right(self.sections, position, key=lambda section: section.start)
        found = (s for s in reversed(self.sections[max(0, index - _DEEPEST) : index]) if position < s.end)
        return next(found, None)

    def places_in(self, start: int, end: int) -> tuple[Place, ...]:
        """Return the places that ``[start, end)`` touches, in order; none where the format has no places."""
        first = bisect_right(self.places, start, key=lambda place: place.end)
        last = bisect_left(self.places, end, lo=first, key=lambda place: place.start)
        return self.places[first:last]

    def confidence(self, start: int, end: int) -> Decimal | None:
        """Return how sure the recognition is of ``[start, end)``: its least sure place; None for typed text."""
        return min(
            (p.confidence for p in self.places_in(start, end) if p.confidence is not None), default=None
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a report: ``report.text[start:end] == text``."""

    report_id: str
    start: int
    end: int
    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A written amount. ``text[start:end]`` is number and unit; qualifiers stand outside the span.

    ``value`` is the number as printed before the unit ("100" of 100万元), ``unit`` the canonical
    unit with its scale ("万元"); ``upper`` is the other end of a range. ``as_printed`` is number and
    unit without blanks and in half-width ("18.81%").
    """

    start: int
    end: int
    value: Decimal
    unit: str
    as_printed: str
    upper: Decimal | None = None
    qualifier: str | None = None
    full_start: int = -1
    full_end: int = -1
    """The span with the qualifiers before and after it."""


@dataclass(frozen=True, slots=True)
class Period:
    """A written time. ``key`` is "2022", "2022-08", "2022H1", "2020/2022", or None if unresolved.

    ``relative`` keeps words such as 上年 or 目前 that are resolved from the context.
    """

    start: int
    end: int
    key: str | None
    relative: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value a report states. Reading ``report.text[start:end]`` again gives value and unit.

    ``label`` is what the sentence itself calls the value (before and after the number), ``metric``
    the catalogue's name where it is known, else the label without its trimmings; ``of`` is, for a
    change, a rate or a share, the id of the fact that it is about.
    """

    id: str
    report_id: str
    region: str | None
    subject: str
    metric: str
    metric_id: str | None
    stage: str | None
    value: Decimal
    unit: str
    as_printed: str
    period: str | None
    qualifier: str | None
    kind: Kind
    role: Role
    label: str
    context: str
    section: str
    start: int
    end: int
    clause: tuple[int, int]
    sentence: tuple[int, int]
    direction: str | None = None
    of: str | None = None
    upper: Decimal | None = None
    base_period: str | None = None
    confidence: Decimal | None = None
    """How sure the recognition is of the number and of the words that name it, 0 to 1; None for typed text."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A catalogue entry. ``words`` are all names by which texts and people call it."""

    id: str
    name: str
    unit: str
    synonyms: tuple[str, ...] = ()
    family: str | None = None
    """Metrics of one family look alike and must not be mixed."""
    per_stage: bool = False
    direction: Literal["up", "down"] | None = None
    defined_in: str = ""
    """The document that defines it; 未核实 where that could not be confirmed."""
    note: str = ""
    """What is counted in and what is not, in one line."""
    alone: bool = False
    """Its words name it only where nothing but a stage, a place or a time stands beside them (在校生)."""
    by_stage: str | None = None
    """The unit in which a stage alone is a count of it (小学12所)."""
    preschool: str | None = None
    """The id of what it is called of kindergartens (在校学生数: 在园幼儿数)."""

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Document:
    """A report with everything read from it, the unit that a store keeps or replaces whole."""

    report: Report
    passages: tuple[Passage, ...]
    facts: tuple[Fact, ...] = field(default=())
