"""What numbers lean on while a report is read: the running text's and the sentence's memory."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from corpus.catalogue import indicators
from corpus.facts import labels
from corpus.facts.spots import Spot
from corpus.model import Fact, Kind
from corpus.units import dimension

_WHOLE = re.compile(r"[ 、]*(?:目前|现有|全[市县区州省国]|我[市县区省]|共有|总计)")
_GROUPS = (None, "compulsory", "schools")
"""A list told by stage goes on with single stages, not with numbers of them all."""
Topic = tuple[str, str]


@dataclass(slots=True)
class Sentence:
    """The state within one sentence."""

    anchor: Fact | None = None
    parent: Fact | None = None
    wholes: dict[str, Fact] = field(default_factory=dict)
    levels: list[Fact] = field(default_factory=list)
    """Levels of the sentence in order, and those of the sentence before it in its paragraph."""
    earlier: list[Fact] = field(default_factory=list)
    peers: tuple[Fact, ...] | None = None
    group: str = ""
    bases: list[int] = field(default_factory=list)
    unlevelled: Fact | None = None
    """The base of a change whose level is not told; the rate beside the amount is of the same."""
    base_period: str | None = None
    list_period: str | None = None
    planned: Kind | None = None
    topic: Topic | None = None
    recent: dict[str, Fact] = field(default_factory=dict)
    """The last level or share in each dimension."""
    policy_unit: str = ""
    bracket: tuple[str, int] = ("", -1)
    """The words before the bracket that is being read, and where it ends."""
    bounded: int = 0
    """How many levels had been told when the last bound was: the next bounds those after it."""
    beyond: str | None = None
    """Whether the last bound was exceeded ("up") or missed ("down")."""

    def whole(self, unit: str) -> Fact | None:
        return self.parent or self.wholes.get(dimension(unit))

    def matching(self, own: str) -> Fact | None:
        """Return the last level that ``own`` names again ("在校生…;在校生比上年…", "小学增长…")."""
        if len(own) < 2:
            return None
        stage = labels.bare_stage(own)
        for fact in reversed(self.levels[-40:]):
            if fact.label == own or (len(fact.label) <= 40 and fact.label.endswith(own)):
                return fact
            if stage and fact.stage and (fact.stage == stage[0] or fact.stage in labels.included(stage[0])):
                return fact
        return None

    def told_before(self, count: int, kind: str | None) -> tuple[Fact, ...] | None:
        """Return the last ``count`` levels that differ in stage, or in name: those that a list follows."""
        for told in (self.levels, self.earlier):
            fits = [
                f
                for f in told[-40:]
                if (f.stage not in _GROUPS if kind is None else dimension(f.unit) == kind)
            ]
            last = fits[-count:]
            if len(last) < count or len({dimension(f.unit) for f in last}) > 1:
                continue
            if len({f.stage for f in last if f.stage}) == count or (
                kind is not None and len({f.label for f in last}) == count
            ):
                return tuple(last)
        return None


@dataclass(slots=True)
class Series:
    """What elliptical numbers lean on while a section is read."""

    intro: str = ""
    intro_path: tuple[str, ...] = ()
    metric_id: str | None = None
    """The last indicator that is told by stage; a sentence of bare stages goes on with it."""
    unit: str = ""
    told: list[str] = field(default_factory=list)
    """Indicators told by stage, in the order in which they were first told."""
    paragraph: int = -1
    topic: Topic | None = None
    title: Topic | None = None
    last: Sentence | None = None

    def begin(self, paragraph: int, masked: str, start: int) -> Sentence:
        """Return the state for a sentence; one that goes on with 其中 keeps the wholes of the one before."""
        state = Sentence()
        if paragraph != self.paragraph:
            self.paragraph, self.topic, self.last = paragraph, None, None
        if self.last is not None:
            state.earlier = self.last.levels or self.last.earlier
            if masked.startswith("其中", start):
                state.wholes = dict(self.last.wholes)
                state.topic = self.last.topic
        self.last = state
        return state


def remember(state: Sentence, series: Series, fact: Fact, spot: Spot, whole_only: bool) -> None:
    """Keep ``fact`` for the numbers after it; ``whole_only``: it is the whole of a share that follows."""
    if fact.role == "base":
        state.base_period = fact.period
    if fact.kind == "policy":
        state.policy_unit = fact.unit
    if fact.role in ("level", "share") and not whole_only:
        state.recent[dimension(fact.unit)] = fact
    if fact.role in ("limit", "base") or fact.kind == "reference":
        return
    if fact.role == "level" and (fact.of is not None or whole_only):
        return
    if fact.role == "level" or (fact.role == "share" and fact.of is None):
        _set_topic(state, series, fact, "其中" in spot.before)
        kind = dimension(fact.unit)
        if "其中" in spot.before:
            state.parent = state.wholes.get(kind)
        elif kind not in state.wholes or _WHOLE.match(spot.before):
            state.wholes[kind] = fact
            state.parent = None
        state.anchor = fact
        state.levels.append(fact)
        if fact.metric_id and indicators()[fact.metric_id].per_stage:
            series.metric_id, series.unit = fact.metric_id, kind
            if fact.metric_id not in series.told and kind != "none":
                series.told.append(fact.metric_id)
    elif fact.role == "share" and state.anchor is None:
        state.anchor = fact


def _set_topic(state: Sentence, series: Series, fact: Fact, part: bool) -> None:
    """The first number of a sentence may say the stage of all ("小学62所,1146个班,…")."""
    named = labels.stage_in(fact.label)
    if part:
        return
    if not state.levels:
        core = labels.trim(fact.label)
        if named and core.startswith(named[1]):
            state.topic = named
            if labels.bare_stage(core) and fact.metric_id is None and dimension(fact.unit) in ("所", "个"):
                series.topic = named
    elif named and state.topic and named[0] != state.topic[0] and state.parent is None:
        state.topic = series.topic = None
