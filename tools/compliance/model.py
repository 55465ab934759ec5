"""What a check finds: verdicts, dispersion and the schools they are about, in exact rational numbers.

Displayed values are made from the exact ones by ``tools.compliance.display``; nothing is compared after rounding
but the coefficient of variation (see docs/compliance.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from corpus.model import Fact, Report
from corpus.schools.model import Cell, Problem, School, SchoolTable
from tools.calculation import Calculation
from tools.evidence import Sentence

Status = Literal["met", "not_met", "no_data", "not_applicable"]
Stage = Literal["primary", "junior", "county"]


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact amount with its unit; ``shown`` is the printed form ("4.197"), never a float.

    ``qualifier`` holds the words that a report puts around the number (以上, 超过): without them it says something else.
    """

    exact: Fraction
    unit: str
    shown: str
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """A school that lacks a number. ``part`` is the part of an indicator that needs it, ``columns`` what is blank.

    ``stage`` is None where the number belongs to the whole row.
    """

    school: str
    row: int
    stage: Stage | None = None
    part: str = ""
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A school that breaks a county-wide demand, with what it has and what it should have."""

    school: str
    row: int
    stage: Stage
    part: str
    observed: Amount
    operator: str
    threshold: Amount
    gap: Amount
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """A value so close to its bound that rounding first (or not) would decide otherwise.

    ``exact`` and ``rounded`` are the two numbers, ``decided`` is what holds here and ``otherwise`` the other way.
    """

    school: str | None
    row: int | None
    stage: Stage
    code: str
    rule: Literal["threshold", "floor", "cv"]
    exact: str
    rounded: str
    bound: str
    decided: Status
    otherwise: Status
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One indicator judged for one school and stage, or for the county.

    ``limit_key`` names the limit of the standard that was applied. ``cells`` are the cells of the table that go in;
    ``facts`` and ``sentences`` are what stored reports say, ``calculations`` what their counts give. ``wanted`` says,
    where there is no data, what would settle it. ``failing`` and ``missing`` name schools (county verdicts from a table), ``failures`` and ``lacks``
    say more of them. ``parts`` are the verdicts of an indicator that demands several things, ``part`` says which of
    them this is. A rate has its ``numerator`` and ``denominator``. ``remark`` is one Chinese sentence for a reader.
    """

    standard: str
    code: str
    name: str
    stage: Stage
    scope: Literal["school", "county"]
    status: Status
    operator: str
    clause: str
    school: str | None = None
    row: int | None = None
    observed: Amount | None = None
    threshold: Amount | None = None
    gap: Amount | None = None
    floor_ok: bool | None = None
    limit_key: str = ""
    cells: tuple[Cell, ...] = ()
    facts: tuple[Fact, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    failing: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[Verdict, ...] = ()
    wanted: tuple[str, ...] = ()
    remark: str = ""
    part: str = ""
    failures: tuple[Failure, ...] = ()
    lacks: tuple[Lack, ...] = ()
    numerator: Fraction | None = None
    denominator: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """One row × one stage, the "school" of every rule: its seven verdicts, and whether it complies.

    ``compliant`` is None where a blank leaves it open. ``share`` is the stage's share of the row's facilities.
    """

    school: School
    stage: Literal["primary", "junior"]
    students: Fraction | None
    share: Fraction | None
    verdicts: tuple[Verdict, ...]
    met: int
    of: int
    no_data: int
    floor_ok: bool | None
    compliant: bool | None

    def verdict(self, code: str) -> Verdict:
        return next(verdict for verdict in self.verdicts if verdict.code == code)


@dataclass(frozen=True, slots=True)
class Contribution:
    """A unit's share of the weighted sum of squares; ``total`` and ``students`` are what went in.

    ``share`` has 20 decimals: as a fraction it has thousands of digits in a large county. ``shown`` is rounded from
    the fraction itself.
    """

    school: str
    row: int
    share: Fraction
    shown: str
    total: Fraction
    students: Fraction


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The student-weighted coefficient of variation of one indicator and stage.

    ``squared`` is its exact square (the root is irrational); ``status`` is no_data while a unit lacks its value,
    ``value_status`` what the units with data alone would give. ``missing`` names the units without a value, ``lacks``
    says more of them.
    """

    code: str
    name: str
    stage: Literal["primary", "junior"]
    unit: str
    n: int
    mean: Amount | None
    std: str | None
    cv: str | None
    cv_exact: str | None
    squared: Fraction | None
    operator: str
    limit: str
    status: Status
    value_status: Status
    contributions: tuple[Contribution, ...]
    missing: tuple[str, ...]
    clause: str = ""
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """A row or a stage of a row that is not assessed, and why."""

    school: str
    row: int
    stage: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Check:
    """Everything a check finds for one county and year against one standard.

    ``indicators`` has one verdict for each indicator of the standard and for 社会认可度, in their order, from table
    and reports together; ``county`` are the county verdicts in the contract's shape, ``reports`` those that are cited. ``borderline`` has a Chinese
    sentence for each of ``edges``.
    """

    standard: str
    region: str | None
    year: str | None
    table: SchoolTable | None
    units: tuple[Unit, ...] = ()
    dispersion: tuple[Dispersion, ...] = ()
    county: tuple[Verdict, ...] = ()
    indicators: tuple[Verdict, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    borderline: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = field(default=())
    edges: tuple[Edge, ...] = ()
    reports: tuple[Report, ...] = ()
