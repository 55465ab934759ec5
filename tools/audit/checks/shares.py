"""Shares: a part of a whole in per cent, recomputed from the counts or amounts that its words tie to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.defined import defined_readings
from tools.audit.figures import Figures
from tools.audit.model import Finding
from tools.audit.phrases import Phrase, phrase_of, share_readings
from tools.audit.registry import check
from tools.audit.share_readings import SCALES, Piece, Reading, decide
from tools.audit.view import View

BOUNDED = re.compile(r"以上|以下|不低于|不少于|不超过|超过|高于|低于|至少|突破|逾|不足|不到|未达")


@check("share")
def shares(view: View) -> Iterator[Finding]:
    """Recompute every share of a stated part in a stated whole."""
    figures = Figures(view)
    for claim in view.facts:
        if (finding := judge_share(figures, claim)) is not None:
            yield finding


def judge_share(figures: Figures, claim: Fact) -> Finding | None:
    """Return the finding on ``claim``; None where it is no share, or one that is planned or demanded."""
    if not is_share(figures, claim):
        return None
    phrase = phrase_of(figures, claim)
    readings: list[Reading] = [*defined_readings(figures, claim)]
    if phrase is not None:
        readings += share_readings(figures, claim, phrase)
    if not readings and claim.kind != "actual":
        return None
    return decide(figures.view, claim, readings, "share", "share", _lacking(figures, phrase))


def is_share(figures: Figures, claim: Fact) -> bool:
    """True for what is stated as a share of something (not a bound, not another place's, not a cell)."""
    if claim.role not in ("share", "level") or dimension(claim.unit) not in SCALES or claim.upper is not None:
        return False
    if BOUNDED.search(claim.qualifier or ""):
        return False  # a bound is held against the figure itself elsewhere
    if (
        claim.kind in ("reference", "policy", "target")
        or figures.in_table(claim)
        or ahead(figures.view, claim)
    ):
        return False
    return claim.role == "share" or phrase_of(figures, claim) is not None


def ahead(view: View, claim: Fact) -> bool:
    """True if a claim is of a year after that of the report: then it is no result.

    A school year is of the report if it begins in its year, and what is told 截至 a day is no forecast.
    """
    first, *_, last = [*(claim.period or "").split("/"), ""][:2]
    period = (
        first[:4] if last[:4].isdigit() and int(last[:4]) == int(first[:4] or 0) + 1 else (last or first)[:4]
    )
    year = view.report.year
    if not year or not period.isdigit() or int(period) <= year:
        return False
    line = view.folded[max(claim.sentence[0], claim.start - 200) : claim.start]
    return not (claim.kind == "actual" and re.search(r"截至|截止|至今|目前", line))


def _lacking(figures: Figures, phrase: Phrase | None) -> tuple[Piece, ...]:
    whole = phrase is not None and phrase.whole_span[0] < phrase.whole_span[1] and phrase.whole
    if phrase is not None and whole:
        return ("报告没有同时给出这一部分和", figures.view.quote(*phrase.whole_span), "的数,不能复算")
    return ("报告没有同时给出这一部分和它所属总量的数,不能复算",)
