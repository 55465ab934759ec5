"""How far a figure lies from a bound, and one figure that is said to be no less than another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.model import Fact
from corpus.units import convert
from tools.audit.checks.threshold import VERDICT_WORDS, bare, comparable, held
from tools.audit.context import clause_bounds, hedged, named, quoted, year_of
from tools.audit.intervals import interval_of, judge
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.view import View
from tools.change import difference_of

_WAY = re.compile(r"(?P<up>高出?|多出?|超出|超过)了?$|(?P<down>低|少)了?$")


@check("margin")
def margins(view: View) -> Iterator[Finding]:
    """Recompute by how much a figure is said to lie above or below a bound ("高于85%的标准8.4个百分点")."""
    for claim in view.facts:
        if claim.role != "change" or claim.kind != "reference":
            continue
        near = [f for f in view.before(claim, 60) if f.sentence == claim.sentence and f.unit == "%"]
        bound = near[-1] if near and near[-1].kind == "policy" else None
        if (
            bound is None
            or claim.unit != "百分点"
            or re.search(r"[,;。]", view.folded[bound.end : claim.start])
        ):
            continue
        way = _way(view, claim)
        figure = view.by_id.get(bound.of or "") or (near[-2] if len(near) > 1 else None)
        if way is None or figure is None or figure.qualifier or not comparable(figure, bound):
            continue
        pair = (figure, bound) if way == "up" else (bound, figure)
        made = difference_of(*pair, ("实际数", "界限") if way == "up" else ("界限", "实际数"))
        judged = judge(replace(claim, direction="up"), made)
        start, end = clause_bounds(view, claim.start, claim.end, claim.sentence)
        why = tell(
            *named(figure), "为", figure, ",与界限", bare(bound), "相差", made, ",与报告所写的",
            quoted(view, start, end), VERDICT_WORDS[judged.verdict],
        )  # fmt: skip
        yield Finding(
            view.report.id, start, end, "difference", "threshold", judged.verdict, why, (claim, figure, bound), claim,
            made, judged.least, judged.most,
        )  # fmt: skip


def _way(view: View, claim: Fact) -> str | None:
    if claim.direction:
        return claim.direction
    match = _WAY.search(view.folded[max(0, claim.start - 4) : claim.start].rstrip())
    return None if match is None else "up" if match["up"] else "down"


@check("not_less")
def pay(view: View) -> Iterator[Finding]:
    """Judge "不低于" where one sentence gives the pay of teachers and that of civil servants before it."""
    for match in re.finditer(r"不低于", view.folded):
        line = max(view.folded.rfind("\n", 0, match.start()) + 1, match.start() - 120)
        start, end = clause_bounds(view, match.start(), match.end(), (line, match.end() + 40))
        inside = [f for f in view.within(line, start) if f.role == "level" and f.kind == "actual"]
        own = [f for f in inside if f.metric_id == "compulsory_teacher_pay"]
        other = [f for f in inside if f.metric_id == "civil_servant_pay"]
        if len(own) != 1 or len(other) != 1 or own[0].sentence != other[0].sentence:
            continue
        teachers, servants = own[0], other[0]
        if (
            year_of(teachers) != year_of(servants)
            or not teachers.sentence[0] <= match.start() < teachers.sentence[1]
        ):
            continue
        before = view.folded[start : match.start()]
        if hedged(view.folded[teachers.sentence[0] : match.start()], before) and not re.search(
            "实现|做到", before
        ):
            continue
        mark = convert(servants.value, servants.unit, teachers.unit)
        verdict = held(teachers.value, interval_of(teachers), mark, "≥", bounded=False)
        made = difference_of(teachers, servants, ("教师", "公务员"))
        why = tell(
            *named(teachers), "为", teachers, ",", *named(servants)[-1:], "为", servants, ",相差", made,
            ",与报告所写的", quoted(view, start, end), VERDICT_WORDS[verdict],
        )  # fmt: skip
        yield Finding(
            view.report.id, start, end, "contradiction", "threshold", verdict, why,
            (view.quote(start, end), teachers, servants), None, made,
        )  # fmt: skip
