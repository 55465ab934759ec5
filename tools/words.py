"""Words of a question against the words around a fact: how much of what is asked does a text say?

Coverage is lexical on purpose. Measured similarity of embeddings cannot tell a near metric from the
asked one, so it may order candidates but never decides that one answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from corpus.catalogue import lexicon, stages

_HAN = re.compile(r"[\u3400-\u9fff]+|[A-Za-z][A-Za-z0-9]*")
_PREFIX = ("各", "全", "总", "原", "现", "新")
_SUFFIX = ("级", "性", "类", "数", "们", "部", "段", "量", "额", "率")
LIGHT, SINGLE = 0.3, 0.35


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    weight: float
    binding: bool = False
    """It says which things are meant: a figure around which it is nowhere said is another thing's."""


@cache
def _groups() -> dict[str, tuple[str, ...]]:
    groups: dict[str, tuple[str, ...]] = {}
    for group in lexicon().same:
        for word in group:
            groups[word] = tuple(dict.fromkeys(groups.get(word, ()) + group))
    return groups


@cache
def _within() -> dict[str, str]:
    return {word: "|".join(tails) for word, tails in lexicon().not_before.items()}


@cache
def _guarded() -> re.Pattern[str]:
    words = sorted({w for w in _groups() if len(w) >= 3}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


_EMPTY = ("u", "p", "c", "d", "r", "q", "y", "e", "o", "x", "w", "h", "k")
"""Tags of words that only join or point: particles, pronouns, adverbs, measure words …"""


def _weight(word: str, tag: str) -> float:
    """Return what a word counts: names most, actions half, single characters little, pointers nothing."""
    if word in _light():
        return LIGHT
    if tag == "m" and len(word) >= 2 and word[0] in "一二三四五六七八九十两第" and word[-1] not in "个名所年":
        return 0.3  # 两步, 三优先: a number that is part of a name
    if (tag.startswith(_EMPTY) and tag != "eng") or tag == "m":
        return 0.0
    if len(word) == 1 and tag in ("f", "t"):
        return 0.0
    if len(word) == 1:
        return SINGLE if tag.startswith(("n", "b", "j")) else 0.4
    if tag in ("v", "vd", "vn", "a", "ad", "z", "t", "f"):
        return 0.5
    return 1.0 + 0.15 * min(len(word) - 2, 3)


@cache
def _light() -> frozenset[str]:
    return frozenset(lexicon().light)


def tagged(phrase: str) -> list[tuple[str, float]]:
    """Return every word of a folded phrase with its weight, those without any included."""
    import rjieba

    stop = frozenset(lexicon().stop)
    return [
        (word, 0.0 if word in stop else _weight(word, tag))
        for run in _HAN.findall(phrase)
        for word, tag in rjieba.tag(run)
    ]


@lru_cache(maxsize=8192)
def terms(phrase: str) -> tuple[Term, ...]:
    """Return the content words of a folded phrase in order, each with its weight.

    >>> [t.text for t in terms("争取到的市级学前教育奖补资金")]
    ['争取', '市级', '学前教育', '奖补', '资金']
    """
    import rjieba  # its dictionary takes a tenth of a second, which a check of a table does not need

    pieces: list[tuple[str, str]] = []
    closing = re.compile(r"(\w{2,4})的(?=[\u4e00-\u9fff])")
    limiting = {match[1] for match in closing.finditer(phrase)}
    for run in _HAN.findall(phrase):
        at = 0
        for match in _guarded().finditer(run):
            pieces += _parted(rjieba.tag(run[at : match.start()]))
            pieces.append((match.group(), "n"))
            at = match.end()
        pieces += _parted(rjieba.tag(run[at:]))
    stop = frozenset(lexicon().stop)
    found: dict[str, Term] = {}
    for place, (word, tag) in enumerate(pieces):
        if word in stop or not word.strip():
            continue
        if weight := _weight(word, tag):
            idle = word in lexicon().doing or word[0] in _LEADING
            binding = weight >= 0.9 or word[0] == "第" or (weight == 0.5 and _is_attribute(place, pieces))
            if weight == 0.5 and any(words.endswith(word) for words in limiting):
                weight = 1.3  # "死亡的儿童": the action says which ones
                binding = binding or not idle
            found.setdefault(word, Term(word, weight, binding))
    asked = list(found.values())
    if asked and asked[-1].weight == 0.5 and len(asked) > 1:
        # "…移交了几所": the action that ends the phrase is what is counted
        asked[-1] = replace(asked[-1], weight=1.0)
    return tuple(asked)


def _parted(tagged: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Part a word that the dictionary joins from a stage and those who are there: 高中学生, 高中生 → 高中, 学生."""
    for word, tag in tagged:
        stage = max((s for s in _stage_words() if word.startswith(s) and s != word), key=len, default="")
        if stage and word not in _groups() and (rest := _PEOPLE.get(word[len(stage) :])):
            yield stage, "n"
            yield rest, "n"
        else:
            yield word, tag


def _is_attribute(place: int, pieces: Sequence[tuple[str, str]]) -> bool:
    """True for what stands before a noun to say which one (退休教师, 贫困学生), not for what is done (收到捐赠)."""
    word, tag = pieces[place]
    if word in lexicon().doing or word[0] in _LEADING:
        return False
    if not tag.startswith("v"):
        return True
    behind = pieces[place + 1 :]
    return bool(behind) and behind[0][1].startswith(("n", "b", "j"))


_LEADING = "要后已再就可能还应需将把被给去来"
"""Characters that make a verb of two no other action: 要建, 已建."""
_PEOPLE = {"生": "学生", "学生": "学生", "教师": "教师", "老师": "老师"}


@cache
def _stage_words() -> tuple[str, ...]:
    return tuple(word for stage in stages().values() for word in stage.words if len(word) > 1)


@lru_cache(maxsize=65536)
def presence(word: str, text: str) -> float:
    """Return how surely ``text`` says ``word``: 1 literally, less by synonym, core or shared bigrams."""
    if says(word, text):
        return 1.0
    if word in text:
        return 0.3
    if any(says(other, text) and other in word for other in _groups().get(word, ()) if len(other) > 1):
        if not any(says(o, text) for o in _groups().get(word, ()) if len(o) > 1 and o not in word):
            return 0.78  # a broader word: 幼儿 for 在园幼儿
    if any(says(other, text) for other in _groups().get(word, ()) if len(other) > 1 or len(word) == 1):
        return 0.95
    if any(other in text for other in _groups().get(word, ())):
        return 0.75
    core = word
    if len(core) > 1 and core[-1] in _SUFFIX:
        core = core[:-1]
    elif len(core) > 2 and core[0] in _PREFIX:
        core = core[1:]
    if core != word and core in text:
        return 0.9 if len(core) > 1 else 0.7
    if len(word) >= 3:
        pairs = [word[i : i + 2] for i in range(len(word) - 1)]
        return 0.85 * sum(pair in text for pair in pairs) / len(pairs)
    if len(word) == 2:
        at = text.find(word[0])
        while at >= 0:
            if word[1] in text[at + 1 : at + 5]:
                return 0.7
            at = text.find(word[0], at + 1)
    return 0.0


def says(word: str, text: str) -> bool:
    """True if ``text`` holds ``word`` as itself, not as a part of another word (幼儿 in 幼儿园, 小学 in 中小学)."""
    if word not in text:
        return False
    if word not in _within() and word not in lexicon().not_behind:
        return True
    behind = "".join(f"(?<!{head})" for head in lexicon().not_behind.get(word, ()))
    before = f"(?!{_within()[word]})" if word in _within() else ""
    return bool(re.search(f"{behind}{word}{before}", text))


@dataclass(frozen=True, slots=True)
class Coverage:
    """``share`` of the asked words' weight that the fields say; ``head`` how surely the last word is said."""

    share: float
    head: float
    absent: tuple[str, ...]
    least: float = 1.0
    """How surely anything says the binding word that is said least, whatever the trust."""


def coverage(asked: Iterable[Term], fields: Iterable[tuple[str, float]]) -> Coverage:
    """Weigh each asked word by the best field that says it (fields: text and trust)."""
    fields = tuple((text, trust) for text, trust in fields if text)
    total = said = 0.0
    head = least = 1.0
    absent: list[str] = []
    for term in asked:
        best = max((trust * presence(term.text, text) for text, trust in fields), default=0.0)
        total += term.weight
        said += term.weight * best
        if term.weight >= 0.9:
            head = best
        if best < 0.5 and term.weight >= 1.0:
            absent.append(term.text)
        if term.binding:
            least = min(least, max((presence(term.text, text) for text, _ in fields), default=0.0))
    return Coverage(said / total if total else 1.0, head, tuple(absent), least)


def focus(phrase: str, label: str) -> float:
    """Return which part of the label's own words the phrase asks for: extras make it another metric."""
    own = terms(label)
    total = sum(term.weight for term in own)
    if not total:
        return 1.0
    return sum(term.weight * (1.0 if presence(term.text, phrase) >= 0.7 else 0.0) for term in own) / total
