"""Where the numbers of an answer come from: each is placed, and its source is one that holds it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

from assistant.answer import Citation, Figure
from assistant.guard import Sources
from assistant.guard_quotes import quoted_span
from assistant.writing import quote_span
from corpus.folding import fold
from corpus.model import Fact, Quantity
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from corpus.whereabouts import where
from tools.calculation import Calculation
from tools.evidence import Clause, Evidence, Part, Sentence, Statement

LIST_NUMBER = re.compile(r"^\s*\d{1,2}\. ")
_DIGITS = re.compile(r"\d+(?:[,.]\d+)*")
_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百千半]")
"""What makes an amount a number: "亿元" alone is a unit."""
_QUOTE = re.compile(r"「([^」]*)」")


@dataclass(slots=True)
class Shelf:
    """Citations and calculations in the order of their first use."""

    sources: Sources
    citations: list[Citation] = field(default_factory=list)
    calculations: list[Calculation] = field(default_factory=list)

    def cite(self, item: Fact | Sentence, quoted: tuple[int, int] | None = None) -> int | None:
        """Return the number of the citation that shows ``item`` (and what was ``quoted`` of it)."""
        report = self.sources.report(item.report_id)
        if report is None:
            return None
        start, end = quote_span(item, report.text) if isinstance(item, Fact) else (item.start, item.end)
        if quoted is not None:
            start, end = min(start, quoted[0]), max(end, quoted[1])
        for i, held in enumerate(self.citations):
            if held.report_id == report.id and held.start <= start and end <= held.end:
                return i
        section = report.section_at(start)
        path = " > ".join(section.path) if section else ""
        at, quote = where(report, start, end), report.text[start:end]
        self.citations.append(
            Citation(
                report.id,
                report.title,
                path,
                quote,
                start,
                end,
                report.url,
                at.page,
                at.sheet,
                at.cells,
                None if at.confidence is None else str(at.confidence),
            )
        )
        return len(self.citations) - 1

    def statement(self, item: Statement) -> list[int]:
        """Put everything that bears out ``item`` on the shelf; return the citations to mark it with.

        Those are the figures it states or computes with, at first hand: what a count has counted, or a sum or a
        coefficient goes back to, stands in its steps.
        """
        marks: list[int | None] = []
        for source in item.sources:
            if isinstance(source, (Fact, Sentence)):
                marks.append(self.cite(source))
            elif isinstance(source, Calculation):
                self.calculation(source)
                cited = [self.cite(i.fact) for i in source.inputs if i.fact is not None]
                marks += cited if source.name not in _WIDE else []
        return list(dict.fromkeys(at for at in marks if at is not None))

    def calculation(self, item: Calculation) -> int:
        if item not in self.calculations:
            for source in item.inputs:
                if source.calculation is not None:
                    self.calculation(source.calculation)
            self.calculations.append(item)
        return self.calculations.index(item)


_WIDE = ("count", "sum", "mean", "std", "cv", "contribution")
"""Calculations over many schools."""


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a folded piece: its span, its digits, and its amount if it is one."""

    start: int
    end: int
    digits: str
    amount: Quantity | None


def figures(body: str, offset: int, cited: list[Evidence], shelf: Shelf) -> list[Figure]:
    """Return every number of a piece, ``offset`` characters into the answer, with what bears it out."""
    folded = fold(body)
    skip = match.end() if (match := LIST_NUMBER.match(body)) else 0
    years = [(p.start, p.end) for p in read_periods(folded) if p.key]
    quotes = [m.span(1) for m in _QUOTE.finditer(body)]
    steps = _steps(body, cited)
    parts = _parts(body, cited)
    found = []
    for number in _numbers(folded, skip):
        dated = any(a <= number.start < b for a, b in years)
        quote = next((body[a:b] for a, b in quotes if a <= number.start < b), None)
        made = next((c for a, b, c in steps if a <= number.start < b), None)
        part = next((p for a, b, p in parts if a <= number.start < b), None)
        source = (
            _of_part(part, shelf) if part is not None
            else _quoted(quote, number, cited, shelf) if quote is not None
            else f"calculation:{shelf.calculation(made)}" if made is not None
            else _stated(number, cited, shelf) if not dated
            else None
        ) or _label(number, cited, shelf)  # fmt: skip
        found.append(
            Figure(body[number.start : number.end], offset + number.start, offset + number.end, source)
        )
    return found


def _numbers(folded: str, skip: int) -> list[_Number]:
    found = [
        _Number(
            q.start, q.end, digits.group() if (digits := _DIGITS.search(q.as_printed)) else q.as_printed, q
        )
        for q in read_quantities(folded)
        if q.start >= skip and _NUMERAL.search(q.as_printed)
    ]
    # A range or a number in steps ("3亿5千万") holds several runs of digits in one span.
    found += [
        _Number(*m.span(), m.group(), None)
        for m in _DIGITS.finditer(folded, skip)
        if not any(n.start <= m.start() < n.end for n in found)
    ]
    return sorted(found, key=lambda n: n.start)


def _parts(body: str, cited: list[Evidence]) -> list[tuple[int, int, Part]]:
    """Return where the parts of cited statements stand in ``body``."""
    found = []
    for item in cited:
        if isinstance(item.item, Statement) and (at := body.find(item.text)) >= 0:
            for part in item.item.parts:
                found.append((at, at + len(part.text), part))
                at += len(part.text)
    return found


def _of_part(part: Part, shelf: Shelf) -> str | None:
    source = part.source
    if source is None:
        return "question"
    if part.label and not isinstance(source, Clause):
        if isinstance(source, Fact):
            shelf.cite(source)
        return "label"
    if isinstance(source, Clause):
        return f"standard:{source.standard}/{source.code}"
    if isinstance(source, Calculation):
        return f"calculation:{shelf.calculation(source)}"
    at = shelf.cite(source)
    return None if at is None else f"citation:{at}"


def _steps(body: str, cited: list[Evidence]) -> list[tuple[int, int, Calculation]]:
    """Return where formulas of cited calculations stand in ``body``."""
    found = []
    for item in cited:
        if isinstance(item.item, Calculation) and (at := body.find(item.item.steps)) >= 0:
            found.append((at, at + len(item.item.steps), item.item))
    return found


def _quoted(quote: str, number: _Number, cited: list[Evidence], shelf: Shelf) -> str | None:
    for item in cited:
        held = item.item
        if isinstance(held, (Fact, Sentence)):
            span = quoted_span(quote, item, shelf.sources.report(held.report_id))
            if span is not None and (at := shelf.cite(held, span)) is not None:
                return f"citation:{at}"
    return None


def _stated(number: _Number, cited: list[Evidence], shelf: Shelf) -> str | None:
    """Return the fact, result, or threshold that the amount is; None if it is none of these."""
    amount = number.amount
    if amount is None:
        return None
    for item in cited:
        held = item.item
        if isinstance(held, Fact) and (held.value, held.unit) == (amount.value, amount.unit):
            at = shelf.cite(held)
            if at is not None and holds(shelf.citations[at].quote, number.digits, amount.value):
                return f"citation:{at}"
    for item in cited:
        held = item.item
        if isinstance(held, Calculation) and (abs(held.value), held.unit) == (abs(amount.value), amount.unit):
            return f"calculation:{shelf.calculation(held)}"
    if holds(shelf.sources.question, number.digits, amount.value):
        return "question"
    for item in cited:
        held = item.item
        if isinstance(held, Calculation) and any(i.value == amount.value for i in held.inputs):
            return f"calculation:{shelf.calculation(held)}"
    return None


def _label(number: _Number, cited: list[Evidence], shelf: Shelf) -> str:
    """Return the source of a number that only names something: a year, an ordinal, a document number."""
    for item in cited:
        if isinstance(item.item, Clause) and holds(f"{item.item.source} {item.item.text}", number.digits):
            return f"standard:{item.item.standard}/{item.item.code}"
    for citation in shelf.citations:
        report = shelf.sources.report(citation.report_id)
        if holds(citation.quote, number.digits) or (
            report and holds(f"{report.title}\n{report.text}", number.digits)
        ):
            return "label"
    return "question" if holds(shelf.sources.question, number.digits) else "label"


def holds(text: str, digits: str, value: Decimal | None = None) -> bool:
    """True if ``text`` writes the number, in whatever width and grouping, or as a numeral of that value."""
    plain = re.sub(r"(?<=\d)[ ,](?=\d)|(?<=\d) (?=\.\d)|(?<=\.) (?=\d)", "", fold(text))
    if re.search(rf"(?<![\d.]){re.escape(digits.replace(',', ''))}(?!\d|\.\d)", plain):
        return True
    return value is not None and any(value in (q.value, q.upper) for q in read_quantities(fold(text)))
