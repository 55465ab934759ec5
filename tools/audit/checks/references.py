"""Differences from a standard, an average or another place that is given beside, and multiples of an earlier value."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from corpus.model import Fact
from tools.audit import moving
from tools.audit.comparisons import Tie, ground_of
from tools.audit.intervals import Judged, extremes, judge
from tools.audit.model import Finding, Verdict
from tools.audit.references import Reference, distance_of, multiple_of, reference_of
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import Pieces, called
from tools.audit.view import View
from tools.calculation import Calculation
from tools.evidence import Statement

_CLOSE = Decimal("0.05")
"""How far from a power of two a doubling that is told in words may be and still simply be one."""


@check("difference")
def references(view: View) -> Iterator[Finding]:
    """Recompute by how much a figure lies above or below the value that it is compared with."""
    ground = ground_of(view)
    for fact in view.facts:
        if fact.upper is not None:
            continue
        found = None if fact.kind in ("plan", "target") else reference_of(view, fact)
        if found is not None and (finding := _compared(view, found)):
            yield finding
        elif found is None and (distance := distance_of(ground, fact)):
            if (finding := _distant(view, *distance)) is not None:
                yield finding


def _distant(view: View, claim: Fact, tied: Tie | None) -> Finding | None:
    """Hold a distance told in words against the two figures that they name."""
    made = None
    if tied is not None and tied.level is not None and tied.base is not None:
        made = moving.change(claim, tied.level, tied.base)
    side = "高" if claim.direction == "up" else "低"
    if made is None or tied is None or tied.level is None or tied.base is None:
        if claim.unit != "百分点" or view.by_id[claim.id].kind in ("plan", "target"):
            return None
        why = tell(*called(claim), f"报告写{side}", claim, ":没有给出所比的数,不能复算")
        return _finding(view, claim, (), "not_recomputable", why)
    judged = judge(claim, made)
    used = (tied.level, tied.base)
    if judged.verdict == "inconsistent" and not tied.certain:
        why = tell(*called(claim), f"报告写{side}", claim, ":没有写明比较的是哪一个数,不能复算")
        return _finding(view, claim, used, "not_recomputable", why)
    start: Pieces = (*called(tied.level), tied.level, "与所比的", tied.base, "相差")
    if judged.verdict == "inconsistent":
        right = "高" if made.exact > 0 else "低"
        why = tell(*start, made, f",应为{right}", made, f",报告写{side}", claim, ",不一致")
    else:
        loose = "略有出入,在四舍五入允许的范围内" if judged.verdict == "rounding" else "一致"
        why = tell(*start, made, f",与报告的{side}", claim, loose)
    return _finding(view, claim, used, judged.verdict, why, made, judged)


def _compared(view: View, found: Reference) -> Finding | None:
    claim, value = found.claim, found.value
    tries = []
    for level in (found.level, *reversed(found.others)):
        made = moving.change(claim, level, value)
        if made is not None:
            tries.append((level, made, judge(claim, made)))
    if not tries:
        return None
    level, made, judged = next((t for t in tries if t[2].verdict != "inconsistent"), tries[0])
    side = "高" if made.exact > 0 else "低"
    said = "高" if claim.direction == "up" else "低"
    start: Pieces = (*called(level), level, "与所比的", value, "相差")
    if judged.verdict == "inconsistent" and len(tries) > 1:
        why = tell(*called(claim), f"报告写{said}", claim, ":没有写明比较的是哪一个数,不能复算")
        return _finding(view, claim, (value,), "not_recomputable", why)
    if judged.verdict == "inconsistent":
        why = tell(*start, made, f",应为{side}", made, f",报告写{said}", claim, ",不一致")
    else:
        loose = "略有出入,在四舍五入允许的范围内" if judged.verdict == "rounding" else "一致"
        why = tell(*start, made, f",与报告的{said}", claim, loose)
    return _finding(view, claim, (level, value), judged.verdict, why, made, judged)


@check("multiple")
def multiples(view: View) -> Iterator[Finding]:
    """Recompute "是上年的1.2倍" and "翻一番" from the level and the earlier value."""
    ground = ground_of(view)
    for fact in view.facts:
        if (
            fact.unit not in ("倍", "番")
            or fact.role not in ("level", "base", "rate")
            or fact.kind != "actual"
        ):
            continue
        found = multiple_of(ground, fact)
        if found is None:
            continue
        level, base = found
        made = moving.multiple(fact, level, base) if level is not None and base is not None else None
        if made is None or level is None or base is None:
            why = tell(*called(fact), ":报告说是上期的", fact, ",但没有给出可比的本期数和上期数,不能复算")
            yield _finding(view, fact, (level, base), "not_recomputable", why)
            continue
        judged = _doubled(fact, made) if fact.unit == "番" else judge(fact, made)
        start: Pieces = (*called(level), ":", level, "是", base, "的", made)
        if judged.verdict == "inconsistent":
            why = tell(*start, ",报告写", fact, ",不一致")
        else:
            loose = "大体相符" if judged.verdict == "rounding" else "一致"
            why = tell(*start, ",与报告的", fact, loose)
        yield _finding(view, fact, (level, base), judged.verdict, why, made, judged)


def _doubled(claim: Fact, made: Calculation) -> Judged:
    """Hold a multiple against doublings told in words, which are rarely meant to the last place."""
    target = Decimal(2) ** claim.value
    least, most = extremes(made)
    low, high = sorted((least.exact / target, most.exact / target))
    floor = Decimal("0.8") if "近" in (claim.qualifier or "") else Decimal("0.93")
    verdict: Verdict = "inconsistent"
    if low <= 1 + _CLOSE and high >= 1 - _CLOSE:
        verdict = "consistent"
    elif high >= floor and low < 2:
        verdict = "rounding"
    return Judged(verdict, least, most)


def _finding(
    view: View, claim: Fact, used: tuple[Fact | None, ...], verdict: Verdict, why: Statement,
    made: Calculation | None = None, judged: Judged | None = None,
) -> Finding:  # fmt: skip
    start, end = clause_span(view, claim)
    growth = claim.unit in ("倍", "番", "%")
    evidence = tuple(dict.fromkeys(f for f in (claim, *used) if f is not None))
    return Finding(
        view.report.id, start, end, "growth" if growth else "difference", "growth" if growth else "difference", verdict, why, evidence, claim, made,
        judged.least if judged else None, judged.most if judged else None,
    )  # fmt: skip
