"""What is said about text that was recognised in pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.confidence import is_low
from corpus.model import Place

_NUMBER = re.compile(r"[0-9０-９]+(?:[.,，．][0-9０-９]+)*")
_MOST = 20


def scan_notes(text: str, places: Sequence[Place]) -> tuple[str, ...]:
    """Return one line on which pages were recognised and how many of their numbers are in doubt.

    ``places`` are in order; those with a confidence are recognised. No line where there are none.
    """
    recognised = [place for place in places if place.confidence is not None]
    if not recognised:
        return ()
    numbers = doubtful = index = 0
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        while index < len(recognised) and recognised[index].end <= start:
            index += 1
        if index == len(recognised):
            break
        if recognised[index].start < end:
            numbers += 1
            doubtful += _is_doubtful(recognised, index, end)
    pages = listed(sorted({place.page for place in recognised if place.page is not None}))
    doubt = f"其中{doubtful}处把握不大，请核对原件" if doubtful else "没有把握不大的"
    return (f"第{pages}页是图片，文字由识别得到，共{numbers}处数字，{doubt}",)


def _is_doubtful(places: Sequence[Place], index: int, end: int) -> bool:
    while index < len(places) and places[index].start < end:
        if is_low(places[index].confidence):
            return True
        index += 1
    return False


def listed(pages: list[int]) -> str:
    """Write pages with ranges ("1–3、5"), at most twenty of them."""
    parts: list[list[int]] = []
    for page in pages:
        if parts and page == parts[-1][-1] + 1:
            parts[-1].append(page)
        else:
            parts.append([page])
    shown = [f"{p[0]}–{p[-1]}" if len(p) > 1 else str(p[0]) for p in parts]
    return "、".join(shown[:_MOST]) + (" 等" if len(shown) > _MOST else "")
