"""Several figures in one: sums, amounts that the question names, other units, false premises."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, distinct, preferred, search
from assistant.plans.values import ANY, SHOWN
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, name_of, statement, subject, when
from corpus.model import Fact
from corpus.units import canonical, dimension
from tools.evidence import Evidence, amount, plain


@procedure("sum")
def total(ask: Ask, desk: Desk) -> Procedure:
    """Give the sum that the text itself states, else add the items that the question means."""
    several = bool(re.search(r"两|三|四|几|各|和|与|、|加|全部|所有", ask.folded))
    found = yield search(ask, wide=several)
    facts = preferred(distinct(by_kind(found, "fact")), ask)
    if not facts:
        return absent(found, ask, desk)
    items = facts_of(facts)
    siblings = [
        f for f in items if f.section == items[0].section and f.unit == items[0].unit and f.role == "level"
    ]
    if not several or len(siblings) < 2 or len({f.metric_id for f in siblings if f.metric_id}) == 1:
        lines = [statement(item, ask, desk) for item in chosen(facts, ask)[:SHOWN]]
        return Draft(tuple(lines), values=tuple(chosen(facts, ask)[:SHOWN]))
    done = yield Call("sum", {"items": [f.id for f in siblings]})
    used = by_kind(done, "fact")
    calculation = calculation_of(done)
    lines = [statement(item, ask, desk) for item in used]
    if calculation:
        cites = (*used, *by_kind(done, "calculation"))
        lines.append(Line(f"合计{plain(calculation.value)}{calculation.unit}", cites))
    return Draft(tuple(lines), values=(*by_kind(done, "calculation"), *used))


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


_INTO = re.compile(
    r"(?:换算成?|折合成?|合|相当于|[用以按])(?:为|是|成)?(?:多少|几)?个?((?:百|千|万|亿)*(?:元|人次|人|平方米|亩)|亿|万)"
)


@procedure("convert")
def converted(ask: Ask, desk: Desk) -> Procedure:
    """Show a figure in the unit asked for."""
    match = _INTO.search(ask.folded)
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
            lines.append(Line(f"换算为{plain(calculation.value)}{calculation.unit}", (item, *made)))
            values = [*made, *values]
    return Draft(tuple(lines), values=tuple(values))


@procedure("premise")
def premise(ask: Ask, desk: Desk) -> Procedure:
    """Check the change that a question takes for granted before anything is explained."""
    quantity = ask.given[-1]
    stated = f"{plain(quantity.value)}{quantity.unit}"
    found = yield search(
        replace(ask, measure=None, rate_asked=False), ["change", "rate"], unit="", value=stated
    )
    facts = by_kind(found, "fact")
    if not facts:
        bare = replace(ask, words="", metric_ids=(), stages=())
        found = yield search(bare, ["change", "rate"], unit="", value=stated)
        facts = by_kind(found, "fact")
    if not facts:
        return absent(found, ask, desk)
    fact = facts[0].item
    assert isinstance(fact, Fact)
    falls = bool(re.search(r"减少|下降|降低|少了|跌", ask.folded))
    verb = {"up": "增加", "down": "减少"} if fact.role == "change" else {"up": "增长", "down": "下降"}
    name = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    said = f"{name}{verb[fact.direction or 'up']}{amount(fact)}"
    if falls != (fact.direction == "down"):
        wrong = "减少" if falls else "增加"
        line = Line(f"问题的前提与报告不符:不是{wrong}。{said}", (facts[0],))
        return Draft((line,), values=(facts[0],))
    why = refuse("not_reported", "报告没有说明原因。")
    return Draft((Line(said, (facts[0],)), *why.lines), values=(facts[0],))


@procedure("remainder")
def remainder(ask: Ask, desk: Desk) -> Procedure:
    """Taking parts out of a whole needs the parts to be exclusive; that is asked back, not guessed."""
    text = "这个问题要从总数里扣除几项。请先分别查总数和各项,再问“相差多少”,以免口径重叠算错。"
    return replace(refuse("ambiguous", text), status="clarify")
    yield  # pragma: no cover - makes this a generator
