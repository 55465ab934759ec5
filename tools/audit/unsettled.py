"""A rate of which no source says how some groups count: every admissible treatment is computed.

A group may count as part, count in the whole only, or be left out of both. What counts as part must stand in the
whole, and no treatment may count more than there are; that rules out most, and what remains decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from corpus.audited import Unsettled
from corpus.model import Fact
from tools.audit.figures import Figures, like, total
from tools.audit.intervals import judge
from tools.audit.model import Finding
from tools.audit.names import core, narrowed
from tools.audit.phrases import clause_start
from tools.audit.registry import clause_span, tell
from tools.audit.share_readings import Piece, Reading, about, decide, listed, named, share_reading
from tools.audit.wholes import held, same_kind
from tools.calculation import Calculation, Input, quotient

_MOST = 6
"""Open groups at most: each triples the treatments."""


@dataclass(frozen=True, slots=True)
class Groups:
    """The counts around an unsettled rate: ``part`` counts, ``practice`` does in practice, ``open`` nobody says."""

    whole: Fact
    part: tuple[Fact, ...]
    practice: tuple[Fact, ...]
    open: tuple[Fact, ...]

    @property
    def every(self) -> tuple[Fact, ...]:
        return (self.whole, *self.part, *self.practice, *self.open)


def judge_unsettled(figures: Figures, claim: Fact, entry: Unsettled) -> Finding | None:
    """Return the finding on ``claim``; None where the report gives no counts for it."""
    groups = groups_of(figures, claim, entry)
    if groups is None:
        return None
    plain = _plain(claim, groups, entry)
    if any(judge(claim, r.made).verdict != "inconsistent" for r in plain):
        return decide(figures.view, claim, plain, "rate", "rate", ())
    giving = next((t for t in _treatments(groups) if _gives(claim, t)), None)
    if giving is None:
        return _contradicted(figures, claim, groups, plain)
    return _left_open(figures, claim, groups, plain, giving, entry)


def groups_of(figures: Figures, claim: Fact, entry: Unsettled) -> Groups | None:
    """Return the counts that belong to ``claim``: those after the last whole before it, in its paragraph."""
    near = [
        f for f in figures.within(*figures.line(claim))
        if f.role == "level" and like(f, entry.unit) and same_kind(f, claim)
    ]  # fmt: skip
    narrow = narrowed(figures.text[clause_start(figures.text, claim) : claim.start])
    wholes = [f for f in near if entry.whole.call(core(f.label)) and f.start < claim.start]
    wholes = [f for f in wholes if narrow <= narrowed(f.label)]
    if not wholes:
        return None
    whole = wholes[-1]
    near = [f for f in near if f.start > whole.start and f.sentence[0] <= claim.sentence[0]]
    practice = [f for f in near if entry.practice.call(core(f.label))]
    part = [f for f in near if f not in practice and entry.part.call(core(f.label))]
    left = [f for f in near if f not in practice and f not in part and entry.open.call(core(f.label))]
    for outer in tuple(part):
        inner = {
            f.id
            for f in near
            if f.start > outer.start and f.sentence == outer.sentence and held(figures, outer, f)
        }
        part = [f for f in part if f.id not in inner]
        practice = [f for f in practice if f.id not in inner]
        left = [f for f in left if f.id not in inner]
    part = _without_total(part, practice)
    if not part and not practice:
        return None
    if total((*part, *practice)) > whole.value and total(part) > whole.value:
        return None  # groups that overlap are no parts: which of them count cannot be told
    return Groups(whole, tuple(part), tuple(practice), tuple(left[:_MOST]))


def _without_total(part: list[Fact], practice: list[Fact]) -> list[Fact]:
    """Return ``part`` without those that a total among them adds up (所入学223人: 随班151、特教60、送教12)."""
    every = total((*part, *practice))
    for outer in part:
        if len(part) + len(practice) > 2 and every - outer.value == outer.value:
            practice.clear()
            return [outer]
    return part


def _plain(claim: Fact, groups: Groups, entry: Unsettled) -> list[Reading]:
    """Return the readings that need no treatment of an open group: with and without what counts in practice."""
    found = [share_reading(claim, (*groups.part, *groups.practice), (groups.whole,), True)]
    if groups.practice and any(entry.counts_as in core(f.label) for f in groups.part):
        found.append(share_reading(claim, groups.part, (groups.whole,), True))
    return [r for r in found if r is not None]


@dataclass(frozen=True, slots=True)
class Treatment:
    """A way to count: ``inside`` counts as part, ``outside`` is left out of part and whole."""

    top: Decimal
    bottom: Decimal
    inside: tuple[Fact, ...]
    outside: tuple[Fact, ...]
    made: Calculation


def _treatments(groups: Groups) -> Iterator[Treatment]:
    """Yield the admissible treatments, those that change least first."""
    loose = (*groups.practice, *groups.open)
    base = total(groups.part)
    ways = sorted(product((0, 1, 2), repeat=len(loose)), key=lambda way: sum(map(bool, way)))
    for way in ways:
        inside = tuple(f for f, how in zip(loose, way, strict=True) if how == 1)
        outside = tuple(f for f, how in zip(loose, way, strict=True) if how == 2)
        top, bottom = base + total(inside), groups.whole.value - total(outside)
        if bottom > 0 and top <= bottom:
            yield Treatment(top, bottom, inside, outside, _share(top, bottom, groups.whole.unit))


def _share(top: Decimal, bottom: Decimal, unit: str) -> Calculation:
    inputs = (Input("部分", top, unit), Input("总量", bottom, unit))
    return Calculation(
        "share", "占比", "部分 ÷ 总量 × 100%", "{0} ÷ {1} × 100%", inputs, quotient(top * 100, bottom), "%", 2
    )


def _gives(claim: Fact, treatment: Treatment) -> bool:
    return judge(claim, treatment.made).verdict != "inconsistent"


def _contradicted(figures: Figures, claim: Fact, groups: Groups, plain: Sequence[Reading]) -> Finding:
    """Return that no treatment gives the claim, with the plain readings computed."""
    start, end = clause_span(figures.view, claim)
    pieces: list[Piece] = [*about(claim), ":"]
    for reading in plain:
        pieces += ["按", *reading.told, "是", reading.made, ";"]
    if groups.open:
        pieces += ["无论", *_listing(groups.open), "怎样计算,都"]
    words = tell(*pieces, "得不到报告所写的", claim)
    judged = judge(claim, plain[0].made)
    return Finding(
        figures.view.report.id, start, end, "rate", "rate", "inconsistent", words, (claim, *groups.every), claim,
        plain[0].made, judged.least, judged.most,
    )  # fmt: skip


def _left_open(
    figures: Figures, claim: Fact, groups: Groups, plain: Sequence[Reading], giving: Treatment, entry: Unsettled
) -> Finding:  # fmt: skip
    """Return that the claim hangs on a group of which the report does not say how it counts."""
    start, end = clause_span(figures.view, claim)
    pieces: list[Piece] = [*about(claim), claim, ":"]
    for reading in plain:
        pieces += ["按", *reading.told, "是", reading.made, ";"]
    doubtful = [f for f in (*giving.inside, *giving.outside) if f in groups.open] or list(groups.practice)
    pieces += ["报告没有说明", *_listing(doubtful), "怎样计算,来源也没有规定,"]
    inside = [f for f in giving.inside if f in doubtful]
    if inside:
        pieces += ["只有把", *_listing(inside), f"算作{entry.counts_as}才能得到这个数,不能据此认定,"]
    words = tell(*pieces, "所以不能复算")
    return Finding(
        figures.view.report.id,
        start,
        end,
        "rate",
        "rate",
        "not_recomputable",
        words,
        (claim, *groups.every),
        claim,
    )


def _listing(facts: Sequence[Fact]) -> tuple[Piece, ...]:
    """Return the facts joined, without adding them up."""
    return tuple(p for p in listed(facts) if p != "之和") if facts else named(facts[0])
