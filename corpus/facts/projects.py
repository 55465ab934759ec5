"""What is told of one project or one school keeps its name: "西城小学项目,占地面积2万平方米" is no area of the county.

A sentence that begins with the name alone and goes on with areas, costs and places for pupils tells of that one only.
The names are given to the facts once all of them are read, as in ``identify``.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.facts.identify import is_name
from corpus.facts.labels import trim
from corpus.model import Fact

_LONGEST = 24
_HEAD = re.compile(
    r"^(?P<name>[\u4e00-\u9fffA-Za-z“”\"()·]{3,24}?(?P<kind>项目|工程|园区|校区|(?:分|新|本)校|(?:分|新)园|小学|中学|初中|高中|学校|幼儿园|中心|附中|附小|[一二三四五六七八九十]中))[,:]"
)
_NUMBERING = re.compile(
    r"^[\s\x00]*(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d{1,2}[.、](?!\d)|[一二三四五六七八九十]是|[①-⑳])?[\s\x00]*"
)
_BUILT = ("项目", "工程", "园区", "校区")
_ACTION = re.compile(
    r"实施|推进|完成|开展|加快|启动|建设|建成|新建|改建|扩建|加强|落实|组织|安排|争取|抓好|做好|全面|各类|各级|所有|全部|其他|义务教育|学前教育|薄弱|标准化|[全我本各][县市区省镇乡校]|共有|现有|两[个项]|三[个项]|该|本"
)
_OF_ONE = re.compile(
    r"(?:(?:总|规划|新增|净)?(?:用地|占地|建筑|校园|校舍|操场|运动场地?|绿化|使用)(?:总)?(?:面积)?|总面积|面积|总?投资|总?造价|概算|预算|合同价|计划投资|概算投资|投入(?:建设|专项)?(?:资金|经费)?|完成投资|建设规模|(?:设计|办学|招生)?规模|设?(?:教学)?班级?|开?设?(?:教学)?班|(?:新增|提供|增加|可增)?(?:学位|座位|床位)|可?容纳(?:学生|幼儿|师生)?|在校(?:学)?生|在园(?:幼儿|儿童)|(?:专任)?教师|教职工|学生)"
)


def keep_names(facts: list[Fact], folded: str) -> list[Fact]:
    """Return ``facts`` with the name of the one project or school that their sentence begins with; ``folded`` is the text."""
    heads: dict[tuple[int, int], str] = {}
    found = []
    for fact in facts:
        if fact.sentence not in heads:
            heads[fact.sentence] = _head(folded[slice(*fact.sentence)])
        head = heads[fact.sentence]
        name = trim(fact.metric)
        if head and fact.role in ("level", "base") and head not in name and _OF_ONE.fullmatch(name):
            fact = replace(fact, metric=f"{head}{name}", metric_id=None, subject=head)
        found.append(fact)
    return found


def _head(sentence: str) -> str:
    """Return the name that ``sentence`` begins with, "" if it is that of no single one."""
    numbering = _NUMBERING.match(sentence)
    match = _HEAD.match(sentence[numbering.end() if numbering else 0 :])
    if match is None or "|" in sentence:
        return ""
    name, kind = match["name"], match["kind"]
    if len(name) > _LONGEST or _ACTION.search(name):
        return ""
    return name if kind in _BUILT or is_name(name[: -len(kind)]) else ""
