"""The indicators whose words name them only alone, given to the facts once all of them are read.

Reading leans on what the catalogue names anywhere in a sentence; a count (在校生, 专任教师) is known only when the
whole name of a fact is settled, so that nothing that narrows it is left out of sight.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.alone import alone_in, parts
from corpus.catalogue import indicators
from corpus.facts.labels import bare_stage, is_elliptical, trim
from corpus.facts.tables_words import sort_of
from corpus.model import Fact
from corpus.sameness import sameness

_SCHOOL = re.compile(
    r"([\u4e00-\u9fff]{0,12}?)(?:中小学|小学|中学|初中|高中|幼儿园|学校|(?<![小初高中学大])[一二三四五六七八九十]中)"
)
_NO_NAME = re.compile(r"(?:省|市|县|区|旗|州|特教|其中|现|另|[,、:;。\d年])$|^$")
_STOP = re.compile(r"[;。\n]")
_PREDICATE = re.compile(r"(?!总|数|人|合计|规模|共|有|为|达)[\u4e00-\u9fff“]{2}")
_ASIDE = re.compile(r"\([^()]*\)")
"""What a bracket tells of another number ("初中45所(初级中学33所、九年一贯制学校12所),在校生…") narrows none behind it."""


def identify(facts: list[Fact], folded: str) -> list[Fact]:
    """Return ``facts`` with the indicators that their names alone give; ``folded`` is the folded text.

    The metric stays as it was read, and so does everything else.
    """
    known: dict[str, str] = {}
    for fact in facts:
        if fact.metric_id is None and fact.role in ("level", "base", "share") and not _of_kind(fact, folded):
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
    if (moving and bare_stage(name)) or _beside(fact, name) or _does(fact, name):
        return None
    return alone_in(name, None if moving else fact.unit)


def _of_kind(fact: Fact, folded: str) -> bool:
    """Tell whether a cell of a table is of a kind that its subject names (女, 民办), or names a stage and no unit."""
    if (
        folded[fact.clause[1] : fact.clause[1] + 1] != "|"
        and folded[fact.clause[0] - 1 : fact.clause[0]] != "|"
    ):
        return False
    if bare_stage(trim(fact.metric)) and not fact.unit:
        return True
    return fact.subject not in ("", fact.region) and sort_of(fact.subject, True) == "group"


def _does(fact: Fact, name: str) -> bool:
    """Tell whether the words behind the noun say which of them are counted ("251所学校实现了班班通")."""
    label = trim(fact.label)
    return label.startswith(name) and bool(_PREDICATE.match(label[len(name) :]))


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
    words = parts()
    if re.search(words.heads, before) and not re.search(words.heads, item.name):
        return True
    cut = max((stop.start() for stop in _STOP.finditer(before)), default=0)
    window = _ASIDE.sub("", before[cut:])
    for word in sorted(item.words, key=len, reverse=True):
        window = window.replace(word, " ")
    if any(re.search(kind, window) and not re.search(kind, item.name) for kind in words.beside):
        return True
    if item.family != "institutions" and re.search(words.schools, window):
        return True
    if item.family in words.of_place:
        return False
    return any(is_name(match[1]) for match in _SCHOOL.finditer(window))


def is_name(before: str) -> bool:
    """True if the words before 小学 or 学校 make the name of one school of it ("城北实验小学")."""
    before = before.rpartition("年")[2]
    return not _NO_NAME.search(before) and not sameness().words("ordinary").fullmatch(
        sameness().plain(before)
    )
