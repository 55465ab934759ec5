"""What numbers lean on while a report is read: the running text's and the sentence's memory."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from corpus.catalogue import indicators
from corpus.facts import averages, labels, parts
from corpus.facts.headings import HEADING
from corpus.facts.spots import Spot
from corpus.model import Fact, Kind
from corpus.units import dimension

_FRAMED = (
    "anchor",
    "bases",
    "host",
    "parents",
    "listing",
    "owner",
    "inner",
    "staged",
    "clause",
    "wholes",
    "latest",
    "topic",
    "group",
    "planned",
    "recent",
    "bounded",
    "beyond",
)
_GROUPS = (None, "compulsory", "schools")
"""A list told by stage goes on with single stages, not with numbers of them all."""
_PASSED = 12
_SHARE_AGAIN = re.compile(r"(?:所占|该|这一?|其|此)?(?:占比|比例|比重|份额|占比例)")
_WHOLE = re.compile(r"各级各类|各级|各类|^全[省市县区州旗国校]|合计|总计")
_OWN_PLACE = re.compile(r"[\u4e00-\u9fff]{0,4}[省市县区州旗镇乡]|[我该本]")
Topic = tuple[str, str]


@dataclass(slots=True)
class Sentence:
    """The state within one sentence."""

    start: int = 0

    anchor: Fact | None = None
    parents: dict[str, Fact] = field(default_factory=dict)
    """What the parts that are being told are parts of, by dimension; they go on until a semicolon."""
    wholes: dict[str, Fact] = field(default_factory=dict)
    latest: dict[str, Fact] = field(default_factory=dict)
    """The last level in each dimension: what a 其中 after it divides."""
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
    years: tuple[str, ...] = ()
    """The years of the sum that a list without names divides."""
    planned: Kind | None = None
    item: bool = False
    """Whether the sentence opens a numbered item: what that is of, the sentences after it go on with."""
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
    spoken: Fact | None = None
    """The last number of any role; one without any name of its own goes by its name."""
    host: Fact | None = None
    """The number right before the bracket that was entered last."""
    before: dict[str, Fact] = field(default_factory=dict)
    """The wholes of the sentence before in the same paragraph, by dimension."""
    passed: tuple[Fact, ...] = ()
    """The first wholes of the sentences before in the same paragraph, the last sentence first."""
    owner: Fact | None = None
    """The schools of one kind ("普惠性民办园101所") that the numbers up to the next semicolon belong to."""
    staged: Topic | None = None
    """The stage of the schools that a clause opens with ("民办普通高中1所、在校生1326人")."""
    inner: Fact | None = None
    """Schools of one kind that the rest of their clause belongs to ("其中民办园65所、在园幼儿8538人")."""
    clause: int = -1
    fresh: bool = True
    """Whether no level was told since the last semicolon."""
    divided: int = -1
    """Where the clause begins that tells the first part of a whole."""
    moved: int = 0
    """How many levels had been told when the last change or rate was."""
    listed: list[Fact] = field(default_factory=list)
    """The levels of the last list with names ("公办园、民办园分别为46所、47所")."""
    listing: bool = False
    shared: dict[str, Fact] = field(default_factory=dict)
    """The whole that the opening words of the sentence divide."""
    frames: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """The open brackets, and what was known before each: it holds again behind the bracket."""

    def whole(self, unit: str) -> Fact | None:
        kind = dimension(unit)
        return self.parents.get(kind) or self.wholes.get(kind)

    def turn(self, brackets: tuple[int, ...], host: Fact | None) -> None:
        """Leave the brackets that are not in ``brackets`` and enter the new ones; ``host`` stands before them."""
        while self.frames and self.frames[-1][0] not in brackets:
            for name, value in self.frames.pop()[1].items():
                setattr(self, name, value)
        for bracket in brackets[len(self.frames) :]:
            kept = {name: copy(getattr(self, name)) for name in _FRAMED}
            self.frames.append((bracket, kept))
            self.parents, self.host, self.bases = {}, host, []
            if host is not None and host.role == "level" and host.stage and host.subject:
                self.topic = (host.stage, host.subject)
            if host is not None and host.role in ("level", "base"):
                self.parents[dimension(host.unit)] = self.latest[dimension(host.unit)] = host

    def segment(self) -> None:
        """Go past a semicolon: a list opened without a colon ends, and another kind of school may follow."""
        self.fresh, self.owner = True, None
        if not self.listing:
            self.parents = {}

    def divide(self, listed: bool) -> None:
        """Let the numbers that follow be parts of the last levels; ``listed``: semicolons do not end them."""
        self.parents, self.listing = dict(self.latest), listed

    def share(self, wholes: dict[str, Fact]) -> None:
        """Let the whole sentence tell parts of ``wholes`` ("专任教师中,高级职称3157名,…")."""
        self.parents, self.shared, self.listing = dict(wholes), dict(wholes), True

    def close(self) -> None:
        """Let a list end where the sentence goes on without a number."""
        if not self.listing:
            self.parents = {}

    def matching(self, own: str) -> Fact | None:
        """Return the last level that ``own`` names again ("在校生…;在校生比上年…", "小学增长…")."""
        if len(own) < 2:
            return None
        if own == "前者":  # another's figure is no level of the report's own
            return self.levels[-2:][0] if self.levels else None
        if own == "后者":
            return self.levels[-1] if len(self.levels) > 1 else None
        stage = labels.bare_stage(own)
        for fact in reversed(self.levels[-40:]):
            if fact.label == own or (len(fact.label) <= 40 and fact.label.endswith(own)):
                return fact
            if stage and fact.stage and (fact.stage == stage[0] or fact.stage in labels.included(stage[0])):
                return fact
        return None

    def share_again(self, own: str) -> Fact | None:
        """Return the share told last where ``own`` only calls it one ("占…的16.5%,占比较上年提高0.2个百分点")."""
        last = self.recent.get("percent")
        return last if last is not None and last.role == "share" and _SHARE_AGAIN.fullmatch(own) else None

    def unlike(self, count: int) -> tuple[Fact, ...] | None:
        """Return the ``count`` levels that the sentence has told since its last change, if they are just so many.

        Rates may be told of figures of unlike units ("资金3607万元,惠及3.4万人次,分别增长7.3%、4.8%").
        """
        told = self.levels[self.moved :]
        return tuple(told) if len(told) == count and not self.frames else None

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
    intro_at: int = -1
    """The sentence that the introduction opens, if it is one's own."""
    metric_id: str | None = None
    """The last indicator that is told by stage; a sentence of bare stages goes on with it."""
    unit: str = ""
    told: list[str] = field(default_factory=list)
    """Indicators told by stage, in the order in which they were first told."""
    paragraph: int = -1
    span: tuple[int, str | None] = -1, None
    """The paragraph and the years for which it last told what is planned."""
    topic: Topic | None = None
    item: Topic | None = None
    """What a numbered item is of: people and rates of its later sentences are too ("5.普通高中招生9人。在校生27人。")."""
    title: Topic | None = None
    last: Sentence | None = None

    def begin(self, paragraph: int, masked: str, start: int) -> Sentence:
        """Return the state for a sentence; one that goes on with 其中 keeps the wholes of the one before."""
        state = Sentence(start=start)
        apart = masked.startswith("(其中", start)  # a line in brackets divides what the line before tells
        if paragraph != self.paragraph:
            numbered = HEADING.match(masked[paragraph : paragraph + 12]) or masked.startswith(
                "\x00", paragraph
            )
            state.item = bool(numbered) and not masked[paragraph:start].strip("\x00 ")
            self.paragraph, self.topic, self.item = paragraph, None, None
            self.last = self.last if apart else None
        if self.last is not None:
            state.earlier = self.last.levels or self.last.earlier
            state.before = {**self.last.before, **self.last.wholes, **self.last.shared}
            state.passed = (*self.last.wholes.values(), *self.last.passed)[:_PASSED]
            if apart or masked.startswith("其中", start):
                state.wholes, state.latest = dict(self.last.wholes), dict(self.last.latest)
                state.topic = self.last.topic
        self.last = state
        return state


def remember(state: Sentence, series: Series, fact: Fact, spot: Spot, whole_only: bool) -> None:
    """Keep ``fact`` for the numbers after it; ``whole_only``: it is the whole of a share that follows."""
    if fact.role == "base":
        state.base_period = fact.period
    elif fact.role in ("change", "rate") and fact.base_period:
        state.base_period = fact.base_period
    if fact.role in ("change", "rate"):
        state.moved = len(state.levels)
    if fact.kind == "policy":
        state.policy_unit = fact.unit
    if fact.role in ("level", "share") and not whole_only:
        state.recent[dimension(fact.unit)] = fact
    if fact.role in ("limit", "base") or fact.kind == "reference":
        return
    if fact.role == "level" and (fact.of is not None or whole_only):
        return
    if fact.role == "level" or (fact.role == "share" and fact.of is None):
        part = "其中" in spot.before or bool(state.parents) or bool(state.frames)
        if dimension(fact.unit) != "percent":
            first_part = "其中" in spot.before or state.divided == spot.clause[0]
            _set_topic(state, series, fact, first_part)
        kind, core = dimension(fact.unit), labels.trim(fact.label)
        average = averages.bare(core)
        if kind in state.parents or average:
            pass
        elif kind not in state.wholes or (
            labels.bare_stage(fact.label) is None and parts.divides(core, fact.unit)
        ):
            state.wholes[kind] = fact
        if parts.owner_of(core, fact.unit):
            state.inner = fact
            if not part:
                state.owner = fact if state.fresh or state.owner is not None else None
        state.fresh = False
        if not average:
            state.latest[kind] = fact
        state.anchor = fact
        state.levels.append(fact)
        if not average and fact.metric_id and indicators()[fact.metric_id].per_stage:
            series.metric_id, series.unit = fact.metric_id, kind
            if fact.metric_id not in series.told and kind != "none":
                series.told.append(fact.metric_id)
    elif fact.role == "share" and state.anchor is None:
        state.anchor = fact


def _set_topic(state: Sentence, series: Series, fact: Fact, part: bool) -> None:
    """The first number of a sentence may say the stage of all ("小学62所,1146个班,…")."""
    named = labels.stage_in(fact.label)
    core = labels.trim(fact.label)
    schools = dimension(fact.unit) in ("所", "个")
    if named and schools and core.endswith(named[1]):
        state.staged = named  # 民办普通高中1所、在校生1326人
    opens = named is not None and (core.startswith(named[1]) or core.endswith(named[1]))
    opens = opens or (named is not None and bool(_OWN_PLACE.fullmatch(core.partition(named[1])[0])))
    if part:
        if schools and named and opens:  # 其中普通小学49所,招生17108人: all of the sentence is of them
            state.topic = named if not state.levels else None
        return
    if not named and _WHOLE.search(core):
        series.item = None
    if not state.levels:
        if named and opens:
            state.topic = named
            series.item = named if state.item and named[0] != "schools" else None
            if labels.bare_stage(core) and fact.metric_id is None and schools:
                series.topic = named if named[0] != "schools" else series.topic
    elif named and state.topic and named[0] != state.topic[0] and not state.parents:
        beside = state.levels[-1].clause == fact.clause  # 中小学18所、幼儿园9所
        told = state.fresh or (schools and labels.bare_stage(core) is not None and not beside)
        state.topic, series.topic = (named if told else None), None
