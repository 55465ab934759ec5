"""Whether characters of a PDF page leave paint on it: judged by the page's picture, not by its program."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from corpus.readers._page_types import Run

Paint = tuple[int, float, bool]
"""How characters are painted: render mode, how light on white paper (0 to 1), and whether their font is in the file."""

_MOST_PIXELS = 4_000_000
_FAINT = 24
"""Steps of grey (of 256) that paint differs from the paper around it."""
_LIGHT, _DARK = 0.72, 0.75
"""Letters lighter than the one are seen only on a ground that is darker than the other."""
_INVISIBLE = 3
_TOGETHER = 8


def paint_of(owner: Any) -> Paint:
    import pypdfium2.raw as raw

    if not owner:
        return 0, 0.0, False
    font = raw.FPDFTextObj_GetFont(owner)
    is_embedded = bool(font) and raw.FPDFFont_GetIsEmbedded(font) == 1
    mode = raw.FPDFTextObj_GetTextRenderMode(owner)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    take = raw.FPDFPageObj_GetStrokeColor if mode in (1, 5) else raw.FPDFPageObj_GetFillColor
    if not take(owner, red, green, blue, alpha):
        return mode, 0.0, is_embedded
    grey = (0.3 * red.value + 0.59 * green.value + 0.11 * blue.value) / 255
    return mode, 1 - alpha.value / 255 * (1 - grey), is_embedded


def painted(page: Any, runs: list[Run], paints: list[Paint], turn: int) -> list[bool]:
    """Which runs leave paint on the page, judged for neighbours of one paint together: a full stop is too small.

    The runs stand on the page turned ``turn`` quarters clockwise from how it is shown.
    """
    if not runs:
        return []
    wide, high = page.get_size()
    scale = min(1.0, (_MOST_PIXELS / max(1.0, wide * high)) ** 0.5)
    picture = page.render(scale=scale, grayscale=True, rotation=90 * turn)
    try:
        pixels = bytes(picture.buffer)
        seen = [False] * len(runs)
        for group in _groups(runs, paints):
            strips = _strips(
                [runs[i] for i in group], scale, pixels, picture.stride, picture.width, picture.height
            )
            if _is_seen(paints[group[0]], strips):
                for index in group:
                    seen[index] = True
        return seen
    finally:
        picture.close()


def _strips(
    group: list[Run], scale: float, pixels: bytes, stride: int, wide: int, high: int
) -> Iterator[bytes]:
    """The lines of the picture that a group of letters covers, from its middle outwards."""
    left = max(0, int(min(r.left for r in group) * scale))
    right = min(wide, int(max(r.right for r in group) * scale) + 1)
    top = max(0, int(group[0].top * scale))
    bottom = min(high, int(group[0].bottom * scale) + 1)
    for line in sorted(range(top, bottom), key=lambda y: abs(2 * y - top - bottom)):
        yield pixels[line * stride + left : line * stride + right]


def _is_seen(paint: Paint, strips: Iterator[bytes]) -> bool:
    mode, light, is_embedded = paint
    if mode == _INVISIBLE:
        return False
    if light < _LIGHT and not is_embedded:
        return True  # its font may be missing here: that nothing is painted then means nothing
    darkest, lightest, total, count = 255, 0, 0, 0
    for strip in strips:
        darkest, lightest = min(darkest, *strip), max(lightest, *strip)
        if light < _LIGHT and lightest - darkest >= _FAINT:
            return True
        total, count = total + sum(strip), count + len(strip)
    is_painted = lightest - darkest >= _FAINT or not is_embedded
    return light >= _LIGHT and is_painted and count > 0 and total < 255 * _DARK * count


def _groups(runs: list[Run], paints: list[Paint]) -> list[list[int]]:
    """Neighbours of one paint on one line, a few together."""
    groups: list[list[int]] = []
    for index, (run, paint) in enumerate(zip(runs, paints, strict=True)):
        last = runs[groups[-1][-1]] if groups else None
        if (
            last
            and len(groups[-1]) < _TOGETHER
            and paints[groups[-1][-1]] == paint
            and abs(last.bottom - run.bottom) < 0.3 * run.size
            and abs(run.left - last.right) < run.size
        ):
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups
