"""Plain text: the decoded text as it is, with lines that were broken at a width put together again."""

from __future__ import annotations

from dataclasses import replace

from corpus.readers._raw import RawText, decode
from corpus.readers._wrapped import unwrap

NAME = "文本"
SUFFIXES = (".txt",)
LIGHT = True


def read(data: bytes, source: str) -> RawText:
    raw = RawText(*decode(data, source))
    return replace(raw, text=unwrap(raw.text))
