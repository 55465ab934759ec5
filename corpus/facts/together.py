"""Names and numbers told apart: "A、B、C分别为1、2、3" pairs the first with the first.

The names stand before 分别 or 依次 in its clause ("小学、初中专任教师分别为…", "2021年、2022年在校生分别为…"),
or they are those of numbers read before ("小学86人,初中61人(标准分别为…)"): then the list only says its own part.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import pairwise

from corpus.catalogue import indicators_in, stages_in
from corpus.facts import averages, cues, labels
from corpus.facts.parts import words
from corpus.facts.times import Clock
from corpus.model import Period, Quantity, Role

_RESPECTIVELY = re.compile(
    rf"(?:分别|依次)(?:约|各)?(?:为|是|有|完成|占|(?:比|较)(?P<than>[^,;。]{{1,16}}?)?(?=增|下降|减|提|降|上升|高|低|多|少)|"
    rf"(?P<to>(?:{cues.UP}|{cues.DOWN})(?:到|至|为)|达到?)|(?P<up>{cues.UP})|(?P<down>{cues.DOWN}))*了?(?:约|近|到)?:?"
)
_TIMED = re.compile(r"年|期|季|月")
_OPENING = re.compile(
    r"(?:约|近)?|(?!比|较|占)[\u4e00-\u9fff]{1,10}|[^,;。、\d]{1,16}的(?:比例|比重)?(?:为|约)?(?:了|约|近)?"
)
_WAY = rf"(?:(?P<up>{cues.UP})|(?P<down>{cues.DOWN}))(?:了|约)?"
_BETWEEN = re.compile(rf"[ 、,和及与\x00]*|[、,](?:约|近)|、?以及|[、,和]{_WAY}")
_JOIN = re.compile(r"、|和(?!谐|平)|以及|及(?!其|以|格|时)|与")
_PAST = re.compile(
    r"^(?:而|同期|较)?(?:上一?年度?|去年|上一?学年|上年同期|去年同期|前年|(?:19|20)\d\d(?:年度?|[—~\-至](?:19|20)?\d\d学年度?))(?:同期)?(?:的|为)?$"
)
_STANDARD = re.compile(
    r"^(?:国家|省定|省级|国定|评估|规定|相应|最低)*(?:标准|要求|底线|限值)(?:值)?(?:要求)?$"
)
_SINCE = re.compile(r"(?:同口径)?(?:同比|环比)")
_HELD_TO = re.compile(
    r"(?:均|都|也|全部|且)*(?:不?(?:低|高)于|优于|超过|达到|符合|小于|大于|满足)(?:了)?(?:国家|省级?|市级?|评估|规定|标准|要求|控制|定|值|线|数|的|为)*"
)
"""What leads to the bounds of the numbers that a list told before ("低于省定0.6%和1.8%的控制线")."""
_YEARS = re.compile(r"(?:近|这|上述|各)?(?:[两二三四五六]|各)年$")
_ITEMS = re.compile(
    r"(?P<n>[一二三四五六七八九十]|\d{1,2})(?:项|个|类)(?:核心|主要|资源配置|评估)?指标[^。]*差异"
)
_POINTS = ("百分点", "千分点")
MOST = 24
"""Numbers in one list; the longest in use are seven or eight."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says of one of its numbers.

    ``name`` is the full name that the list gives the number, or only the part that all share when the
    names are those of ``count`` numbers told before (``follows``); ``time`` is the place of its own year.
    """

    name: str
    index: int
    count: int
    follows: bool = False
    role: Role | None = None
    direction: str | None = None
    time: tuple[int, int] | None = None
    items: bool = False
    than: str | None = None
    """What all are compared with, if that is no earlier time ("分别比规定标准高0.92人、0.78人")."""
    unit: str = ""
    """The unit that only the last number of the list has ("分别为12、15、18所")."""
    key: str | None = None
    """The year of the number where the list goes with a span of years ("2020年至2023年…分别为")."""


def pair(masked: str, start: int, end: int, quantities: list[Quantity], clock: Clock) -> dict[int, Listed]:
    """Return {start of a quantity: what its list says} for the 分别 and 依次 lists of a sentence.

    A list whose names and numbers are not equally many is left alone: pairing it would be a guess.
    """
    found: dict[int, Listed] = {}
    periods = clock.during(start, end)
    starts = [q.full_start for q in quantities]
    told: tuple[str, ...] = ()  # the years of the list before: 支出分别为…,拨款三年分别为…
    for match in _RESPECTIVELY.finditer(masked, start, end):
        first = bisect_left(starts, match.end())
        numbers = _numbers(masked, match.end(), end, quantities[first:])
        if len(numbers) < 2:
            continue
        left = max(masked.rfind(mark, start, match.start()) for mark in ",;:。\n(") + 1
        left = max(left, start, match.start() - 160)
        if first and quantities[first - 1].full_end > left:
            left = quantities[first - 1].full_end  # 肢体残疾43人、言语残疾和听力残疾分别为17人、22人
        role, direction = _role(match, numbers[-1].unit)
        verb = masked[match.end() : numbers[0].full_start].strip(" \x00")
        verb = "" if verb in ("约", "近") else verb
        tail = ("占" if match.group().endswith("占") else "") + verb
        unit = numbers[-1].unit if not numbers[0].unit or numbers[-1].unit in _POINTS else ""
        ways = _ways(masked, numbers, direction)
        names = _names(masked, left, match.start(), len(numbers), periods)
        years = () if names else clock.each_year(left, match.start(), len(numbers))
        if names is None and not years and masked[left - 1 : left] == ",":
            before = max(masked.rfind(mark, start, left - 1) for mark in ",;:。\n(") + 1
            years = clock.each_year(max(before, start, left - 80), left, len(numbers))
        own = masked[left : match.start()].strip(" \x00、")
        if years:
            told = clock.listed = years
        elif (names is None and len(told) == len(numbers) > 2) or (
            len(clock.listed) == len(numbers) and _YEARS.search(own)
        ):
            years = clock.listed if not (_STANDARD.match(own) or _PAST.match(own)) else ()
            own = _YEARS.sub("", own)
        if names is not None:
            for index, (number, (name, time)) in enumerate(zip(numbers, names, strict=True)):
                found[number.start] = Listed(
                    name + tail, index, len(numbers), role=role, direction=ways[index], time=time, unit=unit
                )
            continue
        if years:
            for index, number in enumerate(numbers):
                found[number.start] = Listed(
                    own + tail,
                    index,
                    len(numbers),
                    role=role,
                    direction=ways[index],
                    unit=unit,
                    key=years[index],
                )
            continue
        than = match["than"] if match["than"] and not _TIMED.search(match["than"]) else None
        items = _lists_items(masked[max(start, match.start() - 300) : match.start()], len(numbers))
        own = "" if _SINCE.fullmatch(own) else own
        if _STANDARD.match(own):
            role = "limit"
        elif _PAST.match(own) and "学年" not in own:
            role = "base"
        for index, number in enumerate(numbers):
            found[number.start] = Listed(
                own + tail, index, len(numbers), True, role, ways[index], items=items, unit=unit, than=than
            )
    found.update(_bare(masked, start, quantities, found))
    found.update(_each_year(masked, start, quantities, found, clock))
    return found


_RECENT = re.compile(r"(?:近|最近|过去|前)(?P<n>[二两三四五六])年")


def _each_year(
    masked: str, start: int, quantities: list[Quantity], known: dict[int, Listed], clock: Clock
) -> dict[int, Listed]:
    """Return the lists that tell a number for each of the last years ("近三年招聘教师312人、287人和265人")."""
    found: dict[int, Listed] = {}
    for index, first in enumerate(quantities):
        left = max(masked.rfind(mark, start, first.full_start) for mark in ",;:。\n(") + 1
        own = masked[max(left, start, first.full_start - 60) : first.full_start]
        match = _RECENT.match(own.strip(" \x00"))
        if match is None or first.start in known or (index and quantities[index - 1].full_end > left):
            continue
        count = " 一二三四五六".find(match["n"].replace("两", "二"))
        numbers = _numbers(masked, first.full_start, first.end + 200, quantities[index:])
        years = clock.each_year(max(left, start), first.full_start, count) if len(numbers) == count else ()
        for place, number in enumerate(numbers if years else []):
            found[number.start] = Listed(own, place, count, key=years[place])
    return found


_SPREAD = re.compile(r"其?(?:校际)?差异系数(?:为|是)?")


def _bare(masked: str, start: int, quantities: list[Quantity], known: dict[int, Listed]) -> dict[int, Listed]:
    """Return the lists without 分别: averages and spreads of two numbers told before ("小学…、初中…,生均5.0平方米、6.4平方米")."""
    found: dict[int, Listed] = {}
    index = 0
    while index < len(quantities):
        first = quantities[index]
        left = max(masked.rfind(mark, start, first.full_start) for mark in ",;:。\n(") + 1
        own = masked[max(left, start) : first.full_start].strip(" \x00")
        numbers = [first]
        if first.start not in known and (averages.bare(labels.trim(own)) or _SPREAD.fullmatch(own)):
            numbers = _numbers(masked, first.full_start, first.end + 200, quantities[index:])
        told = index and known.get(quantities[index - 1].start)
        if (
            told
            and first.start not in known
            and _HELD_TO.fullmatch(masked[max(left, start) : first.start].strip(" \x00"))
        ):
            bounds = _numbers(masked, first.start, first.end + 200, quantities[index:])
            if len(bounds) == told.count == told.index + 1 and first.unit == quantities[index - 1].unit:
                for place, number in enumerate(bounds):
                    found[number.start] = Listed(own, place, len(bounds), follows=True, role="limit")
                index += len(bounds)
                continue
        if len(numbers) > 1:
            for place, number in enumerate(numbers):
                found[number.start] = Listed(own, place, len(numbers), follows=True)
        index += max(1, len(numbers))
    return found


def _ways(masked: str, numbers: list[Quantity], first: str | None) -> list[str | None]:
    """Return the direction of each number of a list of changes ("分别增长1.2%、下降0.6%")."""
    found = [first]
    for before, number in pairwise(numbers):
        way = re.search(_WAY + "$", masked[before.full_end : number.full_start].rstrip())
        found.append(("up" if way["up"] else "down") if way and first else first)
    return found


def _lists_items(words: str, count: int) -> bool:
    """True if ``words`` speak of the differences in just ``count`` indicators ("上述7项指标的校际差异系数")."""
    match = _ITEMS.search(words)
    return match is not None and match["n"] in (str(count), " 一二三四五六七八九十"[count : count + 1])


def _role(match: re.Match[str], unit: str) -> tuple[Role | None, str | None]:
    if match["to"] or not (match["up"] or match["down"]):
        return None, None
    return ("rate" if unit in ("%", "‰", "倍") else "change"), ("up" if match["up"] else "down")


def _numbers(masked: str, begin: int, end: int, quantities: list[Quantity]) -> list[Quantity]:
    """The list goes on while only 、 , 和 stand between its numbers, all of one unit or the last one's."""
    taken: list[Quantity] = []
    at = begin
    for quantity in quantities[:MOST]:
        between = masked[at : quantity.full_start].strip(" \x00")
        if not (_OPENING if not taken else _BETWEEN).fullmatch(between) or quantity.full_start >= end:
            break
        points = quantity.unit in _POINTS and all(q.unit == "个" for q in taken)  # 2.1个和0.9个百分点
        if taken and quantity.unit != taken[0].unit and (taken[-1].unit or not quantity.unit) and not points:
            break
        taken.append(quantity)
        at = quantity.full_end
        if quantity.unit != taken[0].unit:
            break
    return taken


def _names(
    masked: str, left: int, right: int, count: int, periods: list[Period]
) -> list[tuple[str, tuple[int, int] | None]] | None:
    """Return the full names in ``masked[left:right]`` with the places of their years, if ``count`` fit."""
    text = masked[left:right]
    within = [p for p in periods if left <= p.start and p.end <= right]
    years = [p for p in within if p.key or p.relative]
    if len(years) == count:
        head, tail = masked[left : years[0].start], masked[years[-1].end : right]
        joins = [masked[a.end : b.start] for a, b in pairwise(years)]
        if all(re.fullmatch(r"[ 、,和及与]*", join) for join in joins):
            return [((head + tail).strip(" \x00、"), (p.start, p.end)) for p in years]
    parts = _parts(text)
    if len(parts) == count:
        head, tail = _shared(parts)
        return [
            (_whole(name, head if index else "", tail if index < count - 1 else ""), None)
            for index, name in enumerate(parts)
        ]
    if listed := _before_colon(masked, left, text, count):
        return listed
    stages = stages_in(text)
    if len(stages) == count:
        head, tail = text[: stages[0].start], text[stages[-1].end :]
        return [(f"{head}{text[s.start : s.end]}{tail}".strip(" \x00、"), None) for s in stages]
    return None


_COLON_REACH = 60


def _before_colon(
    masked: str, left: int, text: str, count: int
) -> list[tuple[str, tuple[int, int] | None]] | None:
    """Return the names that the words before a colon list for each stage behind it, None where they list no ``count``.

    "配备音乐、美术专用教室:小学分别为1.24间、1.19间,初中分别为…"
    """
    if labels.bare_stage(text) is None or len(stages_in(text)) != 1:
        return None
    colon = masked.rfind(":", max(0, left - 4 * _COLON_REACH), left)
    if colon < 0 or any(mark in masked[colon:left] for mark in "。;\n"):
        return None
    begin = max(masked.rfind(mark, max(0, colon - _COLON_REACH), colon) for mark in ",;。:\n") + 1
    parts = _parts(masked[max(begin, colon - _COLON_REACH) : colon])
    if len(parts) != count:
        return None
    head, tail = _shared(parts)
    stage = text.strip(" \x00")
    return [
        (stage + _whole(name, head if index else "", tail if index < count - 1 else ""), None)
        for index, name in enumerate(parts)
    ]


def _whole(name: str, head: str, tail: str) -> str:
    name = name.strip(" \x00")
    return (
        (head if head and not name.startswith(head) else "")
        + name
        + (tail if tail and not name.endswith(tail) else "")
    )


def _parts(text: str) -> list[str]:
    """Split at 、 and 和, but not inside the names of indicators ("体育、艺术专任教师")."""
    hidden = list(text)
    for named in indicators_in(text):
        for at in range(named.start, named.end):
            hidden[at] = "\x01"
    parts, begin = [], 0
    for match in _JOIN.finditer("".join(hidden)):
        parts.append(text[begin : match.start()])
        begin = match.end()
    parts.append(text[begin:])
    return [part for part in parts if part.strip(" \x00")]


_GOVERNMENT = r"(?:中央|国家|省级?|市级?|县级?|区级?|州级?|旗级?|乡镇级?|镇级?|本级)"
_LEVEL_ENDS = re.compile(rf"{_GOVERNMENT}$")
_LEVEL_OPENS = re.compile(_GOVERNMENT)
_MEASURES = re.compile(
    r"(?:专用教室|功能教室|教室|专任教师|教师|(?:项目)?(?:已|累计)?(?:完成|到位|总)?投资|(?:专项)?资金|经费|支出|补助|面积|比例|占比|人数|[\u4e00-\u9fff]{2}率)$"
)
"""What the last name of a list measures, and with it those before that measure nothing by themselves."""
_PLACES = re.compile(r"[\u4e00-\u9fff]{1,7}?(?:街道|新区|开发区|镇|乡|县|区|市)(?P<rest>.+)")


def _shared(parts: list[str]) -> tuple[str, str]:
    """Return what the first name carries for all before its own part, and the last one after it.

    "生均图书小学、初中" shares 生均图书; "小学、初中专任教师" shares 专任教师; "公办园、民办园在园幼儿" shares 在园幼儿.
    """
    first, last = parts[0].strip(" \x00"), parts[-1].strip(" \x00")
    a, b = stages_in(first), stages_in(last)
    if a and b:
        head = first[: a[-1].start] if a[-1].end == len(first) and b[0].start == 0 else ""
        rest, own = last[b[0 if len(b) == 1 else -1].end :], first[a[-1].end :]
        plain = re.sub(r"\d+(?:\.\d+)?", "0", own)
        if plain and len(own) <= len(rest) and re.sub(r"\d+(?:\.\d+)?", "0", rest).startswith(plain):
            rest = rest[len(own) :]  # 小学45人以内、初中50人以内的班级
        elif own:
            rest = ""
        return head, rest
    asked = words().respondents.match(last)
    if (
        asked
        and asked.end() < len(last)
        and all(words().respondents.fullmatch(part.strip(" \x00")) for part in parts[:-1])
    ):
        return "", last[asked.end() :]
    mine, yours = _LEVEL_ENDS.search(first), _LEVEL_OPENS.match(last)
    if mine and yours and all(_LEVEL_OPENS.fullmatch(part.strip(" \x00")) for part in parts[1:-1]):
        return first[: mine.start()], last[yours.end() :]  # 改造校舍中央和省级资金
    place = _PLACES.match(last)
    if place and all(_PLACES.fullmatch(part.strip(" \x00") + "-") for part in parts[:-1]):
        return "", place["rest"]
    if len(first) >= 2 and not a and not b:
        at = last.find(first[-1])
        if 0 < at < len(last) - 1:
            return "", last[at + 1 :]
        measure = _MEASURES.search(last)
        if (
            measure
            and measure.start()
            and not any(_MEASURES.search(part.strip(" \x00")) for part in parts[:-1])
        ):
            return "", measure.group()  # 校舍维修和新建幼儿园项目完成投资
    return "", ""
