"""The one reader of written amounts, for reports, evidence, questions and answers alike.

Sentence by sentence nothing is guessed: what is a time, a document or list number, a code, a name or an
idiom is hidden first (``corpus.concealment``); what is left and begins with a numeral is read by the grammar

    [-][百分之] number [余|多] [scale] [余|多] [unit[/per]] [多]   and ranges of two such

Arabic numbers may stand without a unit, Chinese ones only with a unit or 万/亿. 一 before a counting
word is an article ("成为一所好学校") unless a counting word precedes it (共一所, 至少一次), it closes its
phrase ("小学一所,") or it is all there is. 几 is never a number. The noun is no part of the unit: 18个班
is 18 个, 36班 is 36 班. Not read: fractions (三分之二), 半 alone (半小时), ratios without a 1 (3:2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from corpus.amounts import BODY, SHARE, SHARES, START, Amount, amount_at, negative, share_at
from corpus.concealment import conceal
from corpus.model import Quantity
from corpus.numerals import NUMERALS, normalise
from corpus.standing import CLAUSE, clause_words, glued, stands
from corpus.units import convert, dimension, unit_at
from corpus.wording import wording

_RATED = r"(?>[0-9]{1,3}(?:, ?[0-9]{3})+(?![0-9])|[0-9]+)(?: ?\. ?[0-9]+)?"
"""A number of a ratio. No unit follows it by which a blank could be judged, so "1:13. 5" is one number always."""
_RATIO = re.compile(
    rf"(?<![0-9.:])(?:1 ?(?:[:]|比) ?(?P<n>{_RATED})|(?P<m>{_RATED}) ?: ?1)(?![0-9:]|\.[0-9]| ?:)"
)
_SEPARATOR = re.compile(r" ?(?:—{1,2}|-|~|至|到) ?")
_RUN = re.compile(rf"[{NUMERALS}]+|[0-9](?:[0-9.,]*[0-9])?")


@lru_cache(maxsize=64)
def read_quantities(text: str) -> tuple[Quantity, ...]:
    """Return the amounts in ``text`` in order, without overlap; offsets are those of ``text``."""
    return tuple(_read(conceal(normalise(text))))


_PIECES = re.compile(
    r"(?:场|场地|草坪|绿地|菜地|基地|园地|田|屏|大屏|黑板|白板|展板|牌|匾|牌匾|橱窗|地)(?:共|约|各|计|有|了)? ?$"
)


def _read(text: str) -> Iterator[Quantity]:
    position = 0
    previous: Quantity | None = None
    while start := START.search(text, position):
        found = _quantity_at(text, start.start(), position)
        if isinstance(found, int):
            position = found
            continue
        quantity = _qualify(text, found, previous)
        yield quantity
        previous, position = quantity, quantity.end


def _quantity_at(text: str, at: int, floor: int) -> Quantity | int:
    """Read the amount whose numeral begins at ``at``; where there is none, where to go on."""
    ratio = _RATIO.match(text, at)
    if ratio and not glued(text, at, ratio.end()):
        number = (ratio["n"] or ratio["m"]).replace(" ", "").replace(",", "")
        unit = "1:N" if ratio["n"] else "N:1"
        printed = f"1:{number}" if ratio["n"] else f"{number}:1"
        return Quantity(at, ratio.end(), Decimal(number), unit, printed)
    run = _RUN.match(text, at)
    beyond = run.end() if run else at + 1
    share = SHARE.match(text, at)
    first = share_at(text, share) if share else amount_at(text, at)
    if first is None:
        if text[at] == "一" and text[at - 1 : at] in tuple("统唯其之万专单同") and at:
            return at + 1
        return max(beyond, share.end() if share else 0)
    if text[first.end - 1] == "块" and _PIECES.search(text[max(0, at - 8) : at]):
        return first.end  # 改造运动场5块 are no five yuan
    first = negative(text, first, floor)
    last = _other_end(text, first)
    if last is None:
        return _single(text, first) if stands(text, first) else max(first.end, at + 1)
    upper = last.value
    kind = replace(
        last, start=first.start, chinese=first.chinese and last.chinese and "三五", value=Decimal(2)
    )
    if not stands(text, kind):
        return last.end
    value = first.value
    if first.full_unit and first.full_unit != last.full_unit:
        left = first.full_unit if first.unit else first.scale + last.unit
        value = convert(first.value, left, last.full_unit)
    between = text[first.end : last.start].strip()
    printed = first.printed + between + last.printed
    return Quantity(
        first.start, last.end, value, last.full_unit, printed, upper, "、".join(last.inner) or None
    )


def _single(text: str, amount: Amount) -> Quantity:
    return Quantity(amount.start, amount.end, amount.value, amount.full_unit, amount.printed,
                    qualifier="、".join(amount.inner) or None)  # fmt: skip


def _other_end(text: str, first: Amount) -> Amount | None:
    """Return the upper end where ``first`` begins a range, else None."""
    separator = _SEPARATOR.match(text, first.end)
    if not separator or first.inner or first.unit in ("1:N", "N:1"):
        return None
    word = separator[0].strip() in ("至", "到")
    if separator[0] == " -":
        return None  # "3% -2%" are two numbers
    if word and text[first.start - 1 : first.start] in ("由", "从", "自"):
        return None
    if word and first.unit and _changing(text, first.start):
        return None
    at = separator.end()
    share = SHARE.match(text, at)
    body = BODY.match(text, at)
    if share:
        last = share_at(text, share)
    else:
        last = amount_at(text, at) if body and START.match(text, at) else None
        if last is not None and first.printed.startswith(tuple(SHARES)) and not last.full_unit:
            last = replace(last, unit=first.unit)
    if last is None or (not first.unit and bool(first.chinese) != bool(last.chinese)):
        return None
    if not last.full_unit and (first.full_unit or not first.value < last.value):
        return None
    if first.unit and dimension(first.full_unit) != dimension(last.full_unit):
        return None
    if first.scale and not first.unit and not last.scale:
        return None
    return last


def _changing(text: str, start: int) -> bool:
    """Tell whether the clause before ``start`` says 由 or 从: then 到 leads to a later value."""
    clause = CLAUSE.split(text[max(0, start - 24) : start])[-1]
    return re.search(r"[由从]", clause) is not None


def _qualify(text: str, quantity: Quantity, previous: Quantity | None) -> Quantity:
    """Collect the qualifiers around a quantity, in the order of the text."""
    words = wording()
    floor = previous.full_end if previous else 0
    start, end = quantity.start, quantity.end
    near: list[str] = []
    while match := words.before.search(text, max(floor, start - 8), start):
        near.insert(0, match[0].strip())
        start = match.start()
    bare = words.bare_before.search(text, max(floor, start - 4), start)
    if bare and not near and text[start] in "百千万亿" and not text.startswith(tuple(SHARES), start):
        near.insert(0, bare[0])
        start = bare.start()
    far = clause_words(text, start, floor)
    if not far and not near and previous and previous.unit == quantity.unit:
        limit = words.shared.match(previous.qualifier or "")
        if limit and text[previous.full_end : start] == "、":
            far = [limit[0]]  # 不超过45人、50人
    behind: list[str] = [quantity.qualifier] if quantity.qualifier else []
    if quantity.unit and not behind and quantity.unit.lstrip("百千万亿十") in words.trailing_units:
        more = re.compile("[多余]").match(text, end)
        if more and words.inner.match(text, end) and unit_at(text, end + 1) is None:
            behind.append(more[0])
            end = more.end()
    while match := words.after.match(text, end):
        behind.append(match["word"].removeprefix("的"))
        end = match.end()
    everything = [*dict.fromkeys((*far, *near, *behind))]
    return replace(quantity, qualifier="、".join(everything) or None, full_start=start, full_end=end)
