"""From the words around a number to its label, metric, stage and subject."""

from __future__ import annotations

import re
from functools import lru_cache

from corpus.catalogue import indicators, indicators_in, stages, stages_in
from corpus.coded import CODE
from corpus.units import dimension

_LEAD = re.compile(
    r"^(?:[ \x00、,;:。()\-—|*·•]|\d{1,2}[.、](?!\d)|\d{1,2}[.、](?=(?:19|20)\d\d年)|[一二三四五六七八九十]{1,3}、|[①-⑳]|[一二三四五六七八九]是"
    r"|首次|首度|本次共|超额完成(?:了)?(?:年度|全年)?(?=[\u4e00-\u9fff]{2})|再次|但(?!是)|其中|此外|另外|另有|另|同时|以及|并且|而且|并|且|及(?!格)|和|与|包括|含|分别|依次|各(?!级|类|种|项|学|乡|镇|校|园|县|市|地|科)|同期"
    r"|截至目前|截止目前|截至|截止|目前|现在|至今|一年来|近年来|今年|本年度?|当年度?|全年|年内|期间|[上下]半年|第?[一二三四]季度|先后|累计|现有(?=[\u4e00-\u9fff]{2})"
    r"|到(?=(?:19|20)\d\d年)|至(?=(?:19|20)\d\d年)|力争(?:到|在)?|努力"
    r"|连续(?:\d|[两三四五六七八九十])年|(?:近|最近|过去|前|这)(?:\d{1,2}|[一二两三四五六七八九十几]{1,2})个?(?:学年|年|月)(?:来|间|内|以来)?(?!级|制)"
    r"|[一二两三四五六七八九十]{1,2}年(?:来|间|内|以来|期间|累计|合计|共)?(?=[\u4e00-\u9fff])(?!巩固|保留|保持|完成|行动|计划|规划|制|级|义务|毛入|以上|以下|及|攻坚|前|后|期|一贯)"
    r"|(?:主要)?原因是|主要是|从而|有(?=[\u4e00-\u9fff]{2})(?!效|限|关|色|线|机|偿|序|力|害|意|编|望|无|所|教师资格)"
    r"|对(?=全|我|本)|的|还|也|又|仅剩|仅|只|已经|已|共计|总计|合计|总共|一共|共(?!同|享|青|产|建))+"
)
_TRAIL = re.compile(
    r"(?:[ \x00、,;:。()]|为|是|(?<!拥)(?<!没)(?<!私)(?<!公)(?<!国)(?<!实)有|达到了?|(?<!直)达|到|至|共计|总计|合计|总共|共有|一共|(?<!公)共|(?<!签)(?<!节)约"
    r"|已|仅剩|仅|只|(?<!累)(?<!预)(?<!统)(?<!设)(?<!审)计|分别|依次|(?<=率)将|(?<![平生人师校班园户场村镇次年月幼])均|各|率先|的|了|约为|增至|实现|完成"
    r"|(?<=.{2})(?:全|我|本)[县市区省州](?:域|共)?|(?<=.)(?:力争|预计|努力|保持在|稳定在|控制在|维持在|提高到)|(?<=.)(?:为|按|每|,)*每(?:名?学?生|人|名学生|名教师|班|校|园|所)?每?(?:年|学年|月|学期|周|天))+$"
)
_BEFORE_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,8}(?=全(?:国|省|市|县|区|州|旗)(?:共|现)?有[\u4e00-\u9fff])")
"""A heading that runs into its sentence ("学前教育全国共有幼儿园")."""
_CODED = re.compile(rf"^ *{CODE.pattern}")
_PLACE_WORD = re.compile(
    r"^(?:(?:全)?[县市区]?(?:辖区|境|域)内(?:共?有)?|全(?:市|县|区|州|旗|盟|省|国|镇|乡|域)|(?:我|本|该|我们)(?:市|县|区|州|旗|盟|省|镇|乡|校)|市里|县里|区里)(?:范围内|域内|域|内|共|的)?"
)
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d(?:[—~～\-至](?:19|20)?\d\d)?(?:学年度?|年度?|年|(?![\d.人名所个元万亿册台间平米项]))|上一?年度?|去年|今年|本年度?|当年|前年|同期)(?:\d{1,2}月(?:\d{1,2}日)?)?"
    r"(?:上半年|下半年|年底|年末|年初|底|末|初(?!中|级|步|等|三|二|一)|秋季|春季|秋|春)?(?:学期)?(?:以来|起|期间)?"
)
_GENERIC = (
    "支出",
    "经费",
    "投入",
    "收入",
    "金额",
    "数额",
    "人数",
    "总数",
    "总量",
    "数量",
    "数",
    "情况",
    "标准",
    "水平",
    "总额",
    "校数",
    "学校数",
    "均值",
    "平均",
    "区域",
    "县域",
)


LONGEST = 120
"""Characters of a label; more is a sentence without marks, of which the end says most."""


@lru_cache(maxsize=8192)  # the same few words are trimmed again and again
def trim(text: str) -> str:
    """Return ``text`` without periods, place words, connectives and copulas at its edges."""
    previous = None
    current = _CODED.sub("", text.replace("\x00", "")).replace(" ", "")[-LONGEST:]
    current = _BEFORE_PLACE.sub("", current)
    while current != previous:
        previous = current
        current = _TRAIL.sub("", _LEAD.sub("", current))
        current = _PLACE_WORD.sub("", current)
        if match := _PERIOD.match(current):
            current = current[match.end() :]
        tails = [match for match in _PERIOD.finditer(current) if match.end() == len(current)]
        if tails and tails[0].start() > 0:
            current = current[: tails[0].start()]
    return current


def metric_in(text: str, unit: str) -> str | None:
    """Return the id of the last indicator named in ``text`` that can have ``unit``."""
    wanted = dimension(unit)
    fits = [n.id for n in indicators_in(text) if dimension(indicators()[n.id].unit) == wanted]
    return fits[-1] if fits else None


_SPAN = re.compile(r"(?:近|最近|过去|前|这)?(?:\d{1,2}|[一二两三四五六七八九十])年(?:来|间|内)?|累计|共")


def only_time(core: str) -> bool:
    """True if ``core`` says nothing but over which years a number was summed ("近3年累计")."""
    return bool(core) and not _SPAN.sub("", core)


def metric_across(whole: str, part: str, unit: str) -> str | None:
    """Return the indicator that ``whole`` and ``part`` name only together (残疾儿童少年 + 入学率)."""
    wanted = dimension(unit)
    for named in reversed(indicators_in(whole + part)):
        if named.start < len(whole) < named.end and dimension(indicators()[named.id].unit) == wanted:
            return named.id
    return None


def rate_of(words: list[str], core: str, unit: str) -> str | None:
    """Return the rate that ``core`` is of those whom the first of ``words`` that fit name (残疾儿童少年 + 入学率)."""
    for said in words:
        whose = _CHILDREN.match(said)
        for name in (said, whose.group() if whose else ""):
            if found := metric_across(name, core, unit):
                return found
    return None


_CHILDREN = re.compile(r".*?(?:儿童少年|少年儿童|儿童|残儿|子女|幼儿)")
_HEADED = re.compile(
    r"(?P<head>[^,;、]{2,24}(?:标准|定额|额度|限额))(?:分别|依次)?(?:为|是|:)(?P<sub>[\u4e00-\u9fff]{2,12})"
)


def headed(label: str) -> tuple[str, str] | None:
    """Return (what is told, of whom) of the first name in a list ("补助标准为寄宿小学生"), None for any other."""
    match = _HEADED.fullmatch(trim(label))
    return (match["head"], match["sub"]) if match and not bare_stage(match["sub"]) else None


def stage_in(text: str) -> tuple[str, str] | None:
    """Return (stage id, words as printed) of the stage that ``text`` names, outside indicator names.

    Of several the last, but "小学、初中" together are compulsory education, and any other list is no stage.
    """
    names, mark, rest = text.rpartition("等")
    if mark and "、" in names and len(rest) < 12:
        own = stage_in(rest) if rest.strip(" \x00") else None
        return own if own or rest.strip(" \x00") else _all_of_one(names)
    masked = list(text)
    for named in indicators_in(text):
        if not stages_in(text[: named.start] + text[named.end :]):
            continue
        masked[named.start : named.end] = "\x00" * (named.end - named.start)
    found = stages_in("".join(masked))
    found = [n for n in found if not _RECEIVES.search(text[: n.start])] or found
    found = [n for n in found if not _HOUSES.match(text, n.end)]
    if not found:
        return None
    last = found[-1]
    if len(found) > 1 and re.fullmatch(r"[、和与及]|以及", text[found[-2].end : last.start]):
        first = found[-2]
        both = {first.id, last.id} == {"primary", "junior"}
        listed = len(found) > 2 and text[found[-3].end : first.start] in ("、", "和", "与", "及")
        return ("compulsory", text[first.start : last.end]) if both and not listed else None
    return last.id, text[last.start : last.end]


def _all_of_one(names: str) -> tuple[str, str] | None:
    """Return the stage of a list of names if each of them says it."""
    each = [stages_in(name)[-1:] for name in names.split("、")]
    if not all(each) or len({found[0].id for found in each}) != 1:
        return None
    last = names.rpartition("、")[2]
    return each[-1][0].id, last[each[-1][0].start : each[-1][0].end]


_RECEIVES = re.compile(r"(?:分配(?:到|给|至)|下达到|升入|考入|(?<![提上晋])升)(?:各|本[县市区])?$")
"""The stage behind these words is where something goes to, not whose it is (高中招生计划分配到初中的比例)."""
_HOUSES = re.compile(r"附[设属]的?(?:幼|学前)")
"""Behind these words stands what a school houses, of another stage than its own (小学附设幼教点)."""
_NO_GRADE = re.compile(r"[年月最当起本期学]$")


def grade_in(text: str) -> tuple[str, str] | None:
    """Return (stage id, words as printed) of the last grade that ``text`` names ("初一招生")."""
    found = [
        (text.rfind(word) + len(word), len(word), stage.id, word)
        for stage in stages().values()
        for word in stage.grades
        if word in text and not _NO_GRADE.search(text[: text.rfind(word)])
    ]
    return max(found)[2:] if found else None


def implied_stage(text: str) -> str | None:
    """Return the id of the stage that words such as 在园幼儿 belong to though they do not name it."""
    return next((s.id for s in stages().values() if any(word in text for word in s.implied)), None)


def bare_stage(text: str) -> tuple[str, str] | None:
    """Return the stage if ``text`` says nothing but one ("小学", "五、特殊教育", "义务教育阶段学校")."""
    found = stages_in(text)
    if len(found) != 1 or not is_elliptical(text):
        return None
    return found[0].id, text[found[0].start : found[0].end]


_MEAN = re.compile(r"^(?:平均(?:水平|值|数)|均值)(?:为|是|:)?")


def is_elliptical(core: str) -> bool:
    """True if ``core`` names at most a stage, a level of government and a general word like 支出."""
    rest = _MEAN.sub("", core)
    for named in reversed(stages_in(rest)):
        rest = rest[: named.start] + rest[named.end :]
    rest = re.sub(
        r"^(?:各级|各类|地方|在园|在校|学生|幼儿|阶段|学校|教育)+|(?:阶段|学校|教育|学生|幼儿|事业|发展|情况|概况)+$",
        "",
        rest.strip(" 、的"),
    )
    rest = rest.removeprefix("生均")
    for word in _GENERIC:
        rest = rest.removesuffix(word)
    return rest.strip(" 、的:") == ""


def included(stage: str) -> tuple[str, ...]:
    """Return the ids of the stages that a word of ``stage`` may also mean."""
    return stages()[stage].includes


def catalogue_name(metric_id: str) -> str:
    """Return the catalogue's name of an indicator."""
    return indicators()[metric_id].name
