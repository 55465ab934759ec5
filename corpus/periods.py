"""Read written times: years, months, days, school years, plan periods, and words such as 上年.

Keys of absolute periods:

==================================  =====================
2022年, 2022年度, 2022年底/年初       2022
2022年5月(底), 2022年5月24日          2022-05, 2022-05-24
2022年上半年, 第三季度, 秋季(学期)     2022H1, 2022Q3, 2022-autumn (-spring, -summer, -winter)
2020—2022年, 2024—2025学年, 2022学年  2020/2022, 2024/2025, 2022/2023 (first and last year)
2022年3月至5月, 前三季度               2022-03/2022-05, 2022Q1/2022Q3
“十四五”                              2021/2025
==================================  =====================

A year of two digits ("22年") is a year only where the place says so: after a connecting word or a name
of a place, at the head of a clause, or with a month or 底 behind; alone or after other words it is a
duration ("办学22年"). A bare "2022" is a year before Chinese text that is no unit ("2022教育支出"), not
in a table cell. Every other time is relative: key None, ``relative`` the words for ``resolve``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from corpus.model import Period
from corpus.numbering import MASK, mask_numbering
from corpus.numerals import DIGITS, evaluate, normalise
from corpus.units import unit_at, vocabulary

_N = "零〇一二两三四五六七八九十"
_Y = (
    r"(?:(?<![0-9])(?<![0-9]\.)(?:1[89]|20|21)[0-9]{2}(?![0-9])|"
    rf"(?<![{_N}])[一二][零〇九八][零〇一二三四五六七八九]{{2}}(?![{_N}]))"
)
_M = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = r"(?:3[01]|[12][0-9]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_TO = r" ?(?:—{1,2}|-{1,2}|~|至|到) ?"
_NOT_WORD = r"(?!中|级|高|步|始|等)"
_MONTH = rf"(?P<month>{_M}) ?月(?:份|底|末|中旬|上旬|下旬|初{_NOT_WORD})?"
_DAY = rf" ?(?P<day>{_D}) ?[日号](?!令|文)"
_TAIL = rf"""(?:
    \ ?{_MONTH.replace(" ", "[ ]")}(?:{_DAY.replace(" ", "[ ]")})?(?:{_TO.replace(" ", "[ ]")}
      (?:(?P<year2>{_Y})\ ?年\ ?)?(?P<month2>{_M})\ ?月(?:份|底|末)?(?:\ ?(?P<day2>{_D})\ ?日)?)?
  | \ ?(?P<half>[上下])半年
  | \ ?(?P<first>前)(?P<quarters>[二三两23])个?季度
  | \ ?第?(?P<quarter>[一二三四1-4])季度
  | \ ?(?P<from>{_M}){_TO.replace(" ", "[ ]")}(?P<until>{_M})\ ?月(?:份)?
  | \ ?(?:年)?(?P<season>[春秋])(?:季(?:学期|开学|期)?|期|学期)?
  | \ ?(?P<holiday>暑|寒)(?:假|期)
  | (?P<end>底|末|终)(?!端|尾|梢)
  | (?P<begin>初){_NOT_WORD}
  | \ ?全年|\ ?年内
)"""

_SEASON = _TAIL.replace("?P<", "?P<s_")  # the same after a year without 年: 2023秋
_ABSOLUTE = re.compile(
    rf"""
    (?P<y1>{_Y})(?:\ ?(?:学年|年度|年))?(?P<to>{_TO.replace(" ", "[ ]")}|/(?={_Y}学年))
      (?P<y2>{_Y}|(?<![0-9])[0-9]{{2}}(?=学年))(?P<school>\ ?学年度?|年度|\ ?年)?
      (?:第?[一二上下]学期)?(?P<edge>[初末底]{_NOT_WORD})?
  | (?P<iy>(?:19|20)[0-9]{{2}})(?P<isep>[-/.])(?P<im>1[0-2]|0?[1-9])(?P=isep)
      (?P<id>3[01]|[12][0-9]|0?[1-9])(?![0-9])
  | (?<![0-9])(?P<my>(?:19|20)[0-9]{{2}})-(?P<mm>1[0-2]|0[1-9])(?![0-9-])
  | (?P<sy>{_Y})\ ?(?:级)?学年度?(?:第?[一二上下]学期)?(?:[初末]{_NOT_WORD})?
  | (?P<year>{_Y}|(?<![0-9.])[1-3][0-9](?=\ ?年))\ ?(?P<nian>财?年(?:度)?)
      (?!级|龄|代|[前后]出生)(?:{_TAIL})?
  | (?P<seasonal>{_Y})(?=\ ?[春秋](?:季|期|学期|[^\u4e00-\u9fff]|$))
      {_SEASON}
  | [“"]?(?P<plan>(?:二十|十)[一二三四五六七八九]|[七八九])五[”"](?:规划)?(?:期间|时期|以来|(?P<planend>末|期末)|(?P<planstart>初期?))?
  | (?<![一二三四五六七八九十第])(?P<plan2>十[一二三四五六七八九]|[九])五(?:期间|时期|规划|末)
  | (?<=年度:)\ ?(?P<label>{_Y})|(?<=年份:)\ ?(?P<label2>{_Y})
  | (?P<bare>{_Y})(?=\ ?[、,和与及/]\ ?(?:19|20)[0-9]{{2}}\ ?年|\ ?[\u4e00-\u9fff])
""",
    re.X,
)

_WORDS = {
    "大前年": -3, "前年": -2, "上一年度": -1, "上一年": -1, "上年度": -1, "上年": -1, "去年度": -1,
    "去年": -1, "今年以来": 0, "今年": 0, "本年度": 0, "本年": 0, "当年度": 0, "当年": 0, "同年": 0,
    "该年度": 0, "该年": 0, "明年": 1, "次年": 1, "翌年": 1, "下一年度": 1, "下一年": 1, "下年度": 1,
    "来年": 1, "后年": 2,
}  # fmt: skip
_ANAPHORIC = frozenset(("当年", "当年度", "同年", "该年", "该年度", "次年", "翌年", "前一年"))
_NOW = (
    "截至目前",
    "截止目前",
    "到目前为止",
    "截至当前",
    "目前",
    "当前",
    "迄今",
    "至今",
    "眼下",
    "现阶段",
    "今年以来",
)
_SCHOOL = {"上一学年": -1, "上学年": -1, "本学年": 0, "当前学年": 0, "下学年": 1, "新学年": 0}
_VAGUE = ("近年来", "近年", "近几年来", "近几年", "近些年来", "近些年", "多年来", "历年", "往年", "几年来",
          "这几年", "过去几年", "上学期", "本学期", "下学期", "新学期", "近两三年", "近期")  # fmt: skip
_YEAR_WORDS = "|".join(sorted(_WORDS, key=len, reverse=True))
_COUNT = rf"(?P<count>[0-9]{{1,2}}|[{_N}]{{1,3}})"
_RELATIVE = re.compile(
    rf"""
    (?P<school>{"|".join(_SCHOOL)})
  | (?P<vague>{"|".join(sorted(_VAGUE, key=len, reverse=True))})
  | (?P<back>最近|近|过去|(?<!学)前|此前)\ ?{_COUNT}\ ?(?:个)?(?P<w1>学年|年)(?:来|间|内)?(?!级|制|以上|左右)
  | (?P<ahead>未来|今后|后|接下来)\ ?{_COUNT.replace("count", "count2")}\ ?(?:个)?
      (?P<w2>学年|年)(?:内|间)?(?!级|制)
  | (?<![0-9.{_N}]){_COUNT.replace("count", "since")}\ ?年(?:多)?来(?!说|看|访|源|到)
  | (?P<word>{_YEAR_WORDS})(?!级|纪|龄|轻|景|糕)(?P<same>的?同期|的?这个时候)?(?:的?{_TAIL})?
  | (?P<same2>同期)(?!声|刊)
  | (?P<now>(?<!您){"|(?<!您)".join(_NOW)})
  | (?<![少青成老童多百周学幼壮历0-9.{_N}几])
      (?P<whole>全年|年内|年中(?!考|小|学|级|期)|年初{_NOT_WORD}|年底|年末(?!梢)|年终)(?!级|龄)
  | (?<![年每0-9一二三四])(?P<part>(?:上半年|下半年|第?[一二三四]季度|前[三两二]季度|
      [春秋]季(?:学期|开学)?|暑假|寒假|暑期))
  | (?<![0-9年.个{_N}每])(?P<date>{_MONTH.replace("?P<month>", "?:").replace(" ", "[ ]")}(?:\ ?{_D}\ ?日)?)
""",
    re.X,
)
_TWO_DIGIT_BEFORE = re.compile(
    r"(?:^|[,，。;；、！？!?:：\n\s(（]|[和与及跟同比较从自至到在于那年区县市省校園园区对按以]|截至)$"
)


def read_periods(text: str) -> tuple[Period, ...]:
    """Return the times written in ``text``, in order; offsets are those of ``text``."""
    return read_normalised_periods(mask_numbering(normalise(text)))


def read_normalised_periods(text: str) -> tuple[Period, ...]:
    """The same for a text already normalised and with its numbering masked."""
    found = list(_absolute(text))
    free = list(text)
    for period in found:
        free[period.start : period.end] = MASK * (period.end - period.start)
    for match in _RELATIVE.finditer("".join(free)):
        words = match[0].strip()
        if words:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append(Period(start, start + len(words), None, words.replace(" ", "")))
    return tuple(sorted(found, key=lambda p: p.start))


def _absolute(text: str) -> Iterator[Period]:
    position = 0
    while match := _ABSOLUTE.search(text, position):
        key, end = _key(text, match)
        if key is None:
            position = match.start() + 1
            while (
                position < len(text)
                and position < match.end()
                and text[position - 1].isdigit()
                and text[position].isdigit()
            ):
                position += 1
            continue
        yield Period(match.start() + len(match[0]) - len(match[0].lstrip()), end, key)
        position = end


def _key(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    """The key of one match of the grammar and where it ends; None where it is no time after all."""
    part = match.groupdict()
    end = match.end()
    if part["y1"]:
        first, last = _year(part["y1"]), _year(part["y2"])
        if len(part["y2"]) == 2:
            last += first // 100 * 100
        if not first <= last <= first + 200:
            return None, end
        if unit_at(text, end) and not part["school"]:
            return None, end
        return f"{first}/{last}", end
    if part["iy"]:
        try:
            return date(int(part["iy"]), int(part["im"]), int(part["id"])).isoformat(), end
        except ValueError:
            return None, end
    if part["my"]:
        return f"{part['my']}-{part['mm']}", end
    if part["sy"]:
        return f"{_year(part['sy'])}/{_year(part['sy']) + 1}", end
    if part["year"]:
        if len(part["year"]) == 2 and not _is_short_year(text, match):
            return None, end
        year = _year(part["year"])
        return _with_tail(year + 2000 if year < 100 else year, part), end
    if part["seasonal"]:
        return _with_tail(
            _year(part["seasonal"]), {k[2:]: v for k, v in part.items() if k.startswith("s_")}
        ), end
    if part["plan"] or part["plan2"]:
        number = evaluate(part["plan"] or part["plan2"])
        start = 2021 + 5 * (int(number or 14) - 14)
        if part["planend"]:
            return str(start + 4), end
        return f"{start}/{start + 4}", end
    if part["label"] or part["label2"]:
        return part["label"] or part["label2"], end
    after = end + (text[end : end + 1] == " ")
    closed = text[end : end + 1] in "、,和与及/"
    if not closed and (
        text[after] in "级届版号型号"
        or unit_at(text, after)
        or text[after] in (*vocabulary().scales, *"余多几")
    ):
        return None, end
    if not closed and text[after] in DIGITS:
        return None, end
    return str(_year(part["bare"])), end


def _is_short_year(text: str, match: re.Match[str]) -> bool:
    tail = text[match.end() : match.end() + 2]
    if re.match(r"来|以上|以内|多|余|间|[后前]|以来|制|工龄|教龄|历史", tail):
        return False
    if match.end() - match.start("nian") > 1:
        return True
    before = text[max(0, match.start() - 2) : match.start()]
    alone = match.start() == 0 and match.end() == len(text)
    return not alone and bool(_TWO_DIGIT_BEFORE.search(before))


def _year(text: str) -> int:
    return int("".join(str(DIGITS.get(c, c)) for c in text))


def _small(text: str) -> int:
    return int(text) if text.isascii() else int(evaluate(text) or 0)


def _with_tail(year: int, part: dict[str, str | None]) -> str:
    def get(name: str) -> str:
        return part.get(name) or ""

    if get("month"):
        first = f"{year}-{_small(get('month')):02}"
        if get("day"):
            first += f"-{_small(get('day')):02}"
        if get("month2"):
            last = f"{_year(get('year2')) if get('year2') else year}-{_small(get('month2')):02}"
            return f"{first}/{last}" + (f"-{_small(get('day2')):02}" if get("day2") else "")
        return first
    if get("half"):
        return f"{year}H{1 if get('half') == '上' else 2}"
    if get("first"):
        return f"{year}Q1/{year}Q{_small(get('quarters'))}"
    if get("quarter"):
        return f"{year}Q{_small(get('quarter'))}"
    if get("from"):
        return f"{year}-{_small(get('from')):02}/{year}-{_small(get('until')):02}"
    if get("season"):
        return f"{year}-{'spring' if get('season') == '春' else 'autumn'}"
    if get("holiday"):
        return f"{year}-{'summer' if get('holiday') == '暑' else 'winter'}"
    return str(year)


def resolve(period: Period, *, year: int | None, previous: str | None = None) -> str | None:
    """Return the key of ``period``; a relative one is counted from ``year``.

    ``year`` is the year the text speaks from: for 上年, 去年, 同期, 近三年 the year that the sentence is
    about (2022 in "2022年…比上年"), else the report's data year; the caller decides. ``previous`` is the
    key named last before the word; 当年, 同年 and 次年 refer to it, and a month or day without a year
    takes its year. 近三年 of 2022 is "2020/2022", 本学年 of 2022 "2022/2023". 近年来 and 上学期 stay None.
    """
    if period.key is not None or period.relative is None:
        return period.key
    words = period.relative
    said = int(previous[:4]) if previous and previous[:4].isdigit() else None
    match = _RELATIVE.fullmatch(words)
    if match is None or match["vague"]:
        return None
    part = match.groupdict()
    anchor = said if part["word"] in _ANAPHORIC or part["date"] or part["part"] else None
    base = anchor if anchor is not None else year
    if base is None:
        return None
    return _resolve_words(words, part, base)


def _resolve_words(words: str, part: dict[str, str | None], base: int) -> str | None:
    if part["school"]:
        start = base + _SCHOOL[part["school"]]
        return f"{start}/{start + 1}"
    if part["count"] or part["count2"] or part["since"]:
        return _span(part, base)
    if part["same2"]:
        return str(base - 1)
    if part["word"]:
        return _with_tail(base + _WORDS[part["word"]], part)
    if part["part"] or part["date"]:
        inner = _ABSOLUTE.fullmatch(f"{base}年{words}")
        return _key(f"{base}年{words}", inner)[0] if inner else None
    return str(base)


def _span(part: dict[str, str | None], base: int) -> str | None:
    number = _small(part["count"] or part["count2"] or part["since"] or "0")
    if not number:
        return None
    if part["ahead"]:
        first, last = base + 1, base + number
    elif part["back"] in ("前", "此前"):
        first, last = base - number, base - 1
    else:
        first, last = base - number + 1, base
    return str(last) if first == last else f"{first}/{last}"
