"""A part of a whole: stated by the report, or computed from the two counts."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, search
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, statement
from corpus.model import Fact
from corpus.units import dimension
from tools.calculation import rounded
from tools.evidence import Evidence, amount, plain

_PARTED = re.compile(r"(?P<part>[^占]{2,})占(?P<whole>[^占]{2,}?)的?(?:比例|比重|百分|多少|几|份额|$)")


@procedure("share")
def share(ask: Ask, desk: Desk) -> Procedure:
    """Give the stated share, and what the counts make of it where both are reported."""
    stated = yield search(replace(ask, rate_asked=True), ["share", "level", "base"], unit="%")
    direct = chosen(by_kind(stated, "fact"), ask)
    phrases = _phrases(ask)
    computed: Draft | None = None
    if phrases:
        sides: list[Evidence] = []
        for phrase in phrases:
            side = replace(ask, words=phrase, metric_ids=(), measure=None, rate_asked=False)
            found = yield search(side, ["level"], unit="")
            facts = [e for e in chosen(by_kind(found, "fact"), side) if isinstance(e.item, Fact)]
            sides += facts[:1]
        if len(sides) == 2:
            part, whole = (e.item for e in sides)
            assert isinstance(part, Fact) and isinstance(whole, Fact)
            if dimension(part.unit) == dimension(whole.unit) and part.id != whole.id:
                computed = yield from _computed(sides, direct, ask, desk)
    if computed is not None:
        return computed
    if direct:
        return Draft(tuple(statement(item, ask, desk) for item in direct[:6]), values=tuple(direct[:6]))
    return absent(stated, ask, desk)


def _phrases(ask: Ask) -> tuple[str, str] | None:
    """Return what is asked to be a part of what: in the words, or with the question before as the whole."""
    if match := _PARTED.search(ask.words):
        return match["part"].strip(" 的"), match["whole"].strip(" 的")
    part = re.sub(r"占(?:比例?|的?比重)?\s*$|占\s", " ", ask.words).strip(" 的")
    if ask.of_parent and ask.parent and part:
        return part, ask.parent
    return None


def _computed(sides: list[Evidence], direct: list[Evidence], ask: Ask, desk: Desk) -> Procedure:
    part, whole = facts_of(sides)
    done = yield Call("share", {"parts": [part.id], "whole": whole.id})
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in sides]
    lines.append(
        Line(
            f"按人数计算,占比为{plain(calculation.value)}%"
            if dimension(part.unit) == "person"
            else f"据此计算,占比为{plain(calculation.value)}%",
            (*sides, *made),
        )
    )
    warnings: list[str] = []
    for item in direct[:2]:
        fact = item.item
        assert isinstance(fact, Fact)
        places = max(0, -fact.value.as_tuple().exponent)  # type: ignore[operator]
        if fact.kind == "actual" and rounded(calculation.exact, places) != fact.value:
            lines.append(Line(f"报告载明的是{amount(fact)},与按数据计算的结果不同", (item,)))
            warnings.append("报告载明的比例与按数据计算的结果不同")
    return Draft(tuple(lines), values=(*made, *sides), warnings=tuple(warnings))
