"""What is left of a whole without a named part: "非普惠的民办园幼儿", "没有资格证的教师"."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.common import chosen, search
from assistant.procedures import Call, Desk, Draft, Line
from assistant.question import Ask
from assistant.writing import by_kind, calculation_of, facts_of, statement
from corpus.model import Fact
from corpus.units import dimension
from tools.evidence import Evidence, plain
from tools.words import presence, terms

_DENIED = re.compile(
    r"^(?P<lead>.*?)(?:(?P<non>非)(?P<kind>[^的]{2,6}?)(?P<de>的)|(?P<non2>非)(?P<kind2>普惠性?|在编|寄宿|户籍|独生)|"
    r"(?:还)?(?:没有|没|尚未|未能?|不具备|不在|不是|不属于|不算)(?P<deed>[^的]{2,14}?)的)(?P<head>.{2,})$|"
    r"^(?P<whole>[^,]{2,}?)(?:里面?|中|当中|之中)?,?(?:有)?(?:不是|不属于|不算|非)(?P<not>[^的,]{2,8}?)的?(?:有|是)?$"
)
_IDLE = re.compile(r"^(?:在|有)|(?:上学|就读|读书|念书|还有?|还|在)+$|(?<=[园校])(?:里|上学|就读)")


def complement(ask: Ask, desk: Desk) -> Generator[Call, list[Evidence], Draft | None]:
    """Take the part that has a property from the whole; None unless both are printed once and side by side."""
    match = _DENIED.match(ask.words.replace(" ", ""))
    if match is None:
        return None
    lead, head = _IDLE.sub("", match["lead"] or ""), _IDLE.sub("", match["head"] or match["whole"])
    kind = match["kind"] or match["kind2"] or match["deed"] or match["not"] or ""
    if not kind or not head:
        return None
    picked: list[Evidence] = []
    for phrase in (f"{head}{lead}", f"{kind}的{head}{lead}" if match["deed"] else f"{kind}{head}{lead}"):
        side = replace(ask, words=phrase, metric_ids=(), generic=False, op="value")
        found = yield search(side, ["level"])
        facts = chosen(by_kind(found, "fact"), side)
        if picked:
            facts = [e for e in facts if isinstance(e.item, Fact) and _has(e.item, kind) and e != picked[0]]
        if len(facts) != 1:
            return None
        picked.append(facts[0])
    whole, part = facts_of(picked)
    if not _fits(whole, part, kind):
        return None
    done = yield Call("remain", {"whole": whole.id, "parts": [part.id]})
    calculation = calculation_of(done)
    if calculation is None:
        return None
    made = by_kind(done, "calculation")
    lines = [statement(item, ask, desk) for item in picked]
    lines.append(Line(f"扣除后为{plain(calculation.value)}{calculation.unit}", (*picked, *made)))
    return Draft(
        tuple(lines), values=(*made, *picked), warnings=("由总数减去其中一部分推算,原文没有直接给出",)
    )


def _fits(whole: Fact, part: Fact, kind: str) -> bool:
    """True if ``part`` is told as one of ``whole``: same report, place, time and unit, near, and only it has the kind."""
    same = (whole.report_id, whole.region, whole.period, dimension(whole.unit)) == (
        part.report_id,
        part.region,
        part.period,
        dimension(part.unit),
    )
    if not same or whole.id == part.id or part.value > whole.value or whole.section != part.section:
        return False
    return _has(part, kind) and not _has(whole, kind)


def _has(fact: Fact, kind: str) -> bool:
    names = [term.text for term in terms(kind)] or [kind]
    own = f"{fact.label}{fact.metric}"
    return all(presence(name, own) >= 0.7 for name in names)
