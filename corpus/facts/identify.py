"""The indicators whose words name them only alone, given to the facts once all of them are read.

Reading leans on what the catalogue names anywhere in a sentence; a count (在校生, 专任教师) is known only when the
whole name of a fact is settled, so that nothing that narrows it is left out of sight.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.alone import alone_in
from corpus.catalogue import indicators
from corpus.facts.labels import trim
from corpus.model import Fact
from corpus.sameness import sameness

_PER_HEAD = re.compile(r"每百|生均|每生|人均|师均|每名|每班|每校|校均|每1?\d个班|平均每")
"""Where the sentence speaks of amounts a head, a bare name is no whole ("每百名学生拥有骨干教师,小学1.2人")."""
_PART = re.compile(
    r"公办|民办|公立|私立|普惠|(?<!子)女(?:生|教师|学生|童)|男(?:生|教师)|少数民族|留守|随迁|寄宿|特岗|骨干|城区|县城|镇区|农村|乡村"
    r"|[该本我][校园]|集团|新建|改建|扩建|附设|小规模|抽样|抽查|样本"
)
"""What is counted in one breath with a part is counted of the part ("民办园65所、在园幼儿8538人")."""
_KIND = re.compile(r"教学点|一贯制|完全中学")
"""Of these as well, but schools stand beside them in a list."""
_SCHOOL = re.compile(
    r"([\u4e00-\u9fff]{0,12}?)(?:中小学|小学|中学|初中|高中|幼儿园|学校|(?<![小初高中学大])[一二三四五六七八九十]中)"
)
_NO_NAME = re.compile(r"(?:省|市|县|区|旗|州|特教|其中|现|另|[,、:;。\d年])$|^$")
_STOP = re.compile(r"[;。\n]|其中")


def identify(facts: list[Fact], folded: str) -> list[Fact]:
    """Return ``facts`` with the indicators that their names alone give; ``folded`` is the folded text.

    The metric stays as it was read, and so does everything else.
    """
    return [_identified(fact, folded) for fact in facts]


def _identified(fact: Fact, folded: str) -> Fact:
    if fact.metric_id is not None or fact.role == "limit":
        return fact
    found = alone_in(trim(fact.metric), None if fact.role in ("change", "rate") else fact.unit)
    if found is None or _of_part(fact, folded, found):
        return fact
    return replace(fact, metric_id=found)


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
    if _PART.search(window) and not _PART.search(item.name):
        return True
    if item.family != "institutions" and _KIND.search(window):
        return True
    return any(_is_name(match[1]) for match in _SCHOOL.finditer(window))


def _is_name(before: str) -> bool:
    """True if the words before 小学 or 学校 make the name of one school of it ("城北实验小学")."""
    before = before.rpartition("年")[2]
    return not _NO_NAME.search(before) and not sameness().words("ordinary").fullmatch(
        sameness().plain(before)
    )
