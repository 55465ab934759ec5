"""Ink that was not read: letters that recognition passed over, within a line and beside it, and ink over letters.

What is left out makes a wrong fact of right letters: a figure without its first digits, a metric without its first word.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from corpus.readers._engine import Corners, Glyph, Grey
from corpus.readers._ink import Stretch, is_ideograph
from corpus.readers._page_types import Box

_TALL, _LOW = 0.4, 0.12
"""Of the line's height: ink of a letter is at least so high, and so wide in all."""
_WIDE_HALF, _NARROW_HALF = 0.62, 0.36
"""Half of a letter's width, with room for how far off the model's middles are, in letters."""
_SMALL, _LARGE = 0.45, 1.5
"""Heights of a letter between which that of a piece of ink beside a line may be a letter."""
_BESIDE = 1.2
"""Letters by which it may be apart from the line."""
_MASS = 0.08
"""Share of a letter's square that its ink fills at least."""
_PAPER, _BLACK, _PALER, _EVEN = 215, 60, 55, 45
"""Shades: of paper at least, of print at most; by how much a seal's ink is paler; by how much even ink differs."""
_PATCH = 0.008
"""Of the line's height squared: a patch of pale ink; of clean print a letter has none so large."""


def gaps(glyphs: tuple[Glyph, ...], ink: list[Stretch], line: Grey) -> set[int]:
    """Return the indices of characters before which ink was passed over; the number of characters for the end.

    ``ink`` are the stretches of the line. Blanks among the characters are not counted as read.
    """
    height, width = line.shape
    shown = [(i, glyph) for i, glyph in enumerate(glyphs) if not glyph.text.isspace()]
    if not shown:
        return set()
    letter = _letter(shown, width, height)
    edges = [
        (i, glyph.centre * width - half * letter, glyph.centre * width + half * letter)
        for i, glyph in shown
        for half in [_WIDE_HALF if glyph.text >= "\u2e80" else _NARROW_HALF]
    ]
    free = [(i, right, left) for (_, _, right), (i, left, _) in pairwise(edges)]
    free += [(edges[0][0], 0.0, edges[0][1]), (len(glyphs), edges[-1][2], float(width))]
    found = set()
    for index, start, end in free:
        if end - start > _LOW * height:
            inside = [
                min(s.right, end) - max(s.left, start)
                for s in ink
                if s.high >= _TALL * height and s.right > start and s.left < end
            ]
            if sum(inside) > 2 * _LOW * height:
                found.add(index)
    return found


def _letter(shown: list[tuple[int, Glyph]], width: int, height: int) -> float:
    steps = [
        (b.centre - a.centre) * width
        for (_, a), (_, b) in pairwise(shown)
        if is_ideograph(a.text) and is_ideograph(b.text)
    ]
    return min(median(steps), 1.1 * height) if len(steps) >= 2 else 0.85 * height


def beside(grey: Grey, lines: list[Corners]) -> list[Box]:
    """Return where ink as high as letters stands in line with text, hardly a letter apart, and was not found."""
    if not lines:
        return []
    boxes = [_box(line) for line in lines]
    letter = 0.8 * median(box.bottom - box.top for box in boxes)
    ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    for line, box in zip(lines, boxes, strict=True):
        grown = line + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * 0.15 * (box.bottom - box.top)
        cv2.fillConvexPoly(ink, np.rint(grown).astype(np.int32), (0.0,))
    reach = max(1, round(0.4 * letter))
    joined = cv2.dilate(ink, np.ones((1, reach), np.uint8))
    count, labels, pieces, _ = cv2.connectedComponentsWithStats(joined)
    mass = np.bincount(labels.ravel(), weights=(ink > 0).ravel(), minlength=count)
    found = []
    for index in range(1, count):
        left, top, wide, high, _ = (int(value) for value in pieces[index])
        if not _SMALL * letter <= high <= _LARGE * letter or mass[index] < _MASS * letter * letter:
            continue
        piece = Box(left, top, left + wide, top + high)
        if any(_is_in_line(piece, box, letter) for box in boxes):
            found.append(piece)
    return found


def _box(line: Corners) -> Box:
    return Box(
        float(line[[0, 3], 0].mean()), float(line[:2, 1].mean()),
        float(line[[1, 2], 0].mean()), float(line[2:, 1].mean()),
    )  # fmt: skip


def _is_in_line(piece: Box, line: Box, letter: float) -> bool:
    middle = (piece.top + piece.bottom) / 2
    apart = max(piece.left - line.right, line.left - piece.right)
    return line.top <= middle <= line.bottom and apart <= _BESIDE * letter


def overlaid(glyphs: tuple[Glyph, ...], line: Grey) -> set[int]:
    """Return the indices of characters on which something lies that is paler than the print: a copied seal, a pencil.

    Edges of letters are as pale, but never evenly so. Where the print itself is pale nothing is told.
    """
    height, width = line.shape
    around = np.ones((3, 3), np.uint8)
    light, dark = cv2.dilate(line, around), cv2.erode(line, around)
    ink = dark[dark < _PAPER]
    if not len(ink) or (print_shade := float(np.percentile(ink, 10))) > _BLACK:
        return set()
    is_pale = (light.astype(np.int16) - dark < _EVEN) & (line > print_shade + _PALER) & (line < _PAPER)
    pale = np.concatenate(([0], np.cumsum(is_pale.sum(axis=0))))
    found = set()
    for index, glyph in enumerate(glyphs):
        half = (0.4 if glyph.text >= "\u2e80" else 0.2) * height
        start, end = (
            max(0, round(glyph.centre * width - half)),
            min(width, round(glyph.centre * width + half)),
        )
        if pale[max(start, end)] - pale[start] > _PATCH * height * height:
            found.add(index)
    return found
