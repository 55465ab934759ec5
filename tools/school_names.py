"""Which school of a table does a name mean? Its own name or an unmistakable part of it; never a near one.

A short name leaves out in front what only says where a school is (柳塘县城南小学 → 城南小学), or writes it the
usual short way (第三中学 → 三中). A name that fits several schools means none of them until someone says which.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from corpus.folding import fold
from corpus.gazetteer import mentions

KINDS = (
    "九年一贯制学校", "十二年一贯制学校", "一贯制学校", "特殊教育学校", "初级中学", "高级中学", "完全中学", "教学点", "小学校", "小学", "中学", "初中", "学校",
    "校区", "分校", "幼儿园",
)  # fmt: skip
_NUMERAL = "一二三四五六七八九十"
_KIND = re.compile(rf"{'|'.join(KINDS)}|(?<=[{_NUMERAL}\d])[小中](?!学|型|等|心)|实[小验](?=小|中|$)")
_TYPE = re.compile(rf"{'|'.join(KINDS)}|(?<=[{_NUMERAL}\d])[小中]$")
"""What says only of which type a school is: "实验" in front of it is part of a name."""
_PLACE = re.compile(r"^.{1,8}?(?:自治[县区州旗]|[省市县区旗]|[镇乡]|街道|村)(?=.{2,})")
_SHORT = (
    (re.compile(rf"第([{_NUMERAL}\d]+)(?:初级中学|中学)"), r"\1中"),
    (re.compile(rf"第([{_NUMERAL}\d]+)小学"), r"\1小"),
    (re.compile(r"初级中学"), "初中"),
    (re.compile(r"初级中学"), "中学"),
    (re.compile(r"九年一贯制学校|十二年一贯制学校"), "学校"),
    (re.compile(r"实验小学"), "实小"),
    (re.compile(r"中心小学"), "中心校"),
)
_ARABIC = str.maketrans("123456789", "一二三四五六七八九")


@dataclass(frozen=True, slots=True)
class NamedSchool:
    """A school named in a question at ``[start, end)``: the full names that it may mean, none if unknown."""

    start: int
    end: int
    written: str
    names: tuple[str, ...]


def forms(name: str, region: str | None, fronts: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the folded ways to write one school: ``fronts`` are place words that may be left out in front."""
    whole = re.sub(r"\s+", "", fold(name))
    found = {whole, re.sub(r"\(.*?\)", "", whole)}
    short = re.sub(r"(?:自治)?[省市县区州旗]$", "", region or "")
    for each in list(found):
        rest = each
        for front in sorted({region or "", short}, key=len, reverse=True):
            if len(front) >= 2 and rest.startswith(front) and len(rest) - len(front) >= 2:
                rest = rest.removeprefix(front)
                found.add(rest)
                break
        while match := _PLACE.match(rest):
            if not _KIND.search(rest, match.end()):
                break
            found.add(match.group()[:-1] + rest[match.end() :])
            rest = rest[match.end() :]
            found.add(rest)
        for front in fronts:
            if rest.startswith(front) and len(rest) - len(front) >= 3:
                found.add(rest.removeprefix(front))
    for each in list(found):
        for pattern, short_form in _SHORT:
            found.add(pattern.sub(short_form, each))
    found |= {each.translate(_ARABIC) for each in found}
    if len(short) >= 2:
        found |= {
            f"{front}{each}"
            for each in found
            for front in (region or "", short)
            if not each.startswith(short) and _tells(each)
        }
    return frozenset(filter(_tells, found))


def _tells(form: str) -> bool:
    """True for a form that tells a school from others, which its type alone does not."""
    return len(form) >= 2 and form not in KINDS and not _bare(form)


def _bare(form: str) -> bool:
    """True for a form that no longer tells schools apart (小学, 初中)."""
    return form in ("小学", "中学", "初中", "学校", "教学点", "中心校", "完全中学", "初级中学")


@lru_cache(maxsize=64)
def _index(names: tuple[str, ...], region: str | None) -> dict[str, tuple[str, ...]]:
    """Return every way of writing a school with the schools it fits; a full name fits only its own."""
    heads = Counter(fold(name)[:2] for name in dict.fromkeys(names))
    fronts = frozenset(head for head, times in heads.items() if times > 1 and head != fold(region or "")[:2])
    found: dict[str, list[str]] = {}
    full = {re.sub(r"\s+", "", fold(name)) for name in names}
    for name in dict.fromkeys(names):
        for form in forms(name, region, fronts):
            if form in full and form != re.sub(r"\s+", "", fold(name)):
                continue
            found.setdefault(form, []).append(name)
    return {form: tuple(dict.fromkeys(held)) for form, held in found.items()}


def find_schools(text: str, names: Sequence[str], region: str | None) -> list[NamedSchool]:
    """Return the schools of one table named in folded ``text``, the longest way of writing each first."""
    index = _index(tuple(names), region)
    taken: list[tuple[int, int]] = []
    found: list[NamedSchool] = []
    for form in sorted(index, key=lambda f: (-len(f), f)):
        at = text.find(form)
        while at >= 0:
            span = (at, at + len(form))
            if all(span[1] <= a or span[0] >= b for a, b in taken):
                taken.append(span)
                start = _begins(text, at)
                if start == at:
                    found.append(NamedSchool(*span, form, index[form]))
                else:  # "东风实验小学" is not 实验小学
                    found.append(NamedSchool(start, span[1], text[start : span[1]], ()))
            at = text.find(form, span[1])
    return sorted(found, key=lambda n: n.start)


_BOUND = re.compile(
    r"(?:[^\u4e00-\u9fff\d]|^|如果|要是|假如|假设|倘若|万一|若是?|让|使|令|给|从|把|将|向|往|到|对|对于|关于|由|被|和|与|跟|及|同|或|或者|以及|比|像|按|靠|"
    r"那么?|再|还有|还|也|又|就|而|但|只|请问|请|查询?|看看?|问问?|说说?|想知道|知道|告诉我|帮我?|一下|下|一查|的|呢|吗|为什么|为何|凭什么|怎么|怎样|"
    r"是不是|是否|是|有没有|有|在|县里|市里|区里|全县|全市|全区|我县|我市|我区|本县|本市|本区|我们|咱们|县|年|年度|度|说|判定|认定|评估|检查|评价|指出|觉得|"
    r"先|改|换|换成|其中|除了|所以|因为|由于|目前|现在|今年|去年|这所|那所|这个|那个|学校|了)$"
)


def _begins(text: str, at: int) -> int:
    """Return where the name that ends with the form at ``at`` begins: ``at``, or further left if it goes on."""
    before = text[:at]
    if _BOUND.search(before):
        return at
    run = re.search(r"[\u4e00-\u9fff\d]+$", before)
    start = run.start() if run else at
    for cut in range(start, at):
        if _BOUND.search(text[:cut]) and not text[cut:at].startswith(("的", "年")):
            start = cut
    return start if at - start <= 10 else at


_UNKNOWN = re.compile(
    rf"[\u4e00-\u9fff\d]{{1,14}}?(?:小学|中学|初中|一贯制学校|学校|教学点|校区|分校|(?<=[{_NUMERAL}])[小中](?![学型等心]))"
)
_GENERAL = re.compile(
    r"^(?:本|该|我|你|他|它|让|要|进|回|差|缺|够|没|这|那|各|每|有|几|新建|个别|[一二两三四五六七八九十\d]+[所个家])|的|[到在是给]$|过关|哪|几[所个家]|多少|所有|全部|全[县市区]|农村|乡村|城区|镇区|城镇|县城|乡镇|普通|完全|初级|高级|公办|民办|中小|九年|十二年|一贯制|义务|特殊教育|"
    r"达标|未达|合格|薄弱|优质|寄宿|规模|标准|部分|多数|少数|不够|不足|其他|其余|另外|小学|初中|中学|教师|老师|交流|"
    r"实际|指标|要求|均衡|县域|全体|一共|总共|共有|单个|任何|这样|什么|怎么|校际|差异|系数|生均|面积|教室|设备|骨干"
)


def unknown_schools(text: str, found: Iterable[NamedSchool], region: str | None) -> list[NamedSchool]:
    """Return what reads like the name of a school that is not among those ``found``."""
    masked = list(text)
    for named in found:
        masked[named.start : named.end] = "。" * (named.end - named.start)
    plain = "".join(masked)
    strange: list[NamedSchool] = []
    for match in _UNKNOWN.finditer(plain):
        start = match.start()
        for cut in range(match.start(), match.end() - 2):
            if _BOUND.search(plain[:cut]) and cut > 0:
                start = cut
        written = plain[start : match.end()]
        head = re.sub(r"^\d*年", "", _TYPE.sub("", written))
        for place in mentions(head):
            head = head.replace(place.written, "")
        if region:
            short = re.sub(r"(?:自治)?[省市县区州旗]$", "", region)
            head = head.replace(region, "").replace(short, "")
        numbered = re.fullmatch(rf"第?[{_NUMERAL}\d]+", head) and not re.search(r"\d{3}", head)
        if (len(head) >= 2 or numbered) and not _GENERAL.search(head):
            strange.append(NamedSchool(start, match.end(), written, ()))
    return strange


def near(written: str, names: Sequence[str], limit: int = 4) -> tuple[str, ...]:
    """Return schools with names like ``written``: to be offered, never used instead."""
    plain = {fold(name): name for name in names}
    ends = [name for folded, name in plain.items() if folded.endswith(written[-4:]) and len(written) >= 4]
    alike = [plain[hit] for hit in get_close_matches(written, list(plain), n=limit, cutoff=0.4)]
    return tuple(dict.fromkeys([*ends, *alike]))[:limit]
