"""Pieces of explanations: what a figure is called, with its year, so that every digit has its source."""

from __future__ import annotations

from corpus.model import Fact
from tools.calculation import Calculation
from tools.evidence import Part, Sentence

Pieces = tuple[str | Part | Fact | Calculation | Sentence, ...]
_WAY = {
    ("rate", "up"): "增长",
    ("rate", "down"): "下降",
    ("change", "up"): "增加",
    ("change", "down"): "减少",
}


def called(fact: Fact) -> list[Part]:
    """Return place, year and metric of ``fact`` ("云溪县2023年小学在校生"), each with its source."""
    parts = [Part(fact.region, fact, label=True)] if fact.region else []
    year = (fact.period or "")[:4]
    if year.isdigit() and "/" not in (fact.period or ""):
        parts += [Part(year, fact, label=True), Part("年")]
    subject = fact.subject if fact.subject and fact.subject != fact.region else ""
    name = fact.metric or fact.label
    if subject and subject not in name:
        parts.append(Part(subject, fact, label=True))
    if name and name != fact.region:
        parts.append(Part(name[:40], fact, label=True))
    return parts or [Part("该项")]


def named(fact: Fact) -> list[Part]:
    """Return what ``fact`` is a value of: as ``called``, and whether it is its change or its rate of change."""
    of = {"rate": "的增减幅度", "change": "的增减数"}.get(fact.role)
    return [*called(fact), Part(of)] if of else called(fact)


def way(fact: Fact) -> str:
    """Return the verb with which a change is said: 增长, 下降, 增加, 减少; as printed where it has a sign."""
    if fact.value < 0:
        return "变动"
    return _WAY.get((fact.role, fact.direction or ""), "变动")


def outcome(calculation: Calculation, fact: Fact) -> str:
    """Return the verb for the recomputed change of ``fact``."""
    if calculation.exact == 0:
        return "变动"
    return _WAY[("rate" if fact.role == "rate" else "change", "up" if calculation.exact > 0 else "down")]
