"""Shares that the counts of a report give, for a stretch of its text (``corpus/counted.yaml`` says which)."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.counted import counted
from corpus.folding import fold
from corpus.model import Fact
from tools.audit.view import View
from tools.compliance.counts import REACH, Share, shares


@dataclass(frozen=True)
class _Place:
    name: str


@dataclass(frozen=True)
class _Stretch:
    """The facts around one whole, as the reading of shares asks for them."""

    view: View
    facts: tuple[Fact, ...]
    region: _Place
    period: str | None

    def text(self, fact: Fact) -> str:
        return self.view.folded

    def current(self, fact: Fact) -> bool:
        return fact.period == self.period


def shares_in(view: View, metric_id: str, start: int, end: int) -> list[Share]:
    """Return the shares of ``metric_id`` whose whole stands in ``[start, end)``, each value once.

    Only counts within reach of the whole are looked at, so the work is linear in the length of the text.
    """
    entry = counted().get(metric_id)
    if entry is None:
        return []
    found: dict[object, Share] = {}
    for whole in view.within(start, end):
        if whole.role != "level" or not entry.whole.call(fold(whole.label).replace(" ", "")):
            continue
        around = tuple(view.within(whole.start - REACH, whole.end + REACH))
        for share in shares(_Stretch(view, around, _Place(whole.region or ""), whole.period), metric_id):
            if share.facts[-1] is whole:
                found.setdefault(share.exact, share)
    return list(found.values())
