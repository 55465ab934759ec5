"""Recognise the picture of a page: positioned characters with how sure each is, and the rules of tables.

Numbers are what matters, so each is looked at twice (``_doubts``), and its confidence is that of its least sure
character.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from corpus.readers._doubts import weigh
from corpus.readers._engine import Corners, Glyph, Grey, engine
from corpus.readers._page import Box, Page, Run
from corpus.readers._ruling import rules, without
from corpus.readers._upright import Pixels, even, skew, turned

ILLEGIBLE = "□"
"""Stands for a line that is print but cannot be read."""

_READABLE = 0.5
"""Mean score of a line. What is under it is a figure, a signature or beyond reading, and guessing it helps nobody."""
_TALL = 1.5


def recognise_page(pixels: Pixels, number: int) -> Page:
    """Return what stands on a picture of page ``number``; edges are in pixels of the page turned level.

    ``pixels`` has shape (height, width) in grey or (height, width, 3) in red, green and blue. 200 dots an inch are
    enough; the same picture gives the same page.
    """
    grey, corners = _level(even(pixels))
    lying, standing = rules(grey)
    if lying:
        grey = without(grey, [*lying, *standing])
        corners = [part for one in engine().detect(grey) for part in _split(one, standing)]
    lines = [(box, crop) for box in corners if (crop := _cut(grey, box)) is not None]
    runs: list[Run] = []
    read = engine().read([crop for _, crop in lines])
    for (box, _), glyphs, sure in zip(lines, read, weigh([crop for _, crop in lines], read), strict=True):
        runs.extend(_runs(box, glyphs, sure))
    height, width = grey.shape
    return Page(number, float(width), float(height), tuple(runs), (*lying, *standing))


def _level(grey: Grey) -> tuple[Grey, list[Corners]]:
    """Turn the page so that its lines are level and upright, and find them."""
    grey = turned(grey, skew(grey))
    corners = engine().detect(grey)
    if sum(_side(c) * (1 if _is_tall(c) else -1) for c in corners) > 0:
        grey = np.ascontiguousarray(np.rot90(grey))
        grey = turned(grey, skew(grey))
        corners = engine().detect(grey)
    longest = sorted(corners, key=_side, reverse=True)[:9]
    crops = [crop for c in longest if (crop := _cut(grey, c)) is not None]
    if crops and engine().upside_down(crops):
        grey = np.ascontiguousarray(np.rot90(grey, 2))
        corners = engine().detect(grey)
    return grey, corners


def _is_tall(corners: Corners) -> bool:
    wide, high = np.ptp(corners[:, 0]), np.ptp(corners[:, 1])
    return bool(high > _TALL * wide)


def _side(corners: Corners) -> float:
    return float(max(np.ptp(corners[:, 0]), np.ptp(corners[:, 1])))


def _split(corners: Corners, standing: list[Box]) -> list[Corners]:
    """Cut a line where standing rules cross it: cells side by side are found as one line."""
    left, right = float(corners[:, 0].min()), float(corners[:, 0].max())
    middle = float(corners[:, 1].mean())
    height = float(np.ptp(corners[:, 1]))
    cuts = sorted(
        (rule.left + rule.right) / 2
        for rule in standing
        if rule.top <= middle <= rule.bottom
        and left + height / 4 < rule.left
        and rule.right < right - height / 4
    )
    if not cuts:
        return [corners]
    top, bottom = float(corners[:, 1].min()), float(corners[:, 1].max())
    edges = [left, *cuts, right]
    return [
        np.array([[a, top], [b, top], [b, bottom], [a, bottom]], dtype=np.float32)
        for a, b in pairwise(edges)
        if b - a > height / 4
    ]


def _cut(grey: Grey, corners: Corners) -> Grey | None:
    """Return the line within ``corners``, made straight."""
    wide = round(max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[3] - corners[2])))
    high = round(max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2])))
    if wide < 4 or high < 6 or high > 6 * wide:
        return None
    target = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(corners, target)
    cut = cv2.warpPerspective(
        grey, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, dtype=np.uint8)


def _runs(corners: Corners, glyphs: tuple[Glyph, ...], sure: tuple[float, ...]) -> list[Run]:
    """Return one run a character; where its edges are follows from the middles and the size of the letters."""
    shown = [(glyph, score) for glyph, score in zip(glyphs, sure, strict=True) if not glyph.text.isspace()]
    if not shown:
        return []
    left, right = float(corners[[0, 3], 0].mean()), float(corners[[1, 2], 0].mean())
    top, bottom = corners[:2, 1], corners[2:, 1]
    upper, lower = float(top.mean()), float(bottom.mean())
    if sum(glyph.score for glyph, _ in shown) / len(shown) < _READABLE:
        return [Run(ILLEGIBLE, left, upper, right, lower, lower - upper, confidence=Decimal(0))]
    middles = [left + glyph.centre * (right - left) for glyph, _ in shown]
    size = _size([glyph.text for glyph, _ in shown], middles, lower - upper)
    middle = (upper + lower) / 2
    runs: list[Run] = []
    for i, (glyph, score) in enumerate(shown):
        half = size / 2 if is_wide(glyph.text) else size / 4
        start, end = middles[i] - half, middles[i] + half
        if i and start < runs[-1].right:
            start = runs[-1].right
        if i + 1 < len(shown):
            end = min(end, (middles[i] + middles[i + 1]) / 2 + size / 4)
        runs.append(
            Run(
                glyph.text, start, middle - size / 2, max(end, start + 1), middle + size / 2, size,
                confidence=_rounded(score),
            )
        )  # fmt: skip
    return runs


def is_wide(text: str) -> bool:
    """Whether a character is as wide as high, as Chinese ones are."""
    return text >= "\u2e80"


def _size(texts: list[str], middles: list[float], height: float) -> float:
    """Return the height of the letters: how far Chinese ones are apart, else by the height of the line."""
    steps = [
        b - a
        for (one, a), (other, b) in pairwise(zip(texts, middles, strict=True))
        if is_wide(one) and is_wide(other)
    ]
    guess = 0.8 * height
    return min(max(median(steps), 0.7 * guess), 1.2 * guess) if len(steps) > 2 else guess


def _rounded(score: float) -> Decimal:
    """Steps of a twentieth, downwards: neighbours of about the same score share a place."""
    return min(Decimal(int(max(0.0, score) * 20 + 1e-6)) / 20, Decimal("0.99")).quantize(Decimal("0.01"))
