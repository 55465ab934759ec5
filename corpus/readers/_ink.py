"""What the ink of a line says about its letters, apart from what the model says.

Figures and Latin letters stand apart in print: each is one stretch of columns with ink in them. Where the stretches
and the recognised characters do not match one to one, something was read too much or too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from corpus.readers._engine import Glyph, Grey

_FAINT = 0.02
"""Of the line's height: columns with less ink are between letters."""
_EDGE = 0.08
"""Of the line's height: rows at its edges, where ink of the lines above and below reaches in."""
_BLANK = 1.19
"""Times the usual step from letter to letter: a longer one has a blank in it."""
_APART = 0.2
"""Of the line's height: ink of Chinese letters with a blank between them is at least so far apart."""
_TALL, _DOT, _SPECK = 0.36, 0.22, 0.05
"""Of the line's height: least of a figure, most of a point, least of a point."""
_LONGEST = 1.5
"""Times the usual step: two figures further apart have lost something between them."""
_LEANING = -0.12
"""Pixels to the right a pixel down. A 1 has 0.01 and more, a stroke for "none" -0.3."""
_FEW = 3
_FIGURE = 0.55
"""Of the line's height: no figure is wider."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Columns ``[left, right)`` and rows ``[top, bottom)`` of a line's picture that hold one stretch of ink."""

    left: int
    right: int
    top: int
    bottom: int

    @property
    def high(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def stretches(line: Grey) -> list[Stretch]:
    """Return the stretches of ink from left to right."""
    height = line.shape[0]
    ink = cv2.threshold(line, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    edge = round(_EDGE * height)
    inner = ink[edge : height - edge]
    full = np.concatenate(([0], (inner.sum(axis=0) > _FAINT * height).astype(np.int8), [0]))
    steps = np.diff(full)
    found = []
    for left, right in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True):
        rows = np.flatnonzero(inner[:, left:right].any(axis=1))
        found.append(Stretch(int(left), int(right), int(rows[0]) + edge, int(rows[-1]) + edge + 1))
    return found


def own_ink(glyphs: tuple[Glyph, ...], found: list[Stretch], width: int) -> list[list[Stretch]]:
    """Return for each character the stretches nearest to its middle.

    The model is not exact about middles: where figures and points in a row have as many stretches, each has its own.
    """
    own: list[list[Stretch]] = [[] for _ in glyphs]
    if not glyphs:
        return own
    middles = [glyph.centre * width for glyph in glyphs]
    index = 0
    for stretch in found:
        while index + 1 < len(middles) and abs(middles[index + 1] - stretch.middle) < abs(
            middles[index] - stretch.middle
        ):
            index += 1
        own[index].append(stretch)
    for start, end in _narrow_runs(glyphs):
        ink = [stretch for stretches_here in own[start:end] for stretch in stretches_here]
        if len(ink) == end - start:
            own[start:end] = [[stretch] for stretch in ink]
    return own


def _narrow_runs(glyphs: tuple[Glyph, ...]) -> list[tuple[int, int]]:
    """Return where figures with their points and commas begin and end."""
    found, start = [], None
    for index, glyph in enumerate((*glyphs, None)):
        if glyph and (glyph.text.isdigit() or (start is not None and glyph.text in ".,")):
            start = index if start is None else start
        elif start is not None:
            found.append((start, index))
            start = None
    return found


def middles(glyphs: tuple[Glyph, ...], own: list[list[Stretch]], line: Grey) -> list[float]:
    """Return the middle of each character in pixels: that of its ink for figures that stand alone."""
    height, width = line.shape
    return [
        (ink[0].left + ink[-1].right) / 2 if _is_alone(glyph, ink, height) else glyph.centre * width
        for glyph, ink in zip(glyphs, own, strict=True)
    ]


def blanks(glyphs: tuple[Glyph, ...], own: list[list[Stretch]], line: Grey, said: set[int]) -> set[int]:
    """Return the indices of characters before which there is a blank.

    The model leaves most out. They are looked for between two figures and between two Chinese letters, whose steps
    are alike where there is none. Those of ``said``, which the model sees, count where there is room for them.
    """
    height = line.shape[0]
    at = middles(glyphs, own, line)
    figures = [g.text.isdigit() and _is_alone(g, ink, height) for g, ink in zip(glyphs, own, strict=True)]
    letters = [is_ideograph(g.text) and bool(ink) for g, ink in zip(glyphs, own, strict=True)]
    found = _long_steps(at, figures)
    for index in _long_steps(
        [
            (ink[0].left + ink[-1].right) / 2 if letter else 0.0
            for letter, ink in zip(letters, own, strict=True)
        ],
        letters,
    ):
        if own[index][0].left - own[index - 1][-1].right > _APART * height:
            found.add(index)
    for index in said - found:
        before, after = own[index - 1], own[index]
        if before and after and (glyphs[index - 1].text + glyphs[index].text).isalnum():
            if after[0].left - before[-1].right > _APART * height:
                found.add(index)
    return found


def _long_steps(at: list[float], counted: list[bool]) -> set[int]:
    """Return the indices that are further from their neighbour before than usual, where both are counted."""
    steps = {i + 1: b - a for i, (a, b) in enumerate(pairwise(at)) if counted[i] and counted[i + 1]}
    if len(steps) < _FEW:
        return set()
    usual = median(sorted(steps.values())[: max(_FEW, len(steps) * 3 // 4)])
    return {index for index, step in steps.items() if step > _BLANK * usual}


def is_odd(glyphs: tuple[Glyph, ...], own: list[list[Stretch]], line: Grey, start: int, end: int) -> bool:
    """Tell whether the ink of the number ``[start, end)`` contradicts how many figures and points it has.

    A point that was lost leaves its ink, and a longer step from figure to figure; so does a lost figure. A stroke
    that leans is no 1: it stands for "none", or parts two figures.
    """
    height = line.shape[0]
    if any(glyphs[i].text == "1" and len(own[i]) == 1 and _leans(own[i][0], line) for i in range(start, end)):
        return True
    tall = {
        i: [s for s in own[i] if s.high >= _TALL * height]
        for i, glyph in enumerate(glyphs)
        if glyph.text.isdigit()
    }
    tops = sorted(s.bottom for ink in tall.values() for s in ink)
    floor = tops[len(tops) // 2] if tops else height
    for index in range(start, end):
        low = [s for s in own[index] if s.high <= _DOT * height and s.bottom >= floor - _DOT * height / 2]
        if glyphs[index].text.isdigit() and tall[index] and any(_is_dot(s, height) for s in low):
            return True
    for first, last in _narrow_runs(glyphs):
        if first <= start < last and sum(len(tall.get(i, ())) for i in range(first, last)) > sum(
            i in tall for i in range(first, last)
        ):
            return True
    at = middles(glyphs, own, line)
    steps = [b - a for i, (a, b) in enumerate(pairwise(at)) if i in tall and i + 1 in tall]
    if len(steps) < _FEW:
        return False
    longest = _LONGEST * median(steps)
    return any(at[i + 1] - at[i] > longest for i in range(start, end - 1) if i in tall and i + 1 in tall)


def _leans(stretch: Stretch, line: Grey) -> bool:
    """Whether a stroke leans to the right at its top more than any upright figure."""
    part = line[stretch.top : stretch.bottom, stretch.left : stretch.right]
    down, across = np.nonzero(part < _otsu(line))
    if len(down) < _FEW or not down.var():
        return False
    return bool(np.cov(across, down)[0, 1] / down.var() < _LEANING)


def _otsu(line: Grey) -> float:
    return float(cv2.threshold(line, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[0])


def _is_dot(stretch: Stretch, height: int) -> bool:
    """Whether ink is as big as a point of print: larger than dirt, smaller than a letter."""
    return min(stretch.right - stretch.left, stretch.high) >= max(2, _SPECK * height)


def is_ideograph(text: str) -> bool:
    """Whether a character is a Chinese letter, not a sign or mark."""
    return "\u3400" <= text <= "\u9fff"


def _is_alone(glyph: Glyph, ink: list[Stretch], height: int) -> bool:
    """Whether the ink of a narrow character is its own: not wider than a figure is."""
    return glyph.text.isascii() and bool(ink) and ink[-1].right - ink[0].left <= _FIGURE * height
