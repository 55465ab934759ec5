"""Recompute a stated figure from the counts and amounts of its report, as an audit of the report does.

A formula is used only where the words tie its inputs to the claim; a combination of numbers that merely
happens to give the stated value proves nothing and is never offered.
"""

from __future__ import annotations

from corpus.model import Fact
from indexes.store import Store
from tools.audit.checks.averages import judge_average
from tools.audit.checks.rates import judge_rate
from tools.audit.checks.shares import judge_share
from tools.audit.figures import Figures
from tools.audit.intervals import FORMULAS
from tools.audit.intervals import judge as judge_by_intervals
from tools.audit.model import Finding, Verdict
from tools.audit.view import view_of
from tools.calculation import Calculation
from tools.change import difference_of, fetch, growth_of
from tools.evidence import Evidence, amount, from_calculation, from_fact, missing
from tools.registry import tool

REACH = 220
"""Characters around a claim within which the value of the period before is looked for."""


def judge(claim: Fact, result: Calculation) -> Verdict:
    """Compare a claim with a recomputation; printed amounts are intervals, counts are exact."""
    assert result.name in FORMULAS, result.name
    return judge_by_intervals(claim, result).verdict


def _around(store: Store, claim: Fact) -> list[Fact]:
    """Return facts of the same section near the claim, those of its own sentence first."""
    same = [
        f
        for f in store.facts(report_ids=[claim.report_id])
        if f.id != claim.id and f.section == claim.section
    ]
    inside = [f for f in same if f.sentence == claim.sentence]
    near = [f for f in same if f.sentence != claim.sentence and abs(f.start - claim.start) <= REACH]
    return [*inside, *near]


def _base_of(level: Fact, around: list[Fact]) -> Fact | None:
    linked = [f for f in around if f.role == "base" and f.of == level.id]
    if linked:
        return linked[0]
    for fact in around:
        if fact.metric_id == level.metric_id and fact.label == level.label and fact.stage == level.stage:
            if fact.role in ("base", "level") and fact.period and level.period and fact.period < level.period:
                return fact
    return None


@tool("复算", "核对", "算得对", "验证", "算错")
def recompute(store: Store, claim: str) -> list[Evidence]:
    """用报告里的数复算一个增幅、差额、占比、比率或平均数,看与报告所载是否一致。

    Args:
        claim: 要复算的数据的编号。
    """
    stated = fetch(store, claim)
    if stated.role in ("rate", "change"):
        return _change(stated, _around(store, stated))
    finding = _finding(store, stated)
    if finding is None:
        return [from_fact(stated), _lacking(stated)]
    facts = [from_fact(f) for f in finding.evidence if isinstance(f, Fact) and f.id != stated.id]
    made = finding.calculation
    if made is None:
        listed = facts or [from_fact(f) for f in _beside(store, stated)]
        why = "报告列出的人数之间没有说明怎样得出这个比率,不能复算" if listed else _lacking(stated).text
        return [from_fact(stated), *listed, missing("inconsistent_source", why)]
    used = [from_fact(i.fact) for i in made.inputs if i.fact]
    return [from_fact(stated), *used, from_calculation(made)]


def _change(stated: Fact, around: list[Fact]) -> list[Evidence]:
    """Recompute a change or its rate from the level it is about and the level before."""
    level = next((f for f in around if f.id == stated.of), None)
    base = _base_of(level, around) if level else None
    made: Calculation | None = None
    if level and base:
        made = (
            growth_of(level, base) if stated.role == "rate" else difference_of(level, base, ("本期", "上期"))
        )
    if made is None:
        return [from_fact(stated), _lacking(stated)]
    return [from_fact(stated), *(from_fact(i.fact) for i in made.inputs if i.fact), from_calculation(made)]


def _finding(store: Store, stated: Fact) -> Finding | None:
    """Return what an audit of the report finds on the claim."""
    report = store.report(stated.report_id)
    if report is None:
        return None
    figures = Figures(view_of(report, store.facts(report_ids=[stated.report_id])))
    found = (run(figures, stated) for run in (judge_share, judge_rate, judge_average))
    return next((finding for finding in found if finding is not None), None)


def _beside(store: Store, stated: Fact) -> list[Fact]:
    """Return the counts of the claim's sentence, eight at most."""
    same = [f for f in store.facts(report_ids=[stated.report_id]) if f.sentence == stated.sentence]
    return [f for f in same if f.role == "level" and f.unit != stated.unit and f.start < stated.start][:8]


def _lacking(stated: Fact) -> Evidence:
    why = f"报告没有给出复算“{amount(stated)}”所需的数据,不能复算"
    return missing("inconsistent_source", why)
