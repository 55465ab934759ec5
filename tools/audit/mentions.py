"""Where a report states a quantity: what it is, and every word that narrows what it counts.

Two mentions are of one quantity when their keys are equal, and may be judged against each other only when
nothing around them tells them apart. The words for that stand in ``corpus/sameness.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.catalogue import indicators, indicators_in, settled
from corpus.folding import fold
from corpus.model import Fact, Report
from corpus.sameness import sameness, stage_words
from corpus.units import UnitError, canonical, convert, dimension
from tools.audit.intervals import UNBOUNDED, Interval, interval_of

Standing = Literal["county", "metric", "stock", "flow", "other"]
"""county: an indicator of the county as a whole; metric: another indicator of the catalogue; stock: what a
county has one number of at a time; flow: what happened in a year; other: anything else."""

Rough = tuple[object, ...]

_STOP = ",;:。(、\n|"
_WINDOW = 500
_BRACKET = re.compile(r"\([^()\n]{0,80}\)")
_NARROWING = re.compile(r"含|不|除|口径|仅|只|按|指|为|限|至|以")
_LEVEL = re.compile(r"(?:全|我|本)(省|市|州|县|区|旗|国)(?![属直级])")
_YEAR = re.compile(r"[12]\d{3}年")
_SCHOOL = re.compile(r"([\u4e00-\u9fff]{0,12}?)(?:中小学|小学|中学|初中|高中|幼儿园|学校)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure as a statement of one quantity.

    ``key`` is equal for mentions of one quantity: region, role, name, stage, dimension and period. ``scope`` are
    the words around it that narrow what is counted, ``days`` those that date the counting. ``whole`` says that
    its sentence speaks of the whole place.
    """

    fact: Fact
    key: tuple[object, ...]
    standing: Standing
    scope: frozenset[str]
    days: frozenset[str]
    whole: bool


def mentions(
    report: Report, folded: str, facts: Sequence[Fact], sought: Mapping[Rough, int] | None = None
) -> list[Mention]:
    """Return the mentions among ``facts``, which are in order; ``folded`` is the folded text of ``report``.

    Only those are looked at that may be of one quantity with another of ``facts``, or with what is ``sought``
    (counted rough keys), as looking around a figure takes time.
    """
    starts = [fact.start for fact in facts]
    by_id = {fact.id: fact for fact in facts}
    found = []
    seen = Counter(rough_key(fact) for fact in facts if keeps(fact, report)) if sought is None else sought
    least = 2 if sought is None else 1
    for fact in facts:
        if keeps(fact, report) and seen[rough_key(fact)] >= least:
            before = bisect_left(starts, fact.start) - 1
            floor = facts[before].end if before >= 0 else 0
            if one := _mention(report, folded, fact, floor, by_id.get(fact.of or "")):
                found.append(one)
    return found


def keeps(fact: Fact, report: Report) -> bool:
    """Tell whether ``fact`` can be one of two statements of a quantity: a dated result of the report's place."""
    return (
        fact.kind == "actual" and fact.role != "limit" and fact.period is not None and fact.region == report.region
    )  # fmt: skip


def rough_key(fact: Fact) -> Rough:
    """Return what two mentions of one quantity share whatever their reports call it; cheap to compute."""
    year = fact.period[:4] if fact.period and "/" not in fact.period else fact.period
    return settled(fact) or _core(fact), _role(fact), year


def _core(fact: Fact) -> str:
    return stage_words().sub("", sameness().plain(fold(fact.metric)))


def _role(fact: Fact) -> str:
    return fact.role if fact.role in ("change", "rate") else "value"


def _mention(report: Report, folded: str, fact: Fact, floor: int, of: Fact | None) -> Mention | None:
    words = sameness()
    table = "|" in folded[max(0, fact.start - 3) : fact.end + 3]
    begin = max(floor, fact.sentence[0])
    near = _BRACKET.sub(lambda m: " " * len(m[0]), folded[begin : fact.start])
    cut = max(near.rfind(stop) for stop in _STOP)
    clause = near[cut + 1 :]
    if settled(fact) is not None or fact.role in ("change", "rate", "base"):
        clause = words.words("changing").sub("", clause.strip())
    raw = words.plain(fold(fact.label) if table else clause)
    named = _name(fact, raw, of)
    if named is None:
        return None
    name, standing = named
    after = _after(folded, fact)
    window, whole = _window(folded, fact)
    scope = _scope(report, folded, fact, near[cut + 1 :], clause, after, standing)
    unit = fact.unit or (words.bare_unit(name[0]) if table else None) or ""
    period = fact.period
    if standing == "county" and period and "/" not in period:
        period = period[:4]
    based = fact.base_period or _year_before(period) if fact.role in ("change", "rate") else None
    stage = None if standing == "county" and fact.stage == "compulsory" else fact.stage
    key = (fact.region, _role(fact), name, stage, _dimension(unit), period, based)
    return Mention(fact, key, standing, scope, _days(window, standing), whole)


def _year_before(period: str | None) -> str | None:
    return str(int(period) - 1) if period and len(period) == 4 and period.isdigit() else None


def _dimension(unit: str) -> str:
    try:
        kind = dimension(unit)
    except UnitError:
        return unit
    return "count" if kind in ("所", "个", "间", "处") else kind


def _name(fact: Fact, raw: str, of: Fact | None) -> tuple[tuple[str, str], Standing] | None:
    """Return ((name, what else the words say), what kind of quantity it is); None where that is not sure.

    ``raw`` are the plain words of the clause before the number.
    """
    words, own = sameness(), stage_words().sub("", raw)
    metric_id = settled(fact)
    if metric_id is not None:
        known = [words.plain(word) for word in indicators()[metric_id].words]
        said = max((word for word in known if word in raw), key=len, default="")
        if said:
            left = stage_words().sub("", raw.replace(said, "", 1))
        else:
            left = "" if any(own in word for word in known) else own
            if fact.role == "share" and (of is None or _dimension(of.unit) not in ("person", "money")):
                return None  # the share of what, among which things, is not said here
        if metric_id in words.loose or said in words.doubtful:
            left = f"{left}|{said or words.plain(fold(fact.label))}"
        return (metric_id, left), "county" if metric_id in words.county else "metric"
    metric, core = words.plain(fold(fact.metric)), _core(fact)
    left = "" if raw in metric or own in core else own.replace(core, "", 1) if core else own
    if fact.role == "share":
        told = len(metric.partition("占")[2]) > 2
        return ((metric, left), "metric") if told else None
    if re.fullmatch(words.stocks, core):
        return (core or "学校", left), "stock"
    return (core or metric, left), "flow" if re.fullmatch(words.flows, core) else "other"


def _after(folded: str, fact: Fact) -> str:
    """Return what the words behind the number add to what it counts: a noun, or a bracket that narrows it."""
    words = sameness()
    rest = folded[fact.end : min(len(folded), fact.sentence[1], fact.end + 60)]
    if bracket := _BRACKET.match(rest):
        inside = bracket[0]
        return inside if _NARROWING.search(inside) and not words.words("definition").search(inside) else ""
    tail = re.split(r"[,;:。()、\n|\d]", rest, maxsplit=1)[0].strip(" \x00")
    if not tail or words.words("after").match(tail) or words.plain(tail) in words.plain(fold(fact.label)):
        return ""
    return tail


def _window(folded: str, fact: Fact) -> tuple[str, bool]:
    """Return the words before the figure that may narrow it, and whether they speak of the whole place."""
    start = max(fact.sentence[0], fact.start - _WINDOW)
    own = folded[start : fact.start]
    if sameness().words("whole").search(own):
        return own, True
    line = max(folded.rfind("\n", 0, fact.start) + 1, fact.start - _WINDOW)
    return folded[line : fact.start], False


def _scope(
    report: Report, folded: str, fact: Fact, own: str, clause: str, after: str, standing: Standing
) -> frozenset[str]:
    """Return the words that narrow what is counted; those of its ``own`` clause are in its name."""
    words = sameness()
    window = folded[max(fact.sentence[0], fact.start - _WINDOW) : fact.start]
    found = {m[0] for m in _LEVEL.finditer(window) if report.region and m[1] != report.region[-1]}
    if standing != "county":
        window = re.sub(r"其中[^;]*;", " ", _window(folded, fact)[0])
        section = report.section_at(fact.start)
        window = "|".join([*map(fold, section.path), window]) if section else window
    wide = window[: len(window) - len(own)]
    if metric_id := settled(fact):
        for name in indicators()[metric_id].words:  # what it is called narrows nothing
            wide = wide.replace(name, " ")
    found |= {m[0] for m in words.words("named").finditer(_window(folded, fact)[0])}
    groups = ("method", "place") if standing == "county" else ("method", "place", "people")
    found |= {m[0] for group in groups for m in words.words(group).finditer(wide)}
    if standing != "county":
        ordinary = words.words("ordinary")
        found |= {m[0] for m in _SCHOOL.finditer(wide) if not ordinary.fullmatch(words.plain(m[1]))}
    found |= {m[0] for group in ("method", "doing") for m in words.words(group).finditer(f"{clause} {after}")}
    for bracket in _BRACKET.findall(folded[max(fact.sentence[0], fact.start - 80) : fact.start]):
        if _NARROWING.search(bracket) and not words.words("definition").search(bracket):
            found.add(bracket)
    if standing == "flow":
        found.add("全年" if words.words("total").search(f"{own}{fact.label}") else _UNTOLD)
    return frozenset(found | ({after} if after else set()))


_UNTOLD = "？"
"""Marks an amount of which nothing says that it is the whole of the year."""


def _days(window: str, standing: Standing) -> frozenset[str]:
    words = sameness()
    if standing in ("county", "metric"):
        return frozenset()
    found = {m[0] for m in words.words("dated").finditer(window)}
    if words.words("now").search(window):
        found.add("目前")
    elif _YEAR.search(window):
        found.add("年度")
    return frozenset(found)


def same_days(first: Mention, second: Mention) -> bool:
    """Tell whether nothing says that the two were counted on different days; a bare mention fits either way."""
    if first.days == second.days:
        return True
    return not (first.days and second.days) and not (first.days | second.days) - {"目前", "年度"}


def comparable(first: Mention, second: Mention) -> bool:
    """Tell whether two mentions with one key may be judged against each other: nothing tells them apart."""
    if first.standing == "other" or first.scope != second.scope or not same_days(first, second):
        return False
    if first.standing == "flow" and _UNTOLD in first.scope:
        return False
    return first.standing != "stock" or first.whole or second.whole


_REACH = 600


def named_so(folded: str, fact: Fact) -> bool:
    """Tell whether nothing nearer than its indicator is named before ``fact`` that looks like it.

    What a list of figures is about is told once, before it; where the last such name is another indicator of the
    same family, the figure may be of that one.
    """
    entry = indicators().get(settled(fact) or "")
    if entry is None or entry.family is None:
        return True
    near = indicators_in(folded[max(0, fact.start - _REACH) : fact.start])
    alike = [name for name in near if indicators()[name.id].family == entry.family]
    return not alike or max(alike, key=lambda name: name.start).id == fact.metric_id


def held(fact: Fact, unit: str) -> Interval:
    """Return the values that ``fact`` allows, in ``unit``; a fall is negative."""
    own = interval_of(fact)
    if fact.unit != unit and fact.unit and unit and canonical(unit):
        ends = (e if abs(e) == UNBOUNDED else convert(e, fact.unit, unit) for e in (own.low, own.high))
        own = Interval(*ends)
    if fact.direction == "down" and fact.role in ("change", "rate"):
        own = Interval(-own.high, -own.low)
    return own


def agree(first: Fact, second: Fact) -> bool:
    """Tell whether two printed values may be one: their intervals meet, each as it is printed."""
    unit = first.unit or second.unit
    return held(first, unit).meets(held(second, unit))


def cut_off(first: Fact, second: Fact) -> bool:
    """Tell whether the one is the other with its last places left off instead of rounded, or roughly told."""
    unit = first.unit or second.unit
    one, two = held(first, unit), held(second, unit)
    gap = max(one.low - two.high, two.low - one.high, Decimal(0))
    coarse = max(one.high - one.low, two.high - two.low)
    if first.qualifier or second.qualifier:
        return gap <= max(abs(one.low), abs(two.low)) / 20 or coarse >= UNBOUNDED / 2
    fine = min(one.high - one.low, two.high - two.low)
    return fine * 5 < coarse and gap <= coarse / 2
