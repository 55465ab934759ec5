"""Sentences without a number that say what the numbers after them are of."""

from __future__ import annotations

import re

from corpus.catalogue import indicators_in
from corpus.facts import labels

_INTRO = re.compile(r"(?:情况)?(?:如下|为|是|分别是|分别为)?[:]\s*$")
_HEAD = re.compile(r"[-—–·•●◆■▲*> \x00]*[\u4e00-\u9fff、()\x00 ]{2,30}[。:]\s*")
_TAIL = re.compile(
    r"(?:及其|的)?(?:校际)?(?:差异系数|达标)?(?:基本|总体|具体)?(?:情况|方面|指标|概况|现状)?(?:说明)?"
)


def introduction(words: str) -> str | None:
    """Return the sentence if it ends as one that introduces what follows ("…情况为:")."""
    return words.strip() if _INTRO.search(words.strip("\n ")) else None


def begins(masked: str, start: int) -> bool:
    """True if nothing but blanks stands between the beginning of the line and ``start``."""
    return not masked[masked.rfind("\n", 0, start) + 1 : start].strip(" \x00")


_ITEM = re.compile(r"[一二三四五六七八九十]{1,2}是")


def of_paragraph(path: tuple[str, ...], begun: int, start: int, masked: str) -> tuple[str, ...]:
    """Return ``path`` without an item (二是…) that began at ``begun`` in a paragraph before that of ``start``."""
    if path and _ITEM.match(path[-1]) and begun < masked.rfind("\n", 0, start) + 1:
        return path[:-1]
    return path


def run_in(words: str) -> str:
    """Return the head that a paragraph begins with, if its first sentence ``words`` is one, else "".

    It names an indicator or a stage and says nothing else: "生均教学及辅助用房面积。小学4.91㎡…", "学前教育。幼儿园118所…".
    """
    if not _HEAD.fullmatch(words):
        return ""
    core = labels.trim(words)
    named = indicators_in(core)
    whole = bool(named) and _TAIL.fullmatch(core[named[-1].end :]) is not None and named[-1].start <= 6
    return core if whole or labels.bare_stage(core) else ""
