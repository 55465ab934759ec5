"""The vocabulary of units in ``units.yaml``: canonical names, dimensions, factors, conversion.

A unit is ``[scale]name[/per[·per]]`` such as 人, 万元, 亿立方米, 元/生·年, or one of the ratio forms
"1:N" and "N:1". Reading gives canonical names; 名 and 人 stay apart as words but share a dimension.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import load_yaml
from corpus.errors import CatalogueError, JunhengError
from corpus.numerals import normalise, plain

HERE = Path(__file__).parent
RATIOS = ("1:N", "N:1")


class UnitError(JunhengError):
    """A unit is unknown, or two units measure different things."""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Entry:
    factor: str = "1"
    spellings: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    arabic_only: bool = False
    ordinal_before: tuple[str, ...] = ()
    closing_as: str = ""


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    scales: dict[str, str]
    per: dict[str, tuple[str, ...]]
    measures: dict[str, dict[str, _Entry]]
    classifiers: dict[str, _Entry]


@dataclass(frozen=True, slots=True)
class Unit:
    """One entry: ``factor`` leads to the dimension's base; the rest guards the reading."""

    name: str
    dimension: str
    factor: Decimal
    counting: bool
    not_before: tuple[str, ...] = ()
    arabic_only: bool = False
    ordinal_before: tuple[str, ...] = ()
    closing_as: str = ""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything in one units file, keyed by normalised spelling."""

    units: dict[str, Unit]
    scales: dict[str, Decimal]
    per: dict[str, str]
    longest: int = field(default=0)


def load_vocabulary(path: Path) -> Vocabulary:
    """Return the vocabulary in ``path``; raise CatalogueError naming file and key for any slip."""
    raw = load_yaml(path, _File)
    units: dict[str, Unit] = {}
    groups: Iterable[tuple[str, str, dict[str, _Entry], bool]] = [
        *(("measures", name, entries, False) for name, entries in raw.measures.items()),
        *(("classifiers", name, {name: entry}, True) for name, entry in raw.classifiers.items()),
    ]
    for group, dimension, entries, counting in groups:
        for name, entry in entries.items():
            unit = Unit(name, dimension, _number(path, name, entry.factor), counting or dimension in _COUNTED,
                        entry.not_before, entry.arabic_only, entry.ordinal_before,
                        entry.closing_as)  # fmt: skip
            for spelling in dict.fromkeys(normalise(s) for s in (name, *entry.spellings)):
                if spelling in units:
                    raise CatalogueError(
                        f"{path.name}:{group}.{name}:“{spelling}”已属于“{units[spelling].name}”,请删去一处"
                    )
                units[spelling] = unit
    per = {normalise(s): name for name, others in raw.per.items() for s in (name, *others)}
    scales = {name: _number(path, name, factor) for name, factor in raw.scales.items()}
    return Vocabulary(units, scales, per, max(map(len, units)))


# Of the measures, these take the article 一 as classifiers do (一名教师, 一年).
_COUNTED = frozenset(
    [
        "person",
        "person_time",
        "time",
        "month",
        "day",
        "hour",
        "class",
        "class_hour",
        "study_hour",
        "vehicle_time",
        "seat",
        "post",
        "age",
    ]
)


def _number(path: Path, key: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal(0)
    if not value.is_finite() or value <= 0:
        raise CatalogueError(f"{path.name}:{key}:倍数“{text}”不是正数,请改为数字")
    return value


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary(HERE / "units.yaml")


_GOES_ON = re.compile(r"[\u4e00-\u9fff](?<![吗呢吧以左多够是和与比对到])")
_ASCII_WORD = re.compile(r"[A-Za-z0-9]")


def unit_at(text: str, position: int) -> tuple[Unit, int] | None:
    """Return the unit that begins at ``position`` of a normalised text, and where it ends."""
    words = vocabulary()
    for length in range(min(words.longest, len(text) - position), 0, -1):
        unit = words.units.get(text[position : position + length])
        if unit is None:
            continue
        end = position + length
        if text.startswith(unit.not_before, end):
            return None
        if text[end - 1].isascii() and text[end - 1].isalnum() and _ASCII_WORD.match(text, end):
            continue
        if unit.closing_as:
            return None if _GOES_ON.match(text, end) else (words.units[unit.closing_as], end)
        return unit, end
    return None


def per_at(text: str, position: int) -> tuple[str, int] | None:
    """Return the denominators that begin at ``position`` ("/生·年" → 生·年), and where they end."""
    words = vocabulary()
    found: list[str] = []
    end = position
    while text[end : end + 1] == "/" or (found and text[end : end + 1] in ("·", ".", "•", "*")):
        start = end + 1 + (text[end + 1 : end + 2] == " ")
        for length in range(4, 0, -1):
            word = text[start : start + length]
            if word in words.per:
                found.append(words.per[word])
                end = start + len(word)
                break
        else:
            break
    return ("·".join(found), end) if found else None


def _split(unit: str) -> tuple[str, str, str]:
    """Return scale, name and denominators of a unit, each "" where absent; UnitError if unknown."""
    text = normalise(unit).replace(" ", "")
    words = vocabulary()
    head, stroke, tail = text.partition("/")
    if text in words.units:
        return "", words.units[text].closing_as or words.units[text].name, ""
    per = ""
    if stroke:
        found = per_at(stroke + tail.replace("(", "").replace(")", ""), 0)
        if not found or found[1] < len(tail.replace("(", "").replace(")", "")) + 1:
            raise UnitError(f"不认识单位“{unit}”,可在 units.yaml 中补充")
        per = found[0]
    for scale in ("", *sorted(words.scales, key=len, reverse=True)):
        if head.startswith(scale) and head[len(scale) :] in words.units:
            found_unit = words.units[head[len(scale) :]]
            return scale, found_unit.closing_as or found_unit.name, per
    if head in words.scales and not per:
        return head, "", ""
    raise UnitError(f"不认识单位“{unit}”,可在 units.yaml 中补充")


@lru_cache(maxsize=4096)
def canonical(unit: str) -> str | None:
    """Return the name this project uses for ``unit`` ("万㎡" → 万平方米), None if it is unknown."""
    if unit in ("", *RATIOS):
        return unit
    try:
        scale, name, per = _split(unit)
    except UnitError:
        return None
    return f"{scale}{name}/{per}" if per else scale + name


@lru_cache(maxsize=4096)
def dimension(unit: str) -> str:
    """Return what ``unit`` measures: money, person, person_time, percent, 所, 个, money/生 … .

    "" and bare scales are "none"; "1:N" is "ratio". UnitError if the unit is unknown.
    """
    if unit in RATIOS:
        return "ratio"
    if unit == "":
        return "none"
    _, name, per = _split(unit)
    kind = vocabulary().units[normalise(name)].dimension if name else "none"
    return f"{kind}/{per}" if per else kind


@lru_cache(maxsize=4096)
def factor(unit: str) -> Decimal:
    """Return how many base units (元, 人, 平方米 …) one ``unit`` is; UnitError if it is unknown."""
    if unit in ("", *RATIOS):
        return Decimal(1)
    scale, name, _ = _split(unit)
    words = vocabulary()
    own = words.units[normalise(name)].factor if name else Decimal(1)
    return own * words.scales.get(scale, Decimal(1))


def convert(value: Decimal, unit: str, to: str) -> Decimal:
    """Return ``value`` in ``to``; UnitError if the two measure different things.

    Exact for powers of ten; other factors (亩) are divided at 28 digits.
    """
    if canonical(unit) == canonical(to) is not None:
        return value
    here, there = dimension(unit), dimension(to)
    if here != there:
        raise UnitError(f"“{unit}”与“{to}”不是同一类单位,不能换算")
    return plain(value * factor(unit) / factor(to))
