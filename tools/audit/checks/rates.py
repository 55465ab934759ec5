"""Rates: a result in per cent whose definition or name says which counts give it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpus.audited import Stem, audited, unsettled
from corpus.folding import fold
from corpus.model import Fact
from corpus.units import dimension
from tools.audit.checks.shares import BOUNDED, ahead, is_share
from tools.audit.defined import defined_readings
from tools.audit.figures import Figures
from tools.audit.model import Finding
from tools.audit.names import beside, core
from tools.audit.phrases import clause_start
from tools.audit.registry import check
from tools.audit.share_readings import SCALES, Reading, decide, share_reading
from tools.audit.unsettled import judge_unsettled
from tools.audit.view import View
from tools.audit.wholes import same_kind, told_wholes

_RATE = re.compile(
    r"(?P<name>[^\d,;:。()%]{0,30}?)(?P<end>率|度|比例|比重|占比|面|覆盖)(?![\u4e00-\u9fff]*率)"
)
_NOT_RATES = re.compile(
    r"年度|制度|力度|程度|进度|季度|月度|高度|方面|层面|全面|面积|局面|幅度|深度|难度|(?:增长|增|涨)(?:率|幅|速)"
)


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
    readings: list[Reading] = [*defined_readings(figures, claim)]
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
    near = [f for f in figures.within(claim.sentence[0], figures.line(claim)[1]) if f.role == "level"]
    named = [f for f in near if part.search(fold(f.label)) and not opposed.search(core(f.label))]
    named = [f for f in named if f.start < claim.start] or named
    full = [f for f in named if name in core(f.label)]
    named = full if len(full) == 1 else named
    readings: list[Reading] = []
    for top in named[::-1][:2]:
        wholes = told_wholes(figures, top, (top,), stop=top.start, area=False)
        if stem is not None and stem.plan:
            planned = [f for f in figures.before(top, top.unit) if not same_kind(f, top)]
            wholes += [((f,), False) for f in planned]
        alone = top is named[-1] and not any(f is not top and not beside(f, top) for f in named)
        for whole, certain in wholes:
            sure = alone and certain and _says(name, stem, top, whole[0])
            reading = share_reading(claim, (top,), whole, sure)
            if reading is not None:
                readings.append(reading)
    return readings


def _says(name: str, stem: Stem | None, part: Fact, whole: Fact) -> bool:
    """True if a rate's own word stands in the name of its part, and all else it says in part or whole."""
    word = stem.rate if stem else name[-2:]
    rest, counted = core(name.removesuffix(word)), core(part.label)
    literal = word in counted or (stem is not None and stem.sure)
    return literal and (rest in ("", name) or rest in counted or rest in core(whole.label))
