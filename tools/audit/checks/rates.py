"""Rates: a result in per cent whose definition or name says which counts give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpus.audited import Stem, audited, unsettled
from corpus.facts.labels import bare_stage
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.checks.shares import BOUNDED, ahead, is_share
from tools.audit.defined import defined_readings
from tools.audit.figures import Figures, like
from tools.audit.model import Finding
from tools.audit.names import beside, core
from tools.audit.phrases import clause_start
from tools.audit.registry import check
from tools.audit.retention import retention_readings
from tools.audit.share_readings import SCALES, Reading, decide, share_reading
from tools.audit.staged import stage_of
from tools.audit.unsettled import judge_unsettled
from tools.audit.view import View
from tools.audit.wholes import Option, same_kind, told_wholes

_RATE = re.compile(
    r"(?P<name>[^\d,;:。()%]{0,30}?)(?P<end>率|度|比例|比重|占比|面|覆盖)(?![\u4e00-\u9fff]*率)"
)
_NOT_RATES = re.compile(
    r"年度|制度|力度|程度|进度|季度|月度|高度|方面|层面|全面|面积|局面|幅度|深度|难度|(?:增长|增|涨)(?:率|幅|速)"
)

_EARLIER = 160
"""Characters before its sentence in which the counts of a rate may have been told."""


@check("rate")
def rates(view: View) -> Iterator[Finding]:
    """Recompute every rate from the counts that define it or that its name names."""
    figures = Figures(view)
    for claim in view.facts:
        if (finding := judge_rate(figures, claim)) is not None:
            yield finding


def judge_rate(figures: Figures, claim: Fact) -> Finding | None:
    """Return the finding on ``claim``; None where it is no rate, or no result and without counts."""
    if not is_rate(figures, claim):
        return None
    entry = unsettled().get(claim.metric_id or "")
    if entry is not None and (finding := judge_unsettled(figures, claim, entry)) is not None:
        return finding
    readings: list[Reading] = [*defined_readings(figures, claim), *retention_readings(figures, claim)]
    if not readings and entry is None:
        readings += _by_name(figures, claim)
    if not readings and claim.kind != "actual":
        return None
    lacking = "报告没有给出得出这个比率所需的人数或数量,不能复算"
    if readings:
        lacking = "报告没有说明这个比率由哪些数得出,不能复算"
    return decide(
        figures.view, claim, readings, "rate", "rate", (lacking,), [f for r in readings[:1] for f in r.facts]
    )


def is_rate(figures: Figures, claim: Fact) -> bool:
    """True for a result or plan in per cent that its words call a rate."""
    if claim.role != "level" or dimension(claim.unit) not in SCALES or claim.upper is not None:
        return False
    if claim.kind not in ("actual", "plan") or figures.in_table(claim) or is_share(figures, claim):
        return False
    if ahead(figures.view, claim) or BOUNDED.search(claim.qualifier or ""):
        return False
    return rate_name(figures, claim) is not None


def rate_name(figures: Figures, claim: Fact) -> str | None:
    """Return what the text calls the rate, without 率; None where it calls it none."""
    before = figures.text[max(clause_start(figures.text, claim), claim.start - 60) : claim.start]
    names = [
        m for m in _RATE.finditer(re.sub(r"[“”\"\x00 ]", "", before)) if not _NOT_RATES.search(m.group())
    ]
    if names:
        return names[-1]["name"]
    found = _RATE.search(fold(claim.metric))
    return found["name"] if found and not _NOT_RATES.search(found.group()) and not claim.of else None


@cache
def _stems() -> tuple[Stem, ...]:
    return tuple(sorted(audited().stems, key=lambda stem: -len(stem.rate)))


def _by_name(figures: Figures, claim: Fact) -> list[Reading]:
    """Return the readings of a rate named by what is counted ("合格率": 合格的 ÷ 参加的)."""
    name = rate_name(figures, claim) or ""
    if len(name) < 2:
        return []
    stem = next((s for s in _stems() if name.endswith(s.rate)), None)
    part = re.compile(stem.part if stem else re.escape(name[-2:]))
    opposed = re.compile(audited().opposed)
    named = _called(figures, claim, part, opposed)
    full = [f for f in named if name in core(f.label)]
    named = full if len(full) == 1 else named
    readings: list[Reading] = []
    for top in named[::-1][:2]:
        told = _told(figures, claim, top, stem)
        wholes = told + told_wholes(figures, top, (top,), stop=top.start, area=False)
        if stem is not None and stem.plan:
            planned = [f for f in figures.before(top, top.unit) if not same_kind(f, top)]
            wholes += [((f,), False) for f in planned]
        alone = top is named[-1] and not any(f is not top and not beside(f, top) for f in named)
        for whole, certain in wholes:
            sure = alone and certain and (_says(name, stem, top, whole[0]) or (whole, certain) in told)
            reading = share_reading(claim, (top,), whole, sure)
            if reading is not None:
                readings.append(reading)
    return readings


def _called(figures: Figures, claim: Fact, part: re.Pattern[str], opposed: re.Pattern[str]) -> list[Fact]:
    """Return the counts that a rate may have as its part: of its sentence and what follows, or else before it."""
    line, stage = figures.line(claim), stage_of(figures, claim)
    scopes = ((claim.sentence[0], line[1]), (max(line[0], claim.sentence[0] - _EARLIER), claim.sentence[0]))
    for scope in scopes:
        near = [f for f in figures.within(*scope) if f.role == "level"]
        named = [f for f in near if part.search(fold(f.label)) and not opposed.search(core(f.label))]
        named = [f for f in named if any(g is not f and like(g, f.unit) for g in near)] or [
            f for f in near if _verb(figures, f, part, opposed)
        ]
        named = [f for f in named if f.start < claim.start] or named
        if stage is not None:
            named = [f for f in named if stage_of(figures, f) in (stage, None)]
            listed = [
                f for f in near
                if stage_of(figures, f) == stage and bare_stage(f.label) and f.start < claim.start
                and part.search(_lead(figures, f)) and not opposed.search(_lead(figures, f))
            ]  # fmt: skip
            named = listed[:1] or named
        if named:
            return named
    return []


def _verb(figures: Figures, fact: Fact, part: re.Pattern[str], opposed: re.Pattern[str]) -> bool:
    """True if a verb alone stands before a count, so that its name is that of another ("应参训90人,完成90人")."""
    words = re.search(
        r"[\u4e00-\u9fff]{2,8}$", figures.text[max(fact.sentence[0], fact.start - 8) : fact.start]
    )
    return words is not None and bool(part.search(words.group())) and not opposed.search(words.group())


def _lead(figures: Figures, fact: Fact) -> str:
    """Return the words of the count that a list by stages divides ("参加课后服务900人,…;其中小学600人")."""
    before = [
        f for f in figures.before(fact, fact.unit)
        if stage_of(figures, f) is None or not bare_stage(f.label)
    ]  # fmt: skip
    return fold(before[-1].label) if before else ""


def _told(figures: Figures, claim: Fact, part: Fact, stem: Stem | None) -> list[Option]:
    """Return the counts that go by the name that the whole of such a rate has ("应到", "报考")."""
    if stem is None or not stem.whole:
        return []
    words, stage = re.compile(stem.whole), stage_of(figures, claim)
    for scope in (claim.sentence, part.sentence, figures.line(claim)):
        found = [
            f for f in figures.within(*scope)
            if f.role == "level" and f.id != part.id and like(f, part.unit) and words.search(core(f.label))
            and (stage_of(figures, f) == stage or (stage is None and not bare_stage(f.label)))
        ]  # fmt: skip
        if found:
            return [((f,), len({g.value for g in found}) == 1) for f in found[:3]]
    return []


def _says(name: str, stem: Stem | None, part: Fact, whole: Fact) -> bool:
    """True if a rate's own word stands in the name of its part, and all else it says in part or whole."""
    word = stem.rate if stem else name[-2:]
    rest, counted = core(name.removesuffix(word)), core(part.label)
    literal = word in counted or (stem is not None and stem.sure)
    return literal and (rest in ("", name) or rest in counted or rest in core(whole.label))
