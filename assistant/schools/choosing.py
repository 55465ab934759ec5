"""Which operation does a question about schools ask for, and does it go on from the one before?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question import Known
from assistant.schools import ways
from assistant.schools.ask import SchoolAsk, SchoolOp
from assistant.schools.ways import BLOT, says
from corpus.gazetteer import mentions
from corpus.spoken import demands_in
from tools.school_names import NamedSchool

_DIGIT = re.compile(r"\d|[一二两三四五六七八九十百千万]+(?=[名人个间所平万元])")


def continues(
    masked: str,
    codes: tuple[str, ...],
    stages: tuple[str, ...],
    named: Sequence[NamedSchool],
    regions: Sequence[str],
    last: SchoolAsk,
) -> bool:
    """True for a turn that leaves to the one before what it asks for, or about what."""
    rest = masked.replace(BLOT, "")
    if ways.GOES_ON.search(rest.strip()):
        return True
    if (
        codes
        and not named
        and says(r"多少|几[所个名]", rest)
        and not says(f"{ways.REACHED}|{ways.SHORT}|{ways.ADD}|{ways.LIMIT}|{ways.DISPERSION}", rest)
    ):
        return False
    return len(rest) <= 16 or bool(named)


def way(
    masked: str, codes: tuple[str, ...], school: bool, last: SchoolAsk | None, known: Known, *, goes_on: bool
) -> tuple[SchoolOp | None, str]:
    """Return the operation that the words ask for, and which side of the matter."""
    for topic, pattern in ways.RULE:
        if says(pattern, masked) and not (topic == "passing" and school):
            return "rule", topic
    talk = last is not None and goes_on
    spread = says(ways.DISPERSION, masked) or (talk and last is not None and last.op == "dispersion")
    if (
        says(ways.IF, masked)
        and _DIGIT.search(masked)
        and says(f"{ways.MORE}|{ways.LESS}|{ways.SHIFT}", masked)
    ):
        return "what_if", ""
    if (
        school
        and _DIGIT.search(masked)
        and says(ways.SUPPOSED, masked)
        and says(f"{ways.JUDGED}|行不行|可以吗|够|怎么样|会|呢", masked)
        and not says(ways.HOW_MUCH, masked)
    ):
        return "what_if", ""
    if (
        talk
        and last is not None
        and last.op == "what_if"
        and _DIGIT.search(masked)
        and says(f"{ways.MORE}|{ways.LESS}|{ways.SHIFT}", masked)
    ):
        return "what_if", ""
    if spread and says(ways.UNWEIGHTED, masked):
        return "dispersion", "unweighted"
    if says(ways.DISPERSION, masked) and says(ways.MEANING, masked) and not codes:
        return "rule", "weights"
    if says(ways.VARIANT, masked):
        return "limit", "variant"
    if (
        spread
        and says(ways.LIMIT, masked)
        and (says(r"上限|限值|红线|不(?:能|得|应)?超过多少|最高|要求|标准|规定", masked))
        and not school
        and not says(r"是不是|是否|有没有|在.{0,8}[内下]", masked)
    ):
        return "limit", "dispersion"
    if (
        spread
        and says(ways.CONTRIBUTION, masked)
        and (says(r"拉|贡献|造成|导致|主要|因为|谁", masked))
        and not says(r"超标|超过|没过", masked)
    ):
        return "dispersion", "contributions"
    if (
        any(code.startswith("1.") for code in codes)
        and says(ways.UNEVEN, masked)
        and says(ways.CONTRIBUTION, masked)
        and not school
    ):
        return "dispersion", "contributions"
    if spread and says(ways.WORST, masked) and not codes:
        return "dispersion", "over"
    if says(ways.DISPERSION, masked):
        return "dispersion", ""
    if (
        not school
        and says(f"{ways.MOST}|{ways.LEAST}", masked)
        and says(ways.ALL_SCHOOLS, masked)
        and (says(r"学生|在校生|教师|老师|班|教室|面积|设备|规模", masked) or codes)
        and _names_a_column_only(masked, known)
    ):
        return "extreme", "least" if says(ways.LEAST, masked) else "most"
    if says(ways.MOVE, masked) and not says(r"交流轮岗(?:教师)?(?:的)?比例|轮岗比例", masked):
        return "moves", ""
    if says(ways.LACKING, masked) and says(r"指标|材料|学校|数据|项", masked):
        return "county" if not says(r"学校|[几哪多]所", masked) else "schools", "no_data"
    left_out = school and says(ways.LEFT_OUT, masked)
    if says(ways.WHY, masked) and (
        codes or talk or left_out or says(f"{ways.JUDGED}|{ways.LACKING}", masked)
    ):
        return "why", ""
    if school and codes and says(ways.MARGIN, masked):
        return "school", "margin"
    if says(ways.ADD_HOW_MUCH, masked):
        return "additions", ""
    if says(ways.ALL_SCHOOLS, masked) and says(f"{ways.REACHED}|{ways.SHORT}|{ways.ENOUGH}", masked):
        return "schools", ""
    if (
        not school
        and says(ways.SHORT, masked)
        and says(r"学校|小学|初中|名单", masked)
        and says(r"哪|列|名单|几|多少", masked)
        and not says(ways.ADD, masked)
    ):
        return "schools", ""
    if (
        says(ways.LIMIT, masked)
        and not says(r"还|补|缺|差", masked)
        and not says(f"{ways.ENOUGH}", masked)
        and (codes or talk)
    ):
        return "limit", ""
    if says(ways.ADD, masked) and says(ways.HOW_MUCH, masked) and not says(r"差(?:在哪|哪|什么)", masked):
        return "additions", ""
    if (
        not school
        and says(f"{ways.OF_ALL}|几所|多少所", masked)
        and says(f"{ways.CELL}|几所", masked)
        and not says(f"{ways.JUDGED}|{ways.PER_STUDENT}", masked)
        and says(r"学生|在校生|教师|老师|班|教室|面积|设备|所(?:学校|小学|初中|中学)", masked)
        and all(c.startswith("1.") or c == "2.5" for c in codes)
        and _names_a_column_only(masked, known)
    ):
        return "total", ""
    if codes and all(not c.startswith("1.") for c in codes) and not school:
        return "county", ""
    if says(ways.COUNTY, masked) and not school:
        return "county", ""
    of_school = school or (
        talk and last is not None and bool(last.schools) and says(r"它|该校|这所|那所|学校", masked)
    )
    if (
        of_school
        and says(ways.CELL, masked)
        and not says(f"{ways.JUDGED}|{ways.WHICH_ITEMS}", masked)
        and not says(ways.PER_STUDENT, masked)
    ):
        return "cell", ""
    if school:
        return "school", ""
    if says(f"{ways.REACHED}|{ways.SHORT}|{ways.ENOUGH}", masked):
        return ("schools" if codes else "overview"), ""
    if says(ways.OVERVIEW, masked):
        return "overview", ""
    if codes and says(ways.PER_STUDENT, masked) and says(r"多少|几|多大|情况|如何|怎么样", masked):
        return "average", ""
    return (last.op, last.about) if talk and last is not None and _says_no_more(masked, known) else (None, "")


_PARTICLES = re.compile(
    r"那么?|呢|再|还|换成?|改成?|看看?|一下|说说|的|话|吗|啊|吧|是|又|怎么样|怎样|如何|情况|也|都|和|与|而|另外|其中|分别|情况|多少|几|所|呀|了|有|各|成|"
    r"小学|初中|高中|幼儿园|学前|阶段|部|段|方面|学校|指标|这|个|项|全|县|市|区|年|在|请|问|帮我|查|\d+|[^\u4e00-\u9fff]"
)


_LISTED = re.compile(
    r"学生|在校生?|教师|老师|专任|教学班|班级?|教室|面积|设备值?|人数|数量?|规模|合计|一共|总共|加起来|加在一起|总|共|全部|所有|名|人|位|间|平方?米|万元|"
    r"最|高|低|大|小|好|差|少|多|第一|倒数|生均|每百|紧[张缺]|不足|薄弱|里|哪|谁|于|从|到|排"
)


def _names_a_column_only(masked: str, known: Known) -> bool:
    """True if a question names nothing but what a table lists: teachers' pay is no column, though teachers are one."""
    return _says_no_more(_LISTED.sub("", _without_demands(masked)), known)


def _without_demands(masked: str) -> str:
    for named in reversed(demands_in(masked)):
        masked = masked[: named.start] + " " + masked[named.end :]
    return masked


def _says_no_more(masked: str, known: Known) -> bool:
    """True if a follow-up names nothing but a place, stage, school or indicator: then it asks the same again."""
    rest = _without_demands(masked).replace(BLOT, " ")
    for place in (*known.regions, *known.tables, *(m.written for m in mentions(rest))):
        rest = rest.replace(place, " ")
    return len(_PARTICLES.sub("", rest)) <= 1
