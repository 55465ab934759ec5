"""A page that was photographed at a slant: its lines run together to one side, its margins lean.

How far lines of text fall and how far margins, rules and the page's own edges lean is measured over the page; where
either changes, the page is pulled straight. Without that, rows and columns of a table cross.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from corpus.readers._engine import Corners, Grey

_LEAST, _MOST = 0.005, 0.2
"""Shares by which opposite sides differ: less moves nothing by half a letter, more is no page of text."""
_WIDE = 6
"""Heights of a line that it must be long for its fall to be measured."""
_STEEP = 0.12
_LONG = 0.06
"""Of the page's height: a straight edge at least so long is no stroke of a letter."""
_NEAR = 0.3
"""Heights of a line by which those that begin at one margin differ."""
_FEW, _SHARE = 5, 0.4
"""Lines, and share of the lines, that a margin must have."""
_APART = 0.15
"""Of the page: how far apart two measures must be for their difference to tell anything."""
_MOST_LINES = 80

_Trend = tuple[float, float]
"""A measure in the page's middle, and by how much it is more a pixel further on."""


def straightened(grey: Grey, lines: list[Corners]) -> Grey | None:
    """Return the page pulled straight, None where it is straight already or nothing tells how it leans."""
    high, wide = grey.shape
    fall = _trend([(y - high / 2, slope, weight) for y, slope, weight in _falls(lines)], high)
    lean = _trend([(x - wide / 2, slope, weight) for x, slope, weight in _leans(grey, lines)], wide)
    if max(abs(fall[0]), abs(fall[1]) * high, abs(lean[0]), abs(lean[1]) * wide) < _LEAST:
        return None
    if max(abs(fall[1]) * high, abs(lean[1]) * wide) > _MOST:
        return None
    goal, seen = [], []
    for x, y in ((-0.4, -0.4), (0.4, -0.4), (0.4, 0.4), (-0.4, 0.4)):
        across, down = x * wide, y * high
        falls, leans = fall[0] + fall[1] * down, lean[0] + lean[1] * across
        left = (across + leans * down) / (1 - leans * falls)
        goal.append((across + wide / 2, down + high / 2))
        seen.append((left + wide / 2, down + falls * left + high / 2))
    matrix = cv2.getPerspectiveTransform(np.array(seen, np.float32), np.array(goal, np.float32))
    moved = cv2.warpPerspective(grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255.0)
    return np.asarray(moved, dtype=np.uint8)


def _falls(lines: list[Corners]) -> list[tuple[float, float, float]]:
    """Return (y, fall to the right, weight) of long lines."""
    found = []
    for line in _longest(lines):
        across, down = (line[1] + line[2] - line[0] - line[3]) / 2
        if across > _WIDE * (line[3][1] - line[0][1]) and abs(down) < _STEEP * across:
            found.append((float(line[:, 1].mean()), float(down / across), float(across)))
    return found


def _leans(grey: Grey, lines: list[Corners]) -> list[tuple[float, float, float]]:
    """Return (x, lean to the right downwards, weight) of margins, rules and edges."""
    high = grey.shape[0]
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    segments: Any = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(small)[0]
    found = []
    for left, top, right, bottom in () if segments is None else segments.reshape(-1, 4) * 2:
        down = bottom - top
        if abs(down) > _LONG * high and abs(right - left) < _STEEP * abs(down):
            found.append((float((left + right) / 2), float((right - left) / down), float(abs(down))))
    return found + [m for side in ((0, 3), (1, 2)) if (m := _margin(_longest(lines), side))]


def _margin(lines: list[Corners], side: tuple[int, int]) -> tuple[float, float, float] | None:
    """Return x, lean and height of the margin at which most lines begin or end."""
    if len(lines) < _FEW:
        return None
    ends = np.array([line[list(side)].mean(axis=0) for line in lines], np.float64)
    tall = float(np.median([line[3][1] - line[0][1] for line in lines]))
    best: npt.NDArray[np.bool_] | None = None
    for a, b in combinations(ends, 2):
        down = b[1] - a[1]
        if abs(down) < 4 * tall or abs(b[0] - a[0]) > _STEEP * abs(down):
            continue
        near = abs(ends[:, 0] - a[0] - (ends[:, 1] - a[1]) * (b[0] - a[0]) / down) < _NEAR * tall
        if best is None or near.sum() > best.sum():
            best = near
    if best is None or best.sum() < max(_FEW, _SHARE * len(lines)):
        return None
    lean, _ = np.polyfit(ends[best, 1], ends[best, 0], 1)
    return float(ends[best, 0].mean()), float(lean), float(np.ptp(ends[best, 1]))


def _longest(lines: list[Corners]) -> list[Corners]:
    return sorted(lines, key=lambda line: -float(np.ptp(line[:, 0])))[:_MOST_LINES]


def _trend(measures: list[tuple[float, float, float]], size: int) -> _Trend:
    """Return the weighted median of a measure in the middle of the page and of its change over the page."""
    if not measures:
        return 0.0, 0.0
    heaviest = sorted(measures, key=lambda measure: -measure[2])[:_MOST_LINES]
    changes = [
        ((b[1] - a[1]) / (b[0] - a[0]), a[2] * b[2] * abs(b[0] - a[0]))
        for a, b in combinations(heaviest, 2)
        if abs(b[0] - a[0]) > _APART * size
    ]
    change = _median(changes) if changes else 0.0
    return _median([(value - change * at, weight) for at, value, weight in heaviest]), change


def _median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return 0.0
