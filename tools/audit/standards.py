"""Which codified standard a place of a report speaks of, and the limits that it sets for a figure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from corpus.catalogue import indicators
from corpus.claims import claims
from corpus.folding import fold
from corpus.limits import Limit, in_force
from corpus.model import Fact
from corpus.rules import Demand, Standard, standard, standards
from corpus.units import RATIOS
from tools.audit.context import year_of
from tools.audit.view import View
from tools.clauses import bound_words
from tools.compliance.ranges import comparable
from tools.compliance.statements import heading_stage
from tools.evidence import Clause

_NAMES = {"优质均衡": "youzhi_junheng", "普及普惠": "xueqian", "基本均衡": "jiben_junheng"}


@dataclass(frozen=True, slots=True)
class Demanded:
    """A limit that holds for a figure, with the standard and the indicator that it belongs to."""

    own: Standard
    code: str
    name: str
    limit: Limit
    confirmed: bool
    relaxed: bool
    document: str
    each: bool = False
    """Whether every school has to meet it, so that a figure of the county does not show that all do."""

    def clause(self) -> Clause:
        """Return the limit as a clause that can be quoted."""
        stage = {"primary": "小学", "junior": "初中", "special": "特殊教育", "preschool": ""}.get(
            self.limit.stage, ""
        )
        name = self.limit.name or self.name
        text = f"{'' if stage in name else stage}{name} {bound_words(self.limit)}"
        return Clause(self.own.id, self.code, text, self.document)


def regime(view: View, start: int, end: int) -> tuple[Standard, bool] | None:
    """Return the standard that a passage speaks of, and whether the passage or its heading names it itself.

    The passage comes first, then the headings, then the title of the report; None where they name none or several.
    """
    section = view.report.section_at(start)
    path = fold("".join(section.path)) if section else ""
    for number, words in enumerate((view.folded[start:end], path, fold(view.report.title))):
        named = {key for word, key in _NAMES.items() if word in words}
        if len(named) == 1:
            year = view.report.year
            on = dt.date(year, 12, 31) if year else None
            return standard(named.pop(), region_path=view.report.region_path, on=on), number < 2
        if named:
            return None
    return None


@cache
def _by_word() -> dict[str, str]:
    return {word: item.id for item in indicators().values() for word in item.words}


def metric_of(fact: Fact) -> str:
    """Return the indicator that a figure is of, by its id or by the very name that it goes on under; "" for none."""
    return fact.metric_id or _by_word().get(fact.metric, "")


def is_sole(fact: Fact) -> bool:
    """Tell whether no other national text demands less of what ``fact`` measures."""
    return metric_of(fact) in claims().sole or metric_of(fact).startswith("dispersion_")


@cache
def _demands(own: str, region: tuple[str, ...], metric_id: str) -> tuple[tuple[Standard, Demand], ...]:
    found = standard(own, region_path=region)
    return tuple((found, d) for d in found.demands if metric_id in d.metrics and d.limits)


def demands_on(view: View, own: Standard, fact: Fact) -> list[Demanded]:
    """Return the limits of a standard that hold for ``fact``: those of its indicator, stage, unit and year."""
    base = own.variant_of or own.id
    metric = metric_of(fact)
    if metric.startswith("dispersion_"):
        return _dispersion(own, fact)
    found = []
    for rules, demand in _demands(base, view.report.region_path, metric):
        keys = list(dict.fromkeys(limit.key for limit in demand.limits))
        for limit in demand.limits:
            several = len(keys) > 1 and len(keys) == len(demand.metrics)
            if several and demand.metrics[keys.index(limit.key)] != metric:
                continue
            if limit.value is None or not comparable(fact, limit.unit) or not _of_stage(fact, limit):
                continue
            day = _day(fact)
            if not in_force(limit, day) or (rules.since and day and rules.since > day):
                continue
            sure = {rules.status, demand.status, limit.status} == {"confirmed"}
            relaxed = any(in_force(r, _day(fact)) for r in demand.relaxations)
            document = demand.document or rules.document
            found.append(
                Demanded(
                    rules,
                    demand.code,
                    demand.short_name,
                    limit,
                    sure,
                    relaxed,
                    document,
                    demand.scope == "school",
                )
            )
    return found


def _day(fact: Fact) -> dt.date | None:
    year = year_of(fact)
    return dt.date(int(year), 12, 31) if year and year.isdigit() else None


def _of_stage(fact: Fact, limit: Limit) -> bool:
    stage = fact.stage or heading_stage(fact)
    if limit.stage in ("primary", "junior"):
        return stage == limit.stage or (stage is None and not indicators()[metric_of(fact)].per_stage)
    if limit.stage in ("preschool", "special"):
        return stage == limit.stage or (stage is None and limit.stage == "preschool" and "园" in fact.metric)
    return stage not in ("preschool", "senior", "senior_any", "vocational", "higher")


def _dispersion(own: Standard, fact: Fact) -> list[Demanded]:
    rule = own.dispersion
    if rule is None or (rule.per == "composite") != ("综合" in fact.label or own.id == "jiben_junheng"):
        return []
    sure = {rule.status, own.status} == {"confirmed"}
    return [
        Demanded(
            own, rule.codes[0], "校际差异系数", limit, sure and limit.status == "confirmed", False, own.document
        )
        for limit in rule.limits
        if limit.stage == fact.stage and fact.unit == ""
    ]  # fmt: skip


def known_limits(view: View, fact: Fact) -> list[Demanded]:
    """Return every limit of a standard of the place that a figure could be quoted from, of whatever date."""
    found = []
    for own in standards().values():
        if own.regions and not set(own.regions) & set(view.report.region_path):
            continue
        for demand in own.demands:
            if metric_of(fact) in demand.metrics:
                found += [
                    Demanded(own, demand.code, demand.short_name, limit, True, False, demand.document or own.document)
                    for limit in demand.limits
                    if limit.value is not None and comparable(fact, limit.unit) and _of_stage(fact, limit)
                ]  # fmt: skip
        found += _dispersion(own, fact) if metric_of(fact).startswith("dispersion_") else []
    return found


def stricter(limit: Limit, value: Fraction) -> bool:
    """Tell whether a demand of ``value`` asks for more than ``limit``."""
    assert limit.value is not None
    own = Fraction(limit.value)
    more = value > own if limit.operator in ("≥", ">", "=") else value < own
    return not more if limit.unit in RATIOS else more
