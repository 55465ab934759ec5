"""The counts and amounts of a report by where they stand: in a sentence, a paragraph, a section."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.audited import audited
from corpus.counted import Words
from corpus.facts.labels import bare_stage
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.names import LOOSE, NEAR, alike, bare, core, holds, opposed, same_time
from tools.audit.view import View

UNCOUNTED = frozenset({"percent", "permille", "per_ten_thousand", "percent_point", "permille_point", "ratio",
                       "times", "cheng", "doublings", "none", "length", "year", "time", "month", "age", "day"})  # fmt: skip
REACH = 60
"""Counts before and after a claim that belong to its surroundings, at most."""
_FAR = 6
"""Counts of a name from elsewhere in the report, at most."""
_PARAGRAPH = 1500
"""Characters before and after a claim that are taken for its paragraph, at most."""
_TELLING = 4
"""Characters of a name, without general nouns, that are unlikely to name two things in one report."""


@dataclass(frozen=True, slots=True)
class Found:
    """A count that words may mean: how surely by its name, and ``certain`` if nothing else can be meant."""

    fact: Fact
    level: int
    certain: bool


class Figures:
    """The counts of ``view``; table cells are left out, they are read with their table."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.text = view.folded
        self._breaks = [-1, *(m.start() for m in re.finditer("\n", view.folded)), len(view.folded)]
        self._bars = {bisect_left(self._breaks, m.start()) for m in re.finditer(r"\|", view.folded)}
        self._matching: dict[Words, list[Fact]] = {}
        self.stages: dict[str, str | None] = {}
        self.counts = tuple(f for f in view.facts if self._counts(f))
        self.starts = tuple(f.start for f in self.counts)
        self._names = {f.id: self._named(index) for index, f in enumerate(self.counts)}
        self.by_core: dict[str, list[Fact]] = {}
        self._by_gram: dict[str, list[Fact]] = {}
        for fact in self.counts:
            cores = [core(name) for name in self.names(fact)]
            for key in dict.fromkeys((*cores, *map(bare, cores))):
                self.by_core.setdefault(key, []).append(fact)
            for gram in {own[i : i + 3] for own in cores for i in range(len(own) - 2)}:
                self._by_gram.setdefault(gram, []).append(fact)

    def _counts(self, fact: Fact) -> bool:
        if (
            fact.role not in ("level", "base")
            or fact.kind in ("reference", "policy")
            or fact.upper is not None
        ):
            return False
        return dimension(fact.unit).split("/")[0] not in UNCOUNTED and not self.in_table(fact)

    def holds(self, fact: Fact | None) -> bool:
        """True if ``fact`` is one of the counts."""
        return fact is not None and fact.id in self._names

    def in_table(self, fact: Fact) -> bool:
        return bisect_left(self._breaks, fact.sentence[0]) in self._bars

    def line(self, fact: Fact) -> tuple[int, int]:
        """Return the span of the paragraph in which ``fact`` stands, as far as one reads it together."""
        at = bisect_left(self._breaks, fact.sentence[0])
        start, end = self._breaks[at - 1] + 1, self._breaks[at]
        return max(start, fact.sentence[0] - _PARAGRAPH), min(end, fact.end + _PARAGRAPH)

    def matching(self, words: Words, near: Fact) -> list[Fact]:
        """Return the counts that ``words`` call by their fullest name, of those around ``near`` or elsewhere."""
        if words not in self._matching:
            self._matching[words] = [
                f for f in self.counts
                if f.role == "level" and self._goes_by(words, f)
            ]  # fmt: skip
        return around(self._matching[words], near)

    def _goes_by(self, words: Words, fact: Fact) -> bool:
        """True if ``words`` call a count by its fullest name, or by its own where the fullest says no other."""
        first, *_, last = names if len(names := self.names(fact)) > 1 else (*names, *names)
        clause = self.text[fact.clause[0] : fact.start]
        if words.call(core(last), clause):
            return True
        kept = not (words.without and re.search(words.without, core(last)))
        return first != last and kept and words.call(core(first), clause)

    def within(self, start: int, end: int) -> tuple[Fact, ...]:
        """Return the counts whose numbers begin in ``[start, end)``."""
        return self.counts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def names(self, fact: Fact) -> tuple[str, ...]:
        """Return what the report calls a count: its label, and with what its surroundings add to it."""
        return self._names.get(fact.id, (fact.label,))

    def _named(self, index: int) -> tuple[str, ...]:
        fact = self.counts[index]
        own = core(fact.label)
        if bare_stage(fact.label) and fact.metric not in fact.label:
            return fact.label, f"{fact.label}{fact.metric}"  # 在校生100人,其中小学60人
        before = self.counts[index - 1] if index else None
        if (
            before is None
            or before.sentence != fact.sentence
            or dimension(before.unit) not in ("所", "园", "校")
        ):
            return (fact.label,)
        between = self.text[before.end : fact.start]
        joined = between.lstrip(" ")[:1] == "," and ";" not in between and len(between) <= 16
        if (
            not joined
            or "其中" in between
            or not audited().pupils.call(own)
            or opposed(core(before.label), own)
        ):
            return (fact.label,)
        return fact.label, f"{before.label}{fact.label}"  # 普惠性民办园101所,幼儿数7629人

    def before(self, fact: Fact, unit: str) -> list[Fact]:
        """Return the counts of the dimension of ``unit`` in the sentence before ``fact``, in order."""
        return [f for f in self.within(fact.sentence[0], fact.start) if like(f, unit) and f.role == "level"]

    def paragraph_before(self, fact: Fact, unit: str) -> list[Fact]:
        """Return those of the sentences before in its paragraph."""
        found = self.within(self.line(fact)[0], fact.sentence[0])
        return [f for f in found if like(f, unit) and f.role == "level"]

    def around(self, fact: Fact) -> Iterator[tuple[str, list[Fact]]]:
        """Yield the counts near ``fact`` by scope, the narrowest first: sentence, paragraph, section."""
        at = bisect_left(self.starts, fact.start)
        near = [f for f in self.counts[max(0, at - REACH) : at + REACH] if f.role == "level"]
        sentence = [f for f in near if f.sentence == fact.sentence]
        line = self.line(fact)
        paragraph = [f for f in near if line[0] <= f.start < line[1] and f.sentence != fact.sentence]
        known = {f.id for f in (*sentence, *paragraph)}
        yield "sentence", sentence
        yield "paragraph", paragraph
        yield "section", [f for f in near if f.section == fact.section and f.id not in known]

    def called(
        self, words: str, near: Fact, unit: str | None, fits: Callable[[Fact], bool] = lambda _: True
    ) -> list[Found]:
        """Return the counts that ``words`` may mean, the surest first.

        The nearest scope that has a count of that very name decides; a name that only holds the words is
        certain where it is the only one around. A count of the same name elsewhere in the report counts as
        well, if its year fits and no other value goes by the name.
        """
        found: list[Found] = []
        decided = False
        for scope, facts in self.around(near):
            usable = [
                f for f in facts
                if (unit is None or like(f, unit)) and fits(f) and f.id != near.id
                and (scope == "sentence" or same_time(f.period, near.period))
            ]  # fmt: skip
            levels = [(max(alike(words, name) for name in self.names(f)), f) for f in usable]
            sure = [f for level, f in levels if level >= NEAR]
            loose = [f for level, f in levels if level == LOOSE]
            loose = [f for f in loose if fold(words) in fold(f.label)] or loose
            only = not decided and not sure and (scope == "sentence" or len({f.value for f in loose}) == 1)
            found += [Found(f, NEAR, not decided) for f in nearest(sure, near)]
            found += [Found(f, LOOSE, only) for f in nearest(loose, near)]
            decided = decided or bool(sure)
        known = {item.fact.id for item in found}
        far = [
            f for f in self._elsewhere(words, near)
            if f.id not in known and f.id != near.id and f.role == "level" and same_time(f.period, near.period)
            and (unit is None or like(f, unit)) and fits(f)
            and (f.stage == near.stage or near.stage is None or holds(f.stage, near.stage))
        ]  # fmt: skip
        alone = not any(item.certain for item in found) and len({f.value for f in far}) == 1
        values = {f.value: f for f in reversed(nearest(far, near))}  # of each value the nearest
        found += [Found(f, NEAR, alone) for f in nearest(values.values(), near)[:_FAR]]
        return sorted(found, key=lambda item: (not item.certain, -item.level))

    def _elsewhere(self, words: str, near: Fact) -> list[Fact]:
        """Return the counts of that name anywhere; where there are none, those whose name tellingly holds it."""
        own = core(words)
        found = around(self.by_core.get(own, ()), near)
        if len(bare(own)) > 1:
            found += around(self.by_core.get(bare(own), ()), near)
        if found:
            return list(
                {f.id: f for f in found if any(alike(words, n) >= NEAR for n in self.names(f))}.values()
            )
        if len(bare(own)) < _TELLING:
            return []
        grams = [bare(own)[i : i + 3] for i in range(len(bare(own)) - 2)]
        rarest = min((self._by_gram.get(gram, []) for gram in grams), key=len)
        return [f for f in around(rarest, near) if any(alike(words, name) for name in self.names(f))]


def like(fact: Fact, unit: str) -> bool:
    """True if ``fact`` measures what ``unit`` does."""
    return dimension(fact.unit) == dimension(unit)


def around(facts: Sequence[Fact], near: Fact) -> list[Fact]:
    """Return those of ``facts``, which are in order, that stand nearest to ``near``: a bounded number."""
    at = bisect_left(facts, near.start, key=lambda f: f.start)
    return list(facts[max(0, at - REACH) : at + REACH])


def nearest(facts: Iterable[Fact], near: Fact) -> list[Fact]:
    """Return ``facts`` by their distance from ``near``, those before it first."""
    return sorted(facts, key=lambda f: (f.start > near.start, abs(f.start - near.start)))


def total(facts: Iterable[Fact]) -> Decimal:
    return sum((f.value for f in facts), Decimal(0))
