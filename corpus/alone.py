"""Indicators that a label names only if it says nothing else: 小学在校生 is one, 民办小学在校生 a part of it.

A count is called by a word that stands in a hundred other names, so finding the word is not enough: what is
left of a label without it must be a stage, a place or a word for number. One lookup in a dictionary each.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators, load_yaml, stages_in
from corpus.errors import CatalogueError
from corpus.units import dimension

_LEAD = re.compile(r"^(?:各级各类|各级|各类|全部|所有|全体|共有|现有|设有|办有|建有|共|有|为|的)+")
_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,7}?(?:省|市|县|区|旗|州)(?![级直域属内本])(?=.{2})(?:共有|现有|有)?")
_NO_PLACE = re.compile(
    r"(?:[城镇市郊山库牧校园片辖地社灾老矿林新]|开发|功能|示范|民族地)区$|[公民]办|农村|乡村|城市|直属|[大中小]学|幼儿"
)
_TAIL = re.compile(r"(?:总人数|总人次|人数|人次|总数|总量|数量|总计|合计|总额|规模|数|总)$")
_SCHOOLING = re.compile(r"\x01(?:阶段|学校|教育|段|的)*")
_PAIR = re.compile(r"\x01(?:[、和与及]|以及)\x01")
COUNTERS = frozenset({"所", "个", "家", "处", "座", "校", "园", "class", "seat"})
"""Schools, classes and seats are counted in any of them."""
_UNTOLD = frozenset({"person", "间", "台", "册"}) | COUNTERS
"""What a table may count without naming the unit."""

_SHORT = 4
_SHARES = ("percent", "ratio")


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Parts:
    """The file as it is; what each entry is for stands beside it there."""

    beside: tuple[str, ...]
    schools: str
    heads: str
    rates: str
    of_place: tuple[str, ...]


@cache
def parts() -> Parts:
    """Return the words that make a figure one of a part; CatalogueError for a malformed file."""
    found = load_yaml(HERE / "parts.yaml", Parts)
    for pattern in (*found.beside, found.schools, found.heads, found.rates):
        try:
            re.compile(pattern)
        except re.error as error:
            raise CatalogueError(f"parts.yaml:{pattern}:{error}") from error
    return found


@cache
def _words() -> dict[str, str]:
    return {word: item.id for item in indicators().values() if item.alone for word in item.words}


@cache
def _by_unit() -> dict[str, str]:
    return {dimension(item.by_stage): item.id for item in indicators().values() if item.by_stage}


@lru_cache(maxsize=8192)
def alone_in(label: str, unit: str | None) -> str | None:
    """Return the id of the indicator that is all that ``label`` names and that ``unit`` can measure, else None.

    ``label`` is folded and without the words at its edges that name nothing; ``unit`` None stands for any unit,
    "" for a number that a table gives without one.

    >>> alone_in("普通小学在校生", "人"), alone_in("民办小学在校生", "人"), alone_in("小学", "所")
    ('enrolment', None, 'school_count')
    """
    bare = _bare(label)
    for reading in (label, bare, *_shorter(bare), *_staged(bare)):
        found = _words().get(reading)
        if found and _measures(indicators()[found].unit, unit):
            return found
    if unit and _without_stage(bare) == "":
        return _by_unit().get(dimension(unit))
    return _ending(label) if unit is None or dimension(unit) in _SHARES else None


@cache
def _rates() -> tuple[tuple[str, str], ...]:
    pairs = [
        (w, i) for w, i in _words().items() if dimension(indicators()[i].unit) in _SHARES and len(w) > _SHORT
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _ending(label: str) -> str | None:
    """Return the rate whose full name closes ``label`` ("实现国家课程开齐开足率"); its name is not an everyday word."""
    for word, metric_id in _rates():
        if label.endswith(word):
            before = label[: -len(word)]
            if before.endswith("占"):
                return None  # 高级职称占在编教师比例 is no 在编教师比例
            rest = _without_stage(before, whole=False)
            return None if re.search(parts().rates, before if rest is None else rest) else metric_id
    return None


def _measures(own: str, unit: str | None) -> bool:
    if unit is None:
        return True
    kind, wanted = dimension(own), dimension(unit) if unit else ""
    if not wanted:
        return kind in _UNTOLD
    return kind == wanted or (kind in COUNTERS and wanted in COUNTERS) or (kind == "间" and wanted == "个")


def _bare(label: str) -> str:
    """Return ``label`` without the place that it begins with."""
    bare = _LEAD.sub("", label)
    place = _PLACE.match(bare)
    if place and not _NO_PLACE.search(place[0]):
        return _LEAD.sub("", bare[place.end() :])
    return bare


def _staged(words: str) -> list[str]:
    """Return the readings without the stage; 学校 behind it may belong to the stage or to the name."""
    found = []
    for rest in (_without_stage(words, whole=False), _without_stage(words)):
        found += [rest, *_shorter(rest)] if rest else []
    return found


def _shorter(words: str) -> list[str]:
    found = []
    while (match := _TAIL.search(words)) and match.start() > 0:
        words = words[: match.start()]
        found.append(words)
    return found


def _without_stage(words: str, *, whole: bool = True) -> str | None:
    """Return ``words`` without the stage that they name; None without one, or with a list of several.

    ``whole``: without 学校 and 阶段 behind it too.
    """
    named = stages_in(words)
    if not named:
        return None
    marked = words
    for stage in reversed(named):
        marked = f"{marked[: stage.start]}\x01{marked[stage.end :]}"
    if {stage.id for stage in named} == {"primary", "junior"}:
        marked = _PAIR.sub("\x01", marked)
    if marked.count("\x01") != 1 or (marked.endswith("\x01") and marked != "\x01"):
        return None  # a stage behind the name parts it ("九年一贯制学校小学部")
    if not whole:
        return marked.replace("\x01", "").strip("、的")
    return _LEAD.sub("", _SCHOOLING.sub("", marked).strip("、的"))
