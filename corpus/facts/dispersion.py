"""差异系数 without a name of its own: the spread of what was told just before it, "小学4.9㎡、初中6.4㎡,差异系数0.31、0.28"."""

from __future__ import annotations

import re

from corpus.catalogue import indicators, indicators_in, stages_in
from corpus.facts import labels
from corpus.model import Fact

_BARE = re.compile(r"(?:其|该项|该指标|此项|这一指标)?的?(?:校际)?(?:差异系数|均衡系数)")
_GENERAL = "dispersion_coefficient"


def bare(own: str) -> bool:
    """True if ``own`` says no more than that a number is a coefficient of variation, beside its stage."""
    core = labels.trim(own)
    for stage in reversed(stages_in(core)):
        core = core[: stage.start] + core[stage.end :]
    return bool(_BARE.fullmatch(core.strip("、和与及的")))


def spread_of(metric_id: str | None) -> str | None:
    """Return the id of the spread of an indicator between schools, None where there is none."""
    if not metric_id or metric_id not in indicators():
        return None
    named = labels.metric_in(f"{indicators()[metric_id].name}差异系数", "")
    return None if named == _GENERAL else named


def of_told(told: list[Fact], contexts: tuple[str, ...]) -> str | None:
    """Return the id of the spread of what was told last, else of what the ``contexts`` (innermost first) name.

    Where different indicators with a spread were told beside each other, none is meant more than the other.
    """
    spreads = [found for fact in told[-4:] if (found := spread_of(fact.metric_id))]
    if spreads:
        return spreads[-1] if len(set(spreads)) == 1 else None
    for words in contexts:
        for named in reversed(indicators_in(words)):
            if found := spread_of(named.id):
                return found
    return None
