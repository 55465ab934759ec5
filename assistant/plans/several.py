"""Several things in one question: each is answered, or said to be missing, one by one."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.sides import sides_of
from assistant.procedures import PROCEDURES, Call, Desk, Draft, Line, Procedure
from assistant.question import Ask
from corpus.catalogue import settled
from corpus.folding import fold
from corpus.model import Fact
from tools.evidence import Evidence
from tools.words import presence, terms

LARGEST = 24
"""More single questions than this are not asked one by one."""
_APART = re.compile(r"各自?(?![类级地县区市学校项])|分别|都(?=[是有占为达多增减])|依次")
_SIDE_BY_SIDE = re.compile(r"差|比(?!上|20|去|前)|哪|谁|更|相比|对比|高还是|多还是")


def run(ask: Ask, desk: Desk) -> Procedure:
    """Run the procedure of an ask, or those of the single asks that it is made of."""
    if ask.parts:
        if not _APART.search(ask.folded) and len(ask.parts) == 2:
            whole = yield from PROCEDURES[ask.op](replace(ask, parts=()), desk)
            if _says_all(whole, ask):
                return whole
        drafts = yield from _all(list(ask.parts), desk)
        if all(d.status != "answered" for d in drafts):
            whole = yield from PROCEDURES[ask.op](replace(ask, parts=()), desk)
            return whole if whole.status == "answered" else joined(drafts)
        return joined(drafts)
    singles = _singles(ask)
    if len(singles) < 2:
        return (yield from PROCEDURES[ask.op](ask, desk))
    drafts = yield from _all(singles, desk)
    return joined(drafts)


def _all(asks: list[Ask], desk: Desk) -> Generator[Call, list[Evidence], list[Draft]]:
    drafts = []
    for ask in asks:
        drafts.append((yield from run(ask, desk)))
    return drafts


def _singles(ask: Ask) -> list[Ask]:
    """Return one ask for each place, stage and year of those that are asked for one by one."""
    slots = (ask.regions, ask.stages, ask.periods if ask.op == "value" else ())
    number = 1
    for slot in slots:
        number *= max(1, len(slot))
    if number < 2 or number > LARGEST or ask.sides or ask.generic or ask.op not in _ONE_BY_ONE:
        return [ask]
    if ask.op != "value" and not _APART.search(ask.folded) and _SIDE_BY_SIDE.search(ask.folded):
        return [ask]
    if ask.op == "difference" and not _APART.search(ask.folded):
        return [ask]
    found = [ask]
    for _ in slots:
        found = [side for one in found for side in _split(one)]
    return found


_ONE_BY_ONE = ("value", "growth", "difference", "target")


def _split(ask: Ask) -> list[Ask]:
    if len(ask.regions) > 1 or len(ask.stages) > 1:
        return sides_of(ask)
    return sides_of(ask) if len(ask.periods) > 1 and ask.op == "value" else [ask]


def _says_all(draft: Draft, ask: Ask) -> bool:
    """True if one figure is called by all the words of a list: 中央和省补助资金 is one sum."""
    facts = [e.item for e in draft.values if isinstance(e.item, Fact)]
    if draft.status != "answered" or not facts:
        return False
    own = fold(f"{facts[0].label} {facts[0].metric}")
    if settled(facts[0]) is not None and any(part.metric_ids for part in ask.parts):
        return False
    return all(presence(t.text, own) >= 0.9 for part in ask.parts for t in terms(part.words))


def joined(drafts: list[Draft]) -> Draft:
    """Put drafts under one another; what is missing stays said beside what is found."""
    if len(drafts) == 1:
        return drafts[0]
    answered = [d for d in drafts if d.status == "answered"]
    first = (answered or drafts)[0]
    lines: list[Line] = []
    for draft in drafts:
        lines += [line for line in draft.lines if line not in lines]
    return Draft(
        lines=tuple(lines),
        status=first.status,
        reason=first.reason,
        values=tuple(dict.fromkeys(v for d in drafts for v in d.values)),
        warnings=tuple(dict.fromkeys(w for d in drafts for w in d.warnings)),
        context=first.context,
    )
