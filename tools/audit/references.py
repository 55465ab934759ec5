"""Comparisons with a value that is no earlier one: a standard, an average, another place, a multiple of a base."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from corpus.model import Fact, Role
from corpus.units import dimension
from tools.audit.clauses import in_closed_bracket, wording_of
from tools.audit.comparisons import Ground, Tie, lead, year
from tools.audit.multiples import multiple_named
from tools.audit.seeking import run_of, seek
from tools.audit.view import View

_THAN = re.compile(
    r"^[)的]*[^,;。:、\d]{0,10}?(?:(?P<up>高出|高|多出|多|超出|超过)|(?P<down>低出|低|少))了?(?:约|近)?$"
)
_BY = re.compile(r"^[)的]*[^,;。:\d增减升降提]{0,14}(?:约|近)?$")
_BEYOND = re.compile(r"(?:(?P<up>高于|超过|超出|高出|多于|优于)|(?P<down>低于|少于))[^,;。\d]{0,24}\(?$")
_COMPARED = re.compile(r"(?:比|较|与|同|跟)[^,;。\d]{1,24}$")
_PAST = re.compile(r"上一?年|去年|前年|同期|上一?学年|上期|(?:19|20)\d\d")
_TIMES = re.compile(r"(?:是|为|相当于|达到?了?|达)(?P<what>[^,;。]{1,30}?)的?(?:约|近)?$")
_DOUBLED = re.compile(r"翻了?(?:近|约)?$")


@dataclass(frozen=True, slots=True)
class Reference:
    """``claim`` says how far ``level`` lies from ``value``; ``others`` are levels that may be meant instead."""

    claim: Fact
    level: Fact
    value: Fact
    others: tuple[Fact, ...] = ()


def reference_of(view: View, fact: Fact) -> Reference | None:
    """Return the comparison that ``fact`` is the amount of ("比全省平均的900元高50元"), None if it is none."""
    near = view.by_sentence[fact.sentence]
    at = bisect_left(near, fact.start, key=lambda f: f.start)
    if at < 2 or near[at - 1].role == "base" or near[at - 1].end < fact.clause[0] - 40:
        return None
    value = near[at - 1]
    between = view.folded[value.end : fact.start]
    before = view.folded[max(fact.sentence[0], value.start - 30) : value.start]
    before = re.split(r"[,;。:]", before)[-1].rstrip("( 约为是")
    if match := _THAN.match(between):
        if not _COMPARED.search(before) or _PAST.search(before):
            return None
    else:
        match = _BEYOND.search(before)
        if match is None or not _BY.match(between) or _PAST.search(before):
            return None
    points = fact.unit == "百分点" and value.unit == "%"
    if not points and fact.unit != "%" and dimension(fact.unit) != dimension(value.unit):
        return None
    if fact.unit == "%" and value.unit == "%":
        return None  # "高于85%的占20%": a share of its own
    held = [f for f in near[max(0, at - 10) : at - 1] if f.role in ("level", "share") and f.kind == "actual"]
    held = [f for f in held if dimension(f.unit) == dimension(value.unit) and f.end < value.start]
    held = [f for f in held if not in_closed_bracket(view.folded, f, value.start)] or held
    own = [f for f in held if not re.search(r"[;。]", view.folded[f.end : value.start])]
    held = own or held
    if not held:
        return None
    role: Role = "rate" if fact.unit == "%" else "change"
    claim = replace(fact, role=role, direction="up" if match["up"] else "down")
    bound = replace(value, qualifier=None)  # 高于 says how they compare, not that the bound itself is vague
    return Reference(claim, held[-1], bound, tuple(held[:-1]))


def distance_of(ground: Ground, fact: Fact) -> tuple[Fact, Tie | None] | None:
    """Return a figure that says how far one lies from another, and the two where the words name them.

    Only what the reader took for no change of its own: "比全市高2.8个百分点(全市83.9%)", "教师高出公务员700元".
    """
    reference = fact.role == "change" and fact.kind == "reference"
    if fact.kind == "policy" or (not reference and fact.role not in ("level", "base")):
        return None  # "小学不低于720元,初中不低于940元" compares nothing
    run = run_of(ground.view, fact)
    wording = wording_of(ground.view, run[0])
    if wording.mark is None or wording.up is None:
        return None
    points = _points_of_list(ground.view, fact)
    claim = replace(fact, role="change", kind="actual", direction="up" if wording.up else "down", unit=points)
    return claim, seek(ground, claim)


def _points_of_list(view: View, fact: Fact) -> str:
    """Return the unit of ``fact``; 百分点 for the first of "5.7个和3.3个百分点"."""
    if fact.unit == "个" and re.match(
        r"(?:、[\d.]+个)*[和、及][\d.]+个百分点", view.folded[fact.end : fact.end + 40]
    ):
        return "百分点"
    return fact.unit


def multiple_of(ground: Ground, fact: Fact) -> tuple[Fact | None, Fact | None] | None:
    """Return (level, base) of "是上年的1.2倍" or "翻一番", None where ``fact`` is no multiple of an earlier value."""
    view = ground.view
    near = view.by_sentence[fact.sentence]
    at = bisect_left(near, fact.start, key=lambda f: f.start)
    words = lead(view, fact, 40)
    if fact.unit == "番":
        if not _DOUBLED.search(words):
            return None
        level = next((f for f in reversed(near[:at]) if f.role == "level" and f.unit != "番"), None)
        if level is None:  # 翻了一番,由1200个增加到2400个
            level = next(
                (f for f in near[at + 1 : at + 3] if f.role == "level" and ground.bases.get(f.id)), None
            )
        if level is None:
            return None, None
        held = [f for f in ground.bases.get(level.id, ()) if dimension(f.unit) == dimension(level.unit)]
        return level, (held[-1] if held else _earlier(near[:at], level))
    match = _TIMES.search(words) if fact.unit == "倍" else None
    if fact.unit == "倍" and (pair := multiple_named(ground, fact)) is not None:
        return pair
    if match is None or not _PAST.search(match["what"]) or re.search(r"平均|标准|要求", match["what"]):
        return None
    begin = fact.start - (len(words) - match.start())
    base = next((f for f in near[:at] if f.start >= begin and f.unit != "倍"), None)
    levels = [f for f in near[:at] if f.role == "level" and f.start < (base.start if base else begin)]
    level = levels[-1] if levels else None
    if base is None and level is not None:
        after = [f for f in near[at + 1 : at + 3] if dimension(f.unit) == dimension(level.unit)]
        base = next((f for f in after if f.role == "base"), None) or _earlier(near[:at], level)
    return level, base


def _earlier(before: list[Fact], level: Fact | None) -> Fact | None:
    """Return the value of the same measure and an earlier year in the same sentence."""
    if level is None:
        return None
    now = year(level)
    for fact in reversed(before):
        if fact.id != level.id and dimension(fact.unit) == dimension(level.unit):
            then = year(fact)
            same = fact.role == "base" or fact.label == level.label
            return fact if same and now and then and then < now else None
    return None
