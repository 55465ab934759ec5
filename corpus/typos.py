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
def _vocabulary() -> tuple[tuple[str, tuple[str, ...]], ...]:
    names = [word for item in indicators().values() for word in item.words if len(word) >= 4]
    groups = [word for group in lexicon().same for word in group if len(word) >= 3]
    stage = [word for item in stages().values() for word in item.words if len(word) >= 3]
    words = dict.fromkeys([*names, *groups, *stage, *_ASKING])
    pairs = [
        (word, tuple(map(_sound, word))) for word in words if all("\u4e00" <= c <= "\u9fff" for c in word)
    ]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def correct(text: str, vocabulary: frozenset[str] = frozenset()) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return folded ``text`` with slips put right (same length), and each (written, meant).

    A window is a slip when it sounds like a known word, differs from it in less than half of its
    characters (all may differ only in none), and its own characters do not form words of the corpus.
    """
    import rjieba

    fixes: list[tuple[str, str]] = []
    folded = fold(text)
    sounds = [_sound(c) if "\u4e00" <= c <= "\u9fff" else c for c in folded]
    taken = [False] * len(folded)
    chars = list(folded)
    for word, wanted in _vocabulary():
        if word in folded:
            continue
        size = len(word)
        for at in range(len(folded) - size + 1):
            if any(taken[at : at + size]) or tuple(sounds[at : at + size]) != wanted:
                continue
            written = folded[at : at + size]
            differing = sum(a != b for a, b in zip(written, word, strict=True))
            if differing * 2 > size or (size == 2 and rjieba.has_word(written)):
                continue
            if any(written in term for term in vocabulary):
                continue
            chars[at : at + size] = word
            taken[at : at + size] = [True] * size
            fixes.append((written, word))
    return "".join(chars), tuple(fixes)
