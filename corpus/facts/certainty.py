"""How sure a fact of a recognised document is: as sure as the least sure word that it rests on."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from corpus.model import Fact, Report

_REACH = 20_000
"""Characters before a figure within which its words are looked for: the head of a long table stands far above."""


def with_confidence(report: Report, folded: str, facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` with their confidence; as they are where nothing in the report was recognised.

    A wrong word makes a wrong fact just as a wrong figure does, so the words that name it, its unit and its year
    count like its figure, where they are found.
    """
    if all(place.confidence is None for place in report.places):
        return facts
    return [replace(fact, confidence=_confidence(report, folded, fact)) for fact in facts]


def _confidence(report: Report, folded: str, fact: Fact) -> Decimal | None:
    sure = [report.confidence(fact.start, fact.end)]
    words = [*fact.label.split()]
    if fact.unit not in fact.as_printed:
        words.append(fact.unit)
    if fact.period:
        words.append(fact.period[:4])
    for word in words:
        start = _nearest(folded, word, fact)
        if start >= 0:
            sure.append(report.confidence(start, start + len(word)))
    return min((value for value in sure if value is not None), default=None)


def _nearest(folded: str, word: str, fact: Fact) -> int:
    """Return where ``word`` stands nearest before the figure, else after it in its sentence, else -1."""
    found = folded.rfind(word, max(0, fact.start - _REACH), fact.end)
    return found if found >= 0 else folded.find(word, fact.start, fact.sentence[1])
