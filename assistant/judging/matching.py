"""Find words and numbers in an answer the way a reader does, not digit by digit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

NUMBER = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])")
_DIGITS = {0xFF10 + d: str(d) for d in range(10)} | {0xFF0E: ".", 0xFF05: "%"}
_PUNCTUATION = str.maketrans("\uff0c\uff1b\uff1a\uff08\uff09\uff1f\uff01", ",;:()?!")
_BLANKS = " \t\u00a0\u2002\u2003\u2009\u202f\u3000"
CITATION = re.compile(r"\[\d+\]")
LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[(\uff08]?\d+[.、)\uff09\uff0e](?!\d)|[-*•·])[ \t]*")


def plain(text: str) -> str:
    """Return ``text`` without citation marks, list marks, blanks and thousands separators."""
    text = LIST_MARK.sub("", CITATION.sub("", text)).translate(_DIGITS)
    text = _THOUSANDS.sub(lambda m: m[0].replace(",", ""), text)
    text = text.translate(_PUNCTUATION)  # only now: a full-width comma never parts thousands
    text = re.sub(rf"(?<=\d)[{_BLANKS}]+(?=\d)", "\x00", text)  # two numbers side by side stay two
    return re.sub(rf"[{_BLANKS}]+", "", text).replace("\x00", " ")


def _number_pattern(number: str) -> str:
    """A pattern for exactly this number, however many zeros it is written with."""
    whole, _, fraction = number.partition(".")
    fraction = fraction.rstrip("0")
    tail = rf"\.{fraction}0*" if fraction else r"(?:\.0+)?"
    return rf"(?<!\d)(?<!\d\.)0*{whole.lstrip('0') or '0'}{tail}(?!\d|\.\d)"


def contains(text: str, wanted: str, tolerance: Decimal | None = None) -> bool:
    """Whether ``wanted`` stands in ``text``, its numbers as whole numbers.

    With ``tolerance`` a bare number is also met by one that differs by no more.
    """
    text, wanted = plain(text), plain(wanted)
    if tolerance is not None and NUMBER.fullmatch(wanted):
        return any(abs(Decimal(n) - Decimal(wanted)) <= tolerance for n in NUMBER.findall(text))
    pattern, last = "", 0
    for number in NUMBER.finditer(wanted):
        pattern += re.escape(wanted[last : number.start()]) + _number_pattern(number[0])
        last = number.end()
    return re.search(pattern + re.escape(wanted[last:]), text) is not None


def in_order(text: str, words: Sequence[str]) -> bool:
    """Whether all ``words`` can be found one after the other."""
    position = 0
    for word in words:
        position = text.find(word, position)
        if position < 0:
            return False
        position += len(word)
    return True
