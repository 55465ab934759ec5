"""Read a conversation's last turn into a ``Question``: split it, fill the slots, carry what is unsaid."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.carrying import carry, is_elliptical
from assistant.framing import unframed
from assistant.listing import parts_of
from assistant.question import Ask, Known, Question
from assistant.slots import read_ask
from corpus.catalogue import indicators
from corpus.folding import fold

_SPLIT = re.compile(
    r"[?？;；。!！]+|、(?=几[个名所家]|多少)|[,，](?=[^,，]*(?:多少|几[个名所人家件份次项间台年天届期]|吗|呢|什么|谁|哪|怎么|如何|百分之几|没有$|多大))"
)
_ASKING = re.compile(
    r"多少|几|吗|呢|什么|谁|哪|怎|如何|百分之|排|列|比较|总结|介绍|说明|概括|对不对|是否|有没有|多大|([\u4e00-\u9fff])不\1"
)


def read(turns: Sequence[str], known: Known) -> Question:
    """Return what the last of ``turns`` asks; earlier turns fill the slots that it leaves open."""
    history: list[Ask] = []
    asks: tuple[Ask, ...] = ()
    for turn in turns:
        asks = _turn(unframed(turn), known, tuple(history))
        history.extend(asks)
    return Question(turns[-1] if turns else "", asks, tuple(history[: -len(asks)]) if asks else ())


def _turn(turn: str, known: Known, history: tuple[Ask, ...]) -> tuple[Ask, ...]:
    found: list[Ask] = []
    for piece in _pieces(turn):
        spoken = next((a.regions for a in reversed((*history, *found)) if a.regions), ())
        ask = read_ask(piece, known, spoken)
        if (
            found
            and found[-1].op in ("compare", "moved", "target")
            and ask.op == "difference"
            and is_elliptical(ask)
        ):
            continue  # "哪个高?差多少?": the comparison tells the difference anyway
        before = (*history, *found)
        carried = carry(ask, before, inside=bool(found))
        parts = tuple(
            _of_whole(carry(part, before, inside=bool(found)), carried)
            for part in parts_of(piece, ask, known)
        )
        found.append(replace(carried, parts=parts or carried.parts))
    return tuple(found)


def _of_whole(part: Ask, whole: Ask) -> Ask:
    """Give a thing of a list the place, time and stage that the whole question names."""
    return replace(
        part,
        regions=part.regions if part.regions and "region" not in part.carried else whole.regions,
        among=whole.among,
        periods=part.periods if part.periods and "period" not in part.carried else whole.periods,
        stages=part.stages if part.stages and "stage" not in part.carried else whole.stages,
        carried=tuple(c for c in part.carried if c in whole.carried),
    )


def _pieces(turn: str) -> list[str]:
    """Split a turn into its questions; pieces that ask nothing stay with the question beside them."""
    pieces = [piece.strip() for piece in _SPLIT.split(turn) if piece and piece.strip(" ,，、")]
    merged: list[str] = []
    for piece in pieces:
        if merged and not _ASKING.search(fold(merged[-1])):
            merged[-1] = f"{merged[-1]},{piece}"
        else:
            merged.append(piece)
    if len(merged) > 1 and not _ASKING.search(fold(merged[-1])):
        last = merged.pop()
        merged[-1] = f"{merged[-1]},{last}"
    return merged or [turn]


def metric_name(ask: Ask) -> str:
    """Return how to call what is asked: the indicator's name, else the phrase."""
    return "、".join(indicators()[i].name for i in ask.metric_ids) or ask.words.replace(" ", "")
