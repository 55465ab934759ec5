"""What a check finds: verdicts, dispersion and the schools they are about, in exact rational numbers.

Displayed values are made from the exact ones by ``tools.compliance.display``; nothing is compared after rounding
but the coefficient of variation (see docs/compliance.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from corpus.model import Fact
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
class Verdict:
    """One indicator judged for one school and stage, or for the county.

    ``limit_key`` names the limit of the standard that was applied. ``cells`` are the cells of the table that go in;
    ``facts`` and ``sentences`` are what stored reports say, ``calculations`` what was computed from their counts. ``wanted`` says, where there is no data, what would
    settle it. ``failing`` and ``missing`` name schools (county verdicts from a table). ``parts`` are the verdicts of
    an indicator that demands several things. ``remark`` is one Chinese sentence for a reader.
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
    """A unit's share of the weighted sum of squares; ``total`` and ``students`` are what went in."""

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
    ``value_status`` what the units with data alone would give.
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
    and reports together; ``county`` are the county verdicts in the contract's shape.
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
