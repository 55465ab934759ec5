"""Side by side: rank facts, compare two of them, show one in another unit."""

from __future__ import annotations

from decimal import Decimal

from corpus.catalogue import settled
from corpus.model import Fact
from corpus.spans import of_one_length
from corpus.units import convert, dimension
from indexes.store import Store
from tools.calculation import Calculation, Input
from tools.change import difference_of, fetch, scaled
from tools.evidence import Evidence, from_calculation, from_fact, missing, period_words
from tools.registry import BadCall, tool


def ordered(facts: list[Fact], descending: bool = True) -> list[Fact]:
    """Return facts of one dimension by size; raise BadCall when they cannot be compared."""
    unit = facts[0].unit
    if any(dimension(f.unit) != dimension(unit) for f in facts):
        raise BadCall("单位不同,不能排序:" + "、".join(f.as_printed for f in facts))

    def size(fact: Fact) -> object:
        signed = -1 if fact.direction == "down" else 1
        return convert(fact.value, fact.unit, unit) * signed

    return sorted(facts, key=size, reverse=descending)  # type: ignore[arg-type]


def obstacles(a: Fact, b: Fact) -> list[str]:
    """Return why two facts must not be compared directly; empty when they may be."""
    found: list[str] = []
    if settled(a) != settled(b):
        found.append(f"指标不同({a.metric}与{b.metric},口径不同)")
    if a.stage != b.stage and a.metric_id == b.metric_id and a.stage and b.stage and a.region != b.region:
        found.append(f"学段不同({a.subject}与{b.subject})")
    if not of_one_length(a.period, b.period):
        found.append(
            f"期间长短不同({period_words(a.period) or '未注明'}与{period_words(b.period) or '未注明'})"
        )
    elif (a.period or "")[:4] != (b.period or "")[:4] and a.region != b.region:
        found.append(f"年份不同({period_words(a.period) or '未注明'}与{period_words(b.period) or '未注明'})")
    if dimension(a.unit) != dimension(b.unit):
        found.append(f"单位不同({a.unit}与{b.unit})")
    return found


@tool("排序", "排名", "从高到低", "从低到高", "最高", "最低", "最多", "最少", "排个")
def rank(store: Store, items: list[str], descending: bool = True) -> list[Evidence]:
    """把几个同类数据按大小排序。

    Args:
        items: 各项数据的编号。
        descending: 是否从高到低。
    """
    facts = [fetch(store, key) for key in dict.fromkeys(items)]
    if len(facts) < 2:
        raise BadCall("排序至少要两个不同的数据编号")
    return [from_fact(fact) for fact in ordered(facts, descending)]


@tool("比较", "对比", "哪个高", "哪个低", "谁高", "谁多", "高于", "低于")
def compare(store: Store, a: str, b: str) -> list[Evidence]:
    """比较两个数据:先看指标、年份、学段、单位是否可比,可比才给出差额。

    Args:
        a: 一个数据的编号。
        b: 另一个数据的编号。
    """
    first, second = fetch(store, a), fetch(store, b)
    found = [from_fact(first), from_fact(second)]
    if why := obstacles(first, second):
        return [*found, missing("not_comparable", "不能直接比较:" + ";".join(why))]
    return [*found, from_calculation(difference_of(first, second))]


@tool("换算", "多少亿", "多少万", "合多少", name="convert")
def convert_unit(store: Store, item: str, unit: str) -> list[Evidence]:
    """把一个数据换算成另一个单位(如万元换成亿元)。

    Args:
        item: 数据的编号。
        unit: 要换成的单位。
    """
    fact = fetch(store, item)
    return [from_fact(fact), from_calculation(conversion_of(fact, unit))]


def conversion_of(fact: Fact, unit: str) -> Calculation:
    """Return the fact in ``unit``, exact; raise BadCall when the dimensions differ."""
    if dimension(fact.unit) != dimension(unit):
        raise BadCall(f"{fact.as_printed}不能换算成{unit}")
    exact = scaled(fact.value, fact.unit, unit)
    per = scaled(Decimal(1), fact.unit, unit)
    return Calculation(
        "convert", "换算", f"1{fact.unit} = {per:f}{unit}", f"{{0}}{fact.unit}",
        (Input("原数", fact.value, fact.unit, fact),), exact, unit, None,
    )  # fmt: skip
