"""One limit against what the reports state about one indicator: met, not met, or why neither can be said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from corpus.catalogue import indicators
from corpus.folding import fold
from corpus.model import Fact
from corpus.rules import Demand, Limit
from corpus.units import RATIOS
from tools.calculation import Calculation
from tools.compliance.counts import Share, linked, shares, shown
from tools.compliance.display import digits, plain, threshold
from tools.compliance.model import Amount, Status
from tools.compliance.ranges import Range, keeps
from tools.compliance.statements import Desk, Statement, said_stage, stated, weigh
from tools.evidence import amount
from tools.recompute import judge as agree

_EVERY = re.compile(
    r"所有|各校|各学校|各中小学|每所|每校|校校|各园|每园|全部(?:学校|幼儿园)|(?<![生平人年月班校])均(?!衡)"
)
_DONE = ("实现了", "实现", "完成了", "完成", "达到了", "做到了", "已达到")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one limit comes to. ``remark`` is one Chinese sentence; every number in it stands in the evidence."""

    status: Status
    threshold: Amount | None
    observed: Amount | None = None
    gap: Amount | None = None
    facts: tuple[Fact, ...] = ()
    calculations: tuple[Calculation, ...] = ()
    remark: str = ""


def decide(desk: Desk, demand: Demand, metric_id: str, limit: Limit) -> Finding:
    """Return what the reports of the desk's region and year settle about ``limit``."""
    counted = shares(desk, metric_id) if limit.unit in ("%", "1:N") else []
    said = stated(desk, demand, metric_id, limit)
    for share in counted:
        known = {s.fact.id for s in said}
        said += [weigh(desk, f, demand, metric_id, limit) for f in linked(desk, share) if f.id not in known]
    said.sort(key=lambda s: (s.fact.report_id, s.fact.start))
    usable = [s for s in said if s.decides]
    bound = threshold(limit)
    if len({share.exact for share in counted if share.settled}) > 1:
        facts = _facts(said, counted)
        what = "、".join(shown(share) for share in counted)
        return Finding(
            "no_data", bound, None, None, facts, _sums(counted), f"报告各处人数算出的比例不一:{what},无法判定"
        )
    if clash := _clash(usable):
        return Finding(
            "no_data", bound, None, None, _facts(said, counted), _sums(counted),
            f"报告前后不一致:{_listed(clash)},无法判定",
        )  # fmt: skip
    best: Share | None = next((s for s in counted if s.settled), next(iter(counted), None))
    if best is not None and (found := _by_counts(demand, limit, best, said, usable)):
        return found
    if not usable:
        return _nothing(desk, demand, limit, said)
    return _by_statement(desk, demand, limit, usable, best)


def _by_counts(
    demand: Demand, limit: Limit, share: Share, said: Sequence[Statement], usable: Sequence[Statement]
) -> Finding | None:
    """Judge by counts where they decide; None where the statement itself does."""
    verdict = keeps(limit, _point(share.exact))
    against = [s for s in usable if not _agrees(s, share)]
    claimed = [s for s in said if not s.decides and _claimed(s) and not _agrees(s, share)]
    facts, sums = _facts(said, [share]), (share.calculation,)
    if not share.settled:
        if not usable:
            status: Status = "met" if verdict else "not_met"
            told = f"报告没有给出比率,按所列人数计算为{shown(share)}"
            if demand.note:
                told += f";{demand.note}"
            return _made(limit, status, share, facts, sums, told)
        outcomes = {keeps(limit, s.allowed) for s in usable if s.allowed}
        if outcomes == {verdict}:
            return None
        told = f"报告载明{_listed(usable)},但所列人数按在校就读计算为{shown(share)},口径没有说明,无法判定"
        return Finding("no_data", _bound(limit), None, None, facts, sums, told)
    status = "met" if verdict else "not_met"
    if against or claimed:
        wrong = _listed([*against, *claimed])
        told = f"报告称{wrong},但按报告人数计算为{shown(share)},两者不一致,按人数判定"
        return _made(limit, status, share, facts, sums, told)
    exact = [s for s in usable if s.allowed and s.allowed.exact is not None]
    if not exact:
        return _made(limit, status, share, facts, sums, f"按报告人数计算为{shown(share)}")
    if keeps(limit, exact[0].allowed or Range(None, None)) == verdict:
        return _stated(
            limit, status, exact[0].fact, facts, sums, f"报告载明{amount(exact[0].fact)},与人数计算一致"
        )
    told = f"报告载明{_listed(exact)},但按报告人数计算为{shown(share)},按人数判定"
    return _made(limit, status, share, facts, sums, told)


def _by_statement(
    desk: Desk, demand: Demand, limit: Limit, usable: Sequence[Statement], share: Share | None
) -> Finding:
    facts = _facts(usable, [share] if share else [])
    sums = (share.calculation,) if share else ()
    groups = _groups(usable)
    outcomes = {stage: keeps(limit, best.allowed) for stage, best in groups.items() if best.allowed}
    best = groups.get("", next(iter(groups.values())))
    told = f"报告载明{_listed(groups.values())}"
    if share is not None and not _agrees(best, share):
        told += f",按所列人数计算为{shown(share)},算不出报告的比率,口径没有说明,请核实"
    if False in outcomes.values():
        failed = next(s for stage, s in groups.items() if outcomes.get(stage) is False)
        if _needs_every_school(demand, limit):
            told += (
                ",全县的数低于要求,至少有学校没有达到"
                if limit.operator in ("≥", ">")
                else ",至少有学校没有达到"
            )
        return _stated(limit, "not_met", failed.fact, facts, sums, told, failed.allowed)
    if None in outcomes.values():
        return Finding(
            "no_data",
            _bound(limit),
            None,
            None,
            facts,
            sums,
            f"{told},范围跨过限值,证明不了是否达到,无法判定",
        )
    if "" not in groups and not {"primary", "junior"} <= set(groups) and limit.stage == "county":
        return Finding("no_data", _bound(limit), None, None, facts, sums, f"{told},只有一个学段的数,无法判定")
    if _needs_every_school(demand, limit) and not _every_school(desk, best.fact):
        told += ",是全县的数,不能说明每所学校都达到,无法判定"
        return Finding("no_data", _bound(limit), None, None, facts, sums, told)
    return _stated(limit, "met", best.fact, facts, sums, told, best.allowed)


def _nothing(desk: Desk, demand: Demand, limit: Limit, said: Sequence[Statement]) -> Finding:
    if not said:
        return Finding("no_data", _bound(limit))
    reasons = ";".join(dict.fromkeys(_reason(s) for s in said[:3]))
    return Finding("no_data", _bound(limit), None, None, _facts(said, []), (), f"{reasons},不作依据,无法判定")


def _reason(statement: Statement) -> str:
    if statement.why.startswith("“"):
        return statement.why
    return f"报告的“{amount(statement.fact)}”{statement.why}"


def _needs_every_school(demand: Demand, limit: Limit) -> bool:
    """A mean over the county says nothing of each school, unless the limit is the whole (100 %) or a quota."""
    if demand.scope != "school" or limit.stage == "special":
        return False
    ends = limit.unit == "%" and limit.value == 100 and limit.operator in ("=", "≥")
    rates = {indicators()[m].per_stage for m in demand.metrics} == {False} and "划片" in demand.name
    return not (ends or rates)


def _every_school(desk: Desk, fact: Fact) -> bool:
    words = desk.text(fact)[fact.clause[0] : fact.clause[1]]
    return bool(_EVERY.search(words))


def _clash(usable: Sequence[Statement]) -> list[Statement]:
    """Return two statements on the same schools that cannot both be true, [] if all can."""
    for number, one in enumerate(usable):
        for other in usable[number + 1 :]:
            if said_stage(one.fact) != said_stage(other.fact) or one.allowed is None or other.allowed is None:
                continue
            if not one.allowed.meets(other.allowed) and not _rounds(one, other):
                return [one, other]
    return []


def _rounds(one: Statement, other: Statement) -> bool:
    """Tell whether one figure is the other with fewer decimals (97% and 97.2%)."""
    a, b = (one.allowed.exact if one.allowed else None), (other.allowed.exact if other.allowed else None)
    if a is None or b is None:
        return False
    first, second = sorted((one.fact.value, other.fact.value), key=lambda v: int(v.as_tuple().exponent))
    return round_half_up(Fraction(first), -int(second.as_tuple().exponent)) == Fraction(second)


def round_half_up(value: Fraction, places: int) -> Fraction:
    scale = Fraction(10) ** places
    return Fraction((2 * value * scale + 1) // 2) / scale


def _groups(usable: Sequence[Statement]) -> dict[str, Statement]:
    """Return for each stage the statement that says most: an exact one before a bound, more decimals before fewer."""
    groups: dict[str, list[Statement]] = {}
    for statement in usable:
        groups.setdefault(said_stage(statement.fact), []).append(statement)

    def rank(statement: Statement) -> tuple[bool, int]:
        exact = statement.allowed is not None and statement.allowed.exact is not None
        return (not exact, int(statement.fact.value.as_tuple().exponent))

    return {stage: min(found, key=rank) for stage, found in groups.items()}


def _agrees(statement: Statement, share: Share) -> bool:
    fact = statement.fact
    if statement.allowed is None:
        from tools.compliance.ranges import range_of

        allowed = range_of(fact, share.unit)
        return allowed is None or allowed.holds(share.exact)
    if statement.allowed.exact is None:
        return statement.allowed.holds(share.exact)
    return agree(fact, share.calculation) != "inconsistent"


def _claimed(statement: Statement) -> bool:
    """Tell whether a bound is claimed: a target said to have been reached, or the demand said again as it is."""
    if statement.why.startswith("与标准的要求相同"):
        return True
    return statement.why == "是目标" and any(word in fold(statement.fact.label) for word in _DONE)


def _listed(statements: Iterable[Statement]) -> str:
    found = list(statements)
    names = {"primary": "小学", "junior": "初中"} if len({said_stage(s.fact) for s in found}) > 1 else {}
    return "、".join(dict.fromkeys(f"{names.get(said_stage(s.fact), '')}{amount(s.fact)}" for s in found))


def _facts(said: Sequence[Statement], counted: Sequence[Share]) -> tuple[Fact, ...]:
    return tuple(dict.fromkeys((*(s.fact for s in said), *(f for share in counted for f in share.facts))))


def _sums(counted: Sequence[Share]) -> tuple[Calculation, ...]:
    return tuple(share.calculation for share in counted)


def _bound(limit: Limit) -> Amount | None:
    return threshold(limit) if limit.value is not None else None


def _gap(limit: Limit, value: Fraction, status: Status) -> Amount | None:
    if limit.value is None or status not in ("met", "not_met"):
        return None
    if status == "met":
        return Amount(Fraction(0), limit.unit, "0")
    short = abs(Fraction(limit.value) - value)
    if limit.unit in RATIOS:
        return Amount(short, limit.unit, plain(short))
    for places in range(2, 12):
        rounded = round_half_up(short, places)
        if rounded:
            return Amount(short, limit.unit, digits(rounded, places) if rounded != short else plain(short))
    return Amount(short, limit.unit, plain(short))


def _made(
    limit: Limit, status: Status, share: Share, facts: tuple[Fact, ...], sums: tuple[Calculation, ...], told: str
) -> Finding:  # fmt: skip
    """Return a finding by counts; the share is printed so that it never looks on the other side of the limit."""
    places = 2
    while places < 12 and keeps(limit, _point(round_half_up(share.exact, places))) != (status == "met"):
        places += 1
    observed = Amount(share.exact, share.unit, digits(round_half_up(share.exact, places), places))
    return Finding(status, _bound(limit), observed, _gap(limit, share.exact, status), facts, sums, told)


def _point(value: Fraction) -> Range:
    return Range(value, value)


def _stated(
    limit: Limit, status: Status, fact: Fact, facts: tuple[Fact, ...], sums: tuple[Calculation, ...], told: str,
    allowed: Range | None = None,
) -> Finding:  # fmt: skip
    """Return a finding by a stated figure; of a bound ("不足95%") how much is lacking stays open."""
    observed = Amount(Fraction(fact.value), fact.unit, f"{fact.value:f}", fact.qualifier)
    exact = allowed is None or allowed.exact is not None
    gap = None
    if status == "met" or exact:
        value = allowed.exact if allowed and allowed.exact is not None else Fraction(fact.value)
        gap = _gap(limit, value, status)
    return Finding(status, _bound(limit), observed, gap, facts, sums, told)
