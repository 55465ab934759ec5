"""The least total addition that brings every CV to its limit: the relaxed optimum, a plan near it, and a proof.

Whatever floating point suggests is checked, and mended, in whole numbers; it only decides how good a plan is found,
never whether it holds.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from tools.plan.cone import Cone
from tools.plan.model import Proof
from tools.plan.spreading import Spreading
from tools.plan.whole import Search

_EDGE = 1e-6
"""How far a floating-point bound may be wrong: far below the 1 between two totals of people."""
_CLOSE = 1e-8
"""Relative accuracy of the relaxed optimum where amounts are not whole: 1 元 in a hundred million."""

_NEAR = 5e-7
"""The same for people and rooms: 0.01 of 20,000, as what is left out is a part of one."""


@dataclass(frozen=True, slots=True)
class Solution:
    """``added`` in steps, a row each, checked exactly; no plan adds less than ``least`` steps in total."""

    added: tuple[int, ...]
    least: int
    proof: Proof

    @property
    def total(self) -> int:
        return sum(self.added)


def solve(problem: Spreading, deadline: float) -> Solution:
    """Return the least additions, as far as proven by the ``deadline`` (a reading of ``time.monotonic``)."""
    try:
        return _whole(problem, deadline) if problem.step == 1 else _fine(problem, deadline)
    except ArithmeticError:  # the solver gave up: what surely holds, without a claim
        return Solution(tuple(lower(problem, problem.level())), 0, "gap")


def _whole(problem: Spreading, deadline: float) -> Solution:
    cone = Cone(problem)
    base = float(sum(row.base for row in problem.rows))
    started = time.monotonic()
    bound = cone.solve(within=1e-6, deadline=started + (deadline - started) / 2, close=_NEAR)
    guess = np.maximum(bound.amounts / cone.unit - cone.base, 0) * cone.unit
    best = lower(problem, raise_up(problem, cone, np.ceil(guess - _EDGE)))
    least = ceil(bound.total - base - _EDGE)
    least = min(least, sum(best))
    if sum(best) > least and time.monotonic() < deadline:
        with suppress(ArithmeticError):
            best, least = _search(problem, cone, guess, best, least, deadline)
    return Solution(tuple(best), least, "optimal" if least == sum(best) else "gap")


def _search(
    problem: Spreading, cone: Cone, guess: np.ndarray, best: list[int], least: int, deadline: float
) -> tuple[list[int], int]:
    """Return the best plan found and what no plan is below, starting from ``best`` and ``least``."""
    search = Search(cone, lambda found: mend(problem, cone, found), deadline)
    best = search.near(guess, best)
    if sum(best) <= least or time.monotonic() >= deadline:
        return best, least
    base = float(cone.base.sum() * cone.unit)
    reach = cone.reach(base + sum(best) - 1 + _EDGE)
    box = tuple(
        (max(0.0, low - own - _EDGE), high - own + _EDGE)
        for (low, high), own in zip(reach, search.total, strict=True)
    )
    return search.run(box, best, least)


def _fine(problem: Spreading, deadline: float) -> Solution:
    """Solve with any amounts, then round each row up to the step: at most a step a row more than the optimum."""
    cone = Cone(problem)
    bound = cone.solve(within=1e-12, deadline=deadline, close=_CLOSE)
    base = cone.base * cone.unit
    extra = bound.amounts - base
    extra[extra <= 1e-11 * bound.amounts] = 0
    step = float(problem.step)
    added = between(problem, np.ceil(extra / step))
    least = max(0, ceil((bound.total - float(base.sum())) / step * (1 - 1e-9)))
    least = min(least, sum(added))
    raised = sum(number > 0 for number in added)
    slack = raised + ceil(2 * _CLOSE * bound.total / step)
    return Solution(tuple(added), least, "rounded" if sum(added) - least <= slack else "gap")


def mend(problem: Spreading, cone: Cone, found: np.ndarray) -> list[int]:
    """Return ``found`` (whole additions) if it holds, else something near that does."""
    added = [int(number) for number in np.rint(found)]
    return added if problem.holds(added) else lower(problem, raise_up(problem, cone, found))


def raise_up(problem: Spreading, cone: Cone, start: np.ndarray) -> list[int]:
    """Return additions that hold: ``start``, with one person more at a time where that helps most."""
    added, one = [int(value) for value in start], 1 / cone.unit
    for _ in added:
        broken = problem.broken(added)
        if not broken:
            return added
        pull = cone.pull(cone.base + np.array(added, float) * one, np.array(broken))
        if pull.max() <= 0:
            break
        added[int(np.argmax(pull))] += 1
    return between(problem, start)


def between(problem: Spreading, start: np.ndarray) -> list[int]:
    """Return additions that hold: ``start``, moved as little as needed towards the same level for all.

    What is allowed is convex, so on the way to a plan that holds there is one point from which on all do.
    """
    added = [int(value) for value in start]
    if problem.holds(added):
        return added
    level = problem.level()

    def at(part: Fraction) -> list[int]:
        return [ceil(one + part * (other - one)) for one, other in zip(added, level, strict=True)]

    high = Fraction(1, 2**40)
    while not problem.holds(at(high)):
        high *= 4
    low = high / 4
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if problem.holds(at(middle)) else (middle, high)
    return at(high)


def lower(problem: Spreading, added: list[int]) -> list[int]:
    """Take back what can be taken back while every CV still holds, a row after the other."""
    added = list(added)
    for row in sorted(range(len(added)), key=lambda r: added[r], reverse=True):
        size = 1
        while size and added[row]:
            taken = min(size, added[row])
            added[row] -= taken
            if problem.holds(added):
                size *= 2
            else:
                added[row] += taken
                size //= 2
                if taken == 1:
                    break
    return added
