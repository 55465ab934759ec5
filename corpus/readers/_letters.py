"""From recognised lines to positioned characters: their edges, their size, and blanks between figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from statistics import median

from corpus.readers._engine import Corners, Glyph, Grey
from corpus.readers._ink import blanks, is_ideograph, middles, own_ink, stretches
from corpus.readers._page_types import Box, Run

ILLEGIBLE = "□"
"""Stands for a line that is print but cannot be read."""

_READABLE = 0.5
"""Mean score of a line. What is under it is a figure, a signature or beyond reading; guessing it helps nobody."""
_ONE_SIZE = 0.16
"""Lines whose letters differ by less than this share are of one size: measuring is no finer."""
_ROUGHLY = 0.35
"""The same where a size is guessed from the height of ink."""
_SAME_INK = 0.09
"""Lines whose ink differs in height by less than this share have letters of one size, however far apart they are."""
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

    def without_blanks(self) -> Line:
        """The line without the blanks that the model sees, often where there are none."""
        shown = [i for i, glyph in enumerate(self.glyphs) if not glyph.text.isspace()]
        glyphs, sure = tuple(self.glyphs[i] for i in shown), tuple(self.sure[i] for i in shown)
        return Line(self.corners, self.picture, glyphs, sure)

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
            runs.append(illegible(Box(line.left, line.top, line.right, line.bottom), size))
    return runs


def illegible(box: Box, size: float = 0.0) -> Run:
    """Return the run that stands for print that cannot be read."""
    size = size or box.bottom - box.top
    return Run(ILLEGIBLE, box.left, box.top, box.right, box.bottom, size, confidence=Decimal(0))


def is_wide(text: str) -> bool:
    """Whether a character is as wide as high, as Chinese ones are."""
    return text >= "\u2e80"


def _runs(line: Line, size: float) -> list[Run]:
    width = line.picture.shape[1]
    said = _blanks_said(line.glyphs)
    line = line.without_blanks()
    own = own_ink(line.glyphs, stretches(line.picture), width)
    parted = blanks(line.glyphs, own, line.picture, said)
    scale = (line.right - line.left) / width
    at = [line.left + middle * scale for middle in middles(line.glyphs, own, line.picture)]
    height = (line.top + line.bottom) / 2
    top, bottom = height - size / 2, height + size / 2
    runs: list[Run] = []
    for index, (glyph, score) in enumerate(zip(line.glyphs, line.sure, strict=True)):
        half = size / 2 if is_wide(glyph.text) else size / 4
        left, right = at[index] - half, at[index] + half
        if runs and left < runs[-1].right:
            left = min(runs[-1].right, right - 1)
        confidence = _rounded(score)
        if index in parted and runs:
            runs.append(Run(" ", runs[-1].right, top, left, bottom, size, confidence=confidence))
        runs.append(Run(glyph.text, left, top, right, bottom, size, confidence=confidence))
    return runs


def _blanks_said(glyphs: tuple[Glyph, ...]) -> set[int]:
    """Return the indices, without the blanks, of characters before which the model sees a blank."""
    said, count = set(), 0
    for before, glyph in pairwise(glyphs):
        count += not before.text.isspace()
        if before.text.isspace() and not glyph.text.isspace():
            said.add(count)
    return said


def _sizes(lines: list[Line]) -> list[float]:
    """Return the height of each line's letters; lines of about one size get one.

    Chinese letters are as wide as high: how far they are apart tells their size, except where a line was stretched to
    the margin; its ink is then no higher than that of the others. Where a line has too few letters, the height of its
    ink tells, but so roughly that it takes the nearest size found so.
    """
    inks = [_inks(line) for line in lines]
    measured = {i: found for i, line in enumerate(lines) if (found := _measured(line))}
    sizes = [0.0] * len(lines)
    kept: list[tuple[float, _Inks]] = []
    while measured:
        size = _weighted_median(list(measured.values()))
        alike = {i for i, (step, _) in measured.items() if abs(step - size) <= _ONE_SIZE * size}
        usual = _usual([inks[i] for i in alike])
        alike |= {i for i in measured if _is_of_one_ink(inks[i], usual)}
        kept.append((size, usual))
        for i in alike:
            sizes[i] = size
            del measured[i]
    for i, line in enumerate(lines):
        if not sizes[i]:
            sizes[i] = next((s for s, usual in kept if _is_of_one_ink(inks[i], usual)), 0.0)
        if not sizes[i]:
            rough = _rough(line)
            nearest = min((size for size, _ in kept), key=lambda size: abs(size - rough), default=rough)
            sizes[i] = nearest if abs(nearest - rough) <= _ROUGHLY * rough else rough
    return sizes


_Inks = tuple[float, float]
"""How high the ink of Chinese letters and that of figures is in a line, 0 where there are none."""


def _inks(line: Line) -> _Inks:
    scale = (line.bottom - line.top) / float(line.picture.shape[0])
    own = own_ink(line.glyphs, stretches(line.picture), line.picture.shape[1])
    letters, figures = [], []
    for glyph, ink in zip(line.glyphs, own, strict=True):
        if ink:
            high = max(s.bottom for s in ink) - min(s.top for s in ink)
            if is_ideograph(glyph.text):
                letters.append(high)
            elif glyph.text.isdigit():
                figures.append(high)
    return _upper(letters) * scale, _upper(figures) * scale


def _upper(heights: list[int]) -> float:
    """Return what three quarters do not exceed: a letter may be low, but none is higher than the others."""
    return float(sorted(heights)[len(heights) * 3 // 4]) if heights else 0.0


def _usual(inks: list[_Inks]) -> _Inks:
    letters, figures = ([ink[kind] for ink in inks if ink[kind]] for kind in (0, 1))
    return median(letters) if letters else 0.0, median(figures) if figures else 0.0


def _is_of_one_ink(ink: _Inks, usual: _Inks) -> bool:
    """Whether letters, or figures where there are no letters in a line, are as high as usual."""
    for here, there in zip(ink, usual, strict=True):
        if here and there:
            return abs(here - there) <= _SAME_INK * there
    return False


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
