"""Codified standards: what a document demands, with clause, source and dates, read strictly from YAML.

A limit holds from ``since`` up to and including ``until`` (either may be open). A provincial variant is a standard
of its own file with ``variant_of`` and ``regions``; it replaces the indicators of the same code and adds its own.
``status: unconfirmed`` marks what no source at hand bears out; it is shown as such wherever it is used.
"""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError

_STRICT = ConfigDict(extra="forbid")
Confirmation = Literal["confirmed", "unconfirmed"]
Operator = Literal["≥", "≤", "<", ">", "="]
LimitStage = Literal["primary", "junior", "senior", "preschool", "special", "county"]
_COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "≥": operator.ge, "≤": operator.le, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip


@checked(frozen=True, config=_STRICT)
class Limit:
    """One bound. ``key`` tells several bounds of one indicator apart ("music_room_area"), ``name`` says it in Chinese.

    ``value`` None means repealed from ``since`` on. ``kinds`` narrows it to some types of school (the contract's
    办学类型). ``note`` holds what a reader must know, such as a doubtful reading of the source.
    """

    operator: Operator
    value: Decimal | None
    unit: str
    stage: LimitStage = "county"
    key: str = ""
    name: str = ""
    kinds: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()
    note: str = ""

    def allows(self, value: Fraction) -> bool:
        """Tell whether ``value`` (exact, in ``unit``) keeps the bound as written; ValueError if repealed."""
        if self.value is None:
            raise ValueError("a repealed limit allows and forbids nothing")
        return _COMPARE[self.operator](value, Fraction(self.value))


@checked(frozen=True, config=_STRICT)
class Relaxation:
    """A looser rule for a time. It is told to a reader and never applied by itself."""

    text: str
    since: dt.date | None = None
    until: dt.date | None = None
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class Demand:
    """One indicator of a standard, by the code that its application form gives it.

    ``scope``: judged for each school or for the county. ``judged``: ``table`` (a school table determines it),
    ``report`` (a figure that a report states), ``qualitative`` (evidence only, never a verdict by itself).
    ``metrics`` are catalogue ids whose facts settle it, ``words`` what to look for in texts, ``wanted`` the data that
    would settle it, in words for a reader.
    """

    code: str
    name: str
    clause: str = ""
    short: str = ""
    scope: Literal["school", "county"] = "county"
    judged: Literal["table", "report", "qualitative"] = "qualitative"
    formula: str = ""
    unit: str = ""
    limits: tuple[Limit, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    metrics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()
    note: str = ""


@checked(frozen=True, config=_STRICT)
class Aspect:
    name: str
    status: Confirmation
    indicators: tuple[Demand, ...]


@checked(frozen=True, config=_STRICT)
class Said:
    """A rule in words: a precondition, a veto, an exclusion, a rounding rule, with what bears it out."""

    text: str
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class PassRule:
    """``least`` of the ``codes`` must be met, the others reach ``floor`` (a share) of the demand."""

    text: str
    codes: tuple[str, ...]
    least: int
    floor: Decimal
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class DispersionRule:
    """Limits of the coefficient of variation. ``per``: each indicator, or the mean over all of them."""

    text: str
    formula: str
    codes: tuple[str, ...]
    per: Literal["indicator", "composite"]
    limits: tuple[Limit, ...]
    status: Confirmation = "confirmed"
    formula_status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class SplitRule:
    """Weights by which the facilities (``codes``) of a school with several stages are split, per student."""

    text: str
    codes: tuple[str, ...]
    primary: Decimal
    junior: Decimal
    senior: Decimal
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class Standard:
    """``document`` is the document number; ``status`` says whether its text was seen or is from memory.

    ``since`` and ``until`` are the days it is in force, as far as known (``dates`` says how well).
    """

    id: str
    name: str
    document: str
    status: Confirmation
    aspects: tuple[Aspect, ...]
    short: str = ""
    companion: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    dates: Confirmation = "unconfirmed"
    scope: str = ""
    variant_of: str | None = None
    regions: tuple[str, ...] = ()
    passing: PassRule | None = None
    dispersion: DispersionRule | None = None
    split: SplitRule | None = None
    preconditions: tuple[Said, ...] = ()
    vetoes: tuple[Said, ...] = ()
    exclusions: tuple[Said, ...] = ()
    rounding: tuple[Said, ...] = ()
    group_rules: tuple[Said, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def demands(self) -> tuple[Demand, ...]:
        return tuple(demand for aspect in self.aspects for demand in aspect.indicators)

    def demand(self, code: str) -> Demand:
        """Return the indicator of this code; KeyError if there is none."""
        for demand in self.demands:
            if demand.code == code:
                return demand
        raise KeyError(code)


@cache
def standards() -> dict[str, Standard]:
    """Return all standards by id; the file name must be the id."""
    found: dict[str, Standard] = {}
    for path in sorted((HERE / "standards").glob("*.yaml")):
        standard = load_yaml(path, Standard)
        if standard.id != path.stem:
            raise CatalogueError(f"{path.name}:id:应与文件名相同,现为“{standard.id}”")
        found[standard.id] = standard
    return found


def limit_of(
    demand: Demand, stage: str, *, key: str = "", kind: str | None = None, on: dt.date | None = None
) -> Limit | None:
    """Return the limit in force ``on`` a day (today's text of the standard when None), or None."""
    for limit in demand.limits:
        if limit.stage != stage or limit.key != key or (limit.kinds and kind not in limit.kinds):
            continue
        if on is None and limit.until is not None:
            continue
        if on is not None and not ((limit.since or on) <= on <= (limit.until or on)):
            continue
        return limit if limit.value is not None else None
    return None
