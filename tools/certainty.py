"""How sure the recognition of scanned pages is of what an answer leans on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from corpus.confidence import is_low
from corpus.model import Fact
from tools.calculation import Calculation
from tools.evidence import Statement

CAVEAT = "所用的数中有扫描件识别把握不大的,请先核对原件"
"""Said with a judgement that leans on a figure in doubt; it holds no figure and no judging word."""


def certainty(item: object) -> Decimal | None:
    """Return the confidence of the least sure figure that ``item`` is or leans on; None where all are typed."""
    return least(fact.confidence for fact in figures_of(item))


def least(values: Iterable[Decimal | None]) -> Decimal | None:
    return min((value for value in values if value is not None), default=None)


def is_doubtful(items: Iterable[object]) -> bool:
    """Tell whether any of ``items`` leans on a figure in doubt."""
    return any(is_low(certainty(item)) for item in items)


def figures_of(item: object) -> Iterator[Fact]:
    """Yield the facts that a fact, a calculation or a statement leans on."""
    if isinstance(item, Fact):
        yield item
    elif isinstance(item, Calculation):
        for one in item.inputs:
            yield from figures_of(one.fact)
            yield from figures_of(one.calculation)
    elif isinstance(item, Statement):
        for source in item.sources:
            yield from figures_of(source)
