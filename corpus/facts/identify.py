"""The indicators whose words name them only alone, given to the facts once all of them are read.

Reading leans on what the catalogue names anywhere in a sentence; a count (在校生, 专任教师) is known only when the
whole name of a fact is settled, so that nothing that narrows it is left out of sight.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.alone import alone_in
from corpus.catalogue import indicators
from corpus.facts.labels import bare_stage, is_elliptical, trim
from corpus.model import Fact
from corpus.sameness import sameness

_PER_HEAD = re.compile(r"每百|生均|每生|人均|师均|每名|每班|每校|校均|每1?\d个班|平均每")
"""Where the sentence speaks of amounts a head, a bare name is no whole ("每百名学生拥有骨干教师,小学1.2人")."""
_PARTS = tuple(
    map(
        re.compile,
        (
            r"公办|民办|公立|私立|普惠",
            r"(?<!子)女(?:生|教师|学生|童)|男(?:生|教师)|少数民族|留守|随迁|寄宿",
            r"特岗|骨干",
            r"交流|轮岗",
            r"城区|县城|镇区|农村|乡村|[该本我][校园]|集团|新建|改建|扩建|附设|小规模|抽样|抽查|样本",
        ),
    )
)
"""What is counted in one breath with a part is counted of the part ("民办园65所、在园幼儿8538人").

Parts of one kind stand beside each other: 公办园 narrows 在园幼儿, but not 民办园."""
_KIND = re.compile(r"教学点|一贯制|完全中学")
"""Of these as well, but schools stand beside them in a list."""
_SCHOOL = re.compile(
    r"([\u4e00-\u9fff]{0,12}?)(?:中小学|小学|中学|初中|高中|幼儿园|学校|(?<![小初高中学大])[一二三四五六七八九十]中)"
)
_NO_NAME = re.compile(r"(?:省|市|县|区|旗|州|特教|其中|现|另|[,、:;。\d年])$|^$")
_OF_COUNTY = ("disabled", "dropouts")
"""Children told one by one for a place, in sentences that speak of all its schools."""
_STOP = re.compile(r"[;。\n]")


def identify(facts: list[Fact], folded: str) -> list[Fact]:
    """Return ``facts`` with the indicators that their names alone give; ``folded`` is the folded text.

    The metric stays as it was read, and so does everything else.
    """
    known: dict[str, str] = {}
    for fact in facts:
        if fact.metric_id is None and fact.role in ("level", "base", "share"):
            if (found := _named(fact)) and not _of_part(fact, folded, found):
                known[fact.id] = found
    for fact in facts:
        if fact.metric_id is None and fact.role in ("change", "rate"):
            found = known.get(fact.of) if fact.of else _named(fact)
            if found and not _of_part(fact, folded, found):
                known[fact.id] = found
    return [replace(fact, metric_id=known[fact.id]) if fact.id in known else fact for fact in facts]


def _named(fact: Fact) -> str | None:
    """Return the indicator of a fact's name; that of a stage (幼儿园) is no name without its unit."""
    name, moving = trim(fact.metric), fact.role in ("change", "rate")
    if (moving and bare_stage(name)) or _beside(fact, name):
        return None
    return alone_in(name, None if moving else fact.unit)


def _beside(fact: Fact, name: str) -> bool:
    """Tell whether other words before the number narrow the noun behind it ("承担送教任务的12所学校")."""
    before, _, behind = fact.label.partition(" ")
    return trim(behind) == name and len(trim(before)) > 1 and not is_elliptical(trim(before))


def _of_part(fact: Fact, folded: str, metric_id: str) -> bool:
    """Tell whether the words before the figure narrow what it counts: a part, one school, so many a head."""
    item = indicators()[metric_id]
    before = folded[fact.sentence[0] : fact.start]
    if "|" in before:
        return False  # the cells of a table say all in row and column
    if _PER_HEAD.search(before) and not _PER_HEAD.search(item.name):
        return True
    cut = max((stop.start() for stop in _STOP.finditer(before)), default=0)
    window = before[cut:]
    for word in sorted(item.words, key=len, reverse=True):
        window = window.replace(word, " ")
    if any(kind.search(window) and not kind.search(item.name) for kind in _PARTS):
        return True
    if item.family != "institutions" and _KIND.search(window):
        return True
    if item.family in _OF_COUNTY:
        return False
    return any(_is_name(match[1]) for match in _SCHOOL.finditer(window))


def _is_name(before: str) -> bool:
    """True if the words before 小学 or 学校 make the name of one school of it ("城北实验小学")."""
    before = before.rpartition("年")[2]
    return not _NO_NAME.search(before) and not sameness().words("ordinary").fullmatch(
        sameness().plain(before)
    )
