"""The least total addition where any amount may be added: a second-order cone program, solved by linear programs.

With ρ = (x ÷ P) ÷ (T ÷ N), a unit's value over the mean, the cone of a stage is Σ v ≤ κT with v ≥ N·x² ÷ (P·T), and
each of these is the largest of its tangents 2ρx − ρ²(P ÷ N)T. A linear program (HiGHS) over some of the tangents
gives a bound that no plan can beat; its solution says which tangents are missing; and so on until none is. This
meets the optimum from outside, so the bound is one at every moment. Splitting the cone into one small cone a unit is
what makes it fast (Vielma, Dunning, Huchette and Lubin, Extended formulations in mixed integer conic quadratic
programming, 2017).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from tools.plan.spreading import Spreading

_FIRST = (0.5, 0.8, 1.0, 1.25)
"""Tangents to begin with, besides those at the units' values: where the levels of most solutions are."""
_SLACK = (1e-6, 1e-3)
"""A tangent this far (per student) from touching is dropped, the nearer the solution the sooner."""


@dataclass(frozen=True, slots=True)
class Bound:
    """``amounts`` of the rows that the last linear program chose, and a ``total`` of them that no plan is below."""

    amounts: np.ndarray
    total: float
    violation: float


class Cone:
    """The linear programs over one ``Spreading``; amounts are scaled by the mean, so that numbers are near 1."""

    def __init__(self, problem: Spreading) -> None:
        parts = [
            (r, problem.stages.index(part.stage), float(part.students), float(part.share))
            for r, row in enumerate(problem.rows)
            for part in row.parts
        ]
        self.row = np.array([part[0] for part in parts])
        self.stage = np.array([part[1] for part in parts])
        self.students = np.array([part[2] for part in parts])
        self.share = np.array([part[3] for part in parts])
        self.kappa = np.array([float(1 + problem.limits[stage] ** 2) for stage in problem.stages])
        self.rows, self.stages, self.parts = len(problem.rows), len(problem.stages), len(parts)
        everyone = np.bincount(self.stage, self.students, self.stages)
        self.weight = self.students / everyone[self.stage]
        base = np.array([float(row.base) for row in problem.rows])
        self.unit = float(base.sum() / self.students.sum())
        self.base = base / self.unit
        everything = np.arange(self.parts)
        sizes = np.array([float(size) for size in problem.sizes])
        levels = [
            self.levels(self.base),
            self.levels(self._even(sizes)),
            *(np.full(self.parts, level) for level in _FIRST),
        ]
        self.at = np.tile(everything, len(levels))
        self.rho = np.concatenate(levels)

    def _even(self, sizes: np.ndarray) -> np.ndarray:
        """Return amounts raised to one level per weighted student: the optimum of one stage, near it for two."""
        low, high = 0.0, float((self.base / sizes).max())
        for _ in range(60):
            middle = (low + high) / 2
            amounts = np.maximum(self.base, middle * sizes)
            low, high = (low, middle) if self._over(amounts).max() <= 0 else (middle, high)
        return np.maximum(self.base, high * sizes)

    def _over(self, amounts: np.ndarray) -> np.ndarray:
        """Return by what part each stage's sum of squares is above what its limit allows."""
        part = self.levels(amounts) * self.share * amounts[self.row]
        return np.asarray(np.bincount(self.stage, part, self.stages) / self.totals(amounts) / self.kappa - 1)

    def totals(self, amounts: np.ndarray) -> np.ndarray:
        return np.asarray(np.bincount(self.stage, self.share * amounts[self.row], self.stages))

    def levels(self, amounts: np.ndarray) -> np.ndarray:
        """Return each unit's value over the mean of its stage."""
        return np.asarray(self.share * amounts[self.row] / self.weight / self.totals(amounts)[self.stage])

    def pull(self, amounts: np.ndarray, broken: np.ndarray) -> np.ndarray:
        """Return by how much a little more on each row helps the stages that are ``broken``, less what it harms."""
        x = self.share * amounts[self.row]
        helped = self.share * ((self.kappa * self.totals(amounts))[self.stage] - x / self.weight)
        return np.bincount(
            self.row, np.where(np.isin(self.stage, broken), helped, np.minimum(helped, 0)), self.rows
        )

    def solve(self, *, within: float, deadline: float, close: float = 0.0, rounds: int = 60) -> Bound:
        """Add tangents until no cone is passed by more than the part ``within``, or until the ``deadline``.

        ``deadline`` is a reading of ``time.monotonic``; the first linear program is always solved. It also ends when
        the total grows by the part ``close`` or less.
        """
        best = Bound(self.base * self.unit, float(self.base.sum()) * self.unit, np.inf)
        for _ in range(rounds):
            found = self._program(np.concatenate([np.ones(self.rows), np.zeros(self.stages + self.parts)]))
            amounts = found.x[: self.rows]
            levels = self.levels(amounts)
            part = levels * self.share * amounts[self.row]
            over = self._over(amounts)
            grown = found.fun * self.unit - best.total
            if grown >= 0:  # rounding alone can make a later bound a little lower
                best = Bound(amounts * self.unit, found.fun * self.unit, float(over.max()))
            if over.max() <= within or grown <= close * best.total or time.monotonic() >= deadline:
                break
            slack = float(np.clip(over.max(), *_SLACK))
            self._add(found, levels, part - found.x[self.rows + self.stages :] > 1e-12 * part, slack)
        return best

    def reach(self, most: float) -> list[tuple[float, float]]:
        """Return for each stage the least and the greatest T of all plans whose amounts sum to ``most`` at most."""
        bounds: list[tuple[float, float]] = []
        for stage in range(self.stages):
            pair = []
            for sign in (1.0, -1.0):
                cost = np.zeros(self.rows + self.stages + self.parts)
                cost[self.rows + stage] = sign
                pair.append(sign * self._program(cost, most / self.unit).fun * self.unit)
            bounds.append((pair[0], pair[1]))
        return bounds

    def _add(self, found: Any, levels: np.ndarray, missing: np.ndarray, slack: float) -> None:
        """Keep the tangents that touch and add new ones: at the solution, and where its prices point.

        At the optimum all single-stage units that are raised share one level. With the prices ν of the cones it
        follows in closed form from Σ ν·share·(2ρ − 2κ) + 1 = 0, so these tangents are the ones needed in the end.
        """
        near = found.ineqlin.residual[: len(self.at)] <= slack * self.students[self.at]
        price = -found.ineqlin.marginals[len(self.at) : len(self.at) + self.stages][self.stage]
        totals = found.x[self.rows : self.rows + self.stages][self.stage]
        gain = np.bincount(self.row, 2 * price * self.share * self.kappa[self.stage], self.rows) - 1
        curve = np.bincount(self.row, 2 * price * self.share**2 / self.weight / totals, self.rows)
        priced = np.maximum(self.base, np.divide(gain, curve, out=np.zeros(self.rows), where=curve > 0))
        everything = np.arange(self.parts)
        self.at = np.concatenate([self.at[near], everything[missing], everything])
        self.rho = np.concatenate([self.rho[near], levels[missing], self.levels(priced)])

    def _program(self, cost: np.ndarray, most: float | None = None) -> Any:
        """Solve over (X, T, v): T = Σ share·X, v above every tangent, Σv ≤ κT, and ΣX ≤ ``most``."""
        from scipy.optimize import linprog
        from scipy.sparse import csr_array

        n, s, cuts = self.rows, self.stages, len(self.at)
        width, line = n + s + self.parts, np.arange(cuts)
        where = [line, line, line, cuts + self.stage, cuts + np.arange(s)]
        what = [
            self.row[self.at],
            n + self.stage[self.at],
            n + s + self.at,
            n + s + np.arange(self.parts),
            n + np.arange(s),
        ]
        value = [
            2 * self.rho * self.share[self.at],
            -(self.rho**2) * self.weight[self.at],
            -np.ones(cuts),
            np.ones(self.parts),
            -self.kappa,
        ]
        height, right = cuts + s, np.zeros(cuts + s)
        if most is not None:
            where, what, value = [*where, np.full(n, height)], [*what, np.arange(n)], [*value, np.ones(n)]
            height, right = height + 1, np.append(right, most)
        above = csr_array(
            (np.concatenate(value), (np.concatenate(where), np.concatenate(what))), shape=(height, width)
        )
        equal = csr_array(
            (
                np.concatenate([self.share, -np.ones(s)]),
                (np.concatenate([self.stage, np.arange(s)]), np.concatenate([self.row, n + np.arange(s)])),
            ),
            shape=(s, width),
        )
        least = np.concatenate([self.base, np.zeros(s + self.parts)])
        found = linprog(
            cost, A_ub=above, b_ub=right, A_eq=equal, b_eq=np.zeros(s),
            bounds=np.stack([least, np.full(width, np.inf)], axis=1), method="highs-ds",
        )  # fmt: skip
        if found.status != 0:
            raise ArithmeticError(f"the linear program ended with: {found.message}")
        return found
