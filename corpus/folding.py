"""Fold text for matching, character for character, so that positions stay those of the stored text.

Traditional characters become simplified (OpenCC), full-width forms half-width (Unicode NFKC, where one
character gives one), every kind of blank a space. Nothing is inserted or dropped: ``len`` is kept.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

# Phrase dictionaries would be better Chinese but may change lengths; per character they never do.
# Ambiguous characters take the reading that school reports use.
_FIXED = {"，": ",", "；": ";", "：": ":", "（": "(", "）": ")", "！": "!", "？": "?", "∶": ":", "﹕": ":",
          "〔": "〔", "著": "著", "乾": "干"}  # fmt: skip


@cache
def _converter() -> object:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=65536)
def _fold_char(char: str) -> str:
    if char in _FIXED:
        return _FIXED[char]
    if char != "\n" and (char.isspace() or char == "\u200b"):
        return " "
    plain = unicodedata.normalize("NFKC", char)
    if len(plain) != 1:
        return char
    if "\u3400" <= plain <= "\u9fff":
        simple = _converter().convert(plain)  # type: ignore[attr-defined]
        return simple if len(simple) == 1 else plain
    return plain


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Return ``text`` folded; ``len(fold(text)) == len(text)`` always.

    >>> fold("普通國中１２．５％")
    '普通国中12.5%'
    """
    return "".join(map(_fold_char, text))
