"""What part is it: ratio of two facts, share of parts in a whole, sums."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.catalogue import indicators
from corpus.contrasts import ruled_out
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import convert, dimension
from indexes.store import Store
from tools.calculation import Calculation, Input, quotient, trimmed
from tools.change import fetch, scaled
from tools.evidence import Evidence, from_calculation, from_fact, missing
from tools.registry import BadCall, tool


def share_of(parts: list[Fact], whole: Fact, label: str = "占比") -> Calculation:
    """Return the parts' share of the whole in per cent, two decimals, half up."""
    if any(dimension(p.unit) != dimension(whole.unit) for p in parts):
        raise BadCall("部分与总量单位不同,不能算占比:" + "、".join(p.as_printed for p in (*parts, whole)))
    values = [convert(p.value, p.unit, whole.unit) for p in parts]
    top = " + ".join(f"{{{i}}}" for i in range(len(parts)))
    formula = "部分 ÷ 总量 × 100%" if len(parts) == 1 else "(部分之和) ÷ 总量 × 100%"
    template = f"{top if len(parts) == 1 else f'({top})'} ÷ {{{len(parts)}}} × 100%"
    names = ["部分"] if len(parts) == 1 else [f"部分{i + 1}" for i in range(len(parts))]
    inputs = [Input(n, v, whole.unit, p) for n, v, p in zip(names, values, parts, strict=True)]
    return Calculation(
        "share", label, formula, template, (*inputs, Input("总量", whole.value, whole.unit, whole)),
        quotient(sum(values, Decimal(0)) * 100, whole.value), "%", 2,
    )  # fmt: skip


def whole_of(store: Store, part: Fact) -> Fact | None:
    """Return the total that the sentence of ``part`` names before it; None if there is none.

    A figure that merely stands before another is no whole of it: the part's context names it, or 其中, 包括 … between
    them says so; and teachers are no part of pupils.
    """
    report = store.report(part.report_id)
    text = fold(report.text) if report else ""
    before = [
        f
        for f in store.facts(report_ids=[part.report_id])
        if f.sentence == part.sentence and f.start < part.start and f.role == "level"
        and dimension(f.unit) == dimension(part.unit) and f.value >= part.value
        and not ruled_out(fold(part.label), fold(f.label)) and not ruled_out(fold(f.label), fold(part.label))
    ]  # fmt: skip
    named = [f for f in before if f.label and f.label in part.context]
    held = [f for f in before if _AMONG.search(text[f.end : part.start])]
    return next(iter(named or held), None)


_AMONG = re.compile(r"其中|包括|包含|含|占|里面|分别|已|达到|通过")


def ratio_of(a: Fact, b: Fact) -> Calculation:
    """Return a ÷ b as a multiple, two decimals."""
    if dimension(a.unit) != dimension(b.unit):
        raise BadCall(f"单位不同,不能算倍数:{a.as_printed} 与 {b.as_printed}")
    second = convert(b.value, b.unit, a.unit)
    return Calculation(
        "ratio", "倍数", "前数 ÷ 后数", "{0} ÷ {1}",
        (Input("前数", a.value, a.unit, a), Input("后数", second, a.unit, b)),
        quotient(a.value, second), "倍", 2,
    )  # fmt: skip


def sum_of(facts: list[Fact], label: str = "合计") -> Calculation:
    """Return the sum in the unit of the first fact, exact."""
    unit = facts[0].unit
    if any(dimension(f.unit) != dimension(unit) for f in facts):
        raise BadCall("单位不同,不能相加:" + "、".join(f.as_printed for f in facts))
    values = [scaled(f.value, f.unit, unit) for f in facts]
    return Calculation(
        "sum", label, " + ".join(f"第{i + 1}项" for i in range(len(facts))),
        " + ".join(f"{{{i}}}" for i in range(len(facts))),
        tuple(Input(f"第{i + 1}项", v, unit, f) for i, (v, f) in enumerate(zip(values, facts, strict=True))),
        trimmed(sum(values, Decimal(0))), unit, None,
    )  # fmt: skip


@tool("占比", "比例", "比重", "占多少", "百分之几")
def share(store: Store, parts: list[str], whole: str = "") -> list[Evidence]:
    """算一个或几个部分占总量的百分比。

    Args:
        parts: 各部分数据的编号。
        whole: 总量数据的编号;不填则取同一句里这些部分所属的总数。
    """
    found = [fetch(store, key) for key in dict.fromkeys(parts)]
    if not found:
        return [missing("not_comparable", "没有给出部分,不能算占比")]
    total = fetch(store, whole) if whole else whole_of(store, found[0])
    if total is None:
        return [missing("not_reported", "报告中没有提供这一部分所属的总数,不能算占比")]
    if total.value == 0 or not found:
        return [missing("not_comparable", "总量为0或没有部分,不能算占比")]
    return [*map(from_fact, (*found, total)), from_calculation(share_of(found, total))]


@tool("平均每")
def average(store: Store, total: str, count: str) -> list[Evidence]:
    """算平均数:总额除以人数、人次或所数。

    Args:
        total: 总额的编号。
        count: 个数的编号。
    """
    amount, number = fetch(store, total), fetch(store, count)
    if number.value == 0:
        return [missing("not_comparable", "个数为0,不能算平均数")]
    if dimension(amount.unit) == dimension(number.unit) and amount.metric_id == number.metric_id:
        raise BadCall(f"总额与个数单位相同,不能算平均数:{amount.as_printed} 与 {number.as_printed}")
    base, per = _base(amount), _base(number)
    result = Calculation(
        "average",
        f"平均每{per[1] or _own_unit(number)}",
        "总额 ÷ 个数",
        "{0} ÷ {1}",
        (Input("总额", base[0], base[1], amount), Input("个数", per[0], per[1], number)),
        quotient(base[0], per[0]),
        base[1] or _own_unit(amount),
        2,
    )
    return [from_fact(amount), from_fact(number), from_calculation(result)]


def _own_unit(fact: Fact) -> str:
    """Return the unit of the indicator of a figure that a table prints without one."""
    return indicators()[fact.metric_id].unit if fact.metric_id else ""


def _base(fact: Fact) -> tuple[Decimal, str]:
    """Return the value in the unit without its scale (万元 → 元)."""
    unit = fact.unit.lstrip("百千万亿") or fact.unit
    return scaled(fact.value, fact.unit, unit), unit


@tool("几倍", "多少倍")
def ratio(store: Store, a: str, b: str) -> list[Evidence]:
    """算一个数是另一个数的几倍。

    Args:
        a: 前一个数的编号。
        b: 后一个数的编号。
    """
    first, second = fetch(store, a), fetch(store, b)
    if second.value == 0:
        return [missing("not_comparable", "除数为0,不能算倍数")]
    return [from_fact(first), from_fact(second), from_calculation(ratio_of(first, second))]


@tool("一共", "合计", "总共", "加起来", "总和", name="sum")
def add(store: Store, items: list[str]) -> list[Evidence]:
    """把几个同单位的数相加。

    Args:
        items: 各项数据的编号。
    """
    found = [fetch(store, key) for key in dict.fromkeys(items)]
    if len(found) < 2:
        raise BadCall("相加至少要两个不同的数据编号")
    return [*map(from_fact, found), from_calculation(sum_of(found))]
