"""Bounds that are claimed to be kept ("50%以上", "超过半数") against the share that the report's own counts give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from corpus.claims import Fraction as Words
from corpus.claims import claims
from corpus.counted import counted
from corpus.folding import fold
from corpus.model import Fact
from tools.audit.context import claimed, judged, named, narrowed, pattern, quoted, year_of
from tools.audit.counted_shares import shares_in
from tools.audit.intervals import extremes, half_place, interval_of
from tools.audit.model import Finding, Verdict
from tools.audit.registry import Piece, check, clause_span, tell
from tools.audit.view import View
from tools.calculation import Calculation
from tools.compliance.counts import Share
from tools.compliance.ranges import range_of
from tools.evidence import Part

FAR = 3000
"""Counts further from a claim than this, or in another section, are used only if no others are as near."""


@check("reached")
def bounds(view: View) -> Iterator[Finding]:
    """Recompute each share that is claimed as a bound, or as a target said to have been reached, from its counts."""
    for fact in view.facts:
        if (
            fact.metric_id not in counted()
            or fact.unit not in ("%", "1:N")
            or fact.role not in ("level", "share")
        ):
            continue
        if not (told_as_result(view, fact) and (fact.kind != "actual" or fact.qualifier)):
            continue
        if share := share_for(view, fact):
            yield _judged(view, fact, share)


def told_as_result(view: View, fact: Fact) -> bool:
    """Tell whether a figure is a result: an actual one, or a target that the words before it say was reached."""
    if fact.upper is not None:
        return False
    if fact.kind == "actual":
        return True
    before = view.folded[max(fact.sentence[0], fact.start - 60) : fact.start]
    done = list(re.finditer(claims().done, before))
    if fact.kind != "target" or not done:
        return False
    return not pattern(claims().hedges).search(before[: done[-1].start()].rpartition(",")[2])


def share_for(view: View, fact: Fact) -> Share | None:
    """Return the one share that the counts around ``fact`` give for its metric, place and time."""
    if fact.metric_id not in counted() or narrowed().search(
        fold(fact.label).replace("公办", "").replace("民办", "")
    ):
        return None
    found = [
        s for s in shares_in(view, fact.metric_id or "", fact.start - FAR, fact.end + FAR)
        if s.settled and s.unit == ("%" if fact.unit == "%" else "1:N")
        and all(year_of(f) == year_of(fact) and f.region == fact.region for f in s.facts)
    ]  # fmt: skip
    same = [s for s in found if s.facts[-1].section == fact.section]
    found = same or found
    return found[0] if len(found) == 1 else None


def _judged(view: View, fact: Fact, share: Share) -> Finding:
    made = share.calculation
    verdict, least, most = judge_bound(fact, made, share.exact)
    counts: list[Piece] = []
    for one in share.facts:
        counts += [*(["、"] if counts else []), *named(one)[-1:], one]
    start, end = clause_span(view, fact)
    words = {"consistent": "一致", "rounding": "略有出入,在四舍五入允许的范围内", "inconsistent": "不一致"}[
        verdict
    ]
    why = tell(
        "按报告所列的",
        *counts,
        ",",
        *named(fact),
        "算得",
        made,
        ",与报告所说的",
        quoted(view, start, end),
        words,
    )
    return Finding(
        view.report.id, start, end, "contradiction", "counts", verdict, why, (fact, *share.facts), fact, made,
        least, most,
    )  # fmt: skip


def judge_bound(
    fact: Fact, made: Calculation, exact: Fraction
) -> tuple[Verdict, Calculation | None, Calculation | None]:
    """Hold a figure with its words against what its counts give; a bound is kept as it is written, not as it rounds."""
    allowed = range_of(fact, fact.unit)
    if allowed is not None and allowed.holds(exact):
        return "consistent", None, None
    if made.name not in ("share",):
        half = Fraction(half_place(fact))
        near = allowed is None or allowed.holds(exact + half) or allowed.holds(exact - half)
        return ("rounding" if near else "inconsistent"), None, None
    least, most = extremes(made)
    own = interval_of(fact)
    low, high = sorted((least, most), key=lambda c: c.exact)
    meets = low.exact <= own.high and own.low <= high.exact
    return ("rounding" if meets else "inconsistent"), low, high


_AFTER = re.compile(
    r"^[^,;。\d]{0,24}?[,(]?(?:其?(?:所占)?(?:占比|比例|比重)|占[^,;。\d]{0,12}?的?)(?:达到?|为|约|是)?$"
)
_BEFORE = re.compile(r"^,?(?:已|均|都|也|仍|占比)*$")


@check("fractions")
def fractions(view: View) -> Iterator[Finding]:
    """Hold words for a share ("超过半数", "三分之二以上") against the share printed beside them."""
    for words in claims().fractions:
        for match in pattern(words.words).finditer(view.folded):
            claim = claimed(view, match.start(), match.end())
            if claim is None:
                continue
            fact = _beside(view, match.start(), match.end(), claim.sentence)
            if fact is None:
                continue
            verdict = _outside(words, fact)
            told = "一致" if verdict == "consistent" else "不一致"
            why = tell(
                "报告所写的",
                *named(fact),
                "为",
                fact,
                ",与",
                quoted(view, *claim.clause),
                "的说法",
                _words(told, words, fact),
            )
            claim_span = (min(claim.clause[0], fact.start), max(claim.clause[1], fact.end))
            yield Finding(
                view.report.id, *claim_span, "contradiction", "counts", verdict, why,
                (view.quote(*claim_span), fact), fact,
            )  # fmt: skip


def _beside(view: View, start: int, end: int, sentence: tuple[int, int]) -> Fact | None:
    """Return the share that words and figure give twice: right after the words' noun, or right before the words."""
    text = view.folded
    shares = [
        f for f in view.within(*sentence)
        if f.unit == "%" and f.role in ("share", "level") and f.kind == "actual" and not f.qualifier
    ]  # fmt: skip
    after = next((f for f in shares if f.start >= end), None)
    if after is not None and _AFTER.match(text[end : after.start]) and "其中" not in text[end : after.start]:
        return after
    before = next((f for f in reversed(shares) if f.end <= start), None)
    if (
        before is not None
        and _BEFORE.match(text[before.end : start])
        and re.match(r"[,;。)]|$|\n", text[end : end + 1])
    ):
        return before
    if (
        before is not None
        and text[before.end : start].strip(" 约") == ","
        and _same_people(view, before, end)
    ):
        return before
    return None


def _same_people(view: View, rate: Fact, end: int) -> bool:
    """Tell whether the words after a fraction name again what the rate counted ("参加课后服务…,九成以上的学生参加课后服务")."""
    said = re.split(r"[,;。]", view.folded[end : rate.sentence[1]])[0]
    part = [f for f in view.by_sentence.get(rate.sentence, ()) if f.end <= rate.start and f.unit != "%"][-1:]
    name = fold(part[0].label) if part else ""
    return len(name) >= 4 and name in said and rate.start - part[0].end <= 12


def _words(told: str, words: Words, fact: Fact) -> Part:
    """Return the judging words with the end of the range that decides."""
    if words.least is not None and not (words.most is not None and fact.value > words.most):
        return judged(told, fact, "≥", words.least)
    return judged(told, fact, "≤", words.most or Decimal(100))


def _outside(words: Words, fact: Fact) -> Verdict:
    half = half_place(fact)
    low, high = fact.value - half, fact.value + half
    least, most = words.least or Decimal(0), words.most or Decimal(100)
    return "inconsistent" if high < least or low > most else "consistent"
