"""Figures that are said to meet a standard, and demands that are quoted, against its text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from corpus.catalogue import settled
from corpus.claims import claims
from corpus.folding import fold
from corpus.model import Fact
from tools.audit.checks.threshold import VERDICT_WORDS, bare, figures_of, held, sign_of
from tools.audit.context import (
    clause_bounds,
    hedged,
    judged,
    named,
    narrowed,
    pattern,
    quoted,
)
from tools.audit.intervals import interval_of
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, tell
from tools.audit.standards import Demanded, demands_on, is_sole, known_limits, regime, stricter
from tools.audit.view import View
from tools.compliance.ranges import keeps, range_of
from tools.evidence import Part

_FAR = 40
"""Characters between a figure and the words that say that it meets the standard."""


@check("standard")
def met(view: View) -> Iterator[Finding]:
    """Judge every claim that the figures right before it meet, or miss, what the standard demands."""
    words = re.compile(f"(?P<missed>{claims().missed})|(?P<met>{claims().met})")
    for match in words.finditer(view.folded):
        start, end = match.span()
        line = view.folded.rfind("\n", 0, start) + 1
        before = list(view.within(max(line, start - 300), start))
        if (
            not before
            or start - before[-1].end > _FAR
            or re.match(r"的?(?:学校|班|幼儿园|率)|[的为是]? ?\d", view.folded[end:])
        ):
            continue
        last, between = before[-1], view.folded[before[-1].end : start]
        if re.search(r"[;。\n]", between) or between.count(",") > 1 or view.within(start, end):
            continue
        if (
            not _plain(between)
            or hedged(view.folded[last.sentence[0] : start], between)
            or last.kind != "actual"
        ):
            continue
        every = re.search(r"(?<![平人])均|都|全部|分别", between)
        figures = (
            [f for f in before if f.sentence == last.sentence and f.metric == last.metric]
            if every
            else [last]
        )
        yield from _claims(view, match, figures)


def _plain(between: str) -> bool:
    """Tell whether nothing else is named between a figure and the claim."""
    rest = pattern(claims().fillers).sub("", between)
    return not re.sub(r"[生人平方米元间册台%％]|以上|左右|能够|总体|完全|分别|可以|情况", "", rest)


def _claims(view: View, match: re.Match[str], figures: Sequence[Fact]) -> Iterator[Finding]:
    last = figures[-1]
    where = clause_bounds(view, *match.span(), last.sentence)
    words = view.folded[where[0] : where[1]]
    found = regime(view, *last.sentence)
    if found is None or narrowed().search(fold(last.label).replace("公办", "").replace("民办", "")):
        return
    local = bool(pattern(claims().local).search(words))
    for figure in figures:
        for demanded in demands_on(view, found[0], figure):
            allowed = range_of(figure, demanded.limit.unit)
            kept = keeps(demanded.limit, allowed) if allowed else None
            said = _means_met(match, demanded)
            if kept is None or figure.role not in ("level", "share") or (kept and not said and demanded.each):
                continue  # that a mean is high enough does not say that every school has enough
            yield _judged(
                view,
                figure,
                demanded,
                where,
                said=said,
                agrees=kept == said,
                local=local,
                tied=found[1] or is_sole(figure),
            )


def _means_met(match: re.Match[str], demanded: Demanded) -> bool:
    """Tell whether the words say that the demand is met; 高于 and 低于 turn round where it sets a most."""
    if demanded.limit.operator in ("≤", "<") and re.match(r"高于|超过|低于", match[0]):
        return match[0].startswith("低于")
    return match.lastgroup == "met"


_TURNED = {"≥": "<", ">": "≤", "≤": ">", "<": "≥"}


def _judged(
    view: View,
    figure: Fact,
    demanded: Demanded,
    where: tuple[int, int],
    *,
    said: bool,
    agrees: bool,
    local: bool,
    tied: bool,
) -> Finding:
    verdict: Verdict = "consistent" if agrees else "inconsistent"
    own, mark = interval_of(figure), demanded.limit.value
    remark = ""
    if not agrees and mark is not None and own.low <= mark <= own.high:
        verdict = "rounding"
    elif not agrees and not demanded.confirmed:
        verdict, remark = "not_recomputable", ",但这一限值没有核实到来源,不作判断"
    elif not agrees and demanded.relaxed:
        verdict, remark = "not_recomputable", ",但当时有放宽的规定,报告没有说明是否适用,不作判断"
    elif not agrees and (local or not tied):
        verdict, remark = "not_recomputable", ",但报告所说的可能是别的标准,不作判断"
    clause = demanded.clause()
    words = VERDICT_WORDS[verdict] if not remark else "对不上"
    source = Part(clause.text, clause, label=True)
    sign = demanded.limit.operator if said else _TURNED.get(demanded.limit.operator, demanded.limit.operator)
    why = tell(
        *named(figure), "为", figure, f",{demanded.own.title}标准的要求是", source, ",与报告所写的", quoted(view, *where),
        words if remark or verdict == "rounding" or mark is None else judged(words, figure, sign, mark, clause), remark,
    )  # fmt: skip
    return Finding(
        view.report.id, min(figure.start, where[0]), max(figure.end, where[1]), "contradiction", "standard", verdict,
        why, (figure, view.quote(*where)), figure, hint=verdict == "not_recomputable",
    )  # fmt: skip


_QUOTES = re.compile(r"标准|要求|规定|底线|指标|办法")


_LINE = re.compile(
    r"标准[:为]?(?P<demands>[^。\n]{2,80})[。;][^\n]{0,160}?(?:自评|自查|实际|达标情况|完成情况)[^\n]{0,160}?结论:?(?P<said>均?达标|均?符合(?:标准|要求)|未达标|不达标)"
)


@check("standard_line")
def lines(view: View) -> Iterator[Finding]:
    """Judge a conclusion ("结论:均达标") by the demands and the figures, stage by stage, that its own line states."""
    for match in _LINE.finditer(view.folded):
        demanded = {f.stage: f for f in view.within(*match.span("demands")) if sign_of(view, f)}
        own = view.within(match.end("demands"), match.start("said"))
        pairs = []
        for stage, bound in demanded.items():
            figures = [f for f in own if f.stage == stage and f.unit == bound.unit and not f.qualifier]
            if figures:
                pairs.append((figures[-1], bound, sign_of(view, bound) or "≥"))
        if len(pairs) != len(demanded) or not pairs:
            continue
        worst = [(held(f.value, interval_of(f), b.value, s, bounded=False), f, b) for f, b, s in pairs]
        broken = next((w for w in worst if w[0] == "inconsistent"), None)
        said = "未" not in match["said"] and "不" not in match["said"]
        if broken is None and (not said or any(w[0] != "consistent" for w in worst)):
            continue
        verdict: Verdict = "inconsistent" if said and broken is not None else "consistent"
        _, figure, bound = broken or worst[0]
        why = tell(
            "报告写明的标准是", bare(bound), ",", *named(figure)[:-1], "为", figure, ",与报告所写的", quoted(view, *match.span("said")),
            judged(VERDICT_WORDS[verdict], figure, next(s for f, _, s in pairs if f is figure), bound.value, bound)
            if said else VERDICT_WORDS[verdict],
        )  # fmt: skip
        yield Finding(
            view.report.id, *match.span("said"), "contradiction", "standard", verdict, why,
            (view.quote(*match.span("said")), figure, bound, *(x for f, b, _ in pairs for x in (f, b))), None,
        )  # fmt: skip


@check("quoted_demand")
def demands(view: View) -> Iterator[Finding]:
    """Hold every demand that a report quotes as the standard's against the standard."""
    for own in view.facts:
        fact = _as_demand(view, own)
        if fact is None or fact.upper is not None:
            continue
        clause = clause_bounds(view, fact.start, fact.end, fact.sentence)
        words = view.folded[max(fact.sentence[0], clause[0] - 12) : min(fact.sentence[1], clause[1] + 2)]
        if not _QUOTES.search(words) or pattern(claims().local).search(words):
            continue
        if finding := _quoted_demand(
            view, fact, clause, national=bool(pattern(claims().national).search(words))
        ):
            yield finding


def _as_demand(view: View, fact: Fact) -> Fact | None:
    """Return a figure that words make a demand, named as what it is demanded of; None for any other."""
    if fact.role == "limit" or fact.kind == "policy":
        if settled(fact) is not None:
            return fact
    elif fact.role != "level" or settled(fact) is not None or sign_of(view, fact) is None:
        return None
    figures = figures_of(view, fact)
    if not figures or settled(figures[0]) is None:
        return None
    return replace(fact, metric=figures[0].metric, metric_id=figures[0].metric_id, stage=figures[0].stage)


def _quoted_demand(view: View, fact: Fact, clause: tuple[int, int], *, national: bool) -> Finding | None:
    found = regime(view, *fact.sentence)
    same = next((d for d in known_limits(view, fact) if d.limit.value == fact.value), None)
    rules = demands_on(view, found[0], fact) if found else []
    if found is not None and (fits := [d for d in rules if d.limit.value == fact.value]):
        same = fits[0]
    verdict: Verdict = "consistent"
    remark = "一致"
    demanded = same
    if demanded is None:
        if found is None or len(rules) != 1:
            return None
        demanded = rules[0]
        verdict, remark = "inconsistent", "不一致"
        tied = found[1] or (national and is_sole(fact))
        if not demanded.confirmed or not tied or stricter(demanded.limit, Fraction(fact.value)):
            verdict, remark = "not_recomputable", "不同,可能另有依据,报告没有说明,不作判断"
    source = demanded.clause()
    why = tell(
        f"{demanded.own.title}标准的要求是", Part(source.text, source, label=True), ",与报告所引的", quoted(view, *clause),
        judged(remark, fact, "=", demanded.limit.value or fact.value, source) if verdict != "not_recomputable" else remark,
    )  # fmt: skip
    return Finding(
        view.report.id, *clause, "contradiction", "standard", verdict, why, (fact, view.quote(*clause)), fact,
        hint=verdict == "not_recomputable",
    )  # fmt: skip
