"""What sort of thing the words of a table's head are: a metric, a place, a school, a stage, or a kind of these."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from corpus.catalogue import indicators_in, stages_in
from corpus.facts import labels
from corpus.facts.tables_heads import Head

Sort = Literal["none", "whole", "stage", "place", "school", "measure", "group"]
MEASURE = re.compile(
    r"(?:数|(?<!质)量|率|比|比例|比重|经费|支出|收入|投入|拨款|资金|面积|总额|金额|额|数量|系数|规模|册|费|附加|工资|水平|总值|资产|造价|产值|值|学生|幼儿|教师|教职工|人员|儿童"
    r"|校舍|图书|计算机|教室|在校生|毕业生|招生|入学|编制|学位|班级|班额|满意度|得分|成绩|年限|年龄|时间|天数|床位|设备|余额|结余|差异|台|间|套|册数|标准差|方差|极差|[最中][大小高低位][值数])(?:\([^()]*\))?$"
)
_PLACE = re.compile(
    r".{1,12}(?:镇|乡|街道|县|区|市|州|旗|盟|省|自治区|办事处|片区|学区|社区|村|开发区|新区|集团)$|(?:全|本|我)[国省市县区州旗镇乡](?:平均|合计|总计)?|全国平均|城区|镇区|乡村|农村|城镇"
)
_SCHOOL = re.compile(
    r".{2,}(?:小学|中学|初中|高中|学校|幼儿园|学院|分校|校区|教学点|附中|附小|[一二三四五六七八九十]中|[一二三四五六七八九十]小)(?:\([^()]{1,8}\))?$"
)
_KINDS = re.compile(
    r"公办|民办|普惠|寄宿|独立|完全|一贯|规模|示范|标准|普通|薄弱|农村|乡村|城区|城镇|镇区|附设|优质|其中|特殊|专门|职业|高等|中等"
)
_SORTS = re.compile(
    r"(?:建设|水平|发展|保障|情况|条件|队伍|质量|投入|规模|资源|公平|管理|治理|改革|能力|普及|普惠|均衡|机会|贡献|服务|体系|程度|方面|指标|工作|要求|基础|教育)$"
)
_OWNED = re.compile(r"[公民]办|普惠性|寄宿|[城镇]区|[乡农]村|[男女]")
_PARTS = re.compile(r"(?:中学|中专|学校|教育|院校|[城农]村|城市|男|女|办)$|^[男女]")
_OF_ITSELF = re.compile(r"新增|新建|改建?造|扩建|改扩建|撤|增加|减少|.+[生师员工人]$")
"""What is counted by itself, whatever stands above it."""


@lru_cache(maxsize=4096)
def sort_of(own: str, in_row: bool) -> Sort:
    """Say what the words of a head are: a metric, somebody it is told of, or a group such as 公办 or 女."""
    if not own:
        return "none"
    if indicators_in(own):
        return "measure"
    if stages_in(own) and (labels.bare_stage(own) or labels.is_elliptical(own)):
        return "stage" if not own.endswith("数") else "measure"
    if _PLACE.fullmatch(own) and not MEASURE.search(own):
        return "place"
    if in_row and _SCHOOL.fullmatch(own) and not _KINDS.search(own[:6]):
        return "school"
    return "measure" if MEASURE.search(own) else "group"


def heads_only(own: str) -> bool:
    """Tell whether the words over some rows only sort them (发展水平, 保障条件) and narrow none of their metrics."""
    return not labels.bare_stage(own) and bool(_SORTS.search(own)) and not _OWNED.search(own)


def tells_metric(head: Head) -> bool:
    """Tell whether a head of a row names what is measured."""
    return not head.generic and not head.whole and sort_of(head.own, True) == "measure"


def is_part(own: str) -> bool:
    """Tell whether words are a kind of schools, pupils or places, of which a metric named elsewhere is told."""
    return bool(stages_in(own) or _KINDS.search(own) or _PARTS.search(own)) and not _OF_ITSELF.match(own)
