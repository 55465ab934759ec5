"""Plain text: the decoded text as it is."""

from __future__ import annotations

from corpus.readers._raw import RawText, decode

NAME = "文本"
SUFFIXES = (".txt",)
LIGHT = True


def read(data: bytes, source: str) -> RawText:
    return RawText(*decode(data, source))
