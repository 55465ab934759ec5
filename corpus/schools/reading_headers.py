"""What one header says: which column, in which unit. A header of several levels is given as its levels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import permutations

from corpus.folding import fold
from corpus.schools.columns import COLUMNS, STAGE_WORDS, UNITS
from corpus.schools.model import Stage
from corpus.units import canonical

_LONGEST = 60
"""Characters of a header; more is a sentence."""
_BRACKETS = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "【": "(", "】": ")", "〔": "(", "〕": ")",
                           "〈": "(", "〉": ")", "「": "(", "」": ")"})  # fmt: skip
_NUMBER = re.compile(r"^(?:\(?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\)?[.、)]|[a-z]?\d{1,3}(?=[^\d.年级-]))")
_SCHOOL_YEAR = re.compile(
    r"^(?:(?:19|20)\d\d[-~至](?:19|20)?\d\d学年度?|(?:19|20)\d\d年?(?:学年)?度?年?(?:[春秋]季)?)"
)
_REMARK = re.compile(
    r"必填|选填|可选|可空|可不填|可留空|保留\S*位小数|整数|\d{1,3}|(?:截至|截止)?(?:(?:19|20)\d\d[-~至.年].*)"
)
_AMONG = re.compile(r"其中(?:[:,、]|$)?|^[#*]+")
_UNIT_MARK = re.compile(r"^(?:计量)?单位[:为]?")
_TRAILING_UNIT = re.compile(r"^(.*[^\d])[/,;:_-](?:计量)?(?:单位:?)?([^/,;:_()]+(?:/[^/,;:_()]+)?)$")
_BARE_MONEY = re.compile(r"^(.*(?:值|资产))(万元|元)$")
_NEUTRAL = re.compile(
    r"(?:学校|学生|专任|教师|师资|教职工|校舍|场地|场馆|设备|设施|仪器|办学|基本|教学|资源|配置|班级|班额|用房|面积|情况|信息|"
    r"队伍|条件|数据|指标|状况|规模|基础|专用教室|教室|音体美|体育|卫生|艺术|硬件|软件|概况|统计|填报|内容|项目|和|与|及|其他|类)+"
)


@dataclass(frozen=True, slots=True)
class Named:
    """The column a header names (None if none) and the units it states, as folded text."""

    key: str | None
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    words: str
    stages: frozenset[Stage]
    units: tuple[str, ...]


@lru_cache(maxsize=8192)
def name_column(levels: tuple[str, ...]) -> Named:
    """Return what a header says, its levels from the outermost.

    Order is free: 学生数 over 小学 and 小学 over 学生数 are the same. An outer level of general words only
    (办学条件) may be left out; any other word counts, so 女生 over 小学学生数 is no column of ours.
    """
    if not levels or any(len(level) > _LONGEST for level in levels):
        return Named(None)
    pieces = [_piece(level) for level in levels]
    units = tuple(dict.fromkeys(unit for piece in pieces for unit in piece.units))
    stages = frozenset(stage for piece in pieces for stage in piece.stages)
    if len(stages) > 1:
        return Named(None, units)
    stage = next(iter(stages), None)
    words = [piece.words for piece in pieces if piece.words]
    telling = [word for word in words if not _NEUTRAL.fullmatch(word)]
    last = words[-1:] if words and words[-1] not in telling else []
    for chosen in dict.fromkeys((tuple(words), tuple(telling), (*telling, *last))):
        for order in permutations(chosen):
            if key := _column("".join(order), stage):
                return Named(key, units)
    return Named(None, units)


def is_unit(text: str) -> bool:
    """Tell whether a folded text is a unit, of whatever dimension."""
    plain = text.replace("㎡", "m2")
    return any(plain in spellings for spellings in UNITS.values()) or canonical(text) is not None


def same_unit(stated: str, unit: str) -> bool:
    """Tell whether ``stated`` (folded) is a way of writing ``unit``."""
    return stated in UNITS[unit]


def tidy(text: str) -> str:
    """Fold a header and take the blanks out of it.

    >>> tidy("教学 及\\n辅助用房面积（㎡）")
    '教学及辅助用房面积(m2)'
    """
    plain = re.sub(r"[\s\u200b\u00ad\ufeff]+", "", fold(text)).lower()
    return plain.replace("㎡", "m2").translate(_BRACKETS)


@lru_cache(maxsize=8192)
def _piece(level: str) -> _Piece:
    text = tidy(level)
    if is_unit(text):
        return _Piece("", frozenset(), (text,))
    text = _AMONG.sub("", _SCHOOL_YEAR.sub("", text))
    text = _AMONG.sub("", _NUMBER.sub("", text))
    units: list[str] = []

    def settle(match: re.Match[str]) -> str:
        inner = _UNIT_MARK.sub("", match[1])
        if is_unit(inner):
            units.append(inner)
            return ""
        kept = []
        for part in re.split(r"[,;、:]", inner):
            if is_unit(part) and part not in ("班", "校", "生"):
                units.append(part)
            elif not _REMARK.fullmatch(part):
                kept.append(part)
        return "".join(kept)

    before = None
    while before != text:  # brackets within brackets
        before, text = text, re.sub(r"\(([^()]*)\)", settle, text)
    if (match := _TRAILING_UNIT.match(text)) and is_unit(match[2]):
        text = match[1]
        units.append(match[2])
    if match := _BARE_MONEY.match(text):
        text = match[1]
        units.append(match[2])
    words = re.sub(r"[^0-9a-z%\u4e00-\u9fff]+", "", _AMONG.sub("", text))
    stages = set[Stage]()
    for stage, pattern in STAGE_WORDS.items():
        words, found = re.subn(pattern, "", words)
        if found:
            stages.add(stage)
    return _Piece(words, frozenset(stages), tuple(units))


@cache
def _patterns() -> dict[Stage | None, re.Pattern[str]]:
    """One pattern for each stage, whose groups are numbered as the columns are."""
    keys = list(COLUMNS)
    stages: set[Stage | None] = {column.stage for column in COLUMNS.values()}
    return {
        stage: re.compile(
            "|".join(
                f"(?P<c{keys.index(key)}>{'|'.join(column.synonyms)})"
                for key, column in COLUMNS.items()
                if column.stage == stage
            )
        )
        for stage in stages
    }


def _column(words: str, stage: Stage | None) -> str | None:
    found = _patterns()[stage].fullmatch(words) if words else None
    return None if found is None or found.lastgroup is None else list(COLUMNS)[int(found.lastgroup[1:])]
