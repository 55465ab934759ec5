"""The whole of a share: the count that its words name, or the one that the build of its sentence gives."""

from __future__ import annotations

import re
from functools import cache

from corpus.audited import audited
from corpus.catalogue import stages_in
from corpus.facts.labels import bare_stage
from corpus.folding import fold
from corpus.model import Fact
from tools.audit.figures import Figures, around, like
from tools.audit.names import NEAR, beside, core, graded, holds, opposed

_FEW = 6
"""Counts before a part that may make up its whole together with it, at most."""
_NEXT = 120
"""Characters behind the sentence of a part in which its share still says what it is about."""
Option = tuple[tuple[Fact, ...], bool]
"""Figures that may be meant, and whether the words leave no other."""


@cache
def _within() -> re.Pattern[str]:
    return re.compile(audited().within)


def wholes_of(
    figures: Figures, claim: Fact, words: str, span: tuple[int, int], parts: tuple[Fact, ...]
) -> list[Option]:  # fmt: skip
    """Return what may be the whole of ``parts``, and whether the words leave no other.

    ``words`` are what stands between 占 and the number, ``span`` is where.
    """
    part = parts[-1]
    inside = [f for f in figures.within(*span) if like(f, part.unit)]
    if inside:
        return [((inside[-1],), True)]
    general = (
        core(words) in audited().whole or words in audited().whole or words.strip("的") in audited().whole
    )
    if not words or general:
        if part.sentence != claim.sentence:
            told = [f for f in figures.before(claim, part.unit) if f not in parts and same_kind(f, part)]
            if told:
                return [((f,), len(told) == 1) for f in told]
        return told_wholes(figures, part, parts, stop=claim.start, area=bool(words) and _area(words))
    fits = [
        item for item in figures.called(words, claim, part.unit, lambda f: f not in parts)
        if same_kind(item.fact, part) and _stages_fit(item.fact, part)
    ]  # fmt: skip
    options: list[Option] = [((item.fact,), item.certain) for item in fits]
    options += _summed(figures, words, part, certain=not any(c for _, c in options))
    if not any(certain for _, certain in options) and re.search(
        r"总[数量额]$|总人[数次]$|总投[入资]$", words
    ):
        options += [
            (w, c and not options) for w, c in told_wholes(figures, part, parts, stop=part.start, area=False)
        ]
    return options


def _area(words: str) -> bool:
    return bool(re.match(r"全[县区市省州旗镇]", words))


def _stages_fit(whole: Fact, part: Fact) -> bool:
    return not whole.stage or not part.stage or holds(whole.stage, part.stage)


def same_kind(a: Fact, b: Fact) -> bool:
    """True if both are results, or neither is: a plan is no whole of a result."""
    return (a.kind == "actual") == (b.kind == "actual")


def _summed(figures: Figures, words: str, part: Fact, *, certain: bool) -> list[Option]:
    """Return the counts of the part's own name over the stages that ``words`` hold ("占高中阶段招生总数")."""
    own = core(part.label)
    if len(own) < 2 or own not in core(words):
        return []
    named = stages_in(fold(words))
    stage = named[-1].id if named else None
    line = figures.line(part)
    alike = [
        f for f in figures.within(*line) if core(f.label) == own and like(f, part.unit) and f.role == "level"
    ]
    alike = [f for f in alike if stage is not None and holds(stage, f.stage)]
    if len(alike) < 2 or len({f.stage for f in alike}) < len(alike):
        return []
    return [(tuple(alike), certain)]


def told_wholes(
    figures: Figures, part: Fact, parts: tuple[Fact, ...], *, stop: int, area: bool
) -> list[Option]:
    """Return the counts before ``part`` that it may be a part of, by the build of its sentence.

    A count that 其中 joins to the part holds it for certain, and so does the one count before it that is of
    another kind. Counts beside it hold it only all together.
    """
    before = [f for f in figures.before(part, part.unit) if f not in parts and same_kind(f, part)]
    holders = [f for f in before if held(figures, f, part)]
    others = [f for f in before if f not in holders]
    plain = [f for f in others if not any(beside(f, p) for p in parts)]
    above = _above(figures, part) if not holders else None
    if above is not None:
        plain = []  # what 其中 at the head of the sentence lists stands side by side
    siblings = [f for f in others if f not in plain]
    found: list[Option] = [((f,), True) for f in reversed(holders)]
    opening = [] if holders else [*_opening(figures, part, parts), *(above or ())]
    found += opening
    made_up = _made_up(figures, before, part)
    larger = [f for f in plain if f.value >= part.value]
    sure = not holders and bool(plain) and len(larger) == len(plain) and not siblings and len(plain) <= 3
    sure = sure or (not holders and len(larger) == 1 and len(plain) == 1)
    sure = sure and not any(_shared(figures, f) for f in plain) and not (opening or made_up)
    found += [((f,), sure or f is made_up) for f in sorted(plain, key=lambda f: -f.value)]
    parallel = siblings or (plain and all(_parallel(f, part) for f in plain))
    if parallel and not holders and len(before) < _FEW:
        found.append(((*before, *parts), False))  # 中央资金5000万元,县级资金3000万元,县级占…
    earlier = [f for f in figures.paragraph_before(part, part.unit) if same_kind(f, part)][-12:]
    here = part.start <= stop <= part.sentence[1] + _NEXT
    scope = figures.text[part.sentence[0] : stop if here else part.start]
    least = max(p.value for p in parts)
    topic = [
        f for f in reversed(earlier)
        if _topic(f, part, scope, area=area) and f.value >= least and not graded(f.label, part.label)
    ]  # fmt: skip
    found += [((f,), f is topic[0] and (_heads(f, scope) or not (holders or plain))) for f in topic]
    if not before and not topic and not opening:
        found += _topics_elsewhere(figures, part, scope)
    return found


def _shared(figures: Figures, fact: Fact) -> bool:
    """True if ``fact`` is itself told as a share of something: what follows in its list is a share of that too."""
    after = figures.view.after(fact, 12)[:1]
    return any(f.role == "share" and f.of == fact.id for f in after)


def _made_up(figures: Figures, before: list[Fact], part: Fact) -> Fact | None:
    """Return the first count of a sentence if the others, of which ``part`` is one, add up to it."""
    if not before:
        return None
    first, left = before[0], before[0].value
    for fact in figures.within(first.end, part.sentence[1])[: 2 * _FEW]:
        if like(fact, part.unit) and fact.role == "level":
            left -= fact.value
            if left <= 0:
                return first if left == 0 and fact.start >= part.start else None
    return None


def _above(figures: Figures, part: Fact) -> list[Option] | None:
    """Return the last count of the sentence before one that 其中 opens; None where no 其中 does."""
    if not re.match(r"[ ]*其中", figures.text[part.sentence[0] : part.sentence[0] + 6]):
        return None
    told = [f for f in figures.paragraph_before(part, part.unit) if same_kind(f, part)]
    last = [f for f in told if f.sentence == told[-1].sentence and f.value >= part.value] if told else []
    return [((f,), len(last) == 1) for f in reversed(last)]


def _opening(figures: Figures, part: Fact, parts: tuple[Fact, ...]) -> list[Option]:
    """Return the count that the sentence opens its list with by name ("专任教师中,女教师…;党员…")."""
    head = re.match(r"[^,;:。\d]{2,24}(?:中|里|当中|之中)(?=,)", figures.text[part.sentence[0] : part.start])
    if head is None:
        return []
    words = re.sub(r"(?:当|之)?[中里]$", "", head.group())
    fits = [
        item for item in figures.called(words, part, part.unit, lambda f: f not in parts)
        if item.level >= NEAR and same_kind(item.fact, part) and item.fact.value >= part.value
    ]  # fmt: skip
    alone = len({item.fact.value for item in fits}) == 1
    return [((item.fact,), alone) for item in fits[:3]]


def held(figures: Figures, whole: Fact, part: Fact) -> bool:
    """True if words between the two counts say that the second is a part of the first."""
    between = figures.text[whole.end : part.start]
    return bool(_within().search(between)) and not re.search(r"[。\n]", between)


def _topic(whole: Fact, part: Fact, scope: str, *, area: bool) -> bool:
    """True if the sentence of the part names ``whole``, told before it, as what it is about."""
    name, own = core(whole.label), core(part.label)
    if whole.metric == part.metric and bare_stage(part.label) and whole.stage != part.stage:
        return holds(whole.stage, part.stage)  # a list by stages goes on with the metric of its whole
    if (
        len(name) < 2
        or opposed(name, own)
        or (whole.stage != part.stage and not holds(whole.stage, part.stage))
    ):
        return False
    if name == own:
        return area or (whole.stage != part.stage and holds(whole.stage, part.stage))
    return name in core(scope)


def _parallel(a: Fact, b: Fact) -> bool:
    """True if two names end alike and neither holds the other ("中央资金", "县级资金")."""
    first, second = core(a.label), core(b.label)
    return first[-2:] == second[-2:] and first not in second and second not in first


def _heads(whole: Fact, scope: str) -> bool:
    """True if the sentence of a part begins with the name of ``whole`` ("专任教师中,…")."""
    return core(scope).startswith(core(whole.label)) and len(core(whole.label)) > 2


def _topics_elsewhere(figures: Figures, part: Fact, scope: str) -> list[Option]:
    """Return the count, told in another paragraph, that the clause before the part names as its topic."""
    clauses = [c for c in re.split(r"[,;:。.]", scope) if c.strip()]
    found: list[Option] = []
    for clause in clauses[:-1]:
        head = core(re.split(r"中|里|全部|均|都|已", clause)[0])
        if len(head) < 3:
            continue
        fits = [
            f for f in around(figures.by_core.get(head, ()), part)
            if like(f, part.unit) and f.role == "level" and same_kind(f, part) and f.stage == part.stage
        ]  # fmt: skip
        found += [((f,), len({g.value for g in fits}) == 1) for f in fits]
    return found
