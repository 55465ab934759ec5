"""The columns of a school table, in the order in which a template lists them.

``Column.synonyms`` are regular expressions over a header that has been folded (see ``headers``): half-width, without
blanks, punctuation, unit and stage. A header names a column if one of them matches it whole, and if its stage is the
column's. So "在校生数(小学)", "小学在校学生总数" and 学生数 over 小学 are one column, and 女学生数 is none.
The words are those of the application forms and of the statistics of education; a word of wider or narrower meaning
(骨干教师 without its level, 多媒体教室 that need not be in a network, 运动场地 without the halls) is not one of them.
"""

from __future__ import annotations

from typing import NamedTuple

from corpus.schools.model import Column, SchoolKind, Stage

_N = "(?:总?[人个间名]?数|总量)?"
"""How a count may end: 数, 人数, 总数, 间数 or nothing."""
_T = f"(?:专任)?教师{_N}"
_COUNTY = "县(?:市区|区市|区|市|旗)*级?(?:含)?(?:及其?|或)?以上(?:的)?"
"""县级以上, with the ways to write that the county itself counts."""

STAGES: dict[Stage, str] = {"primary": "小学", "junior": "初中", "senior": "高中"}
STAGE_WORDS: dict[Stage, str] = {
    "primary": "小学(?:阶段|学段|部|段)?",
    "junior": "(?:普通)?(?:初中|初级中学)(?:阶段|学段|部|段)?",
    "senior": "(?:普通)?(?:高中|高级中学)(?:阶段|学段|部|段)?",
}


class _Staged(NamedTuple):
    """A column that every stage of ``stages`` has of its own."""

    key: str
    name: str
    unit: str
    stages: tuple[Stage, ...]
    synonyms: tuple[str, ...]


_BOTH: tuple[Stage, ...] = ("primary", "junior")
_STAGED = (
    _Staged("students", "学生数", "人", ("primary", "junior", "senior"),
            (f"(?:在校|在籍)?学生{_N}", f"(?:在校|在籍)生{_N}", "在校总?人数")),
    _Staged("classes", "班级数", "个", _BOTH, (f"(?:教学)?班级?{_N}",)),
    _Staged("largest_class", "最大班额", "人", _BOTH,
            ("最大(?:的)?(?:教学)?班级?(?:班)?(?:额|规模|学?生?人?数)(?:人?数)?", "班额最大(?:值|数)?")),
    _Staged("qualified_teachers", "高于规定学历教师数", "人", _BOTH,
            (f"(?:高于|超过)规定(?:的)?学历(?:的)?{_T}", f"(?:专任)?教师(?:高于|超过)规定(?:的)?学历(?:的)?{_N}")),
    _Staged("backbone_teachers", "县级以上骨干教师数", "人", _BOTH,
            (f"{_COUNTY}骨干{_T}", f"骨干(?:专任)?教师{_N}{_COUNTY}")),
    _Staged("arts_teachers", "体育艺术专任教师数", "人", _BOTH,
            (f"体育(?:和|与|及)?艺术(?:类|学科)?(?:美术音乐|音乐美术)?(?:类|学科)?{_T}",
             f"(?:体艺|音体美|体音美)(?:类|学科)?{_T}")),
)  # fmt: skip

_ROOM = "(?:专用)?教室"
_SINGLE = (
    Column("teaching_area", "教学及辅助用房面积", "平方米", whole=False,
           synonyms=("教学(?:及|和|与)?(?:教学)?辅助用房(?:总)?(?:校舍)?(?:建筑)?(?:总)?面积(?:含室内体育用房)?",)),
    Column("indoor_sports_area", "室内体育用房面积", "平方米", whole=False,
           synonyms=("室内体育(?:活动)?用房(?:总)?(?:校舍)?(?:建筑)?(?:总)?面积",)),
    Column("sports_area", "体育运动场馆面积", "平方米", whole=False,
           synonyms=("(?:体育运动|体育|运动)场馆(?:总)?(?:占地)?面积",)),
    Column("equipment_value", "教学仪器设备值(万元)", "万元", whole=False,
           synonyms=("教学(?:(?:及|和|与)?(?:实习|科研))?仪器设备(?:资产|固定资产)?(?:账面)?(?:总|原)?(?:价)?值",
                     "教学(?:(?:及|和|与)?(?:实习|科研))?仪器设备资产")),
    Column("multimedia_rooms", "网络多媒体教室数", "间", synonyms=(f"网络多媒体教室{_N}",)),
    Column("music_rooms", "音乐专用教室数", "间", synonyms=(f"音乐{_ROOM}{_N}",)),
    Column("art_rooms", "美术专用教室数", "间", synonyms=(f"美术{_ROOM}{_N}",)),
    Column("smallest_music_room", "最小音乐教室面积", "平方米", whole=False,
           synonyms=(f"最小(?:单间|一间)?(?:的)?音乐{_ROOM}(?:单间)?(?:使用)?面积",
                     f"音乐{_ROOM}(?:最小单间|单间最小|最小)(?:使用)?面积",
                     f"音乐最小(?:的)?{_ROOM}(?:使用)?面积")),
    Column("smallest_art_room", "最小美术教室面积", "平方米", whole=False,
           synonyms=(f"最小(?:单间|一间)?(?:的)?美术{_ROOM}(?:单间)?(?:使用)?面积",
                     f"美术{_ROOM}(?:最小单间|单间最小|最小)(?:使用)?面积",
                     f"美术最小(?:的)?{_ROOM}(?:使用)?面积")),
)  # fmt: skip

_WORDS = (
    Column("name", "学校名称", "", whole=False, synonyms=("(?:学校|校区|教学点|单位|机构)+(?:名称|全称)", "校名", "学校")),
    Column("kind", "办学类型", "", whole=False, synonyms=("(?:学校)?(?:办学)?(?:类型|类别)",)),
    Column("area", "城乡类型", "", whole=False,
           synonyms=("(?:学校)?(?:所在地|驻地)?城乡(?:类型|类别|分类|属性|划分)?",)),
)  # fmt: skip

_EXCHANGED = "(?:交流轮岗|轮岗交流|交流|轮岗)(?:的)?"
_OPTIONAL = (
    Column("code", "学校代码", "", required=False, whole=False,
           synonyms=("(?:学校|机构)?(?:机构)?(?:标识|统一)?(?:代码|编码|编号|标识码)",)),
    Column("teachers", "专任教师数", "人", required=False, synonyms=(f"专任教师{_N}",)),
    Column("certified_teachers", "持证教师数", "人", required=False,
           synonyms=(f"(?:持有?|具有|取得)(?:相应)?(?:教师资格)?证书?(?:上岗)?(?:的)?{_T}",
                     f"(?:专任)?教师持证(?:上岗)?{_N}", f"(?:具有|取得)教师资格(?:的)?{_T}")),
    Column("exchanged_teachers", "交流轮岗教师数", "人", required=False,
           synonyms=(f"{_EXCHANGED}{_T}", f"教师{_EXCHANGED}{_N}")),
    Column("eligible_teachers", "符合交流条件教师数", "人", required=False,
           synonyms=(f"符合(?:交流轮岗|轮岗交流|交流|轮岗)条件(?:的)?{_T}",)),
    Column("exchanged_backbone", "交流骨干教师数", "人", required=False,
           synonyms=(f"{_EXCHANGED}(?:{_COUNTY})?骨干{_T}",)),
)  # fmt: skip


def _staged() -> list[Column]:
    return [
        Column(f"{one.key}.{stage}", STAGES[stage] + one.name, one.unit, stage=stage, synonyms=one.synonyms)
        for one in _STAGED
        for stage in one.stages
    ]


COLUMNS: dict[str, Column] = {column.key: column for column in (*_WORDS, *_staged(), *_SINGLE, *_OPTIONAL)}
"""Every column by its key: the required ones, then the optional ones."""


def label(key: str) -> str:
    """Return the name of a column without the unit that its header may state: a table can be in another."""
    return COLUMNS[key].header.partition("(")[0]


WORDS = frozenset(("name", "kind", "area", "code"))
"""The keys of columns that hold words; all others hold numbers."""

UNITS: dict[str, frozenset[str]] = {
    "人": frozenset(("人", "名", "位", "人/班", "个")),
    "个": frozenset(("个", "班", "个班")),
    "间": frozenset(("间", "个")),
    "平方米": frozenset(("平方米", "m2", "平米", "米2", "平方")),
    "万元": frozenset(("万元",)),
    "元": frozenset(("元",)),
}
"""How each unit may be written, after folding ("㎡" folds to "m2")."""

ALTERNATIVES: dict[str, tuple[str, ...]] = {"万元": ("万元", "元")}
"""Units besides a column's own that its header may state: the value is then in that unit."""

KINDS: dict[str, SchoolKind] = {
    "小学": "小学", "完全小学": "小学", "普通小学": "小学",
    "初级中学": "初级中学", "初中": "初级中学", "普通初中": "初级中学",
    "九年一贯制学校": "九年一贯制学校", "九年一贯制": "九年一贯制学校", "9年一贯制": "九年一贯制学校",
    "9年一贯制学校": "九年一贯制学校",
    "十二年一贯制学校": "十二年一贯制学校", "十二年一贯制": "十二年一贯制学校", "12年一贯制": "十二年一贯制学校",
    "12年一贯制学校": "十二年一贯制学校",
    "完全中学": "完全中学", "完中": "完全中学",
    "教学点": "教学点", "小学教学点": "教学点",
    "特殊教育学校": "特殊教育学校", "特殊教育": "特殊教育学校", "特教学校": "特殊教育学校",
}  # fmt: skip
"""Types of school as people write them."""

AREAS: dict[str, str] = {
    "城区": "城区", "城市": "城区", "主城区": "城区", "城乡结合区": "城区",
    "镇区": "镇区", "镇": "镇区", "镇中心区": "镇区", "镇乡结合区": "镇区", "特殊区域": "镇区",
    "乡村": "乡村", "农村": "乡村", "村": "乡村", "乡中心区": "乡村", "村庄": "乡村",
}  # fmt: skip
"""Kinds of place, with the names that the statistics of education use for their parts."""
