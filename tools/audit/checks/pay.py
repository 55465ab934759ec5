"""Pay that is said to be no less than another: "不低于公务员"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.units import convert
from tools.audit.checks.threshold import VERDICT_WORDS, held
from tools.audit.context import clause_bounds, hedged, judged, named, quoted, year_of
from tools.audit.intervals import interval_of
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.view import View
from tools.change import difference_of


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
            ",与报告所写的", quoted(view, start, end),
            judged(VERDICT_WORDS[verdict], teachers, "≥", servants.value, servants)
            if teachers.unit == servants.unit and verdict != "rounding" else VERDICT_WORDS[verdict],
        )  # fmt: skip
        yield Finding(
            view.report.id, start, end, "contradiction", "threshold", verdict, why,
            (view.quote(start, end), teachers, servants),
        )  # fmt: skip
