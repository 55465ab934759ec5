"""What a plan is made of, in exact rational numbers: what exists, what to add, what to move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Literal

from corpus.schools.model import Cell, School, SchoolTable
from tools.compliance.units import AssessedStage

CENT = Fraction(1, 100)
"""Areas and money are added in hundredths of ㎡ and 元."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A stage's claim on a stock: ``threshold`` for each student, and the share of the stock that is the stage's."""

    stage: AssessedStage
    students: Fraction
    share: Fraction
    threshold: Fraction

    @property
    def need(self) -> Fraction:
        """How much the whole stock must be for this stage to reach the threshold."""
        return self.threshold * self.students / self.share


@dataclass(frozen=True, slots=True)
class Stock:
    """What a row has of one indicator, where it is added to as a whole.

    Teachers are a stage's own: one claim with share 1, and ``stage`` set. Facilities are the row's, split among its
    stages: ``stage`` is None. ``have`` is in ``unit``; ``cells`` are the cells of the table that go in.
    """

    school: School
    code: str
    stage: AssessedStage | None
    unit: str
    have: Fraction
    claims: tuple[Claim, ...]
    cells: tuple[Cell, ...] = ()

    @property
    def step(self) -> Fraction:
        """The smallest addition: a whole person or room, 0.01 ㎡ or 元."""
        return Fraction(1) if self.unit in ("人", "间") else CENT

    @property
    def need(self) -> Fraction:
        """The least total in whole steps with which every stage reaches its threshold."""
        return up(max(claim.need for claim in self.claims), self.step)

    @property
    def short(self) -> Fraction:
        """The least addition in whole steps with which every stage reaches its threshold; 0 if all do."""
        return max(Fraction(0), up(max(claim.need for claim in self.claims) - self.have, self.step))


def up(value: Fraction, step: Fraction) -> Fraction:
    """Return ``value`` rounded up to a multiple of ``step``."""
    return ceil(value / step) * step


@dataclass(frozen=True, slots=True)
class Addition:
    """``add`` for a stock that then has ``need`` at least. ``have`` is what there is before this addition."""

    stock: Stock
    have: Fraction
    need: Fraction
    add: Fraction

    @property
    def school(self) -> School:
        return self.stock.school


@dataclass(frozen=True, slots=True)
class Transfer:
    giver: School
    taker: School
    count: int


@dataclass(frozen=True, slots=True)
class Move:
    """Who gives teachers to whom in one stage, and who must get new ones where the stage's total is too small.

    ``feasible`` says that moving alone suffices; ``why`` is a Chinese sentence where it does not.
    ``need`` is the sum of what the units need, ``have`` of what they have.
    """

    code: str
    stage: AssessedStage
    feasible: bool
    moved: int
    added: int
    transfers: tuple[Transfer, ...]
    additions: tuple[tuple[School, int], ...] = ()
    have: int = 0
    need: int = 0
    why: str = ""


Proof = Literal["optimal", "rounded", "gap", "none"]


@dataclass(frozen=True, slots=True)
class Further:
    """What has to be added on top of the additions so that every CV of one indicator keeps its limit.

    ``total`` is checked exactly to be enough. No plan can do with less than ``least``. ``proof``: ``optimal`` (the
    two are equal), ``rounded`` (they differ by rounding each row up to the step and a
    50-millionth of the county's total), ``gap`` (the time was over),
    ``none`` (nothing is needed).
    """

    code: str
    additions: tuple[Addition, ...]
    total: Fraction
    least: Fraction
    proof: Proof
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PlannedSpread:
    """The CV of one indicator and stage as printed: as it is, after the additions, and after the further ones.

    None where there is no unit with data, or where the mean is 0.
    """

    code: str
    stage: AssessedStage
    before: str | None
    after: str | None
    final: str | None
    limit: str
    units: int
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """``further`` has one entry an indicator; ``notes`` are Chinese sentences for a reader."""

    region: str | None
    year: str | None
    table: SchoolTable
    additions: tuple[Addition, ...]
    moves: tuple[Move, ...]
    dispersion: tuple[PlannedSpread, ...]
    further: tuple[Further, ...]
    notes: tuple[str, ...]
    stocks: Mapping[str, tuple[Stock, ...]] = field(default_factory=dict)
    standard: str = ""
