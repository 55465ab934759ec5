"""From the words around a number to its label, metric, stage and subject."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.catalogue import indicators, indicators_in, stages, stages_in
from corpus.units import dimension

_LEAD = re.compile(
    r"^(?:[ \x00、,;:。()\-—|*·•]|\d{1,2}[.、](?!\d)|\d{1,2}[.、](?=(?:19|20)\d\d年)|[一二三四五六七八九十]{1,3}、|[①-⑳]|[一二三四五六七八九]是|首次|首度|再次|其中|此外|另外|另有|另|同时|以及|并且|而且|并|且|及|和|与|包括|含|分别|各|同期|"
    r"截至目前|截止目前|截至|截止|目前|现在|至今|一年来|近年来|今年|本年|当年|全年|年内|先后|累计|现有(?=[\u4e00-\u9fff]{2})|"
    r"的|还|也|又|仅|只|已经|已|共计|总计|合计|总共|一共|共(?!同|享|青|产|建))+"
)
_TRAIL = re.compile(
    r"(?:[ \x00、,;:。()]|为|是|有|达到了?|达|到|至|共计|总计|合计|总共|共有|一共|共|约|已|仅|只|计|分别|均|各|率先|的|了|约为|增至|实现|完成)+$"
)
_PLACE_WORD = re.compile(
    r"^(?:全(?:市|县|区|州|旗|盟|省|国|镇|乡|域)|(?:我|本|该|我们)(?:市|县|区|州|旗|盟|省|镇|乡|校)|市里|县里|区里)(?:范围内|域内|域|内|共|的)?"
)
_PERIOD = re.compile(
    r"(?:(?:19|20)\d\d(?:[—~～\-至](?:19|20)?\d\d)?(?:学年度?|年度?|年)?|上一?年度?|去年|今年|本年度?|当年|前年|同期)(?:\d{1,2}月(?:\d{1,2}日)?)?(?:上半年|下半年|年底|年末|年初|底|末|初|秋季|春季|秋|春)?(?:学期)?(?:以来|起|期间)?"
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
)


@dataclass(frozen=True, slots=True)
class Label:
    """``text`` as printed around the number; ``metric`` the shortest name that still says what it is."""

    text: str
    metric: str
    metric_id: str | None
    stage: str | None
    subject: str | None
    elliptical: bool


def trim(text: str) -> str:
    """Return ``text`` without periods, place words, connectives and copulas at its edges."""
    previous = None
    current = text.replace("\x00", "").replace(" ", "")
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


def stage_in(text: str) -> tuple[str, str] | None:
    """Return (stage id, word as printed) of the last stage named in ``text``, outside indicator names."""
    masked = list(text)
    for named in indicators_in(text):
        if not stages_in(text[: named.start] + text[named.end :]):
            continue
        masked[named.start : named.end] = "\x00" * (named.end - named.start)
    found = stages_in("".join(masked))
    return (found[-1].id, text[found[-1].start : found[-1].end]) if found else None


def is_elliptical(core: str) -> bool:
    """True if ``core`` names at most a stage, a level of government and a general word like 支出."""
    rest = core
    for named in reversed(stages_in(core)):
        rest = rest[: named.start] + rest[named.end :]
    rest = re.sub(
        r"^(?:各级|各类|地方|在园|在校|学生|幼儿|阶段|学校|教育)+|(?:阶段|学校|教育|学生|幼儿)+$",
        "",
        rest.strip(" 、的"),
    )
    rest = rest.removeprefix("生均")
    for word in _GENERIC:
        rest = rest.removesuffix(word)
    return rest.strip(" 、的:") == ""


def stage_name(stage: str) -> str:
    return stages()[stage].name
