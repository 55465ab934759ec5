"""Recognise the picture of a page: positioned characters with how sure each is, and the rules of tables.

Numbers are what matters, so each is looked at twice (``_doubts``), and its confidence is that of its least sure
character.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from corpus.readers._doubts import weigh
from corpus.readers._engine import Corners, Grey, engine
from corpus.readers._keystone import straightened
from corpus.readers._letters import Line, illegible, runs_of
from corpus.readers._page_types import Box, Page
from corpus.readers._ruling import rules, without
from corpus.readers._unread import beside
from corpus.readers._upright import Pixels, even, skew, turned

_TALL = 1.5
_ASKED = 9
"""Lines that are asked whether the page stands on its head."""


def recognise_page(pixels: Pixels, number: int) -> Page:
    """Return what stands on a picture of page ``number``; edges are in pixels of the page turned level.

    ``pixels`` has shape (height, width) in grey or (height, width, 3) in red, green and blue. 200 dots an inch are
    enough; the same picture gives the same page.
    """
    sheet, turn = _upright(even(pixels))
    cut = [(box, picture) for box in sheet.corners if (picture := _cut(sheet.grey, box)) is not None]
    pictures = [picture for _, picture in cut]
    read = engine().read(pictures)
    sure = weigh(pictures, read)
    lines = [Line(box, picture, glyphs, s) for (box, picture), glyphs, s in zip(cut, read, sure, strict=True)]
    height, width = sheet.grey.shape
    runs = (*runs_of(lines), *map(illegible, beside(sheet.grey, sheet.corners)))
    return Page(number, float(width), float(height), runs, sheet.rules, turn)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A level page as a whole and without its rules, and the corners of its lines."""

    whole: Grey
    grey: Grey
    corners: list[Corners]
    rules: tuple[Box, ...]


def _upright(grey: Grey) -> tuple[_Sheet, int]:
    """Turn the page so that its lines are level and upright; return it, and the quarters turned clockwise."""
    sheet, turn = _sheet(grey), 0
    if sum(_side(c) * (1 if _is_tall(c) else -1) for c in sheet.corners) > 0:
        grey, turn = np.ascontiguousarray(np.rot90(grey)), 3
        sheet = _sheet(grey)
    longest = sorted(sheet.corners, key=_side, reverse=True)[:_ASKED]
    crops = [crop for c in longest if (crop := _cut(sheet.grey, c)) is not None]
    if crops and engine().upside_down(crops):
        sheet, turn = _sheet(np.ascontiguousarray(np.rot90(grey, 2))), (turn + 2) % 4
    straight = straightened(sheet.whole, sheet.corners)
    return (sheet if straight is None else _laid(straight)), turn


def _sheet(grey: Grey) -> _Sheet:
    return _laid(turned(grey, skew(grey)))


def _laid(whole: Grey) -> _Sheet:
    """Take the rules off a level page and find its lines."""
    lying, standing = rules(whole)
    grey = without(whole, [*lying, *standing])
    corners = [part for one in engine().detect(grey) for part in _split(one, standing)]
    return _Sheet(whole, grey, corners, (*lying, *standing))


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
