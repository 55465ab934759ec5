"""Findings about changes, and what they tell: which figures give what, what the report says, which is the odd one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from corpus.model import Fact
from tools.audit import moving
from tools.audit.comparisons import Tie
from tools.audit.intervals import Judged, judge
from tools.audit.model import Check, Finding, Kind, Verdict
from tools.audit.readings import Reading, read
from tools.audit.registry import clause_span, tell
from tools.audit.sayings import Pieces, called, outcome, way
from tools.audit.view import View
from tools.calculation import Calculation
from tools.evidence import Part, Sentence, Statement


def unit_slip(view: View, tied: Tie, made: Calculation) -> Finding:
    claim = tied.claim
    assert tied.level is not None and tied.base is not None
    relative = moving.change(claim, tied.level, tied.base)
    rest: Pieces = (",按%计应为", relative) if relative is not None else ()
    why = tell(
        *called(tied.level), "由", tied.base, "变为", tied.level, ",相差", made, ";报告写", way(claim), claim,
        ",这个数是", Part(made.unit), "的数", *rest, ",单位应为", Part(made.unit),
    )  # fmt: skip
    judged = judge(claim, relative) if relative is not None else None
    return finding_of(view, claim, "unit", "magnitude", why, (tied.level, tied.base), "inconsistent",
                    relative or made, judged)  # fmt: skip


def scale_slip(view: View, tied: Tie, reading: Reading, which: Fact, unit: str) -> Finding:
    level, base = reading.used[:2]
    verb = outcome(reading.made, tied.claim)
    why = tell(
        *called(level), ":由", level, "和", base, "复算,应为", verb, reading.made, ",报告写", way(tied.claim),
        tied.claim, ",不一致;", which, "的单位若为", Part(unit), "则相符",
    )  # fmt: skip
    return finding_of(view, tied.claim, "unit", "magnitude", why, reading.used, "inconsistent", reading.made,
                    reading.judged)  # fmt: skip


def left_open(view: View, tied: Tie, reading: Reading, adjusted: bool) -> Finding:
    """The figures do not fit, but the words leave open that others are meant."""
    reason = "报告说的是调整口径后的变动" if adjusted else "报告没有写明比较的是哪一个数"
    why = tell(*called(tied.claim), way(tied.claim), tied.claim, ":", reason, ",不能复算")
    return finding_of(view, tied.claim, kind_of(tied.claim), check_of(tied.claim), why, reading.used)


def told(view: View, tied: Tie, reading: Reading) -> Finding:
    claim, made, judged = tied.claim, reading.made, reading.judged
    source: list[str | Part | Fact | Calculation | Sentence] = []
    for at, fact in enumerate(reading.used):
        source += ["、" if 0 < at < len(reading.used) - 1 else "和" if at else "", fact]
    start = (*called(reading.used[0]), ":由", *source, "复算,")
    kind, name = kind_of(claim), check_of(claim)
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
    return finding_of(view, claim, kind, name, why, used, judged.verdict, made, judged)


def _turned(claim: Fact, made: Calculation) -> bool:
    """True if only the direction is wrong: what is said to rise falls by just as much, or the reverse."""
    turned = replace(claim, direction="up" if claim.direction == "down" else "down")
    return claim.value > 0 and judge(turned, made).verdict != "inconsistent"


def _bounds(judged: Judged) -> Pieces:
    least, most = judged.least, judged.most
    if least is None or most is None or least.value == most.value or least.exact * most.exact <= 0:
        return ()
    first, last = sorted((least, most), key=lambda c: abs(c.exact))
    return ("(计入舍入为", first, "至", last, ")")


def _odd(tied: Tie) -> Pieces:
    """Say which of level, base, amount and rate agree with each other: a deduction from the figures alone."""
    claim, level, base, beside = tied.claim, tied.level, tied.base, tied.beside
    if level is None or base is None or beside is None:
        return ()
    other = moving.change(beside, level, base)
    if other is not None and judge(beside, other).verdict != "inconsistent":
        return (";", way(beside), beside, "与所用的数相符")
    rate, amount = (claim, beside) if moving.is_rate(claim) else (beside, claim)
    on_base = read(rate, moving.from_beside(rate, None, base, amount))
    if on_base and on_base.fits:
        return (";增减额", amount, "与变动幅度", rate, "彼此相符,也与", base, "相符,只与", level, "不符")
    in_level = read(rate, moving.from_beside(rate, level, None, amount))
    if in_level and in_level.fits:
        return (";增减额", amount, "与变动幅度", rate, "彼此相符,也与", level, "相符,只与", base, "不符")
    return (";变动幅度", rate, "与增减额", amount, "也不相符")


def kind_of(claim: Fact) -> Kind:
    return "growth" if moving.is_rate(claim) else "difference"


def check_of(claim: Fact) -> Check:
    return "growth" if moving.is_rate(claim) else "difference"


def finding_of(
    view: View, claim: Fact, kind: Kind, name: Check, why: Statement, used: Sequence[Fact | None],
    verdict: Verdict = "not_recomputable", made: Calculation | None = None, judged: Judged | None = None,
) -> Finding:  # fmt: skip
    start, end = clause_span(view, claim)
    evidence = tuple(dict.fromkeys(f for f in (claim, *used) if f is not None))
    return Finding(
        view.report.id, start, end, kind, name, verdict, why, evidence, claim, made,
        judged.least if judged else None, judged.most if judged else None,
    )  # fmt: skip
