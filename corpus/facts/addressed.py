"""What was done to those whom a number counts, where a preposition stands before it and the deed behind it.

"对15341人进行了问卷调查": the words before the number name nothing, those behind it do.
"""

from __future__ import annotations

import re

_TO = re.compile(r"(?:^|(?<![应针面核校派绝相反]))(?:对|向)[ \x00]*$")
_DEED = re.compile(
    r"(?:全面|集中|逐一|分批)*(?:进行|开展|实施|实行|予以|给予|组织)了?(?P<deed>[\u4e00-\u9fff“”]{2,16})"
)
_BEHIND = re.compile(r"[\u4e00-\u9fff“”、]{3,40}")
_EMPTY = frozenset(
    ("金", "款", "对", "向", "给", "为", "把", "将", "让", "使", "由", "从", "在", "现", "实际", "实际上")
)
"""Words that name nothing where they are all that stands before a number."""


def deed(before: str, after: str) -> str:
    """Return what the words ``after`` a number say was done to those it counts, "" unless ``before`` addresses them."""
    if not _TO.search(before):
        return ""
    words = after.replace("\x00", "").strip(" 的")
    if done := _DEED.match(words):
        return done["deed"]
    behind = _BEHIND.match(words)
    return behind.group() if behind else ""


def empty(own: str) -> bool:
    """True if ``own`` is a word that names nothing by itself."""
    return own in _EMPTY
