"""What procedures share: making the search call of an ask, and choosing among the facts found."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.procedures import Call
from assistant.question import Ask
from assistant.slots import bounds
from corpus.catalogue import indicators, settled, stages_in
from corpus.folding import fold
from corpus.model import Fact
from tools.evidence import Evidence

LEVELS = ["level", "share", "base"]


def search(
    ask: Ask, roles: list[str] | None = None, *, unit: str | None = None, value: str = "", wide: bool = False
) -> Call:
    """Return the find_facts call for what ``ask`` asks; ``unit=""`` drops the asked measure."""
    phrase = (
        ask.words
        if ask.generic
        else " ".join((ask.words, *(indicators()[i].name for i in ask.metric_ids if not _said(ask.words, i))))
    )
    return Call(
        "find_facts",
        {
            "query": phrase.strip(),
            "regions": list(ask.regions or ask.among),
            "periods": list(ask.periods),
            "stages": list(ask.stages),
            "unit": ask.measure or "" if unit is None else unit,
            "roles": roles or LEVELS,
            "value": value,
            "wide": wide,
            "around": ask.parent if ask.parent != ask.words else "",
            "metrics": list(ask.metric_ids) if ask.generic else [],
            "rates": ask.rate_asked if unit is None else unit == "%",
            "any_unit": unit == "",
            **({"holding": held} if (held := _bounds(ask)) and not value else {}),
        },
    )


def _bounds(ask: Ask) -> list[str]:
    """Return the numbers of bounds that say which things are meant: "2000人以上的学校"."""
    return [
        number[0]
        for q in ask.given
        if bounds(ask.folded, q) and (number := re.search(r"\d+(?:\.\d+)?", q.as_printed))
    ]


def _said(words: str, metric_id: str) -> bool:
    return any(word in words for word in indicators()[metric_id].words)


def identity(fact: Fact) -> tuple[str | None, str, str | None]:
    """Return what makes two facts the same quantity at different times: place, metric, stage."""
    return fact.region, settled(fact) or fold(fact.label), fact.stage


def distinct(evidence: list[Evidence]) -> list[Evidence]:
    """Drop facts that repeat another's quantity, period and value (said twice in a report)."""
    seen: dict[tuple[object, ...], Evidence] = {}
    for item in evidence:
        fact = item.item
        if isinstance(fact, Fact):
            key = (
                *identity(fact),
                fact.period,
                fact.value,
                fact.unit,
                fact.role if fact.role in ("rate", "change") else "",
            )
            seen.setdefault(key, item)
    return list(seen.values())


def preferred(evidence: list[Evidence], ask: Ask) -> list[Evidence]:
    """Prefer results to plans and targets unless the question asks for those."""
    wants_goal = bool(re.search(r"计划|目标|打算|准备|拟|要求|标准|规定|力争|预计|将", ask.folded))
    kinds = [
        e
        for e in evidence
        if isinstance(e.item, Fact) and (e.item.kind in ("actual", "reference")) != wants_goal
    ]
    if not kinds and (planned := _PLANNED.search(ask.folded)):
        # what is planned is not what is there, unless the figure itself is called so (招生计划2600名)
        return [
            e
            for e in evidence
            if isinstance(e.item, Fact) and planned[0] in fold(f"{e.item.label} {e.item.metric}")
        ]
    return kinds or evidence


_PLANNED = re.compile(r"(?<=[年区县市州旗省,。? ])(?:计划|打算|拟)(?=[^的,。?])|预计|力争")


def latest(evidence: list[Evidence]) -> list[Evidence]:
    """Of each quantity keep the latest period (a level before a base of the same period)."""
    best: dict[tuple[object, ...], Evidence] = {}
    for item in evidence:
        fact = item.item
        if not isinstance(fact, Fact):
            continue
        held = best.get(identity(fact))
        if held is None or _newer(fact, held.item):
            best[identity(fact)] = item
    return list(best.values())


def _newer(fact: Fact, held: object) -> bool:
    assert isinstance(held, Fact)
    return (fact.period or "", fact.role != "base") > (held.period or "", held.role != "base")


def chosen(evidence: list[Evidence], ask: Ask) -> list[Evidence]:
    """Return the facts to present for an ask, duplicates, goals and older periods taken out."""
    facts = preferred([e for e in evidence if isinstance(e.item, Fact)], ask)
    facts = distinct(facts)
    if ask.generic:
        order = [
            m
            for m in ask.metric_ids
            if any(isinstance(e.item, Fact) and e.item.metric_id == m for e in facts)
        ]
        facts = (
            [e for e in facts if isinstance(e.item, Fact) and e.item.metric_id == order[0]]
            if order
            else facts
        )
    facts = _wholes(facts, ask)
    return facts if ask.periods else latest(facts)


def _wholes(evidence: list[Evidence], ask: Ask) -> list[Evidence]:
    """Drop the figures of single stages where the figure of all stages stands beside them and no stage is asked."""
    if ask.stages or ask.each or ask.carried or stages_in(ask.words):
        return evidence
    facts = [(e, e.item) for e in evidence if isinstance(e.item, Fact)]
    wholes = {
        (f.report_id, f.metric_id, f.period) for _, f in facts if f.metric_id is not None and f.stage is None
    }
    return [e for e, f in facts if f.stage is None or (f.report_id, f.metric_id, f.period) not in wholes]


def without_measure(ask: Ask) -> Ask:
    return replace(ask, measure=None, rate_asked=False)
