"""Rates and shares that a standard or their name defines by counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from corpus.audited import definitions
from corpus.counted import Words
from corpus.model import Fact
from tools.audit.figures import Figures, like
from tools.audit.names import core, narrowed, same_time
from tools.audit.phrases import clause_start
from tools.audit.share_readings import Reading, share_reading
from tools.audit.wholes import same_kind


def defined_readings(figures: Figures, claim: Fact) -> Iterator[Reading]:
    """Yield the shares that the counts of the report give for the indicator of ``claim``.

    Where the words of the definition find one value each, they are certain; where they find several, not.
    """
    entry = definitions().get(claim.metric_id or "")
    if entry is None or entry.gather or not entry.settled or claim.unit != "%":
        return
    narrow = narrowed(figures.text[clause_start(figures.text, claim) : claim.start])

    def called(words: Words) -> list[Fact]:
        return [
            f for f in figures.matching(words, claim)
            if like(f, entry.unit) and same_time(f.period, claim.period) and same_kind(f, claim)
            and _stage_fits(f, claim) and narrowed(figures.names(f)[-1]) == narrow
        ]  # fmt: skip

    wholes = _largest(called(entry.whole))
    for way in entry.ways:
        chosen = [called(words) for words in way]
        if all(chosen):
            yield from _combined(claim, chosen, wholes)
            break


def _combined(claim: Fact, chosen: Sequence[Sequence[Fact]], wholes: Sequence[Fact]) -> Iterator[Reading]:
    alone = len({f.value for f in wholes}) == 1 and all(len({f.value for f in one}) == 1 for one in chosen)
    seen = set()
    for parts in list(product(*(one[:4] for one in chosen)))[:16]:
        for whole in wholes[:4]:
            key = (*(p.value for p in parts), whole.value)
            if key in seen or len({p.id for p in (*parts, whole)}) < len(parts) + 1:
                continue
            seen.add(key)
            reading = share_reading(claim, parts, (whole,), alone)
            if reading is not None:
                yield reading


def _stage_fits(fact: Fact, claim: Fact) -> bool:
    return fact.stage is None or claim.stage is None or fact.stage == claim.stage


def _largest(found: Sequence[Fact]) -> list[Fact]:
    """Return the counts of the name that the largest has: a bare 幼儿数 may be that of some schools."""
    if not found:
        return []
    top = max(found, key=lambda f: f.value)
    return [f for f in found if core(f.label) == core(top.label)]
