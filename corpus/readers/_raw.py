"""What a format's reader hands over, and the one way from bytes to Chinese text."""

from __future__ import annotations

import codecs
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from corpus.errors import ReadError
from corpus.model import Place
from corpus.places import simplify

Span = tuple[int, int]

_FEW_CONTROLS = 0.001
_FAMILIAR = 0.8
"""Share of the characters beyond ASCII that a legacy decoding must find among the 3755 of daily use (GB 2312,
level 1) and punctuation. Right decodings of official texts reach 0.95 and more, wrong ones stay under 0.6."""
_DAILY = frozenset(
    "的一是在不了有和人中大为上国以要年学校教育县区市全生发工作会政府部民高小初班数等比万元所名办公"
)
_DAILY_SHARE = 0.05
"""Korean bytes, say, decode to characters of daily use; but not to these, a quarter of any official text."""
_SAMPLE = 20_000
_PLAUSIBLE, _TOO_FEW = 0.6, 40
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = {
    b"%PDF": "PDF 文档",
    b"PK\x03\x04": "压缩包或 Office 文档",
    b"\xd0\xcf\x11\xe0": "旧版 Office 文档",
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"GIF8": "GIF 图片",
    b"MZ": "Windows 程序",
    b"\x7fELF": "程序",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Characters that say where a line may break or how it runs; within a figure they would cut it in two."""


@dataclass(frozen=True, slots=True)
class RawText:
    """The text of a file and what the file itself declares about it.

    ``furniture`` are spans that the format marks as navigation or footer; ``site`` is whose site it is.
    ``format``, ``places`` and ``notes`` are those of ``corpus.model.Report``.
    """

    text: str
    encoding: str
    title: str | None = None
    published: dt.date | None = None
    url: str | None = None
    site: str | None = None
    furniture: tuple[Span, ...] = ()
    format: str = "text"
    places: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()


def decode(data: bytes, source: str) -> tuple[str, str]:
    """Return the text of ``data`` and its encoding, newlines as \\n, no byte-order mark.

    Only encodings that Chinese government texts use are tried, each strictly: Unicode, then GB 18030 and
    Big5 by which of them gives familiar characters. A declared charset is not asked: it is often wrong.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic) and not (magic == b"MZ" and b"\x00" not in data):
            raise ReadError(f"{source}：内容像是{kind}，不是文本。请换成文本或网页文件，或改回正确的扩展名。")
    for text, encoding in _candidates(data):
        if _is_clean(text):
            return text.replace("\r\n", "\n").replace("\r", "\n"), encoding
    if b"\x00" in data:
        raise ReadError(f"{source}：内容是二进制数据，不是文本。请换成文本或网页文件。")
    raise ReadError(f"{source}：认不出文字编码（支持 UTF-8、GB18030、UTF-16、Big5）。请另存为 UTF-8 后再试。")


def is_plausible(text: str) -> bool:
    """Whether the Chinese characters of ``text`` are mostly those that people write; True if there are few."""
    beyond = [c for c in text[:_SAMPLE] if c > "\x7f" and not c.isspace()]
    return len(beyond) < _TOO_FEW or sum(map(_is_familiar, beyond)) >= _PLAUSIBLE * len(beyond)


def _candidates(data: bytes) -> Iterator[tuple[str, str]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (text := _strict(data, encoding)) is not None:
            yield text.removeprefix("\ufeff"), encoding.removesuffix("-sig")
            return
    if b"\x00" not in data:
        if (text := _strict(data, "utf-8")) is not None:
            yield text, "utf-8"
        legacy = [(t, e) for e in ("gb18030", "big5") if (t := _strict(data, e)) is not None]
        yield from _familiar(legacy)
    wide = [
        (t, e)
        for e in ("utf-16-le", "utf-16-be")
        if len(data) % 2 == 0 and (t := _strict(data, e)) is not None
    ]
    yield from _familiar(wide)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _familiar(candidates: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    scored = sorted(((_familiarity(text), -i) for i, (text, _) in enumerate(candidates)), reverse=True)
    for score, index in scored:
        if score >= _FAMILIAR:
            yield candidates[-index]


def _familiarity(text: str) -> float:
    """Share of familiar characters; 0 for a text whose characters are Chinese but that is not Chinese."""
    beyond = [c for c in text[:_SAMPLE] if c > "\x7f" and not c.isspace()]
    daily = sum(simplify(c) in _DAILY for c in beyond)
    if daily < _DAILY_SHARE * len(beyond):
        return 0.0
    return sum(map(_is_familiar, beyond)) / len(beyond) if beyond else 0.0


@lru_cache(maxsize=32768)
def _is_familiar(char: str) -> bool:
    code = simplify(char).encode("gb2312", "ignore")
    return len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or code[0] in (0xA1, 0xA2, 0xA3))


def _is_clean(text: str) -> bool:
    """No NUL, hardly a control or replacement character, no unassigned and few private ones."""
    if "\x00" in text:
        return False
    odd = sum(1 for c in text if (c < " " and c not in "\t\n\r\f\v") or "\x7f" <= c < "\xa0" or c == "\ufffd")
    private = sum(1 for c in text if "\ue000" <= c <= "\uf8ff")
    return odd <= _FEW_CONTROLS * len(text) and private <= 0.02 * len(text)
