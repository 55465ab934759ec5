"""What the figures of a finding give when they are held against each other again: consistent, rounding, inconsistent.

In this order: the formula against the stated figure; the comparisons that the sentence brings along; a figure against
the bound that the report's words hold it to; the stated figure against another of the same quantity; words that allow
no exception against counts and rates. What none of these decides has no outcome.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from corpus.folding import fold
from corpus.limits import keeps
from corpus.model import Fact
from corpus.quantities import read_quantities
from corpus.units import UnitError, convert, dimension
from tools.audit.intervals import UNBOUNDED, Interval, extremes, interval_of, judge, places_of
from tools.calculation import Calculation, quotient, rounded
from tools.evidence import Clause, Judgement, Sentence, Statement

Figure = Fact | Calculation
_SIGNED = re.compile(
    r"(?P<not>没有|并未|未|不)?(?:(?P<more>高于|超过|超出|大于|多于|突破|优于|好于|达到)|(?P<less>低于|少于|小于))"
)
_DONE = re.compile(r"已|完成|建成|实现|达到|投入使用|全面|超额")
_TO_COME = re.compile(r"计划|拟|将(?!近)|尚未|正在|预计|目标|未动工|力争|规划|即将|准备|在建")
_DATE = re.compile(r"((?:19|20)\d\d)年(?:(\d{1,2})月)?(?:(\d{1,2})日)?")
_WAYS = re.compile(
    r"(?P<up>上升|增加|提高|增长|扩大|提升|增至|升)|(?P<down>下降|减少|降低|缩小|压减|降至|减至|降)"
)
_STEADY = Decimal(3)
"""Per cent by which two values may differ and still be called the same (持平)."""
_BOUNDING = re.compile(
    r"以上|以下|以内|不低于|不少于|不小于|不超过|不高于|不多于|不大于|超过|超出|突破|逾|高于|多于|大于|低于|少于|小于|不足|不到|至少|至多|≥|≤"
)
_MORE = re.compile(r"不低于|不少于|不小于|高于|超过|大于|多于|≥")
_LESS = re.compile(r"不高于|不超过|不多于|不大于|低于|少于|小于|≤")
_NONE = re.compile(r"没有?|未|无|杜绝|消除|清零|[“\"']?零|不存在|归零")
_ALL = re.compile(
    r"全部|全覆盖|全员|全面|全都|所有|均|都|一律|每[一个所名]|100%|百分之百|完全|基本|只增不减|零"
)


def outcomes(statement: Statement, judged: Judgement) -> set[str]:
    """Return the verdicts that the figures of a finding allow, worked out without its maker; none if none decides."""
    stated, made = judged.stated, judged.made
    claims = [claim for part in statement.parts for claim in part.claims]
    if claims:
        return {
            "consistent" if all(keeps(c.observed, c.operator, c.limit) for c in claims) else "inconsistent"
        }
    if found := _against_clauses(statement, judged) or _planned(statement, judged):
        return found
    others: list[Figure] = [f for f in judged.figures if f != stated]
    if stated is not None:
        if made is not None and made.name == "count":
            return {"consistent" if made.value == stated.value else "inconsistent"}
        if made is not None and stated.unit == "番" and made.unit == "倍":
            return {"consistent" if rounded(made.exact, 1) == 2**stated.value else "inconsistent"}
        if made is not None and {stated.unit, made.unit} == {"%", "百分点"}:
            return {"inconsistent"}  # the one is no measure of the other
        if made is not None and not _goes_into(stated, made) and _alike(stated, made):
            if made.unit != stated.unit and "money" in dimension(made.unit):  # 1.24亿元 is not 1.24万元
                own = convert(made.exact, made.unit, stated.unit)
                return {
                    "consistent" if rounded(own, places_of(stated.value)) == stated.value else "inconsistent"
                }
            return {judge(stated, made).verdict}
        found = _bounded(judged, stated) or {v for other in others for v in against(stated, other)}
        found = found or _against_bounds(judged, [stated])
        return found or _impossible(stated) or _against_words(judged, others)
    if found := _dated(judged):
        return found
    others += [made] if made is not None else []
    return (
        _reached(statement, judged)
        or _moved(judged)
        or _against_bounds(judged, others)
        or _ordered(judged, others)
        or _against_words(judged, others)
    )


def _against_clauses(statement: Statement, judged: Judgement) -> set[str]:
    """Hold the demands that the claim quotes against those of the clauses that are cited."""
    clauses = [part.text for part in statement.parts if isinstance(part.source, Clause)]
    written = {q.value for text in clauses for q in read_quantities(fold(text))}
    if not written or judged.made is not None:
        return set()
    claimed = [q.value for q in read_quantities(fold(judged.claim.text))]
    quoted = [judged.stated.value] if judged.stated is not None else claimed
    if not quoted:
        return set()
    return {"consistent" if all(value in written for value in quoted) else "inconsistent"}


def _dated(judged: Judgement) -> set[str]:
    """Return "inconsistent" for a day that does not exist, or for times that run backwards."""
    if judged.figures:
        return set()
    times = [tuple(int(n) for n in m.groups(default="0")) for m in _DATE.finditer(fold(judged.claim.text))]
    for year, month, day in times:
        if month > 12 or (month and day > monthrange(year, month)[1]):
            return {"inconsistent"}
    return {"inconsistent"} if any(b < a for a, b in pairwise(times)) else set()


def _planned(statement: Statement, judged: Judgement) -> set[str]:
    """Hold what is told as done against a sentence of the same report that tells it as planned."""
    quotes = [p.source.text for p in statement.parts if isinstance(p.source, Sentence)]
    others = [q for q in quotes if q != judged.claim.text and judged.claim.text not in q]
    if judged.made is not None or not others or not _DONE.search(fold(judged.claim.text)):
        return set()
    return {"inconsistent"} if any(_TO_COME.search(fold(q)) for q in others) else set()


def _reached(statement: Statement, judged: Judgement) -> set[str]:
    """Hold a figure against the demand told beside it, where the claim is that it is met."""
    if not re.search("达标|合格|达到|符合|满足", fold(judged.claim.text)) or judged.made is not None:
        return set()
    told = [p.source for p in statement.parts if isinstance(p.source, Fact) and not p.label]
    bound = next((f for f in told if _bounds(f)), None)
    other = next(
        (f for f in told if bound and f != bound and dimension(f.unit) == dimension(bound.unit)), None
    )
    if bound is None or other is None:
        return set()
    sign = "≤" if _LESS.search(bound.qualifier or "") else "≥"
    met = keeps(_converted(other.value, other.unit, bound.unit), sign, bound.value)
    unmet = bool(re.search("[未没不](?:有|能|全部)*(?:达标|合格|达到|符合|满足)", fold(judged.claim.text)))
    return {"consistent" if met != unmet else "inconsistent"}


def _bounded(judged: Judgement, stated: Fact) -> set[str]:
    """Hold the figure told beside ``stated`` against it where the claim's words make ``stated`` a bound."""
    match = next(iter(_SIGNED.finditer(fold(judged.claim.text))), None)
    other = next(
        (f for f in judged.figures if f != stated and dimension(f.unit) == dimension(stated.unit)), None
    )
    if match is None or other is None or not (judged.made is None or _goes_into(stated, judged.made)):
        return set()
    sign = "≥" if match["more"] else "≤"
    if match["not"]:
        sign = "≤" if sign == "≥" else "≥"
    if dimension(stated.unit) == "ratio" and match["more"] not in ("超过", "超出"):
        sign = "≤"  # fewer pupils a teacher
    value = _converted(other.value, other.unit, stated.unit)
    if keeps(value, sign, stated.value):
        return {"consistent"}
    return {"rounding", "inconsistent"} if "inconsistent" not in against(stated, other) else {"inconsistent"}


def _impossible(stated: Fact) -> set[str]:
    over = stated.unit == "%" and interval_of(stated).low > 100 and stated.role not in ("rate", "change")
    return {"inconsistent"} if over or stated.value < 0 else set()


def _goes_into(stated: Fact, made: Calculation) -> bool:
    """True if the formula does not give the stated figure but says how far another one is from it."""
    return any(item.fact is not None and item.fact.id == stated.id for item in made.inputs)


def _alike(stated: Fact, made: Calculation) -> bool:
    return not stated.unit or not made.unit or dimension(stated.unit) == dimension(made.unit)


def against(one: Figure, other: Figure) -> set[str]:
    """Return whether two figures of one dimension can be the same number, or one keeps the bound that the other sets."""
    if one == other or dimension(one.unit) != dimension(other.unit):
        return set()
    try:
        second = [_converted(end, other.unit, one.unit) for end in _ends(other)]
        same = _converted(other.value, other.unit, one.unit) == one.value
    except (UnitError, ValueError, KeyError):
        return set()
    if not Interval(*_ends(one)).meets(Interval(*second)):
        return {"inconsistent"}
    if same:
        return {"consistent"}
    return {"consistent", "rounding"} if _bounds(one) or _bounds(other) else {"rounding"}


def _bounds(figure: Figure) -> bool:
    return isinstance(figure, Fact) and bool(_BOUNDING.search(figure.qualifier or ""))


def _converted(value: Decimal, unit: str, to: str) -> Decimal:
    return value if unit == to or abs(value) >= UNBOUNDED else convert(value, unit, to)


def _ends(figure: Figure) -> tuple[Decimal, Decimal]:
    if isinstance(figure, Calculation):
        return figure.value, figure.value
    held = interval_of(figure)
    return held.low, held.high


def _against_bounds(judged: Judgement, others: Sequence[Figure]) -> set[str]:
    """Hold the last figures against the bounds that the claim itself words ("50%以上")."""
    like = next((f for f in others if isinstance(f, Fact)), None)
    if like is None:
        return set()
    written = [
        replace(
            like,
            value=q.value * 10 if q.unit == "成" else q.value,
            unit="%" if q.unit == "成" else q.unit,
            qualifier=q.qualifier,
            upper=q.upper,
            start=-1,
        )
        for q in read_quantities(fold(judged.claim.text))
        if q.qualifier and _BOUNDING.search(q.qualifier)
    ]
    results: list[Figure] = [o for o in others if isinstance(o, Calculation)]
    return {verdict for bound in written for other in results or others for verdict in against(bound, other)}


def _moved(judged: Judgement) -> set[str]:
    """Hold two values of one quantity against words of rise, fall or rest, and a sum of shares against the whole."""
    text, made = fold(judged.claim.text), judged.made
    if "只增不减" in text:
        pairs = [(a, b) for a in judged.figures for b in judged.figures if b.role == "base" and b.of == a.id]
        fell = [1 for a, b in pairs if _converted(a.value, a.unit, b.unit) < b.value]
        return {"inconsistent" if fell else "consistent"} if pairs else set()
    if made is None:
        return set()
    if made.name == "sum" and made.unit == "%":
        least, most = extremes(made)
        near = "rounding" if least.exact <= 100 <= most.exact else "inconsistent"
        return {"consistent" if made.exact == 100 else near}
    if made.name != "difference" or len(judged.figures) < 2:
        return set()
    base = made.inputs[-1].value
    if "持平" in text:
        apart = abs(quotient(made.exact * 100, base)) if base else Decimal(100)
        return {"consistent"} if apart <= _STEADY else {"inconsistent"}
    ways = {str(m.lastgroup) for m in _WAYS.finditer(text)}
    if len(ways) != 1:
        return set()
    level, other = judged.figures[:2]
    if "rounding" in against(level, other):
        return {"rounding", "consistent"}
    return {"consistent" if (made.exact > 0) == (ways == {"up"}) else "inconsistent"}


def _ordered(judged: Judgement, others: Sequence[Figure]) -> set[str]:
    """Hold two figures against a claim that one is no less, or no more, than the other."""
    facts = [o for o in others if isinstance(o, Fact)]
    text = fold(judged.claim.text)
    more, less = _MORE.search(text), _LESS.search(text)
    if len(facts) != 2 or not (more or less) or dimension(facts[0].unit) != dimension(facts[1].unit):
        return set()
    first, second = facts[0].value, _converted(facts[1].value, facts[1].unit, facts[0].unit)
    sign = "≥" if more and (not less or more.start() <= less.start()) else "≤"
    return {"consistent" if keeps(first, sign, second) else "inconsistent"}


def _against_words(judged: Judgement, others: Sequence[Figure]) -> set[str]:
    """Hold words that allow no exception against counts and rates of the same thing."""
    text = fold(judged.claim.text)
    none, every = _NONE.search(text), _ALL.search(text)
    found: set[str] = set()
    for rate in (o for o in others if o.unit in ("%", "‰")):
        full = Decimal(100 if rate.unit == "%" else 1000)
        kept = rate.value in (0, full) if none else rate.value == full if every else None
        found |= set() if kept is None else {"consistent" if kept else "inconsistent"}
    if found:
        return found
    if none:
        counts = [o for o in others if dimension(o.unit) not in ("percent", "permille")]
        return {"consistent" if all(c.value == 0 for c in counts) else "inconsistent"} if counts else set()
    if every:
        pairs = list(_pairs([o for o in others if isinstance(o, Fact)]))
        return {"consistent" if a.value == b.value else "inconsistent" for a, b in pairs}
    return found


def _pairs(facts: Sequence[Fact]) -> Iterator[tuple[Fact, Fact]]:
    for at, one in enumerate(facts):
        for other in facts[at + 1 :]:
            if one.unit == other.unit:
                yield one, other
