"""Coefficients of variation and rates of a county as formulas over the cells of all its schools."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.calculation import Calculation, Input
from tools.compliance import display
from tools.compliance.indicators import RECIPES
from tools.compliance.model import Dispersion, Verdict
from tools.compliance.units import STAGE_NAMES
from tools.school_figures import Ledger, decimal, header, places_of, with_input

FINE = 12
"""Decimals of results that only go into other formulas."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and coefficient of variation as formulas, and each unit's part of the variance by its row."""

    mean: Calculation
    cv: Calculation
    parts: Mapping[int, Calculation]


def spread_of(ledger: Ledger, found: Dispersion) -> Spread | None:
    """Return a coefficient of variation as formulas; None where there is none."""
    if found.mean is None or found.squared is None or found.cv is None:
        return None
    own = [
        u for u in ledger.check.units if u.stage == found.stage and u.verdict(found.code).observed is not None
    ]
    inputs: list[Input] = []
    stocks: list[str] = []
    heads: list[str] = []
    for unit in own:
        stock, students = ledger.stock(unit, found.code), ledger.input(unit.school, f"students.{unit.stage}")
        if stock is None or students is None:
            return None
        shift, before = len(inputs), ledger.called(unit)
        needed, at = with_input(stock.inputs, students)
        inputs += [replace(item, name=f"{before}{item.name}") for item in needed]
        stocks.append(_numbered(stock.template, shift.__add__))
        heads.append(f"{{{shift + at}}}")
    per = RECIPES[found.code].per
    tail = f" × {per}" if per > 1 else ""
    everyone = f"({' + '.join(heads)})"
    stage = STAGE_NAMES[found.stage]
    mean = Calculation(
        "mean", f"{stage}{found.name}的全县均值", f"各校总量之和 ÷ 学生总数{tail}",
        f"({' + '.join(stocks)}) ÷ {everyone}{tail}", tuple(inputs), decimal(found.mean.exact), found.unit,
        places_of(found.mean),
    )  # fmt: skip
    fine = replace(mean, places=FINE)
    squares = [f"{p} × ({x} ÷ {p}{tail} − {{{len(inputs)}}})²" for p, x in zip(heads, stocks, strict=True)]
    middle = Input("全县均值", fine.value, found.unit, calculation=fine)
    deviation = Calculation(
        "std", f"{stage}{found.name}按学生数加权的标准差", "√[Σ学生数 × (各校值 − 全县均值)² ÷ 学生总数]",
        f"√(({' + '.join(squares)}) ÷ {everyone})", (*inputs, middle),
        Decimal(display.printed_root(found.squared * found.mean.exact**2, FINE + 8)), found.unit, FINE,
    )  # fmt: skip
    cv = Calculation(
        "cv", f"{stage}{found.name}的差异系数", "按学生数加权的标准差 ÷ 全县均值", "{0} ÷ {1}",
        (Input("按学生数加权的标准差", deviation.value, found.unit, calculation=deviation), middle),
        Decimal(found.cv_exact or found.cv), "", display.CV_PLACES,
    )  # fmt: skip
    counted = tuple(inputs[int(head[1:-1])] for head in heads)
    pupils = Calculation(
        "sum", f"{stage}学生总数", "各校之和", " + ".join(f"{{{i}}}" for i in range(len(counted))), counted,
        sum((item.value for item in counted), Decimal(0)), "人", None,
    )  # fmt: skip
    parts: dict[int, Calculation] = {}
    for unit, p, square in zip(own, heads, squares, strict=True):
        share = next(c for c in found.contributions if c.row == unit.school.row)
        used = sorted({int(n) for n in re.findall(r"\{(\d+)\}", square + p)})
        given = [middle if n == len(inputs) else inputs[n] for n in used]
        renamed = _numbered(square, used.index)
        n = len(given)
        parts[unit.school.row] = Calculation(
            "contribution", f"{stage}{found.name}差异的贡献", "学生数 × (本校值 − 全县均值)² ÷ (学生总数 × 标准差²) × 100%",
            f"{renamed} ÷ ({{{n + 1}}} × {{{n}}}²) × 100%",
            (
                *given,
                Input("按学生数加权的标准差", deviation.value, found.unit, calculation=deviation),
                Input(pupils.label, pupils.value, pupils.unit, calculation=pupils),
            ),
            decimal(share.share * 100), "%", 2, subject=ledger.called(unit),
        )  # fmt: skip
    return Spread(mean, cv, parts)


def rate_of(ledger: Ledger, verdict: Verdict, top: str, bottom: str) -> Calculation | None:
    """Return a rate over the whole table: the sum of one column over that of another, in per cent."""
    if verdict.observed is None or verdict.numerator is None or verdict.denominator is None:
        return None
    sums = []
    for key in (top, bottom):
        facts = [
            (ledger.name(s), ledger.fact(s, key))
            for s in ledger.table.schools
            if ledger.fact(s, top) is not None and ledger.fact(s, bottom) is not None
        ]
        inputs = tuple(
            Input(f"{name}{header(key)}", f.value, f.unit, f) for name, f in facts if f is not None
        )
        template = " + ".join(f"{{{i}}}" for i in range(len(inputs)))
        value = sum((i.value for i in inputs), Decimal(0))
        sums.append(Calculation("sum", f"全县{header(key)}", "各校之和", template, inputs, value, "人", None))
    return Calculation(
        "share", f"{header(top)}占{header(bottom)}的比例", f"{header(top)} ÷ {header(bottom)} × 100%", "{0} ÷ {1} × 100%",
        tuple(Input(s.label, s.value, "人", calculation=s) for s in sums), decimal(verdict.observed.exact), "%",
        places_of(verdict.observed),
    )  # fmt: skip


def _numbered(template: str, number: Callable[[int], int]) -> str:
    """Return a template with its inputs numbered anew."""
    return re.sub(r"\{(\d+)\}", lambda m: f"{{{number(int(m[1]))}}}", template)
