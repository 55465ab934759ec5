"""A report as the checks look at it: its facts by sentence and by id, and its text folded once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.facts import read_facts
from corpus.folding import fold
from corpus.model import Fact, Report
from tools.audit.model import Peers
from tools.evidence import Sentence


@dataclass(frozen=True, slots=True)
class View:
    """``facts`` are in order of their position; ``peers`` is what else is stored, None where nothing is."""

    report: Report
    facts: tuple[Fact, ...]
    folded: str
    peers: Peers | None = None
    by_id: dict[str, Fact] = field(default_factory=dict)
    by_sentence: dict[tuple[int, int], list[Fact]] = field(default_factory=dict)
    starts: tuple[int, ...] = ()

    def within(self, start: int, end: int) -> Sequence[Fact]:
        """Return the facts whose numbers begin in ``[start, end)``."""
        return self.facts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def before(self, fact: Fact, reach: int) -> Sequence[Fact]:
        """Return the facts of the ``reach`` characters before ``fact``, nearest last."""
        return self.facts[bisect_left(self.starts, fact.start - reach) : bisect_left(self.starts, fact.start)]

    def after(self, fact: Fact, reach: int) -> Sequence[Fact]:
        """Return the facts that begin within ``reach`` characters after ``fact``, nearest first."""
        return self.facts[bisect_right(self.starts, fact.start) : bisect_right(self.starts, fact.end + reach)]

    def quote(self, start: int, end: int) -> Sentence:
        """Return a span of the text as evidence."""
        section = self.report.section_at(start)
        path = " > ".join(section.path) if section else ""
        return Sentence(self.report.id, start, end, self.report.text[start:end], path)


def view_of(report: Report, facts: Sequence[Fact] | None = None, peers: Peers | None = None) -> View:
    """Return the view of a report; its facts are read from it where they are not given."""
    own = tuple(sorted(read_facts(report) if facts is None else facts, key=lambda f: f.start))
    by_sentence: dict[tuple[int, int], list[Fact]] = {}
    for fact in own:
        by_sentence.setdefault(fact.sentence, []).append(fact)
    return View(
        report,
        own,
        fold(report.text),
        peers,
        {fact.id: fact for fact in own},
        by_sentence,
        tuple(fact.start for fact in own),
    )
