"""Slips of the input method: a word of the same sound is put back where the written one is no word.

Only words of the catalogue and of asking are restored, never places, schools or figures.
"""

from __future__ import annotations

from functools import cache, lru_cache

from corpus.catalogue import indicators, lexicon, stages
from corpus.folding import fold

_ASKING = ("增长", "增加", "下降", "减少", "支出", "经费", "预算", "比例", "占比", "幼儿园", "小学", "初中", "高中", "教师",
           "学生", "编制", "入学率", "巩固率", "覆盖率", "残疾儿童", "学位", "培训", "督导", "隐患", "满意度", "百分之几",
           "多少", "排序", "公办", "民办", "普惠", "生均", "投入", "资助", "改造", "班额", "送教上门", "辍学", "随迁子女")  # fmt: skip


@lru_cache(maxsize=16384)
def _sound(char: str) -> str:
    from pypinyin import lazy_pinyin

    sound = lazy_pinyin(char)[0]
    # Sounds that input methods and dialects mix: flat and curled, n and ng.
    for mixed, plain in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        sound = sound.replace(mixed, plain)
    return sound.removesuffix("g") if sound.endswith("ng") else sound


@cache
def _names() -> tuple[str, ...]:
    """Names that are put back: those of counts are made of everyday words, which sound like many others."""
    return tuple(word for item in indicators().values() if not item.alone for word in item.words)


@cache
def _vocabulary() -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [word for word in _names() if len(word) >= 4]
    groups = [word for group in lexicon().same for word in group if len(word) >= 3]
    stage = [word for item in stages().values() for word in item.words if len(word) >= 3]
    words = dict.fromkeys([*names, *groups, *stage, *_ASKING])
    pairs = [
        (word, tuple(map(_sound, word))) for word in words if all("\u4e00" <= c <= "\u9fff" for c in word)
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@lru_cache(maxsize=1024)
def correct(text: str, vocabulary: frozenset[str] = frozenset()) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return folded ``text`` with slips put right (same length), and each (written, meant).

    A window is a slip when it sounds like a known word, differs from it in less than half of its
    characters (all may differ only in none), and its own characters do not form words of the corpus.
    """
    fixes: list[tuple[str, str]] = []
    folded = fold(text)
    sounds = [_sound(c) if "\u4e00" <= c <= "\u9fff" else c for c in folded]
    taken = [False] * len(folded)
    tokens = _tokens(folded)
    chars = list(folded)
    for word, wanted in _vocabulary():
        if word in folded:
            continue
        size = len(word)
        for at in range(len(folded) - size + 1):
            if any(taken[at : at + size]) or tuple(sounds[at : at + size]) != wanted:
                continue
            written = folded[at : at + size]
            wrong = [at + i for i in range(size) if written[i] != word[i]]
            if len(wrong) * 2 > size or not _broken(tokens, at, at + size, wrong):
                continue
            if any(written in term for term in vocabulary):
                continue
            chars[at : at + size] = word
            taken[at : at + size] = [True] * size
            fixes.append((written, word))
    known = _known()
    right = [
        (at, at + len(name))
        for name in (word for item in indicators().values() if item.alone for word in item.words)
        if (at := folded.find(name)) >= 0
    ]
    for word in dict.fromkeys(_names()):
        if len(word) >= 4 and word not in folded:
            _one_slip(word, folded, chars, taken, fixes, known, right)
    return "".join(chars), tuple(fixes)


def _tokens(text: str) -> list[tuple[int, int]]:
    """Return the spans of the words of two or more characters that a text is made of."""
    import rjieba

    spans, at = [], 0
    for token in rjieba.cut(text):
        if len(token) > 1 and rjieba.has_word(token):  # the tokeniser also joins what is no word: 增张
            spans.append((at, at + len(token)))
        at += len(token)
    return spans


def _broken(tokens: list[tuple[int, int]], start: int, end: int, wrong: list[int]) -> bool:
    """True if the wrong characters form no word, and no word reaches over the window's edges.

    "学校|学生" is two words: 校学生, though it sounds like 小学生, is none.
    """
    for a, b in tokens:
        crosses = end - start < 4 and (a < start < b or a < end < b)
        whole = (a, b) == (start, end) and b - a >= 3
        few = end - start >= 6 and len(wrong) * 4 <= end - start
        if crosses or (not whole and not few and any(a <= place < b for place in wrong)):
            return False
    return end - start >= 3 or not any(a < end and b > start for a, b in tokens if (a, b) != (start, end))


@cache
def _known() -> frozenset[str]:
    names = (word for item in indicators().values() for word in item.words)
    return frozenset((*names, *(word for word, _ in _vocabulary())))


def _one_slip(
    word: str,
    folded: str,
    chars: list[str],
    taken: list[bool],
    fixes: list[tuple[str, str]],
    known: frozenset[str],
    right: list[tuple[int, int]],
) -> None:
    """Put back a name of which one character is wrong and forms no word with its neighbours (控缀保学).

    What lies within one of ``right`` is a name as it is (净入园率 in 学前三年净入园率).
    """
    import rjieba

    size = len(word)
    for at in range(len(folded) - size + 1):
        written = folded[at : at + size]
        wrong = _only_difference(written, word)
        if (
            wrong is None
            or any(taken[at : at + size])
            or any(start <= at and at + size <= end for start, end in right)
            or any(w in written and wrong in range(written.find(w), written.find(w) + len(w)) for w in known)
        ):
            continue
        if wrong == size - 1 and _sound(written[-1]) != _sound(word[-1]):
            continue  # 儿童少年入学随班就读 names no 入学率
        rest = word[:-1] if wrong == size - 1 else word[1:] if wrong == 0 else ""
        if rest in known:
            continue  # "生师比从高到低": the shorter name stands there already
        place = at + wrong
        char = folded[place]
        if not "\u4e00" <= char <= "\u9fff" or char in _MEANT or _joins(char):
            continue
        pairs = (folded[max(0, place - 1) : place + 1], folded[place : place + 2])
        if any(len(pair) == 2 and rjieba.has_word(pair) for pair in pairs):
            continue
        chars[at : at + size] = word
        taken[at : at + size] = [True] * size
        fixes.append((written, word))
        return


@lru_cache(maxsize=4096)
def _joins(char: str) -> bool:
    """True for a word of one character that joins others (并, 将): it is written on purpose."""
    import rjieba

    return rjieba.tag(char)[0][1][0] in "cpudrmqfy"


def _only_difference(written: str, word: str) -> int | None:
    """Return where two texts of one length differ, if in just one place."""
    found = None
    for i, (a, b) in enumerate(zip(written, word, strict=True)):
        if a != b:
            if found is not None:
                return None
            found = i
    return found


_MEANT = frozenset(
    "一二三四五六七八九十百千万公民小初高中大幼学校园师生男女城乡镇村县区市省年月内外前后上下新老增减多少不未无非是的有为了吗呢占达比和与及在到几均每之其"
)
"""Characters that make another thing of a name; they are never taken for slips."""
