"""How sure a recognised page is of each of its characters.

A wrong figure is worse than a missing one, and a model can be sure of a wrong one. So each number is recognised once
more on its own, smaller and blurred; its ink is counted; what stands beside it must be plausible. And where many
characters of a line or a page are unsure, its surest ones are wrong too often to be believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np

from corpus.confidence import LOW
from corpus.folding import fold
from corpus.readers._engine import Glyph, Grey, engine
from corpus.readers._ink import is_ideograph, is_odd, own_ink, stretches
from corpus.readers._unread import gaps, overlaid

DOUBTED = 0.5
"""What a number's characters are at most worth where anything speaks against it."""
UNSURE = float(LOW)
"""A score under which a character is as good as not read; at and above it, it is hardly ever wrong on a good page."""

_BAD_PAGE = 0.015
"""Share of unsure characters. On such pages one in a hundred characters and more is wrong, sure or not."""
_BAD_LINE = 0.08
_FEW = 3
_NUMBER = re.compile(r"\d(?:[\d.,:]*\d)?")
_UNIT = re.compile(r"[%‰]|[亿万千百]*(?:元|人次|人|所|个百分点|个|名|平方米|间|倍|班|年|月|日)?")
_BESIDE = frozenset(" ()（）,，.。、;；:：%％‰《》〈〉“”‘’〔〕【】[]-—–~～|+－")
"""Signs that print beside numbers; any other that is read there may be a figure that was read wrong."""
_PAD = 0.22
"""Of a line's height, added all around for the second look: letters become two thirds of their size."""
_BLUR = 0.03


@dataclass(frozen=True, slots=True)
class _Number:
    """Characters ``[start, end)`` of line ``line`` spell ``text``; with its unit it ends at ``unit_end``."""

    line: int
    start: int
    end: int
    unit_end: int
    text: str


def weigh(lines: list[Grey], read: list[tuple[Glyph, ...]]) -> list[tuple[float, ...]]:
    """Return for each line of a page how sure each of its characters is, 0 to 1; those of a number share one."""
    if _share(glyph for glyphs in read for glyph in glyphs) > _BAD_PAGE:
        return [tuple(min(glyph.score, DOUBTED) for glyph in glyphs) for glyphs in read]
    sure = [[_own_score(glyph) for glyph in glyphs] for glyphs in read]
    numbers = [_numbers(i, glyphs) for i, glyphs in enumerate(read)]
    parts = [_apart(lines[n.line], read[n.line], n) for found in numbers for n in found]
    again = iter(engine().read(parts))
    for picture, glyphs, scores, found in zip(lines, read, sure, numbers, strict=True):
        ink = stretches(picture)
        lost, hidden = gaps(glyphs, ink, picture), overlaid(glyphs, picture)
        for index in {*lost, *(i - 1 for i in lost), *hidden}:
            if 0 <= index < len(scores):
                scores[index] = min(scores[index], DOUBTED)
        if not found:
            continue
        own = own_ink(glyphs, ink, picture.shape[1])
        is_bad = _share(glyphs, few=2) > _BAD_LINE
        for number in found:
            worth = min(glyph.score for glyph in glyphs[number.start : number.unit_end])
            if (
                not _agree(number, next(again))
                or is_bad
                or lost.intersection(range(number.start, number.unit_end + 1))
                or hidden.intersection(range(number.start, number.unit_end))
                or _has_odd_neighbour(glyphs, number)
                or is_odd(glyphs, own, picture, number.start, number.end)
            ):
                worth = min(worth, DOUBTED)
            scores[number.start : number.unit_end] = [worth] * (number.unit_end - number.start)
    return [tuple(scores) for scores in sure]


def _own_score(glyph: Glyph) -> float:
    """Of a mark outside of numbers it hardly matters which it is, and models are never sure of that."""
    is_letter = is_ideograph(glyph.text) or glyph.text.isalnum()
    return glyph.score if is_letter else max(glyph.score, UNSURE)


def _share(glyphs: Iterable[Glyph], few: int = _FEW) -> float:
    """Return the share of unsure characters among letters and figures, 0 where they are too few to mean anything."""
    scores = [glyph.score for glyph in glyphs if is_ideograph(glyph.text) or glyph.text.isdigit()]
    unsure = sum(score < UNSURE for score in scores)
    return unsure / len(scores) if unsure >= few else 0.0


def _has_odd_neighbour(glyphs: tuple[Glyph, ...], number: _Number) -> bool:
    """Whether beside the number stands a sign that does not belong there, or a letter that is unsure."""
    for index in (number.start - 1, number.unit_end):
        if not 0 <= index < len(glyphs):
            continue
        glyph = glyphs[index]
        if index == number.unit_end > number.end and glyph.text == "/":  # 元/生
            continue
        is_letter = is_ideograph(glyph.text) or glyph.text.isdigit()
        if (is_letter and glyph.score < UNSURE) or not (is_letter or glyph.text in _BESIDE):
            return True
    return False


def _numbers(line: int, glyphs: tuple[Glyph, ...]) -> list[_Number]:
    text = "".join(fold(glyph.text)[:1] or " " for glyph in glyphs)
    found = []
    for match in _NUMBER.finditer(text):
        unit = _UNIT.match(text, match.end())
        end = unit.end() if unit else match.end()
        found.append(_Number(line, *match.span(), end, text[match.start() : end]))
    return found


def _apart(picture: Grey, glyphs: tuple[Glyph, ...], number: _Number) -> Grey:
    """Return the number with a letter on either side, smaller and blurred."""
    height, width = picture.shape
    at = [glyph.centre * width for glyph in glyphs]
    before, after = number.start - 1, number.unit_end
    left = (at[before - 1] + at[before]) / 2 if before > 0 else 0.0
    right = (at[after] + at[after + 1]) / 2 if after + 1 < len(at) else float(width)
    part = picture[:, max(0, round(left)) : min(width, max(round(right), round(left) + 8))]
    pad = round(_PAD * height)
    blurred = cv2.GaussianBlur(part, (0, 0), max(0.3, _BLUR * height))
    return np.asarray(
        cv2.copyMakeBorder(blurred, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=(255.0,)), dtype=np.uint8
    )


def _agree(number: _Number, second: tuple[Glyph, ...]) -> bool:
    text = "".join(fold(glyph.text)[:1] or " " for glyph in second).replace(" ", "")
    after = r"(?!\d)" if number.text[-1].isdigit() else ""
    return bool(re.search(rf"(?<![\d.]){re.escape(number.text)}{after}", text))
