"""The whole plan for one school table: additions, moves, further additions for the CV, and what a reader must know."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from corpus.rules import Standard
from corpus.schools.model import SchoolTable
from tools.compliance import display
from tools.compliance.check import DEFAULT_STANDARD, check_table, standard_for_tables
from tools.compliance.dispersion import limit_for
from tools.compliance.units import ASSESSED, STAGE_NAMES, AssessedStage
from tools.plan.additions import additions_of, blanks, in_table_order, stocks_of
from tools.plan.dispersion import SECONDS, further_of, spreads_of
from tools.plan.model import Further, Plan, PlannedSpread, Stock
from tools.plan.moves import all_moves


def make_plan(
    table: SchoolTable,
    *,
    region: str | None = None,
    year: str | None = None,
    standard_id: str = DEFAULT_STANDARD,
    seconds: float = SECONDS,
) -> Plan:
    """Return the plan; ``seconds`` bounds the search for a proof of each indicator's further additions.

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
    further = tuple(
        further_of(code, stocks[code], limits, seconds=seconds) for code in standard.dispersion.codes
    )
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
    names = {demand.code: demand.short or demand.name for demand in standard.demands}
    return Plan(
        region=region,
        year=year,
        table=table,
        additions=additions,
        moves=all_moves(stocks, names),
        dispersion=dispersion,
        further=further,
        notes=(*blanks(check.units, standard), *_notes(further, dispersion, stocks)),
        stocks=stocks,
        standard=standard.id,
    )


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
                f"限定时间内没有证明这是最少的，只证明不少于{least}{unit}。"
            )
        elif item.proof == "rounded":
            notes.append(
                f"{item.code}为缩小差异另增的数是求得最少总量后逐校进到0.01{unit}得到的，"
                f"比理论最少多出不超过{display.plain(item.total - item.least)}{unit}。"
            )
    return notes
