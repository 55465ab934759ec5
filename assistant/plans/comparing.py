"""Side by side: two places, stages, years or parts of one question."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import chosen, search
from assistant.plans.sides import halves, kindred, segments, sides_of
from assistant.plans.values import clarify
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure
from assistant.question import Ask
from assistant.writing import absent, by_kind, calculation_of, facts_of, statement, subject
from corpus.catalogue import indicators, settled
from corpus.model import Fact
from corpus.units import dimension
from tools.evidence import Evidence, Missing, period_words, plain


@procedure("compare", "ratio")
def compare(ask: Ask, desk: Desk) -> Procedure:
    """Compare two facts if metric, stage, year and unit allow it; else say what forbids it."""
    apart = None if ask.sides else segments(ask, desk)
    sides = list(ask.sides) or apart or sides_of(ask)
    if len(sides) == 1:
        parted = halves(ask)
        if parted is None:
            from assistant.plans.values import confirm, value

            if any(re.search(r"\d", q.as_printed) for q in ask.given):
                return (yield from confirm(replace(ask, op="confirm"), desk))
            return (yield from value(replace(ask, op="value"), desk))
        sides = list(parted)
    picked: list[Evidence] = []
    lent = 0
    for i, side in enumerate(sides[:4]):
        if apart:
            given = side.given[0] if side.given else None
            if picked and not side.given and not side.metric_ids:
                side = _of_metric(side, picked[0])
        else:
            given = ask.given[i] if len(ask.given) >= len(sides) > 1 else None
        if _RATES.search(ask.folded) and given is None:
            side = replace(side, words=_RATES.sub(" ", side.words).strip(), measure=None)
            found = yield search(side, ["rate"], unit="%")
        elif given is not None:
            stated = replace(side, words="", metric_ids=(), measure=None, stages=())
            found = yield search(stated, unit="", value=f"{plain(given.value)}{given.unit}")
            if not by_kind(found, "fact"):
                found = yield search(side)
        else:
            found = yield search(side)
        facts = chosen(by_kind(found, "fact"), side)
        if not facts and side.periods and ask.regions and len(ask.regions) > 1:
            found = yield search(replace(side, periods=()))
            facts = chosen(by_kind(found, "fact"), replace(side, periods=()))
        if not facts and len(sides) == 2 and sides[0].regions != sides[1].regions:
            facts = yield from kindred(side)
            lent += 1
        if not facts:
            return absent(found, ask, desk)
        if len(facts) > 1 and len({f.stage for f in facts_of(facts)}) > 1:
            return clarify(facts, ask)
        picked.append(facts[0])
    if len(picked) > 2:
        from assistant.plans.ranking import ranked

        return (yield from ranked(picked, ask, desk))
    first, second = picked
    a, b = first.item, second.item
    assert isinstance(a, Fact) and isinstance(b, Fact)
    if a.id == b.id:
        return Draft(
            (statement(first, ask, desk),), values=(first,), warnings=("两边查到的是同一个数,无从比较",)
        )
    if ask.op == "ratio":
        done = yield Call("ratio", {"a": a.id, "b": b.id})
    else:
        done = yield Call("compare", {"a": a.id, "b": b.id})
    lines = [statement(first, ask, desk), statement(second, ask, desk)]
    if len({line.text for line in lines}) == 1 or not _dated(lines, (a, b)):
        lines = [_with_year(line, fact) for line, fact in zip(lines, (a, b), strict=True)]
    if why := next((e for e in done if isinstance(e.item, Missing)), None):
        return Draft(
            (*lines, Line(why.text, (first, second, why))), "refused", "not_comparable", (first, second)
        )
    calculation = calculation_of(done)
    if calculation is None or lent:
        return absent([] if lent else done, ask, desk)
    made = by_kind(done, "calculation")
    if ask.op == "ratio":
        lines.append(Line(f"前者是后者的{plain(calculation.value)}倍", (first, second, *made)))
        return Draft(tuple(lines), values=(*made, first, second))
    who, other = _names(a, b)
    unit = f"个{calculation.unit}" if calculation.unit == "百分点" else calculation.unit
    if calculation.value == 0:
        text = f"{who}与{other}相同"
    else:
        word = _more(ask, a)[0 if calculation.value > 0 else 1]
        text = f"{who}比{other}{word}{plain(abs(calculation.value))}{unit}"
    lines.append(Line(text, (first, second, *made)))
    return Draft(tuple(lines), values=(*made, first, second))


_RATES = re.compile(r"的?(?:增长幅度|增幅|增速|增长率|涨幅|降幅)")


def _of_metric(side: Ask, first: Evidence) -> Ask:
    """Return ``side`` asking for the metric of the figure that the other side stated."""
    fact = first.item
    known = settled(fact) if isinstance(fact, Fact) else None
    return replace(side, metric_ids=(known,), words=indicators()[known].name) if known else side


def _dated(lines: list[Line], facts: tuple[Fact, Fact]) -> bool:
    return all(f.period is None or f.period[:4] in line.text for line, f in zip(lines, facts, strict=True))


def _with_year(line: Line, fact: Fact) -> Line:
    year = period_words(fact.period)
    if not year or year in line.text or not fact.region:
        return line
    return replace(line, text=line.text.replace(fact.region, f"{fact.region}{year}", 1))


def _names(a: Fact, b: Fact) -> tuple[str, str]:
    if a.region != b.region:
        return a.region or "", b.region or ""
    if a.stage != b.stage and a.stage and b.stage:
        return subject(a) or a.subject, subject(b) or b.subject
    if a.period != b.period and settled(a) == settled(b) and a.period and b.period:
        return period_words(a.period), period_words(b.period)
    return "前者", "后者"


def _more(ask: Ask, fact: Fact) -> tuple[str, str]:
    if re.search(r"多|少", ask.folded) and dimension(fact.unit) not in ("percent", "ratio"):
        return "多", "少"
    return "高", "低"
