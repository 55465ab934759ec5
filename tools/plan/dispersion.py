"""The cheapest further additions that bring every CV to its limit, on top of what the thresholds ask for.

Each indicator is a problem of its own, and its cost is how much of it is added. The target is the limit itself (0.50,
0.45), although a CV is judged after rounding to three decimals: what is planned holds either way.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from fractions import Fraction

from tools.compliance import display
from tools.compliance.dispersion import spread
from tools.compliance.units import ASSESSED, AssessedStage
from tools.plan.model import Addition, Further, PlannedSpread, Proof, Stock
from tools.plan.spreading import Part, Row, Spreading

_WORST: tuple[Proof, ...] = ("none", "optimal", "rounded", "gap")


def further_of(
    code: str, stocks: Sequence[Stock], limits: Mapping[AssessedStage, Fraction], *, seconds: float
) -> Further:
    """Return what to add beyond the additions so that the CV of every stage keeps ``limits``.

    ``seconds`` is the time for each problem: for teachers there is one a stage.
    """
    started = time.monotonic()
    additions: list[Addition] = []
    total = least = Fraction(0)
    proof: Proof = "none"
    for group in separate(stocks):
        problem = Spreading(
            tuple(_row(stock) for stock in group),
            dict(limits.items()),
            group[0].step,
        )
        if problem.holds([0] * len(group)):
            continue
        from tools.plan.solving import solve

        found = solve(problem, time.monotonic() + seconds)
        if not problem.holds(found.added):
            raise ArithmeticError(f"the further additions of {code} do not hold")
        step = problem.step
        total, least = total + found.total * step, least + found.least * step
        proof = max(proof, found.proof, key=_WORST.index)
        additions += [
            _addition(stock, number * step)
            for stock, number in zip(group, found.added, strict=True)
            if number
        ]
    return Further(code, tuple(additions), total, least, proof, time.monotonic() - started)


def separate(stocks: Sequence[Stock]) -> list[list[Stock]]:
    """Split into problems that have nothing in common: teachers by stage; facilities are shared by stages."""
    if not stocks or stocks[0].stage is None:
        return [list(stocks)] if stocks else []
    return [own for stage in ASSESSED if (own := [stock for stock in stocks if stock.stage == stage])]


def _row(stock: Stock) -> Row:
    parts = tuple(Part(claim.stage, claim.students, claim.share) for claim in stock.claims)
    return Row(stock.have + stock.short, parts)


def _addition(stock: Stock, number: Fraction) -> Addition:
    have = stock.have + stock.short
    return Addition(stock, have, have + number, number)


def cv_of(stocks: Sequence[Stock], stage: AssessedStage, added: Mapping[int, Fraction]) -> str | None:
    """Return the CV of one stage as printed, with ``added`` (by row of the table); None if there is none."""
    values: list[Fraction] = []
    students: list[Fraction] = []
    for stock in stocks:
        for claim in stock.claims:
            if claim.stage == stage:
                amount = stock.have + added.get(stock.school.row, Fraction(0))
                values.append(amount * claim.share / claim.students)
                students.append(claim.students)
    found = spread(values, students)
    squared = found.squared_cv if found else None
    return None if squared is None else display.printed_root(squared, display.CV_PLACES)


def spreads_of(
    code: str,
    stage: AssessedStage,
    limit: str,
    stocks: Sequence[Stock],
    further: Further,
    left_out: int,
) -> PlannedSpread:
    """Return the CV of one indicator and stage before, after the additions, and after the further ones."""
    own = [stock for stock in stocks if any(claim.stage == stage for claim in stock.claims)]
    short = {stock.school.row: stock.short for stock in own}
    more = {
        item.school.row: item.add
        for item in further.additions
        if item.stock.stage is None or item.stock.stage == stage
    }
    last = {row: number + more.get(row, Fraction(0)) for row, number in short.items()}
    before, after, final = (cv_of(own, stage, added) for added in ({}, short, last))
    return PlannedSpread(code, stage, before, after, final, limit, len(own), left_out)
