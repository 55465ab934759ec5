"""The least total addition where only whole people or rooms may be added, with a proof by a MILP solver (HiGHS).

With d the number added to a row and t = Σ share·d, a stage keeps its limit if κ(B + t)² ≥ Σ (b + d)²·share² ÷ weight.
The k-th step on a row adds 2b + 2k + 1 to its square, more than the step before, so the d of a row may be written as
a sum of zeros and ones, one a step, and any choice of steps is no better than the same number of first steps: the
squares become straight without losing anything. t² on the other side is replaced by its chord over an interval that
surely holds t, which can only allow more. What is left has one row a stage: choose the fewest steps. It never cuts
off a plan, so its optimum is a bound; if its solution holds exactly, it is optimal, and if not, the interval is split
at its t. Steps whose reduced cost alone would exceed the best plan are settled before the search.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np

from tools.plan.cone import Cone

_EDGE = 1e-6
"""How far a floating-point bound may be wrong: far below the 1 between two totals."""
_DOUBT = 0.02
"""A box is split, at little cost, until its relaxation is wrong by no more people than this."""
_ROUNDS = 6
_PROMPT = 0.6
"""HiGHS looks at the clock now and then only, so it is told of this part of the time; without presolve, which
takes seconds over thousands of much the same columns and does not look at all."""
_MOST = 200_000
"""More steps than this are not searched; the plan is then given without a proof."""

Box = tuple[tuple[float, float], ...]
"""For each stage an interval that holds t, what is added to it."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that may help: their row, and what each adds to a stage's side of its limit (counted in people)."""

    row: np.ndarray
    gain: np.ndarray
    share: np.ndarray


class Search:
    """Best-first search over boxes, with one linear integer program over steps in a box."""

    def __init__(self, cone: Cone, mend: Callable[[np.ndarray], list[int]], deadline: float) -> None:
        """``mend`` makes additions that hold exactly from what a program chose."""
        self.cone, self.mend, self.deadline = cone, mend, deadline
        self.base = cone.base * cone.unit
        self.total = cone.totals(self.base)
        self.shares, self.curves = np.zeros((cone.stages, cone.rows)), np.zeros((cone.stages, cone.rows))
        unit = 2 * cone.kappa * self.total
        self.shares[cone.stage, cone.row] = cone.share
        self.curves[cone.stage, cone.row] = cone.share**2 / cone.weight / unit[cone.stage]
        self.slope = cone.kappa / unit
        self.short = self.curves @ self.base**2 - self.slope * self.total**2

    def near(self, guess: np.ndarray, best: list[int]) -> list[int]:
        """Return a good plan from a small box round the relaxed optimum, or ``best``: it makes the large box small."""
        at = self.cone.totals(guess)
        wide = np.sqrt(0.1 * self.total)  # so far off, the chord of t² is wrong by 0.05 people
        box = tuple(
            (max(0.0, t - half), t + half) for t, half in zip(at.tolist(), wide.tolist(), strict=True)
        )
        steps = self._steps(box)
        found = self._relaxed(steps, box, 0, sum(best) - 1)
        if found is None:
            return best
        tried = self.mend(np.bincount(steps.row, np.ceil(found.x - _EDGE), self.cone.rows))
        return tried if sum(tried) < sum(best) else best

    def run(self, box: Box, best: list[int], least: int) -> tuple[list[int], int]:
        """Return the best additions found from ``best`` on, and what no addition with t in ``box`` is below."""
        waiting: list[tuple[int, Box]] = [(least, box)]
        while waiting and waiting[0][0] < sum(best) and time.monotonic() < self.deadline:
            bound, box = heapq.heappop(waiting)
            narrow = self._narrowed(box, bound, sum(best) - 1)
            if narrow is None:
                continue
            box, middle = narrow
            if self._doubt(box, middle) > _DOUBT:
                for part in self._halves(box, middle):
                    heapq.heappush(waiting, (bound, part))
                continue
            found, bound = self._fewest(box, bound, sum(best) - 1)
            if found is None:
                if bound < sum(best):  # out of time
                    heapq.heappush(waiting, (bound, box))
                    break
                continue
            tried = self.mend(found)
            if sum(tried) < sum(best):
                best = tried
            if bound < sum(best):
                parts = self._halves(box, self.cone.totals(found))
                if not parts:  # as narrow as floating point can tell
                    heapq.heappush(waiting, (bound, box))
                    break
                for part in parts:
                    heapq.heappush(waiting, (bound, part))
        return best, min([sum(best), *(bound for bound, _ in waiting)])

    def _gaps(self, box: Box, at: np.ndarray) -> np.ndarray:
        """Return by how many people the chord of t² may be wrong at ``at``, by stage."""
        low, high = (np.array(side) for side in zip(*box, strict=True))
        return np.asarray((at - low) * (high - at) / (2 * self.total))

    def _doubt(self, box: Box, at: np.ndarray) -> float:
        return float(self._gaps(box, at).max())

    def _halves(self, box: Box, at: np.ndarray) -> list[Box]:
        """Split the interval whose chord is furthest from the square at ``at``."""
        gaps = self._gaps(box, at)
        stage = int(np.argmax(gaps))
        if gaps[stage] < _EDGE:
            return []
        (low, high), middle = box[stage], float(at[stage])
        return [(*box[:stage], half, *box[stage + 1 :]) for half in ((low, middle), (middle, high))]

    def _narrowed(self, box: Box, least: int, most: int) -> tuple[Box, np.ndarray] | None:
        """Narrow each interval to what plans of ``most`` steps at most can have; None if there are none.

        The second value is the middle of the box.
        """
        for _ in range(_ROUNDS):
            before = box
            for stage in range(self.cone.stages):
                steps = self._steps(box)
                ends = []
                for sign in (1.0, -1.0):
                    found = self._relaxed(steps, box, least, most, sign * steps.share[stage])
                    if found is None:
                        return None
                    ends.append(sign * found.fun)
                low, high = box[stage]
                box = (
                    *box[:stage],
                    (max(low, ends[0] - _EDGE), min(high, ends[1] + _EDGE)),
                    *box[stage + 1 :],
                )
            widths = [
                (high - low, wide - small) for (low, high), (small, wide) in zip(box, before, strict=True)
            ]
            if all(now > 0.8 * then for now, then in widths):
                break
        return box, np.array([(low + high) / 2 for low, high in box])

    def _steps(self, box: Box) -> Steps:
        """Return every step that can gain something in a stage; later steps on the same row gain less.

        What counts is the true gain at the upper end of the box: a plan that holds does without any other step.
        """
        low, high = (np.array(side) for side in zip(*box, strict=True))
        loss = self.curves * (2 * self.base + 1)
        first = self.shares * ((2 * self.total + low + high) * self.slope)[:, None] - loss
        most = self.shares * (2 * (self.total + high) * self.slope)[:, None] - loss
        count = np.divide(most, 2 * self.curves, out=np.zeros_like(most), where=self.curves > 0)
        number = np.maximum(np.ceil(count).max(axis=0), 0).astype(int)
        if number.sum() > _MOST:
            raise ArithmeticError(f"{number.sum()} steps are too many to choose from")
        row = np.repeat(np.arange(self.cone.rows), number)
        k = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)
        return Steps(row, first[:, row] - 2 * self.curves[:, row] * k, self.shares[:, row])

    def _sides(self, steps: Steps, box: Box) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the constraints of a box as matrix, lower and upper side: the limits, then t."""
        low, high = (np.array(side) for side in zip(*box, strict=True))
        need = self.short + self.slope * low * high
        return (
            np.concatenate([steps.gain, steps.share, np.ones((1, len(steps.row)))]),
            np.concatenate([need, low, [0.0]]),
            np.concatenate([np.full(len(need), np.inf), high, [np.inf]]),
        )

    def _relaxed(self, steps: Steps, box: Box, least: int, most: int, cost: np.ndarray | None = None) -> Any:
        """Minimise ``cost`` (the number of steps) with parts of steps allowed; None if there is no solution."""
        from scipy.optimize import linprog

        matrix, low, high = self._sides(steps, box)
        low[-1], high[-1] = least, most
        bounded = np.isfinite(high)
        found = linprog(
            np.ones(len(steps.row)) if cost is None else cost,
            A_ub=np.concatenate([-matrix, matrix[bounded]]),
            b_ub=np.concatenate([-low, high[bounded]]),
            bounds=(0, 1),
            method="highs-ds",
        )
        if found.status not in (0, 2):
            raise ArithmeticError(f"the linear program ended with: {found.message}")
        return found if found.status == 0 else None

    def _fewest(self, box: Box, least: int, most: int) -> tuple[np.ndarray | None, int]:
        """Return the fewest steps (as additions by row) that the box's relaxation allows, and a bound on them.

        None with a bound above ``most`` says that there are none; None with another that the time is over.
        """
        steps = self._steps(box)
        relaxed = self._relaxed(steps, box, 0, most)  # a row for `least` would hide the reduced costs
        if relaxed is None or relaxed.fun > most + _EDGE:
            return None, most + 1
        least = max(least, ceil(relaxed.fun - _EDGE))
        cost = relaxed.lower.marginals + relaxed.upper.marginals
        settled = relaxed.fun + np.abs(cost) > most + _EDGE
        settled[0] = False  # a program needs a variable
        taken = settled & (relaxed.x > 0.5)
        given = np.bincount(steps.row[taken], minlength=self.cone.rows).astype(float)
        free = ~settled
        core = Steps(steps.row[free], steps.gain[:, free], steps.share[:, free])
        found = self._program(core, steps, taken, box, least, most)
        if found.status == 2:
            return None, most + 1
        if found.status != 0 or found.x is None:
            return None, least
        added = given + np.bincount(core.row, np.rint(found.x), self.cone.rows)
        return added, max(least, ceil(found.fun + taken.sum() - _EDGE))

    def _program(self, core: Steps, steps: Steps, taken: np.ndarray, box: Box, least: int, most: int) -> Any:
        """Choose the fewest of the ``core`` steps beside those ``taken``."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        whole, low, high = self._sides(steps, box)
        low[-1], high[-1] = least, most
        already = whole[:, taken].sum(axis=1)
        matrix = np.concatenate([core.gain, core.share, np.ones((1, len(core.row)))])
        return milp(
            np.ones(len(core.row)),
            integrality=np.ones(len(core.row)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix, low - already, high - already),
            options={
                "time_limit": max(0.1, _PROMPT * (self.deadline - time.monotonic())),
                "mip_rel_gap": 0.0,
                "presolve": False,
            },
        )
