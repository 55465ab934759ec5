"""The three-year retention rate of junior schools, from the five counts that its standard defines it by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.folding import fold
from corpus.model import Fact
from tools.audit.figures import Figures, like
from tools.audit.intervals import places_of
from tools.audit.share_readings import Piece, Reading, named
from tools.audit.staged import stage_of
from tools.calculation import Calculation, Input, quotient

_RATE = re.compile(r"巩固率?$")
_COUNTS = {
    "毕业": re.compile(r"毕业"),
    "转入": re.compile(r"转入"),
    "转出": re.compile(r"转出"),
    "入学": re.compile(r"入学|初一|七年级|在校|招生|新生"),
    "死亡": re.compile(r"死亡|去世"),
}
"""The counts of the definition in its order, and what a report calls them."""
_NINE = re.compile(r"九年|小学")


def retention_readings(figures: Figures, claim: Fact) -> Iterator[Reading]:
    """Yield (毕业 − 转入 + 转出) ÷ (入学 − 死亡) where the paragraph tells all five once.

    The nine-year rate has other counts and is left alone; where one of the five is missing nothing is yielded,
    as to leave it out would be another definition.
    """
    words = fold(claim.label)
    if not _RATE.search(words) or _NINE.search(words) or claim.unit != "%":
        return
    near = [
        f for f in figures.within(*figures.line(claim))
        if f.role == "level" and f.kind == "actual" and like(f, "人") and stage_of(figures, f) in (None, "junior")
    ]  # fmt: skip
    chosen: dict[str, Fact] = {}
    for name, pattern in _COUNTS.items():
        found = [
            f for f in near
            if pattern.search(fold(f.label)) and (name != "入学" or not _left(fold(f.label)))
        ]  # fmt: skip
        if len({f.value for f in found}) != 1:
            return
        chosen[name] = found[0]
    if len({f.id for f in chosen.values()}) < len(chosen):
        return
    yield _reading(claim, chosen)


def _left(label: str) -> bool:
    return any(_COUNTS[name].search(label) for name in ("毕业", "转入", "转出", "死亡"))


def _reading(claim: Fact, chosen: dict[str, Fact]) -> Reading:
    facts = tuple(chosen.values())
    stayed, came, left, entered, died = (f.value for f in facts)
    inputs = tuple(Input(name, f.value, f.unit, f) for name, f in chosen.items())
    made = Calculation(
        "retention", "三年巩固率", "(毕业 − 转入 + 转出) ÷ (入学 − 死亡) × 100%",
        "({0} − {1} + {2}) ÷ ({3} − {4}) × 100%", inputs,
        quotient((stayed - came + left) * 100, entered - died), "%", max(2, places_of(claim.value)),
    )  # fmt: skip
    graduates, arrived, gone, first, dead = ((*_name(f), f) for f in facts)
    told: tuple[Piece, ...] = (
        *graduates, "减去", *arrived, "再加上", *gone, ",除以", *first, "减去", *dead, "之差",
    )  # fmt: skip
    return Reading(made, facts, told, True)


def _name(fact: Fact) -> tuple[Piece, ...]:
    return () if re.search(r"\d", fold(fact.label)) else named(fact)
