"""From recognised lines to positioned characters: their edges, their size, and blanks between figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from corpus.readers._engine import Corners, Glyph, Grey
from corpus.readers._ink import blanks, is_ideograph, middles, own_ink, stretches
from corpus.readers._page_types import Run

ILLEGIBLE = "□"
"""Stands for a line that is print but cannot be read."""

_READABLE = 0.5
"""Mean score of a line. What is under it is a figure, a signature or beyond reading; guessing it helps nobody."""
_ONE_SIZE = 0.16
"""Lines whose letters differ by less than this share are of one size: measuring is no finer."""
_ROUGHLY = 0.35
"""The same where a size is guessed from the height of ink."""
_OF_INK, _OF_FIGURES = 1.06, 1.4
"""Height of a letter in that of its ink, and in that of a figure's."""
_LETTER = 0.8
"""Height of a letter in that of the line that is found around it, where nothing better is known."""


@dataclass(frozen=True, slots=True)
class Line:
    """A recognised line: where it stands on the page, its picture, its characters and how sure each is."""

    corners: Corners
    picture: Grey
    glyphs: tuple[Glyph, ...]
    sure: tuple[float, ...]

    @property
    def left(self) -> float:
        return float(self.corners[[0, 3], 0].mean())

    @property
    def right(self) -> float:
        return float(self.corners[[1, 2], 0].mean())

    @property
    def top(self) -> float:
        return float(self.corners[:2, 1].mean())

    @property
    def bottom(self) -> float:
        return float(self.corners[2:, 1].mean())

    @property
    def is_readable(self) -> bool:
        return sum(glyph.score for glyph in self.glyphs) >= _READABLE * len(self.glyphs)


def runs_of(lines: list[Line]) -> list[Run]:
    """Return one run a character, in the order of ``lines``; one ``ILLEGIBLE`` for a line that cannot be read."""
    shown = [line for line in lines if any(not glyph.text.isspace() for glyph in line.glyphs)]
    runs: list[Run] = []
    for line, size in zip(shown, _sizes(shown), strict=True):
        if line.is_readable:
            runs.extend(_runs(line, size))
        else:
            runs.append(
                Run(ILLEGIBLE, line.left, line.top, line.right, line.bottom, size, confidence=Decimal(0))
            )
    return runs


def is_wide(text: str) -> bool:
    """Whether a character is as wide as high, as Chinese ones are."""
    return text >= "\u2e80"


def _runs(line: Line, size: float) -> list[Run]:
    width = line.picture.shape[1]
    own = own_ink(line.glyphs, stretches(line.picture), width)
    parted = blanks(line.glyphs, own, line.picture)
    scale = (line.right - line.left) / width
    at = [line.left + middle * scale for middle in middles(line.glyphs, own, line.picture)]
    height = (line.top + line.bottom) / 2
    top, bottom = height - size / 2, height + size / 2
    runs: list[Run] = []
    for index, (glyph, score) in enumerate(zip(line.glyphs, line.sure, strict=True)):
        if glyph.text.isspace():
            continue
        half = size / 2 if is_wide(glyph.text) else size / 4
        left, right = at[index] - half, at[index] + half
        if runs and left < runs[-1].right:
            left = min(runs[-1].right, right - 1)
        confidence = _rounded(score)
        if index in parted and runs:
            runs.append(Run(" ", runs[-1].right, top, left, bottom, size, confidence=confidence))
        runs.append(Run(glyph.text, left, top, right, bottom, size, confidence=confidence))
    return runs


def _sizes(lines: list[Line]) -> list[float]:
    """Return the height of each line's letters; lines of about one size get one.

    Chinese letters are as wide as high: how far they are apart tells their size. Where a line has too few, the height
    of its ink does, but so roughly that it takes the nearest size found so.
    """
    measured = {i: found for i, line in enumerate(lines) if (found := _measured(line))}
    sizes = [0.0] * len(lines)
    kept: list[float] = []
    while measured:
        size = _weighted_median(list(measured.values()))
        alike = {i for i, (step, _) in measured.items() if abs(step - size) <= _ONE_SIZE * size}
        kept.append(size)
        for i in alike:
            sizes[i] = size
            del measured[i]
    for i, line in enumerate(lines):
        if not sizes[i]:
            rough = _rough(line)
            nearest = min(kept, key=lambda size: abs(size - rough), default=rough)
            sizes[i] = nearest if abs(nearest - rough) <= _ROUGHLY * rough else rough
    return sizes


def _measured(line: Line) -> tuple[float, int] | None:
    """Return the mean step between neighbouring Chinese letters and how many steps there were, at least two."""
    width, high = line.right - line.left, line.bottom - line.top
    steps = [
        step
        for a, b in pairwise(line.glyphs)
        if is_ideograph(a.text) and is_ideograph(b.text)
        if 0.5 * high < (step := (b.centre - a.centre) * width) < 1.1 * high
    ]
    return (sum(steps) / len(steps), len(steps)) if len(steps) >= 2 else None


def _rough(line: Line) -> float:
    """Return about how high letters are by the highest ink: a figure is as high as two thirds of a letter."""
    scale = (line.bottom - line.top) / float(line.picture.shape[0])
    ink: float = max((stretch.high for stretch in stretches(line.picture)), default=0) * scale
    if not ink:
        return _LETTER * (line.bottom - line.top)
    return ink * (_OF_INK if any(is_ideograph(glyph.text) for glyph in line.glyphs) else _OF_FIGURES)


def _weighted_median(values: list[tuple[float, float]]) -> float:
    half = sum(weight for _, weight in values) / 2
    for value, weight in sorted(values):
        half -= weight
        if half <= 0:
            return value
    return values[-1][0]


def _rounded(score: float) -> Decimal:
    """Steps of a twentieth, downwards: neighbours of about the same score share a place."""
    return min(Decimal(int(max(0.0, score) * 20 + 1e-6)) / 20, Decimal("0.99")).quantize(Decimal("0.01"))
