"""Which compared figures do not come out: "86 万元, 比上年的 80 万元增长 7.5%" tells one thing three times over.

In typed text that is the author's affair and the audit's. In recognised text one of the figures may have been read
wrong, and nothing tells which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from corpus.model import Fact

_SLACK = Decimal("0.005")
"""Percentage points beyond what rounding explains."""


def disagreeing(facts: Sequence[Fact]) -> set[str]:
    """Return the ids of the facts of one report that a growth or a difference beside them contradicts."""
    by_id = {fact.id: fact for fact in facts}
    bases: dict[tuple[int, int], list[Fact]] = {}
    for fact in facts:
        if fact.role == "base":
            bases.setdefault(fact.sentence, []).append(fact)
    found: set[str] = set()
    for fact in facts:
        level = by_id.get(fact.of or "")
        if fact.role not in ("rate", "change") or level is None or level.sentence != fact.sentence:
            continue
        base = _base(level, fact, bases.get(fact.sentence, ()))
        if base and not _comes_out(level, base, fact):
            found |= {level.id, base.id, fact.id}
    return found


def _base(level: Fact, told: Fact, bases: Iterable[Fact]) -> Fact | None:
    """Return what ``level`` is compared with: the one figure of its kind between it and what is told of both."""
    near = [
        base
        for base in bases
        if (base.metric, base.stage, base.unit) == (level.metric, level.stage, level.unit)
        and level.start < base.start < told.start
    ]
    return near[0] if len(near) == 1 else None


def _comes_out(level: Fact, base: Fact, told: Fact) -> bool:
    rounding = _half(level) + _half(base)
    if told.role == "change":
        return told.unit != level.unit or abs(
            abs(level.value - base.value) - abs(told.value)
        ) <= rounding + _half(told)
    if told.unit != "%" or not base.value:
        return True
    rate = abs(level.value - base.value) / abs(base.value) * 100
    return abs(rate - abs(told.value)) <= _half(told) + _SLACK + rounding * 110 / abs(base.value)


def _half(fact: Fact) -> Decimal:
    """Half a unit of the last digit that is printed."""
    exponent = fact.value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1) if isinstance(exponent, int) else Decimal(0)
