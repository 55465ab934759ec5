"""Names of counts that stand within another one: a part keeps what it is a part of."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import load_yaml, stages_in
from corpus.facts import labels
from corpus.model import Fact
from corpus.units import dimension

HERE = Path(__file__).parent.parent
_PEOPLE = ("person", "person_time")
_WHO = re.compile(r"学生|儿童|少年|幼儿|子女|教师|人员")
_ACHIEVED = re.compile(
    r"(?:已|全部|按期|如期|按计划)*(?:完成|通过|达到|实现|投入使用|投用|开工|竣工|完工|启动)"
)
_LONGEST = 28
"""A whole with a longer name is not repeated in the names of its parts."""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    people: str
    places: str
    kinds: str
    fates: str
    children: str
    deeds: str
    heads: str
    limits: str
    within: str
    respondents: str


@dataclass(frozen=True, slots=True)
class Words:
    """The patterns of ``nested.yaml``."""

    people: re.Pattern[str]
    places: re.Pattern[str]
    kinds: re.Pattern[str]
    fates: re.Pattern[str]
    children: re.Pattern[str]
    deeds: re.Pattern[str]
    heads: re.Pattern[str]
    limits: re.Pattern[str]
    within: re.Pattern[str]
    respondents: re.Pattern[str]


@cache
def words() -> Words:
    raw = load_yaml(HERE / "nested.yaml", _File)
    return Words(**{name: re.compile(getattr(raw, name)) for name in Words.__dataclass_fields__})


def plain(name: str) -> str:
    """Return ``name`` without the stage at its head and without the place or the opening words before it."""
    core = labels.trim(name)
    for stage in stages_in(core)[:1]:
        if stage.start == 0 and stage.end < len(core) and not words().heads.search(core):
            core = core[stage.end :].lstrip("的有共")
    return core


def composed(core: str, unit: str, parent: Fact | None, around: Fact | None) -> str:
    """Return the name of a part called ``core``, "" if it stands by itself.

    ``parent`` is the whole that words such as 其中 divide; ``around`` is one that was only told before.
    """
    known, kind = words(), dimension(unit)
    whole = parent or around
    if whole is None or not core or dimension(whole.unit) != kind or len(core) > 20:
        return ""
    host = plain(whole.metric or whole.label)
    if parent is not None and kind in ("所", "家") and labels.bare_stage(labels.trim(whole.label)):
        host = labels.trim(whole.label)  # 高中3所(民办1所)
    if not host or len(host) > _LONGEST or host in core or core in host:
        return ""
    if known.kinds.fullmatch(core):
        return f"{core}{host}" if parent is not None or core in ("其余", "剩余", "余下") else ""
    if kind in _PEOPLE and parent is not None and known.deeds.search(host) and known.people.search(core):
        return f"{host}{core}"  # 交流轮岗2451人,其中骨干教师1230人: not all of the 骨干教师
    if kind not in _PEOPLE or known.people.search(core):
        return ""
    if parent is None:
        fated = (
            not _WHO.search(core)
            and known.fates.search(core)
            and known.children.search(labels.trim(whole.metric))
        )
        return f"{host}{core}" if fated else ""
    return f"{core}{host}" if known.places.search(core) else f"{host}{core}"


def divides(core: str, unit: str) -> bool:
    """True if a count called ``core`` can be a whole of others: it says who or what is counted."""
    if dimension(unit) not in _PEOPLE:
        return not _ACHIEVED.match(core) or words().heads.search(core) is not None
    return words().people.search(core) is not None or not words().fates.search(core)


def owner_of(core: str, unit: str) -> bool:
    """True if ``core`` names schools of one kind only, whose children and teachers are told with them."""
    known = words()
    counted = dimension(unit) in ("所", "个", "家")
    return counted and bool(known.heads.search(core)) and bool(known.limits.search(core))


def owned(core: str, unit: str, owner: Fact) -> str:
    """Return the name of what ``owner``'s schools have, "" if ``core`` is no such count."""
    if dimension(unit) not in (*_PEOPLE, "个", "class", "seat") or not words().within.match(core):
        return ""
    name = labels.trim(owner.metric)
    return f"{name}{core}" if name and len(name) <= _LONGEST else ""
