"""Multiples of another figure that is named: "初中为小学的1.17倍", "是2020年的3倍(2020年为1800个)"."""

from __future__ import annotations

import re

from corpus.model import Fact
from corpus.units import dimension
from tools.audit import moving
from tools.audit.clauses import squeezed, wording_of
from tools.audit.comparisons import Ground, Tie, year
from tools.audit.intervals import judge
from tools.audit.named_pairs import named_pair
from tools.audit.naming_words import (
    candidates,
    core_of,
    fits_unit,
    spoken_year,
    year_in,
)
from tools.audit.seeking import seek
from tools.audit.view import View

_TIMES = re.compile(r"(?P<verb>是|为|相当于|达到?了?)(?P<what>[^,;。]{1,30}?)的?(?:约|近)?$")


def multiple_named(ground: Ground, claim: Fact) -> tuple[Fact, Fact] | None:
    """Return (level, base) of "初中为小学的1.17倍" and "2022年招聘人数是2020年的1.4倍", None if the words name no two."""
    view = ground.view
    floor = max(claim.sentence[0], claim.start - 60)
    begin = max(view.folded.rfind(mark, floor, claim.start) + 1 for mark in ",;。:")
    match = _TIMES.search(view.folded, max(floor, begin), claim.start)
    if match is None or match["verb"] == "达":
        return None
    subject, than = squeezed(view.folded[max(floor, begin) : match.start()]), squeezed(match["what"])
    inner = [f for f in view.within(match.start("what"), claim.start) if fits_unit(claim, f)]
    if not inner and (told := wording_of(view, claim).aside):
        inner = [
            f for f in told if fits_unit(claim, f) and (year_in(than, None) or 0) in (0, spoken_year(view, f))
        ]
    held = [f for f in candidates(view, claim, match.start()) if f.unit != "%"]
    if len(inner) == 1 and held:
        level = held[-1]
        tie = level.sentence == claim.sentence and dimension(level.unit) == dimension(inner[0].unit)
        return (level, inner[0]) if tie and len(core_of(subject)) < 2 else None
    if inner:
        return None
    than = than.removesuffix("的")
    if not subject and (lead := _claim_before(view, claim)) is not None:
        tied = seek(ground, lead)
        wanted = year_in(than, None)
        if tied is None or tied.level is None or wanted is None:
            return None
        same = [
            f
            for f in held
            if year(f) == wanted and f.metric == tied.level.metric and f.unit == tied.level.unit
        ]
        return (tied.level, same[0]) if len(same) == 1 and tied.certain else None
    found = named_pair(view, claim, held, subject, than)
    return _settled(claim, found)


def _settled(claim: Fact, found: Tie | None) -> tuple[Fact, Fact] | None:
    """Return the two of ``found`` if they are meant for certain, or the multiple bears them out."""
    if found is None or found.level is None or found.base is None:
        return None
    made = moving.multiple(claim, found.level, found.base)
    fits = made is not None and judge(claim, made).verdict != "inconsistent"
    return (found.level, found.base) if found.certain or fits else None


def _claim_before(view: View, claim: Fact) -> Fact | None:
    """The change told in the clause before: "2023年投资比2022年增长6.25%,是2021年的1.38倍"."""
    last = next(reversed(view.before(claim, 40)), None)
    if last is None or last.sentence != claim.sentence or last.role not in ("rate", "change"):
        return None
    return last if re.match(r"^,[^,]*$", view.folded[last.end : claim.start]) else None
