"""The ruling lines of a PDF page, and how much of it is pictures."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from corpus.readers._page_types import Box
from corpus.readers._pdf_chars import turned

_MOST_OBJECTS = 60_000
_MOST_STEPS = 60_000
_DEEPEST = 6
_THIN = 3.0
"""Points: a thicker box is no line."""

_WHOLE = 0.8
"""Share of the page that a picture covers when it hides what was drawn before."""

Matrix = tuple[float, float, float, float, float, float]
Corners = tuple[float, float, float, float]


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page beside text: ``pictures`` as shares of the page's area, ``texts`` the number of its
    pieces of text, ``beneath`` how many of them an opaque picture of the whole page is drawn over."""

    rules: list[Box] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    drawn: int = 0
    texts: int = 0
    beneath: int = 0
    steps: int = 0


def drawing(page: Any, box: Corners, quarter: int) -> Drawing:
    """Read lines and pictures of a pypdfium2 page; ``box`` and ``quarter`` as for the characters."""
    found = Drawing()
    _walk(page, False, (1, 0, 0, 1, 0, 0), found, box, quarter, 0)
    return found


def _walk(
    holder: Any, is_form: bool, matrix: Matrix, found: Drawing, box: Corners, quarter: int, depth: int
) -> None:
    import pypdfium2.raw as raw

    count = raw.FPDFFormObj_CountObjects(holder) if is_form else raw.FPDFPage_CountObjects(holder)
    for index in range(count):
        if found.drawn >= _MOST_OBJECTS or found.steps >= _MOST_STEPS:
            return
        thing = raw.FPDFFormObj_GetObject(holder, index) if is_form else raw.FPDFPage_GetObject(holder, index)
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            found.texts += 1
            continue
        found.drawn += 1
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            _walk(thing, True, _times(_matrix(thing), matrix), found, box, quarter, depth + 1)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            area = _bounds(thing, matrix, box, quarter)
            whole = (box[2] - box[0]) * (box[3] - box[1])
            if area and whole > 0:
                share = (area.right - area.left) * (area.bottom - area.top) / whole
                found.pictures.append(share)
                if share >= _WHOLE and not raw.FPDFPageObj_HasTransparency(thing):
                    found.beneath = found.texts
        elif kind == raw.FPDF_PAGEOBJ_PATH:
            _rule(thing, matrix, found, box, quarter)


def _rule(path: Any, matrix: Matrix, found: Drawing, box: Corners, quarter: int) -> None:
    import pypdfium2.raw as raw

    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, stroke)
    if not fill.value and not stroke.value:
        return
    if (whole := _bounds(path, matrix, box, quarter)) is None:
        return
    if min(whole.right - whole.left, whole.bottom - whole.top) <= _THIN:
        found.rules.append(whole)
        return
    within = _times(_matrix(path), matrix)
    points: list[tuple[float, float]] = []
    start: tuple[float, float] | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    subpaths: list[list[tuple[float, float]]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        found.steps += 1
        if found.steps >= _MOST_STEPS:
            return
        step = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(step)
        raw.FPDFPathSegment_GetPoint(step, x, y)
        a, b, c, d, e, f = within
        point = turned(a * x.value + c * y.value + e, b * x.value + d * y.value + f, box, quarter)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            points, start = [point], point
            subpaths.append(points)
        elif kind == raw.FPDF_SEGMENT_LINETO:
            points.append(point)
        else:
            points = [point]
            subpaths.append(points)  # a curve is no ruling line
        if raw.FPDFPathSegment_GetClose(step) and start:
            points.append(start)
    for corners in subpaths:
        area = _around(corners)
        if min(area.right - area.left, area.bottom - area.top) <= _THIN:
            if len(corners) > 1:
                found.rules.append(area)
        elif stroke.value:
            found.rules += [
                side
                for one, other in pairwise(corners)
                if min((side := _around([one, other])).right - side.left, side.bottom - side.top) <= 0.5
            ]


def _bounds(thing: Any, matrix: Matrix, box: Corners, quarter: int) -> Box | None:
    import pypdfium2.raw as raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)]
    return _around([turned(a * x + c * y + e, b * x + d * y + f, box, quarter) for x, y in corners])


def _around(points: list[tuple[float, float]]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _matrix(thing: Any) -> Matrix:
    import pypdfium2.raw as raw

    m = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(thing, m):
        return (1, 0, 0, 1, 0, 0)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
