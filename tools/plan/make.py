"""The whole plan for one school table: additions, moves, further additions for the CV, and what a reader must know."""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction

from corpus.rules import Standard
from corpus.schools.model import SchoolTable
from tools.compliance import display
from tools.compliance.check import DEFAULT_STANDARD, check_table, standard_for_tables
from tools.compliance.dispersion import limit_for
from tools.compliance.units import ASSESSED, STAGE_NAMES, AssessedStage
from tools.plan.additions import additions_of, blanks, in_table_order, stock_name, stocks_of
from tools.plan.dispersion import further_of, spreads_of
from tools.plan.model import Further, Plan, PlannedSpread, Stock
from tools.plan.moves import MOVABLE, all_moves

SECONDS = 12.0
"""How long the search for the fewest further additions may take in all, if nothing else is said."""


def make_plan(
    table: SchoolTable,
    *,
    region: str | None = None,
    year: str | None = None,
    standard_id: str = DEFAULT_STANDARD,
    seconds: float = SECONDS,
) -> Plan:
    """Return the plan; ``seconds`` bounds the search for the further additions and their proof.

    Raises CheckError for a standard that does not exist or that a table cannot decide.
    """
    standard = standard_for_tables(standard_id)
    if standard.dispersion is None or standard.passing is None:
        raise KeyError(f"{standard.id} has no rules for schools and their dispersion")
    check = check_table(table, standard_id=standard_id)
    codes = standard.passing.codes
    stocks = stocks_of(check.units, standard)
    additions = in_table_order((item for own in stocks.values() for item in additions_of(own)), codes)
    limits = _limits(standard)
    further = _further(standard.dispersion.codes, stocks, limits, seconds)
    dispersion = tuple(
        spreads_of(
            item.code,
            stage,
            f"{display.digits(limits[stage], 2)}",
            stocks[item.code],
            item,
            sum(unit.stage == stage and unit.verdict(item.code).observed is None for unit in check.units),
        )
        for stage in ASSESSED
        if stage in limits
        for item in further
    )
    return Plan(
        region=region,
        year=year,
        table=table,
        additions=additions,
        moves=all_moves(stocks, {code: stock_name(code) for code in MOVABLE}),
        dispersion=dispersion,
        further=further,
        notes=(*blanks(check.units, standard), *_notes(further, dispersion, stocks)),
        stocks=stocks,
        standard=standard.id,
    )


def _further(
    codes: Sequence[str],
    stocks: dict[str, tuple[Stock, ...]],
    limits: dict[AssessedStage, Fraction],
    seconds: float,
) -> tuple[Further, ...]:
    """Return what each indicator needs further; time that one does not use is the next one's."""
    end, made = time.monotonic() + seconds, []
    for i, code in enumerate(codes):
        allowed = max(0.0, end - time.monotonic()) / (len(codes) - i)
        made.append(further_of(code, stocks[code], limits, seconds=allowed))
    return tuple(made)


def _limits(standard: Standard) -> dict[AssessedStage, Fraction]:
    found = {stage: limit_for(standard, stage) for stage in ASSESSED}
    return {
        stage: Fraction(limit.value) for stage, limit in found.items() if limit and limit.value is not None
    }


def _notes(
    further: Sequence[Further], dispersion: Sequence[PlannedSpread], stocks: dict[str, tuple[Stock, ...]]
) -> list[str]:
    notes = [
        f"{item.code}{STAGE_NAMES[item.stage]}没有可用的数据，算不出差异系数。"
        for item in dispersion
        if not item.units and item.left_out
    ]
    notes += [
        f"{item.code}{STAGE_NAMES[item.stage]}的差异系数没有计入缺数据的{item.left_out}所，补齐后要重算。"
        for item in dispersion
        if item.units and item.left_out
    ]
    for item in further:
        unit = stocks[item.code][0].unit if stocks[item.code] else ""
        if item.proof == "gap":
            least, total = (display.plain(number) for number in (item.least, item.total))
            notes.append(
                f"{item.code}为缩小差异另增{total}{unit}，已逐项验算能使差异系数达标；"
                f"没有能证明这是最少的，只证明不少于{least}{unit}。"
            )
        elif item.proof == "rounded":
            notes.append(
                f"{item.code}为缩小差异另增的数按最少总量求得，再逐校进到0.01{unit}，"
                f"合计比理论最少多出不超过{display.plain(item.total - item.least)}{unit}。"
            )
    return notes
