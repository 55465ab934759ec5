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
    r"(?:大班|超大班|班级|班额|班(?![主会])|学校|教学点|村小|小学|初中|中学|高中|幼儿园|园所|校园|教师|老师|学生|幼儿|儿童|设备|计算机|电脑|图书"
    r"|校舍|教室|乡镇|村|人口|老教师|校长|园长|骨干|规模)"
)
_HOLDS = re.compile(
    rf"(?:、[^,。;:、\n]{{0,12}}?\d+(?:\.\d+)?(?:人|名|年|岁|个|平方米){_BOUND})*(?:的[^,。;:\n]{{0,16}}?{_THING}|{_THING})"
)
_LESS = re.compile(r"^(?:不足|不满|少于|超过|多于|大于|小于|高于|低于)")
_OF_THING = re.compile(rf"的[^,。;:\n]{{0,16}}?{_THING}")
_HELD_THING = re.compile(r"的?(?:大班|超大班|大规模|班级|班额|学校|教学点|村小|小规模|小学|初中|班)")
_ATTRIBUTED = ("person", "time", "age", "month", "length")
_LISTED = re.compile(r"(?:核心|主要|资源配置|评估|监测)?指标(?:的|全部|均|都|校际|差异|综合|中|里|之中)")
_POINTING = re.compile(r"(?:上述|以上|前述|这|该|此|下列|以下)$")
_SUMMED = re.compile(r"(?:合计|共计|相加|之和|总计|加起来)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MEAN = re.compile(r"平均(?:年龄)?|年龄(?:为|是|最[大小])?|均龄|龄")
_STOP = re.compile(r"[,。;\n]")
_PART_HELD = re.compile(
    r"(?:完成|毕业|持有|取得|达标|及)?的?(?:学生|教师|幼儿|人数|学校|班级)?(?:仅|只|还|约|共|就)*(?:占|有|剩|为)?(?:了|到)?"
    r"|的[^,。;、\n]{0,10}(?:比例|占比|比重|率)(?:仅|约)?(?:为|是|达到?|占)?"
)
"""What leads from a condition to the number of those that meet it ("46人以上的31个", "60分钟内完成的占93.8%")."""
_SO_MANY = re.compile(r"的(?:有|共有|共|仅有|还有|占)? *")
_IS = re.compile(r"(?:为|是|达到?|等于|超过|不足|低于) *$")
_WITHIN = re.compile(r"(?:以内|之内|以上|以下|以外|及以上|及以下|内|不等)$")
_SPAN_UNITS = ("time", "month", "day")
_LASTS = re.compile(
    r"(?:以来|来|间|期间|以内|之内|内|之间|以后|之后|后|前|以前|之前|累计|合计|共计|总计|总共|共|平均|年均|净增|净减|连续|依次|分别|各|里)"
    r"(?!勤|备|景|者|台|舍|进生)"
)
_YEARS = re.compile(r"学[年期](?!制)")
_MANY = 12
"""School years and terms that are counted: fewer are a length of time."""
_OPENS_SPAN = re.compile(
    r"(?:^|[,。;:(\n\x00]|最近|近|过去|这|此|前|后|未来|今后|规划|连续|每|历时|其中)[ ]*$"
)
_SESSION = re.compile(r"(?:全体)?(?:会议|全会|大会)|会议")
_SCOPE = re.compile(r"(?:大)?(?:方面|维度|领域|板块|环节|层面|角度)")
_INDICATORS = re.compile(
    r"(?:[^,。;\n\d]{0,6})指标(?!(?:均|都|全部|已|未|不)*(?:达标|达到|合格|符合|达|完成|通过))"
)
_CLAIMED = re.compile(r"方面的?(?:问题|不足|困难|短板|差距|薄弱环节)|方面[、和及]\d")
"""三个方面问题:一是…: a count that the list after it bears out or not."""
_OF_STANDARD = re.compile(r"方面[、和及]$")
"""4个方面、31项指标: what the standard has so many of, which an audit holds against it."""
_STAMP = re.compile(r"(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T\x00]*\d{1,2}:\d\d(?::\d\d)?")
"""When a page was put up, to the second: no ratio."""
_HAN = re.compile(r"[\u4e00-\u9fff]")


def stated(folded: str, quantities: tuple[Quantity, ...]) -> tuple[Quantity, ...]:
    """Return the quantities of the folded text that state something, in order."""
    kept: list[Quantity] = []
    stamps = {at for match in _STAMP.finditer(folded) for at in range(match.start(), match.end())}
    for index, quantity in enumerate(quantities):
        if quantity.start in stamps:
            continue
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        previous = quantities[index - 1] if index else None
        if not (
            _in_name(folded, quantity)
            or _aside(folded, quantity, following)
            or _spans(folded, quantity)
            or _holds(folded, quantity, previous, following)
        ):
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
        if _SUMMED.match(after) or re.match(r"[\u4e00-\u9fff]{1,6}之和", after):
            return True
        if _LISTED.match(after) and (_POINTING.search(before) or _goes_on(folded, quantity, following)):
            return True
        if quantity.unit != "部分" and _POINTING.search(before):
            return True
        if _SCOPE.match(after) and not _CLAIMED.match(after):
            return True
        if quantity.unit == "项" and _INDICATORS.match(after) and not _OF_STANDARD.search(before):
            return True
    if quantity.unit == "次" and before.endswith("届") and _SESSION.match(after):
        return True
    if dimension(quantity.unit) == "age" and not _MEAN.search(
        folded[max(0, quantity.start - 6) : quantity.start]
    ):
        behind = folded[quantity.full_end : quantity.full_end + 1]
        if behind == ")" and folded[quantity.full_start - 1 : quantity.full_start] == "(":
            return quantity.upper is not None  # 学龄(15-17周岁)人口1818人
        return bool(_HAN.match(behind)) or behind.isdigit()  # 36至50岁2430人, 6—15周岁残疾儿童
    if dimension(quantity.unit) not in _ATTRIBUTED or not _goes_on(folded, quantity, following, 48):
        return False
    if re.search(r"(?:以上|以下|以内|之内)$", folded[quantity.end : quantity.full_end]):
        return bool(_HOLDS.match(folded, quantity.full_end))
    if _LESS.match(quantity.qualifier or "") and quantity.full_start < quantity.start:
        return bool(_OF_THING.match(after))
    return False


def _spans(folded: str, quantity: Quantity) -> bool:
    """True for a length of time over which something is told ("三年累计", "五年间", "前11个月")."""
    if (quantity.unit == "学年" or _YEARS.match(folded, quantity.end)) and quantity.value < _MANY:
        return True
    if dimension(quantity.unit) not in _SPAN_UNITS or quantity.full_end != quantity.end:
        return False
    if _LASTS.match(folded, quantity.end):
        return True
    before = folded[max(0, quantity.start - 4) : quantity.start]
    if quantity.unit == "年" and before.rstrip().endswith(("这", "过去", "最近")):
        return True
    if quantity.unit == "个月" and before.endswith("前"):
        return True
    opens = _OPENS_SPAN.search(before) or quantity.start == 0
    return bool(opens) and bool(_HAN.match(folded[quantity.end : quantity.end + 1]))


def _holds(folded: str, quantity: Quantity, previous: Quantity | None, following: Quantity | None) -> bool:
    """True for the bound of a condition whose number stands beside it ("46人以上的31个", "19所…不足30人")."""
    kind = dimension(quantity.unit)
    if following is not None and _SO_MANY.fullmatch(folded[quantity.full_end : following.full_start]):
        return bool(_IS.search(folded[max(0, quantity.full_start - 4) : quantity.full_start]))
    if quantity.upper is not None and kind in _ATTRIBUTED and _OF_THING.match(folded, quantity.full_end):
        return following is not None and _goes_on(folded, quantity, following)  # 56—65人的大班12个
    if kind not in (*_ATTRIBUTED, "hour", "area"):
        return False
    begin = quantity.full_end
    bounded = bool(_WITHIN.search(folded[quantity.end : begin]))
    if not bounded and folded.startswith("内", begin) and not folded.startswith("内容", begin):
        bounded, begin = True, begin + 1
    reached = folded[max(0, quantity.start - 4) : quantity.start].endswith(
        ("达到", "达", "超过", "不足", "满")
    )
    if following is not None and following.full_start - begin <= 16 and (bounded or reached):
        between = folded[begin : following.full_start].strip(" \x00")
        if _PART_HELD.fullmatch(between) and (bounded or between.startswith("的")):
            return True
    if kind in ("person", "age") and bounded and _HELD_THING.match(folded, begin):
        return True
    less = _LESS.match(quantity.qualifier or "") and quantity.full_start < quantity.start
    if kind == "person" and less and previous is not None and previous.unit in ("所", "个", "校"):
        between = folded[previous.full_end : quantity.full_start]
        told = re.search(
            r"(?:有|还有|仍有|尚有|存在) *$", folded[max(0, previous.full_start - 3) : previous.full_start]
        )
        return bool(told) and len(between) <= 16 and not re.search(r"[,。;、:\n]", between)
    return False


def _goes_on(folded: str, quantity: Quantity, following: Quantity | None, reach: int = 80) -> bool:
    """True if another quantity stands in the same clause, or in a bracket around a condition nothing does."""
    if following is None:
        return False
    between = folded[quantity.full_end : following.start]
    if len(between) > reach:
        return False
    return not _STOP.search(between)
