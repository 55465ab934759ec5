"""What is said about text that was recognised in pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.confidence import is_low
from corpus.model import Place

_NUMBER = re.compile(r"[0-9０-９]+(?:[.,，．][0-9０-９]+)*")


def doubt_notes(text: str, places: Sequence[Place]) -> tuple[str, ...]:
    """Return one line on how many recognised numbers there are and how many of them are in doubt, if any are there.

    ``places`` are in order; those with a confidence are recognised.
    """
    recognised = [place for place in places if place.confidence is not None]
    numbers = doubtful = index = 0
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        while index < len(recognised) and recognised[index].end <= start:
            index += 1
        if index == len(recognised):
            break
        if recognised[index].start >= end:
            continue
        numbers += 1
        doubtful += _is_doubtful(recognised, index, end)
    if not numbers:
        return ()
    return (
        f"识别出{numbers}处数字，其中{doubtful}处把握不大"
        if doubtful
        else f"识别出{numbers}处数字，没有把握不大的",
    )


def _is_doubtful(places: Sequence[Place], index: int, end: int) -> bool:
    while index < len(places) and places[index].start < end:
        if is_low(places[index].confidence):
            return True
        index += 1
    return False
