"""A photographed or scanned page made even: one shade of paper, no red seals, lines of text level."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from corpus.readers._engine import Grey

Pixels = npt.NDArray[np.uint8]
"""A picture as it comes: shape (height, width) in grey or (height, width, 3) in red, green, blue; of more channels
the fourth is not looked at."""

_SEAL = 0.08
"""Of the page's width: a red figure at least as wide and as high is a seal, what is smaller a red letter."""
_PALE, _DARK = 30, 120
"""Which share of a seal's ink, in percent, may stay darker than paper, and how dark it is at most."""
_STEEPEST = 8.0
"""Degrees. Scanners turn a page by one or two; photographs by more."""
_COARSE, _FINE = 0.5, 0.05
_LEVEL = 0.04
"""Degrees under which turning would only blur."""
_POINTS = 60_000


def even(pixels: Pixels) -> Grey:
    """Return the page in grey, its paper white, red seals gone."""
    if pixels.ndim == 3 and pixels.shape[2] < 3:
        pixels = pixels[:, :, 0]
    grey = pixels if pixels.ndim == 2 else _without_seals(pixels[:, :, :3])
    return _on_white(np.ascontiguousarray(grey))


def _without_seals(pixels: Pixels) -> Grey:
    """A seal is as light as paper in the red channel, print under it is not; red headings stay in grey."""
    grey: Grey = np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    red = pixels[:, :, 0].astype(np.int16)
    reddish = (red - np.maximum(pixels[:, :, 1], pixels[:, :, 2]) > 40).astype(np.uint8)
    if not reddish.any():
        return grey
    width = grey.shape[1]
    reach = max(3, width // 150)
    _, _, figures, _ = cv2.connectedComponentsWithStats(
        cv2.dilate(reddish, np.ones((reach, reach), np.uint8))
    )
    for left, top, across, down, _ in figures[1:]:
        if min(across, down) >= _SEAL * width and max(across, down) < 2 * min(across, down):
            place = np.s_[top : top + down, left : left + across]
            inked = cv2.dilate(reddish[place], np.ones((5, 5), np.uint8)) > 0
            shade = np.percentile(pixels[:, :, 0][place][reddish[place] > 0], _PALE)
            bleached = np.minimum(pixels[:, :, 0][place] * (255 / max(shade, _DARK)), 255)
            grey[place][inked] = np.maximum(grey[place], bleached.astype(np.uint8))[inked]
    return grey


def _on_white(grey: Grey) -> Grey:
    """Divide by the shade of the paper, which is what is left when everything thin and dark is closed."""
    height, width = grey.shape
    scale = 8
    if min(height, width) < 8 * scale:
        return grey
    small = cv2.resize(grey, (width // scale, height // scale), interpolation=cv2.INTER_AREA)
    reach = max(5, min(small.shape) // 20) | 1
    paper = cv2.GaussianBlur(cv2.dilate(small, np.ones((reach, reach), np.uint8)), (0, 0), reach / 2)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(paper, 60), scale=255), dtype=np.uint8)


def skew(grey: Grey) -> float:
    """Return by how many degrees the lines of text fall to the right.

    Rows of ink are sharpest when they are looked at along the lines.
    """
    scale = max(1.0, max(grey.shape) / 1200)
    small = cv2.resize(grey, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 0, 1, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    edge = cv2.morphologyEx(ink, cv2.MORPH_GRADIENT, np.array([[1], [1], [1]], np.uint8))
    down, across = np.nonzero(edge)
    if len(down) < 200:
        return 0.0
    step = 1 + len(down) // _POINTS
    down, across = down[::step].astype(np.float64), across[::step] - small.shape[1] / 2

    def sharpness(degrees: float) -> float:
        rows = np.rint(down - across * math.tan(math.radians(degrees))).astype(np.int64)
        counts = np.bincount(rows - rows.min()).astype(np.float64)
        return float((counts * counts).sum())

    best = max(np.arange(-_STEEPEST, _STEEPEST + _COARSE, _COARSE), key=lambda d: (sharpness(d), -abs(d)))
    near = np.arange(best - _COARSE, best + _COARSE + _FINE, _FINE)
    found = float(max(near, key=lambda d: (sharpness(d), -abs(d))))
    return 0.0 if abs(found) < _LEVEL else found


def turned(grey: Grey, degrees: float) -> Grey:
    """Return the page turned back by ``degrees``, on a sheet that holds all of it."""
    if not degrees:
        return grey
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    wide, high = round(height * sin + width * cos), round(height * cos + width * sin)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    moved = cv2.warpAffine(grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=255.0)
    return np.asarray(moved, dtype=np.uint8)
