"""Names of counts compared: is what a share calls its whole the count that a sentence states?"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from corpus.audited import audited
from corpus.catalogue import stages
from corpus.folding import fold
from corpus.model import Fact

SAME, NEAR, LOOSE, NONE = 3, 2, 1, 0
"""How surely two names mean one count: the same words; but for a general noun; one within the other; not."""
_MARKS = re.compile(r"[ \x00“”\"'‘’·、,:;|]|\([^()]*\)")
_AGED = re.compile(r"\d岁|\d周岁")
_GRADE = re.compile(r"(?:及|或|含|和)?以[上下].*$")
_SENT = re.compile(r"分配[到给至]|下达到|指标到校")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = audited()
    before, after, light = (
        "|".join(sorted(map(re.escape, group), key=len, reverse=True))
        for group in (words.before, words.after, words.light)
    )
    return re.compile(f"^(?:{before})+"), re.compile(f"(?:{after})+$"), re.compile(light)


@cache
def _alike() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Each line of ``same`` as (pattern of the other words, first word), the longest first."""
    found = []
    for first, *others in audited().same:
        pattern = "|".join(sorted(map(re.escape, others), key=len, reverse=True))
        found.append((re.compile(pattern), first))
    return tuple(found)


@lru_cache(maxsize=16384)
def core(words: str) -> str:
    """Return ``words`` folded, without what does not change the thing counted ("全县幼儿园总数" → 园)."""
    text = _MARKS.sub("", fold(words))
    for pattern, first in _alike():
        text = pattern.sub(first, text)
    before, after, _ = _edges()
    kept = after.sub("", before.sub("", text))
    return kept or text


@lru_cache(maxsize=16384)
def bare(name: str) -> str:
    """Return a core without its general nouns ("在编教师" → 在编)."""
    return _edges()[2].sub("", name)


@lru_cache(maxsize=65536)
def alike(words: str, label: str) -> int:
    """Tell how surely ``label`` is what ``words`` call a count."""
    a, b = core(words), core(label)
    if not a or not b or opposed(a, b):
        return NONE
    if a == b:
        return SAME
    short, long = sorted((a, b), key=len)
    if short in long and not bare(long.replace(short, "", 1)) and _HAN.search(short) and len(short) > 1:
        return NEAR
    bare_a, bare_b = bare(a), bare(b)
    if bare_a and bare_a == bare_b and len(bare_a) > 1:
        return NEAR
    if (len(a) > 1 and a in b) or (len(bare_a) > 1 and bare_a in b):
        return LOOSE
    return NONE


@lru_cache(maxsize=16384)
def opposed(a: str, b: str) -> bool:
    """True if the two names differ in words that exclude each other (公办 and 民办)."""
    for group in audited().apart:
        ours = {w for w in group if w in a and not any(w != o and w in o and o in a for o in group)}
        theirs = {w for w in group if w in b and not any(w != o and w in o and o in b for o in group)}
        if ours and theirs and not ours & theirs:
            return True
    return False


def beside(a: Fact, b: Fact) -> bool:
    """True if two counts stand beside each other, so that neither can be a part of the other."""
    if _SENT.search(b.label) or _SENT.search(a.label):
        return False  # 分配到初中的名额 are among those of the senior schools
    if graded(a.label, b.label):
        return True
    if (
        a.stage
        and b.stage
        and a.stage != b.stage
        and not (holds(a.stage, b.stage) or holds(b.stage, a.stage))
    ):
        return True
    first, second = core(a.label), core(b.label)
    if _AGED.search(first) and _AGED.search(second):
        return True
    return opposed(first, second) or (first == second and a.stage == b.stage)


def graded(a: str, b: str) -> bool:
    """True if the names are a class and what reaches from it ("本科", "本科及以上学历"): the first is in the second."""
    first, second = core(a), core(b)
    plain = [_GRADE.sub("", name) for name in (first, second)]
    if plain == [first, second] or not all(plain):
        return False
    return (plain[0] in plain[1] or plain[1] in plain[0]) and first != second


def holds(whole: str | None, part: str | None) -> bool:
    """True if pupils of the stage ``part`` may be among those of ``whole``."""
    if whole is None or whole == part:
        return True
    if part is None:
        return False
    wide = {"compulsory": ("primary", "junior"), "schools": ("primary", "junior", "senior", "compulsory"),
            "senior_any": ("senior", "vocational", "vocational_senior")}  # fmt: skip
    return part in wide.get(whole, ()) or part in stages()[whole].includes


def narrowed(words: str) -> frozenset[str]:
    """Return the words of ``words`` that narrow a figure to some schools or places."""
    return frozenset(word for word in audited().narrow if word in words)


def same_time(a: str | None, b: str | None) -> bool:
    """True if two periods may be of one year; a time that nobody says fits all."""
    if not a or not b:
        return True
    if "/" in a or "/" in b:
        return a == b or (a.split("/")[-1][:4] == b.split("/")[-1][:4] and ("/" in a) == ("/" in b))
    return a[:4] == b[:4]
