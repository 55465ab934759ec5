"""Characters and numerals: a length-preserving normal form, and exact values of written numbers.

Chinese numerals are evaluated here in ``Decimal`` rather than through a converter that passes
decimals through floats; the tests compare both on integers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

_MAPPED = dict(
    zip(
        "∶：﹕−－﹣–—―─～〜∼﹪，﹐．○◯圓\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u200b\u202f\u2060\u3000\ufeff",
        "::: - - - — — — — ~ ~ ~ % , , . 〇 〇 圆".replace(" ", "") + " " * 12,
        strict=True,
    )
)

DIGITS = {
    c: n
    for n, cs in enumerate(["零〇", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for c in cs
}
PLACES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}
NUMERALS = "".join((*DIGITS, *PLACES, *GROUPS))
FINANCIAL = frozenset("壹贰叁肆伍陆柒捌玖拾佰仟")
_TOKEN = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|\S")


@cache
def _opencc() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


class _Table(dict[int, str]):
    """Filled one character at a time: few of the 20,000 ever occur in one text."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _MAPPED:
            plain = _MAPPED[char]
        elif 0xFF01 <= code <= 0xFF5E:
            plain = chr(code - 0xFEE0)
        elif 0x3400 <= code <= 0x9FFF:
            plain = str(_opencc().convert(char))
        else:
            plain = char
        self[code] = plain = plain if len(plain) == 1 else char
        return plain


_TABLE = _Table()


def normalise(text: str) -> str:
    """Return ``text`` half-width and simplified, character for character: offsets stay the same.

    Odd blanks become a space, all long dashes "—", all minus signs "-", ratio colons ":".
    Circled digits and superscripts stay as they are.
    """
    return text.translate(_TABLE)


def plain(value: Decimal) -> Decimal:
    """Return ``value`` without trailing zeros and without an exponent."""
    value = value.normalize()
    return value.quantize(Decimal(1)) if int(value.as_tuple().exponent) > 0 else value


_MOST_DIGITS = 20
"""A written figure has fewer; more would be rounded by decimal arithmetic."""


def evaluate(body: str) -> Decimal | None:
    """Return the value of a written whole: 三百二十, 两万三, 3亿5千万, 1,234.5, 三点五.

    None for what is no single number, such as 三五 or 二三十 (about), or 百 without a digit.
    """
    whole, point, fraction = body.partition("点")
    if point:
        start = evaluate(whole)
        digits = "".join(str(DIGITS[c]) for c in fraction if c in DIGITS)
        if start is None or len(digits) != len(fraction) or not digits:
            return None
        return Decimal(f"{start}.{digits}")
    if sum(c in "0123456789" for c in body) > _MOST_DIGITS:
        return None
    total = section = Decimal(0)
    digit: Decimal | None = None
    lowest = 10**4
    after_zero = False
    tokens = _TOKEN.findall(body)
    if all(t in ("零", "〇") for t in tokens):
        return Decimal(0) if len(tokens) == 1 else None
    for index, token in enumerate(tokens):
        if token in DIGITS or token[0] in "0123456789":
            if digit is not None:
                return None
            if token in DIGITS and not DIGITS[token]:
                after_zero = True
                continue
            digit = Decimal(DIGITS[token]) if token in DIGITS else Decimal(token.replace(",", ""))
        elif token in PLACES:
            place = PLACES[token]
            if digit is None and place == 10 and index == 0:
                digit = Decimal(1)
            if digit is None or place >= lowest:
                return None
            section, digit, lowest, after_zero = section + digit * place, None, place, False
        elif token in GROUPS:
            section += digit or 0
            if token == "万":
                if not section:
                    return None
                total += section * GROUPS[token]
            else:
                if not section + total:
                    return None
                total = (total + section) * GROUPS[token]
            section, digit, lowest, after_zero = Decimal(0), None, 10**4, False
        else:
            return None
    if digit is None:
        return total + section
    last = tokens[-2] if len(tokens) > 1 else ""
    if tokens[-1] in DIGITS and not after_zero:  # 两万三 is 23000, 三百二 is 320
        digit *= {**PLACES, **GROUPS}.get(last, 10) // 10
    return total + section + digit


def split_scale(body: str) -> tuple[Decimal, str] | None:
    """Return the number before its scale, and the scale: 5千万 → (5, 千万), 三百二十万 → (320, 万).

    A number written in several steps counts in its largest one: 3亿5千万 → (3.5, 亿). Chinese
    places below 万 belong to the number: 两千 → (2000, "").
    """
    single = re.fullmatch(r"([0-9,]+(?:\.[0-9]+)?)([百千万亿]*)", body)
    if single:
        return Decimal(single[1].replace(",", "")), single[2]
    if body.endswith("万亿") and "万" not in body[:-2] and "亿" not in body[:-2]:
        value = evaluate(body[:-2])
        return (value, "万亿") if value is not None else None
    if body.endswith(("万", "亿")) and "万" not in body[:-1] and "亿" not in body[:-1]:
        value = evaluate(body[:-1])
        return (value, body[-1]) if value is not None else None
    value = evaluate(body)
    if value is None:
        return None
    for group, exponent in (("亿", -8), ("万", -4)):
        if group in body:
            return plain(value.scaleb(exponent)), group
    return value, ""
