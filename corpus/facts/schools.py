"""Figures of one school, told in the report of a county: they go by the school's name, never as the county's."""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.facts import labels
from corpus.model import Fact

_KINDS = r"(?:高级中学|完全中学|职业中学|高中|中学|初中|小学|学校|幼儿园|完小)"
_NUMBERED = re.compile(
    rf"(?:原)?[\u4e00-\u9fff]{{0,4}}?(?:第[一二三四五六七八九十]{{1,2}}{_KINDS}|(?:(?<=[县市区镇州旗])|(?<=[\u4e00-\u9fff]{{2}}))[一二三四五六七八九十][中小](?![学级心型班]))"
)
_TITLED = re.compile(
    r"(?P<before>[\u4e00-\u9fff]{0,6}?)(?:实验|外国语|师范附属|师大附属|大学附属)(?:高级中学|高中|中学|初中|小学|学校|幼儿园)|[\u4e00-\u9fff]{0,4}(?:职教中心|师范附小)"
)
_PLACED = re.compile(rf"(?P<place>[\u4e00-\u9fff]{{2,3}}(?:镇|乡|街道))(?:中心)?{_KINDS}")
_HEAD = re.compile(
    r"(?:[ \x00、,]|其中|如|例如|另|(?:截至)?(?:目前|(?:19|20)\d\d年(?:\d{1,2}月)?(?:底|末)?),?)*"
)
_THAT_IS = re.compile(r"(?:^|[,;])(?:即|就是)(?P<school>[\u4e00-\u9fff]{3,16})(?=[,;。]|$)")
_DESCRIBED = re.compile(
    r"义务教育|公办|民办|普惠|农村|乡村|城区|城镇|镇区|各|全[县市区省国州镇]|所有|全部|每|部分|其他|普通|特殊|职业|寄宿|小规模|薄弱|优质|示范|标准|九年|十二年|[高初]级|在|的|有|设|等|和|与|及"
    r"|其中|另|建成|[新改扩]建|参加|开展|创建|纳入|核定|对|由|向|从|把|被|将|共|以|为|市级|省级|县级|区级|国家级|家长|老年|开放"
)
_SHUT = tuple("、和与及等共办")


def school_at_head(segment: str, region: str | None = None) -> str | None:
    """Return the name of the school that the folded ``segment`` of a sentence begins with and is about.

    Only names that no description is mistaken for: by number (县一中), by title (实验小学), by town, or by the
    name of the report's own place before them.

    >>> school_at_head("县一中占地126亩,在校生"), school_at_head("全县义务教育学校96所")
    ('县一中', None)
    """
    opening = _HEAD.match(segment)
    begin = opening.end() if opening else 0
    patterns = [_NUMBERED, _TITLED, _PLACED]
    if region and len(region) > 2:
        stem = re.escape(region[:-1])  # 青田中学 is one school, 青田县小学 are all of them
        patterns.append(re.compile(rf"{stem}(?![县市区]{_KINDS})[县市区]?[\u4e00-\u9fff]{{0,4}}?{_KINDS}"))
    for pattern in patterns:
        match = pattern.match(segment, begin)
        if match is None or segment[match.end() : match.end() + 1] in _SHUT:
            continue
        if match.group() and not _DESCRIBED.search(match.group()):
            return match.group()
    return None


def tell_schools(facts: list[Fact], masked: str, region: str | None) -> list[Fact]:
    """Return ``facts`` of one sentence with those of a single school called by its name."""
    if not facts:
        return facts
    start = facts[0].sentence[0]
    found: list[Fact] = []
    school, begin, passed = None, start, start
    for fact in facts:
        cut = max(masked.rfind(mark, passed, fact.start) for mark in ";；")
        if cut >= begin or passed == start:
            begin = max(begin, cut + 1)
            school = school_at_head(masked[begin : fact.start], region)
        named = _THAT_IS.search(masked, passed, fact.start)
        if named and school_at_head(named["school"], region) == named["school"]:
            school = named["school"]
        passed = fact.end
        if school and fact.kind not in ("policy", "reference") and fact.role != "limit":
            known = fact.metric_id is not None or school in fact.metric
            metric = fact.metric if known else f"{school}{labels.trim(fact.metric)}"
            fact = replace(fact, metric=metric, subject=school)
        found.append(fact)
    return found
