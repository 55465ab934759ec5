"""How long the time of a period's key is: amounts of a year, a half-year and three years together are not compared."""

from __future__ import annotations

import re

_PARTS = re.compile(r"^\d{4}(H|Q)\d$")
_MONTHS = re.compile(r"^(\d{4})-(\d\d)")


def length(key: str | None) -> str:
    """Return "year" for a year, a school year or a point of time, else what the key covers: "H", "Q", "3 years", "3 months".

    A day, a month and a season count as points of time, at which stocks are told.

    >>> [length(k) for k in ("2022", "2022-05", "2022/2023", "2022H1", "2021/2023", "2022-01/2022-06", None)]
    ['year', 'year', 'year', 'H', '3 years', '6 months', 'year']
    """
    if not key:
        return "year"
    if part := _PARTS.match(key):
        return part[1]
    first, between, last = key.partition("/")
    if not between:
        return "year"
    if part := _PARTS.match(first):
        return f"{part[1]}{first[5:]}-{last[5:]}"
    start, end = _MONTHS.match(first), _MONTHS.match(last)
    if start and end:
        months = (int(end[1]) - int(start[1])) * 12 + int(end[2]) - int(start[2]) + 1
        return "year" if months == 12 else f"{months} months"
    if not (first[:4].isdigit() and last[:4].isdigit()):
        return "year"
    years = int(last[:4]) - int(first[:4]) + 1
    return "year" if years <= 2 else f"{years} years"


def of_one_length(a: str | None, b: str | None) -> bool:
    """True if figures of the two times may be set against each other as far as their lengths go."""
    return length(a) == length(b)
