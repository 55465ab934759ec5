"""Whether a number is a result or a plan, which time it is of, and the words that stand around it."""

from __future__ import annotations

import re

from corpus.facts import anchors, cues, labels
from corpus.facts.labels import LONGEST
from corpus.facts.spans import years_of
from corpus.facts.spots import Spot
from corpus.facts.state import Sentence
from corpus.facts.times import Clock
from corpus.facts.together import Listed
from corpus.model import Fact, Kind, Quantity, Role
from corpus.units import dimension

_BOUND = re.compile(r"以上|以下|以内|不低于|不少于|不高于|不超过")
_DIRECT = re.compile(r"(?:高|低|多|少)出?")
_YEARLY = re.compile(r"(?:19|20)\d\d年[^,;、()\d]{0,8}\d")


def kind_at(
    masked: str,
    headings: list[str],
    spot: Spot,
    quantity: Quantity,
    role: Role,
    state: Sentence,
    than: str | None,
) -> Kind:
    """Return whether a number is a result, a plan, a target, a rule or another's; ``headings`` innermost last."""
    if role == "limit":
        return "policy"
    if than:
        return "reference"
    clause = masked[max(spot.clause[0], quantity.full_start - LONGEST) : quantity.full_start]
    clause = anchors.intent_before(masked, state.start, spot) + clause
    before = spot.before
    kind = cues.kind_of(clause, before, spot.after, quantity.qualifier, headings)
    if (
        kind == "actual"
        and _BOUND.search(quantity.qualifier or "")
        and anchors.ruled_before(masked, state.start, spot)
    ):
        return "policy"
    if role == "base":
        return "actual" if kind in ("plan", "target") else kind
    told = kind in ("plan", "target") and cues.kind_of(clause, before, "", None, []) == kind
    if told or (kind == "target" and cues.sets_out(clause, headings)):
        state.planned = kind
    elif kind == "actual" and state.policy_unit and cues.held_to(quantity.qualifier):
        return "policy"
    elif kind == "actual" and state.planned:
        if cues.goes_on(clause):
            return state.planned
        state.planned = None
    return kind


def kind_beside(
    kind: Kind, spoken: Fact, spot: Spot, role: Role, listed: Listed | None, than: str | None
) -> Kind:
    """Return ``kind``, or that of the number ``spoken`` just before where this one only goes on with it."""
    if spot.quantity.unit == "百分点" and not than and _DIRECT.fullmatch(spot.before.strip()):
        return "reference" if spoken.kind in ("reference", "policy") else kind  # 比全省平均91.8%高1.2个百分点
    if kind != "actual" or spoken.kind != "policy":
        return kind
    headed = role == "level" and spoken.clause == spot.clause and labels.headed(spoken.label) is not None
    return "policy" if headed or (listed is not None and listed.index) else kind


def period_at(
    clock: Clock,
    spot: Spot,
    role: Role,
    earlier: bool,
    anchor: Fact | None,
    state: Sentence,
    listed: Listed | None,
    than: str | None = None,
) -> tuple[str | None, str | None]:
    anchored = anchor.period if anchor else None
    if listed is not None and (listed.time or listed.key):
        return clock.within(*listed.time) if listed.time else listed.key, None
    if listed is not None and listed.follows and anchor is None and state.anchor is not None:
        if listed.index == 0:
            state.years = years_of(state.anchor.period)
        if len(state.years) == listed.count > 2 and listed.role is None:
            return state.years[listed.index], None
    period, base = clock.period(spot, role, earlier, anchored)
    if listed is not None and listed.role == "base":
        if listed.index == 0:
            state.list_period = period
        return state.list_period, None
    span = (
        clock.span_of(spot)
        if (role == "base" and period is None) or (state.bases and role == "level")
        else ()
    )
    if span:
        return (span[0] if role == "base" else span[-1]), None
    if role in ("change", "rate") and base is None and not than:
        base = _as_far_back(state, listed, period)
    return period, base


def _as_far_back(state: Sentence, listed: Listed | None, period: str | None) -> str | None:
    """Return the time that a change without one of its own is compared with: in a list as far back as the first's."""
    base, first = state.base_period, state.spoken
    if listed is None or not listed.index or first is None or first.base_period is None or not period:
        return base
    keys = (first.period or "", first.base_period, period)
    if not all(re.fullmatch(r"\d{4}", key) for key in keys):
        return base
    return str(int(period) - int(keys[0]) + int(keys[1]))


def context_at(intro: str, titles: tuple[str, ...], state: Sentence, quantity: Quantity) -> str:
    """Return the words around a number that it may lean on: introduction, whole, anchor and headings."""
    parts = [intro]
    whole = state.whole(quantity.unit)
    if whole is not None:
        parts.append(whole.label)
    if state.anchor is not None and state.anchor is not whole:
        parts.append(state.anchor.label)
    parts += titles[-2:]
    return " ".join(part.replace("\x00", "").strip()[:LONGEST] for part in parts if part)


def yearly(masked: str, state: Sentence, spot: Spot, unit: str) -> bool:
    """True if numbers of several years divide a sum ("43所(2021年11所,2022年16所,2023年16所)")."""
    if not spot.brackets:
        return dimension(unit) in state.parents
    inside = masked[spot.brackets[-1] : masked.find(")", spot.quantity.end) + 1]
    return len(_YEARLY.findall(inside)) > 1
