"""Read the facts of a report: every quantity with what it measures, where, when and in which role."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from corpus.facts.asides import stated
from corpus.facts.certainty import with_confidence
from corpus.facts.identify import identify
from corpus.facts.projects import keep_names
from corpus.facts.reading import Reader
from corpus.facts.spots import mask
from corpus.facts.tables import table_facts, table_lines
from corpus.facts.tables_ruled import ruled
from corpus.facts.times import Clock
from corpus.folding import fold
from corpus.model import Fact, Quantity, Report
from corpus.passages import sentences
from corpus.periods import read_periods
from corpus.quantities import read_quantities


def read_facts(report: Report) -> tuple[Fact, ...]:
    """Return the facts of ``report`` in order of their position.

    Quantities in boilerplate, in titles within 《》, in headings' numbering, in names of indicators and in
    conditions ("2000人以上的学校") are no facts. A fact's ``period`` is a year or part of one; ``None`` when
    neither text nor report says it.
    """
    folded = fold(report.text)
    furniture = _Spans(report.boilerplate)
    quantities = tuple(q for q in read_quantities(report.text) if not furniture.holds(q.start))
    quantities = stated(folded, quantities)
    masked = mask(folded, quantities)
    quantities = tuple(q for q in quantities if masked[q.start] != "\x00")
    starts = [q.start for q in quantities]
    drawn = ruled(report.text, folded)
    lines = table_lines(drawn.folded)
    tables = _Spans((*lines, *drawn.left_out))
    clock = Clock(report, read_periods(report.text))
    reader = Reader(report, masked, clock)
    facts: list[Fact] = []
    for start, end in sentences(report.text, 0, len(report.text)):
        if furniture.holds(start) or tables.holds(start):
            continue
        inside = list(quantities[bisect_left(starts, start) : bisect_left(starts, end)])
        facts.extend(reader.sentence(start, end, inside))
    for line in lines:
        inside_table: tuple[Quantity, ...] = quantities[
            bisect_left(starts, line[0]) : bisect_left(starts, line[1])
        ]
        facts.extend(
            table_facts(report, drawn.folded, line, inside_table, _Cells(reader, quantities, starts))
        )
    found = identify(sorted({f.start: f for f in facts}.values(), key=lambda f: f.start), drawn.folded)
    return tuple(with_confidence(report, folded, keep_names(found, drawn.folded)))


class _Cells:
    """Reads the words of a table's cell as running text that stands under the heads of the cell."""

    def __init__(self, reader: Reader, quantities: tuple[Quantity, ...], starts: list[int]) -> None:
        self.reader, self.quantities, self.starts = reader, quantities, starts

    def __call__(self, start: int, end: int, words: str) -> list[Fact]:
        report, facts = self.reader.report, list[Fact]()
        for begin, stop in sentences(report.text, start, end):
            inside = self.quantities[bisect_left(self.starts, begin) : bisect_left(self.starts, stop)]
            if inside:
                section = report.section_at(begin)
                self.reader.series.intro = words
                self.reader.series.intro_path = section.path if section else ()
                facts.extend(self.reader.sentence(begin, stop, list(inside)))
        return facts


class _Spans:
    """Spans in order, without overlap, to be asked by position."""

    def __init__(self, spans: tuple[tuple[int, int], ...]) -> None:
        self.spans = sorted(spans)
        self.starts = [start for start, _ in self.spans]

    def holds(self, position: int) -> bool:
        index = bisect_right(self.starts, position) - 1
        return index >= 0 and position < self.spans[index][1]
