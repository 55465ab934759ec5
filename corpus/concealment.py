"""Hide what looks like an amount and is none: times, codes, telephone numbers, ordinals, idioms."""

from __future__ import annotations

import re
from functools import cache

from corpus.amounts import BODY, START
from corpus.numbering import MASK, mask_numbering, mask_spans
from corpus.numerals import NUMERALS
from corpus.periods import read_normalised_periods
from corpus.units import unit_at
from corpus.wording import wording

_C = NUMERALS
_HIDDEN = (
    # telephone numbers
    re.compile(r"(?<![0-9])(?:0[0-9]{2,3} ?[-—] ?[0-9]{7,8}|400-?[0-9]{3}-?[0-9]{4})(?![0-9])"),
    re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])"),
    # times of day
    re.compile(r"(?<![0-9])[0-2]?[0-9]:[0-5][0-9]:[0-5][0-9]|(?<=\x00) ?[0-2]?[0-9]:[0-5][0-9]"
               r"|(?<![0-9])0[0-9]:[0-5][0-9]|(?:上午|下午|早上|晚上|中午|凌晨|晚|早) ?"
               r"(?:[0-9]{1,2}|[一二三四五六七八九十两]{1,2})[时点:]"
               r"(?:[0-9]{1,2}分?|半)?"
               r"|(?<![0-9.])[0-2]?[0-9](?:时|点)(?:[0-5]?[0-9]分|半|整|钟)"
               r"|(?<![0-9])1?[0-9]:[0-5][0-9](?= ?(?:[-—~至到]|上|下|前|后|开))"),
    # 5G, GB50099-2011, but not 50 m2
    re.compile(r"[A-Za-z](?<![0-9 ][km]|[0-9]k)[A-Za-z]*[-_./]?[0-9][0-9A-Za-z]*(?:[-_./][0-9A-Za-z]+)*"),
    # 表3-1, 图2.4
    re.compile(r"(?:表|图|附件|附表) ?[0-9]+(?:[-.—][0-9]+)*(?![0-9.]* ?[%万亿])"),
    # 17-8 before the title of a yearbook's table
    re.compile(r"(?m)^[ #]*[0-9]{1,3}[-—][0-9]{1,3}(?:[-—][0-9]{1,3})? +(?=[^0-9\n。;,，；][^\n。;；]{2,60}$)(?!个?(?:岁|年|月|日|周|人|名|天|所|万|亿|元|%))"),
    # fractions such as 三分之二, which no unit can hold
    re.compile(rf"(?<![{_C}])(?![百千万]分之)[{_C}]+分之[{_C}]+"),
    # 一人一案, 一校一品
    re.compile(rf"(?<![{_C}0-9])一(?:(?![{_C}])[\u4e00-\u9fff]){{1,2}}?一(?![{_C}])[\u4e00-\u9fff]"),
    # ordinals
    re.compile(rf"第 ?(?:[0-9]+|[{_C}]+)(?: ?[-—~至到、] ?(?:[0-9]+|[{_C}]+)(?=[条款项章期批届号次名]))?"),
    # 3+1, 1+N, 1:1.1:1.32
    re.compile(r"(?<![0-9])[0-9]+(?:\.[0-9]+)?(?:\+(?:[0-9]+|[XxNn]))+|(?<![0-9])[0-9]+:[0-9.]+:[0-9.:]+"),
)  # fmt: skip
_MONTHS = re.compile(r"(?<![0-9.年])1?[0-9] ?(?:[-—~至到]|——) ?(?=1?[0-9] ?月)")
"""The first month of a few (1—6月)."""
_QUOTED = re.compile(r"[“\"「『‘'](?P<inside>[^“”\"「」『』‘’'\n]{1,12})[”\"」』’']")


def conceal(text: str) -> str:
    """Return a normalised text with everything that looks like an amount but is none as NULs."""
    text = mask_spans(mask_numbering(text), _MONTHS)
    characters = list(text)
    for period in read_normalised_periods(text):
        if START.search(text, period.start, period.end):
            characters[period.start : period.end] = MASK * (period.end - period.start)
    text = mask_spans("".join(characters), *_HIDDEN)
    text = _QUOTED.sub(_conceal_name, text)
    return _fixed().sub(lambda m: MASK * len(m[0]), text)


@cache
def _fixed() -> re.Pattern[str]:
    return re.compile(rf"(?<![{_C}0-9])(?:{wording().fixed.pattern})")


def _conceal_name(match: re.Match[str]) -> str:
    """Hide “12345” before 战略, and quoted phrases of one numeral such as “三名”工程 and “两个统一”."""
    inside = match["inside"]
    number = BODY.match(inside)
    if not number:
        return match[0]
    named = wording().names.match(match.string, match.end())
    body = number[0]
    if (
        number["arabic"]
        and number.end() == len(inside)
        and (named or body in "1234567890"[: max(3, len(body))])
    ):
        return MASK * len(match[0])
    if number["chinese"] and len(body) == 1:
        unit = unit_at(inside, number.end())
        whole = unit is not None and unit[1] == len(inside)
        if named or (unit is None or (unit[0].counting and not whole)):
            rest = inside[number.end() :]
            return match[0] if START.search(rest) else MASK * len(match[0])
    return match[0]
