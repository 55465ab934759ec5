"""Whether an amount that was found counts something, judged by what stands around it."""

from __future__ import annotations

import re

from corpus.amounts import Amount, closed
from corpus.numbering import MASK
from corpus.numerals import FINANCIAL, NUMERALS
from corpus.wording import wording

CLAUSE = re.compile(r"[,，。;；:!！?？\n|]")
_GOES_ON = frozenset("吗呢吧对和与或及比到至的")
_STOP = re.compile(r"[,，。;；:!！?？、\n|" + MASK + "]")
_CJK = re.compile(r"[\u4e00-\u9fff]")
_CODE_BEFORE = re.compile(
    r"(?:电话|传真|邮编|邮政编码|编码|代码|识别码|标识码|备案|编号|序号|号码|热线|QQ|微信|版本|V|表|图|附件|No\.?|第|页码"
    r"|密码|账号|学号)[ :号为是]{0,3}$"
)
_YEAR_AFTER_STOP = re.compile(r"\.(?:19|20)[0-9]{2}(?![0-9])")
"""增长3.2022年…: a full stop that was typed as a point, and a year after it."""
_PLACE = re.compile(r"[县区市镇乡村街]")
_PLACE_UNITS = frozenset("元台家间里亩门岁座")


def glued(text: str, start: int, end: int) -> bool:
    """Tell whether the number touches a Latin letter, a stroke or another sign of a code."""
    if re.search(r"[A-Za-z_#&=.]$|[0-9A-Za-z][/\\+]$|[A-Za-z]-$", text[max(0, start - 2) : start]):
        return True
    return re.match(r"[A-Za-z_@]|/[0-9]|\+[0-9]", text[end : end + 2]) is not None


def stands(text: str, amount: Amount) -> bool:
    """Decide by what surrounds an amount whether it counts something."""
    start, end, kind = amount.start, amount.end, amount.kind
    if glued(text, start, end) or (end < len(text) and text[end] == "几" and not amount.unit):
        return False
    before = text[start - 1 : start]
    if before == "第" or (before in ("几", "数") and amount.chinese):
        return False
    if before in tuple(NUMERALS) and amount.chinese == "" and _CJK.match(text, end) and not amount.full_unit:
        return False
    if before == "前" and kind is not None and (amount.chinese or kind.name in ("名", "位")):
        return False
    if amount.chinese:
        return _chinese_stands(text, amount)
    if amount.unit == "年" and (amount.value >= 1000 or _YEAR_AFTER_STOP.search(amount.printed)):
        return False
    if amount.full_unit:
        return True
    return _bare_stands(text, amount)


def _bare_stands(text: str, amount: Amount) -> bool:
    """A number without unit: only where its phrase ends with it, and only if it is no code."""
    start, end = amount.start, amount.end
    digits = amount.printed.lstrip("-")
    if len(digits) >= 10 and "," not in digits and "." not in digits:
        return False
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return False
    if re.match(r" ?: ?[0-9]", text[end : end + 3]) or re.search(
        r"[0-9] ?: ?$", text[max(0, start - 3) : start]
    ):
        return False  # 3:2, 12:40
    if _CODE_BEFORE.search(text[max(0, start - 10) : start]):
        return False
    if wording().after.match(text, end):
        return True
    rest = text[end:].lstrip(" ")[:2] if not amount.inner else ""
    if text[end : end + 1] == "." and len(text) > end + 1:
        return not _CJK.match(text, end + 1)
    if text[end : end + 1] == "、" and _CJK.match(text, end + 1) and len(digits) <= 2:
        return False
    return closed(text, end) or amount.inner != () or rest[:1] in _GOES_ON


def _chinese_stands(text: str, amount: Amount) -> bool:
    end, kind, numeral = amount.end, amount.kind, amount.chinese
    if kind is None:
        big = amount.scale and (len(numeral) > 1 or amount.inner)
        hundreds = len(numeral) >= 3 and re.search("[百千]", numeral) and closed(text, end)
        qualified = amount.scale == "" and numeral in ("百", "千")
        return bool(big or hundreds or (amount.inner and amount.scale) or (qualified and closed(text, end)))
    if len(numeral) == 1 and numeral in FINANCIAL and not amount.printed.endswith(("元", "圆")):
        return False  # 陆块, 伍家: parts of words and names
    if len(numeral) > 1 or amount.scale or not kind.counting:
        return not (len(numeral) == 1 and _is_name(text, amount))
    if numeral == "一" and kind.name in wording().vague:
        return False
    if numeral == "二":
        return False  # two of something is 两; 二期, 二小, 二本 are ordinals
    if text.startswith(kind.ordinal_before, end):
        return False
    if _is_name(text, amount):
        return False
    return numeral != "一" or _one_counts(text, amount)


def _is_name(text: str, amount: Amount) -> bool:
    """三台县, 三元区: a numeral and a unit that begin the name of a place."""
    return amount.unit in _PLACE_UNITS and _PLACE.match(text, amount.end) is not None


def _one_counts(text: str, amount: Amount) -> bool:
    words = wording()
    near = max(0, amount.start - 8)  # patterns that end here need not be tried from the start of the text
    if words.counting_before.search(text, near, amount.start) or words.before.search(
        text, near, amount.start
    ):
        return True
    before = text[amount.start - 1 : amount.start]
    closed = amount.end == len(text) or _STOP.match(text, amount.end) is not None or text[amount.end] in ")）"
    if not closed:
        return bool(clause_words(text, amount.start, 0))
    if not before or not _CJK.match(before):
        return not before or before in "\n|\t"
    return words.article_before.search(text, near, amount.start) is None


def clause_words(text: str, start: int, floor: int) -> list[str]:
    """Qualifiers earlier in the clause, with no number in between."""
    begin = max(start - 30, floor)
    for stop in CLAUSE.finditer(text, begin, start):
        begin = stop.end()
    between = text[begin:start]
    if re.search(r"[0-9(（)）、]", between):
        between = re.split(r"[0-9()（）、]", between)[-1]
    return [m[0] for m in wording().clause.finditer(between)]
