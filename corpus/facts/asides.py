"""Quantities that are part of a name or of a condition and state nothing by themselves.

"教师5年360学时培训完成率", "2000人以上的学校仅剩1所", "上述7项指标", "两项合计": the figure says which
thing is meant. It stays in the words around the next number and is no fact of its own.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.catalogue import indicators
from corpus.folding import fold
from corpus.model import Quantity
from corpus.quantities import read_quantities
from corpus.units import dimension

_BOUND = r"(?:及|或|和|含|\(含\))?(?:以上|以下|以内|之内)"
_THING = (
    r"(?:大班|超大班|班级|班额|学校|教学点|村小|小学|初中|中学|高中|幼儿园|园所|校园|教师|老师|学生|幼儿|儿童|设备|计算机|电脑|图书"
    r"|校舍|教室|乡镇|村|人口|老教师|校长|园长|骨干|规模)"
)
_HOLDS = re.compile(
    rf"(?:、[^,。;:、\n]{{0,12}}?\d+(?:\.\d+)?(?:人|名|年|岁|个|平方米){_BOUND})*(?:的[^,。;:\n]{{0,16}}?{_THING}|{_THING})"
)
_LESS = re.compile(r"^(?:不足|不满|少于|超过|多于|大于|小于|高于|低于)")
_OF_THING = re.compile(rf"的[^,。;:\n]{{0,16}}?{_THING}")
_ATTRIBUTED = ("person", "time", "age", "month", "length")
_LISTED = re.compile(r"(?:核心|主要|资源配置|评估|监测)?指标(?:的|全部|均|都|校际|差异|综合|中|里|之中)")
_POINTING = re.compile(r"(?:上述|以上|前述|这|该|此|下列|以下)$")
_SUMMED = re.compile(r"(?:合计|共计|相加|之和|总计|加起来)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MEAN = re.compile(r"平均|年龄|均龄")
_STOP = re.compile(r"[,。;\n]")


def stated(folded: str, quantities: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Return the quantities of the folded text that state something, in order."""
    kept: list[Quantity] = []
    for index, quantity in enumerate(quantities):
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        if not (_in_name(folded, quantity) or _aside(folded, quantity, following)):
            kept.append(quantity)
    return tuple(kept)


@cache
def _names() -> tuple[tuple[str, tuple[tuple[int, int], ...]], ...]:
    """Indicator names that hold amounts, with the spans of these."""
    found = []
    for item in indicators().values():
        for word in item.words:
            inside = tuple((q.start, q.end) for q in read_quantities(word))
            if inside:
                found.append((fold(word), inside))
    return tuple(found)


def _in_name(folded: str, quantity: Quantity) -> bool:
    for word, spans in _names():
        for begin, end in spans:
            at = quantity.start - begin
            if quantity.end - quantity.start == end - begin and at >= 0 and folded.startswith(word, at):
                return True
    return False


def _aside(folded: str, quantity: Quantity, following: Quantity | None) -> bool:
    after = folded[quantity.end : quantity.end + 60]
    if not quantity.unit and _YEAR.fullmatch(quantity.as_printed):
        # a year in brackets, as titles have it
        return (
            folded[quantity.start - 1 : quantity.start] == "("
            and folded[quantity.end : quantity.end + 1] == ")"
        )
    before = folded[max(0, quantity.start - 4) : quantity.start].rstrip()
    if quantity.unit in ("项", "类", "者", "个", "部分"):
        if _SUMMED.match(after):
            return True
        if _LISTED.match(after) and (_POINTING.search(before) or _goes_on(folded, quantity, following)):
            return True
        if quantity.unit != "部分" and _POINTING.search(before):
            return True
    if dimension(quantity.unit) == "age" and following and not _MEAN.search(folded[: quantity.start][-6:]):
        between = folded[quantity.full_end : following.start]
        return len(between) <= 8 and not _STOP.search(between) and "、" not in between  # 36至50岁2430人
    if dimension(quantity.unit) not in _ATTRIBUTED or not _goes_on(folded, quantity, following, 48):
        return False
    if re.search(r"(?:以上|以下|以内|之内)$", folded[quantity.end : quantity.full_end]):
        return bool(_HOLDS.match(folded, quantity.full_end))
    if _LESS.match(quantity.qualifier or "") and quantity.full_start < quantity.start:
        return bool(_OF_THING.match(after))
    return False


def _goes_on(folded: str, quantity: Quantity, following: Quantity | None, reach: int = 80) -> bool:
    """True if another quantity stands in the same clause, or in a bracket around a condition nothing does."""
    if following is None:
        return False
    between = folded[quantity.full_end : following.start]
    if len(between) > reach:
        return False
    return not _STOP.search(between)
