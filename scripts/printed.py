"""Printed figures as intervals, and what follows from them: arithmetic of its own, apart from the audit's.

A figure stands for every value that is printed like it: 6.83亿元 for 6.825 to 6.835亿元. Counts are taken the
same way (57所 for 56.5 to 57.5), which is more generous than counting is, so that "beyond rounding" is certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation

from audit_truth import Claim, Span

_WIDE = {ord(c): ord(c) - 0xFEE0 for c in "０１２３４５６７８９．％，："}
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\s?\.\s?\d+)?")
_RATIO = re.compile(r"1\s*[:∶]\s*(?=\d)")
_SCALE = {
    "亿": Decimal(10) ** 8,
    "億": Decimal(10) ** 8,
    "万": Decimal(10) ** 4,
    "萬": Decimal(10) ** 4,
    "千": Decimal(1000),
}
_VAGUE_BEFORE = re.compile(r"(?:近|约|約|超过|超|逾|突破|不低于|不少于|不足)\s*$")
_VAGUE_AFTER = re.compile(r"\s*(?:多|余|餘|以上|左右|上下|以内|以下)")


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from ``low`` to ``high``, both counted in."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(ends), max(ends))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise DivisionByZero
        return self * Interval(1 / other.high, 1 / other.low)

    def size(self) -> Interval:
        """The interval of absolute values: a fall of 3% is stated as 3%."""
        if self.low >= 0:
            return self
        if self.high <= 0:
            return Interval(-self.high, -self.low)
        return Interval(Decimal(0), max(-self.low, self.high))

    def root(self) -> Interval:
        return Interval(self.low.sqrt(), self.high.sqrt())


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a text: ``digits`` is the span of the number alone, ``step`` the worth of its last digit."""

    digits: Span
    value: Decimal
    step: Decimal
    vague: bool

    @property
    def interval(self) -> Interval:
        return Interval(self.value - self.step / 2, self.value + self.step / 2)

    @property
    def point(self) -> Interval:
        return Interval(self.value, self.value)


def printed(text: str, span: Span) -> Printed | None:
    """Read the figure in ``span`` of ``text``; None for what is not written in digits.

    The unit may stand in the span or right behind it. Of a ratio the many side is read (1:13.4 is 13.4).
    """
    plain = text.translate(_WIDE)
    start, end = span
    ratio = _RATIO.match(plain, start)
    found = _NUMBER.search(plain, ratio.end() if ratio and ratio.end() < end else start, end)
    if found is None:
        return None
    number = re.sub(r"[,\s]", "", found[0])
    scale, at = Decimal(1), found.end()
    while at < len(plain) and (plain[at] in _SCALE or plain[at] == " "):
        scale *= _SCALE.get(plain[at], Decimal(1))
        at += 1
    places = len(number.partition(".")[2])
    vague = bool(_VAGUE_BEFORE.search(plain, 0, start) if start else None) or bool(
        _VAGUE_AFTER.match(plain, found.end()) or _VAGUE_AFTER.match(plain, end)
    )
    return Printed(found.span(), Decimal(number) * scale, scale.scaleb(-places), vague)


HUNDRED = Interval(Decimal(100), Decimal(100))
ONE = Interval(Decimal(1), Decimal(1))
Formula = Callable[[Sequence[Interval]], Interval]


def _total(values: Sequence[Interval]) -> Interval:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _product(values: Sequence[Interval]) -> Interval:
    product = ONE
    for value in values:
        product = product * value
    return product


def _many(count: int) -> Interval:
    return Interval(Decimal(count), Decimal(count))


def _change(v: Sequence[Interval]) -> Interval:
    # (later − earlier) ÷ earlier with each value once, so that the ends are exact
    return ((v[0] / v[1] - ONE) * HUNDRED).size()


FORMULAS: dict[str, tuple[Formula, ...]] = {
    "growth": (_change,),
    "direction": (_change,),
    "growth_by_rise": (lambda v: ONE / (v[0] / v[1] - ONE) * HUNDRED,),
    "growth_by_fall": (lambda v: ONE / (v[0] / v[1] + ONE) * HUNDRED,),
    "annual_growth": (lambda v: ((v[0] / v[1]).root() - ONE) * HUNDRED,),
    "difference": (lambda v: (v[0] - v[1]).size(),),
    "points": (lambda v: (v[0] - v[1]).size(),),
    "difference_by_rise": (lambda v: v[0] / (HUNDRED / v[1] + ONE),),
    "difference_by_fall": (lambda v: v[0] / (HUNDRED / v[1] - ONE),),
    "multiple": (lambda v: v[0] / v[1],),
    "share": (lambda v: _total(v[:-1]) / v[-1] * HUNDRED,),
    "rate": (lambda v: _total(v[:-1]) / v[-1] * HUNDRED,),
    "share_of_sum": (lambda v: v[0] / _total(v[1:]) * HUNDRED,),
    "average": (lambda v: v[0] / v[1], lambda v: v[0] / v[1] * HUNDRED),
    "per_hundred": (lambda v: v[0] / v[1] * HUNDRED,),
    "ratio": (lambda v: v[1] / v[0], lambda v: v[0] / v[1]),
    "mean": (lambda v: _total(v) / _many(len(v)),),
    "sum": (_total,),
    "product": (_product,),
    "retention": (lambda v: (v[0] - v[1] + v[2]) / (v[3] - v[4]) * HUNDRED,),
}
"""What the inputs of a check, in their order, give for the claimed figure; where a check has two formulas
(so many a school, so many a hundred pupils), the one that the untouched report follows counts."""


def fitting(claim: Claim, text: str) -> list[Formula]:
    """Return the formulas that give the claimed figure from the inputs, plainly rounded or within rounding."""
    stated, values = figures(claim, text)
    if stated is None or not values:
        return []
    fits = []
    for formula in FORMULAS.get(claim.check, ()):
        exact = _apply(formula, [v.point for v in values])
        wide = _apply(formula, [v.interval for v in values])
        if (claim.verdict == "consistent" and exact is not None and rounds_to(exact.low, stated)) or (
            claim.verdict == "rounding" and wide is not None and _meet(wide, stated.interval)
        ):
            fits.append(formula)
    return fits


def figures(claim: Claim, text: str) -> tuple[Printed | None, list[Printed]]:
    """Return the claimed figure and the inputs as printed; no inputs where one of them is not in digits."""
    values = [printed(text, span) for span in claim.inputs]
    known = [v for v in values if v is not None]
    return printed(text, claim.span), known if len(known) == len(values) else []


def rounds_to(value: Decimal, stated: Printed) -> bool:
    """Whether ``value`` is printed as ``stated`` is (half up, to the same last digit)."""
    return (value / stated.step).quantize(Decimal(1), ROUND_HALF_UP) * stated.step == stated.value


def beyond(formulas: Sequence[Formula], stated: Printed, values: Sequence[Printed]) -> bool:
    """Whether no values within the printed intervals give the stated figure, by any of the formulas."""
    for formula in formulas:
        given = _apply(formula, [v.interval for v in values])
        if given is None or _meet(given, stated.interval):
            return False
    return bool(formulas)


def _meet(one: Interval, other: Interval) -> bool:
    return one.low <= other.high and other.low <= one.high


def _apply(formula: Formula, values: Sequence[Interval]) -> Interval | None:
    try:
        return formula(values)
    except (DivisionByZero, InvalidOperation, IndexError):
        return None
