"""Whole lists in order: one metric over stages, places, years or the things asked about before."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.common import chosen, distinct, latest, preferred, search
from assistant.plans.sides import sides_of
from assistant.plans.values import SHOWN, clarify
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind, facts_of, name_of, statement, subject, when
from corpus.catalogue import settled
from corpus.model import Fact
from corpus.units import dimension
from tools.evidence import Evidence, amount

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
    """Order the facts of one metric by size, over stages, places, years or what was asked before."""
    if ask.sides or len(ask.regions) > 1:
        return (yield from _of_sides(ask, desk))
    facts, found = yield from _gathered(ask)
    if not facts:
        return absent(found, ask, desk)
    if ask.each == "stage" or re.search(r"学段|哪一?段|阶段", ask.folded):
        facts = [e for e in facts if isinstance(e.item, Fact) and e.item.stage]
        if len(facts) < 2:
            return refuse("not_reported", "报告中没有提供分学段的这项数据,不能排序。")
    facts = _of_kind(_counted(facts, ask), ask)
    facts = _of_asked_stage(facts, ask)
    regions = {f.region for f in facts_of(facts)}
    if (
        len(regions) > 1
        and not ask.regions
        and not ask.stages
        and len({f.stage for f in facts_of(facts)}) > 1
    ):
        return clarify(facts, ask)
    if len(regions) > 1 and ask.each != "stage":
        facts, left = of_one_year(_without_wholes(facts, ask, desk), ask)
        drawn = yield from ranked(facts, ask, desk)
        return _with_left(drawn, left) if drawn.status == "answered" else drawn
    return (yield from ranked(facts, ask, desk))


def _of_kind(facts: list[Evidence], ask: Ask) -> list[Evidence]:
    """Keep the places of the kind asked for: "哪个市" means no district, "哪个区县" no city."""
    match = re.search(
        r"(?:哪一?[个些]|哪几个|各个?)(?P<kind>区县|县区|市县|县市区|县市|[市县区])(?![域内])", ask.folded
    )
    if match is None:
        return facts
    ends = tuple(match["kind"])
    kept = [e for e in facts if isinstance(e.item, Fact) and (e.item.region or "").endswith(ends)]
    return kept if len(kept) > 1 else facts


def _of_asked_stage(facts: list[Evidence], ask: Ask) -> list[Evidence]:
    """Of a place that tells just the stage asked for, leave out those that its word also means (职业高中 for 高中)."""
    told = {f.region for f in facts_of(facts) if f.stage in ask.stages}
    return [
        e
        for e in facts
        if isinstance(e.item, Fact) and (e.item.stage in ask.stages or e.item.region not in told)
    ]


def _without_wholes(facts: list[Evidence], ask: Ask, desk: Desk) -> list[Evidence]:
    """Drop a place that holds the others: the nation is not one of the places that "哪个地区" means."""
    if "全国" in ask.folded or "平均" in ask.folded:
        return facts
    kept = [e for e in facts if isinstance(e.item, Fact) and e.item.region != "全国"]
    return kept if len(kept) > 1 else facts


def of_one_year(facts: list[Evidence], ask: Ask, year: str = "") -> tuple[list[Evidence], list[Evidence]]:
    """Part the figures of ``year`` (else of the year that most places have) from those of other years."""
    years = Counter((f.period or "")[:4] for f in facts_of(facts))
    if ask.periods or not years:
        return facts, []
    year = year or years.most_common(1)[0][0]
    mine = [e for e in facts if isinstance(e.item, Fact) and (e.item.period or "")[:4] == year]
    return (mine, [e for e in facts if e not in mine]) if len(mine) > 1 else (facts, [])


def left_out(left: list[Evidence]) -> tuple[str, ...]:
    """Name the places whose figure is of another year and was not put beside the others."""
    names = "、".join(dict.fromkeys(f.region or "" for f in facts_of(left)))
    return (f"{names}的数据年份不同,没有放在一起比较",) if left else ()


def _with_left(drawn: Draft, left: list[Evidence]) -> Draft:
    return replace(drawn, warnings=(*drawn.warnings, *left_out(left)))


def _gathered(ask: Ask) -> Generator[Call, list[Evidence], tuple[list[Evidence], list[Evidence]]]:
    """Return the facts of one metric that a ranking is over, and all that was found."""
    roles = ["rate"] if ask.by_rate else ["level", "share", *(["base"] if ask.periods else [])]
    open_ask = replace(ask, measure=None)
    found = yield search(
        open_ask, roles, unit="%" if ask.by_rate else (ask.measure or ""), wide=bool(ask.each)
    )
    facts = preferred(distinct(by_kind(found, "fact")), ask)
    if not ask.periods:
        facts = latest(facts)
    if ask.each:
        facts = alike(facts, ask)
    return facts, found


def alike(facts: list[Evidence], ask: Ask) -> list[Evidence]:
    """Keep the facts of one metric and unit: that which most of those over stages or places have."""
    kinds = Counter(
        (settled(f) or f.metric, dimension(f.unit)) for f in facts_of(facts) if ask.each != "stage" or f.stage
    )
    if not kinds:
        return []
    kept = kinds.most_common(1)[0][0]
    return [
        e
        for e in facts
        if isinstance(e.item, Fact) and (settled(e.item) or e.item.metric, dimension(e.item.unit)) == kept
    ]


def _of_sides(ask: Ask, desk: Desk) -> Procedure:
    """Order one figure of each place named, or of each thing asked about before."""
    picked: list[Evidence] = []
    for side in ask.sides or sides_of(ask):
        own = replace(side, by_rate=ask.by_rate)
        if ask.by_rate:
            found = yield search(replace(own, measure=None), ["rate"], unit="%")
        else:
            found = yield search(own, ["level", "share", "base"] if own.periods else ["level", "share"])
        facts = [e for e in chosen(by_kind(found, "fact"), own) if isinstance(e.item, Fact)]
        if ask.each == "stage" and not ask.sides:
            facts = [e for e in facts if isinstance(e.item, Fact) and e.item.stage]
            picked += facts
            continue
        if not facts:
            return absent(found, own, desk)
        if len({(f.stage, settled(f) or f.metric) for f in facts_of(facts)}) > 1:
            return clarify(facts, ask)
        picked.append(facts[0])
    picked = distinct(picked)
    kinds = {settled(f) for f in facts_of(picked)}
    if len(kinds) > 1:
        names = "、".join(dict.fromkeys(name_of(f) for f in facts_of(picked)))
        lines = tuple(statement(item, ask, desk) for item in picked)
        why = refuse("not_comparable", f"不能直接比较:指标不同({names},口径不同)。")
        return replace(why, lines=(*lines, *why.lines), values=tuple(picked))
    return (yield from ranked(picked, ask, desk))


_FALLS = re.compile(r"下降|减少|降低|降了|减了|下滑|负增长|缩减|回落|跌")


@procedure("moved")
def moved(ask: Ask, desk: Desk) -> Procedure:
    """Name the stages or places whose figure fell (or rose), each with what the report says of it."""
    falls = bool(_FALLS.search(ask.folded))
    facts, found = yield from _gathered(replace(ask, by_rate=True))
    if not facts:
        return absent(found, ask, desk)
    meant = [
        e
        for e in facts
        if isinstance(e.item, Fact)
        and e.item.direction == ("down" if falls else "up")
        and (ask.each != "stage" or e.item.stage)
    ]
    if not meant:
        word = "下降" if falls else "增长"
        lines = [Line(f"报告给出的各项中没有{word}的", tuple(facts))]
        lines += [Line(entry_of(item, ask, desk), (item,)) for item in facts[:SHOWN]]
        return Draft(tuple(lines), values=tuple(facts[:SHOWN]))
    if len(meant) > SHOWN * 2:
        return clarify(meant, ask)
    return Draft(tuple(Line(entry_of(item, ask, desk), (item,)) for item in meant), values=tuple(meant))


_TOP = re.compile(r"最(?:高|多|大|快)|第一")
_BOTTOM = re.compile(r"最(?:低|少|小|慢)|末位|倒数第一")


def ranked(facts: list[Evidence], ask: Ask, desk: Desk) -> Procedure:
    if len(facts) < 2:
        return refuse("not_comparable", "只查到一个可以比较的数,不能排序。")
    if len({dimension(f.unit) for f in facts_of(facts)}) > 1:
        return clarify(facts[: SHOWN * 2], ask)
    done = yield Call("rank", {"items": [f.id for f in facts_of(facts)], "descending": ask.descending})
    ordered = by_kind(done, "fact")
    if not ordered:
        return absent(done, ask, desk)
    if re.search(r"(?:最|第一)(?:高|低|多|少|大|小|快|慢)", ask.folded) and not re.search(
        r"排|依次", ask.folded
    ):
        ends = [("最高" if ask.descending else "最低", ordered[0])]
        if _TOP.search(ask.folded) and _BOTTOM.search(ask.folded):
            ends = [("最高", ordered[0] if ask.descending else ordered[-1])]
            ends.append(("最低", ordered[-1] if ask.descending else ordered[0]))
        leads = [Line(f"{word}的是{entry_of(item, ask, desk)}", (item,)) for word, item in ends]
        told = [item for _, item in ends]
        rest = [Line(entry_of(item, ask, desk), (item,)) for item in ordered if item not in told]
        return Draft((*leads, *rest), values=(*told, *(e for e in ordered if e not in told)))
    lines = [Line(f"{i}. {entry_of(item, ask, desk)}", (item,)) for i, item in enumerate(ordered, 1)]
    return Draft(tuple(lines), values=tuple(ordered))


def entry_of(item: Evidence, ask: Ask, desk: Desk) -> str:
    fact = item.item
    assert isinstance(fact, Fact)
    verb = {"rate": {"up": "增长", "down": "下降"}}.get(fact.role, {}).get(fact.direction or "", "")
    head = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    return f"{head}{verb or '为'}{amount(fact)}"
