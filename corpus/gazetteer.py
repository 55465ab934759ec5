"""Where a text names administrative places.

How a written string becomes a mention:

* A name with its suffix ("X县", "X区") is a mention unless its first character belongs to the word before
  it. Full names of two characters ("新县", "和县") must moreover be a word of their own for the tokeniser.
* A bare name ("安吉") is a mention if it ends where words end and is no ordinary word. Ordinary ("和平",
  "合作", "新建") is what the tokeniser's dictionary lists with that frequency as something other than a
  place, or what ``_ORDINARY`` lists; such a name counts only behind its own province or city, or at the
  start of a clause before a year or 的教育. Names of prefecture level and above always count.
* A bare name that begins the name of a road, school or township ("中山路", "中山小学") is none.
* Names in a row that lie in each other ("某省某市某区") are one mention of the lowest place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from corpus.places import COUNTRY, RANK, Level, Place, find, names, narrow, simplify

__all__ = ["COUNTRY", "Level", "Mention", "Place", "find", "mentions", "simplify", "unknown_places"]

_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        新建 新城 平原 江南 江北 江东 中原 天桥 城东 城西 长寿 吉利 泰来 太平 海港
        安宁 古城 东湖 南湖 西湖 南山 西山 东海 南海 江山 商城 大城 新河 龙门 花山
        路桥 西城 东城 牡丹 天门 北流 大关 通城 兴国 太湖 河东 河西 象山 双城 通江 向阳 凤凰
        红旗 友谊 高明 小河 宝塔 元宝 博爱 方正 木兰 钟楼 新星 红星 七星 阳春 康乐
        白玉 惠农 乐业 惠民 新安 光明 东方 文化 开发 建设
        """,
    )
)
_ANY_TOWN = frozenset({"市中区", "城中区", "城关区", "新城区", "工农区", "城东区", "城西区", "城北区"})
"""Full names that also are words for a part of any town."""
_NOT_BEHIND_NAME = re.compile(
    r"路|街|大道|巷|桥|中学|小学|学校|幼儿园|镇|乡|街道|村|社区|大学|学院|师范|附[中小属]|[一二三四五六七八九十]中|"
    r"高中|初中|实验|第[一二三四五六七八九十]"
)
_CLAUSE_START = re.compile(r"(?:^|[\s,，。;；:：!！?？、（(“\"《|和与跟同比较在问])$")
_BEHIND_DOUBTFUL = re.compile(
    r"\s*(?:[12]\d{3}|去年|今年|前年|上年|的(?:教育|小学|初中|高中|幼儿园|学校|学生|教师|生均))"
)
_AWARD = re.compile(
    r"[^,，。;；:：\n]{0,16}?(?:均衡发展[县区市]|普及普惠[县区市]|示范|先进|百强|十佳|优秀|大会|会议|课题|文明|劳模|"
    r"人大|政协|两会|监测系统|竞赛|比赛|等奖|先行|试点|名校|教育科学)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place name in a text; ``places`` are all units it may mean, highest level first.

    ``full`` says that the name is written with its 省, 市, 县 or 区.
    """

    start: int
    end: int
    written: str
    places: tuple[Place, ...]
    full: bool

    @property
    def place(self) -> Place | None:
        """The place, if only one can be meant."""
        return self.places[0] if len(self.places) == 1 else None


@lru_cache(maxsize=8192)
def _ordinary(short: str) -> bool:
    """Whether a bare name is rather an ordinary word (see the module's text for the rule)."""
    import rjieba

    if short in _ORDINARY:
        return True
    if len(short) > 2:
        return False
    tags = [tag for _, tag in rjieba.tag(short)]
    if len(tags) > 1:
        return any(tag[0] in "cpudfmrqv" for tag in tags)
    if not rjieba.has_word(short):
        return False
    frequency = int(rjieba.suggest_freq(short))
    if tags[0] == "ns":
        return False
    return frequency >= (200 if tags[0].startswith(("nr", "nz")) else 30)


def _boundaries(text: str) -> set[int]:
    import rjieba

    cuts, position = {0}, 0
    for token in rjieba.cut(text):
        position += len(token)
        cuts.add(position)
    return cuts


def _accept_full(text: str, start: int, end: int, cuts: set[int]) -> bool:
    name = text[start:end]
    if name == "全国":
        return not _AWARD.match(text, end) and not re.search(
            r"(创建|荣获|获评|上榜|获得|评为|获)$", text[max(0, start - 3) : start]
        )
    if end - start == 2:
        own_word = start in cuts and (
            end in cuts or text[end - 1 : end + 1] not in {"区域", "县域", "县城", "市场"}
        )
        if not own_word or text[start - 1 : start] in tuple("市县区省州"):
            return False
        if name[1] == "区":  # 城区, 东区: words of every town
            return False
        import rjieba

        if _part_of_longer(text, start, cuts):
            return False
        stem = rjieba.tag(name[0])[0][1][0]
        return stem not in "cpvdfmru" or bool(_CLAUSE_START.search(text[max(0, start - 1) : start]))
    if name in _ANY_TOWN and not _CLAUSE_START.search(text[max(0, start - 1) : start]):
        return False
    if _follows_office(text, start):
        return False
    return start in cuts or not _breaks_word(text, start, cuts)


def _part_of_longer(text: str, start: int, cuts: set[int]) -> bool:
    """Whether one character stands before a short name that only makes sense as part of it (an unlisted X新县)."""
    import rjieba

    before = text[start - 1 : start]
    if not "\u4e00" <= before <= "\u9fff" or start - 1 not in cuts:
        return False
    return rjieba.tag(before)[0][1][0] not in "cpvudfrm"


def _follows_office(text: str, start: int) -> bool:
    """Whether an office stands right before the name: it then begins with a verb (县教育局会同县残联)."""
    return text[start - 1 : start] in tuple("局委厅办") and start > 0


def _breaks_word(text: str, start: int, cuts: set[int]) -> bool:
    """Whether the word that holds the character before ``start`` goes on over it and is a known word."""
    import rjieba

    left, right = start, start + 1
    while left > 0 and left not in cuts:
        left -= 1
    while right < len(text) and right not in cuts:
        right += 1
    return left < start and bool(rjieba.has_word(text[left:right]))


_OTHER_RANK = re.compile(r"[市县区旗](?!域|城|场|级|区|县|直|内|外|委|长|政|人)")
"""A suffix that the listed name does not have: the county X县 is not the district X区 of another city."""


def _accept_short(text: str, start: int, end: int, places: tuple[Place, ...], cuts: set[int]) -> bool:
    if _NOT_BEHIND_NAME.match(text, end) or start not in cuts or _OTHER_RANK.match(text, end):
        return False
    if end not in cuts and end - start < 3 and text[end : end + 1] not in tuple("市县区省州"):
        return False
    if any(RANK[p.level] < 3 for p in places) and text[start:end] not in _ORDINARY:
        return True
    if not _ordinary(text[start:end]):
        return True
    return bool(_CLAUSE_START.search(text[max(0, start - 1) : start]) and _BEHIND_DOUBTFUL.match(text, end))


def _within(outer: tuple[Place, ...], inner: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(
        p for p in inner if any(len(o.path) < len(p.path) and p.path[: len(o.path)] == o.path for o in outer)
    )


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the places that ``text`` names, left to right, longest name first."""
    known, plain = names(), simplify(text)
    found: list[Mention] = []
    free, lines_from, cuts = 0, -1, set[int]()
    for position, pair in enumerate(pairwise(plain)):
        if pair not in known.lengths or position < free:
            continue
        for size in known.lengths[pair]:
            word, end = plain[position : position + size], position + size
            full = word in known.full
            places = known.full.get(word) or known.short.get(word)
            if len(word) < size or not places:
                continue
            line = plain.rfind("\n", 0, position) + 1
            if line != lines_from:  # tokenise only lines that hold a name
                stop = plain.find("\n", position)
                lines_from, cuts = (
                    line,
                    {line + cut for cut in _boundaries(plain[line : stop if stop >= 0 else None])},
                )
            before = found[-1] if found and found[-1].end == position else None
            inner = _within(before.places, places) if before else ()
            if before and inner and (full or end in cuts):
                found[-1] = Mention(before.start, end, text[before.start : end], narrow(inner), full)
            elif (full and _accept_full(plain, position, end, cuts)) or (
                not full and _accept_short(plain, position, end, places, cuts)
            ):
                found.append(
                    Mention(position, end, text[position:end], places if full else narrow(places), full)
                )
            else:
                continue
            free = end
            break
    return tuple(found)


_NOT_IN_NAMES = frozenset("vdprtcujm")
"""Word classes (jieba's first letters) that a word of two characters in a place name never has."""
_GENERIC = re.compile(
    r"[省国部市县区一二三四五六七八九十两多\d].*|"
    r"[我本全各该某此每一两三多几哪什城镇校地社园学片新老市县郊矿辖乡灾山库林牧景东西南北中省外内同跨]$|"
    r".*(示范|先进|试验|实验|开发|试点|达标|合格|自治|自由|功能|均衡|优质|普惠|强|百强|所有|其他|其它|周边|邻近|附近|"
    r"贫困|脱贫|同类|兄弟|直辖|地级|县级|副省级|大城|中心|主城|农村|乡村|城乡|教育|发展|普及|保税|高新|经开|哪个|哪些|"
    r"几个|多个|两个|三个|个|全|我|本|各|该|某|城|校|社|园|学|片|辖|镇|牧|景|服务|工业|产业|旅游|风景|革命老|"
    r"地|郊|市|县|区|省)$"
)
_LEAD = re.compile(
    r"[^\u4e00-\u9fff]|请问|询问|查询|查一下|问|查|还有|那么|那|关于|告诉我|告诉|请|比起|相比|想知道|知道|统计|属于|位于|"
    r"[和与跟比较在对从到把给让是的了为及或看说将]"
)
_NO_SUFFIX = re.compile(r"[长委直级域城场民管内里间外属区县市容面价值辖]")


def unknown_places(text: str) -> tuple[Mention, ...]:
    """Return strings that look like a place name but are in no gazetteer; meant for questions.

    Precision comes first: the name must begin where a clause or a word begins, have two to four
    characters before 市, 县, 区, 旗 or 州 (or one, before 县), and not be a kind of area (校区, 示范区).
    """
    import rjieba

    plain, taken = simplify(text), mentions(text)
    found: list[Mention] = []
    for match in re.finditer(r"[市县区旗州]", plain):
        end, floor = match.end(), 0
        if any(m.start < end <= m.end for m in taken) or _NO_SUFFIX.match(plain, end):
            continue
        wrong = next((m for m in taken if m.end == match.start() and not m.full), None)
        if wrong:  # a known name with the suffix of another unit
            found.append(Mention(wrong.start, end, text[wrong.start : end], (), True))
            continue
        floor = max((m.end for m in (*taken, *found) if m.end < end), default=0)
        start = max((lead.end() for lead in _LEAD.finditer(plain, floor, match.start())), default=floor)
        stem = plain[start : match.start()]
        if not 1 <= len(stem) <= 4 or _GENERIC.match(stem) or (len(stem) == 1 and match[0] != "县"):
            continue
        if len(stem) > 1 and any(tag[0] in _NOT_IN_NAMES for _, tag in rjieba.tag(stem) if len(_) > 1):
            continue
        tags = rjieba.tag(plain[start:end])
        # The dictionary's names of places and persons may be unknown places; its other words (社区) are none.
        if rjieba.has_word(plain[start:end]) and tags[0][1] not in {"ns", "nr"}:
            continue
        found.append(Mention(start, end, text[start:end], (), True))
    return tuple(found)
