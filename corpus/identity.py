"""What a report says about itself: title, region; its dates are in ``corpus.dating``.

Nothing is guessed: where the text leaves several answers, or none, the answer is None.

* Region: a field (地区:), the title, the signature, the sender in the first lines, the breadcrumb; each is
  a voter in that order, and the first one with exactly one unit decides. Units of the same name ("鼓楼区")
  are told apart by the other places named, and 全县 or 我区 must not contradict the level.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, deque
from dataclasses import dataclass, replace

from corpus import dating
from corpus.gazetteer import COUNTRY, Mention, Place, find, mentions, simplify

Span = tuple[int, int]

_HEAD, _TAIL = 1200, 1200
"""Characters at either end that may hold title, sender, signature and date."""
_READ = 200_000
"""Years and 全县 or 全市 are counted in so many characters; no report needs more to show what it is about."""
_TITLE = 80
_KIND = re.compile(
    r"(?:报告|公告|通报|通知|方案|规划|计划|总结|意见|情况|情况表|统计表|一览表|表|公报|办法|细则|汇报|材料|说明|公示|函|答复|"
    r"解读|制度|要点|清单|概况|简介|自评|工作|评估|细则|条例|规定|批复|决定)(?:[（(][^)）]{1,20}[)）])?$"
)
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．](?!\d)|[一二]是"
)
_TOLD = re.compile(r"现将([^,，。;；:：]{4,40}?)(?:有关)?(报告|公告|汇报|通报|公示|公布|总结)如下")
_UNIT_WORD = re.compile(r"(?:全|我|本)([省市县区旗州])(?![长委域])")
_LEVEL_OF = {"省": "province", "市": "city", "州": "city", "县": "county", "区": "county", "旗": "county"}
_FIELD_REGION = re.compile(
    r"^(?:所属|报告)?(?:地区|区域|行政区划?|填报单位)\s*[:：]\s*(\S{2,24}?)(?=\s|$|(?:数据|报告|统计)?(?:年度|年份)\s*[:：])",
    re.M,
)
_FIELD_URL = re.compile(
    r"^(?:网址|链接|原文(?:链接|地址)?|来源|来源地址|URL|url)\s*[:：]\s*(https?://[^\s]+)", re.M
)
_HOST = re.compile(r"(?:主\s*办|承\s*办|版权所有|版权)(?:单位)?\s*[:：]?\s*(\S{4,24})")
_ORGAN = re.compile(
    r"(?:人民政府(?:办公室|教育督导委员会(?:办公室)?|教育督导室)?|人民政府教育督导委员会办公室|"
    r"教育(?:和体育|体育|和科技|科技|和科学技术|文化体育|文体广电)?(?:局|委员会|厅|体育局)|教(?:体|科|育)局|教委|统计局|财政局|"
    r"教育督导(?:委员会)?(?:办公室|室|局|委员会)|教育工作委员会|党委教育工委|委员会|办公室)$"
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What was found; None and () where the text does not say."""

    title: str
    region: str | None
    region_path: tuple[str, ...]
    year: int | None
    published: dt.date | None
    url: str | None = None


def identify(
    text: str,
    boilerplate: tuple[Span, ...] = (),
    *,
    title: str | None = None,
    published: dt.date | None = None,
    url: str | None = None,
    site: str | None = None,
) -> Identity:
    """Read who a report is about, and when, from its text.

    ``title``, ``published``, ``url`` and ``site`` are what the file itself declares (the head of a web
    page); they are used only where the text agrees or is silent.
    """
    lines = _content_lines(text, boilerplate)
    name = _title(lines, title)
    day = dating.published(text, boilerplate) or published or dating.signed(lines)
    place = _region(text, boilerplate, lines, name, site)
    field = _FIELD_URL.search(text[:_HEAD])
    return Identity(
        name,
        place.name if place else None,
        place.path if place else (),
        dating.data_year(text, boilerplate, name, day),
        day,
        url or (field[1] if field else None),
    )


def name_region(region: str) -> tuple[str, tuple[str, ...]]:
    """The unit's own name and path for a region given by a person; an unknown one is taken as written."""
    named = region.strip()
    found = mentions(named)
    if len(found) == 1 and (found[0].start, found[0].end) == (0, len(named)) and (place := found[0].place):
        return place.name, place.path
    exact = find(named)
    return (exact[0].name, exact[0].path) if len(exact) == 1 else (named, ())


# --- title -----------------------------------------------------------------------------------------


def _content_lines(text: str, boilerplate: tuple[Span, ...]) -> list[str]:
    """The lines near both ends that are not furniture, without blanks around them."""
    lines, position = list[str](), 0
    spans = deque(boilerplate)
    for line in text.split("\n"):
        while spans and spans[0][1] < position + 1:
            spans.popleft()
        if line.strip() and not (spans and spans[0][0] <= position < max(spans[0][1], spans[0][0] + 1)):
            lines.append(line.strip())
        position += len(line) + 1
    return lines


def _title(lines: list[str], declared: str | None) -> str:
    """The declared title where the text begins with it, else the first lines that read as a title."""
    head = [line.lstrip("#").strip() for line in lines[:8]]
    if declared:
        bare = re.split(r"\s*[_|｜—–]{1,2}\s*|\s-\s", declared.strip())
        for part in sorted({declared.strip(), *bare}, key=len, reverse=True):
            if len(part) >= 6 and any(_squeeze(part) in _squeeze("".join(head[i : i + 2])) for i in range(3)):
                return part
    for index, line in enumerate(head[:3]):
        if not _reads_as_title(line):
            break
        joined = line
        for following in head[index + 1 : index + 3]:
            if _KIND.search(joined) or not _reads_as_title(following) or len(joined + following) > _TITLE:
                break
            joined += following
        if _KIND.search(joined):
            return joined
        if index == 0 and not _ORGAN.search(line):
            return line
    if declared and len(declared.strip()) >= 4:
        return re.split(r"\s*[_|｜]\s*|\s-\s", declared.strip())[0]
    for line in lines[:5]:
        if told := _TOLD.search(simplify(line)):
            return told[1] + told[2]
    first = re.split(r"[。！？；;]|[:：]\s*$", _NUMBERED.sub("", head[0][:400]) if head else "")[0]
    figure = re.search(r"(?:达到?|共|为|是)*\s?\d[\d.,]*\s*[%％元人所名万亿]", simplify(first))
    cut = first[: figure.start()] if figure else first
    return cut if len(cut) <= 40 else cut[:40] + "…"


def _reads_as_title(line: str) -> bool:
    return (
        2 <= len(line) <= _TITLE
        and not _NUMBERED.match(line)
        and not re.search(r"[。；;！!?？]|[:：]\s*$|^各|\s\|\s", line)
        and not (dating.dates(line)[:1] and len(line) <= 24)
        and not re.fullmatch(r"[|\-—=*_]+", line)
        and len(re.findall(r"[,，]", line)) <= 1
        and not re.search(r"\d[\d,]*(?:\.\d+)?\s?(?:%|万元|亿元|元|人)", line)
    )


def _squeeze(text: str) -> str:
    return re.sub(r"\s", "", simplify(text))


# --- region ----------------------------------------------------------------------------------------


def _region(
    text: str, boilerplate: tuple[Span, ...], lines: list[str], title: str, site: str | None
) -> Place | None:
    """The unit the report is about, from the strongest place that names exactly one."""
    field = _FIELD_REGION.search(text[:_HEAD])
    senders = [line for line in lines[1:6] if len(line) <= 60 and _ORGAN.search(line.split()[0])]
    signed = [part for line in lines[-8:] if len(line) <= 60 for part in line.split() if _ORGAN.search(part)]
    body = "\n".join(lines)
    known = [m for m in mentions(text[:_HEAD] + "\n" + text[-_TAIL:]) if m.full]
    level = _own_level(body[:_READ])
    foot = [text[start:end] for start, end in boilerplate[-3:]]
    hosts = [m[1] for part in foot for m in _HOST.finditer(simplify(part))]
    crumbs = [text[start:end] for start, end in boilerplate if start <= _HEAD]
    opening = [s for s in lines[:3] if s != title]
    rivals: list[Place] = []
    for voters, whole in (
        ([field[1]] if field else [], True),
        ([title], False),
        (signed, False),
        (senders, False),
        (["\n".join(opening)[:400]], False),
        (hosts, False),
        (crumbs, False),
        ([site] if site else [], False),
    ):
        found = [m for voter in voters for m in mentions(voter) if m.places and m.places[0] != COUNTRY]
        if voters == ["\n".join(opening)[:400]] and level is None and _is_country(body[:_READ]):
            return COUNTRY  # a stretch of a national bulletin names the provinces that grew fastest
        place = _one(found, known, None if whole else level) if found else None
        if place and all(r.path[: len(place.path)] == place.path for r in rivals):
            return place
        if voters == [title] and not place:  # a report on several units is about what holds them all
            rivals = [r for m in found if (r := _resolved(m, known))]
    if rivals:
        return None
    named = {m.places[0] for m in mentions(title)}
    if named == {COUNTRY} and level is None:
        return COUNTRY
    return _frequent(body[:_READ], known, level)


def _own_level(body: str) -> str | None:
    """The level that 全县, 我市 and the like speak of, if they agree."""
    counted = Counter(_LEVEL_OF[m[1]] for m in _UNIT_WORD.finditer(simplify(body)))
    if not counted:
        return None
    (level, most), *others = counted.most_common()
    return level if most > 2 * sum(n for _, n in others) else None


def _fits(place: Place, level: str | None) -> bool:
    """A county-level city calls itself 全市; nothing else crosses levels."""
    return level is None or place.level == level or (level == "city" and place.name.endswith("市"))


def _one(found: list[Mention], known: list[Mention], level: str | None) -> Place | None:
    """The lowest unit that all mentions agree on, or None."""
    units = [p for m in found if (p := _resolved(m, known)) is not None]
    units = [p for p in units if _fits(p, level)]
    if not units and len({p.name for m in found for p in m.places}) == 1:  # namesakes: the name is sure
        place = found[0].places[0]
        return replace(place, path=(place.name,)) if _fits(place, level) else None
    lowest = [
        p
        for p in units
        if not any(len(q.path) > len(p.path) and q.path[: len(p.path)] == p.path for q in units)
    ]
    if len({p.path for p in lowest}) != 1:
        return None
    doubtful = [
        m for m in found if not _resolved(m, known) and lowest[0].name not in {p.name for p in m.places}
    ]
    return None if any(m.full for m in doubtful) else lowest[0]


def _resolved(mention: Mention, known: list[Mention]) -> Place | None:
    """The place meant, told apart from its namesakes by the other places the report names."""
    if mention.place:
        return mention.place
    current = [p for p in mention.places if p.current] or list(mention.places)
    if len(current) == 1:
        return current[0]
    around = {p.path[:n] for m in known if (p := m.place) and p != COUNTRY for n in range(1, len(p.path) + 1)}
    near = [p for p in current if any(p.path[:n] in around for n in range(2, len(p.path)))]
    near = near or [p for p in current if p.path[:1] in around]
    return near[0] if len(near) == 1 else None


def _is_country(body: str) -> bool:
    """True if 全国 is named first, and far more often than anything else."""
    named = [m for m in mentions(body) if m.places]
    country = sum(m.places[0] == COUNTRY for m in named)
    return country >= 3 and named[0].places[0] == COUNTRY and country > 2 * _most(named)


def _most(named: list[Mention]) -> int:
    counted = Counter(m.places[0] for m in named if m.places[0] != COUNTRY)
    return max(counted.values(), default=0)


def _frequent(body: str, known: list[Mention], level: str | None) -> Place | None:
    """The unit that the text names far more often than any other; 全国 only in a text without a unit."""
    counted: Counter[Place] = Counter()
    for mention in mentions(body):
        if mention.full and (place := _resolved(mention, known)) and place.path:
            counted[place] += 1
    country = counted.pop(COUNTRY, 0)
    fitting = Counter({p: n for p, n in counted.items() if _fits(p, level) and p.level != "province"})
    ranked = fitting.most_common(2)
    if ranked and ranked[0][1] >= 2 and (len(ranked) == 1 or ranked[0][1] >= 3 * ranked[1][1]):
        return ranked[0][0]
    return COUNTRY if country >= 3 and level is None and country > 2 * sum(counted.values()) else None
