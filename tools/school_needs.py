"""What schools need to reach a threshold, and what they can spare, as formulas over their cells."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

from corpus.rules import limit_of
from tools.calculation import Calculation, Input
from tools.compliance.indicators import RECIPES, keys_of
from tools.compliance.model import Unit
from tools.compliance.units import bodies_of
from tools.school_figures import Ledger, decimal

_WHOLE = ("人", "间")


def addition(ledger: Ledger, unit: Unit, code: str) -> Calculation | None:
    """Return what the school of a unit must add to reach the threshold for this stage; None if nothing.

    What a school with several stages gets is split like the rest, so the whole school needs as much more.
    """
    verdict, school = unit.verdict(code), unit.school
    if verdict.status != "not_met" or verdict.threshold is None:
        return None
    found = [ledger.input(school, key) for key in keys_of(code, unit.stage)]
    inputs = [item for item in found if item is not None]
    limit = limit_of(ledger.standard.demand(code), unit.stage, kind=school.kind)
    students = ledger.input(school, f"students.{unit.stage}")
    if len(inputs) < len(found) or limit is None or limit.value is None or students is None:
        return None
    have = "({0} − {1})" if RECIPES[code].minus else "{0}"
    stages, split = tuple(bodies_of(school).students), ledger.standard.split
    bound = Input("要求", limit.value, limit.unit, given=ledger._source(code))
    parts: list[Input] = []
    shared = split is not None and code in split.codes and stages != (unit.stage,)
    if shared and split is not None:
        weights = {"primary": split.primary, "junior": split.junior, "senior": split.senior}
        marks = []
        for stage in stages:
            item = ledger.input(school, f"students.{stage}")
            if item is None:
                return None
            marks.append(f"{weights[stage]:f} × {{{len(inputs) + 1 + len(parts)}}}")
            parts.append(item)
        need = f"{{{len(inputs)}}} × ({' + '.join(marks)}) ÷ {weights[unit.stage]:f}"
        formula = "要求 × 按学段加权的学生数 ÷ 本学段权重"
        body: Fraction = sum(
            (Fraction(i.value) * Fraction(weights[s]) for i, s in zip(parts, stages, strict=True)),
            Fraction(0),
        ) / Fraction(weights[unit.stage])
    else:
        parts = [students]
        need, formula, body = (
            f"{{{len(inputs)}}} × {{{len(inputs) + 1}}}",
            "要求 × 学生数",
            Fraction(students.value),
        )
    per = RECIPES[code].per
    factor = Fraction(10000) if inputs[0].unit == "万元" else Fraction(1)
    exact = Fraction(limit.value) * body / per
    held = (Fraction(inputs[0].value) - sum(Fraction(i.value) for i in inputs[1:])) * factor
    need, formula = (f"{need} ÷ {per}", f"{formula} ÷ {per}") if per > 1 else (need, formula)
    have = f"{have} × 10000" if factor > 1 else have
    if limit.unit in _WHOLE:
        short = Fraction(ceil(exact)) - held
        short = Fraction(ceil(short))
        need, formula, places = f"⌈{need}⌉", f"{formula}(向上取整)", None
    else:
        short = Fraction(ceil((exact - held) * 100), 100)
        places = 2
    if short <= 0:
        return None
    return Calculation(
        "add", f"{verdict.name}需补", f"{formula} − 现有", f"{need} − {have}", (*inputs, bound, *parts),
        decimal(short), limit.unit, places, subject=ledger.name(school),
    )  # fmt: skip


def spare(ledger: Ledger, unit: Unit, code: str) -> Calculation | None:
    """Return how many teachers a unit has above what it needs; None if it has no more."""
    have, students = (
        ledger.input(unit.school, key) for key in (*keys_of(code, unit.stage), f"students.{unit.stage}")
    )
    limit = limit_of(ledger.standard.demand(code), unit.stage, kind=unit.school.kind)
    if have is None or students is None or limit is None or limit.value is None:
        return None
    need = ceil(Fraction(limit.value) * Fraction(students.value) / RECIPES[code].per)
    if have.value <= need:
        return None
    return Calculation(
        "spare", "可调出", f"现有 − 要求 × 学生数 ÷ {RECIPES[code].per}(向上取整)", f"{{0}} − ⌈{{1}} × {{2}} ÷ {RECIPES[code].per}⌉",
        (have, Input("要求", limit.value, limit.unit, given=ledger._source(code)), students), have.value - need, limit.unit, None,
        subject=ledger.called(unit),
    )  # fmt: skip


def total(label: str, items: Sequence[Calculation]) -> Calculation:
    """Return the sum of several results of one unit."""
    inputs = tuple(Input(item.subject, item.value, item.unit, calculation=item) for item in items)
    template = " + ".join(f"{{{i}}}" for i in range(len(inputs)))
    value = sum((item.value for item in items), Decimal(0))
    return Calculation("sum", label, "各校之和", template, inputs, value, items[0].unit, None)


def less(label: str, whole: Calculation, parts: Sequence[Calculation]) -> Calculation:
    """Return a result less others of its unit."""
    inputs = tuple(Input(item.label, item.value, item.unit, calculation=item) for item in (whole, *parts))
    template = " − ".join(f"{{{i}}}" for i in range(len(inputs)))
    value = whole.value - sum((part.value for part in parts), Decimal(0))
    return Calculation(
        "rest", label, "总数 − 已调配", template, inputs, value, whole.unit, None, subject=whole.subject
    )


def in_wan(item: Calculation) -> Calculation:
    """Return an amount in 元 as 万元."""
    return Calculation(
        "to_wan", item.label, "元 ÷ 10000", "{0} ÷ 10000", (Input("金额", item.value, item.unit, calculation=item),),
        (item.value / 10000).normalize(), "万元", None, subject=item.subject,
    )  # fmt: skip
