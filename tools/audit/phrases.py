"""The part of a share by the words before its number, and with it the ways to compute the share."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from corpus.audited import audited
from corpus.catalogue import stages_in
from corpus.facts.labels import bare_stage, trim
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.figures import Figures, like
from tools.audit.intervals import half_place
from tools.audit.names import beside, core
from tools.audit.share_readings import Reading, rest_reading, share_reading
from tools.audit.wholes import Option, held, wholes_of

_TAIL = re.compile(
    r"(?:[ \x00“”\"]|的|比例|比重|百分比|份额|比率|约|近|仅|只|达到|达|到|至|了|为|是|有|超过|已|也|均|都|就|高|大约|将近|不足|不到|分别|各|依次)+$"
)
_JOINED = re.compile(r"[、,和与及]|以及")
_OCCUPIES = re.compile(r"(?<![侵霸抢强])占(?!地|用|线|道|领|优|股)")
_HEAD = re.compile(r"(?:所|共|合计|合|总计|约|仅|只|就|已|共计|一共)+$")
_COMMA = re.compile(r"[ ]*(?:、|,|和|与|及|以及)[ ]*(?:约|近)?[ ]*")
_EACH = re.compile(r"(?:分别|依次|各)+$")
_STEPS = 3
"""Figures between a share and the count that it is of, at most."""
_TALLY = re.compile(r"[两二三四五六](?:个|类|项|种|段|部分)")
_BY = re.compile(r"(?:按|从|分)[^,;:。\d]{1,10}(?:分|看|划分|统计|来看)(?=[,:、])|其中按")
_LONGEST = 12
"""Shares in one list, at most."""
_SEVERAL = re.compile(r"(?P<n>[两二三四五])(?:者|项|类|部分|种|个)")
_SUMMED = re.compile(r"共占|合占|合计占|总共占|一共占|合计占比|共计占|之和")
_MONEY = re.compile(r"(?:资金|经费|投入|支出|金额|收入|款)$")
_PEOPLE = re.compile(r"(?:学生|幼儿|教师|人数|儿童|在校生|人次)$")
_GATHERED = re.compile(r"累计|合计|共计|总计")
_REST = re.compile(r"^(?:其余|其它|其他|剩余|另外|余下)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands before a share: ``part`` and ``whole`` as written ("" where nothing is), with their spans."""

    start: int
    part: str
    whole: str
    whole_span: tuple[int, int]
    end: int


def phrase_of(figures: Figures, claim: Fact) -> Phrase | None:
    """Return the words of a share before its number; None where they do not say 占.

    Of shares in a list ("分别占60%、30%、10%") the words are those before the first.
    """
    text, listed = figures.text, list_of(figures, claim)
    left = clause_start(text, listed[0])
    before = text[left : listed[0].start]
    found = list(_OCCUPIES.finditer(before))
    if not found:
        return None
    at = found[-1]
    rest = before[at.end() :]
    bare = _TAIL.sub("", "" if rest.startswith("比") else rest)
    end = left + at.end() + len(bare)
    return Phrase(left, before[: at.start()], bare.strip(), (left + at.end(), end), left + at.start())


def list_of(figures: Figures, claim: Fact) -> list[Fact]:
    """Return the percentages that only 、 or 和 joins to ``claim``, in order, with it."""
    facts, found = figures.view.facts, [claim]
    at = bisect_left(figures.view.starts, claim.start)
    for before in reversed(facts[max(0, at - _LONGEST) : at]):
        if before.unit != claim.unit or not _COMMA.fullmatch(figures.text[before.end : found[0].start]):
            break
        found.insert(0, before)
    for after in facts[at + 1 : at + _LONGEST]:
        if after.unit != claim.unit or not _COMMA.fullmatch(figures.text[found[-1].end : after.start]):
            break
        found.append(after)
    return found


def clause_start(text: str, claim: Fact) -> int:
    """Return where the clause of ``claim`` begins: after a stop outside brackets that close before it."""
    depth, at = 0, claim.start
    while at > claim.sentence[0]:
        mark = text[at - 1]
        if mark == ")":
            depth += 1
        elif mark == "(":
            if not depth:
                break
            depth -= 1
        elif not depth and (mark in ";:。\n" or (mark == "," and not text[at : at + 3].isdigit())):
            break
        at -= 1
    return at


def share_readings(figures: Figures, claim: Fact, phrase: Phrase) -> list[Reading]:
    """Return the ways to compute a share from the counts that its words and its sentence name."""
    if _REST.match(_clause_before(figures, phrase)) or _REST.match(phrase.part.strip(" \x00,")):
        rest = rest_reading(claim, _shares_before(figures, claim))
        return [rest] if rest is not None else []
    readings: list[Reading] = []
    for parts, tied in _parts(figures, claim, phrase):
        if not phrase.whole and (division := _division(figures, claim, parts)) is not None:
            readings += [r for r in (share_reading(claim, parts, division, False),) if r is not None]
        for whole, certain in wholes_of(figures, claim, phrase.whole, phrase.whole_span, parts):
            reading = share_reading(claim, parts, whole, tied and certain)
            if reading is not None:
                readings.append(reading)
    return readings


def _parts(figures: Figures, claim: Fact, phrase: Phrase) -> list[Option]:
    """Return what may be the part: figures that belong together, and whether the words leave no other."""
    inside = [f for f in figures.within(phrase.start, phrase.end) if f.role == "level"]
    words = _HEAD.sub("", _EACH.sub("", phrase.part.strip(" \x00")))
    listed = list_of(figures, claim)
    if len(listed) > 1 and all(f.value == len(listed) for f in inside):  # 三个年龄段分别占…
        return _in_list(figures, claim, listed)
    several = _SEVERAL.search(words)
    run = _run_before(figures, claim, phrase.end)
    if several and not inside:
        count = audited().several[several["n"]]
        return [(tuple(run[-count:]), True)] if len(run) >= count else []
    if inside:
        return [((inside[-1],), True)]
    if words and not trim(words):
        run = [f for f in _run_before(figures, claim, phrase.start) if f.period == claim.period]
        run = [f for f in run if not _GATHERED.search(fold(f.label))]
        return [((run[0],), len({f.value for f in run}) == 1)] if run else []  # 2023年占…
    if words and not _REST.match(words) and core(words) not in audited().before:
        words = trim(words) or words
        return _named(figures, claim, words) or _staged(figures, claim, words)
    if words := trim(_clause_before(figures, phrase)):
        return _named(figures, claim, words)
    last = _owner(figures, claim)
    owned = last is not None
    if last is None:
        last = run[-1] if run else None
    if last is None or (figures.text.find(";", last.end, claim.start) >= 0 and not owned):
        return []
    together = _listed_with(figures, last)
    if len(together) > 1:
        first = bool(_SUMMED.search(figures.text[last.end : claim.start]))
        both = [((last,), not first), (together, first)]
        return both[::-1] if first else both
    return [((last,), True)]


def _owner(figures: Figures, claim: Fact) -> Fact | None:
    """Return the count that ``claim`` is of, also through its growth ("A 3亿元,增长5%,高于B增幅2个百分点;占…")."""
    fact: Fact | None = claim
    for _ in range(_STEPS):
        fact = figures.view.by_id.get(fact.of or "") if fact is not None else None
        if fact is None or figures.holds(fact):
            return fact
    return None


def _in_list(figures: Figures, claim: Fact, listed: Sequence[Fact]) -> list[Option]:
    """Return the count at the place of ``claim`` in the list of counts before its list of shares."""
    own = [figures.view.by_id.get(share.of or "") for share in listed]
    counts = [f for f in own if f is not None and figures.holds(f)]
    at = listed.index(claim)
    if len({f.id for f in counts}) == len(listed):
        return [((counts[at],), True)]
    run = _run_before(figures, listed[0])[-len(listed) :]
    if len(run) < len(listed) or held(figures, run[0], run[1]):
        return []
    return [((run[at],), True)]


def _division(figures: Figures, claim: Fact, parts: Sequence[Fact]) -> tuple[Fact, ...] | None:
    """Return the counts that together are the whole: a list whose shares make 100 %, or that 按…分 opens."""
    listed = list_of(figures, claim)
    if len(listed) > 1:
        run = tuple(_run_before(figures, listed[0])[-len(listed) :])
        step = Decimal(len(listed)) * max(half_place(share) for share in listed)
        made = abs(sum((share.value for share in listed), Decimal(0)) - 100) <= step
        return run if made and len(run) == len(listed) and parts[0] in run else None
    head = _BY.search(figures.text, claim.sentence[0], parts[0].start)
    if head is None:
        return None
    run = tuple(f for f in _run_before(figures, claim) if f.start > head.end())
    return run if len(run) > 1 and parts[0] in run and not _GATHERED.search(run[0].label) else None


def _clause_before(figures: Figures, phrase: Phrase) -> str:
    """Return the clause before that of a share if it holds no figure and nothing names the part after it."""
    text, end = figures.text, phrase.start - 1
    if trim(_HEAD.sub("", phrase.part.strip(" \x00"))) or text[end : end + 1] != ",":
        return ""
    start = max(text.rfind(mark, 0, end) for mark in ",;:。\n") + 1
    words = text[start:end].strip()
    return "" if re.search(r"[\d%()]", words) else words


def _shares_before(figures: Figures, claim: Fact) -> list[Fact]:
    """Return the shares told before ``claim`` in its sentence."""
    inside = figures.view.within(claim.sentence[0], claim.start)
    return [f for f in inside if f.role == "share" and f.unit == claim.unit and not f.qualifier]


def _run_before(figures: Figures, claim: Fact, stop: int | None = None) -> list[Fact]:
    """Return the counts before ``claim`` in its sentence that have the dimension of the last of them."""
    counts = [f for f in figures.within(claim.sentence[0], stop or claim.start) if f.role == "level"]
    if len(counts) > 1 and _TALLY.fullmatch(counts[-1].as_printed):
        counts.pop()  # 三个年龄段分别占…
    return [f for f in counts if like(f, counts[-1].unit)] if counts else []


def _listed_with(figures: Figures, last: Fact) -> tuple[Fact, ...]:
    """Return the counts that are listed with ``last`` and end in it ("公办A人、民办B人,占…")."""
    found = [last]
    for fact in reversed(figures.before(last, last.unit)):
        between = figures.text[fact.end : found[0].start]
        if (
            len(between) > 30
            or not re.match(r"[ ]*[、,和与及]", between)
            or re.search(r"[;:%]|占|其中", between)
        ):
            break
        if not beside(fact, found[0]):
            break
        found.insert(0, fact)
    return tuple(found)


def _named(figures: Figures, claim: Fact, words: str) -> list[Option]:
    """Return the counts that ``words`` name: one, or each of those that they join."""
    whole = figures.called(words, claim, None, lambda f: measures(words, f))
    options: list[Option] = [((item.fact,), item.certain and item.level > 1) for item in whole]
    pieces = [p for p in _JOINED.split(words) if core(p)]
    if len(pieces) > 1:
        tail = _shared_tail(pieces)
        found: list[Fact] = []
        certain = True
        for piece in pieces:
            names = dict.fromkeys((piece, piece + tail))
            match = next(
                (
                    m
                    for n in names
                    for m in figures.called(n, claim, None, lambda f: measures(words, f))
                    if m.fact not in found
                ),
                None,
            )
            if match is None:
                return options
            certain = certain and match.certain
            found.append(match.fact)
        if all(like(f, found[0].unit) for f in found):
            options.append((tuple(found), certain))
    return options


def measures(words: str, fact: Fact) -> bool:
    """True if ``fact`` is in a unit that ``words`` can be counted in: money for 经费, people for 学生."""
    if _MONEY.search(words):
        return dimension(fact.unit) == "money"
    if _PEOPLE.search(words):
        return dimension(fact.unit) in ("person", "person_time")
    return True


def _staged(figures: Figures, claim: Fact, words: str) -> list[Option]:
    """Return the amount that a list by stages has for the stage ``words`` begin with ("义务教育资助资金")."""
    stages = stages_in(fold(words))
    kind = "money" if _MONEY.search(words) else "person" if _PEOPLE.search(words) else None
    if not stages or stages[0].start > 0 or kind is None:
        return []
    line = figures.line(claim)
    fits = [
        f for f in figures.within(line[0], claim.start)
        if dimension(f.unit) == kind and f.role == "level" and (named := bare_stage(f.label)) and named[0] == stages[0].id
    ]  # fmt: skip
    return [((f,), len(fits) == 1) for f in fits]


def _shared_tail(pieces: list[str]) -> str:
    """Return what the last of joined names shares with the first ("公办园和普惠性民办园在园幼儿" → 在园幼儿)."""
    first, last = pieces[0].strip(), pieces[-1].strip()
    at = last.find(first[-1:]) if first else -1
    return last[at + 1 :] if 0 < at < len(last) - 1 else ""
