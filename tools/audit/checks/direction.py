"""Words that say which way a figure moved, without saying how far, held against the two figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import moving
from tools.audit.comparisons import ground_of, lead, year
from tools.audit.intervals import interval_in
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import Pieces, called
from tools.audit.view import View
from tools.evidence import Part, Sentence

_UP = r"增加|增长|提高|上升|提升|扩大|上涨|增|升"
_DOWN = r"减少|下降|降低|回落|缩小|下滑|压减|缩减|降|减"
_TO = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:到|至|为)了?(?:(?:19|20)\d\d年底?的)?$")
_AFTER = re.compile(
    r"^\)?(?:有所|略有|明显|大幅|稳步|小幅|进一步|均有|都有|有了?)*"
    r"(?:(?P<up>增加|增长|提高|上升|提升|扩大|上涨|增多)|(?P<down>减少|下降|降低|回落|缩小|下滑))(?=[,;。:)、]|$)"
)
_YEARLY = re.compile(r"年均|平均每年|年平均|每年平均|年复合")
_LEVEL = re.compile(r"(?P<about>基本|大体|大致)?(?:持平|相当(?!于))")
_STEADY, _ABOUT, _FAR = Decimal("0.005"), Decimal("0.03"), Decimal("0.1")
"""How far apart, as a part of the base, two figures may be that are 持平; 基本持平; and no longer either."""


@check("direction")
def directions(view: View) -> Iterator[Finding]:
    """Hold "由X增加到Y" and "比上年的X有所提高" against X and Y."""
    ground = ground_of(view)
    # How far something moved each year, or how often it doubled, is judged with more latitude than which way.
    moved = {
        f.of
        for f in view.facts
        if f.role in ("rate", "change") and f.of and f.unit != "番"
        if not _YEARLY.search(view.folded, max(0, f.start - 12), f.start)
    }
    for level in view.facts:
        bases = [b for b in ground.bases.get(level.id, ()) if dimension(b.unit) == dimension(level.unit)]
        if level.kind != "actual" or not bases or dimension(level.unit) == "ratio":
            continue  # whether 1:15 or 1:14 is the higher ratio depends on who says it
        base = bases[0]
        said, at = _said(view, level, base)
        if said is None:
            continue
        verdict = _way(level, base, said)
        if verdict == "inconsistent" or level.id not in moved:
            yield _finding(view, level, base, said, at, verdict)


def _said(view: View, level: Fact, base: Fact) -> tuple[str | None, int]:
    """Return "up" or "down" as the words say it, and where the word ends."""
    if base.start < level.start and base.sentence == level.sentence:
        if match := _TO.search(lead(view, level)):
            return ("up" if match["up"] else "down"), level.end
    if level.start < base.start:
        if match := _AFTER.match(view.folded[base.end : min(base.sentence[1], base.end + 12)]):
            return ("up" if match["up"] else "down"), base.end + match.end()
    return None, 0


def _way(level: Fact, base: Fact, said: str) -> Verdict:
    now, then = interval_in(level, base.unit), interval_in(base, base.unit)
    if said == "down":
        now, then = then, now
    if now.low > then.high or (now.low + now.high) > (then.low + then.high):
        return "consistent"
    return "inconsistent" if now.high < then.low else "rounding"


def _finding(view: View, level: Fact, base: Fact, said: str, end: int, verdict: Verdict) -> Finding:
    made = moving.difference(level, base, base.unit, "百分点" if base.unit == "%" else base.unit)
    start = clause_span(view, min(base, level, key=lambda f: f.start))[0]
    words = "上升" if said == "up" else "下降"
    fact = "增加" if made.exact > 0 else "减少" if made.exact < 0 else "相差"
    begin: Pieces = (*called(level), ":由", base, "到", level, ",实际", fact, made)
    if verdict == "inconsistent":
        why = tell(*begin, ",报告却说", words, ",方向相反")
    else:
        why = tell(
            *begin, ",与报告所说的", words, "一致" if verdict == "consistent" else "在印出的位数内分不出先后"
        )
    return Finding(
        view.report.id, start, max(end, level.end, base.end), "difference", "direction", verdict, why,
        (level, base), None, made,
    )  # fmt: skip


@check("level")
def steady(view: View) -> Iterator[Finding]:
    """Hold "与上年(基本)持平" against the two figures."""
    ground = ground_of(view)
    for match in _LEVEL.finditer(view.folded):
        around = view.within(match.start() - 60, match.end() + 40)
        near = [f for f in around if f.sentence[0] <= match.start() < f.sentence[1]]
        before = [f for f in near if f.role in ("level", "share") and f.end <= match.start()]
        if not before:
            continue
        level = before[-1]
        base = next(
            (b for b in ground.bases.get(level.id, ()) if dimension(b.unit) == dimension(level.unit)), None
        )
        if base is None or base.value == 0 or base not in near:
            continue
        made = moving.difference(level, base, base.unit, "百分点" if base.unit == "%" else base.unit)
        apart = abs(made.exact / base.value)
        allowed = _ABOUT if match["about"] else _STEADY
        verdict: Verdict = (
            "consistent" if apart <= allowed else "inconsistent" if apart > _FAR else "not_recomputable"
        )
        end = (
            "相符"
            if verdict == "consistent"
            else "不符"
            if verdict == "inconsistent"
            else "是否算得上,报告没有说明尺度"
        )
        why = tell(
            *called(level), ":", level, "与", base, "相差", made, ",与报告所说的“", match.group(), "”", end
        )
        yield Finding(
            view.report.id, match.start(), match.end(), "difference", "direction", verdict, why, (level, base),
            None, made,
        )  # fmt: skip


_RISING = re.compile(r"(?:两个)?[“\"]?只增不减[”\"]?")
_KEPT = re.compile(r"落实了?|实现了?|做到了?|确保了?|坚持|严格执行|达到了?")
_MEANT = re.compile(r"按照?|将|力争|目标|计划|下一步|应当?|必须|情况$")
_TOTAL = ("budget_education_expenditure", "budget_education_funds")
_PER_STUDENT = ("per_student_budget_education_funds", "per_student_budget_education_expenditure")


@check("rising")
def only_rising(view: View) -> Iterator[Finding]:
    """Hold a claim that "两个只增不减" was kept against the report's own figures that fell.

    The rule is about the whole expenditure and about the average over all pupils. A fall of either contradicts the
    claim; a fall of a single stage leaves it open, as the average of all may have risen.
    """
    held = [(match, _sentence(view, match.start())) for match in _RISING.finditer(view.folded)]
    claims = [(match, span) for match, span in held if span and _kept(view, match, span)]
    if not claims:
        return
    span = claims[0][1]
    ground = ground_of(view)
    quote = view.quote(*span)
    fallen: list[tuple[Fact, Fact]] = []
    risen: list[tuple[Fact, Fact]] = []
    for level in view.facts:
        if level.metric_id not in (*_TOTAL, *_PER_STUDENT) or level.role != "level" or level.kind != "actual":
            continue
        if level.region not in (None, view.report.region):
            continue
        base = next(
            (b for b in ground.bases.get(level.id, ()) if dimension(b.unit) == dimension(level.unit)), None
        )
        now, then = year(level), year(base) if base else None
        if base is None or level.of or (now and then and now - then != 1):
            continue
        whole = interval_in(level, base.unit).high < interval_in(base, base.unit).low
        (fallen if whole else risen).append((level, base))
    for level, base in fallen:
        made = moving.difference(level, base, base.unit, base.unit)
        single = level.stage is not None
        begin: Pieces = ("报告称", quote, ",但", *called(level), "由", base, "降为", level, ",减少", made)
        if single:
            why = tell(*begin, ";“只增不减”看全部在校生的平均,报告没有给出,不作判定")
        else:
            why = tell(*begin, ",与“只增不减”不符")
        yield Finding(
            view.report.id, *span, "contradiction", "direction", "not_recomputable" if single else "inconsistent",
            why, (quote, level, base), None, made, hint=single,
        )  # fmt: skip
        if not single:
            return
    if (
        not fallen
        and any(f.metric_id in _TOTAL for f, _ in risen)
        and any(f.metric_id in _PER_STUDENT for f, _ in risen)
    ):
        pieces: list[str | Part | Fact | Sentence] = []
        for level, base in risen:
            pieces += [*called(level), level, "(上期", base, ")、"]
        pieces[-1] = ")"
        why = tell("报告称", quote, ";所列各项都没有下降:", *pieces)
        evidence: tuple[Fact | Sentence, ...] = (quote, *(f for pair in risen for f in pair))
        yield Finding(view.report.id, *span, "contradiction", "direction", "consistent", why, evidence)


def _sentence(view: View, at: int) -> tuple[int, int] | None:
    """Return the clause group around ``at``, between full stops and line ends."""
    text = view.folded
    start = max(text.rfind(mark, max(0, at - 200), at) for mark in "。;\n") + 1
    ends = [e for mark in "。;\n" if (e := text.find(mark, at, at + 200)) >= 0]
    return (start, min(ends)) if ends and start < min(ends) else None


def _kept(view: View, match: re.Match[str], span: tuple[int, int]) -> bool:
    before = view.folded[span[0] : match.start()]
    after = view.folded[match.end() : span[1]]
    heading = len(view.folded[span[0] : span[1]]) < 40 and view.folded[span[1] : span[1] + 1] == "\n"
    last = re.split(r"[,:]", before)[-1]
    return not heading and bool(_KEPT.search(last + after[:12])) and not _MEANT.search(last + after[:12])
