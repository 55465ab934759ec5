"""Sentences without a number that say what the numbers after them are of."""

from __future__ import annotations

import re

from corpus.catalogue import indicators_in, stages_in
from corpus.facts import labels

_INTRO = re.compile(r"(?:情况)?(?:如下|为|是|分别是|分别为)?[:]\s*$")
_MARKS = "—-–·•●■◆▲★*○□◇ "
_HEAD = re.compile(rf"[{re.escape(_MARKS)}]*[\u4e00-\u9fff、()\x00 ]{{2,30}}[。:]\s*")
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
    core = labels.trim(words.lstrip(_MARKS))
    named = indicators_in(core)
    whole = bool(named) and _TAIL.fullmatch(core[named[-1].end :]) is not None and named[-1].start <= 6
    return core if whole or labels.bare_stage(core) else ""


_REACH = 480
_OPENER = re.compile(rf"[{re.escape(_MARKS)}\x00]*[\u4e00-\u9fff()\x00\d.、 ]{{2,24}}[,:]")


def staged_opening(words: str) -> str:
    """Return the stage that the paragraph ``words`` opens with as a clause of its own ("普通高中阶段,发放…"), "" without."""
    match = _OPENER.match(words)
    return _stage_alone(match.group()) if match else ""


def opened_stage(masked: str, start: int, end: int) -> tuple[int, tuple[str, str]] | None:
    """Return where the last clause in ``[start, end)`` that says a stage and nothing else begins, and that stage.

    What stands before a semicolon is another matter.
    """
    begin = max(masked.rfind(";", start, end) + 1, start, end - _REACH)
    for piece in reversed(list(_CLAUSE.finditer(masked, begin, end))):
        if (alone := _stage_alone(piece.group())) and (found := labels.bare_stage(alone)):
            return piece.start(), found
    return None


_CLAUSE = re.compile(r"[^,:;。()]{2,24}[,:]")
_SIDE = re.compile(r"(?:方面|领域|学段|层面)$")


def _stage_alone(clause: str) -> str:
    """Return the stage that a clause with its mark says and nothing else, "" if it says anything else."""
    core = _SIDE.sub("", labels.trim(clause.lstrip(_MARKS).rstrip(",: ")))
    return core if labels.bare_stage(core) else ""


_TITLED = ("preschool", "special")
"""Stages that a whole report may be about so that it need not name them again."""
_BESIDE = re.compile(r"^(?:事业|工作|发展|阶段|学校)*(?:和|与|及|以及|、|暨)|(?:和|与|及|、|暨)$")


def titled(lines: list[str]) -> tuple[str, str] | None:
    """Return the stage that the first of the title's ``lines`` with a stage says the report is about, if it is of one only.

    "特殊教育和教师队伍建设情况" is of two things, and what is told of the second is not of the first.
    """
    for line in lines:
        found = stages_in(line)
        if not found:
            continue
        one = labels.stage_in(line)
        alone = len({named.id for named in found}) == 1 and one is not None and one[0] in _TITLED
        beside = _BESIDE.search(line[found[-1].end :]) or _BESIDE.search(line[: found[0].start])
        return one if alone and not beside else None
    return None
