"""Figures far from the same metric in other stored reports: a hint to look again, never a verdict."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from statistics import median

from corpus.catalogue import indicators, settled
from corpus.model import Fact
from corpus.sameness import sameness
from corpus.units import convert, dimension
from tools.audit.model import Finding
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import called
from tools.audit.view import View
from tools.evidence import Part

MANY, FEW = 8, 3
Z = 6.0
"""Robust z from which a figure is far from at least ``MANY`` others (modified z after Iglewicz and Hoaglin,
who take 3.5; there are dozens of figures in a report, so it is higher here)."""
FACTOR = 10
"""How many times a figure must be off where there are fewer than ``MANY`` others."""
TOTALS = 1000
"""The same for amounts that grow with the size of a county: then only a slip of 亿 and 万 stands out."""
SPREAD = 0.05
"""The least spread that the others are taken to have: 5 % of their median (of 100 for a percentage)."""


@check("outlier")
def outliers(view: View) -> Iterator[Finding]:
    """Hint at figures that are far from what other reports say of the same metric, stage, unit and year."""
    if view.peers is None:
        return
    for claim in view.facts:
        if settled(claim) is None or claim.kind != "actual" or claim.role not in ("level", "share"):
            continue
        if claim.value <= 0 or claim.upper is not None or claim.metric_id in sameness().loose:
            continue
        others = view.peers.same_metric(claim)
        if len(others) >= FEW and far(claim, others):
            yield _finding(view, claim, others)


def far(claim: Fact, others: Sequence[Fact]) -> bool:
    """Tell whether ``claim`` is far from ``others``, which are of its metric, stage, year and dimension."""
    entry = indicators()[claim.metric_id or ""]
    value = float(claim.value)
    peers = [float(convert(f.value, f.unit, claim.unit)) for f in others if f.value > 0]
    if len(peers) < FEW:
        return False
    middle = median(peers)
    if (entry.family or "").endswith("_money") and not entry.per_stage:
        return not 1 / TOTALS < value / middle < TOTALS
    if len(peers) < MANY:
        return not 1 / FACTOR < value / middle < FACTOR
    if dimension(claim.unit) in ("percent", "permille"):
        spread = max(median(abs(p - middle) for p in peers), SPREAD * 100)
        return abs(value - middle) * 0.6745 / spread > Z
    logs = [math.log(p) for p in peers]
    centre = median(logs)
    spread = max(median(abs(p - centre) for p in logs), SPREAD)
    return abs(math.log(value) - centre) * 0.6745 / spread > Z


def _finding(view: View, claim: Fact, others: Sequence[Fact]) -> Finding:
    ranked = sorted(others, key=lambda f: (convert(f.value, f.unit, claim.unit), f.id))
    least, middle, most = ranked[0], ranked[(len(ranked) - 1) // 2], ranked[-1]
    why = tell(
        *called(claim), "写的是", claim, ",与已入库的其他报告相差很大:其中最低的是", *_of(least), ",居中的是",
        *_of(middle), ",最高的是", *_of(most), "。这只是提示,不能据此判断对错,请核对数字和单位",
    )  # fmt: skip
    start, end = clause_span(view, claim)
    evidence = (claim, *dict.fromkeys((least, middle, most)))
    return Finding(
        view.report.id, start, end, "unit", "outlier", "not_recomputable", why, evidence, claim, hint=True
    )


def _of(fact: Fact) -> tuple[Part | Fact | str, ...]:
    return (Part(fact.region, fact, label=True), "的", fact) if fact.region else (fact,)
