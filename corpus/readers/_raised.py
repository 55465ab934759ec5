"""What is printed raised or lowered, as characters of one line: m² stays m², a note's mark never joins a figure."""

from __future__ import annotations

import re

from corpus.readers._word_numbers import circled

_POWERS = {"2": "²", "3": "³"}
_LENGTH = re.compile(r"(?:[mMｍ]|米)\s*$")
_MARK = re.compile(r"[\[〔［【(（]?(\d{1,2})[\]〕］】)）]?")
_TEN = re.compile(r"[×xX*]\s*10$")


def raised(text: str, before: str) -> str:
    """Return raised ``text`` as it follows ``before``: a power of a length, an exponent, the mark of a note.

    >>> raised("2", "1200m"), raised("1", "12.5%"), raised("[3]", "35所"), raised("注", "表1")
    ('²', '①', '③', '注')
    """
    bare = text.strip()
    if bare in _POWERS and _LENGTH.search(before[-3:]):
        return _POWERS[bare]
    if re.fullmatch(r"\d", bare) and _TEN.search(before[-6:]):
        return "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(bare)]
    if len(bare) <= 12 and not re.search(r"\d{3}|\d\.\d", bare):
        return _MARK.sub(lambda m: circled(int(m[1])), text)
    return text
