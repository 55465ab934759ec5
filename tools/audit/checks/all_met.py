"""Claims that all indicators of a standard are met ("7项指标全部达标") against the figures that the report prints."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.folding import fold
from corpus.limits import keeps as kept
from corpus.model import Fact
from corpus.rules import Demand, Standard
from tools.audit.context import (
    claimed,
    covers,
    evidence_of,
    judged,
    named,
    narrowed,
    pattern,
    quoted,
    sentence_bounds,
)
from tools.audit.intervals import interval_of
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.standards import Demanded, demands_on, metric_of, regime
from tools.audit.view import View
from tools.compliance.ranges import keeps, range_of
from tools.evidence import Part

_CLAIM = (
    r"(?P<what>资源配置|政府保障(?:程度)?|教育质量)?(?:方面)?的?(?P<count>\d+|[一二三四五六七八九十]+)(?:项|个)(?:资源配置|评估|督导)*指标"
    r"(?:已|也|现)?(?:均|都|全部|全都)(?:已)?(?:达标|(?:达到|符合|满足)了?[^,;。\d]{0,12}(?:标准|要求))(?!率|的?(?:学校|\d))"
)


@check("all_met")
def all_met(view: View) -> Iterator[Finding]:
    """Look for a printed figure that misses a demand which is said to be met with all others."""
    for match in pattern(_CLAIM).finditer(view.folded):
        found = regime(view, *sentence_bounds(view, match.start()))
        claim = claimed(view, match.start(), match.end())
        before = view.folded[max(0, match.start() - 20) : match.start()]
        if found is None or claim is None or re.search(r"(?:所|个|家)(?:学校)?$|学校$|小学$|初中$", before):
            continue
        metrics = _meant(found[0], match["what"], match["count"])
        for fact in view.facts:
            short = metric_of(fact) in metrics and _missed(view, found[0], fact)
            if not short or not covers(claim, fact) or fact.region != view.report.region:
                continue
            clause = short.clause()
            why = tell(
                "报告称", quoted(view, *claim.clause), ",但", *named(fact), "为", fact, f",{found[0].title}标准的要求是",
                Part(clause.text, clause, label=True), ",",
                judged("两者不一致", fact, short.limit.operator, short.limit.value or fact.value, clause),
            )  # fmt: skip
            yield Finding(
                view.report.id, *claim.clause, "contradiction", "standard", "inconsistent", why,
                (evidence_of(view, claim), fact),
            )  # fmt: skip
            break


def _meant(own: Standard, what: str | None, count: str) -> frozenset[str]:
    """Return the metrics of the indicators that a claim names by their aspect or, all of them, by their number."""
    for aspect in own.aspects:
        numbers = {str(len(aspect.indicators)), "零一二三四五六七八九十"[len(aspect.indicators) % 11]}
        if what is not None and aspect.name.startswith(what):
            return _metrics(aspect.indicators)
        if what is None and count in numbers and len(aspect.indicators) in (7, 9, 15):
            return _metrics(aspect.indicators)
    return _metrics(own.demands) if count in ("31", "三十一") else frozenset()


def _metrics(demands: tuple[Demand, ...]) -> frozenset[str]:
    return frozenset(metric for demand in demands for metric in demand.metrics)


def _missed(view: View, own: Standard, fact: Fact) -> Demanded | None:
    """Return the demand that a figure misses for certain, None where it keeps all or rounding may explain it."""
    if fact.qualifier or narrowed().search(fold(fact.label).replace("公办", "")):
        return None
    for demanded in demands_on(view, own, fact):
        allowed, mark = range_of(fact, demanded.limit.unit), demanded.limit.value
        if allowed is None or mark is None or keeps(demanded.limit, allowed) is not False:
            continue
        ends = interval_of(fact)
        if demanded.confirmed and not demanded.relaxed and not any(
            kept(end, demanded.limit.operator, mark) for end in (ends.low, ends.high)
        ):  # fmt: skip
            return demanded
    return None
