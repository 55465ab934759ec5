"""Readings of a claim of change: the figures that may be meant, what they give, and how the claim comes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import moving
from tools.audit.certainty import whole_of
from tools.audit.comparisons import Tie
from tools.audit.intervals import Judged, judge
from tools.audit.view import View
from tools.calculation import Calculation


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a claim: the calculation, how it comes out, and the figures that go in."""

    made: Calculation
    judged: Judged
    used: tuple[Fact, ...]

    @property
    def fits(self) -> bool:
        return self.judged.verdict != "inconsistent"


def read(claim: Fact, made: Calculation | None, *used: Fact) -> Reading | None:
    return None if made is None else Reading(made, judge(claim, made), used)


def apart(claim: Fact, reading: Reading) -> Decimal:
    """Return how far a reading is from the claim: of several that do not fit, the nearest is the one to tell."""
    return abs(reading.made.exact - (-claim.value if claim.direction == "down" else claim.value))


def reading_of(tied: Tie) -> Reading | None:
    claim, level, base = tied.claim, tied.level, tied.base
    if level is not None and base is not None:
        return read(claim, moving.change(claim, level, base), level, base)
    held = level or base
    if held is None or tied.beside is None:
        return None
    made = moving.from_beside(claim, level, base, tied.beside)
    reading = read(claim, made, held, tied.beside)
    # of an amount and a rate that disagree, one is told as the claim: the rate, as it is the one derived
    return None if reading and not reading.fits and not moving.is_rate(claim) else reading


def turned(tied: Tie) -> Reading | None:
    """Take the one value beside a change for the other of base and level: the reading, if it fits."""
    held = tied.level or tied.base
    if held is None or tied.beside is None or not moving.is_rate(tied.claim):
        return None
    reading = read(
        tied.claim, moving.from_beside(tied.claim, tied.base, tied.level, tied.beside), held, tied.beside
    )
    return reading if reading and reading.fits else None


def other_readings(view: View, tied: Tie) -> Iterator[Reading]:
    """Other readings of the same words: the whole or another level told before, or several of them together."""
    claim, level, base = tied.claim, tied.level, tied.base
    if level is None or base is None:
        return
    whole = whole_of(view, tied.others, level)
    for other in (whole,) if whole is not None else tied.others:
        made = moving.change(claim, other, base)
        beside = tied.beside and moving.change(tied.beside, other, base)
        reading = read(claim, made, other, base)
        fair = not beside or tied.beside is None or judge(tied.beside, beside).verdict != "inconsistent"
        if reading and (whole is not None or (fair and reading.fits)):
            yield reading
    parts = (*tied.others, level)
    for first in range(max(0, len(parts) - 4), len(parts) - 1) if whole is None else ():
        reading = read(claim, moving.of_sum(claim, parts[first:], base), *parts[first:], base)
        if reading and reading.fits:
            yield reading


def points(tied: Tie) -> Calculation | None:
    """Return the change in points where a claim in % is just that, or in % where a claim in points is that."""
    claim, level, base = tied.claim, tied.level, tied.base
    if level is None or base is None:
        return None
    if claim.unit == "%" and level.unit == base.unit == "%":
        other = replace(claim, unit="百分点", role="change")
    elif claim.unit == "百分点" and dimension(level.unit) not in moving.PERCENT:
        other = replace(claim, unit="%", role="rate")
    else:
        return None
    made = moving.change(other, level, base)
    return made if made and judge(other, made).verdict != "inconsistent" else None


def scaled(tied: Tie) -> tuple[Fact, str] | None:
    """Return the figure and the unit with which all would fit, if only 万 or 亿 of one of them is wrong."""
    claim, level, base = tied.claim, tied.level, tied.base
    if (
        level is None
        or base is None
        or dimension(level.unit) not in ("money", "person", "area", "person_time")
    ):
        return None
    own = level.unit.lstrip("百千万亿")
    for which in (level, base) if moving.is_rate(claim) else (claim, level, base):
        for scale in ("", "万", "亿"):
            if scale + own == which.unit:
                continue
            other = replace(which, unit=scale + own)
            pair = (other if which is level else level, other if which is base else base)
            stated = other if which is claim else claim
            reading = read(stated, moving.change(stated, *pair), *pair)
            if reading and reading.fits and stated.value:
                return which, scale + own
    return None
