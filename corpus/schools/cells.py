"""One number from one cell: exactly what is written, or no data with the reason. Nothing is estimated."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from corpus.schools.columns import UNITS
from corpus.schools.grid import Raw

_DIGITS = 15
"""Digits of the largest number taken for one; nothing that schools count or own has more."""
_LONGEST = 60
"""Characters of a cell that may be a number; the patterns below are never run on more."""
_DASHES = re.compile(r"[-‐-―−─━﹘﹣ー/\\]+")
_MINUS = "−–‒﹣"
_NUMBER = re.compile(
    r"\+?(?:(?P<grouped>\d{1,3}(?:,\d{3})+)|(?P<spaced>\d{1,3}(?: \d{3})+)|(?P<plain>\d+)|(?=\.\d))(?P<rest>\.\d*)?"
)
_ABOUT_BEFORE = r"约为?|大约|大概|近|将近|接近|超过?|逾|不足|不到|不少于|不多于|不低于|不超过|至少|至多|最多|最少|高于|低于|多于|少于|大于|小于|[<>≤≥≦≧≈~～±＜＞]=?"
_ABOUT_AFTER = r"左右|上下|以上|以下|以内|之间|有?余|多|许|几|\+|±.*|[?？]"
_APPROXIMATE = re.compile(
    rf"(?:{_ABOUT_BEFORE})\S*\d.*|.*\d\S*?(?:{_ABOUT_AFTER})[人名位个间班元]?|.*\d\D*?(?:{_ABOUT_AFTER})(?:万元|元|平方米|m2)"
)
_RANGE = re.compile(r"\d[\d.,]*\D{0,3}(?:[-—–~～至到]+)\D{0,2}\d[\d.,]*\D{0,4}")
_DATE = re.compile(
    r"(?:19|20)\d\d[-/年.]\d{1,2}(?:[-/月.]\d{1,2}日?)?|\d{1,2}[-/]\d{1,2}[-/](?:19|20)?\d\d|\d{1,2}月\d{1,2}日?"
)


class Unreadable(ValueError):
    """A cell holds nothing that could be used. ``kind`` is a ``Problem.kind``, the text a Chinese clause.

    A ValueError, so that pydantic collects it with the others of a row.
    """

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


def is_blank(raw: Raw | None) -> bool:
    """Tell whether a cell holds nothing, or nothing but dashes: no data, and no zero."""
    return (
        raw is None
        or not raw.printed
        or (raw.form == "text" and bool(_DASHES.fullmatch(_squeezed(raw.printed))))
    )


def read_number(raw: Raw, unit: str, *, whole: bool) -> Decimal:
    """Return the number that a filled cell holds, in ``unit``.

    Raises:
        Unreadable: what stands there is no exact number, or none that the column could hold.
    """
    if raw.form in _OTHER_FORMS:
        kind, why = _OTHER_FORMS[raw.form]
        raise Unreadable(kind, why)
    if len(raw.printed) > _LONGEST:
        raise Unreadable("not_a_number", "长得不可能是一个数")
    text = _without_unit(_folded(raw.printed), unit)
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise _refusal(text)
    digits = (found["grouped"] or found["spaced"] or found["plain"] or "0").replace(",", "").replace(" ", "")
    rest = (found["rest"] or "").rstrip("0").rstrip(".")
    if len(digits.lstrip("0")) > _DIGITS or len(rest) > 40:
        raise Unreadable("not_a_number", "数字长得不可能是真的")
    value = Decimal(digits + rest)
    if whole and rest:
        raise Unreadable("fraction", "这一列只能是整数")
    return value


_OTHER_FORMS = {
    "percent": ("not_a_number", "是百分比，不是数量"),
    "date": ("not_a_number", "是日期或时间，不是数量"),
    "boolean": ("not_a_number", "是逻辑值，不是数量"),
    "error": ("formula_error", "是公式的错误值"),
    "formula": ("formula_without_value", "是没有存下结果的公式"),
}


def _refusal(text: str) -> Unreadable:
    if re.fullmatch(r"[-−–‒﹣]\s*[\d.,]*\d[\d.,]*", text):
        return Unreadable("negative", "是负数")
    if _DATE.fullmatch(text):
        return Unreadable("not_a_number", "是日期，不是数量")
    if _RANGE.fullmatch(text):
        return Unreadable("approximate", "是一个范围，不是确定的数")
    if _APPROXIMATE.fullmatch(text):
        return Unreadable("approximate", "是约数，不能证明实际有多少")
    if "%" in text:
        return Unreadable("not_a_number", "是百分比，不是数量")
    if re.fullmatch(r"\d[\d,. ]*", text):
        return Unreadable("not_a_number", "分节的写法不清楚")
    return Unreadable("not_a_number", "不是数字")


def _folded(text: str) -> str:
    """Return ``text`` in half-width, without blanks around and with plain blanks inside.

    >>> _folded(" １，１０４．５\\u00a0㎡ ")
    '1,104.5 m2'
    """
    plain = unicodedata.normalize("NFKC", text.replace("㎡", "m2"))
    plain = re.sub(r"[\u200b\ufeff\u00ad]", "", plain)
    return re.sub(r"\s+", " ", plain).strip().lstrip("'’‘`").strip()


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))


def _without_unit(text: str, unit: str) -> str:
    """Take away a unit that is the column's own; another one stays, and makes the cell unreadable."""
    for spelling in sorted(UNITS[unit] - {"人/班"}, key=len, reverse=True):
        if text.endswith(spelling) and len(text) > len(spelling):
            return text.removesuffix(spelling).rstrip()
    return text
