"""Values that cannot be: rates above the whole, counts below none, and slips of unit and magnitude."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from corpus.folding import fold
from corpus.model import Fact
from corpus.possible import possible
from corpus.units import dimension, factor
from tools.audit import moving
from tools.audit.intervals import interval_in, judge
from tools.audit.model import Finding
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import called
from tools.audit.view import View
from tools.evidence import Statement

_UNCOUNTED = frozenset({"money", "percent", "permille", "per_ten_thousand", "percent_point", "permille_point", "none",
                        "temperature", "score", "ratio", "times", "cheng", "doublings"})  # fmt: skip
_A_DAY = re.compile(r"每[天日]|一天|单日")
_AGAIN = re.compile(r"^[,(]?(?:即|合|折合|约合|也就是|相当于|折|=|:)*(?:人民币)?(?:约)?$")
_OF_WHICH = re.compile(r"[,(:]其中")
_STOP = re.compile(r"[;。)\n]")
_THE_SAME = re.compile(r"即|合|折|也就是|=")


@check("impossible")
def impossible(view: View) -> Iterator[Finding]:
    """Name results that no school system can have."""
    bounds = possible()
    for fact in view.facts:
        if fact.kind not in ("actual", "plan", "target"):
            continue
        name = fold(f"{fact.metric}")
        own = fold(f"{fact.metric} {fact.label}")
        if fact.unit == "%" and fact.role in ("level", "share", "base"):
            share = fact.role == "share" and "占" in view.folded[fact.clause[0] : fact.start]
            whole = (
                share or bounds.at_most_whole.search(name) or bounds.at_most_whole.search(fold(fact.label))
            )
            words = own + view.folded[max(fact.sentence[0], fact.start - 12) : fact.start]
            if fact.value > 100 and whole and not bounds.may_exceed.search(words):
                yield _finding(view, fact, tell(*called(fact), "为", fact, ",部分不会超过全部,这个数不可能"))
            elif fact.value < 0 and whole and not bounds.may_be_negative.search(words):
                yield _finding(view, fact, tell(*called(fact), "为", fact, ",比例不会小于零,这个数不可能"))
        elif fact.value < 0 and fact.role == "level" and dimension(fact.unit).split("/")[0] not in _UNCOUNTED:
            if not bounds.may_be_negative.search(own):
                yield _finding(view, fact, tell(*called(fact), "为", fact, ",数量不会小于零,这个数不可能"))
        elif dimension(fact.unit) == "hour" and fact.kind == "actual":
            before = view.folded[max(fact.clause[0], fact.start - 16) : fact.start]
            if _A_DAY.search(before) and fact.value * factor(fact.unit) > 24 * 60:
                yield _finding(
                    view, fact, tell(*called(fact), "写每天", fact, ",超过一天的时间,这个数不可能")
                )


@check("magnitude")
def magnitudes(view: View) -> Iterator[Finding]:
    """Find 万 for 亿 and 元 for 万元 where the text itself shows it."""
    bounds = possible()
    for at, fact in enumerate(view.facts):
        clause = view.folded[fact.clause[0] : fact.clause[1]]
        if dimension(fact.unit) == "money" and fact.role in ("level", "base"):
            large = abs(fact.value) * factor(fact.unit) > bounds.average_most and fact.unit != "元"
            named = bounds.average.search(fold(fact.label)) or bounds.average.search(fold(fact.metric))
            if large and named and not bounds.fund.search(clause + fold(fact.label)):
                near = view.by_sentence[fact.sentence]
                plain = next((f for f in near if f.metric == fact.metric and f.unit == "元"), None)
                if plain is not None and plain.value > 0:
                    why = tell(*called(fact), "一处写作", fact, ",一处写作", plain, ",单位必有一处写错")
                    yield _finding(view, fact, why, "unit", plain)
                else:  # 生均公用经费 is also the name of a fund, of which a county has thousands of 万元
                    why = tell(
                        *called(fact), "写作", fact, ",平均到每个人不会有这么多;若不是资金总额,请核对单位"
                    )
                    found = _finding(view, fact, why, "unit")
                    yield replace(found, verdict="not_recomputable", hint=True)
        if at and (again := _restated(view, view.facts[at - 1], fact)):
            yield again
        if (part := _of_parts(view, fact)) is not None:
            yield part


def _of_parts(view: View, whole: Fact) -> Finding | None:
    """One of two parts whose digits complete the whole, but with 万 for 亿 or the reverse."""
    if dimension(whole.unit) != "money" or whole.role != "level" or whole.kind != "actual":
        return None
    if not _OF_WHICH.match(view.folded[whole.end : whole.end + 6]):
        return None
    stop = _STOP.search(view.folded[whole.end + 1 : whole.end + 120])
    parts = view.within(whole.end, whole.end + 1 + (stop.start() if stop else 0))
    if len(parts) != 2 or any(f.role != "level" or dimension(f.unit) != "money" for f in parts):
        return None
    for part, rest in (parts, parts[::-1]):
        if len(part.value.as_tuple().digits) < 3 or not rest.value:
            continue
        made = moving.difference(whole, rest, whole.unit, whole.unit)
        printed = part.value * factor(part.unit)
        if judge(part, moving.difference(whole, rest, part.unit, part.unit)).verdict != "inconsistent":
            return None
        for scale in ("", "万", "亿"):
            if made.exact * factor(whole.unit) == part.value * factor(f"{scale}元") != printed:
                why = tell(
                    *called(part), ":", whole, "减去", rest, "应为", made, ",报告写", part,
                    ",数字相同而单位不同,两者不一致",
                )  # fmt: skip
                return replace(_finding(view, part, why, "unit", whole, rest), calculation=made)
    return None


def _restated(view: View, first: Fact, second: Fact) -> Finding | None:
    """One amount told twice in a row in two units ("3.2亿元(即32000万元)")."""
    between = view.folded[first.end : second.start]
    if len(between) > 8 or dimension(first.unit) != dimension(second.unit):
        return None
    if first.role != "level" or first.kind != second.kind or not _AGAIN.match(between):
        return None
    bracket = between.startswith("(") and view.folded[second.end : second.end + 1] == ")"
    if first.unit == second.unit and not _THE_SAME.search(between):
        return None
    if not (_THE_SAME.search(between) or bracket) or 0 in (first.value, second.value):
        return None
    one, two = interval_in(first, second.unit), interval_in(second, second.unit)
    if one.meets(two):
        return None
    scale = (first.value * factor(first.unit)) / (second.value * factor(second.unit))
    if not _power_of_ten(scale):
        return None
    why = tell("同一个数写了两遍:", first, "和", second, ",数字相同而单位不同,大小相差悬殊,必有写错的单位")
    return _finding(view, second, why, "unit", first)


def _power_of_ten(scale: Decimal) -> bool:
    """True if ``scale`` is a power of ten other than 1, to a hundredth."""
    for power in range(1, 9):
        for wanted in (Decimal(10) ** power, Decimal(10) ** -power):
            if abs(scale / wanted - 1) <= Decimal("0.01"):
                return True
    return False


def _finding(view: View, fact: Fact, why: Statement, kind: str = "rate", *others: Fact) -> Finding:
    start, end = clause_span(view, fact)
    if kind == "unit":
        return Finding(
            view.report.id, start, end, "unit", "magnitude", "inconsistent", why, (fact, *others), fact
        )
    return Finding(
        view.report.id, start, end, "contradiction", "impossible", "inconsistent", why, (fact, *others), fact
    )
