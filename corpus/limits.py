"""Limits and what surrounds them: relaxations, named ranges, rules in words, and what bears them out."""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Protocol

from pydantic import BeforeValidator, ConfigDict
from pydantic.dataclasses import dataclass as checked

_STRICT = ConfigDict(extra="forbid")
Confirmation = Literal["confirmed", "unconfirmed"]
Operator = Literal["≥", "≤", "<", ">", "="]
LimitStage = Literal["primary", "junior", "senior", "preschool", "special", "county"]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "≥": operator.ge, "≤": operator.le, "<": operator.lt, ">": operator.gt, "=": operator.eq,
}  # fmt: skip


def keeps(value: Fraction | Decimal, sign: str, bound: Fraction | Decimal) -> bool:
    """Tell whether ``value`` keeps a bound as its sign is written; both exact, and of one type.

    >>> keeps(Fraction(3), "≥", Fraction(3)), keeps(Fraction(3), "<", Fraction(3))
    (True, False)
    """
    return _COMPARE[sign](value, bound)


def _written_out(day: Any) -> Any:
    if isinstance(day, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        raise ValueError("应为日期,如 2019-01-31")
    return day


Day = Annotated[dt.date, BeforeValidator(_written_out)]
"""A date written out: without this a lone number would be read as seconds since 1970."""


@checked(frozen=True, config=_STRICT)
class Limit:
    """One bound. ``key`` tells several bounds of one indicator apart ("music_room_area"), ``name`` says it in Chinese.

    ``value`` None means repealed from ``since`` on, unless ``than`` names another quantity that is the bound ("not
    less than the year before"). In the unit "1:N" a value N is the ratio 1:N, so "≥ 1:15" allows 1:14. ``kinds``
    narrows it to some types of school (the contract's 办学类型). ``note`` holds what a reader must know, such as a
    doubtful reading of the source.
    """

    operator: Operator
    unit: str
    value: Decimal | None = None
    than: str = ""
    stage: LimitStage = "county"
    key: str = ""
    name: str = ""
    kinds: tuple[str, ...] = ()
    since: Day | None = None
    until: Day | None = None
    dates: Confirmation = "confirmed"
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def repealed(self) -> bool:
        return self.value is None and not self.than

    def allows(self, value: Fraction, than: Fraction | None = None) -> bool:
        """Tell whether ``value`` (exact, in ``unit``) keeps the bound as written.

        ``than`` is the value of the quantity that ``self.than`` names. ValueError if the limit is repealed, if
        ``than`` is lacking or given in vain, or for a ratio "1:N" that is not above zero.
        """
        bound = than if self.value is None else Fraction(self.value)
        if bound is None or (than is not None) != bool(self.than):
            raise ValueError("a limit needs its own value, or that of the quantity it names, and no other")
        if self.unit == "1:N":
            if value <= 0:
                raise ValueError(f"1:{value} is no ratio")
            value, bound = 1 / value, 1 / bound
        return keeps(value, self.operator, bound)


@checked(frozen=True, config=_STRICT)
class Relaxation:
    """A looser rule for a time. It is told to a reader and never applied by itself."""

    text: str
    since: Day | None = None
    until: Day | None = None
    dates: Confirmation = "confirmed"
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()
    note: str = ""


@checked(frozen=True, config=_STRICT)
class Said:
    """A rule in words: a precondition, a veto, an exclusion, a rounding rule, with what bears it out."""

    text: str
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class Band:
    """A named range of values, both ends included; an open end is None."""

    name: str
    least: Decimal | None
    most: Decimal | None
    unit: str
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()

    def holds(self, value: Fraction) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)


@checked(frozen=True, config=_STRICT)
class Source:
    """What bears a rule out; ``id`` is what ``sources`` cite. ``MEM`` stands for memory, which is no source."""

    id: str
    title: str
    address: str = ""


class Dated(Protocol):
    @property
    def since(self) -> dt.date | None: ...
    @property
    def until(self) -> dt.date | None: ...


def in_force(rule: Dated, on: dt.date | None) -> bool:
    """Tell whether ``rule`` holds on the day; without a day, whether it has no end."""
    if on is None:
        return rule.until is None
    return (rule.since or on) <= on <= (rule.until or on)
