"""Words of explanations that several checks need."""

from __future__ import annotations

from corpus.model import Fact
from tools.evidence import Part


def quantity_of(fact: Fact) -> tuple[Part, ...]:
    """Return what ``fact`` is a value of, as parts of an explanation: place, year, school stage and name."""
    parts = []
    if fact.region:
        parts.append(Part(fact.region, fact, label=True))
    if fact.period and fact.period[:4].isdigit() and "/" not in fact.period:
        parts += [Part(fact.period[:4], fact, label=True), Part("年")]
    subject = fact.subject
    if fact.stage and subject and subject != fact.region and subject not in fact.metric:
        parts.append(Part(subject, fact, label=True))
    parts.append(Part(fact.metric, fact, label=True))
    if fact.role == "rate":
        parts.append(Part("的增幅"))
    elif fact.role == "change":
        parts.append(Part("的增减"))
    return tuple(parts)
