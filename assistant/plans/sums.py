"""Several figures in one: sums, amounts that the question names, other units, false premises."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, distinct, preferred, search
from assistant.plans.sides import sides_of
from assistant.plans.values import ANY, SHOWN
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.slots import read_ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, statement
from corpus.catalogue import settled
from corpus.model import Fact
from corpus.units import canonical, dimension
from tools.evidence import Evidence, amount, plain

_COUNT = re.compile(r"([两二三四五六七八九])(?:笔|项|批|类|块|种)")
_NUMBERS = {char: i for i, char in enumerate("二三四五六七八九", 2)} | {"两": 2}


@procedure("sum")
def total(ask: Ask, desk: Desk) -> Procedure:
    """Give the sum that the text itself states, else add the items that the question means."""
    if ask.sides or len(ask.stages) > 1:
        return (yield from _over_stages(ask, desk))
    several = bool(re.search(r"两|三|四|几|各|和|与|、|加|全部|所有", ask.folded))
    found = yield search(ask, wide=several)
    facts = preferred(distinct(by_kind(found, "fact")), ask)
    if not facts:
        return absent(found, ask, desk)
    items = facts_of(facts)
    if (counted := _COUNT.search(ask.folded)) and several:
        beside = yield Call("facts_beside", {"item": items[0].id})
        near = [f for f in facts_of(beside) if f.role == "level" and f.unit == items[0].unit]
        if len(near) == _NUMBERS.get(counted[1], 0):
            items = near
    siblings = [
        f for f in items if f.section == items[0].section and f.unit == items[0].unit and f.role == "level"
    ]
    stated = [f for f in siblings if f.period and "/" in f.period]
    if stated and len(stated) < len(siblings):  # "三年累计3.38亿元" beside its years: the text has added them
        shown = [e for e in facts if e.item in stated]
        return Draft(tuple(statement(item, ask, desk) for item in shown), values=tuple(shown))
    if not several or len(siblings) < 2 or len({settled(f) for f in siblings if settled(f)}) == 1:
        shown = chosen(facts, ask)[:SHOWN]
        lines = [statement(item, ask, desk) for item in shown]
        return Draft(tuple(lines), values=tuple(shown))
    done = yield Call("sum", {"items": [f.id for f in siblings]})
    used = by_kind(done, "fact")
    calculation = calculation_of(done)
    lines = [statement(item, ask, desk) for item in used]
    if calculation:
        cites = (*used, *by_kind(done, "calculation"))
        lines.append(Line(f"合计{plain(calculation.value)}{calculation.unit}", cites))
    return Draft(tuple(lines), values=(*by_kind(done, "calculation"), *used))


def _over_stages(ask: Ask, desk: Desk) -> Procedure:
    """Add one figure of each stage named."""
    items: list[Evidence] = []
    for side in ask.sides or sides_of(ask):
        found = yield search(side, ["level"])
        facts = chosen(by_kind(found, "fact"), side)
        if not facts:
            return absent(found, ask, desk)
        items.append(facts[0])
    done = yield Call("sum", {"items": [f.id for f in facts_of(items)]})
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in items]
    lines.append(Line(f"合计{plain(calculation.value)}{calculation.unit}", (*items, *made)))
    return Draft(tuple(lines), values=(*made, *items))


@procedure("given")
def given_amounts(ask: Ask, desk: Desk) -> Procedure:
    """Add, or take apart, amounts that the question names: each must be found in a report first."""
    items: list[Evidence] = []
    for quantity in ask.given:
        if not re.search(r"\d", quantity.as_printed):
            continue
        bare = replace(ask, words="", metric_ids=(), stages=(), periods=())
        found = yield search(bare, ANY, unit="", value=f"{plain(quantity.value)}{quantity.unit}")
        facts = distinct(by_kind(found, "fact"))
        if not facts:
            return absent(found, ask, desk)
        items.append(facts[0])
    held = facts_of(items)
    if len(held) < 2:
        return absent([], ask, desk)
    if re.search(r"合计|一共|共|加|总", ask.folded):
        done = yield Call("sum", {"items": [f.id for f in held]})
        lead = "合计"
    else:
        high, low = sorted(held[:2], key=lambda f: f.value, reverse=True)
        done = yield Call("difference", {"a": high.id, "b": low.id})
        lead = "相差"
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in items]
    unit = f"个{calculation.unit}" if calculation.unit == "百分点" else calculation.unit
    lines.append(Line(f"{lead}{plain(calculation.value)}{unit}", (*items, *made)))
    return Draft(tuple(dict.fromkeys(lines)), values=(*made, *items))


_PER = re.compile(r"平均每(?:个|一)?(人次|人|名|位|生|所|校|园|班|个)?")
_PER_UNIT = {"位": "人", "生": "人", "名": "人", "校": "所", "园": "所", None: "人"}


@procedure("average")
def average(ask: Ask, desk: Desk) -> Procedure:
    """Divide an amount by the number of people, times or schools that the same words speak of."""
    match = _PER.search(ask.folded)
    per = match[1] if match else None
    found = yield search(ask, ["level"], unit=ask.measure or "元")
    totals = chosen(by_kind(found, "fact"), ask)
    unit = (_PER_UNIT.get(per) or per) or "人"
    ask = replace(ask, words=_counted(ask, match.end() if match else 0, unit))
    counted = yield search(ask, ["level"], unit=unit)
    counts = chosen(by_kind(counted, "fact"), ask)
    if not totals or not counts:
        return absent(found if not totals else counted, ask, desk)
    total, count = facts_of(totals)[0], facts_of(counts)[0]
    done = yield Call("average", {"total": total.id, "count": count.id})
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in (totals[0], counts[0])]
    lines.append(
        Line(
            f"{calculation.label}{plain(calculation.value)}{calculation.unit}", (totals[0], counts[0], *made)
        )
    )
    return Draft(tuple(lines), values=(*made, totals[0], counts[0]))


def _counted(ask: Ask, at: int, unit: str) -> str:
    """Return what is counted: 公办园 where "公办园平均每所有多少幼儿" is asked, all words where it is people or times."""
    if dimension(unit) == "person":
        return ask.words
    shared = re.sub(r"多少|几个?|[有是为的招收]|[?,。]", " ", ask.folded[at:]).split()
    rest = ask.words
    for noun in shared:
        rest = rest.removesuffix(noun).strip(" 的")
    return rest or ask.words


_INTO = re.compile(
    r"(?:换算成?|折合成?|合|相当于|[用以按])(?:为|是|成)?(?:多少|几)?个?((?:百|千|万|亿)*(?:元|人次|人|平方米|亩)|亿|万)"
)


@procedure("convert")
def converted(ask: Ask, desk: Desk) -> Procedure:
    """Show a figure in the unit asked for."""
    match = _INTO.search(ask.folded)
    stated = next((q for q in ask.given if re.search(r"\d", q.as_printed)), None)
    if stated is not None:
        bare = replace(ask, words="", metric_ids=(), stages=())
        found = yield search(bare, ANY, unit="", value=f"{plain(stated.value)}{stated.unit}")
    else:
        found = yield search(ask, unit="")
    facts = chosen(by_kind(found, "fact"), ask)
    if not facts:
        return absent(found, ask, desk)
    unit = match[1] if match else (ask.unit or "")
    lines: list[Line] = []
    values: list[Evidence] = []
    for item in facts[:3]:
        fact = item.item
        assert isinstance(fact, Fact)
        to = f"{unit}{fact.unit.lstrip('百千万亿')}" if unit in ("亿", "万") else unit
        lines.append(statement(item, ask, desk))
        values.append(item)
        if canonical(to) is None or dimension(to) != dimension(fact.unit):
            continue
        done = yield Call("convert", {"item": fact.id, "unit": to})
        if calculation := calculation_of(done):
            made = by_kind(done, "calculation")
            shown = amount(replace(fact, value=calculation.value, unit=calculation.unit, upper=None))
            lines.append(Line(f"换算为{shown}", (item, *made)))
            values = [*made, *values]
    return Draft(tuple(lines), values=tuple(values))


_EXCEPT = re.compile(
    r"除(?:了|去)?(?P<parts>.{2,40}?)(?:以外|之外|外)|扣除(?P<minus>.{2,30}?)(?:后|以后|,|还|剩)|既不在(?P<a>.{2,16}?)[、,]?也不在(?P<b>.{2,16}?)的"
)


@procedure("remainder")
def remainder(ask: Ask, desk: Desk) -> Procedure:
    """Take the named parts out of the whole, when each is found alone and in one unit; else ask back."""
    match = _EXCEPT.search(ask.folded)
    text = "这个问题要从总数里扣除几项。请先分别查总数和各项,再问“相差多少”,以免口径重叠算错。"
    unclear = replace(refuse("ambiguous", text), status="clarify")
    if match is None:
        return unclear
    named = [g for g in match.groups() if g]
    parts = [p for group in named for p in re.split(r"[、,和及与]", group) if len(p.strip()) >= 2]
    rest = ask.folded[: match.start()] + " " + ask.folded[match.end() :]
    whole = read_ask(rest, desk.known)
    items: list[Evidence] = []
    for side in (whole, *(read_ask(part, desk.known) for part in parts)):
        open_side = replace(
            side, regions=ask.regions, periods=ask.periods, measure=ask.measure, rate_asked=False
        )
        found = yield search(open_side, ["level"])
        facts = chosen(by_kind(found, "fact"), open_side)
        if len(facts) != 1:
            return unclear if facts else absent(found, ask, desk)
        items.append(facts[0])
    held = facts_of(items)
    if len({f.id for f in held}) != len(held) or len({dimension(f.unit) for f in held}) > 1:
        return unclear
    done = yield Call("remain", {"whole": held[0].id, "parts": [f.id for f in held[1:]]})
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in items]
    lines.append(Line(f"扣除后为{plain(calculation.value)}{calculation.unit}", (*items, *made)))
    return Draft(tuple(lines), values=(*made, *items), warnings=("按各项互不重叠计算,原文没有说明是否重叠",))
