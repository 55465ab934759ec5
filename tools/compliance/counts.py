"""Shares computed from the counts that a report gives, to check a stated share or in place of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from corpus.catalogue import indicators
from corpus.counted import Counted, Words, counted
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.calculation import Calculation, Input, quotient
from tools.evidence import plain
from tools.proportion import share_of

REACH = 250
"""Characters between the counts of one share, at most."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share by counts, or how many are there to one ("1:N"). ``exact`` is in ``unit``; ``settled`` as in ``Counted``."""

    calculation: Calculation
    exact: Fraction
    facts: tuple[Fact, ...]
    settled: bool
    unit: str = "%"


class Place(Protocol):
    @property
    def name(self) -> str: ...


class Desk(Protocol):
    """The facts among which counts are looked for, all of one place and time."""

    @property
    def facts(self) -> Sequence[Fact]: ...
    @property
    def region(self) -> Place: ...
    def text(self, fact: Fact) -> str: ...
    def current(self, fact: Fact) -> bool: ...


def shares(desk: Desk, metric_id: str) -> list[Share]:
    """Return the share of each place where the reports of the year give its counts, each value once."""
    entry = counted().get(metric_id)
    if entry is None:
        return []
    counts = [f for f in desk.facts if _is_count(desk, f, entry)]
    found: dict[Fraction, Share] = {}
    for whole in _wholes(entry, counts):
        near = [
            f for f in counts
            if f.report_id == whole.report_id and f is not whole and f.section == whole.section
            and f.period == whole.period and abs(f.start - whole.start) <= REACH
        ]  # fmt: skip
        for way in entry.ways:
            parts = _parts(desk, way, near, whole, gather=entry.gather)
            if parts and (share := _share(metric_id, entry, parts, whole)):
                found.setdefault(share.exact, share)
                break
    return list(found.values())


def _wholes(entry: Counted, counts: list[Fact]) -> list[Fact]:
    """Return the counts that may be the whole: of a section the largest, and others only of the very same name.

    A count called just "幼儿数" may be that of the schools named before it, so it is no whole beside a larger one.
    """
    found = [fact for fact in counts if entry.whole.call(_name(fact))]
    kept = []
    for fact in found:
        beside = [f for f in found if (f.report_id, f.section) == (fact.report_id, fact.section)]
        largest = max(beside, key=lambda f: f.value)
        if _name(fact) == _name(largest):
            kept.append(fact)
    return kept


def linked(desk: Desk, share: Share) -> list[Fact]:
    """Return the shares that a report states of the very count that went in ("…1530人,占比97%")."""
    ids = {i.fact.id for i in share.calculation.inputs[:-1] if i.fact}
    whole = share.facts[-1]
    return [
        f
        for f in desk.facts
        if f.role == "share" and f.of in ids and f.unit == "%" and f.sentence == whole.sentence
    ]


def _is_count(desk: Desk, fact: Fact, entry: Counted) -> bool:
    return (
        fact.role == "level"
        and fact.kind == "actual"
        and fact.qualifier is None
        and fact.upper is None
        and fact.region == desk.region.name
        and desk.current(fact)
        and dimension(fact.unit) == dimension(entry.unit)
    )


def _name(fact: Fact) -> str:
    return fold(fact.label).replace(" ", "")


def _clause(desk: Desk, fact: Fact) -> str:
    return desk.text(fact)[fact.clause[0] : fact.start]


def _parts(desk: Desk, way: Sequence[Words], near: list[Fact], whole: Fact, *, gather: bool) -> list[Fact]:
    """Return one count for each of ``way`` (all that fit if ``gather``), [] where one is lacking or in doubt."""
    found: list[Fact] = []
    for words in way:
        fits = [f for f in near if words.call(_name(f), _clause(desk, f)) and f not in found]
        inside = [f for f in fits if f.sentence == whole.sentence]
        fits = inside or fits
        if gather:
            found += _apart(fits, near)
        elif len({f.value for f in fits}) == 1:
            found.append(fits[0])
        else:
            return []
    return found


def _apart(fits: list[Fact], near: list[Fact]) -> list[Fact]:
    """Return the counts without those that another of them already holds ("已入学120人,其中…12人、80人…")."""
    for total in fits:
        following = [f for f in near if f.start > total.start and f.sentence == total.sentence]
        summed = Decimal(0)
        for number, fact in enumerate(following, 1):
            summed += fact.value
            if summed == total.value and number > 1:
                held = {f.id for f in following[:number]}
                return [f for f in fits if f.id not in held]
    return fits


def _share(metric_id: str, entry: Counted, parts: list[Fact], whole: Fact) -> Share | None:
    total = sum((f.value for f in parts), Decimal(0))
    if whole.value <= 0 or total > whole.value:
        return None
    item = indicators()[metric_id]
    if item.unit == "1:N":
        (part,) = parts
        exact = Fraction(whole.value) / Fraction(part.value) if part.value else Fraction(0)
        made = _to_one(item.name, part, whole)
        return Share(made, exact, (part, whole), entry.settled, "1:N") if part.value else None
    calculation = share_of(parts, whole, item.name)
    exact = Fraction(total) * 100 / Fraction(whole.value)
    return Share(calculation, exact, (*parts, whole), entry.settled)


def _to_one(label: str, part: Fact, whole: Fact) -> Calculation:
    """Return how many of ``whole`` come to one of ``part``, two decimals."""
    inputs = (Input("总量", whole.value, whole.unit, whole), Input("部分", part.value, part.unit, part))
    exact = quotient(whole.value, part.value or Decimal(1))
    return Calculation("to_one", f"{label}中1人对应的人数", "总量 ÷ 部分", "{0} ÷ {1}", inputs, exact, "", 2)


def shown(share: Share) -> str:
    """Return the share as printed: two decimals, half up ("23.52%", "1:25.52")."""
    value = plain(share.calculation.value)
    return f"1:{value}" if share.unit == "1:N" else f"{value}%"
