"""How much more, how much less: growth and difference between two facts."""

from __future__ import annotations

from decimal import Decimal

from corpus.model import Fact
from corpus.quantities import read_quantities
from corpus.spans import of_one_length
from corpus.units import convert, dimension
from indexes.store import Store
from tools.calculation import Calculation, Input, quotient, trimmed
from tools.evidence import Evidence, from_calculation, from_fact, missing, period_words
from tools.registry import BadCall, tool


def fetch(store: Store, fact_id: str) -> Fact:
    """Return the stored fact; raise BadCall naming what to do when there is none."""
    fact = store.fact(fact_id)
    if fact is None:
        raise BadCall(f"没有编号为 {fact_id!r} 的数据,请先用 find_facts 查出编号再计算")
    return fact


def difference_of(a: Fact, b: Fact, names: tuple[str, str] = ("被减数", "减数")) -> Calculation:
    """Return a − b in a's unit (percentages differ by 百分点)."""
    if dimension(a.unit) != dimension(b.unit):
        raise BadCall(f"单位不同,不能相减:{a.as_printed} 与 {b.as_printed}")
    second = convert(b.value, b.unit, a.unit)
    exact = a.value - second
    unit = "百分点" if a.unit == "%" else a.unit
    notes = () if a.unit == b.unit else (f"{b.as_printed}按{second:f}{a.unit}计算",)
    return Calculation(
        "difference", "差额", f"{names[0]} − {names[1]}", "{0} − {1}",
        (Input(names[0], a.value, a.unit, a), Input(names[1], second, a.unit, b)),
        exact, unit, None, notes, direction="up" if exact > 0 else "down" if exact < 0 else None,
    )  # fmt: skip


def growth_of(current: Fact, base: Fact) -> Calculation | None:
    """Return the rate of change from ``base`` to ``current`` in per cent, two decimals; None for a zero base."""
    if dimension(current.unit) != dimension(base.unit):
        raise BadCall(f"单位不同,不能算增幅:{current.as_printed} 与 {base.as_printed}")
    second = convert(base.value, base.unit, current.unit)
    if second == 0:
        return None
    exact = quotient((current.value - second) * 100, second)
    return Calculation(
        "growth_rate", "增幅", "(本期 − 上期) ÷ 上期 × 100%", "({0} − {1}) ÷ {1} × 100%",
        (Input("本期", current.value, current.unit, current), Input("上期", second, current.unit, base)),
        exact, "%", 2, direction="up" if exact > 0 else "down" if exact < 0 else None,
    )  # fmt: skip


@tool("增幅", "增长率", "增速", "增长了百分之", "同比", "降幅", "下降了百分之")
def growth(store: Store, current: str, base: str) -> list[Evidence]:
    """算一个数比另一个数增长(或下降)百分之几。

    Args:
        current: 本期数据的编号(find_facts 给出)。
        base: 上期数据的编号。
    """
    new, old = fetch(store, current), fetch(store, base)
    if not of_one_length(new.period, old.period):
        times = f"{period_words(new.period) or '未注明'}与{period_words(old.period) or '未注明'}"
        return [
            from_fact(new),
            from_fact(old),
            missing("not_comparable", f"期间长短不同({times}),不能算增幅"),
        ]
    result = growth_of(new, old)
    if result is None:
        return [from_fact(new), from_fact(old), missing("not_comparable", "上期为0,不能算增幅")]
    return [from_fact(new), from_fact(old), from_calculation(result)]


@tool("增加多少", "减少多少", "相差", "差多少", "多多少", "少多少", "差距")
def difference(store: Store, a: str, b: str) -> list[Evidence]:
    """算两个数之差(前一个减后一个)。

    Args:
        a: 被减数的编号。
        b: 减数的编号。
    """
    first, second = fetch(store, a), fetch(store, b)
    return [from_fact(first), from_fact(second), from_calculation(difference_of(first, second))]


@tool("推算上期")
def earlier(store: Store, level: str, change: str) -> list[Evidence]:
    """报告只给本期数和增减额时,推算上期数(本期减去增加额,或加上减少额)。

    Args:
        level: 本期数据的编号。
        change: 增减额的编号。
    """
    now, moved = fetch(store, level), fetch(store, change)
    if moved.role != "change" or dimension(now.unit) not in (dimension(moved.unit), "percent"):
        raise BadCall(f"{moved.as_printed}不是{now.as_printed}的增减额,不能推算上期")
    amount = moved.value if moved.unit == "百分点" else convert(moved.value, moved.unit, now.unit)
    falls = moved.direction == "down"
    result = Calculation(
        "earlier",
        "推算上期",
        "本期 + 减少额" if falls else "本期 − 增加额",
        "{0} + {1}" if falls else "{0} − {1}",
        (
            Input("本期", now.value, now.unit, now),
            Input("减少额" if falls else "增加额", amount, moved.unit, moved),
        ),
        now.value + amount if falls else now.value - amount,
        now.unit,
        None,
    )
    return [from_fact(now), from_fact(moved), from_calculation(result)]


@tool("达到", "还差", "距离", "超过")
def gap(store: Store, item: str, threshold: str) -> list[Evidence]:
    """算一个数据离要求还差多少(要求减去实际;负数表示已超过)。

    Args:
        item: 数据的编号。
        threshold: 要求的数,如"85%"、"50人"。
    """
    fact = fetch(store, item)
    wanted = next(iter(read_quantities(threshold)), None)
    if wanted is None:
        raise BadCall(f"读不出要求的数:{threshold!r},请写成“85%”这样的形式")
    if dimension(wanted.unit) != dimension(fact.unit):
        raise BadCall(f"单位不同,不能比较:{fact.as_printed} 与 {wanted.as_printed}")
    own = convert(fact.value, fact.unit, wanted.unit)
    unit = "百分点" if wanted.unit == "%" else wanted.unit
    exact = trimmed(wanted.value - own)
    result = Calculation(
        "gap", "差距", "要求 − 实际", "{0} − {1}",
        (Input("要求", wanted.value, wanted.unit, given=threshold), Input("实际", own, wanted.unit, fact)),
        exact, unit, None, direction="up" if exact > 0 else "down" if exact < 0 else None,
    )  # fmt: skip
    return [from_fact(fact), from_calculation(result)]


@tool("扣除", "除去", "剩下", "其余")
def remain(store: Store, whole: str, parts: list[str]) -> list[Evidence]:
    """从总数里扣除几个部分。

    Args:
        whole: 总数的编号。
        parts: 各部分的编号。
    """
    total, taken = fetch(store, whole), [fetch(store, key) for key in dict.fromkeys(parts)]
    if not taken or any(dimension(f.unit) != dimension(total.unit) for f in taken):
        raise BadCall("各部分与总数单位不同,不能相减:" + "、".join(f.as_printed for f in (total, *taken)))
    values = [convert(f.value, f.unit, total.unit) for f in taken]
    exact = trimmed(total.value - sum(values, Decimal(0)))
    if exact < 0:
        return [*map(from_fact, (total, *taken)), missing("not_comparable", "各部分之和超过总数,不能相减")]
    names = [f"部分{i}" for i in range(1, len(taken) + 1)]
    result = Calculation(
        "remainder",
        "剩余",
        " − ".join(("总数", *names)),
        " − ".join(f"{{{i}}}" for i in range(len(taken) + 1)),
        (
            Input("总数", total.value, total.unit, total),
            *(Input(n, v, total.unit, f) for n, v, f in zip(names, values, taken, strict=True)),
        ),
        exact,
        total.unit,
        None,
    )
    return [*map(from_fact, (total, *taken)), from_calculation(result)]


def scaled(value: Decimal, unit: str, to: str) -> Decimal:
    """Return ``value`` in unit ``to``, exact and without trailing zeros."""
    return trimmed(convert(value, unit, to))
