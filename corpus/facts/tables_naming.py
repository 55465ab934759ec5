"""What a number in a table is called: which of its heads name the metric, and which say of whom it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from corpus.catalogue import indicators, indicators_in, stages_in
from corpus.facts import labels
from corpus.facts.tables_heads import Head
from corpus.gazetteer import mentions
from corpus.model import Report
from corpus.units import dimension

Sort = Literal["none", "whole", "stage", "place", "school", "measure", "group"]

_MEASURE = re.compile(
    r"(?:数|率|比|比例|比重|经费|支出|收入|投入|拨款|资金|面积|总额|金额|额|数量|系数|规模|册|费|附加|工资|水平|总值|资产|造价|产值|值|学生|幼儿|教师|教职工|人员|儿童"
    r"|校舍|图书|计算机|教室|在校生|毕业生|招生|入学|编制|学位|班级|班额|满意度|得分|成绩|年限|年龄|时间|天数|床位|设备|余额|结余|差异|台|间|套|册数)(?:\([^()]*\))?$"
)
_PLACE = re.compile(
    r".{1,12}(?:镇|乡|街道|县|区|市|州|旗|盟|省|自治区|办事处|片区|学区|社区|村|开发区|新区|集团)$|(?:全|本|我)[国省市县区州旗镇乡](?:平均|合计|总计)?|全国平均|城区|镇区|乡村|农村|城镇"
)
_AREAS = frozenset(("城区", "镇区", "乡村", "农村", "城镇"))
_SCHOOL = re.compile(
    r".{2,}(?:小学|中学|初中|高中|学校|幼儿园|学院|分校|校区|教学点|附中|附小|[一二三四五六七八九十]中|[一二三四五六七八九十]小)(?:\([^()]{1,8}\))?$"
)
_KINDS = re.compile(
    r"公办|民办|普惠|寄宿|独立|完全|一贯|规模|示范|标准|普通|薄弱|农村|乡村|城区|城镇|镇区|附设|优质|其中|特殊|专门|职业|高等|中等"
)
_LIGHT = re.compile(
    r"(?:全日制|年末|期末|年底|现有|实有|共有|总|全|全部|各级|各类|本|数|人数|总数|总人数|数量|合计|情况|金额|数额|总额|额|值|的|地方|支出|经费|水平|完成|达到|比例|实际|学校|学生|教育|阶段|\s|[、,:()])*"
)
_MEAN = re.compile(r"(?:县域|全县|区域|总体)?(?:平均值?|均值)")
_INTENSIVE = re.compile(r"每百|每千|每万|[生师班人]均|率$|比例$|比$|系数$")
"""What is told of each pupil or in a hundred already has a mean of the same kind; a count has not."""
_SIDE = re.compile(
    r"(?:国家|省定?|省级|评估|验收|达标|规定|市定?|县定?|考核|控制|本县|全县|县域)*(?:标准|要求|目标|规定|限值|底线|现状|实际|完成|达到|基期|实有|实配|应配|应有)(?:值|数)?"
)
"""What a column says beside its stage (小学标准) of which side of the same metric it gives."""
_STAGED = re.compile(r"^(?:阶段|学校|教育|的)*")
_SHEET = re.compile(r"^(?:附?[表图] ?[\d一二三四五六七八九十]+(?:[-—.]\d+)?|附[表件])[ :、.]*")
_KEEPING = re.compile(
    r"(?:(?:基本|发展|分布|完成|变化|变动|统计|汇总|执行|对比|比较)*(?:情况|状况|一览|统计|汇总|明细|构成|对照|对比|比较|数据)|(?:如下|见下)?表|如下|见表)+$"
)
_OF = re.compile(r"^[\u4e00-\u9fff]{2,8}?[省市县区州旗](?=各|分|按|近|20\d\d)")
_ALL = re.compile(
    r"^(?:分|按)?(?:各级各类|各级|各类|各|分|按)(?:学段|阶段|学校(?!舍)|片区|乡镇|镇街|县区|区县|地区|校(?!舍)|教育(?!经费|支出|投入|事业费|总))*的?"
)


@dataclass(frozen=True, slots=True)
class Naming:
    metric: str
    metric_id: str | None
    stage: str | None
    subject: str
    place: str | None
    by_row: bool
    """The metric is named by the row, so the row's unit goes before the column's."""


@lru_cache(maxsize=4096)
def sort_of(own: str, in_row: bool) -> Sort:
    """Say what the words of a head are: a metric, somebody it is told of, or a group such as 公办 or 女."""
    if not own:
        return "none"
    if indicators_in(own):
        return "measure"
    if stages_in(own) and (labels.bare_stage(own) or labels.is_elliptical(own)):
        return "stage" if not own.endswith("数") else "measure"
    if _PLACE.fullmatch(own) and not _MEASURE.search(own):
        return "place"
    if in_row and _SCHOOL.fullmatch(own) and not _KINDS.search(own[:6]):
        return "school"
    return "measure" if _MEASURE.search(own) else "group"


def name_cell(
    rows: Sequence[Head], columns: Sequence[Head], title: str, unit_of: str, report: Report
) -> Naming:
    """Return the name of a cell by the heads of its row and column, each from the outermost, and the table's title.

    ``unit_of`` is the unit that the cell's own text or heads state, "" where they do not.
    """
    parts = [*((head, True) for head in rows), *((head, False) for head in columns)]
    told = [(head.own, _sort(head, in_row), in_row) for head, in_row in parts]
    naming = [(own, in_row) for own, sort, in_row in told if sort in ("measure", "group")]
    measures = [(own, in_row) for own, sort, in_row in told if sort == "measure"]
    by_row = bool(measures) and all(in_row for _, in_row in measures)
    beside: list[str] = []  # who or what the metric is told of, where its own head is another
    if measures and not by_row and not any(in_row for _, in_row in measures):
        beside = [own for own, in_row in naming if in_row]
        naming = [(own, in_row) for own, in_row in naming if not in_row]
    words = _together([own for own, _ in naming], unit_of)
    stage = _stage(told, title, report)
    places = [own for own, sort, _ in told if sort == "place"]
    schools = [own for own, sort, _ in told if sort == "school"]
    subject = _joined([*schools, *beside]) or (places[-1] if places else "")
    if not subject:
        subject = next((own for own, sort, _ in reversed(told) if sort == "stage"), "")
        subject = re.sub(rf"{_SIDE.pattern}$", "", subject)
    metric_id = None
    if words:
        metric_id = exact_metric(words, unit_of)
        if beside:
            metric_id = metric_id if all(_LIGHT.fullmatch(own) for own in beside) else None
    elif not beside:
        metric_id = title_metric(title, unit_of)
        words = labels.catalogue_name(metric_id) if metric_id else titled(title)
    if not words:
        words = _joined([*beside, *(own for own, sort, _ in told if sort not in ("none", "whole"))])
        words = words or labels.trim(title) or (report.region or "")
    return Naming(
        words, metric_id, stage, subject or report.region or "", places[-1] if places else None, by_row
    )


def _sort(head: Head, in_row: bool) -> Sort:
    if head.whole:
        return "whole"
    if head.generic:
        return "none"
    found = stages_in(head.own)
    if len(found) == 1 and not found[0].start and _SIDE.fullmatch(_STAGED.sub("", head.own[found[0].end :])):
        return "stage"
    return sort_of(head.own, in_row)


def _joined(words: Sequence[str]) -> str:
    """Join words, leaving out what a later one says again."""
    kept: list[str] = []
    for word in words:
        kept = [other for other in kept if other not in word]
        if not any(word in other for other in kept):
            kept.append(word)
    return "".join(kept)


def _together(told: Sequence[str], unit: str) -> str:
    """Join the words of several heads to one name; a stage amid them (小学差异系数) is no part of it.

    Where the catalogue knows the name without the stage it is that; 均值 adds nothing to what is a mean by itself.
    """
    words = _joined(told)
    if len(told) < 2:
        return words
    *outer, last = told
    found = stages_in(last)
    bare = _STAGED.sub("", last[found[0].end :]) if found and not found[0].start else last
    if _MEAN.fullmatch(bare):
        return _joined(outer) if _INTENSIVE.search(_joined(outer)) else words
    if bare and bare != last and exact_metric(plain := _joined([*outer, bare]), unit):
        return plain
    return words


@lru_cache(maxsize=1024)
def titled(title: str) -> str:
    """Return the one metric that a title names (专任教师数 of "表2 各学段专任教师数"), "" where it names none."""
    words = re.sub(r"\([^()]*\)\s*$", "", _SHEET.sub("", title.strip()))
    words = labels.trim(_OF.sub("", _KEEPING.sub("", words.strip(" :,"))))
    words = _ALL.sub("", _KEEPING.sub("", words))
    found = indicators_in(words)
    if len(found) == 1 and found[0].end == len(words) and _ALL.fullmatch(words[: found[0].start]):
        return words[found[0].start :]
    if re.search(r"[、,。;]|[和与及]", words) and not (
        found and len(found) == 1 and found[0].end == len(words)
    ):
        return ""
    return words if len(words) < 30 and _MEASURE.search(words) else ""


def exact_metric(words: str, unit: str) -> str | None:
    """Return the indicator that ``words`` name and nothing narrower; None where a word would be left over."""
    plain = words
    found = [n for n in indicators_in(plain) if _fits(n.id, unit)]
    if not found:
        return None
    last = found[-1]
    rest = plain[: last.start] + "|" + plain[last.end :]
    for stage in reversed(stages_in(rest)):
        rest = rest[: stage.start] + rest[stage.end :]
    rest = re.sub(r"全[国省市县区州旗]|^.{1,8}?[省市县区州旗](?=\|)|\|", "", rest)
    return last.id if _LIGHT.fullmatch(rest) else None


def _fits(metric_id: str, unit: str) -> bool:
    own = dimension(indicators()[metric_id].unit)
    said = dimension(unit)
    return own == said or (not unit and own == "ratio")


def per_head(unit: str, words: str) -> str:
    """Return ``unit`` without the "/生" that a name such as 生均公用经费 has said already."""
    plain, stroke, each = unit.partition("/")
    return plain if stroke and re.match(r"[生人]", each) and re.search(r"[生人]均|每生", words) else unit


def title_metric(title: str, unit: str) -> str | None:
    """Return the one indicator that the title of a table names and that can have ``unit``."""
    found = {n.id for n in indicators_in(title) if _fits(n.id, unit)}
    return found.pop() if len(found) == 1 else None


def _stage(told: Sequence[tuple[str, Sort, bool]], title: str, report: Report) -> str | None:
    for own, sort, _ in reversed(told):
        if sort != "whole" and own and (found := labels.stage_in(own)):
            return found[0]
    heads = " ".join(own for own, _, _ in told)
    if len(stages_in(heads)) > 1:
        return None
    named = {found.id for found in stages_in(title)}
    if len(named) == 1:
        return named.pop()
    return labels.implied_stage(heads)


@lru_cache(maxsize=4096)
def place_of(own: str) -> tuple[str, tuple[str, ...]] | None:
    """Return (name, path) of the administrative place that a head is, wholly."""
    found = [m for m in mentions(own) if m.full and m.start == 0 and m.end >= len(own) - 2]
    if len(found) != 1 or found[0].place is None:
        return None
    return found[0].place.name, found[0].place.path
