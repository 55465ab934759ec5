"""Printed values as intervals: what a figure may have been before it was rounded.

A figure printed with n decimals in a unit with a scale ("2.88亿元") stands for any value within half a unit of
its last place; a count in its own unit (人, 所) is exact. Words widen it: 近 and 不到 open it downwards, 余, 多,
以上 upwards, 约 both ways. Interval arithmetic after Moore (1966): every formula here is monotone in each of its
inputs, so its extremes lie at their ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.model import Fact
from corpus.units import convert, dimension
from tools.audit.model import Verdict
from tools.calculation import Calculation, Input, quotient, rounded

UNBOUNDED = Decimal("1e30")
_ABOVE = re.compile(r"以上|不低于|不少于|不小于|至少|最少|最低|≥|不得低于|不得少于")
_BEYOND = re.compile(r"超过|超出|突破|逾|高于|多于|大于|超|余|多|来|＞|开外")
_BELOW = re.compile(r"以下|以内|不超过|不高于|不多于|不大于|至多|最多|最高|≤|不得超过|不得高于")
_UNDER = re.compile(r"不足|不到|未达到|未达|未满|不满|低于|小于|少于|＜")
_NEAR = re.compile(r"近|接近|将近|几乎")
_ABOUT = re.compile(r"约|大约|大概|左右|上下|许|差不多|大致|估计")
_MEASURED = frozenset({"money", "percent", "permille", "percent_point", "ratio", "area", "length", "times", "none",
                       "volume", "weight", "hour"})  # fmt: skip
"""Dimensions whose whole numbers may be rounded; what is counted in whole things is exact."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from ``low`` to ``high``, ends included."""

    low: Decimal
    high: Decimal

    def meets(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def places_of(value: Decimal) -> int:
    """Return the decimals with which ``value`` is printed."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def half_place(fact: Fact) -> Decimal:
    """Return half a unit of the last printed place, in the unit of ``fact``; 0 for what is counted."""
    places = places_of(fact.value)
    kind = dimension(fact.unit).split("/")[0]
    scaled = fact.unit[:1] in tuple("百千万亿") and fact.unit not in ("百分点",)
    exact = places == 0 and not scaled and kind not in _MEASURED
    plain_yuan = (
        places == 0 and fact.unit == "元" and fact.value >= 10_000
    )  # a sum in yuan is kept to the yuan
    bare_count = places == 0 and kind == "none" and not scaled  # a cell of a table: the head has the unit
    return Decimal(0) if exact or plain_yuan or bare_count else Decimal(1).scaleb(-places) / 2


def interval_of(fact: Fact) -> Interval:
    """Return the values that ``fact`` allows, in its own unit, with its qualifiers and its rounding."""
    half, words = half_place(fact), fact.qualifier or ""
    if fact.upper is not None:
        return Interval(min(fact.value, fact.upper) - half, max(fact.value, fact.upper) + half)
    low, high = fact.value - half, fact.value + half
    rest, found = words, []
    for pattern in (_ABOVE, _BELOW, _UNDER, _BEYOND):  # 不低于 holds 低于: the longer words first
        found.append(bool(pattern.search(rest)))
        rest = pattern.sub("", rest)
    above, below, under, beyond = found
    step = _last_place(fact.value)
    if above:
        high = UNBOUNDED
    elif beyond:
        high = UNBOUNDED if re.search(r"超|突破|逾|高于|多于|大于|＞", words) else fact.value + step
    if below or under:
        low = -UNBOUNDED
    if _NEAR.search(rest):
        low = min(low, fact.value - step)
    if _ABOUT.search(rest):
        low, high = min(low, fact.value - step), max(high, fact.value + step)
    return Interval(low, high)


def _last_place(value: Decimal) -> Decimal:
    """Return one unit of the last digit of ``value`` that is not zero (8900 → 100, 3 → 1, 2.5 → 0.1)."""
    if value == 0:
        return Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else Decimal(1)


Formula = Callable[[Sequence[Decimal]], Decimal]


def _shared(values: Sequence[Decimal]) -> Decimal:
    return quotient(sum(values[:-1], Decimal(0)) * 100, values[-1])


FORMULAS: dict[str, Formula] = {
    "growth_rate": lambda v: quotient((v[0] - v[1]) * 100, v[1]),
    "difference": lambda v: v[0] - v[1],
    "share": _shared,
    "sum": lambda v: sum(v, Decimal(0)),
    "ratio": lambda v: quotient(v[0], v[1]),
    "average": lambda v: quotient(v[0], v[1]),
    "remainder": lambda v: v[0] - sum(v[1:], Decimal(0)),
}
"""What each named calculation does to its inputs in order. A new one is added with its calculation."""


def extremes(calculation: Calculation) -> tuple[Calculation, Calculation]:
    """Return ``calculation`` over the outermost unrounded values of its inputs: (least, most).

    Inputs that come from a fact vary within its interval (converted to the input's unit), others are exact.
    Raises ``KeyError`` for a formula that is not in ``FORMULAS``. A denominator that may be zero or less is kept
    at its printed value: the extremes would mean nothing.
    """
    formula = FORMULAS[calculation.name]
    middle = [item.value for item in calculation.inputs]
    ranges = [_range(item) for item in calculation.inputs]
    low, high = list(middle), list(middle)
    for at, own in enumerate(ranges):
        if own.low == own.high:
            continue
        if own.low <= 0 < middle[at] and calculation.name != "sum" and calculation.name != "difference":
            own = Interval(middle[at], own.high)
        first = formula([*middle[:at], own.low, *middle[at + 1 :]])
        second = formula([*middle[:at], own.high, *middle[at + 1 :]])
        rising = second >= first
        low[at], high[at] = (own.low, own.high) if rising else (own.high, own.low)
    return _with(calculation, low, "最小"), _with(calculation, high, "最大")


def _with(calculation: Calculation, values: list[Decimal], which: str) -> Calculation:
    inputs = tuple(
        item if item.value == value else replace(item, value=value, calculation=_unrounded(item, value))
        for item, value in zip(calculation.inputs, values, strict=True)
    )
    exact = FORMULAS[calculation.name](values)
    return replace(
        calculation, label=f"舍入允许的{which}{calculation.label}", inputs=inputs, exact=exact,
        direction="up" if exact > 0 else "down" if exact < 0 else None,
    )  # fmt: skip


def _unrounded(item: Input, value: Decimal) -> Calculation:
    """Return how an outermost value follows from the printed one: the printed value and half its last place."""
    away = value - item.value
    sign = "+" if away > 0 else "−"
    half = Input("末位的一半", abs(away), item.unit, given="舍入")
    return Calculation(
        "unrounded", f"{item.name}舍入前的界限", f"所印的数 {sign} 末位的一半", f"{{0}} {sign} {{1}}",
        (replace(item, name="所印的数"), half), value, item.unit, None,
    )  # fmt: skip


def _range(item: Input) -> Interval:
    if item.fact is None:
        return Interval(item.value, item.value)
    own = interval_of(item.fact)
    if item.value < 0 < item.fact.value:  # an amount that falls, or is taken off
        own = Interval(-own.high, -own.low)
    if item.unit == item.fact.unit or dimension(item.unit) != dimension(item.fact.unit):
        return own
    low, high = (_converted(end, item.fact.unit, item.unit) for end in (own.low, own.high))
    return Interval(low, high)


def _converted(value: Decimal, unit: str, to: str) -> Decimal:
    return value if abs(value) == UNBOUNDED else convert(value, unit, to)


@dataclass(frozen=True, slots=True)
class Judged:
    """``least`` and ``most`` are None where the plain recomputation already agrees."""

    verdict: Verdict
    least: Calculation | None = None
    most: Calculation | None = None


def judge(stated: Fact, calculation: Calculation) -> Judged:
    """Hold ``stated`` against ``calculation``, both in the same unit.

    ``consistent``: rounded to the places printed, the result is what is stated (or lies in what its qualifier
    allows); ``rounding``: values within the printed inputs' intervals give it; ``inconsistent``: none do. A rate
    or amount of change that is said to fall is negative.
    """
    falls = stated.direction == "down" and stated.role in ("rate", "change")
    allowed = interval_of(stated)
    if falls:
        allowed = Interval(-allowed.high, -allowed.low)
    value = -stated.value if falls else stated.value
    exact = calculation.exact
    if exact == value or rounded(exact, places_of(stated.value)) == value:
        return Judged("consistent")
    if stated.qualifier and allowed.holds(exact):
        return Judged("consistent")
    least, most = extremes(calculation)
    possible = Interval(min(least.exact, most.exact), max(least.exact, most.exact))
    return Judged("rounding" if possible.meets(allowed) else "inconsistent", least, most)
