"""Printed values as intervals: what a figure may have been before it was rounded.

A figure printed with n decimals in a unit with a scale ("2.88亿元") stands for any value within half a unit of
its last place; a count in its own unit (人, 所) is exact, but an average of counts (生均图书32册) is rounded. Words
widen it: 近 and 不到 open it downwards, 余, 多, 以上 upwards, 约 both ways; a word that sets a bound (以上, 不足,
余) sets it at the printed number itself. Interval arithmetic after Moore (1966): every formula here is monotone
in each of its inputs, so its extremes lie at their ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

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
_MEASURED = frozenset({"money", "percent", "permille", "per_ten_thousand", "percent_point", "permille_point", "ratio",
                       "area", "length", "times", "cheng", "doublings", "none", "volume", "mass", "hour", "score",
                       "temperature", "electricity", "data"})  # fmt: skip
"""Dimensions whose whole numbers may be rounded; what is counted in whole things is exact."""
_AVERAGED = re.compile(r"[生人师班校园户]均|平均|均值|每[百千万]?[名个]?(?:学生|幼儿|人|生|班|校|教师)")
_TO_THE_YUAN = Decimal(100_000)
"""A sum of money printed in 元 from here on is kept to the yuan; smaller ones may be rounded averages."""


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
    if places == 0 and _is_exact(fact):
        return Decimal(0)
    return Decimal(1).scaleb(-places) / 2


def _is_exact(fact: Fact) -> bool:
    """True if a whole number of ``fact`` is no rounded one."""
    kind = dimension(fact.unit).split("/")[0]
    if fact.unit[:1] in tuple("百千万亿") and kind not in ("percent_point", "length"):
        return False
    if kind == "money":
        return fact.unit == "元" and abs(fact.value) >= _TO_THE_YUAN
    if kind == "none":  # a cell of a table: the head has the unit
        return not _AVERAGED.search(fact.label)
    return kind not in _MEASURED and not _AVERAGED.search(f"{fact.metric} {fact.label}")


def interval_of(fact: Fact) -> Interval:
    """Return the values that ``fact`` allows, in its own unit, with its qualifiers and its rounding."""
    half, words = half_place(fact), fact.qualifier or ""
    if fact.upper is not None:
        return Interval(min(fact.value, fact.upper) - half, max(fact.value, fact.upper) + half)
    value, rest, found = fact.value, words, []
    for pattern in (_ABOVE, _BELOW, _UNDER, _BEYOND):  # 不低于 holds 低于: the longer words first
        found.append(bool(pattern.search(rest)))
        rest = pattern.sub("", rest)
    above, below, under, beyond = found
    low = value if above or beyond else value - half
    high = value if below or under else value + half
    step = _last_place(value)
    if above:
        high = UNBOUNDED
    elif beyond:
        high = UNBOUNDED if re.search(r"超|突破|逾|高于|多于|大于|＞", words) else value + step
    if below or under:
        low = -UNBOUNDED
    little = min(step, abs(value) / 4)  # 近1000人 may be 800, hardly 500
    if _NEAR.search(rest):
        low, high = min(low, value - little), max(value, low)
    if _ABOUT.search(rest):
        low, high = min(low, value - little), max(high, value + little)
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


def _root(value: Decimal, degree: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = 40
        return context.power(value, 1 / degree)


FORMULAS: dict[str, Formula] = {
    "growth_rate": lambda v: quotient((v[0] - v[1]) * 100, v[1]),
    "difference": lambda v: v[0] - v[1],
    "share": _shared,
    "share_permille": lambda v: _shared(v) * 10,
    "share_tenths": lambda v: _shared(v) / 10,
    "sum": lambda v: sum(v, Decimal(0)),
    "ratio": lambda v: quotient(v[0], v[1]),
    "average": lambda v: quotient(v[0], v[1]),
    "average_100": lambda v: quotient(v[0] * 100, v[1]),
    "to_one": lambda v: quotient(v[0], v[1]),
    "remainder": lambda v: v[0] - sum(v[1:], Decimal(0)),
    "gap_to_whole": lambda v: abs(v[0] - 100),
    "growth_times": lambda v: quotient(v[0] - v[1], v[1]),
    "growth_tenths": lambda v: quotient((v[0] - v[1]) * 10, v[1]),
    "growth_permille": lambda v: quotient((v[0] - v[1]) * 1000, v[1]),
    "retention": lambda v: quotient((v[0] - v[1] + v[2]) * 100, v[3] - v[4]),
    "growth_of_sum": lambda v: quotient((sum(v[:-1], Decimal(0)) - v[-1]) * 100, v[-1]),
    "sum_less": lambda v: sum(v[:-1], Decimal(0)) - v[-1],
    "annual_growth": lambda v: (_root(quotient(v[0], v[1]), v[2]) - 1) * 100,
    # a rate from the amount of the change and one of the two values; an amount from the rate
    "rise_over_base": lambda v: quotient(v[0] * 100, v[1]),
    "fall_over_base": lambda v: -quotient(v[0] * 100, v[1]),
    "rise_in_level": lambda v: quotient(v[0] * 100, v[1] - v[0]),
    "fall_in_level": lambda v: -quotient(v[0] * 100, v[1] + v[0]),
    "gain_on_base": lambda v: v[1] * v[0] / 100,
    "loss_on_base": lambda v: -v[1] * v[0] / 100,
    "gain_in_level": lambda v: quotient(v[1] * v[0], 100 + v[0]),
    "loss_in_level": lambda v: -quotient(v[1] * v[0], 100 - v[0]),
    "shortfall": lambda v: quotient(v[0] * (100 - v[1]), Decimal(100)),
    "portion": lambda v: quotient(v[0] * v[1], Decimal(100)),
}
"""What each named calculation does to its inputs in order. A new one is added with its calculation."""


_ADDING = frozenset({"sum", "difference", "remainder", "sum_less"})
_LITTLE = Decimal("1e-9")


def extremes(calculation: Calculation) -> tuple[Calculation, Calculation]:
    """Return ``calculation`` over the outermost unrounded values of its inputs: (least, most).

    Inputs that come from a fact vary within its interval (converted to the input's unit), others are exact.
    Raises ``KeyError`` for a formula that is not in ``FORMULAS``. What may be a denominator stays above zero.
    """
    formula = FORMULAS[calculation.name]
    middle = [item.value for item in calculation.inputs]
    ranges = [_range(item) for item in calculation.inputs]
    low, high = list(middle), list(middle)
    for at, own in enumerate(ranges):
        if own.low == own.high:
            continue
        if own.low <= 0 < middle[at] and calculation.name not in _ADDING:
            own = Interval(middle[at] * _LITTLE, own.high)  # "不足100人" as a base: anything above none
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
    """Return how an outermost value follows from the printed one: half its last place away, or what 近, 余 allow."""
    away = value - item.value
    sign = "+" if away > 0 else "−"
    worded = item.fact is not None and bool(item.fact.qualifier or item.fact.upper)
    name = "限定词允许的出入" if worded else "末位的一半"
    return Calculation(
        "unrounded", f"{item.name}舍入前的界限", f"所印的数 {sign} {name}", f"{{0}} {sign} {abs(away):f}",
        (replace(item, name="所印的数"),), value, item.unit, None,
    )  # fmt: skip


def _range(item: Input) -> Interval:
    if item.fact is None:
        return Interval(item.value, item.value)
    own = interval_in(item.fact, item.unit)
    return Interval(-own.high, -own.low) if item.value < 0 < item.fact.value else own  # an amount that falls


def interval_in(fact: Fact, unit: str) -> Interval:
    """Return the values that ``fact`` allows in ``unit``; in its own where the two measure different things."""
    own = interval_of(fact)
    if unit == fact.unit or dimension(unit) != dimension(fact.unit):
        return own
    return Interval(_converted(own.low, fact.unit, unit), _converted(own.high, fact.unit, unit))


def _converted(value: Decimal, unit: str, to: str) -> Decimal:
    return value if abs(value) == UNBOUNDED else convert(value, unit, to)


@dataclass(frozen=True, slots=True)
class Judged:
    """``least`` and ``most`` are None where the plain recomputation already agrees, or has no bound."""

    verdict: Verdict
    least: Calculation | None = None
    most: Calculation | None = None


def judge(stated: Fact, calculation: Calculation) -> Judged:
    """Hold ``stated`` against ``calculation``, both in the same unit.

    ``consistent``: rounded to the places printed, the result is what is stated (or lies in what its qualifier
    allows); ``rounding``: values within the printed inputs' intervals give it; ``inconsistent``: none do. A rate
    or amount of change that is said to fall is negative, be it printed with a sign ("下降-1.5%") or without.
    """
    falls = stated.direction == "down" and stated.role in ("rate", "change") and stated.value > 0
    allowed = interval_of(stated)
    if falls:
        allowed = Interval(-allowed.high, -allowed.low)
    value = -stated.value if falls else stated.value
    exact = calculation.exact
    near = exact == value or rounded(exact, places_of(stated.value)) == value
    if stated.qualifier or stated.upper is not None:
        if allowed.holds(exact):
            return Judged("consistent")
    elif near:
        return Judged("consistent")
    least, most = extremes(calculation)
    possible = Interval(min(least.exact, most.exact), max(least.exact, most.exact))
    verdict: Verdict = "rounding" if near or possible.meets(allowed) else "inconsistent"
    if any(UNBOUNDED in (abs(own.low), abs(own.high)) for own in map(_range, calculation.inputs)):
        return Judged(verdict)
    return Judged(verdict, least, most)
