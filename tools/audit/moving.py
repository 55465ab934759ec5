"""What a claim of change should be, in the claim's own unit: from level and base, or from what else is there.

Every function returns a ``Calculation`` whose name stands in ``intervals.FORMULAS``, or None where the inputs do
not give one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from corpus.model import Fact
from corpus.units import convert, dimension
from tools.audit.intervals import FORMULAS, interval_in, interval_of, places_of
from tools.calculation import Calculation, Input
from tools.change import growth_of

PERCENT = ("percent", "permille")
_RATES = {"倍": "growth_times", "成": "growth_tenths", "‰": "growth_permille"}


def is_rate(claim: Fact) -> bool:
    """True if ``claim`` gives a change as a proportion of its base."""
    return claim.unit in ("%", *_RATES)


def change(claim: Fact, level: Fact, base: Fact) -> Calculation | None:
    """Return ``claim`` recomputed from ``level`` and ``base``; None where their units or a base of 0 forbid it."""
    if dimension(level.unit) != dimension(base.unit):
        return None
    if is_rate(claim):
        second = convert(base.value, base.unit, level.unit)
        if second <= 0:
            return None
        if claim.unit == "%":
            made = growth_of(level, base)
            return made and _placed(made, claim)
        inputs = (
            Input("本期", level.value, level.unit, level),
            Input("上期", second, level.unit, base),
        )
        scale = {"倍": "", "成": " × 10", "‰": " × 1000‰"}[claim.unit]
        return _made(_RATES[claim.unit], "增幅", f"(本期 − 上期) ÷ 上期{scale}", f"({{0}} − {{1}}) ÷ {{1}}{scale}",
                     inputs, claim.unit, max(2, places_of(claim.value)))  # fmt: skip
    points = claim.unit in ("百分点", "千分点")
    if points:
        fits = level.unit == base.unit == ("%" if claim.unit == "百分点" else "‰")
        return difference(level, base, level.unit, claim.unit) if fits else None
    if dimension(claim.unit) != dimension(level.unit) or dimension(level.unit) in PERCENT:
        return None
    return difference(level, base, claim.unit, claim.unit)


def difference(
    level: Fact, base: Fact, unit: str, shown: str, names: tuple[str, str] = ("本期", "上期")
) -> Calculation:
    """Return level − base, both converted to ``unit``, as an amount of ``shown``."""
    inputs = (
        Input(names[0], convert(level.value, level.unit, unit), unit, level),
        Input(names[1], convert(base.value, base.unit, unit), unit, base),
    )
    formula = f"{names[0]} − {names[1]}"
    return _made("difference", "差额", formula, "{0} − {1}", inputs, shown, None)


def of_sum(claim: Fact, parts: Sequence[Fact], base: Fact) -> Calculation | None:
    """Return ``claim`` recomputed for the sum of ``parts`` against ``base`` (小学和初中合计比上年…)."""
    unit = base.unit
    if any(dimension(p.unit) != dimension(unit) for p in parts) or base.value <= 0:
        return None
    inputs = (
        *(Input(f"第{i + 1}项", convert(p.value, p.unit, unit), unit, p) for i, p in enumerate(parts)),
        Input("上期", base.value, unit, base),
    )
    top, last = " + ".join(f"{{{i}}}" for i in range(len(parts))), len(parts)
    if claim.unit == "%":
        return _made("growth_of_sum", "增幅", "(各项之和 − 上期) ÷ 上期 × 100%",
                     f"({top} − {{{last}}}) ÷ {{{last}}} × 100%", inputs, "%", 2)  # fmt: skip
    if claim.unit == unit:
        return _made("sum_less", "差额", "各项之和 − 上期", f"{top} − {{{last}}}", inputs, unit, None)
    return None


def from_beside(
    claim: Fact, level: Fact | None, base: Fact | None, beside: Fact | None
) -> Calculation | None:
    """Return ``claim`` from the other measure of the same change and the one value that is there."""
    if beside is None or claim.value * beside.value <= 0:
        return None
    amount, rate = (beside, claim) if is_rate(claim) else (claim, beside)
    held = level if base is None else base
    if held is None or rate.unit != "%" or dimension(amount.unit) != dimension(held.unit) or held.value <= 0:
        return None
    rising = claim.direction != "down" or claim.value < 0  # a fall with a sign is a rise below zero
    unit = amount.unit
    value = Input("本期" if base is None else "上期", convert(held.value, held.unit, unit), unit, held)
    if claim is rate:
        moved = Input("增加额" if rising else "减少额", amount.value, unit, amount)
        if base is not None:
            name, formula = ("rise_over_base", "{0} ÷ {1}") if rising else ("fall_over_base", "−{0} ÷ {1}")
        elif rising and interval_in(held, unit).low <= interval_in(amount, unit).high:
            return None  # nothing may be left as the base
        else:
            name = "rise_in_level" if rising else "fall_in_level"
            formula = "{0} ÷ ({1} − {0})" if rising else "−{0} ÷ ({1} + {0})"
        words = formula.replace("{0}", moved.name).replace("{1}", value.name)
        made = _made(name, "增幅", f"{words} × 100%", f"{formula} × 100%", (moved, value), "%", 2)
        return _placed(made, claim)
    share = Input("增幅" if rising else "降幅", rate.value, "%", rate)
    if base is not None:
        name, formula = ("gain_on_base", "{1} × {0}%") if rising else ("loss_on_base", "−{1} × {0}%")
    elif not rising and interval_of(rate).high >= 100:
        return None
    else:
        name = "gain_in_level" if rising else "loss_in_level"
        formula = "{1} × {0}% ÷ (1 + {0}%)" if rising else "−{1} × {0}% ÷ (1 − {0}%)"
    words = formula.replace("{0}%", share.name).replace("{1}", value.name)
    return _made(name, "差额", words, formula, (share, value), unit, max(2, places_of(claim.value)))


def annual(claim: Fact, level: Fact, base: Fact, years: int) -> Calculation | None:
    """Return the average yearly growth in per cent over ``years`` (compound, as statistics define it)."""
    if years < 2 or base.value <= 0 or level.value <= 0 or dimension(level.unit) != dimension(base.unit):
        return None
    inputs = (
        Input("末年", level.value, level.unit, level),
        Input("首年", convert(base.value, base.unit, level.unit), level.unit, base),
        Input("年数", Decimal(years), "年", given="首末年份之差"),
    )
    return _made("annual_growth", "年均增幅", "((末年 ÷ 首年) 的年数次方根 − 1) × 100%",
                 "(({0} ÷ {1}) 的{2}次方根 − 1) × 100%", inputs, "%", max(2, places_of(claim.value)))  # fmt: skip


def multiple(claim: Fact, level: Fact, base: Fact) -> Calculation | None:
    """Return level ÷ base in 倍, or the number of doublings for 翻N番; None for a base of 0."""
    if dimension(level.unit) != dimension(base.unit):
        return None
    second = convert(base.value, base.unit, level.unit)
    if second <= 0 or level.value <= 0:
        return None
    inputs = (Input("本期", level.value, level.unit, level), Input("上期", second, level.unit, base))
    return _made("ratio", "倍数", "本期 ÷ 上期", "{0} ÷ {1}", inputs, "倍", max(2, places_of(claim.value)))


def _made(
    name: str,
    label: str,
    formula: str,
    template: str,
    inputs: tuple[Input, ...],
    unit: str,
    places: int | None,
) -> Calculation:
    exact = FORMULAS[name]([item.value for item in inputs])
    way = "up" if exact > 0 else "down" if exact < 0 else None
    return Calculation(name, label, formula, template, inputs, exact, unit, places, direction=way)


def _placed(made: Calculation, claim: Fact) -> Calculation:
    """Show at least as many decimals as the claim prints."""
    return replace(made, places=max(made.places or 0, places_of(claim.value)))
