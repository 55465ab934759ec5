"""The same quantity in two reports of one region: alike, or with two values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from corpus.folding import fold
from corpus.model import Report
from corpus.sameness import sameness
from tools.audit.mentions import Mention, agree, comparable, cut_off, keeps, mentions, rough_key
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, clause_span, tell
from tools.audit.view import View
from tools.audit.wording import quantity_of
from tools.evidence import Part


@check("across")
def across(view: View) -> Iterator[Finding]:
    """Hold the figures of a report against those of the other stored reports of its region.

    ``inconsistent`` only for indicators of the catalogue, which have one value a year, and only where neither
    report speaks of changed or corrected figures; what is counted on a day may have been counted on two.
    A figure is held against each other report once, the nearest statement in time of reading first.
    """
    if view.peers is None or not view.report.region:
        return
    neighbours = view.peers.same_region(view.report)
    if not neighbours:
        return
    own: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
    for mention in mentions(view.report, view.folded, view.facts):
        if mention.standing != "other":
            own[mention.key].append(mention)
    rough = {rough_key(m.fact) for found in own.values() for m in found}
    here = bool(sameness().words("revised").search(view.folded))
    judged: set[tuple[str, str]] = set()
    for neighbour in neighbours:
        report = neighbour.report
        region = view.report.region  # two ways to write one region are one region
        facts = [replace(f, region=region) if f.region == report.region else f for f in neighbour.facts]
        if not any(keeps(f, replace(report, region=region)) and rough_key(f) in rough for f in facts):
            continue
        folded = fold(report.text)
        revised = here or bool(sameness().words("revised").search(folded))
        theirs: dict[tuple[object, ...], list[Mention]] = defaultdict(list)
        for mention in mentions(replace(report, region=region), folded, facts):
            theirs[mention.key].append(mention)
        for key, found in own.items():
            for mention in found:
                others = [other for other in theirs.get(key, ()) if comparable(mention, other)]
                if others and (mention.fact.id, report.id) not in judged:
                    judged.add((mention.fact.id, report.id))
                    yield from _judge(view, mention, others, report, revised)


def _judge(
    view: View, mention: Mention, others: list[Mention], report: Report, revised: bool
) -> Iterator[Finding]:
    """Judge a figure against what one other report says; a report that says two things is no witness."""
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
    elif counted:
        verdict, end = "not_recomputable", ",统计时点可能不同,不能据此判断,请核对"
    elif revised:
        verdict, end = "not_recomputable", ",但报告提到口径或数据有调整,不能据此判断,请核对"
    else:
        verdict, end = "inconsistent", ",对同一个数的说法不一致,请核对以哪一份为准"
    title = Part(report.title, other, label=True)
    why = tell(*quantity_of(claim), "在本报告中写的是", claim, ",在《", title, "》中写的是", other, end)
    start, stop = clause_span(view, claim)
    yield Finding(
        view.report.id, start, stop, "contradiction", "across", verdict, why, (claim, other), claim,
        hint=verdict == "not_recomputable",
    )  # fmt: skip
