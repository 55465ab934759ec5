"""The characters of a PDF page that a reader of the page can see, with their places.

A character counts only if it is upright on the page, on the page and really painted: text that is invisible, white on
white or covered must not become a fact. What is painted is judged by the page's picture, not by its program.
"""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from corpus.readers._page_types import Run
from corpus.readers._pdf_paint import Paint, paint_of, painted

LONGEST_PAGE = 60_000
"""Characters. The densest newspaper page has under 20,000."""
_SMALLEST = 1.5
_RADICALS = dict(
    zip(
        "⺁⺄⺆⺇⺈⺊⺌⺍⺕⺗⺘⺙⺛⺝⺟⺠⺡⺢⺣⺤⺥⺧⺩⺪⺫⺬⺭⺮⺯⺱⺲⺶⺹⺻⺼⺽⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "厂乙冂几勹卜小小彐心手攵旡月母民水水火爪爪牛王疋罒示示竹纟罓罒羊老聿肉臼虎衤覀西见角角讠贝足车辶辶辶阝钅長長长门阜阝雨青韦页风飞食飠饣饣马骨鬼鱼鸟卤麦黄黾齊齐歯齿竜龙龜亀龟",
        strict=True,
    )
)
_BULLETS = frozenset("\uf0b7\uf06c\uf06e\uf0a7\uf0d8\uf0fc\uf075\uf076\uf09f")
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffe\uffff]"
)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """What stands on a page. ``quarter`` says how its text runs in the file: 0 to the right, 1 up, 2 left, 3 down."""

    runs: list[Run]
    quarter: int
    width: float
    height: float
    unread: int
    """Characters that are painted but do not say what they are."""
    hidden: int
    """Characters that nobody can see."""
    turned: int
    """Characters that run another way than the page's text."""


@dataclass(slots=True)
class _Char:
    text: str
    x: float
    y: float
    ahead: float
    size: float
    stretch: float
    way: int | None
    paint: Paint
    unread: bool


def glyphs(page: Any, text_page: Any) -> Glyphs:
    """Read the characters of a pypdfium2 page and its text page."""
    chars = _chars(text_page)
    ways = [0, 0, 0, 0]
    for char in chars:
        if char.way is not None and char.text.strip():
            ways[char.way] += 1
    quarter = max(range(4), key=lambda q: (ways[q], -q))
    box = page_box(page)
    width, height = box[2] - box[0], box[3] - box[1]
    if quarter % 2:
        width, height = height, width
    upright = [c for c in chars if c.way == quarter]
    runs, paints, unread = list[Run](), list[Paint](), 0
    off = 0
    for char in upright:
        x, y = turned(char.x, char.y, box, quarter)
        far = max(char.ahead, char.size * char.stretch) if _fills_square(char.text) else char.ahead
        run = Run(char.text, x, y - 0.88 * char.size, x + far, y + 0.12 * char.size, char.size)
        if not (0 <= (run.left + run.right) / 2 <= width and 0 <= (run.top + run.bottom) / 2 <= height):
            off += 1
            continue
        runs.append(run)
        paints.append(char.paint)
        unread += char.unread
    turn = (quarter - page.get_rotation() // 90) % 4
    seen = painted(page, runs, paints, turn)
    shown = [r for r, is_seen in zip(runs, seen, strict=True) if is_seen]
    others = sum(1 for c in chars if c.way != quarter and c.text.strip())
    return Glyphs(shown, quarter, width, height, unread, off + len(runs) - len(shown), others)


def turned(x: float, y: float, box: tuple[float, float, float, float], quarter: int) -> tuple[float, float]:
    """A point of the file, y upwards, on the page turned so that its text reads upright, y downwards."""
    left, bottom, right, top = box
    if quarter == 0:
        return x - left, top - y
    if quarter == 1:
        return y - bottom, x - left
    if quarter == 2:
        return right - x, y - bottom
    return top - y, right - x


def tidy(char: str) -> str:
    """The character as anyone would type it: radicals and compatibility forms of Chinese characters and ligatures are
    made plain, marks without width left out. Width of digits and punctuation stays."""
    if char < "\u00a0":
        return "" if _UNSEEN.match(char) else char
    if char in _BULLETS:
        return "•"
    if char in _RADICALS:
        return _RADICALS[char]
    if "\u2e80" <= char <= "\u2fd5" or "\uf900" <= char <= "\ufb06" or "\U0002f800" <= char <= "\U0002fa1f":
        return unicodedata.normalize("NFKC", char)
    return "" if _UNSEEN.match(char) else char


_tidy = lru_cache(maxsize=16384)(tidy)


def _fills_square(text: str) -> bool:
    return "\u2e80" <= text[:1] <= "\ufaff" or "\uff01" <= text[:1] <= "\uff5e" or text[:1] >= "\U00020000"


def page_box(page: Any) -> tuple[float, float, float, float]:
    import pypdfium2.raw as raw

    rect = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, rect)
    return rect.left, rect.bottom, rect.right, rect.top


def _chars(text_page: Any) -> list[_Char]:
    import pypdfium2.raw as raw

    rect, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    paints: dict[int | None, Paint] = {}
    chars = list[_Char]()
    for index in range(min(raw.FPDFText_CountChars(text_page), LONGEST_PAGE)):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if raw.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        written = _tidy(
            "-" if code == 2 else chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
        )
        is_unread = raw.FPDFText_HasUnicodeMapError(text_page, index) == 1 or _is_private(written)
        if not written and not is_unread:
            continue
        raw.FPDFText_GetMatrix(text_page, index, matrix)
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        raw.FPDFText_GetLooseCharBox(text_page, index, rect)
        size = raw.FPDFText_GetFontSize(text_page, index)
        along, up = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
        size, stretch = size * up, (along / up if up else 1.0)
        if size < _SMALLEST:
            continue
        way = _way(matrix.a, matrix.b)
        ahead = (rect.right - x.value, rect.top - y.value, x.value - rect.left, y.value - rect.bottom)[
            way or 0
        ]
        owner = raw.FPDFText_GetTextObject(text_page, index)
        key = ctypes.cast(owner, ctypes.c_void_p).value
        if key not in paints:
            paints[key] = paint_of(owner)
        chars.append(
            _Char(
                written or "\ufffd",
                x.value,
                y.value,
                max(ahead, 0.1 * size),
                size,
                stretch,
                way,
                paints[key],
                is_unread,
            )
        )
    return chars


def _is_private(text: str) -> bool:
    return "\ue000" <= text <= "\uf8ff" or text == "\ufffd" or text >= "\U000f0000"


def _way(a: float, b: float) -> int | None:
    """Which way text with this matrix runs; None if aslant."""
    if a == b == 0:
        return 0
    degrees = math.degrees(math.atan2(b, a)) % 360
    near = round(degrees / 90)
    return near % 4 if abs(degrees - 90 * near) < 5 else None
