"""What a number without a full name of its own goes on with."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.catalogue import indicators_in
from corpus.facts import labels, parts
from corpus.facts.spots import Spot
from corpus.facts.state import Sentence
from corpus.facts.together import Listed
from corpus.model import Fact, Quantity, Role
from corpus.units import dimension

_COMPLETED = re.compile(r"(?:完成|建成|实施|落实)了?[ \x00]*$")
"""Says that a number is part of one told before in its unit ("新建23所,…;其中2023年完成8所")."""


THESE = re.compile(r"(?:这|上述|以上|前述)[两二三四五六]?[项个者](?:数字|数据|指标|比例|金额|数值)?")
"""Words for the numbers told just before ("这两项数字分别为1277万和2126万")."""


def peer_of(state: Sentence, listed: Listed | None, own: str, role: Role) -> Fact | None:
    """Return the level that the number at its place in a list without names goes with."""
    if listed is None or not listed.follows:
        state.peers = None
        return None
    if listed.index == 0 and THESE.fullmatch(own):
        told = state.levels or state.earlier
        state.peers = tuple(told[-listed.count :]) if len(told) >= listed.count else None
    elif listed.index == 0:
        kind = None
        last = state.levels or state.earlier
        plain = not own and (listed.role in ("rate", "change") or role == "level")
        if last and (listed.role in ("base", "limit") or plain or role == "share"):
            kind = dimension(last[-1].unit)
        state.peers = state.told_before(listed.count, kind)
        if state.peers is None and len(state.listed) == listed.count:
            state.peers = tuple(state.listed)
        if state.peers is None and listed.role == "rate" and not own:
            state.peers = state.unlike(listed.count)
    return state.peers[listed.index] if state.peers else None


def anchor_of(
    state: Sentence, role: Role, own: str, quantity: Quantity, peer: Fact | None, before: str
) -> Fact | None:
    """Return the fact that a number called ``own`` goes on with, None if it stands by itself."""
    if peer is not None:
        return peer
    anchor = state.anchor
    if own in ("前者", "后者") or (own and role in ("base", "change", "rate")):
        linked = state.matching(own)
        if linked is not None:
            state.anchor = linked
        return linked
    if own and role == "share":
        return next((f for f in reversed(state.levels[-8:]) if f.label == own and f.role == "level"), None)
    if own and not (anchor is not None and own == anchor.label):
        return None
    kind = dimension(quantity.unit)
    if anchor is not None and role == "change" and kind not in (dimension(anchor.unit), "percent_point"):
        alike = [f for f in state.levels[-8:] if dimension(f.unit) == kind]
        return alike[-1] if alike else anchor  # 1864笔、1957.8万元,比上年多203笔
    share = state.recent.get("percent")
    if dimension(quantity.unit) == "percent_point" and role == "change" and share is not None:
        return share if anchor is None or dimension(anchor.unit) != "percent" else anchor
    said = state.spoken
    if anchor is None and role in ("change", "rate") and said is not None:
        # "全国专任教师324万人,比上年增长1.7%": another's figure is compared with its own past
        return said if said.role == "level" and said.kind == "reference" else None
    if anchor is not None and role == "level" and _COMPLETED.search(before):
        return state.wholes.get(dimension(quantity.unit), anchor)
    return anchor


def moved_with(masked: str, state: Sentence, quantity: Quantity) -> tuple[str | None, Fact] | None:
    """Return (direction, level) of a number that goes on with the change before it ("比上年多203笔、241.6万元")."""
    said = state.spoken
    if said is None or said.role != "change" or said.of is None:
        return None
    if masked[said.end : quantity.full_start].strip(" \x00") not in ("、", "和", "及"):
        return None
    kind = dimension(quantity.unit)
    alike = [f for f in state.levels[-8:] if dimension(f.unit) == kind and f.id != said.of]
    return (said.direction, alike[-1]) if alike and dimension(said.unit) != kind else None


_GAP = re.compile(
    r"(?:城乡|校际|区域|两者|二者|两类|男女|[公民]办[与和]?[公民]办|园际)?(?:之间)?(?:相差|差距|之差)(?:为|达|约)?"
)


def gap_of(state: Sentence, than: str | None, unit: str) -> Fact | None:
    """Return what a distance without a name is of: the shares told before ("城乡相差15.8个百分点"), None if it is none."""
    if not than or dimension(unit) != "percent_point":
        return None
    stage = labels.stage_in(than)
    if not _GAP.fullmatch(than.replace(stage[1], "") if stage else than):
        return None
    told = [f for f in (state.levels or state.earlier)[-6:] if dimension(f.unit) == "percent"]
    told = [f for f in told if stage is None or f.stage == stage[0]]
    if not told:
        return None
    last, alike = told[-1], len({f.stage for f in told}) == 1
    return replace(
        last, metric=f"{parts.plain(last.metric)}{than}", metric_id=None, label=than,
        stage=last.stage if alike else None, subject=last.subject if alike else "",
    )  # fmt: skip


def clause_before(masked: str, start: int, spot: Spot) -> str:
    """Return the words of the clause before that of ``spot`` if it holds no number of its own."""
    left = spot.clause[0] - 1
    if left <= start or masked[left] != ",":
        return ""
    begin = max(masked.rfind(mark, start, left) for mark in ",;:。\n") + 1
    words = labels.trim(masked[max(begin, start, left - 60) : left])
    return "" if any(c.isdigit() for c in words) else words


def since_before(masked: str, start: int, spot: Spot) -> str:
    """Return what the clause before names that only adds since when ("毛入园率从2010年以来,提高了39.6个百分点")."""
    left = spot.clause[0] - 1
    if left <= start or masked[left] != ",":
        return ""
    begin = max(masked.rfind(mark, start, left) for mark in ",;:。\n") + 1
    found = _SINCE.fullmatch(masked[max(begin, start, left - 60) : left].strip(" \x00"))
    return labels.trim(found["what"]) if found else ""


def intent_before(masked: str, start: int, spot: Spot) -> str:
    """Return the numberless clause before that of ``spot`` if it says what is to be reached ("力争到2025年,")."""
    left = spot.clause[0] - 1
    if left <= start or masked[left] != ",":
        return ""
    for _ in range(_BACK):
        begin = max(masked.rfind(mark, start, left) for mark in ",;:。\n") + 1
        words = masked[max(begin, start, left - 40) : left]
        if _COUNTED.search(words) or _PASSED.search(words):
            return ""
        if _INTENT.search(words):
            return words
        left = begin - 1
        if left <= start or masked[left] != ",":
            return ""
    return ""


def before_bracket(masked: str, start: int, spot: Spot) -> tuple[str, int]:
    """Return the words that a bracket of numbers explains ("…差异系数(小学0.31,初中0.28)") and its end."""
    left = spot.clause[0] - 1
    begin = max(masked.rfind(mark, start, left) for mark in ",;:。\n)") + 1
    words = masked[max(begin, start, left - labels.LONGEST) : left]
    if _STEADY.search(words):  # "与上年基本持平(上年2680万元)" names nothing
        words = ""
    return words, masked.find(")", spot.quantity.end, spot.quantity.end + 4 * labels.LONGEST)


_RULED = re.compile(r"(?:按照?|根据|依据|对照)[^,;。]{0,60}(?:要求|规定|标准)$")


def ruled_before(masked: str, start: int, spot: Spot) -> bool:
    """True if the clause before that of ``spot`` names a rule ("按照《…》要求,")."""
    left = spot.clause[0] - 1
    if left <= start or masked[left] != ",":
        return False
    begin = max(masked.rfind(mark, start, left) for mark in ",;:。\n") + 1
    return bool(_RULED.search(masked[max(begin, start, left - 90) : left].replace("\x00", "")))


_STEADY = re.compile(r"(?:持平|相当|一致)$")
_INTENT = re.compile(
    r"力争|计划|拟|争取|确保|努力|到20\d\d年|下一步|将(?:于|要|新|建成|完成|投|继续|着重|重点|加快|启动|推进|实施|全面|进一步)"
)
_SINCE = re.compile(
    r"(?P<what>[^,;。\d]{3,40}?)(?:从|自|与|比)?(?:19|20)\d\d年(?:度|底|末)?(?:以来|起|相比|同期相比)?"
)
_BACK = 3
"""Clauses without a number over which an intent goes on ("将建成…,加快推进…等5个项目")."""
_PASSED = re.compile(r"已|完成了|实现了|目前|截至|[;:。]")
_COUNTED = re.compile(r"\d(?!\d*年|\d*月)(?<!20\d)(?<!20\d\d)")
_STOP = re.compile(r"[;。:!?\n]")
_BARE_NOUN = re.compile(r"[\u4e00-\u9fff、()\x00 ]{4,40}")


def head_clause(masked: str, spot: Spot) -> str:
    """Return the numberless clause that names what the clauses up to ``spot`` tell by stage, else "".

    "生均教学仪器设备值,小学2684元、初中3517元": both numbers are of what stands before the comma.
    """
    begin = spot.clause[0]
    left = max(
        (m.end() for m in _STOP.finditer(masked, max(0, begin - 200), begin)), default=max(0, begin - 200)
    )
    pieces = masked[left:begin].rstrip(",").split(",")
    for piece in reversed(pieces):
        if re.search(r"\d", piece):
            continue
        words = piece.strip(" \x00")
        named = indicators_in(words) or re.match(r"(?:其中)?(?:生均|每百名|每班|人均|师均)", words)
        return words if _BARE_NOUN.fullmatch(words) and named else ""
    return ""
