"""The same quantity in two reports of one region: alike, or with two values."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from corpus.folding import fold
from corpus.model import Report
from corpus.sameness import sameness
from tools.audit.mentions import Mention, agree, comparable, cut_off, keeps, mentions, named_so, rough_key
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import named
from tools.audit.view import View
from tools.evidence import Part


@check("across")
def across(view: View) -> Iterator[Finding]:
    """Hold the figures of a report against those of the other stored reports of its region.

    ``inconsistent`` only for indicators of the catalogue, which have one value a year, and only where neither
    report speaks of changed or corrected figures; what is counted on a day may have been counted on two.
    """
    if view.peers is None or not view.report.region:
        return
    neighbours = view.peers.same_region(view.report)
    if not neighbours:
        return
    rough = Counter(rough_key(fact) for fact in view.facts if keeps(fact, view.report))
    own: dict[tuple[object, ...], list[Mention]] | None = None
    here = bool(sameness().words("revised").search(view.folded))
    for neighbour in neighbours:
        report = neighbour.report
        if not any(keeps(fact, report) and rough_key(fact) in rough for fact in neighbour.facts):
            continue
        own = _by_key(mentions(view.report, view.folded, view.facts, rough)) if own is None else own
        folded = fold(report.text)
        revised = here or bool(sameness().words("revised").search(folded))
        days = _days(view.folded) != _days(folded)
        theirs = _by_key(mentions(report, folded, neighbour.facts, rough))
        for key, found in own.items():
            for mention in found:
                others = [other for other in theirs.get(key, ()) if comparable(mention, other)]
                if others and named_so(view.folded, mention.fact) and named_so(folded, others[0].fact):
                    yield from _judge(view, mention, others, report, revised, days)


def _days(folded: str) -> frozenset[str]:
    """Return the days to which a report says that its figures are: 截至…底, 以…为统计时点."""
    return frozenset(match[0] for match in sameness().words("until").finditer(folded))


def _by_key(found: list[Mention]) -> dict[tuple[object, ...], list[Mention]]:
    by_key: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    for mention in found:
        if mention.standing != "other":
            by_key[mention.key].append(mention)
    return by_key


def _judge(
    view: View, mention: Mention, others: list[Mention], report: Report, revised: bool, days: bool
) -> Iterator[Finding]:
    """Judge a figure against what one other report says; a report that says two things is no witness.

    ``days``: the reports say that their figures are of different days, which matters for what is counted.
    """
    claim, other = mention.fact, others[0].fact
    if not all(agree(other, more.fact) for more in others[1:]):
        return
    counted = mention.standing in ("stock", "flow")
    verdict: Verdict
    if agree(claim, other):
        if counted or claim.qualifier or other.qualifier:
            return
        verdict, end = "consistent", ",与本报告一致"
    elif cut_off(claim, other):
        verdict, end = "rounding", ",相差在取整或约数的范围内"
    elif counted or (days and claim.unit in ("%", "1:N", "N:1")):
        verdict, end = "not_recomputable", ",统计时点可能不同,不能据此判断,请核对"
    elif revised:
        verdict, end = "not_recomputable", ",但报告提到口径或数据有调整,不能据此判断,请核对"
    else:
        verdict, end = "inconsistent", ",对同一个数的说法不一致,请核对以哪一份为准"
    title = Part(report.title, other, label=True)
    why = tell(*named(claim), "在本报告中写的是", claim, ",在《", title, "》中写的是", other, end)
    start, stop = clause_span(view, claim)
    yield Finding(
        view.report.id, start, stop, "contradiction", "across", verdict, why, (claim, other), claim,
        hint=verdict == "not_recomputable",
    )  # fmt: skip
