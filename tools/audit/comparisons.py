"""What a claim of change compares: the level it is about and the base, as far as the words tie them.

The reader of facts links most ("比上年的X增加Y"). Here the rest is found: bases in a bracket or a sentence of
their own, levels told after the change, wholes instead of parts, and whether the tie is certain.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.catalogue import settled
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.certainty import is_certain
from tools.audit.view import View

_REACHED = re.compile(
    r"(?:达到?|增至|升至|增加到|提高到|增长到|扩大到|降至|降到|减至|减少到|下降到|至|为)了?(?:约|近)?$"
)
_GROUND = re.compile(r"^的?(?:基础|基数)(?:上|之上)")
_FROM_LIST = re.compile(r"(?:分别|依次)(?:由|从)")
_RESPECTIVELY = re.compile(r"分别|依次")
_PARAGRAPH_REACH = 160
_FAR = 12
"""Facts of a sentence looked at around a claim; more are a table or an attack."""


@dataclass(frozen=True, slots=True)
class Tie:
    """``claim`` says how far ``level`` moved from ``base``; None for what the text does not give.

    ``others`` are levels that a fair reader may also take for the one compared (the whole before its parts);
    ``certain``: the words tie level and base, so that figures which do not fit are a slip of the report.
    ``beside`` is the claim of the same change in the other measure: the amount for a rate, the rate for an amount.
    """

    claim: Fact
    level: Fact | None = None
    base: Fact | None = None
    others: tuple[Fact, ...] = ()
    certain: bool = True
    beside: Fact | None = None


@dataclass(slots=True)
class Ground:
    """Indexes over a view, made once: bases by the level they are of, levels by what they measure."""

    view: View
    bases: dict[str, list[Fact]] = field(default_factory=dict)
    alike: dict[tuple[object, ...], list[Fact]] = field(default_factory=dict)


def ground_of(view: View) -> Ground:
    """Return the indexes that ``tie`` needs."""
    ground = Ground(view)
    for fact in view.facts:
        if fact.role == "base" and fact.of:
            ground.bases.setdefault(fact.of, []).append(fact)
        if fact.role in ("level", "share") and fact.kind == "actual":
            ground.alike.setdefault(measure(fact), []).append(fact)
    return ground


def measure(fact: Fact) -> tuple[object, ...]:
    """Return what two facts must share to be values of one thing at two times."""
    return (fact.region, settled(fact) or fact.metric, fact.stage, fact.subject, dimension(fact.unit))


def year(fact: Fact) -> int | None:
    """Return the year of a fact, the last one of a span."""
    key = (fact.period or "").split("/")[-1][:4]
    return int(key) if key.isdigit() else None


def lead(view: View, fact: Fact, reach: int = 12) -> str:
    """Return the folded words before the number of ``fact`` within its sentence, without 约 and 近."""
    words = view.folded[max(fact.sentence[0], fact.start - reach) : fact.start]
    return re.sub(r"(?:约|近|将近|接近|超过?|逾|突破)$", "", words.rstrip())


def claims_of(view: View) -> list[Fact]:
    """Return the results that are changes: rates and amounts, in order."""
    return [f for f in view.facts if f.role in ("rate", "change") and f.kind == "actual" and f.unit != "番"]


def tie(ground: Ground, claim: Fact) -> Tie:
    """Return what ``claim`` compares."""
    view = ground.view
    whole = view.by_sentence[claim.sentence]
    at = bisect_left(whole, claim.start, key=lambda f: f.start)
    near = whole[max(0, at - 4 * _FAR) : at + 4 * _FAR]  # a sentence may be endless, what it ties is near
    at = min(at, 4 * _FAR)
    before, after = near[max(0, at - _FAR) : at], near[at + 1 : at + 1 + _FAR]
    linked = view.by_id.get(claim.of or "")
    if linked is not None and linked.role in ("rate", "change", "limit", "base"):
        linked = view.by_id.get(linked.of or "")
    if listed := _listed(view, claim, near):
        return listed
    if _in_table(view, claim):
        return _of_row(claim, linked, before, near)
    if linked is not None and _GROUND.match(view.folded[linked.end : linked.end + 6]):
        return Tie(claim, _reached(view, claim, after), linked, beside=_beside(claim, near, None))
    level, base = linked, None
    if level is None:
        base = _base_alone(claim, before)
        ground_fact = next(
            (f for f in reversed(before) if _GROUND.match(view.folded[f.end : f.end + 6])), None
        )
        base = base or ground_fact
        level = _reached(view, claim, after) or (_reached_before(view, claim, before) if base else None)
        if base is not None and level is not None and dimension(base.unit) != dimension(level.unit):
            level = None
        if level is not None:
            base = base or _own_base(ground, claim, level)
    else:
        base = _own_base(ground, claim, level)
        if base is None and _earlier_aside(view, level, before):
            base, level = level, _earlier_aside(view, level, before)
    certain = True
    if level is not None and base is None:
        base = _parallel(ground, claim, level)
    if base is not None and level is not None:
        certain = is_certain(view, claim, level, base, before)
    return Tie(claim, level, base, _others(level, base, before), certain, _beside(claim, near, level or base))


def _listed(view: View, claim: Fact, near: Sequence[Fact]) -> Tie | None:
    """The first with the first: "小学、初中分别由A、B提高到C、D,分别增长E、F"."""
    start = _FROM_LIST.search(view.folded, max(claim.sentence[0], near[0].start - 80), claim.start)
    if start is None:
        return None
    run = [f for f in near if f.start >= start.end()][: 4 * _FAR]
    turn = next((i for i, f in enumerate(run) if _REACHED.search(lead(view, f)) and i), 0)
    end = next((i for i, f in enumerate(run) if i > turn and f.role in ("rate", "change")), len(run))
    claims: list[Fact] = []
    for fact in run[end:]:
        if claims and (fact.unit != claims[0].unit or fact.role != claims[0].role):
            if claim in claims:
                break
            claims = []
        claims.append(fact)
    count = turn
    if count < 2 or end - turn != count or len(claims) != count or claim not in claims:
        return None
    if len({dimension(f.unit) for f in run[:end]}) != 1:
        return None
    at = claims.index(claim)
    return Tie(claim, run[turn + at], run[at])


def _in_table(view: View, fact: Fact) -> bool:
    return view.folded[fact.clause[1] : fact.clause[1] + 1] == "|" or (
        view.folded[max(0, fact.clause[0] - 1) : fact.clause[0]] == "|"
    )


def _of_row(claim: Fact, level: Fact | None, before: Sequence[Fact], row: Sequence[Fact]) -> Tie:
    """The level of a row of a table and the same metric of an earlier year."""
    if level is None:
        return Tie(claim)
    now = year(level)
    past = [
        f
        for f in before
        if f.role == "level" and f.id != level.id and f.metric == level.metric
        and dimension(f.unit) == dimension(level.unit) and now and (year(f) or now) < now
    ]  # fmt: skip
    base = past[-1] if past else None
    return Tie(claim, level, base, (), len(past) < 2, _beside(claim, row, level))


def _own_base(ground: Ground, claim: Fact, level: Fact) -> Fact | None:
    """The base that the reader linked to ``level``: the nearest before the claim, else the first after it."""
    held = [f for f in ground.bases.get(level.id, ()) if dimension(f.unit) == dimension(level.unit)]
    if not held:
        return None
    earlier = [f for f in held if f.start < claim.start]
    if not earlier:
        return held[0]
    view = ground.view
    run = [earlier[-1]]
    for fact in reversed(earlier[:-1]):  # bases in a row: "比上年的A和2020年的B分别增长…"
        if any(f.role != "base" for f in view.within(fact.end, run[0].start)):
            break
        run.insert(0, fact)
    if len(run) > 1 and _RESPECTIVELY.search(view.folded, run[-1].end, claim.start):
        sisters = [f for f in view.within(run[-1].end, level.sentence[1]) if f.of == level.id]
        sisters = [f for f in sisters if f.role == claim.role and f.unit == claim.unit]
        if len(sisters) == len(run) and claim in sisters:
            return run[sisters.index(claim)]
    return run[-1]


def _base_alone(claim: Fact, before: Sequence[Fact]) -> Fact | None:
    """A base whose level the text does not give: right before the claim, or before the claim beside it."""
    for fact in reversed(before):
        if fact.role == "base":
            return fact if fact.of is None else None
        if fact.role not in ("rate", "change"):
            return None
    return None


def _reached(view: View, claim: Fact, after: Sequence[Fact]) -> Fact | None:
    """The level told after its change ("比上年增加300万元,达到1500万元")."""
    for fact in after[:3]:
        if fact.role == "level" and _REACHED.search(lead(view, fact)):
            between = view.folded[claim.end : fact.start]
            return fact if not re.search(r"[;。:]", between) and not re.search(r"其中", between) else None
        if fact.role not in ("rate", "change"):
            return None
    return None


def _reached_before(view: View, claim: Fact, before: Sequence[Fact]) -> Fact | None:
    last = before[-1] if before else None
    return last if last is not None and last.role == "level" and _REACHED.search(lead(view, last)) else None


def _earlier_aside(view: View, linked: Fact, before: Sequence[Fact]) -> Fact | None:
    """The level before a bracket that holds the earlier value, where the reader took that one for the level."""
    opened = view.folded.rfind("(", linked.sentence[0], linked.start)
    if opened < 0 or ")" in view.folded[opened : linked.start] or linked.role != "level":
        return None
    same = [f for f in before if f.end <= opened and dimension(f.unit) == dimension(linked.unit)]
    now, then = (year(same[-1]) if same else None), year(linked)
    return same[-1] if same and same[-1].role == "level" and now and then and then < now else None


def _parallel(ground: Ground, claim: Fact, level: Fact) -> Fact | None:
    """The same thing a year or more earlier, told just before ("2021年为X。2022年为Y,增长Z")."""
    now = year(level)
    if now is None:
        return None
    said = (claim.base_period or "")[:4]
    then = int(said) if said.isdigit() else None
    held = ground.alike.get(measure(level), ())
    at = bisect_left(held, level.start, key=lambda f: f.start)
    for fact in reversed(held[max(0, at - 4) : at]):
        if level.start - fact.end > _PARAGRAPH_REACH or "\n" in ground.view.folded[fact.end : level.start]:
            return None
        past = year(fact)
        if fact.label == level.label and past is not None and past < now and (then is None or then == past):
            return fact
    return None


def _others(level: Fact | None, base: Fact | None, before: Sequence[Fact]) -> tuple[Fact, ...]:
    if level is None or base is None or base.start < level.start:
        return ()
    return tuple(
        f
        for f in before
        if f.role == "level" and f.id not in (level.id, base.id) and f.start < base.start
        and dimension(f.unit) == dimension(base.unit)
    )  # fmt: skip


def _beside(claim: Fact, near: Sequence[Fact], about: Fact | None) -> Fact | None:
    """The other measure of the same change, next to it or with nothing but its level between."""
    at = near.index(claim)
    wanted = "change" if claim.role == "rate" else "rate"
    for side in (reversed(near[max(0, at - 2) : at]), near[at + 1 : at + 3]):
        for other in side:
            if about is not None and other.id == about.id:
                continue
            alike = other.of == claim.of or None in (other.of, claim.of)
            if (
                other.role == wanted
                and other.kind == "actual"
                and alike
                and other.direction == claim.direction
            ):
                return other if other.unit not in ("百分点", "千分点") else None
            break
    return None
