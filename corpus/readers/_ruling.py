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
_SHORT = 0.02
"""Of the page's width: a standing line may be as short as this where it joins two lying ones."""
_THICK = 0.006
"""Of the page's width: thicker bars are no rules."""


def rules(grey: Grey) -> tuple[list[Box], list[Box]]:
    """Return lying and standing rules of a level page as thin boxes."""
    width = grey.shape[1]
    ink = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1]
    lying = _runs(ink, max(20, round(_LONG * width)), across=True, thick=_THICK * width)
    if not lying:
        return [], []
    standing = _runs(ink, max(12, round(_SHORT * width)), across=False, thick=_THICK * width)
    reach = max(4.0, 0.004 * width)
    return lying, [rule for rule in standing if _joins(rule, lying, reach, _LONG * width)]


def without(grey: Grey, found: list[Box]) -> Grey:
    """Return the page with the rules painted as paper."""
    clean = grey.copy()
    for rule in found:
        top, left = max(0, round(rule.top) - 1), max(0, round(rule.left) - 1)
        clean[top : round(rule.bottom) + 2, left : round(rule.right) + 2] = 255
    return clean


def _runs(ink: npt.NDArray[Any], length: int, *, across: bool, thick: float) -> list[Box]:
    """Return straight runs of ink at least ``length`` long; gaps of a few pixels are closed first."""
    gap, line = ((5, 1), (length, 1)) if across else ((1, 5), (1, length))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones(gap[::-1], np.uint8))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones(line[::-1], np.uint8))
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
