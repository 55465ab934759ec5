"""What 合计 sums up: the numbers told just before it, not the last of them ("公办园3200人,民办园2100人,合计5300人")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from corpus.facts import parts
from corpus.facts.naming import Name
from corpus.model import Fact, Quantity
from corpus.units import convert, dimension

_SUM = re.compile(
    r"^[ \x00,、和]*(?:[两二三四五]者|[两二三四五]项|以上|上述)?(?:加起来|合起来)?(?:合计|共计|总计|累计)(?:为|达到?|占|约|近|共|有|已)*[ \x00]*$"
)
_MOST = 12
_LONGEST = 48


def sums(before: str) -> bool:
    """True if the words before a number say only that it is a sum."""
    return bool(_SUM.match(before))


def name_sum(quantity: Quantity, levels: Sequence[Fact]) -> Name | None:
    """Return the name of the sum of the last of ``levels`` that add up to ``quantity``, None if none do.

    The words do not say how far back the sum reaches; the figures do. Those of another dimension between them are
    passed over.
    """
    kind = dimension(quantity.unit)
    summed: list[Fact] = []
    total = Decimal(0)
    for fact in reversed(levels[-2 * _MOST :]):
        if dimension(fact.unit) != kind:
            continue
        summed.insert(0, fact)
        total += convert(fact.value, fact.unit, quantity.unit)
        if len(summed) > _MOST or total > quantity.value:
            return None
        if total == quantity.value and len(summed) > 1:
            return _joined(summed)
    return None


def _joined(summed: Sequence[Fact]) -> Name:
    stages = {(fact.stage, fact.subject) for fact in summed}
    stage, subject = stages.pop() if len(stages) == 1 else (None, None)
    names = list(dict.fromkeys(parts.plain(fact.metric) or fact.metric for fact in summed))
    words = "、".join(names)
    words = words if len(words) <= _LONGEST else f"{names[0]}等{len(names)}项"
    return Name(f"{words}合计", None, stage, subject)
