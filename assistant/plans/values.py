"""Plain figures: what is it, is it that, where does that amount go, how much together."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.common import chosen, distinct, search
from assistant.plans.complement import complement
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import (
    absent,
    by_kind,
    calculation_of,
    clause_text,
    facts_of,
    name_of,
    statement,
    subject,
    when,
)
from corpus.catalogue import Derived, derived, settled
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import convert, dimension, factor
from tools.evidence import Evidence, amount, plain
from tools.words import coverage, terms

ANY = ["level", "base", "share", "change", "rate"]
SHOWN = 8
"""More readings than this are asked back instead of listed."""


@procedure("value", "list")
def value(ask: Ask, desk: Desk) -> Procedure:
    """State the figures meant; several places or stages are all listed when they are few."""
    found = yield search(ask)
    facts = chosen(by_kind(found, "fact"), ask)
    if not facts and len(ask.periods) == 1 and ask.periods[0][:4].isdigit():
        derived_draft = yield from _year_before(ask, desk)
        if derived_draft is not None:
            return derived_draft
    if not facts:
        rest = yield from complement(ask, desk)
        return rest or absent(found, ask, desk)
    if len(facts) > SHOWN:
        return clarify(facts, ask)
    lines = [statement(item, ask, desk) for item in facts]
    warnings: list[str] = []
    if len({f.region for f in facts_of(facts)}) > 1 and not ask.regions:
        warnings.append("问题没有说明地区,已逐地列出")
    if (
        len({f.stage for f in facts_of(facts)}) > 1
        and not ask.stages
        and all(settled(f) for f in facts_of(facts))
    ):
        warnings.append("问题没有说明学段,已逐段列出")
    if ask.unit and len(facts) <= 3:
        for item in facts:
            fact = item.item
            assert isinstance(fact, Fact)
            scaled_unit = (
                factor(ask.unit) > 1
            )  # "多少人次" is answered by 2万余人次; "多少亿元" is not by 万元
            if (
                scaled_unit
                and dimension(ask.unit) == dimension(fact.unit)
                and factor(ask.unit) != factor(fact.unit)
            ):
                done = yield Call("convert", {"item": fact.id, "unit": ask.unit})
                if calculation := calculation_of(done):
                    cite = tuple(by_kind(done, "calculation"))
                    lines.append(
                        Line(
                            f"换算为{amount(replace(fact, value=calculation.value, unit=calculation.unit, upper=None))}",
                            (item, *cite),
                        )
                    )
                    facts = [*facts, *cite]
    return Draft(tuple(lines), values=tuple(facts), warnings=tuple(warnings))


def _year_before(ask: Ask, desk: Desk) -> Generator[Call, list[Evidence], Draft | None]:
    """The year asked for is not printed, but the next year's figure and its change are: work it out."""
    next_year = str(int(ask.periods[0][:4]) + 1)
    later = replace(ask, periods=(next_year,))
    found = yield search(later, ["level"])
    levels = chosen(by_kind(found, "fact"), later)
    moved = yield search(later, ["change"], unit="")
    changes = [e for e in by_kind(moved, "fact") if isinstance(e.item, Fact)]
    for item in levels[:2]:
        fact = item.item
        assert isinstance(fact, Fact)
        change = next((e for e in changes if isinstance(e.item, Fact) and e.item.of == fact.id), None)
        if change is None or not isinstance(change.item, Fact):
            continue
        done = yield Call("earlier", {"level": fact.id, "change": change.item.id})
        calculation = calculation_of(done)
        if calculation is None:
            continue
        made = by_kind(done, "calculation")
        verb = "减少" if change.item.direction == "down" else "增加"
        said = statement(item, later, desk)
        lines = (
            Line(f"{said.text},比上年{verb}{amount(change.item)}", (item, change)),
            Line(
                f"由以上推算为{plain(calculation.value)}{calculation.unit}",
                (item, change, *made),
            ),
        )
        return Draft(lines, values=(*made, item, change), warnings=("上年的数由本年数和增减额推算得出",))
    return None


def clarify(facts: list[Evidence], ask: Ask) -> Draft:
    """Ask back, naming what the question may mean, without any figure."""
    names: list[str] = []
    for fact in facts_of(facts):
        name = f"{fact.region or ''}{subject(fact)}{name_of(fact)}"
        if name not in names:
            names.append(name)
    shown = "、".join(names[:SHOWN]) + (" 等" if len(names) > SHOWN else "")
    missing = [] if ask.regions else ["地区"]
    missing += [] if ask.stages else ["学段"]
    text = f"这个问题有多种理解,请说明{'、'.join(missing) or '具体指标'}。可查的有:{shown}。"
    return replace(refuse("ambiguous", text), status="clarify")


@procedure("confirm")
def confirm(ask: Ask, desk: Desk) -> Procedure:
    """Check an amount that the question states; a wrong unit or figure is corrected."""
    given = ask.given[-1]
    found = yield search(replace(ask, measure=None, rate_asked=dimension(given.unit) == "percent"))
    facts = chosen(by_kind(found, "fact"), ask)
    if not facts:
        return absent(found, ask, desk)
    same = [e for e in facts if isinstance(e.item, Fact) and _equal(e.item, given.value, given.unit)]
    if same and given.unit == "个" and facts_of(same)[0].unit != "个" and not _all_said(ask, same[0]):
        from assistant.plans.telling import explain

        return (yield from explain(replace(ask, op="explain", given=()), desk))
    shown = same or facts[:3]
    lines = [statement(item, ask, desk) for item in shown]
    first = shown[0].item
    assert isinstance(first, Fact)
    if same:
        lines[0] = replace(lines[0], text=f"是的。{lines[0].text}")
    elif first.value == given.value and first.unit != given.unit:
        lines[0] = replace(
            lines[0], text=f"不是,单位不对。{lines[0].text},单位是“{first.unit}”,不是“{given.unit}”"
        )
    else:
        lines[0] = replace(lines[0], text=f"不是。{lines[0].text},不是{plain(given.value)}{given.unit}")
    return Draft(tuple(lines), values=tuple(shown))


def _all_said(ask: Ask, item: Evidence) -> bool:
    """True if the figure's own words say what the question says of it ("84个学生都辍学了吗" says more than 84人)."""
    fact = item.item
    assert isinstance(fact, Fact)
    own = fold(f"{fact.label} {fact.metric} {fact.context}")
    return coverage(terms(ask.words), ((own, 1.0),)).share >= 0.8


def _equal(fact: Fact, amount_given: object, unit: str) -> bool:
    if unit == "个" and dimension(fact.unit) == "person":
        return fact.value == amount_given  # "84个学生" is said of people as well
    if dimension(fact.unit) != dimension(unit):
        return False
    return convert(fact.value, fact.unit, unit) == amount_given


@procedure("purpose")
def purpose(ask: Ask, desk: Desk) -> Procedure:
    """Say what an amount is, from every place that states it."""
    given = ask.given[0]
    found = yield search(replace(ask, words="", metric_ids=(), stages=()), ["level", "base", "change", "rate", "share"],
                         unit="", value=f"{plain(given.value)}{given.unit}")  # fmt: skip
    facts = by_kind(found, "fact")
    if not facts:
        return absent(found, ask, desk)
    lines: list[Line] = []
    for item in distinct(facts)[:5]:
        fact = item.item
        assert isinstance(fact, Fact)
        quoted = clause_text(fact, desk.text(fact.report_id))
        lines.append(Line(f"{fact.region or ''}{when(fact, ask, desk)}:「{quoted}」", (item,)))
    note = ("同一数额在多处出现,可能是同一笔,不宜相加",) if len(lines) > 1 else ()
    return Draft(tuple(lines), values=tuple(distinct(facts)[:5]), warnings=note)


@procedure("derived")
def derive(ask: Ask, desk: Desk) -> Procedure:
    """Compute a quantity that texts do not print from the two that define it."""
    entry = next(d for d in derived() if d.id == ask.derived)
    printed = yield search(replace(ask, words=ask.words or entry.name), ["level"])
    named = [e for e in by_kind(printed, "fact") if any(w in fold(e.item.label) for w in entry.words)]  # type: ignore[union-attr]
    if direct := chosen(named, ask):
        return Draft(tuple(statement(item, ask, desk) for item in direct[:3]), values=tuple(direct[:3]))
    if entry.tool == "difference" and re.search(r"占.*(?:比|多少|百分)", ask.folded):
        from assistant.plans.shares import share

        return (yield from share(replace(ask, op="share", derived=None), desk))  # of printed figures only
    sides, found = yield from sides_by_count(entry, ask)
    if len(sides) < 2:
        several = [e for e in by_kind(found, "fact") if entry.tool == "average"]
        return clarify(several, ask) if several else absent(found, ask, desk)
    done = yield call_of(entry, sides)
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    lines = [statement(item, ask, desk) for item in sides]
    made = by_kind(done, "calculation")
    lines.append(
        Line(f"据此计算,{entry.name}为{plain(calculation.value)}{calculation.unit}", (*sides, *made))
    )
    return Draft(tuple(lines), values=(*made, *sides), warnings=(entry.note,) if entry.note else ())


_FLOWS = re.compile(r"补充|招聘|新增|新招|引进|退休|调入|调出|招录|培训|交流|轮岗|转岗|辞职|选派")


def sides_by_count(
    entry: Derived, ask: Ask
) -> Generator[Call, list[Evidence], tuple[list[Evidence], list[Evidence]]]:
    """Return the two figures that define a quantity, and what was found when one of them is missing."""
    sides: list[Evidence] = []
    found: list[Evidence] = []
    for phrases in (entry.first, entry.second):
        for phrase in phrases.split("|"):
            side = replace(
                ask,
                words=phrase,
                parent=ask.words,
                metric_ids=(),
                measure=None,
                rate_asked=False,
                stages=ask.stages if entry.tool == "average" else (),
                given=(),
            )
            found = yield search(side)
            facts = [
                e
                for e in chosen(by_kind(found, "fact"), side)
                if isinstance(e.item, Fact) and _is_meant(e.item, entry, len(sides))
            ]
            if entry.tool == "average" and not ask.stages and len({f.stage for f in facts_of(facts)}) > 1:
                return [], found  # the totals of a table need not be over the same stages
            if facts:
                sides.append(facts[0])
                break
        else:
            return sides, found
    return sides, found


def _is_meant(fact: Fact, entry: Derived, place: int) -> bool:
    """True if a figure may be that part of a derived one: no flow of a year, and called what the entry demands."""
    own = fold(f"{fact.label} {fact.metric}")
    if _FLOWS.search(own):
        return False
    return place == 0 or not entry.must or re.search(entry.must, own) is not None


def call_of(entry: Derived, sides: list[Evidence]) -> Call:
    first, second = facts_of(sides)
    if entry.tool == "average":
        return Call("average", {"total": first.id, "count": second.id})
    if entry.tool == "ratio":
        return Call("share", {"parts": [first.id], "whole": second.id})
    return Call("difference", {"a": first.id, "b": second.id})
