"""What each school must add so that every unit reaches all thresholds: the least, in whole steps.

Teachers are counted by stage: ⌈threshold × students ÷ 100⌉ − existing. What a school gets in rooms, area and
equipment is split among its stages like what it has, so it is stated once for the row: the largest of threshold ×
students ÷ share over its stages, minus what there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from corpus.rules import Standard
from corpus.schools.columns import COLUMNS, label
from corpus.schools.model import School
from tools.compliance.indicators import RECIPES, bound, row_total
from tools.compliance.model import Unit
from tools.compliance.units import STAGE_NAMES, STAGES
from tools.plan.model import Addition, Claim, Stock


def stocks_of(units: Sequence[Unit], standard: Standard) -> dict[str, tuple[Stock, ...]]:
    """Return by code what the assessed rows have, in table order; what lacks a number is left out."""
    if standard.passing is None:
        raise KeyError(f"{standard.id} has no rule for schools")
    return {code: tuple(_stocks(units, code, standard)) for code in standard.passing.codes}


def _stocks(units: Sequence[Unit], code: str, standard: Standard) -> Iterable[Stock]:
    for _, own in groupby(units, key=lambda unit: unit.school.row):
        row = list(own)
        groups = [[unit] for unit in row] if RECIPES[code].by_stage else [row]
        for group in groups:
            stock = _stock(group, code, standard)
            if stock is not None:
                yield stock


def _stock(group: Sequence[Unit], code: str, standard: Standard) -> Stock | None:
    """Return the stock of the units of one row that share it; None if any of them has no value."""
    demand, by_stage = standard.demand(code), RECIPES[code].by_stage
    school, first = group[0].school, group[0].stage
    if any(unit.verdict(code).observed is None for unit in group):
        return None
    unit = bound(demand, first, kind=school.kind).unit
    have = row_total(school, code, first, unit)
    claims: list[Claim] = []
    for each in group:
        share = Fraction(1) if by_stage else each.share
        limit = bound(demand, each.stage, kind=school.kind)
        if have is None or each.students is None or share is None or limit.value is None:
            return None
        claims.append(Claim(each.stage, each.students, share, Fraction(limit.value) / RECIPES[code].per))
    assert have is not None
    cells = {cell.ref: cell for each in group for cell in each.verdict(code).cells}
    return Stock(school, code, first if by_stage else None, unit, have, tuple(claims), tuple(cells.values()))


def stock_name(code: str) -> str:
    """Return what an indicator counts, in the words of the table's columns: "县级以上骨干教师", "体育运动场馆面积"."""
    recipe = RECIPES[code]
    if recipe.by_stage:
        return COLUMNS[f"{recipe.key}.primary"].header.removeprefix(STAGE_NAMES["primary"]).removesuffix("数")
    without = f"（不含{COLUMNS[recipe.minus].header.removesuffix('面积')}）" if recipe.minus else ""
    return label(recipe.key).removesuffix("数") + without


def additions_of(stocks: Iterable[Stock]) -> tuple[Addition, ...]:
    """Return what is short, for the stocks that are."""
    return tuple(Addition(stock, stock.have, stock.need, stock.short) for stock in stocks if stock.short > 0)


def in_table_order(additions: Iterable[Addition], codes: Sequence[str]) -> tuple[Addition, ...]:
    """Sort by row, then indicator, then stage: a school's additions stand together."""
    return tuple(
        sorted(
            additions,
            key=lambda item: (
                item.school.row,
                codes.index(item.stock.code),
                STAGES.index(item.stock.stage) if item.stock.stage else 0,
            ),
        )
    )


def blanks(units: Sequence[Unit], standard: Standard) -> tuple[str, ...]:
    """Return a sentence for each row and column that lacks a number: what is not planned because of it."""
    lacking: dict[tuple[int, str], tuple[School, dict[str, list[str]]]] = {}
    for unit in units:
        for verdict in unit.verdicts:
            if verdict.status != "no_data":
                continue
            for key in _lacking_keys(unit, verdict.code):
                _, codes = lacking.setdefault((unit.school.row, key), (unit.school, {}))
                codes.setdefault(verdict.code, []).append(STAGE_NAMES[unit.stage])
    return tuple(_sentence(school, key, codes) for (_, key), (school, codes) in lacking.items())


def _lacking_keys(unit: Unit, code: str) -> list[str]:
    """Return the columns whose number is missing for an indicator of a unit, or that contradict each other."""
    recipe, school = RECIPES[code], unit.school
    keys = [f"{recipe.key}.{unit.stage}" if recipe.by_stage else recipe.key]
    if recipe.minus:
        keys.append(recipe.minus)
    if recipe.by_stage or unit.students is None:
        keys.append(f"students.{unit.stage}")
    elif unit.share is None:
        keys += [f"students.{stage}" for stage in STAGES if stage != unit.stage]
    missing = [key for key in keys if school.value(key) is None]
    return missing or [recipe.minus or recipe.key]


def _sentence(school: School, key: str, codes: dict[str, list[str]]) -> str:
    cell = school.cells.get(key)
    where = f"第{school.row}行" + (f"{cell.ref}单元格" if cell else "")
    if cell is None or (cell.value is None and not cell.printed.strip()):
        what = "没有数据"
    elif cell.value is None:
        what = f"填的是“{cell.printed.strip()}”，不能作数"
    else:
        what = "大于它所属的总数，不能相减"
    named = "、".join(f"{code}（{'、'.join(stages)}）" for code, stages in codes.items())
    return (
        f"{school.name}（{where}）的“{COLUMNS[key].header}”{what}，"
        f"指标{named}没有列入方案，补上这一数据后再算。"
    )
