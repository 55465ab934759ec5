"""Puts together what names a number: its own words, its list, what it leans on, and the headings above it."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.catalogue import indicators
from corpus.facts import anchors, cues, dispersion, headings, labels, naming, openings, parts
from corpus.facts.spots import Spot
from corpus.facts.state import Sentence, Series
from corpus.facts.together import Listed
from corpus.model import Fact, Quantity, Role
from corpus.units import dimension

_SAME = re.compile(
    r"(?:^|[,;])(?:而|同期)?(?:这|该|上述)(?:一|个|项)?(?:数字|数据|数|比例|比率|指标|金额|占比|数值|水平)(?:在(?:(?:19|20)\d\d年)?)?(?:已|就|则|又)?(?:为|是|达到?|有|增[至到]|升[至到]|降[至到])?$|^这(?:为|是)?$"
)
_NUMBERING = re.compile(r"^(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.]|[①-⑳]| )+")
_LISTS = re.compile(r"\d|其中|情况|如下|分别|具体|包括|显示|[。;,]|看$|分$")
_LEVEL = re.compile(
    r"与?(?:上年|上一年|去年|前一年|上年同期|往年|20\d\d年)?(?:相比)?(?:基本)?(?:持平|相当|一致|不变)|(?:呈)?(?:逐年|持续|连年|稳步|连续)(?:递增|增长|增加|提高|上升|攀升|递减|下降|减少)|(?:略有|有所|稳中有|小幅|大幅|明显|显著)[升降增减提下上][高升降长少]?"
)


def says_the_same(own: str) -> bool:
    """True if ``own`` only points at the number before it ("而2022年这一数字是57.93亿元")."""
    return bool(_SAME.search(own.replace("\x00", "").strip()))


def from_clause_before(masked: str, start: int, spot: Spot) -> str:
    """Return the stage or indicator that the clause before names, if it has no number and only compares.

    "普通高中与上年基本持平,为4215元": the number is that of 普通高中.
    """
    words = anchors.clause_before(masked, start, spot)
    rest = _LEVEL.sub("", words)
    if rest == words or not rest or len(rest) > 20:
        return ""
    return rest


def around(
    state: Sentence, series: Series, quantity: Quantity, titles: tuple[str, ...], masked: str, spot: Spot
) -> naming.Around:
    """Return what the sentence and the headings add to the name of ``quantity``."""
    words, end = state.bracket
    kind = dimension(quantity.unit)
    return naming.Around(
        words if words and quantity.start < end else series.intro,
        tuple(reversed(titles)),
        state.whole(quantity.unit),
        tuple(state.wholes.values()),
        (series.metric_id, series.unit),
        (state.staged if kind not in ("所", "个", "家") else None)
        or _opened(masked, state, spot)
        or state.topic
        or series.topic
        or (series.item if kind in ("person", "percent", "class") else None)
        or headings.topic_of(titles)
        or series.title,
        parent=state.parents.get(kind),
        owner=state.inner or state.owner,
        before=tuple(state.before.values()),
        passed=state.passed,
        latest=state.latest.get(kind),
        bracket=words if spot.bracketed and state.host is None else "",
        near=_near(masked, state.start, spot),
        joined=_joined(masked, state, spot),
        prior=anchors.clause_before(masked, state.start, spot),
        last=None if state.fresh or not state.levels else state.levels[-1],
        parents=tuple(state.parents.values()),
        said=masked[max(state.start, spot.clause[0] - 200) : spot.clause[0]],
        levels=tuple(state.levels[-4:]),
        head=anchors.head_clause(masked, spot),
        headed=_headed(state, spot),
        within=state.host is not None,
        opening=series.intro if series.intro_at == state.start else "",
    )


def _opened(masked: str, state: Sentence, spot: Spot) -> tuple[str, str] | None:
    """Return the stage of the clause that opens what ``spot`` stands in, if no figure after it has named another."""
    found = openings.opened_stage(masked, state.start, spot.clause[0])
    if found is None:
        return None
    named = next((f.start for f in reversed(state.levels[-12:]) if labels.stage_in(f.label)), -1)
    return found[1] if found[0] > named else None


def _near(masked: str, start: int, spot: Spot) -> str:
    """Return the words before a colon in the sentence, where only this number's own clause stands behind it."""
    colon = masked.rfind(":", start, spot.clause[0])
    if colon < 0 or any(mark in masked[colon : spot.before_start] for mark in ",;。("):
        return ""
    words = _NUMBERING.sub("", masked[start:colon]).strip(" \x00")
    return "" if _LISTS.search(words) or len(words) > 24 else words


def _headed(state: Sentence, spot: Spot) -> str:
    """Return what the list in the clause of ``spot`` tells of each of its names, "" if it says no such thing."""
    for fact in reversed(state.levels[-8:]):
        if fact.clause != spot.clause:
            break
        if found := labels.headed(fact.label):
            return found[0]
    return ""


def _joined(masked: str, state: Sentence, spot: Spot) -> bool:
    """True if the words of the number follow 、 behind the level told last."""
    last = state.levels[-1] if state.levels else None
    if last is None or not spot.clause[0] <= last.start:
        return False
    return masked[last.end : spot.quantity.full_start].lstrip("余多 \x00").startswith("、")


def call(
    masked: str, text: str, noun: str, spot: Spot, reading: cues.Reading, role: Role, anchor: Fact | None,
    named: Fact | None, state: Sentence, series: Series, listed: Listed | None, peer: Fact | None, titles: tuple[str, ...],
) -> naming.Name:  # fmt: skip
    """Return the name of the number at ``spot``; ``named`` is the fact whose name it takes over, if any."""
    quantity = spot.quantity
    known = around(state, series, quantity, titles, masked, spot)
    if named is not None and role == "limit" and peer is None:
        return name_bound(
            named,
            state.levels[state.bounded :][-12:],
            "均" in spot.before and not labels.stage_in(spot.before),
        )
    if named is not None and not (peer is not None and role == "level" and listed and listed.name):
        return _taken_over(named, role, quantity, state, known)
    if role == "share":
        within = state.wholes.get("money") if "其中" in spot.before and "所占" in spot.before else None
        share_of = (
            within.metric if within else reading.whole or _divided(state, spot) or _among(masked, state)
        )
        name = naming.name_share(text, noun, share_of, quantity.unit, anchor, known, reading.link)
        alike = peer is None or name.stage is not None
        return name if alike or peer is None else replace(name, stage=peer.stage, subject=peer.subject)
    name = naming.name_number(text, noun, spot, quantity.unit, role in ("rate", "change"), known)
    if listed and listed.items and peer is None and len(series.told) >= listed.count:
        item = indicators()[series.told[-listed.count :][listed.index]]
        metric = f"{item.name}校际差异系数"
        return naming.Name(metric, labels.metric_in(metric, quantity.unit), name.stage, name.subject)
    if name.metric_id == "dispersion_coefficient" and dispersion.bare(text):
        spread = dispersion.spread_of(peer.metric_id) if peer else None
        told = [*state.earlier, *state.levels] if state.earlier is not state.levels else state.levels
        spread = spread or dispersion.of_told(told, (known.near, known.head, known.intro, *known.titles[:1]))
        if spread:
            name = replace(name, metric=labels.catalogue_name(spread), metric_id=spread)
    alike = len({fact.stage for fact in state.listed}) == 1
    if peer is not None and role == "level" and alike and peer in state.listed and name.metric_id is None:
        own = parts.owned(labels.trim(text), quantity.unit, peer)
        name = replace(name, metric=own) if own else name
    if peer is not None and role in ("level", "share") and name.stage != peer.stage:
        return replace(name, stage=peer.stage, subject=peer.subject)
    return name


_AMONG = re.compile(r"(?:其中|而)?,?在(?P<whole>[\u4e00-\u9fff]{3,16})(?:之)?中,")


def _among(masked: str, state: Sentence) -> str | None:
    """Return the whole that the sentence opens with ("在新增资源总量中,农村幼儿园占69.8%"), None if it does not."""
    opened = _AMONG.match(masked, state.start)
    return labels.trim(opened["whole"]) or None if opened else None


def _divided(state: Sentence, spot: Spot) -> str | None:
    """Return the people that 其中 divides into shares ("交流教师286人,…,其中骨干教师占23.8%"), None if none are told."""
    whole = state.parents.get("person")
    if whole is None or "其中" not in spot.before or whole.role != "level" or len(whole.metric) > 16:
        return None
    return whole.metric


def _taken_over(
    named: Fact, role: Role, quantity: Quantity, state: Sentence, known: naming.Around
) -> naming.Name:
    metric, metric_id = named.metric, named.metric_id
    if role == "level" and dimension(named.unit) != dimension(quantity.unit):
        whole = known.parent or state.wholes.get(dimension(quantity.unit))
        told = whole is not None and labels.bare_stage(named.label) is not None
        if whole is not None and (told or known.parent is not None):
            own = labels.trim(named.label)
            part = "" if told else parts.composed(own, quantity.unit, known.parent, None)
            metric, metric_id = part or whole.metric, None if part else whole.metric_id
        else:
            metric, metric_id = labels.trim(named.label) or named.metric, None
    return naming.Name(metric, metric_id, named.stage, named.subject)


_COEFFICIENT = "校际差异系数"


def name_bound(named: Fact, levels: list[Fact], everyone: bool) -> naming.Name:
    """Name a bound: that of ``named``, or of all ``levels`` of its list ("均不高于0.50")."""
    listed = [f for f in levels if f.unit == named.unit] if everyone else [named]
    alike = len({f.stage for f in listed} | {named.stage}) == 1
    stage, subject = (named.stage, named.subject) if alike else (None, None)
    metric, metric_id = named.metric, named.metric_id
    if len({f.metric for f in listed}) > 1 and metric.endswith(_COEFFICIENT):
        metric, metric_id = _COEFFICIENT, labels.metric_in(_COEFFICIENT, named.unit)
    return naming.Name(metric, metric_id, stage, subject)
