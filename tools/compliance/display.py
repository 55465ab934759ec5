"""How exact numbers are printed: half up, with more decimals where rounding would mislead.

Two decimals for the indicators of a school and for means, three for a coefficient of variation and one for rates
are what the official application forms ask for. People, rooms and schools are whole; a standard deviation has four.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import isqrt

from corpus.rules import Limit
from tools.compliance.model import Amount

VALUE_PLACES = 2
RATE_PLACES = 1
STD_PLACES = 4
CV_PLACES = 3
CV_EXACT_PLACES = 12
SHARE_PLACES = 4
_MOST_PLACES = 60  # two different fractions of a table differ long before


def half_up(value: Fraction, places: int) -> Fraction:
    """Return ``value`` (not negative) rounded half up to ``places`` decimals, exactly."""
    scale = 10**places
    return Fraction((2 * value.numerator * scale + value.denominator) // (2 * value.denominator), scale)


def root_half_up(square: Fraction, places: int) -> Fraction:
    """Return the square root of ``square`` rounded half up, in whole numbers, so that no digit is lost.

    ⌊√q·10ᵖ + ½⌋ = ⌊(⌊2·10ᵖ·√q⌋ + 1) ÷ 2⌋, and the inner floor is an integer square root.
    """
    scale = 10**places
    return Fraction((isqrt(4 * scale * scale * square.numerator // square.denominator) + 1) // 2, scale)


def digits(value: Fraction, places: int) -> str:
    """Return a number that has at most ``places`` decimals in plain notation with exactly that many."""
    whole = value * 10**places
    if whole.denominator != 1:
        raise ValueError(f"{value} has more than {places} decimals")
    return f"{Decimal(whole.numerator).scaleb(-places):f}" if places else str(whole.numerator)


def printed(value: Fraction, places: int, misleads: Callable[[Fraction], bool] | None = None) -> str:
    """Return ``value`` rounded half up, with more decimals while ``misleads`` says so of the rounded number."""
    for more in range(places, _MOST_PLACES):
        rounded = half_up(value, more)
        if misleads is None or rounded == value or not misleads(rounded):
            return digits(rounded, more)
    return digits(half_up(value, _MOST_PLACES), _MOST_PLACES)


def printed_root(square: Fraction, places: int) -> str:
    return digits(root_half_up(square, places), places)


def plain(value: Fraction | Decimal) -> str:
    """Return a finite decimal with the digits it needs ("1", "4.2"); a fraction stays one ("1/3")."""
    exact = Fraction(value)
    for places in range(_MOST_PLACES):
        if (exact * 10**places).denominator == 1:
            return digits(exact, places) if exact >= 0 else f"-{digits(-exact, places)}"
    return str(exact)


def exact_text(value: Fraction) -> str:
    """Return "a/b", or "a" for a whole number, however many digits they have (``str`` of an int stops at 4300)."""
    numerator = f"{Decimal(value.numerator):f}"
    return numerator if value.denominator == 1 else f"{numerator}/{Decimal(value.denominator):f}"


def counted(value: Fraction | int, unit: str) -> Amount:
    """Return a number of people, rooms or schools, or a bound: printed with the digits it has."""
    exact = Fraction(value)
    return Amount(exact, unit, plain(exact))


def observed(value: Fraction, unit: str, places: int, limit: Limit) -> Amount:
    """Return a value to be shown beside ``limit``; it never looks as if it kept a bound that it breaks."""
    broken = not limit.allows(value)
    return Amount(value, unit, printed(value, places, limit.allows if broken else None))


def gap(value: Fraction, unit: str, places: int, limit: Limit) -> Amount:
    """Return what is missing to ``limit``: positive while it is broken, "0" when it is kept."""
    if limit.value is None or limit.allows(value):
        return Amount(Fraction(0), unit, "0")
    short = abs(Fraction(limit.value) - value)
    return Amount(short, unit, printed(short, places, lambda rounded: rounded == 0))


def threshold(limit: Limit) -> Amount:
    if limit.value is None:
        raise ValueError("a repealed limit has no threshold")
    return counted(Fraction(limit.value), limit.unit)
