"""Over what does a question range? "各级教育", "哪些学段" mean every stage; "各地", "三地" every place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Each = Literal["stage", "region", ""]

_STAGE = re.compile(
    r"各(?:级|类|级各类|级别|类型|个?学段|个?教育阶段|个?阶段)+的?(?:教育|学校|院校)?的?(?=$|[ ,。?的]|生均|分别|平均|一般|从|由|按|哪|谁|排|中|里)|"
    r"(?:哪一?[个段类级]|哪些|哪几[个类级])(?:学段|教育阶段|阶段|类学校|级教育|类教育|级学校|学校类型)的?|哪几[类级](?:学校|教育)的?|"
    r"(?:各类|各级各类|所有|全部)?(?:学校|学段|教育)(?:里面?|中|当中)(?=,?哪)|"
    r"(?:[两三四五六七八九十几]个|所有|全部)(?:学段|教育阶段|阶段)的?|分学段|哪一?[类段级](?=$|[ ,。?的]|增|降|涨|最|下|上|减|提)的?"
)
_REGION = re.compile(
    r"各(?:个)?(?:地(?:区|方)?|县区|区县|县市区|市县|县市|县|区)(?=$|[ ,。?(的]|从|由|按|哪|谁|排|中|里|之间)的?|"
    r"(?:这|那)?[两三四五六七八九十几]个?(?:地(?:区|方)?|县区|区县|县|区|市)(?=$|[ ,。?(的]|从|由|按|哪|谁|排|中|里)的?|"
    r"(?:是|有)?(?:哪一?[个些]|哪几个)(?:地(?:区|方)|县区|区县|县市区|市县|县市|省市|省份|市|县|区)(?![域内])的?|"
    r"(?:资料|库|资料库|报告库|数据库)(?:里|中)(?:面)?(?:所有|全部)?(?:的)?(?:地方|地区|区县|县区)?的?"
)
_ALSO = re.compile(r"\(?(?:含|包括|包含|连同|加上|连)(?:上)?(?:全国|全省|国家)(?:平均|水平)?(?:在内|的)?\)?")


@dataclass(frozen=True, slots=True)
class Scope:
    each: Each
    also: bool
    """A place is only named as one of all that are meant ("各地(含全国)")."""
    spans: tuple[tuple[int, int], ...]


def read_scope(folded: str) -> Scope:
    """Return what a folded question ranges over, and where it says so."""
    stages = [m.span() for m in _STAGE.finditer(folded)]
    regions = [m.span() for m in _REGION.finditer(folded)]
    also = [m.span() for m in _ALSO.finditer(folded)] if regions else []
    each: Each = "stage" if stages else "region" if regions else ""
    return Scope(each, bool(also), (*stages, *regions, *also))
