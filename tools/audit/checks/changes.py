"""Growth and difference against a stated base, and whether the direction is the one the words say."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.intervals import judge
from tools.audit.model import Finding
from tools.audit.registry import check, clause_span, tell
from tools.audit.view import View
from tools.calculation import Calculation
from tools.change import difference_of, growth_of


@check("growth")
def growths(view: View) -> Iterator[Finding]:
    """Recompute every rate of change from the two values that the text ties to it."""
    for claim in view.facts:
        if claim.role != "rate" or claim.kind != "actual":
            continue
        level = view.by_id.get(claim.of or "")
        base = next((f for f in view.facts if level and f.role == "base" and f.of == level.id), None)
        made: Calculation | None = None
        if level and base and dimension(level.unit) == dimension(base.unit):
            made = growth_of(level, base)
        if level is None or base is None or made is None:
            start, end = clause_span(view, claim)
            why = tell("报告没有给出复算", claim, "所需的上期数,不能复算")
            yield Finding(
                view.report.id, start, end, "growth", "growth", "not_recomputable", why, (claim,), claim
            )
            continue
        yield _finding(view, claim, level, base, made)


def _finding(view: View, claim: Fact, level: Fact, base: Fact, made: Calculation) -> Finding:
    judged = judge(claim, made)
    start, end = clause_span(view, claim)
    if judged.verdict == "consistent":
        why = tell("由", level, "和", base, "复算得", made, ",与报告的", claim, "一致")
    elif judged.verdict == "rounding":
        why = tell(
            "由", level, "和", base, "复算得", made, ",与报告的", claim, "略有出入,在四舍五入允许的范围内"
        )
    else:
        why = tell("由", level, "和", base, "复算得", made, ",与报告的", claim, "不一致")
    return Finding(
        view.report.id, start, end, "growth", "growth", judged.verdict, why, (claim, level, base), claim, made,
        judged.least, judged.most,
    )  # fmt: skip


@check("difference")
def differences(view: View) -> Iterator[Finding]:
    """Recompute every amount of change from the two values that the text ties to it."""
    for claim in view.facts:
        level = view.by_id.get(claim.of or "")
        if claim.role != "change" or claim.kind != "actual" or level is None:
            continue
        base = next((f for f in view.facts if f.role == "base" and f.of == level.id), None)
        if base is None or dimension(level.unit) != dimension(base.unit):
            continue
        yield _finding(view, claim, level, base, difference_of(level, base, ("本期", "上期")))
