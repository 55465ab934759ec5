"""What a figure is held against: "到80%了没有", "上一万元了吗", "有没有做到不低于4%", "高于全国平均"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.model import Quantity

Relation = Literal["≥", ">", "<", "≤"]

_AWAY = r"距离?|离|[比和与跟]"
_VERBS: tuple[tuple[Relation, str], ...] = (
    ("≤", r"不超过|没有?超过?|未超过?|不高于|不大于|不多于|至多|最多|控制在|压(?:缩|减|降|到)在?"),
    ("≥", r"不低于|不少于|不小于|至少|未低于"),
    (">", r"超过|超出|突破|高于|高过|大于|多于|多过|高出|冲破|[过超破]"),
    ("<", r"低于|少于|小于|不到|不足|不满|没到|未到|没有到|没达到|未达到|没有达到"),
    ("≥", _AWAY),
    ("≥", r"达到|达成|做到|满足|够得?上|到了?|[达上够满]"),
)
_LEAD = re.compile(
    r"(?:有没有|是不是|是否|能否|能不能|可曾|已经?|都|全部|均|曾)*(?:做到|实现|保证|确保)?了?(?:过|了)?[ ]*$"
)
_INSIDE = re.compile(r"(?:个?百分点)?(?:以内|之内|以下)")
_TAIL = re.compile(
    r"(?:以上|以下|以内|之内)?的?(?:要求|标准|目标|红线|底线|门槛|水平|水准|大关|关口|这个坎|杠杠)?(?:了没有|没有|了没|没|了吗|了么|了|吗|么|呢)?"
)
_ASKED = re.compile(
    r"[吗么]|没有|没(?=$|[?,。])|是不是|是否|能否|够不够|达没达|到没到|超没超|过没过|有没有|差多少|差几|还差|达标|(?:多|高|低|少)出?(?:多少|几)"
)
WHICH_ONES = re.compile(
    r"哪些|(?:有)?哪几|哪一?[个类级段]|[各几]个?(?:地区|地方|区县|县区|市县|县市|学段|阶段).{0,24}(?:达到|超过|高于|低于|不到|不足)|(?:有)?(?:多少|几)个?(?:地区|地方|区县|县区|市县|县市|县|区|市|学段|阶段|类学校)(?=.{0,30}(?:达到|超过|高于|低于|不到|不足|比))"
)
"""Words that ask which of several places or stages meet a condition."""
_MEASURED = "十百千万亿成半"


@dataclass(frozen=True, slots=True)
class Bar:
    """An amount that a question holds a figure against; ``spans`` are the words that say so."""

    relation: Relation
    quantity: Quantity
    spans: tuple[tuple[int, int], ...]


def is_amount(quantity: Quantity) -> bool:
    """True for a stated amount: in digits, or in words that no one uses for "两项" or "一个"."""
    if re.search(r"\d", quantity.as_printed):
        return True
    return quantity.unit in ("%", "‰", "成") or any(c in quantity.as_printed for c in _MEASURED)


def read_bar(folded: str, given: Sequence[Quantity]) -> Bar | None:
    """Return the last amount that ``folded`` asks whether a figure reaches, passes or stays below; None if it does not."""
    if not _ASKED.search(folded) and not WHICH_ONES.search(folded):
        return None
    for quantity in reversed([q for q in given if is_amount(q)]):
        before, after = folded[: quantity.start], folded[quantity.end :]
        for relation, verbs in _VERBS:
            match = re.search(rf"(?:{verbs})(?:了)?[ ]*$", before)
            if match is None:
                continue
            if (
                relation == "≤"
                and re.match(r"没|未", match.group())
                and not re.search(r"[过超]", match.group())
            ):
                continue
            if (
                relation == ">"
                and match.group() in ("过", "超", "破")
                and before[: match.start()].endswith(("不", "没", "未"))
            ):
                relation = "≤"
            if _INSIDE.match(after) and relation == "≥":
                relation = "≤"
            if relation == "≥" and re.search(r"(?:增长|增加|提高|上升|下降|降|减少?)到$", match.group()):
                continue
            lead = _LEAD.search(before[: match.start()])
            start = lead.start() if lead else match.start()
            if verbs is _AWAY and not re.match(
                r"的?(?:国家|省定?|规定)?的?(?:要求|标准|目标|红线|底线)?,?(?:还)?(?:差|有多|少)", after
            ):
                continue
            tail = _TAIL.match(after)
            end = quantity.end + (tail.end() if tail else 0)
            return Bar(relation, quantity, ((start, end),))
        if match := _BEHIND_IT.match(after):
            start = quantity.start - (1 if before.endswith("在") else 0)
            return Bar("≥" if match["up"] else "≤", quantity, ((start, quantity.end + match.end()),))
    return None


_BEHIND_IT = re.compile(
    r"(?:(?P<up>以上|之上|开外)|以下|以内|之内)(?:了)?(?=吗|么|没|不|[?,。]|$)(?:吗|么|没有|没)?"
)
_PLACE = re.compile(
    r"(?P<than>高于|低于|多于|少于|超过|超出|不及|不如|达到|不到|高过|大于|小于|好于|落后于|领先于?)(?:了)?(?P<place>[^,。?的平高低多少有]{2,12}?)的?(?P<mean>平均(?:水平|数|值|线)?|水平|均值|均数)?(?:的|有|$|[?,。吗])"
)
_BEHIND = re.compile(
    r"比(?P<place>[^,。?的平高低多少有]{2,12}?)的?(?P<mean>平均(?:水平|数|值|线)?|水平|均值|均数)?(?:还|要|更)?(?P<than>高|低|多|少|大|小)(?=的|$|[?,。])"
)


def read_place_bar(folded: str) -> tuple[Relation, str, tuple[int, int]] | None:
    """Return how and with which place (as written) "高于全国平均", "比全市高的" compare, and the span of these words."""
    for pattern in (_BEHIND, _PLACE):
        if match := pattern.search(folded):
            than = match["than"]
            relation: Relation = (
                "<" if re.match(r"低|少|小|不|落后", than) else "≥" if than == "达到" else ">"
            )
            end = max(match.end("place"), match.end("mean"), match.end("than"))
            return relation, match["place"], (match.start(), end)
    return None
