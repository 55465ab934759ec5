"""Recompute a stated figure from the counts and amounts printed around it.

A formula is used only where the words tie its inputs to the claim; a combination of numbers that merely
happens to give the stated value proves nothing and is never offered.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from typing import Literal

from corpus.catalogue import derived
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from indexes.store import Store
from tools.calculation import Calculation, rounded
from tools.change import difference_of, fetch, growth_of
from tools.evidence import Evidence, amount, from_calculation, from_fact, missing
from tools.proportion import share_of
from tools.registry import tool
from tools.words import coverage, focus, presence, terms

Verdict = Literal["consistent", "rounding", "inconsistent"]
_NEGATIVE = re.compile(r"未|缓|休|辍|死亡|不|停|失学|请假|康复|转出|流失|缺")
_NOT_COUNTED = (
    "percent",
    "permille",
    "percent_point",
    "ratio",
    "times",
    "none",
    "length",
    "area",
    "year",
    "month",
)


def judge(claim: Fact, result: Calculation) -> Verdict:
    """Compare a claim with a recomputation; printed amounts are intervals, counts are exact."""
    stated = -claim.value if claim.direction == "down" and claim.role in ("rate", "change") else claim.value
    places = places_of(claim.value)
    exact = result.exact
    if rounded(exact, places) == stated or exact == stated:
        return "consistent"
    half = Decimal(1).scaleb(-places) / 2
    low, high = _range(result)
    return "rounding" if low <= stated + half and stated - half <= high else "inconsistent"


def places_of(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _slack(value: Decimal, unit: str) -> Decimal:
    if dimension(unit) not in ("money", "percent", "area", "permille") or (
        unit == "元" and places_of(value) == 0
    ):
        return Decimal(0)
    return Decimal(1).scaleb(-places_of(value)) / 2


def _range(result: Calculation) -> tuple[Decimal, Decimal]:
    """Return the least and greatest exact result that unrounded inputs allow."""
    values = [(i.value - _slack(i.value, i.unit), i.value + _slack(i.value, i.unit)) for i in result.inputs]
    if result.name == "growth_rate":
        (a, b), (c, d) = values
        corners = [(x - y) * 100 / y for x in (a, b) for y in (c, d) if y > 0]
    elif result.name == "difference":
        (a, b), (c, d) = values
        corners = [a - d, b - c]
    elif result.name == "share":
        *parts, whole = values
        corners = [
            sum((p[0] for p in parts), Decimal(0)) * 100 / whole[1],
            sum((p[1] for p in parts), Decimal(0)) * 100 / whole[0],
        ]
    else:
        corners = [result.exact]
    return min(corners), max(corners)


def _around(store: Store, claim: Fact) -> list[Fact]:
    """Return facts of the same section near the claim, those of its own sentence first."""
    same = [
        f
        for f in store.facts(report_ids=[claim.report_id])
        if f.id != claim.id and f.section == claim.section
    ]
    inside = [f for f in same if f.sentence == claim.sentence]
    near = [f for f in same if f.sentence != claim.sentence and abs(f.start - claim.start) <= 220]
    return [*inside, *near]


def _base_of(level: Fact, around: list[Fact]) -> Fact | None:
    linked = [f for f in around if f.role == "base" and f.of == level.id]
    if linked:
        return linked[0]
    for fact in around:
        if fact.metric_id == level.metric_id and fact.label == level.label and fact.stage == level.stage:
            if fact.role in ("base", "level") and fact.period and level.period and fact.period < level.period:
                return fact
    return None


def _relevant(fact: Fact, said: str) -> bool:
    """True if the words of a count stand in what the claim says it is about."""
    if _NEGATIVE.search(fold(fact.label)):
        return False
    core = re.search(r"([\u4e00-\u9fff]{2})率", said)
    if core and core[1] in fold(fact.label):
        return True  # 有效率 ← 有效问卷
    own = [t for t in terms(fold(f"{fact.label}")) if t.weight > 0.3]
    hits = [t for t in own if presence(t.text, said) >= 0.7]
    return len(hits) * 2 >= len(own) > 0


@tool("复算", "核对", "算得对", "验证", "算错")
def recompute(store: Store, claim: str) -> list[Evidence]:
    """用报告里的数复算一个增幅、差额、占比或比率,看与报告所载是否一致。

    Args:
        claim: 要复算的数据的编号。
    """
    stated = fetch(store, claim)
    around = _around(store, stated)
    report = store.report(stated.report_id)
    said = fold(report.text[slice(*stated.clause)]) if report else ""
    result: Calculation | None = None
    if stated.role in ("rate", "change") and stated.of:
        level = next((f for f in around if f.id == stated.of), None)
        base = _base_of(level, around) if level else None
        if level and base:
            result = (
                growth_of(level, base)
                if stated.role == "rate"
                else difference_of(level, base, ("本期", "上期"))
            )
    elif dimension(stated.unit) in ("percent", "permille"):
        return _rate(store, stated, around, said + fold(f" {stated.metric} {stated.label}"))
    if result is None:
        return [
            from_fact(stated),
            missing("inconsistent_source", f"报告没有给出复算“{amount(stated)}”所需的数据,不能复算"),
        ]
    inputs = [from_fact(i.fact) for i in result.inputs if i.fact]
    return [from_fact(stated), *inputs, from_calculation(result)]


def _rate(store: Store, stated: Fact, around: list[Fact], said: str) -> list[Evidence]:
    counts = [f for f in around if f.role == "level" and dimension(f.unit) not in _NOT_COUNTED]
    inside = [f for f in counts if f.sentence == stated.sentence] or counts
    every = [
        f
        for f in store.facts(report_ids=[stated.report_id])
        if f.role == "level" and f.period == stated.period
    ]
    if made := _defined(stated, every):
        used = [from_fact(i.fact) for i in made.inputs if i.fact]
        return [from_fact(stated), *used, from_calculation(made)]
    if pair := _stated_parts(stated, counts):
        used = [from_fact(f) for f in (stated, *pair)]
        return [*used, from_calculation(share_of([pair[0]], pair[1]))]
    part = next((f for f in around if f.id == stated.of), None)
    if part is not None:
        alike = [f for f in counts if dimension(f.unit) == dimension(part.unit) and f.value >= part.value]
        earlier = [f for f in alike if f.start < part.start and f.sentence == part.sentence] or [
            f for f in alike if f.start < part.start
        ]
        if earlier:
            total = _whole(part, earlier)
            result = share_of([part], total)
            return [from_fact(stated), from_fact(part), from_fact(total), from_calculation(result)]
    found = _combination(stated, inside, said) or _combination(stated, counts, said)
    if found is not None:
        used = [from_fact(i.fact) for i in found.inputs if i.fact]
        return [from_fact(stated), *used, from_calculation(found)]
    listed = [from_fact(f) for f in inside[:8]]
    return [
        from_fact(stated),
        *listed,
        missing("inconsistent_source", "报告列出的人数之间没有说明怎样得出这个比率,不能复算"),
    ]


def _defined(stated: Fact, counts: list[Fact]) -> Calculation | None:
    """Recompute an indicator by the parts that define it, where each is reported once near the claim."""
    entry = next((d for d in derived() if d.metric_id and d.metric_id == stated.metric_id), None)
    if entry is None:
        return None
    found: list[Fact] = []
    for phrase in (entry.first, entry.also, entry.second):
        if not phrase:
            continue
        wanted = terms(phrase)
        people = [f for f in counts if dimension(f.unit) == "person" and f not in found]
        said = [
            (coverage(wanted, [(fold(f"{f.label} {f.context}"), 1.0)]).share, focus(phrase, fold(f.label)), f)
            for f in people
        ]
        best = [
            f for share, own, f in sorted(said, key=lambda x: (-x[0], -x[1])) if share >= 0.9 and own >= 0.7
        ]
        if not best:
            return None
        found.append(best[0])
    *parts, whole = found
    if sum((f.value for f in parts), Decimal(0)) > whole.value:
        return None
    result = share_of(parts, whole)
    return result if judge(stated, result) != "inconsistent" else None


_OF_WHOLE = re.compile(r"^(?P<part>.+?)占(?!比|比例|比重)(?P<whole>.{2,}?)(?:的?(?:比例|比重))?$")


def _stated_parts(stated: Fact, counts: list[Fact]) -> tuple[Fact, Fact] | None:
    """For "A占B的比例" return A's and B's figures: of B's dimension, A next before the claim."""
    match = _OF_WHOLE.match(fold(stated.metric))
    if match is None:
        return None
    wanted = terms(match["whole"])
    scored = [(coverage(wanted, [(fold(f"{f.label} {f.metric}"), 1.0)]).share, f) for f in counts]
    wholes = [f for share, f in scored if share >= 0.6]
    if not wholes and re.search(r"(?:额|资金|经费|支出|投入|收入)$", match["whole"]):
        # a sum of money that the text calls by another name: the total before the claim
        money = [f for f in counts if dimension(f.unit) == "money" and f.start < stated.start]
        wholes = [max(money, key=lambda f: f.value)] if money else []
    if not wholes:
        return None
    whole = max(wholes, key=lambda f: max(share for share, g in scored if g is f))
    parts = [
        f for f in counts
        if f.start < stated.start and f.sentence == stated.sentence and f is not whole
        and dimension(f.unit) == dimension(whole.unit)
    ]  # fmt: skip
    return (parts[-1], whole) if parts and parts[-1].value <= whole.value else None


def _whole(part: Fact, earlier: list[Fact]) -> Fact:
    """Return the count that ``part`` is a part of: the one its context names, else the first."""
    named = [f for f in earlier if f.label and f.label in part.context]
    return (named or earlier)[0]


def _combination(stated: Fact, counts: list[Fact], said: str) -> Calculation | None:
    """Return a share of relevant counts: one that gives the claim if any, else the plainest."""
    best: Calculation | None = None
    for kind in dict.fromkeys(dimension(f.unit) for f in counts):
        own = [f for f in counts if dimension(f.unit) == kind]
        whole = max(own, key=lambda f: f.value)
        parts = [f for f in own if f is not whole and _relevant(f, said)]
        for size in (1, 2, 3):
            for chosen in combinations(parts, size):
                if sum((f.value for f in chosen), Decimal(0)) > whole.value:
                    continue
                result = share_of(list(chosen), whole)
                if judge(stated, result) != "inconsistent":
                    return result
        named = re.search(r"([\u4e00-\u9fff]{2})率", said)
        exact = [f for f in parts if named and fold(f.label) == named[1]]
        parts = exact if len(exact) == 1 else parts  # 入学率 ← "入学312人"
        if len(parts) == 1 and best is None:
            best = share_of(
                parts if sum((f.value for f in parts), Decimal(0)) <= whole.value else parts[:1], whole
            )
    return best
