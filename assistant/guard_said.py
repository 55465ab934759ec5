"""A piece of a draft as the guard reads it: its text, what leads up to it, and the evidence it cites."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from corpus.catalogue import catalogue_names, indicators_in, stages_in
from corpus.folding import fold
from corpus.gazetteer import Mention, mentions
from corpus.model import Fact, Period, Quantity, Report
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from tools.calculation import Calculation
from tools.evidence import Clause, Evidence, Missing, Sentence

STOP = re.compile(r"[,;。:(!?\n]")


@dataclass(frozen=True)
class Said:
    """``text`` is the folded piece with quotes emptied and checked formulas taken out; ``lead`` stands before.

    ``whole`` is both; all positions are those of ``whole``. ``earlier`` is the evidence of the pieces
    before, ``everything`` that of the whole draft, ``verbatim`` the keys whose text was found word for word.
    """

    text: str
    lead: str
    raw: str
    cited: tuple[Evidence, ...]
    earlier: tuple[Evidence, ...]
    everything: tuple[Evidence, ...]
    question: str
    report: Callable[[str], Report | None]
    verbatim: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def whole(self) -> str:
        return self.lead + self.text

    @property
    def begin(self) -> int:
        return len(self.lead)

    @cached_property
    def facts(self) -> list[Fact]:
        return [e.item for e in self.cited if isinstance(e.item, Fact)]

    @cached_property
    def calculations(self) -> list[Calculation]:
        return [e.item for e in self.cited if isinstance(e.item, Calculation)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        return [e.item for e in self.cited if isinstance(e.item, Sentence)]

    @cached_property
    def clauses(self) -> list[Clause]:
        return [e.item for e in self.cited if isinstance(e.item, Clause)]

    @cached_property
    def absences(self) -> list[Evidence]:
        return [e for e in self.cited if isinstance(e.item, Missing)]

    @cached_property
    def inputs(self) -> list[Fact]:
        return [i.fact for c in self.calculations for i in c.inputs if i.fact is not None]

    @cached_property
    def all_facts(self) -> list[Fact]:
        """The cited facts and those that cited calculations were made from, each once."""
        return list({f.id: f for f in (*self.facts, *self.inputs)}.values())

    @cached_property
    def introduced(self) -> frozenset[str]:
        """Ids of facts that an earlier piece has named."""
        return frozenset(e.item.id for e in self.earlier if isinstance(e.item, Fact))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return read_periods(self.whole)

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """The amounts of ``whole`` that are no year."""
        years = [(p.start, p.end) for p in self.periods if p.key]
        return tuple(
            q for q in read_quantities(self.whole) if q.unit or not any(a <= q.start < b for a, b in years)
        )

    @cached_property
    def name_spans(self) -> list[tuple[int, int]]:
        """Where ``whole`` writes a cited fact's own name that holds a numeral (三年巩固率, 7项指标)."""
        names = {
            name
            for f in (*self.all_facts, *(e.item for e in self.earlier if isinstance(e.item, Fact)))
            for name in (
                fold(f.metric),
                fold(f.label),
                *catalogue_names(f),
            )
            if len(name) > 2 and read_quantities(name)
        }
        return [m.span() for name in names for m in re.finditer(re.escape(name), self.whole)]

    @cached_property
    def own_quantities(self) -> tuple[Quantity, ...]:
        """The amounts of the piece itself, those inside a cited fact's name aside."""
        spans = self.name_spans
        return tuple(
            q for q in self.quantities
            if q.start >= self.begin and not any(a <= q.start and q.end <= b for a, b in spans)
        )  # fmt: skip

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        """Places named, except where a cited fact's own label holds the name (a school, a street)."""
        labels = [fold(f"{f.label} {f.metric}") for f in self.all_facts]
        return tuple(
            m for m in mentions(self.whole) if m.full or not any(m.written in label for label in labels)
        )

    def window(self, quantity: Quantity) -> str:
        """Return the words between the last stop or amount and this one."""
        before = self.whole[: quantity.full_start]
        at = max((m.end() for m in STOP.finditer(before)), default=0)
        ends = [q.full_end for q in self.quantities if q.full_end <= quantity.full_start]
        return before[max([at, *ends]) :]

    def clause(self, position: int) -> str:
        """Return the words of the clause before ``position``."""
        return STOP.split(self.whole[:position])[-1]

    def behind(self, quantity: Quantity) -> str:
        """Return the words from this amount up to the next stop or amount."""
        starts = [q.full_start for q in self.quantities if q.full_start >= quantity.full_end]
        stop = re.compile(r"[,;。:(!?、\n]").search(self.whole, quantity.full_end)
        end = min([len(self.whole), *([stop.start()] if stop else []), *starts])
        return self.whole[quantity.full_end : end]

    def source(self, fact: Fact) -> str:
        """Return the folded sentence of a fact."""
        report = self.report(fact.report_id)
        return fold(report.text[slice(*fact.sentence)]) if report else ""

    def own_words(self, fact: Fact) -> str:
        """Return everything that names a fact: catalogue names, label, subject, context."""
        names = " ".join(catalogue_names(fact))
        return fold(f"{names} {fact.metric} {fact.label} {fact.subject} {fact.context}")

    @cached_property
    def cited_text(self) -> str:
        """All that the cited sources themselves say, folded."""
        parts = [self.source(f) for f in self.all_facts]
        parts += [fold(s.text) for s in self.sentences]
        parts += [fold(f"{c.source} {c.text}") for c in self.clauses]
        parts += [fold(e.text) for e in self.absences]
        return "\n".join(parts)


def stage_ids(text: str) -> list[str]:
    """Return the stages named in folded text, those inside an indicator's name aside."""
    named = indicators_in(text)
    return [s.id for s in stages_in(text) if not any(n.start <= s.start and s.end <= n.end for n in named)]


def region_names(mention: Mention) -> set[str]:
    return {mention.written, *(p.name for p in mention.places), *(p.short for p in mention.places)}
