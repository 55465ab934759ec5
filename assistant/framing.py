"""Takes off what is said around a question: who wants to know, what for, how urgently.

"领导要个数:全区有多少…" asks for the second half only. A clause goes when every word of weight in it is a framing
word (``corpus/framing.yaml``) and one of them is about asking; places, times, figures and names of indicators keep
a clause, and so does any word that the table does not know.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators_in, load_yaml, stages_in
from corpus.errors import CatalogueError
from corpus.folding import fold
from tools.words import tagged


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Framing:
    asking: tuple[str, ...]
    beside: tuple[str, ...]
    inside: tuple[str, ...]


@cache
def _framing() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    table = load_yaml(HERE / "framing.yaml", _Framing)
    try:
        inside = re.compile("|".join(f"(?:{one})" for one in table.inside))
    except re.error as error:
        raise CatalogueError(f"framing.yaml:inside:{error}") from error
    return frozenset(table.asking), frozenset(table.beside), inside


_CLAUSE = re.compile(r"[^,。:;!?，。：；！？~～…—\n]+[,。:;!?，。：；！？~～…—\n]*")
_ASKED = re.compile(
    r"多少|几[^乎个]|几个|[吗呢]\W*$|谁|哪|百分|\d|[对准算合]不[对准上]|是不是|是否|一致|矛盾|[加减乘除]|[算核](?!一?下)|怎么|为什么|什么|如何|总结|概括|归纳"
)


@lru_cache(maxsize=1024)
def unframed(turn: str) -> str:
    """Return a turn without its framing clauses; the turn itself where nothing else would be left."""
    kept: list[str] = []
    for match in _CLAUSE.finditer(turn):
        clause = match.group()
        if not _is_frame(fold(clause)):
            kept.append(clause)
    text = "".join(kept)
    inside = _framing()[2]
    bare = "".join(_outside(text, inside))
    return bare.strip(" ,，:：、") if _has_content(bare) else (text or turn)


def _outside(text: str, pattern: re.Pattern[str]) -> list[str]:
    folded, at, kept = fold(text), 0, []  # folding keeps positions
    for match in pattern.finditer(folded):
        kept.append(text[at : match.start()])
        at = match.end()
    return [*kept, text[at:]]


def _is_frame(clause: str) -> bool:
    if _ASKED.search(clause) or indicators_in(clause) or stages_in(clause):
        return False
    asking, beside, _ = _framing()
    about = False
    for word, weight in tagged(clause):
        if word in asking:
            about = True
        elif weight > 0 and word not in beside:
            return False
    return about


def _has_content(text: str) -> bool:
    return any(weight >= 0.3 for _, weight in tagged(fold(text)))
