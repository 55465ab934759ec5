"""Held against a bar: is an amount reached, passed or kept below, by one figure or by which of several?"""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.common import chosen, distinct, identity, latest, preferred, search
from assistant.plans.ranking import alike, entry_of, left_out, of_one_year
from assistant.plans.values import SHOWN, call_of, clarify, sides_by_count
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, statement
from corpus.catalogue import Derived, derived, settled
from corpus.model import Fact, Quantity
from corpus.units import canonical, convert, dimension, factor
from tools.calculation import Calculation, trimmed
from tools.evidence import Evidence, plain

_BY_RATE = re.compile(r"增幅|增长|增速|涨幅|降幅|提高|上升|下降|减少|降低|涨|跌")
_FALLS = re.compile(r"降幅|下降|减少|降低|跌|下滑")


@procedure("target")
def reached(ask: Ask, desk: Desk) -> Procedure:
    """Compare a figure with an amount that the question demands, and say by how much it falls short."""
    given = ask.given[-1]
    facts, found = yield from _held(ask, given)
    if not facts:
        entry = next(
            (d for d in derived() if d.id == ask.derived or (d.metric_id in ask.metric_ids and not d.also)),
            None,
        )
        if entry is not None:
            return (yield from _reached_by_count(ask, entry, desk))
        return absent(found, ask, desk)
    if len({identity(f)[:1] for f in facts_of(facts)}) > 1 and not ask.regions:
        return clarify(facts, ask)
    several = len({settled(f) or f.metric for f in facts_of(facts)}) == 1 and len(facts) <= SHOWN
    lines: list[Line] = []
    values: list[Evidence] = []
    warnings: list[str] = []
    for item in facts if several else facts[:1]:
        fact = item.item
        assert isinstance(fact, Fact)
        said = entry_of(item, ask, desk) if fact.role == "rate" else statement(item, ask, desk).text
        done = yield Call("gap", {"item": fact.id, "threshold": _in_unit(given, fact)})
        made = by_kind(done, "calculation")
        calculation = calculation_of(done)
        if calculation is None:
            return absent(done, ask, desk)
        lines.append(Line(said, (item,)))
        if calculation.value == 0 and fact.qualifier:
            warnings.append(f"原文的数带有“{fact.qualifier}”,不是正好这个数")
            values.append(item)
            continue
        lines.append(Line(_verdict(ask.bar or "≥", calculation, given), (item, *made)))
        values += [item, *made]
    return Draft(tuple(lines), values=tuple(values), warnings=tuple(warnings))


_Found = Generator[Call, list[Evidence], tuple[list[Evidence], list[Evidence]]]


def _held(ask: Ask, given: Quantity) -> _Found:
    """Return the figures that the bar is for, and what was found."""
    percent = dimension(given.unit) in ("percent", "cheng")
    if percent and _BY_RATE.search(ask.folded) and ask.metric_ids:
        found = yield search(replace(ask, measure=None), ["rate"], unit="%")
        facts = chosen(by_kind(found, "fact"), ask)
        falls = bool(_FALLS.search(ask.folded))
        facts = [e for e in facts if isinstance(e.item, Fact) and (e.item.direction == "down") == falls]
        if facts:
            return facts, found
    found = yield search(replace(ask, measure=None, rate_asked=percent))
    facts = [
        e
        for e in chosen(by_kind(found, "fact"), ask)
        if isinstance(e.item, Fact)
        and e.item.kind in ("actual", "reference")
        and dimension(e.item.unit) == dimension(given.unit)
        and (e.item.role != "base" or ask.periods)
    ]
    return facts, found


def _in_unit(given: Quantity, fact: Fact) -> str:
    """Return the bar in the figure's unit where that is the finer one: what is short of 1万元 is told in 元."""
    if canonical(fact.unit) is None or factor(fact.unit) >= factor(given.unit):
        return f"{plain(given.value)}{given.unit}"
    return f"{plain(trimmed(convert(given.value, given.unit, fact.unit)))}{fact.unit}"


def _verdict(relation: str, gap: Calculation, given: Quantity) -> str:
    """Say what the sign of ``gap`` (bar − figure) means for the bar."""
    bar = f"{plain(given.value)}{given.unit}"
    size = f"{plain(abs(gap.value))}{'个' if gap.unit == '百分点' else ''}{gap.unit}"
    short, over = gap.value > 0, gap.value < 0
    if relation == "≥":
        return (
            f"没有达到{bar},还差{size}" if short else f"已达到{bar},高出{size}" if over else f"正好达到{bar}"
        )
    if relation == "<":
        return f"低于{bar},相差{size}" if short else f"不低于{bar}" + (f",高出{size}" if over else "")
    return f"超过{bar},高出{size}" if over else f"没有超过{bar}" + (f",相差{size}" if short else "")


def _reached_by_count(ask: Ask, entry: Derived, desk: Desk) -> Procedure:
    """The report states no result: compute it from the counts that define it, and compare."""
    given = ask.given[-1]
    sides, found = yield from sides_by_count(entry, ask)
    if len(sides) < 2:
        return absent(found, ask, desk)
    done = yield call_of(entry, sides)
    calculation = calculation_of(done)
    if calculation is None or dimension(given.unit) != dimension(calculation.unit):
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in sides]
    bar = f"{plain(given.value)}{given.unit}"
    if re.search(r"超过|超出|高于|大于|多于|超|低于|少于|不足", ask.folded):
        over = "超过" if calculation.exact > given.value else "没有超过"
        verdict = f"{over}{bar}"
    else:
        verdict = f"{'已达到' if calculation.exact >= given.value else '没有达到'}{bar}"
    lines.append(
        Line(f"按人数计算,{entry.name}为{plain(calculation.value)}{calculation.unit}", (*sides, *made))
    )
    lines.append(Line(verdict, (*sides, *made)))
    return Draft(tuple(lines), values=(*made, *sides), warnings=(entry.note,))


@procedure("meeting")
def meeting(ask: Ask, desk: Desk) -> Procedure:
    """Name the places or stages whose figure is on the asked side of an amount or of another place's figure."""
    given = None if ask.bar_regions else ask.given[-1]
    percent = given is not None and dimension(given.unit) in ("percent", "cheng")
    over = ask.each or ("region" if not ask.regions else "stage")
    ask = replace(ask, each=over, by_rate=ask.by_rate and percent, rate_asked=percent, measure=None)
    facts, found = yield from _candidates(ask)
    bars: list[Evidence] = []
    if ask.bar_regions:
        there = yield search(replace(ask, regions=ask.bar_regions, each=""), ["level", "share"], unit="")
        bars = chosen(by_kind(there, "fact"), replace(ask, regions=ask.bar_regions))
        if not bars:
            return absent(there, ask, desk)
        facts = [e for e in facts if isinstance(e.item, Fact) and e.item.region not in ask.bar_regions]
    elif over == "region":
        facts = [e for e in facts if isinstance(e.item, Fact) and e.item.region != "全国"]
    if over == "stage":
        facts = [e for e in facts if isinstance(e.item, Fact) and e.item.stage]
    if not facts:
        return absent(found, ask, desk)
    if over == "region" and not ask.stages and len({f.stage for f in facts_of(facts)}) > 1:
        return clarify(facts, ask)
    year = next(((f.period or "")[:4] for f in facts_of(bars)), "")
    kept, left = of_one_year(facts, ask, year) if over == "region" else (facts, [])
    meant: list[Evidence] = []
    used: dict[str, Evidence] = {}
    for item in kept:
        fact = item.item
        assert isinstance(fact, Fact)
        if ask.by_rate and (fact.direction == "down") != bool(_FALLS.search(ask.folded)):
            continue
        bar = next((b for b in bars if _same_thing(fact, b.item)), None)
        if bars and bar is None:
            continue
        held = bar.item if bar is not None else given
        assert isinstance(held, Fact | Quantity)
        if dimension(held.unit) != dimension(fact.unit):
            continue
        if bar is not None:
            used[bar.key] = bar
        own, limit = convert(fact.value, fact.unit, held.unit), held.value
        if {"≥": own >= limit, ">": own > limit, "<": own < limit, "≤": own <= limit}[ask.bar]:
            meant.append(item)
    if bars and not used:
        names = "指标、学段或年份不同,不能比较"
        lines = [Line(entry_of(e, ask, desk), (e,)) for e in (*bars[:2], *facts[:SHOWN])]
        return Draft((*lines, Line(names, (*bars[:2], *facts[:SHOWN]))), "refused", "not_comparable")
    lines = [Line(entry_of(bar, ask, desk), (bar,)) for bar in used.values()]
    if not meant:
        lines.append(Line("查到的各项中没有符合条件的", tuple(kept[:SHOWN])))
        meant = kept[:SHOWN]
    lines += [Line(entry_of(item, ask, desk), (item,)) for item in meant]
    return Draft(tuple(lines), values=(*meant, *used.values()), warnings=left_out(left))


def _candidates(ask: Ask) -> _Found:
    roles = ["rate"] if ask.by_rate else ["level", "share"]
    unit = "%" if ask.rate_asked else ""
    found = yield search(ask, roles, unit=unit, wide=True)
    facts = preferred(distinct(by_kind(found, "fact")), ask)
    if not ask.periods:
        facts = latest(facts)
    return alike(facts, ask), found


def _same_thing(fact: Fact, other: object) -> bool:
    assert isinstance(other, Fact)
    return (settled(fact), fact.stage, (fact.period or "")[:4]) == (
        settled(other),
        other.stage,
        (other.period or "")[:4],
    )
