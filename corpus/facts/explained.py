"""Numbers in brackets that only the words before the bracket name ("比全国(91.8%)高", "国家标准(小学1:19)")."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.facts import elsewhere, labels
from corpus.gazetteer import mentions
from corpus.model import Report

_COMPARING = re.compile(
    r"^(?:均|都|也|仍|还|且|但|略|远|大幅|分别)*(?:比|较|高于|低于|优于|超过|多于|少于|达到|与|为|是|相当于|占)"
)
_ONLY = re.compile(r"(?:平均|平均水平|平均值|水平|均值|同期|当地|同级|的)")
_AREA = re.compile(r"(?:全国|全省|全市|全区|全县|省|市|周边)?")
_PAST = re.compile(
    r"(?:上一?年度?|去年|前一年|上年同期|去年同期|前年|同期|(?:19|20)\d\d年(?:度|底|末|秋季?|春季?)?)的?$"
)
_WHOLE = re.compile(r"占(?P<whole>[\u4e00-\u9fff]{3,30})$")
"""A share interrupted by the figure of its whole ("占符合条件教师(2319人)的12.3%")."""
_DEMAND = re.compile(r"(?:标准|要求|规定|定额|底线|比例要求)$")


@dataclass(frozen=True, slots=True)
class Explained:
    """What the words before a bracket say of a number in it that has no name of its own.

    ``own`` is its name; ``place`` a place other than the report's, ``elsewhere``: it is of one; ``earlier``: it is that of a past time;
    ``demanded``: it is a rule.
    """

    own: str = ""
    place: str | None = None
    elsewhere: bool = False
    earlier: bool = False
    demanded: bool = False
    way: str | None = None
    """"up" or "down" for the change of the one place that is ahead of all ("增长最快的是甲县(9.1%)")."""


_FOREMOST = re.compile(
    r"(?:(?P<up>增长|增幅|增速|提高|涨幅)|(?P<down>下降|降幅|减少))最[快高大多慢低小少]的?(?:是|为|有)?$"
)


def explain(words: str, report: Report) -> Explained | None:
    """Return what ``words`` before the bracket say of a number in it, None if they say nothing of it."""
    plain = words.replace("\x00", "").strip()
    if not plain or plain[-1].isdigit():
        return None
    if _DEMAND.search(plain):
        return Explained(own=labels.trim(plain), demanded=True)
    if whole := _WHOLE.search(plain):
        return Explained(own=labels.trim(whole["whole"]))
    for mention in mentions(plain)[-1:]:
        if mention.end == len(plain) and (first := _FOREMOST.search(plain[: mention.start])):
            return Explained(place=mention.written, elsewhere=True, way="up" if first["up"] else "down")
    compared = _COMPARING.match(plain)
    if compared is None:
        return Explained(earlier=True) if _PAST.search(plain) and len(plain) <= 12 else None
    rest = plain[compared.end() :].lstrip("、和")
    if _PAST.fullmatch(rest):
        return Explained(earlier=True)
    place = elsewhere.other_place(plain, report)
    bare = _ONLY.sub("", rest)
    if (place and len(bare) <= len(place) + 1) or _AREA.fullmatch(bare):
        return Explained(place=place, elsewhere=True)
    own = labels.trim(re.sub(r"^(?:当地|同级|同期)", "", rest))
    return Explained(own=own, place=place, elsewhere=place is not None) if len(own) >= 4 else None
