"""Headings without a number: a line in 【】, and the lines of a bulletin that is divided by school stages.

"【学前教育】" is a heading wherever it stands alone on its line. A bare short line ("小学教育") is one only where it
opens a paragraph with figures and the text has another that names nothing but a stage; then the lines of the
same make ("教师队伍") are headings too, so that they end the stage above them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.catalogue import stages_in
from corpus.folding import fold

_BRACKETED = re.compile(r"[【〖\[](?P<title>[^【】〖〗\[\]\d]{2,24})[】〗\]][:：]?")
_PLAIN = re.compile(r"[\u4e00-\u9fff()（）、]{2,14}")
_REST = re.compile(r"(?:教育|阶段|学校|事业|发展|基本|主要|情况|概况|方面|现状|部分|[和与及、(（)）])*")
_PARAGRAPH = 14
"""Characters of a line that is more than a cell of a table."""
_FEWEST = 2

Line = tuple[int, str]


def unnumbered(lines: Sequence[Line]) -> list[tuple[int, str]]:
    """Return (start, title) of the headings without a number among the ``lines`` of a text, in order.

    ``lines`` are (start, text) of those that are not empty, without the blanks around them.
    """
    bracketed = [(start, match["title"].strip()) for start, text in lines if (match := _bracketed(text))]
    if bracketed:
        return bracketed
    plain = [line for line, following in pairwise(lines) if _opens(line[1], following[1])]
    staged = [line for line in plain if _only_stage(line[1])]
    return plain if len(staged) >= _FEWEST else []


def _bracketed(text: str) -> re.Match[str] | None:
    return _BRACKETED.fullmatch(text)


def _opens(line: str, following: str) -> bool:
    """Tell whether ``line`` is short and bare, and what follows is a sentence with a figure."""
    if not _PLAIN.fullmatch(line) or "|" in following or "\t" in following:
        return False
    sentence = len(following) >= _PARAGRAPH and re.search(r"[,，。;；]", following)
    return bool(sentence) and re.search(r"\d", fold(following[:200])) is not None


def _only_stage(line: str) -> bool:
    folded = fold(line)
    found = stages_in(folded)
    rest = folded
    for named in reversed(found):
        rest = rest[: named.start] + rest[named.end :]
    return bool(found) and _REST.fullmatch(rest) is not None
