"""Dates and the year of the figures: when a report was published, and which year it is about.

The year comes from a field (年度:), else the title, else it is the year that most statements with figures
are about. Years behind 比 or 较, in titles of documents, in plans, and the publication do not count. A report that
says of which time its figures are ("数据截至2023年9月", "所用数据为2022/2023学年") is believed before its years are counted.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections import Counter

from corpus.folding import fold
from corpus.gazetteer import simplify
from corpus.passages import sentences
from corpus.periods import read_periods

Span = tuple[int, int]

_HEAD = 1200
"""Characters at the top that may hold fields."""
_READ = 200_000
"""Years are counted in so many characters; no report needs more to show which year it is about."""
_FIELD_YEAR = re.compile(r"(?:^|[\s省市县区旗州])(?:数据|报告|统计)?(?:年度|年份)\s*[:：]\s*((?:19|20)\d\d)")
_YEAR = re.compile(
    r"(?<![\d.〔【\[（(])((?:19|20)\d\d)(?=\s?(?:年|学年|[—~～\-至]+\s?(?:19|20)?\d\d\s?(?:学?年)))"
)
_RANGE = re.compile(r"((?:19|20)\d\d)\s?年?\s?[—~～\-至]+\s?((?:19|20)\d\d)\s?(?:学?年)?")
_DATE = re.compile(
    r"((?:19|20)\d\d)\s?(?:年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日|([-/.])(\d{1,2})\4(\d{1,2}))(?!\d)"
)
_CN_DATE = re.compile(
    r"([二〇○零Ｏ0一三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
_MONTH_LINE = re.compile(r"[(（]?\s*((?:19|20)\d\d)年\s?\d{1,2}月(?:\s?\d{1,2}日)?\s*[)）]?")
_DATE_FIELD = re.compile(r"(?:日\s*期|时\s*间)\s*[:：]\s*$")
_FIGURE = re.compile(r"\d[\d.,]*\s*(?:%|％|万|亿|元|人|名|所|个|平方|册|台|间|班)")
_COMPARED = re.compile(r"(?:比|较|同比|对比|与|和|从|由|自|到|至|截至到?)\s*$")
_AHEAD = re.compile(
    r"计划|拟|预计|力争|将|目标|下一步|打算|规划到|争取|到20\d\d年(?:底|末)?[,，]?(?:[^,，。;；]{0,20})(?:实现|达到|力争|提高到)"
    r"|20\d\d年(?:\d{1,2}月)?(?:底|末|初|中旬|上旬|下旬)?(?:以|之)?前(?!三?季度|[一二三四五六七八九十\d]+个?月|半年|景)"
)
"""A time to come, or a deadline."""
_DECLARED = re.compile(
    r"(?:数据|统计|指标)(?:采集|统计|时点|时间|截[止至]|口径)*(?:均|都|统一)?(?:时点|截[止至](?:时间|日期)?(?:到|于|为)?|时间)(?:均|统一)?(?:为|是|到|至|以|:)?"
    r"|(?:(?:本|该)(?:报告|公报|简报|表|文|次自评|资料|简况)|文中|以上|上述|所[有列用涉])[^,。;\n]{0,8}?数据(?:[^,。;\n\d]{0,6}?)(?:均|都|统一)?(?:为|系|是|以|采用|使用|取自|来源于|来自|截[止至]到?)(?=.{0,2}(?:19|20)\d\d)"
)
"""Words that say of which time all figures of a report are; the time follows."""
_QUOTED = re.compile(r"《[^《》]{1,200}》|[〔【\[（(]\s?(?:19|20)\d\d\s?[〕】\])）]?")


def dates(text: str) -> list[tuple[int, dt.date]]:
    """Return position and value of every full date in ``text``, 二〇二三年五月六日 included."""
    found = []
    for match in _DATE.finditer(text):
        month, day = (match[2], match[3]) if match[2] else (match[5], match[6])
        if date := _date(int(match[1]), int(month), int(day)):
            found.append((match.start(), date))
    for match in _CN_DATE.finditer(text):
        year = "".join(
            str("〇一二三四五六七八九".find(c) if c in "〇一二三四五六七八九" else 0) for c in match[1]
        )
        two = "二" in match[1] or year[0] == "1"
        if two and (date := _date(int(year), _small(match[2]), _small(match[3]))):
            found.append((match.start(), date))
    return sorted(found)


def _small(written: str) -> int:
    tens, ten, units = written.rpartition("十")
    digits = "一二三四五六七八九"
    if not ten:
        return digits.find(written) + 1
    return (digits.find(tens) + 1 if tens else 1) * 10 + (digits.find(units) + 1 if units else 0)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def published(text: str, boilerplate: tuple[Span, ...]) -> dt.date | None:
    """The date in the page's own fields (日期:, 发布时间:) near the top."""
    for start, end in boilerplate:
        if start > _HEAD * 3:
            break
        for at, day in dates(text[start:end]):
            if _DATE_FIELD.search(simplify(text[start : start + at])):
                return day
    for start, end in boilerplate:
        if start <= _HEAD and (found := dates(text[start:end])):
            return found[0][1]
    return None


def signed(lines: list[str]) -> dt.date | None:
    """The last line that is nothing but a date, with at most the sender before it."""
    for line in reversed(lines[-12:]):
        found = dates(line)
        if (
            found
            and len(line) <= 40
            and len(line) - found[-1][0] <= 14
            and not re.search(r"[,，。;；]", line)
        ):
            return found[-1][1]
    return None


def month_line(text: str) -> int | None:
    """Return the year of a line below the title that is nothing but a month ("(2023年8月)"), None without one."""
    for line in text[:_HEAD].split("\n")[1:5]:
        if match := _MONTH_LINE.fullmatch(line.strip()):
            return int(match[1])
    return None


def declared(text: str) -> str | None:
    """Return the year or school year that a report says all its figures are of ("2023", "2022/2023").

    Said at its head or in a note at its end; None where it does not say it, or says more than one.

    >>> declared("自评报告\\n(数据截至2023年9月)\\n一、概况"), declared("截至2023年9月,共有学校12所。")
    ('2023', None)
    """
    found = set()
    for part in {text[:_HEAD], text[-_HEAD:]}:
        folded = fold(part)
        for match in _DECLARED.finditer(folded):
            for period in read_periods(folded[match.end() : match.end() + 24])[:1]:
                if period.key and period.start <= 2:
                    school = "/" in period.key
                    found.add(period.key if school else period.key[:4])
    return found.pop() if len(found) == 1 else None


def data_year(text: str, boilerplate: tuple[Span, ...], title: str, published: dt.date | None) -> int | None:
    """Return the year that the figures of a report are of; of a school year the first."""
    text, title = fold(text), fold(title)
    if field := _FIELD_YEAR.search(text[:_HEAD]):
        return int(field[1])
    latest = published.year if published else month_line(text) or 9999
    plain = _QUOTED.sub("", simplify(title))
    if (span := _RANGE.search(plain)) and int(span[2]) - int(span[1]) == 1:
        return int(span[1])
    named = [int(m[1]) for m in _YEAR.finditer(_RANGE.sub("", plain)) if int(m[1]) <= latest]
    if named:
        return named[0]
    if said := declared(text):
        return int(said[:4])
    counted: Counter[int] = Counter()
    mentioned: set[int] = set()
    starts = [start for start, _ in boilerplate]
    for start, end in sentences(text, 0, min(len(text), _READ)):
        before = bisect_right(starts, start) - 1
        if before >= 0 and start < boilerplate[before][1]:
            continue
        sentence = simplify(text[start:end])
        if end - start <= 40 and dates(sentence) and not _FIGURE.search(sentence):
            continue  # a signature
        mentioned |= {int(m[1]) for m in _YEAR.finditer(sentence) if int(m[1]) <= latest}
        bare = _QUOTED.sub(lambda m: " " * len(m[0]), _RANGE.sub(lambda m: " " * len(m[0]), sentence))
        if not _FIGURE.search(bare):
            continue
        for match in _YEAR.finditer(bare):
            clause = re.split(r"[,，;；。]", bare[: match.start()])[-1]
            rest = re.split(r"[;；。]", bare[match.end() :])[0]
            if _COMPARED.search(clause) or _AHEAD.search(clause + rest) or int(match[1]) > latest:
                continue
            counted[int(match[1])] += 1
    if counted:
        (year, most), *others = counted.most_common()
        tied = [y for y, n in others if n == most]
        return max([year, *tied])
    last = max(mentioned, default=None)  # of something that happened, where no figure has a year
    if last and published and last < published.year - (published.month < 7):
        return (
            None  # a page of December that tells of an event of last year need not count last year's schools
        )
    return last
