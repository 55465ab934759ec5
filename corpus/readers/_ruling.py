"""Ruling lines of tables on a picture of a page: found, and taken off before recognition.

A line beside a figure is easily read as a 1 or a bracket.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from corpus.readers._engine import Grey
from corpus.readers._page_types import Box

_LONG = 0.08
"""Of the page's width: no stroke of a letter is so long."""
_SHORT = 0.015
"""Of the page's width: a standing line may be as short as this where it joins two lying ones."""
_THICK = 0.006
"""Of the page's width: thicker bars are no rules."""
_LETTERS, _HIGHER = 4.0, 1.35
"""Heights of a letter that a lying rule is longer than, and a standing one higher."""
_LEAST = 6
"""Pixels: what is lower is dirt or a mark."""
_GAP = 0.1
"""Height of a letter: gaps of a rule that are closed. Between letters they are wider."""


def rules(grey: Grey) -> tuple[list[Box], list[Box]]:
    """Return lying and standing rules of a level page as thin boxes."""
    width = grey.shape[1]
    ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    letter = _letter(ink)
    gap, thick = max(1, round(_GAP * letter)), _THICK * width
    long = max(_LONG * width, _LETTERS * letter)
    lying = _runs(ink, round(long), gap, across=True, thick=thick)
    if not lying:
        return [], []
    standing = _runs(ink, round(max(_SHORT * width, _HIGHER * letter)), gap, across=False, thick=thick)
    reach = max(4.0, 0.004 * width)
    return lying, [rule for rule in standing if _joins(rule, lying, reach, long)]


def _letter(ink: npt.NDArray[Any]) -> float:
    """Return about how high letters are: most pieces of ink are parts of letters or whole ones."""
    _, _, pieces, _ = cv2.connectedComponentsWithStats(ink)
    high = pieces[1:, cv2.CC_STAT_HEIGHT]
    high = high[(high >= _LEAST) & (high <= 0.1 * ink.shape[1])]
    return 1.1 * float(np.percentile(high, 80)) if len(high) else float(_LEAST)


def without(grey: Grey, found: list[Box]) -> Grey:
    """Return the page with the rules painted as paper."""
    clean = grey.copy()
    for rule in found:
        top, left = max(0, round(rule.top) - 1), max(0, round(rule.left) - 1)
        clean[top : round(rule.bottom) + 2, left : round(rule.right) + 2] = 255
    return clean


def _runs(ink: npt.NDArray[Any], length: int, gap: int, *, across: bool, thick: float) -> list[Box]:
    """Return straight runs of ink at least ``length`` long; gaps up to ``gap`` are closed first."""
    bridge, line = ((1, gap + 1), (1, length)) if across else ((gap + 1, 1), (length, 1))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(bridge, np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(line, np.uint8))
    joined = cv2.dilate(opened, np.ones((3, 3), np.uint8))  # a line of a turned page is stairs of runs
    _, _, found, _ = cv2.connectedComponentsWithStats(joined)
    boxes = []
    for left, top, wide, high, _ in found[1:].tolist():
        if (high if across else wide) - 2 <= max(3.0, thick):
            boxes.append(Box(left + 1, top + 1, left + wide - 1, top + high - 1))
    return boxes


def _joins(rule: Box, lying: list[Box], reach: float, long: float) -> bool:
    """Whether a standing line ends at lying ones, or is too long for a stroke of a letter and meets one."""
    met = [
        other
        for other in lying
        if other.left - reach <= rule.left and rule.right <= other.right + reach
        and rule.top - reach <= other.bottom and other.top <= rule.bottom + reach
    ]  # fmt: skip
    ends = any(abs(r.top - rule.top) <= 2 * reach for r in met) and any(
        abs(r.bottom - rule.bottom) <= 2 * reach for r in met
    )
    return bool(met) and (ends or rule.bottom - rule.top >= long)
