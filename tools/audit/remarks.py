"""Remarks of a report on what its figures hold (备注, 口径, 不含 …): they explain, so nothing is wrong for certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from corpus.model import Fact
from corpus.partitions import found, partitions
from tools.audit.tokens import Token
from tools.audit.view import View
from tools.evidence import Sentence

_NOTE = re.compile(r"(?m)^[ \t(【]*(?:备注|说明|附注|注释|注|数据说明|有关说明)[ \t】)]*[:：0-9①(].*$")
_PIECE = re.compile(r"[^。;\n]+")
_THINGS = re.compile(
    r"教职工|专任教师|在校学?生|在校学生|在园幼儿|班级|教学班|经费|收入|支出|编制|教学点|面积|残疾儿童|随迁子女|留守儿童"
)
_COUNTS = {
    "学校": "学校数(?!据)",
    "教师": "教师数(?!据)",
    "学生": "学生数(?!据)",
    "幼儿": "幼儿数(?!据)",
    "幼儿园": "园数(?!据)",
}
"""Things too common to tie a remark to a figure by themselves: the remark must speak of their number."""


def remark_on(
    view: View, whole: Token | Fact, parts: Sequence[Token | Fact], words: str = ""
) -> Sentence | None:
    """Return the remark that says what the total or a part holds, None if there is none.

    It speaks of scope (or ``words``) and names the thing that is counted; remarks stand at the head of a line
    (备注:…).
    """
    scope = words or partitions().scope
    facts = [item.fact if isinstance(item, Token) else item for item in (whole, *parts)]
    names = [item.words if isinstance(item, Token) else item.label for item in (whole, *parts)]
    things = set(_THINGS.findall(" ".join(names)))
    things |= {number for thing, number in _COUNTS.items() if thing in names[0]}
    for start, end in _pieces(view.folded):
        said = view.folded[start:end]
        if found(scope, said) and any(found(thing, said) for thing in things):
            return view.quote(start, end)
    begin, end = facts[0].sentence
    for bracket in re.finditer(r"\([^()\n]{4,80}\)", view.folded[begin:end]):
        if found("口径|重复计|交叉|合计数", bracket.group()):
            return view.quote(begin + bracket.start() + 1, begin + bracket.end() - 1)
    return None


@lru_cache(maxsize=4)
def _pieces(folded: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of all remarks in a text."""
    found_pieces = []
    for match in _NOTE.finditer(folded):
        for piece in _PIECE.finditer(folded, match.start(), match.end()):
            blank = len(piece.group()) - len(piece.group().lstrip())
            found_pieces.append((piece.start() + blank, piece.end()))
    return tuple(found_pieces)
