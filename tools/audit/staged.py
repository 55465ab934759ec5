"""The stage that a figure is of, and the pupils, teachers and classes of that stage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from corpus.catalogue import stages_in
from corpus.counted import Words
from corpus.model import Fact
from tools.audit.figures import Figures, Found, like
from tools.audit.names import LOOSE, holds, narrowed, same_time
from tools.audit.phrases import clause_start, list_of
from tools.audit.wholes import same_kind

_BOUNDED = re.compile(r"以上|以下|不低于|不少于|不超过|超过|高于|低于|至少|突破|逾|不足|不到|未达")
_BRACKETS = re.compile(r"\([^()]*\)")
_REACH = 240
"""Characters before a figure in which the words for its stage are looked for, at most."""
_WIDE = ("compulsory", "schools")
_MOST = 12
"""Figures of one name that are looked at for one claim, at most."""


def stage_of(figures: Figures, fact: Fact) -> str | None:
    """Return the stage of ``fact``: its own word, that of its place in a list, the only one of its part sentence."""
    key = fact.id
    if key not in figures.stages:
        figures.stages[key] = _stage(figures, fact)
    return figures.stages[key]


def _stage(figures: Figures, fact: Fact) -> str | None:
    text, facts = figures.text, figures.view.facts
    at = bisect_left(figures.view.starts, fact.start)
    floor = max(fact.sentence[0], fact.start - _REACH)
    left = max(floor, facts[at - 1].end if at else 0, text.rfind("\n", 0, fact.start) + 1)
    own, every = _named(text[left : fact.start]), list_of(figures, fact)
    if own and (len(set(own)) == 1 or len(every) == 1):
        return own[-1]
    before = _named(text[floor : every[0].start])
    for listed in (own, before):
        if len(every) > 1 and len(listed) == len(every):
            return listed[every.index(fact)]
    if len(every) > 1:
        return fact.stage
    part = _named(text[max(floor, text.rfind(";", floor, fact.start) + 1) : fact.start]) or before
    part = [a for a in part if not any(a != b and holds(a, b) for b in part)] or part
    if len(part) == 1:
        return part[0]
    return fact.stage if not part else None


def _named(words: str) -> list[str]:
    """Return the stages that ``words`` name, each once, in order; 其中小学 is no 中小学."""
    plain = _BRACKETS.sub("", words).replace("其中", "其 ")
    return list(dict.fromkeys(named.id for named in stages_in(plain)))


def people(figures: Figures, claim: Fact, words: Words, unit: str = "") -> list[Found]:
    """Return the counts that ``words`` call for the stage of ``claim``, those of the nearest scope first.

    The nearest scope that has one value only is certain.
    """
    stage = stage_of(figures, claim)
    narrow = narrowed(figures.text[clause_start(figures.text, claim) : claim.start])
    line = figures.line(claim)
    told = [
        f for f in figures.matching(words, claim)
        if f.id != claim.id and _fits(figures, f, claim, unit) and narrowed(figures.names(f)[-1]) == narrow
    ]  # fmt: skip
    every = [f for f in told if stage_of(figures, f) == stage]
    sure = True
    if not every and stage:
        every = [f for f in told if not stage_of(figures, f) and f.sentence == claim.sentence]
        sure = False
    if not every and stage:
        every = [f for f in told if line[0] <= f.start < line[1] and not stage_of(figures, f)]
    if not every and not stage:
        every = [f for f in told if stage_of(figures, f) in _WIDE]  # the whole that the report is about
    scopes = (
        [f for f in every if f.sentence == claim.sentence and f.start < claim.start],
        [f for f in every if f.sentence != claim.sentence and line[0] <= f.start < claim.start],
        [f for f in every if claim.start < f.start < line[1]],
        [f for f in every if not line[0] <= f.start < line[1]],
    )
    return _by_scope(scopes, sure)


def _by_scope(scopes: Sequence[Sequence[Fact]], sure: bool) -> list[Found]:
    found: list[Found] = []
    decided, known = not sure, set()
    for facts in scopes:
        rest = [f for f in facts if f.id not in known]
        values = {f.value for f in rest}
        found += [Found(f, LOOSE, not decided and len(values) == 1) for f in rest]
        known |= {f.id for f in rest}
        decided = decided or bool(values)
    return found[:_MOST]


def _fits(figures: Figures, fact: Fact, claim: Fact, unit: str) -> bool:
    if not same_kind(fact, claim) or (unit and not like(fact, unit)):
        return False
    if fact.sentence != claim.sentence and not same_time(fact.period, claim.period):
        return False
    return not (fact.qualifier and _BOUNDED.search(fact.qualifier))
