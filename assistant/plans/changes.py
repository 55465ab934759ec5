"""From one time to another: difference and growth of one quantity."""

from __future__ import annotations

from dataclasses import replace

from assistant.plans.common import distinct, identity, preferred, search, without_measure
from assistant.plans.sides import halves
from assistant.plans.values import SHOWN, clarify
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import (
    absent,
    by_kind,
    calculation_of,
    change_words,
    name_of,
    rate_words,
    subject,
    when,
)  # fmt: skip
from corpus.alone import COUNTERS
from corpus.model import Fact
from corpus.spans import length
from corpus.units import dimension
from tools.calculation import rounded
from tools.evidence import Evidence, amount, period_words


@procedure("growth", "difference")
def change(ask: Ask, desk: Desk) -> Procedure:
    """Say how much a quantity changed and by what rate; recompute what the report states of it."""
    if len(ask.regions) > 1 or len(ask.stages) > 1 or _two_things(ask):
        from assistant.plans.comparing import compare

        return (yield from compare(ask, desk))
    ask = _both_periods(ask)
    open_ask = without_measure(ask)
    timeless = replace(open_ask, periods=())
    counted = ask.measure if ask.measure and ask.measure not in _RATES else None
    levels = yield search(timeless, ["level", "share", "base"], unit=counted)
    stated = yield search(timeless, ["rate", "change"], unit="")
    if counted and not all(_counts(e, counted) for e in by_kind(stated, "fact")):
        # 几所 is no question for pupils, nor is a rate of theirs its answer
        stated = yield search(timeless, ["change"], unit=counted)
    facts = preferred(distinct(by_kind(levels, "fact")), ask)
    moves = distinct(by_kind(stated, "fact"))
    series = _series(facts, moves, ask)
    if not series:
        if len(ask.periods) == 2:
            return absent([e for e in levels if e.kind == "missing"] or _gap(ask, facts), ask, desk)
        return absent([e for e in (*levels, *stated) if e.kind == "missing"] or _gap(ask, facts), ask, desk)
    if len(series) > SHOWN:
        return clarify([s[0] or s[2] or s[3] for s in series if s[0] or s[2] or s[3]], ask)  # type: ignore[misc]
    lines: list[Line] = []
    values: list[Evidence] = []
    warnings: list[str] = []
    for current, base, amount_of, rate in series:
        if current is not None and base is not None:
            done = yield Call("difference", {"a": _id(current), "b": _id(base)})
            grown = yield Call("growth", {"current": _id(current), "base": _id(base)})
            line, used, warned = _computed(current, base, rate, done, grown, ask, desk)
        else:
            line, used, warned = _stated(current, amount_of, rate, ask, desk)
        lines.append(line)
        values += used
        warnings += warned
    return Draft(tuple(lines), values=tuple(values), warnings=tuple(dict.fromkeys(warnings)))


def _two_things(ask: Ask) -> bool:
    """True for "公办园比民办园多多少": two things of one time, not one at two times."""
    return "比" in ask.words and not ask.against and not ask.sides and halves(ask) is not None


_RATES = ("%", "‰", "成", "倍", "番", "百分点")


def _counts(item: Evidence, measure: str) -> bool:
    """True if the figure is told in the measure asked for, or is a rate."""
    assert isinstance(item.item, Fact)
    own, wanted = dimension(item.item.unit), dimension(measure)
    return item.item.unit in _RATES or own == wanted or {own, wanted} <= COUNTERS


def _both_periods(ask: Ask) -> Ask:
    """Put the year that is compared with ("比2021年") beside the year that it is compared to."""
    if not ask.against:
        return ask
    base = ask.against[0]
    later = [p for p in ask.periods if p[:4] != base[:4]]
    if not later and base[:4].isdigit():
        later = [str(int(base[:4]) + 1)]
    return replace(ask, periods=(*later[:1], base))


_Series = tuple[Evidence | None, Evidence | None, Evidence | None, Evidence | None]


def _gap(ask: Ask, facts: list[Evidence]) -> list[Evidence]:
    from tools.evidence import missing

    known = [e.item for e in facts if isinstance(e.item, Fact)]
    years = "、".join(sorted({period_words(f.period) for f in known if f.period}))
    name = name_of(known[0]) if known else ask.words
    reason = "no_such_period" if known else "not_reported"
    return [
        missing(
            reason,
            f"资料中只有{years}的{name},没有提供可比较的另一期"
            if known
            else f"报告中没有提供“{name}”,查不到这项数据",
        )
    ]


def _id(item: Evidence) -> str:
    assert isinstance(item.item, Fact)
    return item.item.id


def _series(facts: list[Evidence], moves: list[Evidence], ask: Ask) -> list[_Series]:
    """Group levels, bases and stated changes by quantity, for the two periods that are asked."""
    keys: dict[tuple[object, ...], None] = {}
    for item in (*facts, *moves):
        assert isinstance(item.item, Fact)
        keys.setdefault(identity(item.item))
    wanted = sorted(ask.periods, reverse=True)
    found: list[_Series] = []
    for key in keys:
        own = [e for e in facts if isinstance(e.item, Fact) and identity(e.item) == key and e.item.period]
        own.sort(key=lambda e: (e.item.period or "", e.item.role != "base"), reverse=True)  # type: ignore[union-attr]
        by_year: dict[str, Evidence] = {}
        lengths = [length(e.item.period) for e in own]  # type: ignore[union-attr]
        usual = lengths[0] if len(set(lengths)) == 1 else "year"  # 2021—2023年累计 is no figure of 2021
        for item, span in zip(own, lengths, strict=True):
            if span != usual:
                continue
            by_year.setdefault((item.item.period or "")[:4], item)  # type: ignore[union-attr]
        years = sorted(by_year, reverse=True)
        later = wanted[0][:4] if wanted else (years[0] if years else None)
        earlier = wanted[1][:4] if len(wanted) > 1 else None
        if wanted and len(wanted) == 1 and later not in by_year:
            continue
        if earlier is None and later and later.isdigit():
            earlier = str(int(later) - 1)
            if (
                len(wanted) == 1
                and earlier not in by_year
                and str(int(later) + 1) in by_year
                and _asks_back(ask)
            ):
                later, earlier = str(int(later) + 1), later
        current, base = by_year.get(later or ""), by_year.get(earlier or "")
        linked = next((e for e in own if current is not None and e.item.of == _id(current)), None)  # type: ignore[union-attr]
        if linked is not None and (linked.item.period or "")[:4] == earlier:  # type: ignore[union-attr]
            base = linked
        mine = [
            e
            for e in moves
            if isinstance(e.item, Fact)
            and identity(e.item) == key
            and (not later or (e.item.period or "")[:4] == later)
        ]
        rate = next((e for e in mine if isinstance(e.item, Fact) and e.item.role == "rate"), None)
        delta = next((e for e in mine if isinstance(e.item, Fact) and e.item.role == "change"), None)
        told = (rate or delta) is not None and (later or "").isdigit() and earlier == str(int(later or 0) - 1)
        if len(wanted) > 1 and (current is None or base is None) and not told:
            continue
        if (current is not None and base is not None) or rate is not None or delta is not None:
            found.append((current, base, delta, rate))
    complete = [s for s in found if s[0] is not None and s[1] is not None]
    return complete if complete and len(wanted) > 1 else found


def _asks_back(ask: Ask) -> bool:
    return "比" in ask.folded


def _computed(
    current: Evidence, base: Evidence, rate: Evidence | None, done: list[Evidence], grown: list[Evidence],
    ask: Ask, desk: Desk,
) -> tuple[Line, list[Evidence], list[str]]:  # fmt: skip
    new, old = current.item, base.item
    assert isinstance(new, Fact) and isinstance(old, Fact)
    name = f"{new.region or ''}{when(new, ask, desk) or period_words(new.period)}{subject(new)}{name_of(new)}"
    text = f"{name}为{amount(new)},{period_words(old.period)}为{amount(old)}"
    cites: list[Evidence] = [current, base]
    values: list[Evidence] = []
    warnings: list[str] = []
    difference, growth = calculation_of(done), calculation_of(grown)
    if difference is not None:
        text += f",{change_words(difference)}"
        made = by_kind(done, "calculation")
        cites += made
        values += made
    if growth is not None and growth.value and new.unit not in ("%", "‰"):
        made = by_kind(grown, "calculation")
        text += f",{rate_words(growth)}"
        cites += made
        values += made
        if rate is not None and isinstance(rate.item, Fact):
            said = rate.item
            signed = -said.value if said.direction == "down" else said.value
            places = max(0, -said.value.as_tuple().exponent)  # type: ignore[operator]
            if said.period != new.period:
                pass  # the rate of a part of the year is no claim about the whole
            elif said.unit == "%" and rounded(growth.exact, places) == signed:
                text += f"(报告载明{amount(said)},复算一致)"
                cites.append(rate)
                values.append(rate)
            elif said.unit == "%":
                verb = {"up": "增长", "down": "下降"}.get(said.direction or "", "变化")
                text += f"。注意:报告载明{name}{verb}{amount(said)},与复算不一致"
                warnings.append("报告载明的增幅与按两期数据复算的结果不一致")
                cites.append(rate)
    return Line(text, tuple(cites)), [*values, current, base], warnings


def _stated(
    current: Evidence | None, delta: Evidence | None, rate: Evidence | None, ask: Ask, desk: Desk
) -> tuple[Line, list[Evidence], list[str]]:
    shown = [e for e in (current, delta, rate) if e is not None]
    fact = shown[-1].item
    assert isinstance(fact, Fact)
    text = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    if current is not None and isinstance(current.item, Fact):
        text += f"为{amount(current.item)},报告载明"
    for item in (delta, rate):
        if item is not None and isinstance(item.item, Fact):
            verb = (
                {"up": "增长", "down": "下降"} if item.item.role == "rate" else {"up": "增加", "down": "减少"}
            )
            text += f"{verb.get(item.item.direction or '', '变化')}{amount(item.item)}"
            text += "," if item is delta and rate is not None else ""
    return (
        Line(text, tuple(shown)),
        [e for e in (rate, delta, current) if e is not None],
        ["报告没有给出上期数,无法复算"],
    )
