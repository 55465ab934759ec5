"""A part of a whole: stated by the report, or computed from the two counts."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, search
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, clause_text, facts_of, statement
from corpus.catalogue import stages_in
from corpus.facts.labels import is_elliptical, trim
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import convert, dimension
from tools.calculation import rounded
from tools.evidence import Evidence, amount, plain
from tools.words import coverage, focus, terms

_PARTED = re.compile(r"(?P<part>[^占]{2,})占(?P<whole>[^占]{2,}?)的?(?:比例|比重|百分|多少|几|份额|$)")


_IN = r"(?:里面?|(?<![高初])中(?![学小职专])|当中|之中)"
"""普通高中专任教师 are no 专任教师 in a 普通高."""
_INSIDE = re.compile(rf"(?P<part>[^占]{{2,}}?)在(?P<whole>[^占]{{2,}}?){_IN}的?[ ,]*占")
_WITHIN = re.compile(rf"(?P<whole>[^占]{{2,}}?){_IN}[ ,]*(?P<part>[^占]{{2,}}?)占")


@procedure("share")
def share(ask: Ask, desk: Desk) -> Procedure:
    """Give the stated share, and what the counts make of it where both are reported."""
    if ask.sides and not ask.words.strip():
        return (yield from _of_two(ask, desk))
    if ask.sides:
        return (yield from _of_several(ask, desk))
    stated = yield search(replace(ask, rate_asked=True), ["share", "level", "base"], unit="%")
    told = [
        e
        for e in by_kind(stated, "fact")
        if isinstance(e.item, Fact) and (e.item.role != "base" or ask.periods)
    ]
    direct = chosen(told, ask)
    phrases = _with_noun(_phrases(ask))
    computed: Draft | None = None
    if phrases:
        sides: list[Evidence] = []
        people = re.search(r"人|生|娃|孩子|幼儿(?!园)|儿童|子女|教师|老师", "".join(phrases))
        for phrase in phrases:
            side = replace(
                ask,
                words=phrase,
                metric_ids=(),
                measure=None,
                rate_asked=False,
                of_parent=False,
                stages=_stages(phrase, phrases, ask),
                parent="" if sides else ask.parent,  # what was asked before is the part, not the whole
            )
            found = yield search(side, ["level"], unit="人" if people else "")
            facts = [e for e in chosen(by_kind(found, "fact"), side) if isinstance(e.item, Fact)]
            sides += _called(facts, phrase)[:1]
        if len(sides) == 2:
            part, whole = (e.item for e in sides)
            assert isinstance(part, Fact) and isinstance(whole, Fact)
            if _can_be_part(part, whole):
                computed = yield from _computed(sides, direct, ask, desk)
    if computed is not None:
        return computed
    if not phrases and direct and not _exact(direct, ask):
        side = replace(
            ask,
            words=re.sub(r"占.*$", "", ask.words).strip(" 的"),
            metric_ids=(),
            measure=None,
            rate_asked=False,
        )
        people = re.search(r"人|生|娃|孩子|幼儿(?!园)|儿童|子女|教师|老师", ask.folded)
        found = yield search(side, ["level"], unit="人" if people else "")
        parts = [e for e in chosen(by_kind(found, "fact"), side) if isinstance(e.item, Fact)]
        if not any(term.weight >= 0.9 for term in terms(side.words)):
            parts = []  # "的学校占": nothing says which ones
        if parts and isinstance(parts[0].item, Fact):
            done = yield Call("share", {"parts": [parts[0].item.id]})
            calculation = calculation_of(done)
            if calculation is not None:
                used, made = by_kind(done, "fact"), by_kind(done, "calculation")
                lines = [statement(item, ask, desk) for item in used]
                lines.append(Line(f"据此计算,占比为{plain(calculation.value)}%", (*used, *made)))
                return Draft(tuple(lines), values=(*made, *used))
    part_asked = phrases[0] if phrases else re.split(r"占|的?(?:比例|比重)", ask.words)[0].strip(" 的")
    if part_asked and not ask.metric_ids:
        direct = [e for e in direct if isinstance(e.item, Fact) and _says(e.item, part_asked, desk)]
        if not phrases:  # "在园幼儿占百分之几" is not answered by the share of those in public ones
            direct = [e for e in direct if isinstance(e.item, Fact) and _only(e.item, part_asked)]
    if direct:
        return Draft(tuple(statement(item, ask, desk) for item in direct[:6]), values=tuple(direct[:6]))
    return absent(stated, ask, desk)


def _of_several(ask: Ask, desk: Desk) -> Procedure:
    """Give the share that several things asked about before have together in a whole."""
    whole = re.sub(r"^占|的?(?:比例|比重|百分|份额).*$|的$", "", ask.words.strip()).strip(" 的")
    parts: list[Evidence] = []
    for side in ask.sides:
        found = yield search(side, ["level"])
        facts = chosen(by_kind(found, "fact"), side)
        if len(facts) != 1:
            return absent(found, side, desk)
        parts += facts
    side = replace(ask, words=whole, metric_ids=(), sides=(), measure=None, rate_asked=False, stages=())
    found = yield search(side, ["level"], unit="人" if all(f.unit == "人" for f in facts_of(parts)) else "")
    wholes = [
        e
        for e in chosen(by_kind(found, "fact"), side)
        if isinstance(e.item, Fact) and all(_within(part, e.item) for part in facts_of(parts))
    ]
    if len(wholes) != 1:
        return absent(found, side, desk)
    done = yield Call("share", {"parts": [f.id for f in facts_of(parts)], "whole": facts_of(wholes)[0].id})
    calculation = calculation_of(done)
    if calculation is None:
        return absent(done, ask, desk)
    made, used = by_kind(done, "calculation"), [*parts, *wholes]
    lines = [statement(item, ask, desk) for item in used]
    lines.append(Line(f"据此计算,占比为{plain(calculation.value)}%", (*used, *made)))
    return Draft(tuple(lines), values=(*made, *used))


def _of_two(ask: Ask, desk: Desk) -> Procedure:
    """Give the share of the one thing asked about before in the other: "前者占后者多大比例"."""
    sides: list[Evidence] = []
    for side in ask.sides:
        found = yield search(side, ["level"])
        facts = chosen(by_kind(found, "fact"), side)
        if len(facts) != 1:
            return absent(found, side, desk)
        sides += facts
    part, whole = facts_of(sides)
    if not _within(part, whole):
        text = "前一项不是后一项的一部分(地区、时期、单位不同,或比它大),不能算占比。"
        return refuse("not_comparable", text)
    return (yield from _computed(sides, [], ask, desk))


def _within(part: Fact, whole: Fact) -> bool:
    """True if ``part`` may be a part of ``whole``: one place, time and unit, another figure, not more."""
    return (
        (part.region, part.period, dimension(part.unit))
        == (whole.region, whole.period, dimension(whole.unit))
        and part.id != whole.id
        and part.value <= whole.value
    )


def _stages(phrase: str, phrases: tuple[str, str], ask: Ask) -> tuple[str, ...]:
    """Return the stages of one side: those that its own words name; a part that names none is of the whole's.

    The question's count only if neither side names one.
    """
    own, of_whole = (tuple(dict.fromkeys(n.id for n in stages_in(p))) for p in (phrase, phrases[1]))
    if own or not any(stages_in(p) for p in phrases):
        return own or ask.stages
    return of_whole


def _says(fact: Fact, part: str, desk: Desk) -> bool:
    """True if a stated share is that of ``part``: another rate of the same children is no answer."""
    text = desk.text(fact.report_id)
    behind = re.split(r"\d", fold(text[fact.clause[1] : fact.sentence[1]]), maxsplit=1)[
        0
    ]  # 按总额的2%拨付,用于…
    own = fold(f"{fact.label} {fact.metric} {fact.context} {clause_text(fact, text)} {behind}")
    said = coverage(terms(part), ((own, 1.0),))
    return said.share >= 0.7 and said.least >= 0.5


def _only(fact: Fact, part: str) -> bool:
    """True if a stated share is not that of a part of ``part``, or of something done with it."""
    own = fold(fact.label if not is_elliptical(trim(fold(fact.label))) else fact.metric)
    return focus(part, own) >= 0.75


def _exact(direct: list[Evidence], ask: Ask) -> bool:
    """True if the stated share is of just what is asked, not of that and something else."""
    fact = direct[0].item
    return isinstance(fact, Fact) and focus(ask.words, fold(fact.label)) >= 0.75


def _phrases(ask: Ask) -> tuple[str, str] | None:
    """Return what is asked to be a part of what: in the words, or with the question before as the whole."""
    if match := _INSIDE.search(ask.words) or _WITHIN.search(ask.words):
        return match["part"].strip(" 的"), match["whole"].strip(" 的")
    if match := _PARTED.search(ask.words):
        return match["part"].strip(" 的"), match["whole"].strip(" 的")
    part = re.sub(r"占(?:比例?|的?比重)?\s*$|占\s", " ", ask.words).strip(" 的")
    if not part and ask.parent and ask.grandparent:
        return ask.parent.strip(" 的"), ask.grandparent.strip(" 的")
    if ask.parent and part and (ask.of_parent or re.search(r"占\s*$", ask.words)):
        return part, ask.parent
    return None


def _called(facts: list[Evidence], phrase: str) -> list[Evidence]:
    """Keep the figures whose own words say most of the phrase: 核查人数 is the 122名 checked, no group of them."""
    said = [coverage(terms(phrase), ((fold(f.label), 1.0),)).share for f in facts_of(facts)]
    return [e for e, share in zip(facts, said, strict=True) if share >= max(said) - 0.1]


def _can_be_part(part: Fact, whole: Fact) -> bool:
    """True if one fact can be a part of the other: told in one dimension, and not the larger of the two."""
    if dimension(part.unit) != dimension(whole.unit) or part.id == whole.id:
        return False
    return convert(part.value, part.unit, whole.unit) <= whole.value


def _with_noun(phrases: tuple[str, str] | None) -> tuple[str, str] | None:
    """Give a whole that is only a stage the noun of its part: 普通高中在校生占高中段 is of 高中段在校生."""
    if phrases is None:
        return None
    part, whole = phrases
    own, named = stages_in(part), stages_in(whole)
    if len(own) != 1 or len(named) != 1 or own[0].start:
        return phrases
    rest = whole[: named[0].start] + whole[named[0].end :]
    noun = part[own[0].end :].lstrip("的段")
    return (part, f"{whole}{noun}") if rest in ("", "段", "阶段", "教育", "阶段教育") and noun else phrases


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
