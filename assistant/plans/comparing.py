"""Side by side: two places, stages or years; and whole lists in order."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, distinct, latest, preferred, search
from assistant.plans.values import SHOWN, clarify
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, name_of, statement, subject, when
from corpus.catalogue import settled, stages
from corpus.model import Fact
from corpus.units import dimension
from tools.evidence import Evidence, Missing, amount, period_words, plain


def sides_of(ask: Ask) -> list[Ask]:
    """Split an ask into the two things compared: places, stages, years, or two stated amounts."""
    if len(ask.regions) > 1:
        sides = [replace(ask, regions=(region,)) for region in ask.regions]
        if len(ask.periods) == len(ask.regions):
            return [replace(side, periods=(p,)) for side, p in zip(sides, ask.periods, strict=True)]
        return sides
    if len(ask.stages) > 1:
        words = ask.words
        for stage in ask.stages:
            for name in stages()[stage].words:
                words = words.replace(name, " ")
        words = re.sub(r"^[ 和与跟比、的]+|[ 和与跟比、]+$", "", words)
        return [
            replace(ask, stages=(s,), words=words if ask.metric_ids else f"{_as_said(s, ask)} {words}")
            for s in ask.stages
        ]
    if len(ask.periods) > 1:
        return [replace(ask, periods=(period,)) for period in ask.periods]
    return [ask]


def _as_said(stage: str, ask: Ask) -> str:
    """Return the stage in the question's own word."""
    return next((w for w in stages()[stage].words if w in ask.folded), stages()[stage].name)


@procedure("compare", "ratio")
def compare(ask: Ask, desk: Desk) -> Procedure:
    """Compare two facts if metric, stage, year and unit allow it; else say what forbids it."""
    sides = list(ask.sides) or sides_of(ask)
    if len(sides) == 1:
        halves = _halves(ask)
        if halves is None:
            from assistant.plans.values import value

            return (yield from value(replace(ask, op="value"), desk))
        sides = list(halves)
    picked: list[Evidence] = []
    for i, side in enumerate(sides[:4]):
        given = ask.given[i] if len(ask.given) >= len(sides) > 1 else None
        if given is not None:
            stated = replace(side, words="", metric_ids=(), measure=None, stages=())
            found = yield search(stated, unit="", value=f"{plain(given.value)}{given.unit}")
            if not by_kind(found, "fact"):
                found = yield search(side)
        else:
            found = yield search(side)
        facts = chosen(by_kind(found, "fact"), side)
        if not facts and side.periods and ask.regions and len(ask.regions) > 1:
            found = yield search(replace(side, periods=()))
            facts = chosen(by_kind(found, "fact"), replace(side, periods=()))
        if not facts:
            return absent(found, ask, desk)
        if len(facts) > 1 and len({f.stage for f in facts_of(facts)}) > 1:
            return clarify(facts, ask)
        picked.append(facts[0])
    if len(picked) > 2:
        return (yield from _ranked(picked, ask, desk))
    first, second = picked
    a, b = first.item, second.item
    assert isinstance(a, Fact) and isinstance(b, Fact)
    if ask.op == "ratio":
        done = yield Call("ratio", {"a": a.id, "b": b.id})
    else:
        done = yield Call("compare", {"a": a.id, "b": b.id})
    lines = [statement(first, ask, desk), statement(second, ask, desk)]
    if len({line.text for line in lines}) == 1 or not _dated(lines, (a, b)):
        lines = [_with_year(line, fact) for line, fact in zip(lines, (a, b), strict=True)]
    if why := next((e for e in done if isinstance(e.item, Missing)), None):
        return Draft(
            (*lines, Line(why.text, (first, second, why))), "refused", "not_comparable", (first, second)
        )
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    if ask.op == "ratio":
        lines.append(Line(f"前者是后者的{plain(calculation.value)}倍", (first, second, *made)))
        return Draft(tuple(lines), values=(*made, first, second))
    who, other = _names(a, b)
    unit = f"个{calculation.unit}" if calculation.unit == "百分点" else calculation.unit
    if calculation.value == 0:
        text = f"{who}与{other}相同"
    else:
        word = _more(ask, a)[0 if calculation.value > 0 else 1]
        text = f"{who}比{other}{word}{plain(abs(calculation.value))}{unit}"
    lines.append(Line(text, (first, second, *made)))
    return Draft(tuple(lines), values=(*made, first, second))


def _halves(ask: Ask) -> tuple[Ask, Ask] | None:
    """Split a phrase such as "公办园和民办园" or "A比B" into its two sides."""
    words = ask.words
    for mark in ("比", "和", "与", "跟", "、"):
        left, found, right = words.partition(mark)
        if found and len(left.strip()) >= 2 and len(right.strip()) >= 2:
            return replace(ask, words=left.strip()), replace(ask, words=right.strip())
    return None


def _dated(lines: list[Line], facts: tuple[Fact, Fact]) -> bool:
    return all(f.period is None or f.period[:4] in line.text for line, f in zip(lines, facts, strict=True))


def _with_year(line: Line, fact: Fact) -> Line:
    year = period_words(fact.period)
    if not year or year in line.text or not fact.region:
        return line
    return replace(line, text=line.text.replace(fact.region, f"{fact.region}{year}", 1))


def _names(a: Fact, b: Fact) -> tuple[str, str]:
    if a.region != b.region:
        return a.region or "", b.region or ""
    if a.stage != b.stage and a.stage and b.stage:
        return subject(a) or a.subject, subject(b) or b.subject
    if a.period != b.period and settled(a) == settled(b) and a.period and b.period:
        return period_words(a.period), period_words(b.period)
    return "前者", "后者"


def _more(ask: Ask, fact: Fact) -> tuple[str, str]:
    if re.search(r"多|少", ask.folded) and dimension(fact.unit) not in ("percent", "ratio"):
        return "多", "少"
    return "高", "低"


_HOW_MANY = re.compile(r"([两三四五六七八九十]|\d{1,2})个?(?:学段|阶段)")
_DIGITS = {char: i for i, char in enumerate("三四五六七八九十", 3)} | {"两": 2}


def _counted(facts: list[Evidence], ask: Ask) -> list[Evidence]:
    """Let a stated number ("五个学段") say whose list is meant: the only place that tells just so many."""
    match = _HOW_MANY.search(ask.folded)
    if match is None or ask.regions:
        return facts
    number = _DIGITS.get(match[1]) or int(match[1])
    by_place: dict[str | None, list[Evidence]] = {}
    for item in facts:
        assert isinstance(item.item, Fact)
        by_place.setdefault(item.item.region, []).append(item)
    fitting = [items for items in by_place.values() if len(items) == number]
    return fitting[0] if len(fitting) == 1 else facts


@procedure("rank")
def rank(ask: Ask, desk: Desk) -> Procedure:
    """Order the facts of one metric by size, over stages, places or years."""
    roles = ["rate"] if ask.by_rate else ["level", "share"]
    open_ask = replace(ask, measure=None)
    found = yield search(open_ask, roles, unit="%" if ask.by_rate else (ask.measure or ""))
    facts = (
        latest(preferred(distinct(by_kind(found, "fact")), ask))
        if not ask.periods
        else preferred(distinct(by_kind(found, "fact")), ask)
    )
    if not facts:
        return absent(found, ask, desk)
    if re.search(r"学段|哪一?段|阶段", ask.folded):
        facts = [e for e in facts if isinstance(e.item, Fact) and e.item.stage]
        if len(facts) < 2:
            return refuse("not_reported", "报告中没有提供分学段的这项数据,不能排序。")
    facts = _counted(facts, ask)
    regions = {f.region for f in facts_of(facts)}
    if len(regions) > 1 and not ask.regions and len({f.stage for f in facts_of(facts)}) > 1:
        return clarify(facts, ask)
    return (yield from _ranked(facts, ask, desk))


def _ranked(facts: list[Evidence], ask: Ask, desk: Desk) -> Procedure:
    if len(facts) < 2:
        return Draft(
            tuple(statement(item, ask, desk) for item in facts),
            values=tuple(facts),
            warnings=("只有一个可以比较的数,不能排序",),
        )
    if len({dimension(f.unit) for f in facts_of(facts)}) > 1:
        return clarify(facts[: SHOWN * 2], ask)
    done = yield Call("rank", {"items": [f.id for f in facts_of(facts)], "descending": ask.descending})
    ordered = by_kind(done, "fact")
    if not ordered:
        return absent(done, ask, desk)
    if re.search(r"(?:最|第一)(?:高|低|多|少|大|小|快|慢)", ask.folded) and not re.search(
        r"排|依次", ask.folded
    ):
        top = ordered[0]
        lead = Line(f"{'最高' if ask.descending else '最低'}的是{_entry(top, ask, desk)}", (top,))
        rest = [Line(_entry(item, ask, desk), (item,)) for item in ordered[1:]]
        return Draft((lead, *rest), values=tuple(ordered))
    lines = [Line(f"{i}. {_entry(item, ask, desk)}", (item,)) for i, item in enumerate(ordered, 1)]
    return Draft(tuple(lines), values=tuple(ordered))


def _entry(item: Evidence, ask: Ask, desk: Desk) -> str:
    fact = item.item
    assert isinstance(fact, Fact)
    verb = {"rate": {"up": "增长", "down": "下降"}}.get(fact.role, {}).get(fact.direction or "", "")
    head = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    return f"{head}{verb or '为'}{amount(fact)}"
