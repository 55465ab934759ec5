"""How the value of a school came about: the formula in words, and the same with the numbers of the cells put in."""

from __future__ import annotations

from fractions import Fraction

from corpus.rules import SplitRule, Standard
from corpus.schools.columns import COLUMNS
from corpus.schools.model import Stage
from corpus.units import factor
from tools.compliance.display import plain
from tools.compliance.indicators import RECIPES, Recipe, keys_of
from tools.compliance.model import Unit, Verdict
from tools.compliance.units import STAGE_NAMES, Bodies, bodies_of


def explain(unit: Unit, verdict: Verdict, standard: Standard) -> tuple[str, ...]:
    """Return the formula and its numbers, or what is missing for it, one line each.

    KeyError if the indicator is none that a school table determines.
    """
    recipe = RECIPES[verdict.code]
    bodies = bodies_of(unit.school)
    split = standard.split if standard.split and verdict.code in standard.split.codes else None
    if split and set(bodies.students) == {unit.stage}:
        split = None  # the whole of one stage: nothing is divided
    formula = _formula(recipe, unit, verdict, split is not None)
    if verdict.observed is None:
        return formula, *_lacking(unit, verdict, bodies, split)
    lines = [formula]
    if split:
        lines.append(
            f"{STAGE_NAMES[unit.stage]}的份额 = {_weights(bodies, split, unit.stage)} ÷ {_whole(bodies, split)}"
        )
    lines.append(_numbers(recipe, unit, verdict, bodies, split))
    return tuple(lines)


def _formula(recipe: Recipe, unit: Unit, verdict: Verdict, shared: bool) -> str:
    names = [COLUMNS[key].header for key in keys_of(verdict.code, unit.stage)]
    stock = f"（{' − '.join(names)}）" if recipe.minus else names[0]
    parts = [stock, *([f"{STAGE_NAMES[unit.stage]}的份额"] if shared else [])]
    per = f" × {recipe.per}" if recipe.per != 1 else ""
    return f"{' × '.join(parts)} ÷ {COLUMNS[f'students.{unit.stage}'].header}{per}"


def _numbers(recipe: Recipe, unit: Unit, verdict: Verdict, bodies: Bodies, split: SplitRule | None) -> str:
    assert verdict.observed is not None and unit.students is not None
    values = [unit.school.value(key) for key in keys_of(verdict.code, unit.stage)]
    numbers = [f"{value:f}" for value in values if value is not None]
    stock = f"({' − '.join(numbers)})" if recipe.minus else numbers[0]
    times = _conversion(recipe, unit, verdict.observed.unit)
    parts = [stock, *([plain(times)] if times != 1 else [])]
    if split:
        parts.append(f"[{_weights(bodies, split, unit.stage)} ÷ {_whole(bodies, split)}]")
    per = f" × {recipe.per}" if recipe.per != 1 else ""
    sign = "=" if Fraction(verdict.observed.shown) == verdict.observed.exact else "≈"
    result = f"{verdict.observed.shown}{verdict.observed.unit}"
    return f"{' × '.join(parts)} ÷ {plain(unit.students)}{per} {sign} {result}"


def _conversion(recipe: Recipe, unit: Unit, wanted: str) -> Fraction:
    cell = unit.school.cells.get(recipe.key)
    if cell is None or not cell.unit or not wanted or cell.unit == wanted or recipe.by_stage:
        return Fraction(1)
    return Fraction(factor(cell.unit)) / Fraction(factor(wanted))


def _weights(bodies: Bodies, split: SplitRule, stage: Stage) -> str:
    students = bodies.students[stage]
    weight = Fraction({"primary": split.primary, "junior": split.junior, "senior": split.senior}[stage])
    said = "" if students is None else plain(students)
    return said if weight == 1 else f"{plain(weight)}×{said}"


def _whole(bodies: Bodies, split: SplitRule) -> str:
    return f"({' + '.join(_weights(bodies, split, stage) for stage in bodies.students)})"


def _lacking(unit: Unit, verdict: Verdict, bodies: Bodies, split: SplitRule | None) -> tuple[str, ...]:
    stages = tuple(bodies.students) if split else (unit.stage,)
    keys = (*(f"students.{stage}" for stage in stages), *keys_of(verdict.code, unit.stage))
    blank = [key for key in keys if unit.school.value(key) is None]
    if not blank:
        return ("填报的数相互矛盾，没有计算。",)
    cells = [(COLUMNS[key].header, unit.school.cells.get(key)) for key in blank]
    said = "、".join(f"{name}（{cell.ref}）" if cell else f"{name}（没有这一列）" for name, cell in cells)
    return (f"缺{said}，没有计算。",)
