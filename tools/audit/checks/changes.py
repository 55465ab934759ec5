"""Growth and difference against a base, in per cent, points, amounts and multiples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import comparisons, moving
from tools.audit.comparisons import Ground, Tie, claims_of, ground_of, lead, year
from tools.audit.intervals import Judged, judge
from tools.audit.model import Check, Finding, Kind, Verdict
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import called, outcome, way
from tools.audit.view import View
from tools.calculation import Calculation
from tools.evidence import Part, Sentence, Statement

_ANNUAL = re.compile(r"年均|平均每年|年平均|每年平均|年复合")
_ADJUSTED = re.compile(r"可比|同口径|剔除|扣除|不变价|实际增|名义|不含|不考虑|自然增长|按.{0,8}口径")
_OF_A_RATE = re.compile(r"增幅|增速|增长率|降幅|涨幅|增长速度|减幅")
_GROUNDS = tuple[str | Part | Fact | Calculation | Sentence, ...]


@check("growth")
def changes(view: View) -> Iterator[Finding]:
    """Recompute every change from what the text ties to it; what lacks an input is told as not recomputable."""
    ground = ground_of(view)
    for claim in claims_of(view):
        yield _judged(ground, claim)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to take a claim: the calculation, how it comes out, and the figures that go in."""

    made: Calculation
    judged: Judged
    used: tuple[Fact, ...]

    @property
    def fits(self) -> bool:
        return self.judged.verdict != "inconsistent"


def _read(claim: Fact, made: Calculation | None, *used: Fact) -> _Reading | None:
    return None if made is None else _Reading(made, judge(claim, made), used)


def _judged(ground: Ground, claim: Fact) -> Finding:
    tied = comparisons.tie(ground, claim)
    words = _words(ground.view, claim)
    if _ANNUAL.search(words):
        return _annual(ground, tied)
    reading = _reading(tied)
    if reading is None:
        return _beyond(ground, tied)
    if not reading.fits:
        reading = next((r for r in _other_readings(tied) if r.fits), reading)
    if not reading.fits and tied.base is None and (found := _elsewhere(ground, tied)):
        return found
    if not reading.fits and (slip := _points(tied)) is not None:
        return _unit_slip(ground.view, tied, slip)
    if not reading.fits and (not tied.certain or _ADJUSTED.search(words)):
        return _open(ground.view, tied, reading, bool(_ADJUSTED.search(words)))
    return _told(ground.view, tied, reading)


def _words(view: View, claim: Fact) -> str:
    """Return the words of the claim's clause up to its number, and of the clause before where it is a short one."""
    start, _ = clause_span(view, claim)
    return view.folded[max(claim.sentence[0], min(start, claim.start - 14)) : claim.start]


def _reading(tied: Tie) -> _Reading | None:
    claim, level, base = tied.claim, tied.level, tied.base
    if level is not None and base is not None:
        return _read(claim, moving.change(claim, level, base), level, base)
    held = level or base
    if held is None or tied.beside is None:
        return None
    made = moving.from_beside(claim, level, base, tied.beside)
    reading = _read(claim, made, held, tied.beside)
    # of an amount and a rate that disagree, one is told as the claim: the rate, as it is the one derived
    return None if reading and not reading.fits and not moving.is_rate(claim) else reading


def _other_readings(tied: Tie) -> Iterator[_Reading]:
    """Other readings of the same words: another level told before, or several of them together."""
    claim, level, base = tied.claim, tied.level, tied.base
    if level is None or base is None:
        return
    for other in tied.others:
        made = moving.change(claim, other, base)
        beside = tied.beside and moving.change(tied.beside, other, base)
        reading = _read(claim, made, other, base)
        if reading and (
            tied.beside is None or not beside or judge(tied.beside, beside).verdict != "inconsistent"
        ):
            yield reading
    parts = (*tied.others, level)
    for first in range(max(0, len(parts) - 4), len(parts) - 1):
        reading = _read(claim, moving.of_sum(claim, parts[first:], base), *parts[first:], base)
        if reading:
            yield reading


def _annual(ground: Ground, tied: Tie) -> Finding:
    """年均增长: the compound rate, or the plain mean where the report took that."""
    claim, level, base = tied.claim, tied.level, tied.base
    if level is None or base is None:
        near = [f for f in ground.view.before(claim, 120) if f.sentence == claim.sentence]
        level = next((f for f in reversed(near) if f.role == "level"), None)
        base = next((f for f in reversed(near) if f.role == "base" and level and f.of == level.id), None)
    years = _years(ground.view, claim, level, base)
    if claim.unit == "%" and level is not None and base is not None and years:
        reading = _read(claim, moving.annual(claim, level, base, years), level, base)
        if reading and reading.fits:
            return _told(ground.view, replace(tied, level=level, base=base), reading)
    why = tell(*called(claim), "年均变动", claim, ",年均的算法和首末年份未由报告写明,不作判定")
    return _finding(ground.view, claim, "growth", "growth", why, (level, base))


def _years(view: View, claim: Fact, level: Fact | None, base: Fact | None) -> int | None:
    """Return the years from base to level, if the text says both."""
    if level is None or base is None:
        return None
    first, last = base.period or "", level.period or ""
    if "/" in last and not first:
        first, last = last.split("/", 1)
    return int(last[:4]) - int(first[:4]) if first[:4].isdigit() and last[:4].isdigit() else None


def _points(tied: Tie) -> Calculation | None:
    """Return the change in points where a claim in % is just that, or in % where a claim in points is that."""
    claim, level, base = tied.claim, tied.level, tied.base
    if level is None or base is None:
        return None
    if claim.unit == "%" and level.unit == base.unit == "%":
        other = replace(claim, unit="百分点", role="change")
    elif claim.unit == "百分点" and dimension(level.unit) not in moving.PERCENT:
        other = replace(claim, unit="%", role="rate")
    else:
        return None
    made = moving.change(other, level, base)
    return made if made and judge(other, made).verdict != "inconsistent" else None


def _unit_slip(view: View, tied: Tie, made: Calculation) -> Finding:
    claim = tied.claim
    assert tied.level is not None and tied.base is not None
    relative = moving.change(claim, tied.level, tied.base)
    rest: _GROUNDS = (",按%计应为", relative) if relative is not None else ()
    why = tell(
        *called(tied.level), "由", tied.base, "变为", tied.level, ",相差", made, ";报告写", way(claim), claim,
        ",这个数是", Part(made.unit), "的数", *rest, ",单位应为", Part(made.unit),
    )  # fmt: skip
    judged = judge(claim, relative) if relative is not None else None
    return _finding(view, claim, "unit", "magnitude", why, (tied.level, tied.base), "inconsistent",
                    relative or made, judged)  # fmt: skip


def _open(view: View, tied: Tie, reading: _Reading, adjusted: bool) -> Finding:
    """The figures do not fit, but the words leave open that others are meant."""
    reason = "报告说的是调整口径后的变动" if adjusted else "报告没有写明比较的是哪一个数"
    why = tell(*called(tied.claim), way(tied.claim), tied.claim, ":", reason, ",不能复算")
    return _finding(view, tied.claim, _kind(tied.claim), _check(tied.claim), why, reading.used)


def _told(view: View, tied: Tie, reading: _Reading) -> Finding:
    claim, made, judged = tied.claim, reading.made, reading.judged
    source: list[str | Part | Fact | Calculation | Sentence] = []
    for at, fact in enumerate(reading.used):
        source += ["、" if 0 < at < len(reading.used) - 1 else "和" if at else "", fact]
    start = (*called(reading.used[0]), ":由", *source, "复算,")
    kind, name = _kind(claim), _check(claim)
    verb = outcome(made, claim)
    if judged.verdict == "consistent":
        why = tell(*start, verb, made, ",与报告的", claim, "一致")
    elif judged.verdict == "rounding":
        why = tell(*start, verb, made, ",与报告的", claim, "略有出入,在四舍五入允许的范围内")
    elif _turned(claim, made):
        name = "direction"
        why = tell(*start, "应为", verb, made, ",报告写", way(claim), claim, ",方向相反")
    else:
        why = tell(
            *start, "应为", verb, made, *_bounds(judged), ",报告写", way(claim), claim, ",不一致", *_odd(tied)
        )
    used = (*reading.used, tied.beside) if judged.verdict == "inconsistent" else reading.used
    return _finding(view, claim, kind, name, why, used, judged.verdict, made, judged)


def _turned(claim: Fact, made: Calculation) -> bool:
    """True if only the direction is wrong: what is said to rise falls by just as much, or the reverse."""
    turned = replace(claim, direction="up" if claim.direction == "down" else "down")
    return claim.value > 0 and judge(turned, made).verdict != "inconsistent"


def _bounds(judged: Judged) -> _GROUNDS:
    least, most = judged.least, judged.most
    if least is None or most is None or least.value == most.value or least.exact * most.exact <= 0:
        return ()
    first, last = sorted((least, most), key=lambda c: abs(c.exact))
    return ("(计入舍入为", first, "至", last, ")")


def _odd(tied: Tie) -> _GROUNDS:
    """Say which of level, base, amount and rate agree with each other: a deduction from the figures alone."""
    claim, level, base, beside = tied.claim, tied.level, tied.base, tied.beside
    if level is None or base is None or beside is None:
        return ()
    other = moving.change(beside, level, base)
    if other is not None and judge(beside, other).verdict != "inconsistent":
        return (";", way(beside), beside, "与所用的数相符")
    rate, amount = (claim, beside) if moving.is_rate(claim) else (beside, claim)
    on_base = _read(rate, moving.from_beside(rate, None, base, amount))
    if on_base and on_base.fits:
        return (";增减额", amount, "与变动幅度", rate, "彼此相符,也与", base, "相符,只与", level, "不符")
    in_level = _read(rate, moving.from_beside(rate, level, None, amount))
    if in_level and in_level.fits:
        return (";增减额", amount, "与变动幅度", rate, "彼此相符,也与", level, "相符,只与", base, "不符")
    return (";变动幅度", rate, "与增减额", amount, "也不相符")


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
        reason = "报告所给的两期数单位不同"
    else:
        reason = "报告没有给出本期数和上期数"
    why = tell(*called(claim), way(claim), claim, ":", reason, ",不能复算")
    return _finding(view, claim, _kind(claim), _check(claim), why, held)


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
        reading = _read(claim, moving.change(claim, *pair), *pair)
        if reading and reading.fits:
            return _told(view, tied, reading)
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
    if peers is None or level.metric_id is None:
        return None
    for neighbour in peers.same_region(view.report):
        for base in neighbour.facts:
            if (
                base.metric_id == level.metric_id and base.stage == level.stage and base.unit == level.unit
                and base.subject == level.subject and year(base) == wanted and base.role == "level"
                and base.kind == "actual" and base.region == level.region
            ):  # fmt: skip
                reading = _read(claim, moving.change(claim, level, base), level, base)
                if reading is None:
                    continue
                start, end = base.clause
                text = neighbour.report.text[start:end].strip()
                at = neighbour.report.text.find(text, start)
                told = Sentence(neighbour.report.id, at, at + len(text), text, base.section)
                if reading.fits:
                    why = tell(*called(level), ":上期数取自同一地区的另一份报告", told, ",复算", outcome(reading.made, claim),
                               reading.made, ",与报告的", claim, "相符")  # fmt: skip
                    return _finding(view, claim, _kind(claim), _check(claim), why, (level, base),
                                    reading.judged.verdict, reading.made, reading.judged)  # fmt: skip
                why = tell(*called(level), way(claim), claim, ":本报告没有给出上期数;同一地区另一份报告写", told,
                           ",与它相比应", outcome(reading.made, claim), reading.made, ",口径是否相同请核对")  # fmt: skip
                found = _finding(view, claim, _kind(claim), _check(claim), why, (level, base))
                return replace(found, hint=True)
    return None


def _kind(claim: Fact) -> Kind:
    return "growth" if moving.is_rate(claim) else "difference"


def _check(claim: Fact) -> Check:
    return "growth" if moving.is_rate(claim) else "difference"


def _finding(
    view: View, claim: Fact, kind: Kind, name: Check, why: Statement, used: Sequence[Fact | None],
    verdict: Verdict = "not_recomputable", made: Calculation | None = None, judged: Judged | None = None,
) -> Finding:  # fmt: skip
    start, end = clause_span(view, claim)
    evidence = tuple(dict.fromkeys(f for f in (claim, *used) if f is not None))
    return Finding(
        view.report.id, start, end, kind, name, verdict, why, evidence, claim, made,
        judged.least if judged else None, judged.most if judged else None,
    )  # fmt: skip
