"""Growth and difference against a base, in per cent, points, amounts and multiples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from corpus.catalogue import settled
from corpus.model import Fact
from tools.audit import comparisons, moving, named_pairs
from tools.audit.comparisons import Ground, Tie, claims_of, ground_of, lead, year
from tools.audit.model import Finding
from tools.audit.readings import apart, other_readings, points, read, reading_of, scaled, turned
from tools.audit.references import reference_of
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import called, outcome, way
from tools.audit.seeking import seek
from tools.audit.telling import check_of, finding_of, kind_of, left_open, scale_slip, told, unit_slip
from tools.audit.view import View
from tools.evidence import Sentence

_ANNUAL = re.compile(r"年均|平均每年|年平均|每年平均|年复合")
_ADJUSTED = re.compile(r"可比|同口径|剔除|扣除|不变价|实际增|名义|不含|不考虑|自然增长|按.{0,8}口径")
_OF_A_RATE = re.compile(r"增幅|增速|增长率|降幅|涨幅|增长速度|减幅")


@check("growth")
def changes(view: View) -> Iterator[Finding]:
    """Recompute every change from what the text ties to it; what lacks an input is told as not recomputable."""
    ground = ground_of(view)
    for claim in claims_of(view):
        if reference_of(view, claim) is None:  # a distance from a standard is no change: checks/references.py
            yield _judged(ground, claim)


def _judged(ground: Ground, claim: Fact) -> Finding:
    tied = comparisons.tie(ground, claim)
    words = _words(ground.view, claim)
    if _ANNUAL.search(words):
        return _annual(ground, tied)
    tied = _sought(ground, tied)
    reading = reading_of(tied)
    if reading is not None and not reading.fits and None in (tied.level, tied.base):
        reading = turned(tied) or reading  # the figure beside the change may be the base as well as the level
    if reading is None and (slip := points(tied)) is not None:
        return unit_slip(ground.view, tied, slip)
    if reading is None:
        return _beyond(ground, tied)
    if not reading.fits:
        others = list(other_readings(ground.view, tied))
        reading = next((r for r in others if r.fits), min([reading, *others], key=lambda r: apart(claim, r)))
        if len(reading.used) == 2:
            tied = replace(tied, level=reading.used[0])
    if not reading.fits and tied.base is None and (found := _elsewhere(ground, tied)):
        return found
    if not reading.fits and (slip := points(tied)) is not None:
        return unit_slip(ground.view, tied, slip)
    if not reading.fits and (wrong := scaled(tied)) is not None:
        return scale_slip(ground.view, tied, reading, *wrong)
    if not reading.fits and (not tied.certain or _ADJUSTED.search(words)):
        return left_open(ground.view, tied, reading, bool(_ADJUSTED.search(words)))
    return told(ground.view, tied, reading)


def _sought(ground: Ground, tied: Tie) -> Tie:
    """Go by the words where the links lack an input, or took the earlier value in a bracket for the level."""
    found = seek(ground, tied.claim)
    if found is None or found.level is None or found.base is None:
        of = ground.view.by_id.get(tied.beside.of or "") if tied.beside is not None else None
        if of is not None and of.role == "level" and tied.level is None and tied.base is None:
            return replace(tied, level=of)  # 减少28个,减幅75.7%: the rate is linked to the level
        return tied
    before, after = reading_of(tied), reading_of(found)
    if before is not None and (after is None or not after.fits) and (before.fits or not found.certain):
        return tied
    if tied.level is None or tied.base is None or found.base.id == tied.level.id or before is None:
        return replace(found, beside=found.beside or tied.beside)
    return tied


def _words(view: View, claim: Fact) -> str:
    """Return the words of the claim's clause up to its number, and of the clause before where it is a short one."""
    start, _ = clause_span(view, claim)
    return view.folded[max(claim.sentence[0], min(start, claim.start - 14)) : claim.start]


def _annual(ground: Ground, tied: Tie) -> Finding:
    """年均增长: the compound rate; another way to count the years or to take the mean is fair as well."""
    claim, level, base = tied.claim, tied.level, tied.base
    years: int | None = None
    if run := named_pairs.series_before(ground.view, claim):  # over the whole list, not its last two years
        level, base, years = run[-1], run[0], len(run) - 1
    if level is None or base is None:
        near = [f for f in ground.view.before(claim, 120) if f.sentence == claim.sentence]
        level = next((f for f in reversed(near) if f.role == "level" and f.unit != "年"), None)
        base = next((f for f in reversed(near) if f.role == "base" and level and f.of == level.id), None)
    years = years or _years(ground.view, claim, level, base)
    if claim.unit == "%" and level is not None and base is not None and years:
        tied = replace(tied, level=level, base=base)
        reading = read(claim, moving.annual(claim, level, base, years), level, base)
        loose = [
            read(claim, moving.annual(claim, level, base, n), level, base) for n in (years - 1, years + 1)
        ]
        total = read(claim, moving.change(claim, level, base), level, base)
        if reading and reading.fits:
            return told(ground.view, tied, reading)
        mean = total is not None and abs(abs(total.made.exact / years) - abs(claim.value)) <= Decimal("0.11")
        fair = mean or any(r and r.fits for r in loose)
        if reading and not fair and tied.certain:
            return told(ground.view, tied, reading)
    why = tell(*called(claim), "年均变动", claim, ",年均的算法和首末年份未由报告写明,不作判定")
    return finding_of(ground.view, claim, "growth", "growth", why, (level, base))


def _years(view: View, claim: Fact, level: Fact | None, base: Fact | None) -> int | None:
    """Return the years from base to level, if the text says both."""
    if level is None or base is None:
        return None
    first, last = base.period or "", level.period or ""
    if "/" in last and not first:
        first, last = last.split("/", 1)
    return int(last[:4]) - int(first[:4]) if first[:4].isdigit() and last[:4].isdigit() else None


def _beyond(ground: Ground, tied: Tie) -> Finding:
    """Nothing in the sentence gives the claim: look in the rest of the report and in other reports, or say why not."""
    claim, view = tied.claim, ground.view
    if found := _elsewhere(ground, tied):
        return found
    level, base = tied.level, tied.base
    held = tuple(f for f in (level, base) if f is not None)
    if claim.unit == "百分点" and _OF_A_RATE.search(lead(view, claim, 24)):
        reason = "报告没有给出上期的增幅"
    elif base is not None and base.value <= 0:
        reason = "上期数不大于零,算不出变动幅度"
    elif base is not None and level is None:
        reason = "报告没有给出本期数"
    elif level is not None and base is None:
        reason = "报告没有给出上期数"
    elif level is not None and base is not None:
        reason = "报告所给的本期数与上期数单位不同"
    else:
        reason = "报告没有给出本期数和上期数"
    why = tell(*called(claim), way(claim), claim, ":", reason, ",不能复算")
    return finding_of(view, claim, kind_of(claim), check_of(claim), why, held)


def _elsewhere(ground: Ground, tied: Tie) -> Finding | None:
    """Use a level or base told elsewhere, but only to confirm: that it is the same figure is not said.

    In this report it is one of the same metric, place, stage and unit for the year that is missing; in another
    report of the region the same. One that does not fit proves nothing, as definitions differ.
    """
    claim, level, base, view = tied.claim, tied.level, tied.base, ground.view
    known = level or base
    if known is None or (level is not None and base is not None):
        return None
    wanted = _wanted_year(claim, known, level is not None)
    if wanted is None:
        return None
    own = [
        f for f in ground.alike.get(comparisons.measure(known), ()) if year(f) == wanted and f.id != known.id
    ]
    if level is None:
        own += [f for f in view.facts if _names_level(f, claim, known, wanted)][:4]
    for other in own[:4]:
        pair = (known, other) if level is not None else (other, known)
        reading = read(claim, moving.change(claim, *pair), *pair)
        if reading and reading.fits:
            return told(view, tied, reading)
    return _from_peers(ground, tied, known, wanted) if level is not None and not own else None


def _names_level(fact: Fact, claim: Fact, base: Fact, wanted: int) -> bool:
    return (
        fact.role == "level" and fact.kind == "actual" and year(fact) == wanted and fact.unit == base.unit
        and fact.label.endswith(claim.metric) and fact.sentence != claim.sentence
    )  # fmt: skip


def _wanted_year(claim: Fact, known: Fact, before: bool) -> int | None:
    own = year(known)
    if own is None:
        return None
    if not before:
        return year(claim) if year(claim) != own else None
    said = claim.base_period or ""
    return int(said[:4]) if said[:4].isdigit() else own - 1


def _from_peers(ground: Ground, tied: Tie, level: Fact, wanted: int) -> Finding | None:
    """Hold the claim against the base that another report of the region states for the year before."""
    peers, claim, view = ground.view.peers, tied.claim, ground.view
    if peers is None or settled(level) is None:
        return None
    for neighbour in peers.same_region(view.report):
        for base in neighbour.facts:
            if (
                base.metric_id == level.metric_id and base.stage == level.stage and base.unit == level.unit
                and base.subject == level.subject and year(base) == wanted and base.role == "level"
                and base.kind == "actual" and base.region == level.region
            ):  # fmt: skip
                reading = read(claim, moving.change(claim, level, base), level, base)
                if reading is None:
                    continue
                start, end = base.clause
                text = neighbour.report.text[start:end].strip()
                at = neighbour.report.text.find(text, start)
                told = Sentence(neighbour.report.id, at, at + len(text), text, base.section)
                if reading.fits:
                    why = tell(*called(level), ":上期数取自同一地区的另一份报告", told, ",复算", outcome(reading.made, claim),
                               reading.made, ",与报告的", claim, "相符")  # fmt: skip
                    return finding_of(view, claim, kind_of(claim), check_of(claim), why, (level, base),
                                    reading.judged.verdict, reading.made, reading.judged)  # fmt: skip
                why = tell(*called(level), way(claim), claim, ":本报告没有给出上期数;同一地区另一份报告写", told,
                           ",与它相比应", outcome(reading.made, claim), reading.made, ",口径是否相同请核对")  # fmt: skip
                found = finding_of(view, claim, kind_of(claim), check_of(claim), why, (level, base))
                return replace(found, hint=True)
    return None
