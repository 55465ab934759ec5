"""The problem behind a coefficient of variation: what to add to which rows so that each stage's CV keeps its limit.

A row r gets X_r ≥ its ``base``; a stage of it has x = share·X_r for its P students. With N = ΣP and T = Σx over a
stage, its CV is at most L exactly if N·Σx²/P ≤ (1 + L²)·T². As T ≥ 0 this is a second-order cone,
√(N·Σx²/P) ≤ √(1 + L²)·T, so the set of allowed X is convex. Everything that decides is computed in fractions.

It can always be done: give every row the same amount per weighted student (the weights that split a row), and all
units of a stage have the same value, so the CV is 0; a large enough amount is above every base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, lcm


@dataclass(frozen=True, slots=True)
class Part:
    """A stage of a row: its students and the share of the row's amount that is theirs."""

    stage: str
    students: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """Something that is added to as a whole: a stage's teachers, or a school's facilities."""

    base: Fraction
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """One stage in whole numbers: κ·T² ≥ Σ weight·x² with every number scaled to an integer.

    ``places`` are (row, coefficient of x in T, coefficient of x² in the sum).
    """

    kappa: tuple[int, int]
    places: tuple[tuple[int, int, int], ...]

    def slack(self, amounts: Sequence[int]) -> int:
        """Return κ·T² − Σ weight·x², scaled; the CV keeps its limit exactly if this is not negative."""
        total = sum(share * amounts[row] for row, share, _ in self.places)
        squares = sum(weight * amounts[row] ** 2 for row, _, weight in self.places)
        return self.kappa[0] * total * total - self.kappa[1] * squares


@dataclass(frozen=True)
class Spreading:
    """``rows`` with the ``limits`` of the CV by stage, amounts counted in ``step`` (1 person, 0.01 ㎡)."""

    rows: tuple[Row, ...]
    limits: Mapping[str, Fraction]
    step: Fraction = Fraction(1)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        present = {part.stage for row in self.rows for part in row.parts}
        return tuple(stage for stage in self.limits if stage in present)

    @cached_property
    def terms(self) -> tuple[Terms, ...]:
        return tuple(self._terms(stage) for stage in self.stages)

    def _terms(self, stage: str) -> Terms:
        own = [(r, part) for r, row in enumerate(self.rows) for part in row.parts if part.stage == stage]
        everyone = sum((part.students for _, part in own), Fraction(0))
        shares = lcm(*(part.share.denominator for _, part in own))
        weights = [everyone * part.share**2 / part.students for _, part in own]
        scale = lcm(*(weight.denominator for weight in weights))
        # κT²·shares²·scale ≥ Σ…: both sides times shares² (for T) and scale (for the weights).
        bound = (1 + self.limits[stage] ** 2) * scale
        places = tuple(
            (r, int(part.share * shares), int(weight * scale))
            for (r, part), weight in zip(own, weights, strict=True)
        )
        return Terms((bound.numerator, bound.denominator * shares * shares), places)

    def holds(self, added: Sequence[int]) -> bool:
        """Tell in whole numbers whether ``added`` (in steps, a row each) brings every CV to its limit or below."""
        amounts = self._amounts(added)
        return all(term.slack(amounts) >= 0 for term in self.terms)

    def broken(self, added: Sequence[int]) -> tuple[int, ...]:
        """Return the stages (by position) whose CV is above its limit with ``added``."""
        amounts = self._amounts(added)
        return tuple(i for i, term in enumerate(self.terms) if term.slack(amounts) < 0)

    @cached_property
    def _grain(self) -> int:
        return lcm(self.step.denominator, *(row.base.denominator for row in self.rows))

    def _amounts(self, added: Sequence[int]) -> list[int]:
        """Return the amounts of the rows, all times one number that makes them whole (a CV has no unit)."""
        grain, step = self._grain, int(self.step * self._grain)
        return [int(row.base * grain) + number * step for row, number in zip(self.rows, added, strict=True)]

    @cached_property
    def sizes(self) -> tuple[Fraction, ...]:
        """Each row's weighted students: amounts in this proportion give all units of a stage the same value."""
        weight = self._weights()
        return tuple(
            weight[row.parts[0].stage] * row.parts[0].students / row.parts[0].share for row in self.rows
        )

    def level(self) -> list[int]:
        """Return additions (in steps) that surely hold: every row raised to one amount per weighted student."""
        high = max(row.base / size for row, size in zip(self.rows, self.sizes, strict=True))
        while not self.holds(self._raised(high)):  # only rounding up to whole steps is left above a CV of 0
            high *= 2
        low = Fraction(0)
        for _ in range(30):
            middle = (low + high).limit_denominator(10**9) / 2
            low, high = (low, middle) if self.holds(self._raised(middle)) else (middle, high)
        return self._raised(high)

    def _raised(self, height: Fraction) -> list[int]:
        return [
            max(0, ceil((height * size - row.base) / self.step))
            for row, size in zip(self.rows, self.sizes, strict=True)
        ]

    def _weights(self) -> dict[str, Fraction]:
        """Return each stage's weight in the split, as far as rows with two stages show it (they all agree)."""
        weight = {stage: Fraction(1) for stage in self.limits}
        for row in self.rows:
            if len(row.parts) == 2:
                first, second = row.parts
                ratio = (first.students / first.share) / (second.students / second.share)
                weight[second.stage] = weight[first.stage] * ratio
        return weight
