"""A limit whose bound is another quantity: the year before ("只增不减"), or another group's ("不低于公务员")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from corpus.catalogue import indicators, stages
from corpus.model import Fact
from corpus.rules import Demand, Limit
from corpus.units import convert, dimension
from tools.change import difference_of, growth_of
from tools.compliance.deciding import Finding
from tools.compliance.display import plain
from tools.compliance.model import Amount
from tools.compliance.statements import Desk, Statement, stated
from tools.evidence import amount, period_words

_PAST = ("上年", "上一年")


def decide(desk: Desk, demand: Demand, metrics: Sequence[str], limit: Limit) -> Finding:
    """Return what the reports settle about a limit that names another quantity as its bound."""
    if limit.than.startswith(_PAST):
        found = [_over_time(desk, demand, metric, limit) for metric in metrics]
        return next(
            (f for f in found if f.status != "no_data"), next((f for f in found if f.facts), found[0])
        )
    if len(metrics) != 2:
        return Finding("no_data", None)
    own, other = _both(desk, demand, metrics, limit)
    if own is None and other is None and desk.year and "上年度" in demand.formula:
        own, other = _both(replace(desk, year=str(int(desk.year) - 1)), demand, metrics, limit)
    if own is None or other is None:
        facts = tuple(s.fact for s in (own, other) if s)
        lacking = limit.than if other is None else limit.name or demand.short_name
        return Finding("no_data", None, facts=facts, remark=f"报告没有给出可比的{lacking},无法判定")
    if own.fact.period != other.fact.period:
        return Finding(
            "no_data", None, facts=(own.fact, other.fact), remark="两个数不是同一时期,不能比较,无法判定"
        )
    return _compare([(own.fact, other.fact)], limit, (demand.short_name, limit.than))


def _both(
    desk: Desk, demand: Demand, metrics: Sequence[str], limit: Limit
) -> tuple[Statement | None, Statement | None]:
    own, other = (_single(stated(desk, demand, metric, limit)) for metric in metrics)
    return own, other


def _single(found: Sequence[Statement]) -> Statement | None:
    """Return the one figure that is stated exactly; None for none or several."""
    usable = [s for s in found if s.decides and s.allowed and s.allowed.exact is not None]
    return usable[0] if len({s.allowed.exact for s in usable if s.allowed}) == 1 else None


def _over_time(desk: Desk, demand: Demand, metric: str, limit: Limit) -> Finding:
    """Compare the year's figure of every stage with that of the year before."""
    if desk.year is None:
        return Finding("no_data", None)
    before = str(int(desk.year) - 1)
    own = [
        f
        for f in desk.facts
        if f.metric_id == metric and f.region == desk.region.name and f.kind == "actual" and f.qualifier is None
        and f.role in ("level", "base") and dimension(f.unit) == dimension(limit.unit)
    ]  # fmt: skip
    pairs: list[tuple[Fact, Fact]] = []
    lonely: list[Fact] = []
    for stage in dict.fromkeys(f.stage for f in own):
        now = [f for f in own if f.stage == stage and f.period == desk.year]
        then = [f for f in own if f.stage == stage and f.period == before]
        if not now:
            continue
        if len({_base(f) for f in now}) > 1 or len({_base(f) for f in then}) > 1:
            facts = (*now, *then)
            told = "、".join(dict.fromkeys(amount(f) for f in facts))
            return Finding("no_data", None, facts=facts, remark=f"报告前后不一致:{told},无法判定")
        if then:
            pairs.append((now[0], then[0]))
        else:
            lonely += now[:1]
    if not pairs:
        remark = f"报告没有{period_words(before)}的同一指标,无法比较" if lonely else ""
        return Finding("no_data", None, facts=tuple(lonely), remark=remark)
    found = _compare(pairs, limit, (period_words(desk.year), period_words(before)))
    if metric == demand.metrics[0]:
        return found
    return replace(found, remark=f"报告没有给出支出口径,用的是“{indicators()[metric].name}”;{found.remark}")


def _base(fact: Fact) -> Fraction:
    return Fraction(convert(fact.value, fact.unit, "元"))


def _compare(pairs: Sequence[tuple[Fact, Fact]], limit: Limit, names: tuple[str, str]) -> Finding:
    """Compare each pair; the first that breaks the limit (else the first) is shown, all are told."""
    broken = [pair for pair in pairs if not limit.allows(_in(pair[0], limit), _in(pair[1], limit))]
    made = []
    for one, other in pairs:
        growth = growth_of(one, other) if one.metric_id == other.metric_id else None
        made.append(growth or difference_of(one, other, names))
    own, other = (broken or pairs)[0]
    gap = _in(other, limit) - _in(own, limit) if broken else Fraction(0)
    return Finding(
        "not_met" if broken else "met",
        _printed(other),
        _printed(own),
        Amount(gap, limit.unit, plain(gap)),
        tuple(fact for pair in pairs for fact in pair),
        tuple(made),
        "报告载明" + ";".join(_told(pair, names) for pair in broken or pairs),
    )


def _told(pair: tuple[Fact, Fact], names: tuple[str, str]) -> str:
    one, other = pair
    stage = stages()[one.stage].name if one.stage else ""
    return f"{stage}{names[0]}{amount(one)},{names[1]}{amount(other)}"


def _printed(fact: Fact) -> Amount:
    return Amount(Fraction(fact.value), fact.unit, f"{fact.value:f}")


def _in(fact: Fact, limit: Limit) -> Fraction:
    return Fraction(convert(fact.value, fact.unit, limit.unit))
