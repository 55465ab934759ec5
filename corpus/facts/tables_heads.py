"""What one head of a table says: which time, which unit, whether a change, a share or a demand, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus.model import Kind
from corpus.periods import read_periods
from corpus.units import canonical

Move = Literal["rate", "change", "share"]

_NUMBERING = (
    re.compile(r"^[一二三四五六七八九十]{1,3} ?、\s*"),
    re.compile(r"^\([一二三四五六七八九十]{1,3}\)\s*"),
    re.compile(r"^(?:\d{1,2} ?[.、．](?!\d)|[①-⑳])\s*"),
    re.compile(r"^(?:\(\d{1,2}\)|\d{1,2}\))\s*"),
)
_AMONG = re.compile(r"^(?:\(?其中\)? ?[:,]? ?|#|内 ?: ?|\*|其中)")
_BRACKET = re.compile(r"\(([^()]{1,24})\)|\[([^\[\]]{1,24})\]")
_TAIL_UNIT = re.compile(r"(?:(?<=.)[/,:、 ]|(?:计量)?单位[:为 ]) ?([^/,:、()\s]{1,8})$")
_SIGNS = re.compile(r"\([+±,、/ \-]{1,4}\)")
_GAP = re.compile(r"(?<=[\u4e00-\u9fff:]) +(?=[\u4e00-\u9fff])")
_PAST = r"(?:上年同期|上年度|上一年度?|上年|去年同期|去年|前一?年|上一?学年度?|(?:19|20)\d\d年?(?:度|末|底|同期)?|同期)"
_COMPARED = re.compile(
    rf"(?:比|较|与|同)(?P<past>{_PAST})(?:年|度|末|底|同期)?(?:相比|对比|比较?)?的?|(?P<same>同比|环比)"
)
_RATE = r"增长率|增减率|增加率|增长幅度|增减幅度?|增幅|增速|升降幅度|增长比例|变动率|变动幅度|变化率|涨幅|降幅|增减百分比|增长百分比|增长速度"
_CHANGE = r"增加额|增加数|增加值|增加量|增长额|增长数|增长量|增减额|增减数|增减量|增减值|差额|净增加?|变动额|变化额|变化量|增量|减少数|减少额"
_EITHER = (
    r"增长\(?[+-]?\)?(?:下降|减少)?|增\(?[+]?\)?、?/?减\(?[-]?\)?|增减变动|增减变化|增减情况|增减|增加\(?[+]?\)?(?:减少|[、/]减少)?|变动|变化|升降|±"
    r"|提高|上升|下降|减少"
)
_MOVE = re.compile(
    rf"(?<!新)(?:(?P<rate>{_RATE})|(?P<change>{_CHANGE})|(?P<either>{_EITHER})) ?(?P<unit>[±+\-]*%|个?百分点)?±?$"
)
_SHARE = re.compile(
    r"(?:所占|占)(?:的)?(?:比例|比重|百分比|比)%?$|占比例?%?$|占.{1,24}?的?(?:比例|比重|百分比|比率|%)$|^(?:比例|比重|构成|百分比|结构)%?$|占(?:合计|总数|总量|总额|全部)$"
)
_TARGET = re.compile(r"目标(?!责任|完成|管理|达成)|预期值?|力争")
_POLICY = re.compile(
    r"标准(?!化|差|班额|学时|间|教室)(?!.{0,6}(?:学校|率|建设|比例|占比|比重))|(?<!未达)(?<!达到)要求(?:值|数)?$|规定(?!学历|以上)|限值|底线|上限|下限|阈值|基准值|合格值|应达|^应(?:配备?|有|设|备|建|开)(?!届)"
)
_PLAN = re.compile(
    r"预算(?:数|额|安排)$|年初预算|调整预算|计划(?!生育|完成率)(?:数|额|值)?$|规划(?:数|值)|预计"
)
_START = re.compile(r"基期|基准年|基线|现状(?:值|年)|(?<=年)基数")
_START_ASIDE = re.compile(r"(?<=年)\((?:基期|基准年|基线|基数|现状)(?:值|年)?\)|(?<=年)基数")
_WHOLE = re.compile(r"(?:合计|总计|小计|共计|累计|汇总|总和|总数|计)(?:数|额)?")
_ALL = re.compile(r"(?<=[\u4e00-\u9fff]{3})(?:合计|总计|小计|共计|(?<![统设审会预累估合总小共伙])计)$")
"""学校数合计 and 教职工计 are the metric of all."""
_GENERIC = re.compile(
    r"(?:数值|数量|数额|金额|数据|数|值|指标值|统计值|统计数|完成值|完成数|完成情况|实际值|实际数|实际完成|实际|现状|现状值|现值|基期|基期值|应配备?|应有|应设|应达|实配|实设|现有|已配备?|达到值|实有|决算|执行"
    r"|绝对数|绝对值|绝对额|总量|本期|期末|年末|本年|全年|结果|自评|测算|情况|达到)+"
    r"|指标|项目|名称|内容|类别|类型|年份|年度|学年|时间|地区|单位|学校|学段|区域|基本情况|支出数|收入数|规模|乡镇|县区|县\(市、区\)|指标名称|项目名称|学校名称"
    r"|(?:国家|省定?|省级|评估|验收|达标|规定|市定?|县定?|考核|控制)*(?:标准|要求|目标|规定|限值|底线|计划|预算|规划)(?:值|数|任务)?"
)


@dataclass(frozen=True, slots=True)
class Head:
    """One head. ``own`` is what is left as words; ``units`` what it states, canonical; ``level`` its numbering
    (0 for 一、, 3 for (1), None for none). ``period`` is a key, ``relative`` a word such as 上年 still to resolve;
    ``base`` is what a change is compared with, in words. ``stretch`` keeps bracketed words that are no unit."""

    text: str
    own: str
    units: tuple[str, ...] = ()
    period: str | None = None
    relative: str | None = None
    move: Move | None = None
    loose: bool = False
    """The move may be an amount or a percentage; the unit decides."""
    base: str | None = None
    kind: Kind = "actual"
    whole: bool = False
    generic: bool = False
    among: bool = False
    level: int | None = None
    start: bool = False
    """The state that a plan begins with (基期): figures of later years beside it are to be reached."""


@lru_cache(maxsize=4096)
def read_head(text: str) -> Head:
    """Read a folded head of a table."""
    own = _GAP.sub("", text.strip(" :")) if len(text) < 24 else text.strip(" :")
    level = None
    for number, pattern in enumerate(_NUMBERING):
        if match := pattern.match(own):
            level, own = number, own[match.end() :]
            break
    among = False
    if match := _AMONG.match(own):
        among, own = True, own[match.end() :]
        for pattern in _NUMBERING:
            own = pattern.sub("", own)
    own, units = _take_units(own)
    kind = _kind(own)
    start = _START.search(own) is not None
    if start:
        own = _START_ASIDE.sub("", own)
    base = None
    compared = None
    if match := _COMPARED.search(own):
        compared = match
        base = match["past"]
        own = (own[: match.start()] + own[match.end() :]).strip()
    own, period, relative = _take_period(own)
    move: Move | None = None
    loose = False
    percent = any(unit in ("%", "‰") for unit in units)
    if match := _MOVE.search(own):
        if match["unit"]:
            units = units or (("百分点",) if "点" in match["unit"] else ("%",))
            percent = "%" in match["unit"]
        move = "rate" if match["rate"] else "change"
        if match["either"]:
            loose = not units
            move = "rate" if percent else "change"
            if not units and match["either"].startswith("增长"):
                move, loose = "rate", False
        elif move == "change" and percent and match["change"] not in ("差额",):
            move = "rate"
        own = own[: match.start()]
    elif compared is not None and (not own or own in ("±", "+", "-") or compared["past"]):
        move, loose = ("rate" if percent else "change"), not units
    if move is None and _SHARE.search(own):
        move = "share"
    own = own.strip(" ,、:;的-—")
    own = own if _WHOLE.fullmatch(own) else _ALL.sub("", own)
    whole = bool(_WHOLE.fullmatch(own))
    return Head(
        text, own, units, period, relative, move, loose, base, kind, whole,
        bool(not own or _GENERIC.fullmatch(own)), among, level, start,
    )  # fmt: skip


def _take_units(own: str) -> tuple[str, tuple[str, ...]]:
    """Return the words without a unit in brackets or behind a stroke, and the units."""
    units: tuple[str, ...] = ()
    own = _SIGNS.sub("", own)
    if alone := _unit(own):
        return "", (alone,)
    for bracket in list(_BRACKET.finditer(own)):
        inner = (bracket[1] or bracket[2]).strip()
        if found := units_in(re.sub(r"^(?:计量)?单位 ?[:为]? ?", "", inner)):
            units = found
            own = own.replace(bracket[0], "", 1)
    if (match := _TAIL_UNIT.search(own)) and (unit := _unit(match[1])):
        units = units or (unit,)
        own = own[: match.start()]
    elif own.endswith(("%", "‰")) and len(own) > 1:
        units = units or (own[-1],)
        if not _SHARE.search(own) and not _MOVE.search(own):
            own = own[:-1]
    return own.strip(), units


def units_in(listed: str) -> tuple[str, ...]:
    """Return the units of a list such as "万元、%", none where one of its words is no unit."""
    parts = [part.strip() for part in re.split(r"[、,;和及 ]|/(?=[%万元所人个])", listed) if part.strip()]
    whole = _unit(listed.strip())
    if whole:
        return (whole,)
    found = [_unit(part) for part in parts]
    return tuple(dict.fromkeys(u for u in found if u)) if found and all(found) else ()


def _unit(written: str) -> str | None:
    word = re.sub(r"^[±+\-]+|[±]$", "", written.strip())
    return (canonical(word) or None) if word else None


def _kind(own: str) -> Kind:
    if _TARGET.search(own):
        return "target"
    if _POLICY.search(own):
        return "policy"
    return "plan" if _PLAN.search(own) else "actual"


def _take_period(own: str) -> tuple[str, str | None, str | None]:
    """Return the words without the time in them, its key or its relative words."""
    if match := re.match(r"((?:19|20)\d\d) ?(?:[-—~/至] ?((?:19|20)?\d\d))? ?(学年度?)?$", own):
        if not match[2]:
            return "", _school_year(match[1]) if match[3] else match[1], None
        last = match[2] if len(match[2]) == 4 else match[1][:2] + match[2]
        return "", f"{match[1]}/{last}", None
    found = read_periods(own)
    if not found:
        if (match := re.match(r"((?:19|20)\d\d)(?![\d年.])\s*", own)) and len(own) > match.end():
            return own[match.end() :], match[1], None
        return own, None, None
    said = found[0]
    rest = (own[: said.start] + own[said.end :]).strip(" ,、:")
    rest = re.sub(r"^(?:度|末|底|初|的)|\(\)|^年", "", rest)
    return rest, said.key, None if said.key else said.relative


def _school_year(first: str) -> str:
    return f"{first}/{int(first) + 1}"
