"""Plans and targets told as results: a target said to be reached, a plan said to be done, a time that has not come."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace

from corpus.claims import claims
from corpus.folding import fold
from corpus.model import Fact
from corpus.periods import read_periods
from corpus.units import convert, dimension
from tools.audit.checks.reached import share_for
from tools.audit.context import (
    clause_bounds,
    furniture,
    hedged,
    judged,
    named,
    pattern,
    quoted,
    sentence_bounds,
    year_of,
)
from tools.audit.intervals import half_place
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, tell
from tools.audit.view import View
from tools.change import difference_of
from tools.evidence import Part, amount

_DONE = re.compile(
    r"(?P<how>超额|提前|全面|圆满|如期|按期|顺利|全部|胜利|成功)?(?P<verb>完成|实现|达到|达成|做到)了?"
)
_COMPLETED = re.compile(r"(?P<not>未能?|没有|尚未|基本)?(?P<how>超额|提前|全面|圆满|如期|按期|顺利|全部)完成")
_THEN = re.compile(r"^的?[^,;。\d]{0,8}(?:目标|任务)(?:任务)?,(?:实际|已|现)*(?:达到?|为)$")
_FINISHED = re.compile(
    r"已(?:经|于|在|全部|全面|如期)*[^,;。]{0,16}?(?:完成|建成|竣工|投入使用|投用|移交|达到|实现)"
)


@check("plan")
def targets(view: View) -> Iterator[Finding]:
    """Look at every target that the words say was reached: is there a result to show it?"""
    results = {f.metric for f in view.facts if f.kind == "actual" and f.role == "level" and not f.qualifier}
    for fact in view.facts:
        how = _reached(view, fact)
        if how is None or fact.upper is not None or share_for(view, fact) is not None:
            continue
        actual = _actual(view, fact)
        if actual is not None:
            yield _held(view, fact, actual, how)
            continue
        beside = [f for f in view.by_sentence[fact.sentence] if f is not fact and f.unit == fact.unit]
        if beside or (fact.kind == "target" and fact.metric in results) or _told(view, fact):
            continue  # there is a figure that may be the result: nothing is certainly missing
        start, end = clause_bounds(view, fact.start, fact.end, fact.sentence)
        why = tell(
            "报告在", quoted(view, start, end), "里写的", Part(amount(_plain(fact)), fact), "是目标数,没有写实际数,不能核对目标是否已经实现",
        )  # fmt: skip
        yield Finding(
            view.report.id, start, end, "contradiction", "plan", "not_recomputable", why, (fact,), fact, hint=True
        )  # fmt: skip


def _told(view: View, goal: Fact) -> bool:
    """Tell whether another figure of the very same name stands near, which may be the result."""
    near = (*view.before(goal, 1500), *view.after(goal, 1500))
    return any(f.metric == goal.metric and f.unit == goal.unit and f.kind == "actual" for f in near)


def _plain(fact: Fact) -> Fact:
    return replace(fact, qualifier=None)


def _reached(view: View, fact: Fact) -> str | None:
    """Return the word by which a target is said to be reached (超额, 如期, "" for a bare 完成); None if it is not said."""
    if fact.role not in ("level", "share") or fact.kind not in ("actual", "target"):
        return None
    after = view.folded[fact.end : fact.sentence[1]]
    if not pattern(claims().goal_after).match(after) or re.match(r"[^,;。]{0,8}(?:完成率|的\d)", after):
        return None
    before = view.folded[max(fact.sentence[0], fact.start - 80) : fact.start]
    found = list(_DONE.finditer(before))
    if (
        not found
        or re.search(r"[。;]", before[found[-1].start() :])
        or re.search(r"控制|压减|降|减少|以内", before)
    ):
        return None
    match = next((m for m in found if m["how"] == "超额"), found[-1])
    lead = before[: match.start()]
    if hedged(lead, re.split(r"[,;。]", lead)[-1]) or re.search(r"(?:未能?|没有|尚未|不能|难以)$", lead):
        return None
    return match["how"] or ""


def _actual(view: View, goal: Fact) -> Fact | None:
    """Return the result that goes with a target: said to be the actual one in its sentence, or of the very same name."""
    words = pattern(claims().actual)
    same = [
        f for f in view.by_sentence.get(goal.sentence, ())
        if f is not goal and f.role in ("level", "share") and f.kind in ("actual", "plan", "target")
        and f.start > goal.start and dimension(f.unit) == dimension(goal.unit)
        and (words.search(fold(f.label)) or _THEN.match(view.folded[goal.end : f.start]))
    ]  # fmt: skip
    if same:
        return same[0] if len(same) == 1 else None
    before = [f for f in view.by_sentence.get(goal.sentence, ()) if f.start < goal.start]
    if not before or before[-1].kind != "actual" or before[-1].role not in ("level", "share"):
        return None
    between = view.folded[before[-1].end : goal.start]
    rest = _DONE.sub(
        "",
        re.sub(
            r"提前[一二两三四五\d]+个?[年月]|[“\"]?十[二三四五]五[”\"]?(?:规划)?(?:期间|末)?|20\d\d年|确定|提出",
            "",
            between,
        ),
    )
    alone = "," in between and not pattern(claims().fillers).sub("", rest)
    return before[-1] if alone and before[-1].unit == goal.unit else None


def _held(view: View, goal: Fact, actual: Fact, how: str, until: int = 0) -> Finding:
    mark = convert(goal.value, goal.unit, actual.unit)
    reached = actual.value > mark if how == "超额" else actual.value >= mark
    near = actual.value + half_place(actual) >= mark - half_place(goal)
    verdict: Verdict = "consistent" if reached else "inconsistent"
    if not reached and (near and actual.value != mark) and half_place(actual) > 0:
        verdict = "rounding"
    if (not reached and actual.upper is not None) or actual.qualifier:
        verdict = "consistent" if reached else "not_recomputable"
    start, end = min(goal.start, actual.start), max(goal.end, actual.end, until)
    start, _ = clause_bounds(view, start, start, goal.sentence)
    _, end = clause_bounds(view, end, end, goal.sentence)
    made = difference_of(actual, goal, ("实际数", "目标数"))
    apart = ["相差", made, ","] if made.exact else ["两者相等,"]
    words = {
        "consistent": "一致",
        "rounding": "在四舍五入允许的范围内一致",
        "not_recomputable": "无法核对",
    }.get(verdict, "不一致")
    why = tell(
        "目标数是", Part(amount(_plain(goal)), goal), ",实际数是", Part(amount(_plain(actual)), actual), ",", *apart,
        "与报告所写的", quoted(view, start, end),
        judged(words, actual, ">" if how == "超额" else "≥", goal.value, goal)
        if verdict in ("consistent", "inconsistent") and actual.unit == goal.unit else words,
    )  # fmt: skip
    return Finding(
        view.report.id, start, end, "contradiction", "plan", verdict, why, (goal, actual), actual
    )  # fmt: skip


@check("plan_done")
def completed(view: View) -> Iterator[Finding]:
    """Hold "圆满完成" against a plan and its result in the same sentence ("计划招聘100名,实际招聘92名,圆满完成")."""
    for match in _COMPLETED.finditer(view.folded):
        if match["not"] or furniture(view, match.start()):
            continue
        sentence = sentence_bounds(view, match.start())
        before = view.within(sentence[0], match.start())
        results = [f for f in before if re.search(claims().actual, fold(f.label)) and f.role == "level"]
        plans = [f for f in before if f.kind in ("plan", "target") and f.role == "level" and f not in results]
        if len(plans) != 1 or len(results) != 1 or plans[0].start > results[0].start:
            continue
        plan, result = plans[0], results[0]
        if (
            dimension(plan.unit) != dimension(result.unit)
            or match.start() - result.end > 12
            or _others(plan, result)
        ):
            continue
        if plan.qualifier or result.qualifier or plan.upper or result.upper:
            continue
        yield _held(view, plan, result, match["how"], match.end())


def _others(plan: Fact, result: Fact) -> bool:
    """Tell whether plan and result name different things ("计划招聘教师100名,实际培训教师92名")."""

    def core(fact: Fact) -> str:
        return re.sub(r"计划|实际|拟|预计|目标|原|已|完成|的| ", "", fold(fact.label))

    first, second = core(plan), core(result)
    return bool(first and second) and not (first.startswith(second) or second.startswith(first))


@check("too_early")
def too_early(view: View) -> Iterator[Finding]:
    """Find what is said to be done at a time after the report was published."""
    published = view.report.published
    if published is None:
        return
    for match in _FINISHED.finditer(view.folded):
        sentence = sentence_bounds(view, match.start())
        start, end = clause_bounds(view, *match.span(), sentence)
        clause = view.folded[start : match.start() + 1]
        if furniture(view, match.start()) or re.search(
            r"计划|拟|预计|力争|确保|将|目标|前(?:应|要|须)", view.folded[sentence[0] : match.end()]
        ):
            continue
        times = [p for p in read_periods(view.report.text[start : match.end()]) if p.key and "/" not in p.key]
        if len(times) != 1 or (day := _first_day(times[0].key)) is None or day <= published:
            continue
        if times[0].start > len(clause) + 16:
            continue
        when = view.report.text[start + times[0].start : start + times[0].end]
        why = tell(
            "报告称", quoted(view, start, end), ",但报告发布时还没有到",
            Part(when, view.quote(start + times[0].start, start + times[0].end), label=True), ",不可能是已有的结果",
        )  # fmt: skip
        facts = tuple(view.within(start, end))
        yield Finding(
            view.report.id, start, end, "contradiction", "plan", "inconsistent", why, (view.quote(start, end), *facts)
        )  # fmt: skip


def _first_day(key: str | None) -> dt.date | None:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", key or "")
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


@check("future_result")
def future(view: View) -> Iterator[Finding]:
    """Find figures of a year after the report's own that are told without a word of plan or goal."""
    report = view.report
    if report.published is None:
        return
    for fact in view.facts:
        year = year_of(fact)
        if (
            fact.kind not in ("actual", "plan")
            or fact.role not in ("level", "share")
            or year is None
            or not year.isdigit()
        ):
            continue
        if int(year) <= report.published.year or year not in view.folded[fact.sentence[0] : fact.start]:
            continue
        before = view.folded[fact.sentence[0] : fact.start]
        if not re.search(r"(?:达到|实现|完成|为|达) *$", before) or hedged(before, before):
            continue
        start, end = clause_bounds(view, fact.start, fact.end, fact.sentence)
        why = tell(
            *named(fact), "写作", fact, ",但报告发布时这一年还没有到,这个数只能是计划或目标,报告没有说明"
        )  # fmt: skip
        yield Finding(
            report.id, start, end, "contradiction", "plan", "not_recomputable", why, (fact,), fact, hint=True
        )  # fmt: skip
