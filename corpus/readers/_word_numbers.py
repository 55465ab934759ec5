"""A count written in the numeral forms of Word's automatic numbering (ECMA-376, ST_NumberFormat)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST = 9999


def written(count: int, form: str) -> str:
    """Return ``count`` in a form such as "chineseCounting"; an unknown form, or one too large for it, in digits.

    >>> [written(n, "chineseCounting") for n in (1, 10, 12, 20, 105)]
    ['一', '十', '十二', '二十', '一百〇五']
    """
    if not 0 < count <= _MOST:
        return "" if form in ("none", "bullet") else str(count)
    return _FORMS.get(form, str)(count)


def circled(count: int) -> str:
    """Return ①, ② …, beyond 20 (21), (22) …: the marks that nothing takes for a figure."""
    return chr(0x245F + count) if 0 < count <= 20 else f"({count})"


def bracketed(count: int) -> str:
    """Return ⑴, ⑵ …, beyond 20 (21), (22) …"""
    return chr(0x2473 + count) if 0 < count <= 20 else f"({count})"


def _counted(
    count: int, digits: str = "零" + _DIGITS[1:], places: str = "十百千", bare_ten: bool = True
) -> str:
    shown, gap = "", False
    for place in range(3, -1, -1):
        digit = count // 10**place % 10
        if digit:
            shown += (
                (digits[0] if gap and shown else "") + digits[digit] + (places[place - 1] if place else "")
            )
            gap = False
        else:
            gap = True
    return shown[1:] if bare_ten and 10 <= count < 20 else shown


def _roman(count: int) -> str:
    shown = ""
    for amount, letters in _ROMAN:
        shown += letters * (count // amount)
        count %= amount
    return shown


def _letters(count: int) -> str:
    return chr(96 + (count - 1) % 26 + 1) * ((count - 1) // 26 + 1)  # a … z, aa, bb, as Word does


def _from(first: int, most: int) -> Callable[[int], str]:
    return lambda count: chr(first + count - 1) if count <= most else str(count)


def _each(digits: str) -> Callable[[int], str]:
    return lambda count: "".join(digits[int(d)] for d in str(count))


def _chinese(count: int) -> str:
    return _counted(count, _DIGITS)


def _thousand(count: int) -> str:
    return _counted(count)


_FORMS: dict[str, Callable[[int], str]] = {
    "bullet": lambda count: "",
    "none": lambda count: "",
    "decimalZero": lambda count: f"{count:02d}",
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letters(count).upper(),
    "lowerLetter": _letters,
    "chineseCounting": _chinese,
    "chineseCountingThousand": _thousand,
    "japaneseCounting": _thousand,
    "taiwaneseCounting": _thousand,
    "taiwaneseCountingThousand": _thousand,
    "japaneseDigitalTenThousand": _each(_DIGITS),
    "ideographDigital": _each(_DIGITS),
    "taiwaneseDigital": _each(_DIGITS),
    "chineseLegalSimplified": lambda count: _counted(count, _FORMAL, "拾佰仟", bare_ten=False),
    "ideographLegalTraditional": lambda count: _counted(
        count, "零壹貳參肆伍陸柒捌玖", "拾佰仟", bare_ten=False
    ),
    "ideographTraditional": lambda count: _STEMS[count - 1] if count <= 10 else str(count),
    "ideographZodiac": lambda count: _BRANCHES[count - 1] if count <= 12 else str(count),
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedParen": bracketed,
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "decimalFullWidth": _each("０１２３４５６７８９"),
    "decimalFullWidth2": _each("０１２３４５６７８９"),
    "numberInDash": lambda count: f"- {count} -",
}
