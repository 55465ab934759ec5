"""What a stated amount leaves open, and whether a limit is kept whichever value it is.

"95%以上" is any value from 95 on, "超过95%" any above it; "近95%" and "约95%" bound nothing for certain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from corpus.model import Fact
from corpus.rules import Limit
from corpus.units import RATIOS, convert, dimension

_VAGUE = re.compile(
    r"近|约|大约|大概|左右|上下|接近|几乎|差不多|大致|估计|预计|预期|初步|有望|力争|力求|拟|≈|许|之间|不等"
)
_ABOVE = re.compile(r"以上|不低于|不少于|不小于|至少|最少|最低|≥|>=|不得低于|不得少于")
_BEYOND = re.compile(r"超过|超出|突破|逾|高于|多于|大于|超|余|多|来|＞|>|开外")
_BELOW = re.compile(r"以下|以内|不超过|不高于|不多于|不大于|至多|最多|最高|未超过|≤|<=|不得超过|不得高于")
_UNDER = re.compile(r"不足|不到|未达到|未达|未满|不满|低于|小于|少于|没有达到|＜|<")


@dataclass(frozen=True, slots=True)
class Range:
    """The values that a statement allows; an open end excludes its bound, None is no bound."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def exact(self) -> Fraction | None:
        """The value where only one is possible."""
        return self.low if self.low is not None and self.low == self.high else None

    def holds(self, value: Fraction) -> bool:
        """Tell whether ``value`` is one of the values allowed."""
        above = self.low is None or value > self.low or (value == self.low and not self.low_open)
        below = self.high is None or value < self.high or (value == self.high and not self.high_open)
        return above and below

    def meets(self, other: Range) -> bool:
        """Tell whether some value is allowed by both."""
        first, second = (self, other) if (self.low or 0) <= (other.low or 0) else (other, self)
        if first.high is None or second.low is None:
            return True
        touching = first.high == second.low and not first.high_open and not second.low_open
        return first.high > second.low or touching


def range_of(fact: Fact, unit: str, *, denied: bool = False) -> Range | None:
    """Return what ``fact`` leaves open, in ``unit``; None if its words bound nothing for certain.

    ``denied`` says that the words before the number deny it ("没有达到95%"). Raises ``UnitError``.
    """
    words = fact.qualifier or ""
    value, upper = _in(fact.value, fact.unit, unit), None
    if fact.upper is not None:
        upper = _in(fact.upper, fact.unit, unit)
    if denied:
        return Range(None, value, high_open=True)
    rest, found = words, []
    for pattern in (_ABOVE, _BELOW, _UNDER, _BEYOND):  # 不低于 holds 低于: the longer words first
        found.append(bool(pattern.search(rest)))
        rest = pattern.sub("", rest)
    above, below, under, beyond = found
    if _VAGUE.search(rest):
        return None
    if (under or below) and (above or beyond):
        return None
    if under or below:
        return Range(None, value, high_open=under)
    if above or beyond:
        return Range(value, None, low_open=not above)
    if upper is not None:
        return Range(min(value, upper), max(value, upper))
    return Range(value, value)


def _in(value: Decimal, unit: str, to: str) -> Fraction:
    if unit == to:
        return Fraction(value)
    if unit in RATIOS and to in RATIOS:
        return Fraction(value)  # 1:15 and 15:1 print the same two people the other way round
    return Fraction(convert(value, unit, to))


def comparable(fact: Fact, unit: str) -> bool:
    """Tell whether a fact can be compared with a limit in ``unit``."""
    if fact.unit in RATIOS or unit in RATIOS:
        return fact.unit in RATIOS and unit in RATIOS
    return dimension(fact.unit) == dimension(unit)


def keeps(limit: Limit, allowed: Range) -> bool | None:
    """Tell whether every value allowed keeps ``limit`` (True), none does (False), or it is open (None).

    A ratio 1:N is the smaller the greater N is, so its comparisons turn round.
    """
    assert limit.value is not None
    bound = Fraction(limit.value)
    sign: str = limit.operator
    if limit.unit in RATIOS:
        sign = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}.get(sign, sign)
    low, high = allowed.low, allowed.high
    if sign == "=":
        if allowed.exact is not None:
            return allowed.exact == bound
        return None if allowed.holds(bound) else False
    if sign in ("≥", ">"):
        strict = sign == ">"
        if low is not None and (low > bound or (low == bound and (allowed.low_open or not strict))):
            return True
        if high is not None and (high < bound or (high == bound and (allowed.high_open or strict))):
            return False
        return None
    strict = sign == "<"
    if high is not None and (high < bound or (high == bound and (allowed.high_open or not strict))):
        return True
    if low is not None and (low > bound or (low == bound and (allowed.low_open or strict))):
        return False
    return None
