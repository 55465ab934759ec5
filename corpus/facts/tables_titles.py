"""The metric that words name wholly, and the one that the title of a table names for all of its cells."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.alone import alone_in
from corpus.catalogue import indicators, indicators_in, lexicon, stages_in
from corpus.facts import labels
from corpus.facts.tables_heads import read_head
from corpus.facts.tables_words import MEASURE, tells_metric
from corpus.units import dimension

LIGHT = re.compile(
    r"(?:全日制|年末|期末|年底|现有|实有|共有|总|全|全部|各级|各类|本|数|人数|总数|总人数|数量|合计|情况|金额|数额|总额|额|值|的|地方|支出|经费|水平|完成|达到|比例|实际|学校|学生|教育|阶段|\s|[、,:()])*"
)
_SHEET = re.compile(r"^(?:附?[表图] ?[\d一二三四五六七八九十]+(?:[-—.]\d+)?|附[表件])[ :、.]*")
_KEEPING = re.compile(
    r"(?:(?:基本|发展|分布|完成|变化|变动|统计|汇总|执行|对比|比较)*(?:情况|状况|一览|统计|汇总|明细|构成|对照|对比|比较|数据)|(?:如下|见下)?表|如下|见表)+$"
)
_OF = re.compile(r"^[\u4e00-\u9fff]{2,8}?[省市县区州旗](?=各|分|按|近|20\d\d)")
_ALL = re.compile(
    r"^(?:分|按)?(?:各级各类|各级|各类|各|分|按)(?:学段|阶段|学校(?!舍|数|占|用)|片区|乡镇|镇街|县区|区县|地区|校(?!舍)|教育(?!经费|支出|投入|事业费|总))*的?"
)


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
    return words if len(words) < 30 and MEASURE.search(words) else ""


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
    return last.id if LIGHT.fullmatch(rest) else None


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
    found = [n for n in indicators_in(title) if _fits(n.id, unit)]
    if len({n.id for n in found}) != 1:
        return None
    rest = title[: found[-1].start] + title[found[-1].end :]
    return None if any(word in rest for word in (*lexicon().limiting, "公办")) else found[-1].id


def names_itself(own: str) -> bool:
    """Tell whether the catalogue knows ``own`` as a metric: as a part (其中:专任教师) it needs no name of the whole."""
    return tells_metric(read_head(own)) and bool(exact_metric(own, "") or alone_in(labels.trim(own), None))
