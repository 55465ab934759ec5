"""The same total and parts a year before, and their changes: what adds up for one must add up for the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.adding import added
from tools.audit.view import View
from tools.calculation import Calculation


@dataclass(frozen=True, slots=True)
class Earlier:
    """``word`` says what is added up (上年数, 增减额); ``less`` are those of ``parts`` that are taken off."""

    word: str
    whole: Fact
    parts: tuple[Fact, ...]
    less: frozenset[Fact]
    made: Calculation


About = Mapping[str, Sequence[Fact]]


def told_about(view: View) -> dict[str, list[Fact]]:
    """Return the facts that are about another (its base, its change), by the id of that one."""
    found: dict[str, list[Fact]] = {}
    for fact in view.facts:
        if fact.of is not None and fact.role in ("base", "change"):
            found.setdefault(fact.of, []).append(fact)
    return found


def earlier(about: About, whole: Fact, parts: Sequence[Fact]) -> Iterator[Earlier]:
    """Return the sums of the bases and of the changes, where the text gives them for the total and every part.

    A part without a base but with a change has the base that the two give (本期 − 增加额).
    """
    base, change = _one(about, whole, "base"), _one(about, whole, "change")
    if base is not None:
        taken: list[Fact] = []
        less: set[Fact] = set()
        for part in parts:
            own, moved = _one(about, part, "base"), _one(about, part, "change")
            if own is not None and own.period == base.period:
                taken.append(own)
            elif own is None and moved is not None:
                taken += [part, moved]
                less.add(moved)
            else:
                break
        else:
            yield Earlier("上年数", base, tuple(taken), frozenset(less), added(taken, base.unit, less=less))
    if change is not None:
        changes = [_one(about, part, "change") for part in parts]
        moved_parts = [c for c in changes if c is not None and dimension(c.unit) == dimension(change.unit)]
        if len(moved_parts) == len(parts):
            made = added(moved_parts, change.unit)
            yield Earlier("增减额", change, tuple(moved_parts), frozenset(), made)


def _one(about: About, fact: Fact, role: str) -> Fact | None:
    """Return the one fact of this role about ``fact``; None where there is none or more than one."""
    found = [
        f for f in about.get(fact.id, ()) if f.role == role and dimension(f.unit) == dimension(fact.unit)
    ]
    return found[0] if len(found) == 1 else None
