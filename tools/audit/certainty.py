"""Whether the words tie a base to a level for certain, or another figure may be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.model import Fact
from corpus.units import dimension
from tools.audit.view import View


def is_certain(view: View, claim: Fact, level: Fact, base: Fact, before: Sequence[Fact]) -> bool:
    """Tell whether another figure than ``level`` may be meant: one of several in a list, or none that is there."""
    if base.start > level.start and level.of is None:
        sisters = [
            f
            for f in before
            if f.role in ("level", "share") and f.id != base.id and dimension(f.unit) == dimension(level.unit)
            and f.start <= level.end
        ]  # fmt: skip
        stop = max((view.folded.rfind(mark, claim.sentence[0], level.start) for mark in ";。"), default=-1)
        sisters = [f for f in sisters if f.start > stop]
        if not sisters or _names_itself(view, base):
            return True
        if len(sisters) > 1 and "其中" in view.folded[max(stop + 1, claim.sentence[0]) : sisters[0].start]:
            return False  # parts of a whole that is not told here
        if len(sisters) > 1 and level.id == sisters[-1].id:
            low, high = sorted((abs(level.value), abs(base.value)))
            whole = whole_of(view, (*sisters[:-1],), level) is not None
            return whole or (base.unit == level.unit and high <= 2 * low)
    return True


def whole_of(view: View, others: Sequence[Fact], part: Fact) -> Fact | None:
    """Return the whole told before 其中, of which ``part`` is one ("资金3亿元,其中A 2亿元,B 1亿元,比上年…")."""
    if not others:
        return None
    cut = view.folded.rfind("其中", others[0].start, part.start)
    before = [f for f in others if f.start < cut]
    return before[-1] if before else None


def _names_itself(view: View, base: Fact) -> bool:
    """True if the clause of a base says first what it is about ("在校生比上年的…")."""
    words = view.folded[base.clause[0] : base.start]
    own = re.split(r"比|较|由|从|上年|去年|同期|(?:19|20)\d\d年", words, maxsplit=1)[0]
    return len(re.sub(r"[ ,、(]|同比|分别|且|也|并", "", own)) >= 2
