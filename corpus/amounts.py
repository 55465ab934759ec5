"""One number and what follows it: 余, scale, unit, denominators; and 百分之 before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.numbering import MASK
from corpus.numerals import DIGITS, NUMERALS, split_scale
from corpus.units import Unit, per_at, unit_at, vocabulary
from corpus.wording import wording

_SPACED = r"(?:(?<=[\u4e00-\u9fff\x00])|\A)[0-9]{1,3}(?: [0-9]{3})+(?![0-9.,])(?! [0-9])"
"""Thousands parted by a blank, as yearbooks print them ("在校生2 210人"), only right behind a word."""
ARABIC = (
    rf"(?>{_SPACED}|[0-9]{{1,3}}(?:, ?[0-9]{{3}})+(?![0-9])|[0-9]+)"
    r"(?:\.[0-9]+| \.[0-9]+| ?\. [0-9]+(?= ?[^\s0-9.,、]))?"
)
BODY = re.compile(
    rf"(?P<arabic>(?>{ARABIC})(?!\.?[0-9])"
    r"(?:(?:[百千万亿]+[0-9]+(?:\.[0-9]+)?)+(?![0-9.]*分之)[百千万亿]*)?)"
    rf"|(?P<chinese>[{NUMERALS}]+(?:点[{''.join(DIGITS)}]+)?)"
)
START = re.compile(rf"[0-9{NUMERALS}]")
SHARE = re.compile(r"(?P<of>百分之|千分之|万分之)(?P<minus>负?)")
SHARES = {"百分之": "%", "千分之": "‰", "万分之": "‱"}
_CLOSED = frozenset(" \t\n,，。;；:、|)）]】》」』”’\"'!！?？…/—~=+%" + MASK)


@dataclass(frozen=True, slots=True)
class Amount:
    """One number as written: ``inner`` holds 余 or 多 inside it, ``chinese`` its numeral if it is Chinese."""

    start: int
    end: int
    value: Decimal
    scale: str
    unit: str
    printed: str
    inner: tuple[str, ...] = ()
    kind: Unit | None = None
    chinese: str = ""

    @property
    def full_unit(self) -> str:
        return self.scale + self.unit


def share_at(text: str, share: re.Match[str]) -> Amount | None:
    body = BODY.match(text, share.end())
    if not body:
        return None
    if body[0] == "百":
        value: Decimal = Decimal(100)
    else:
        parsed = split_scale(body[0].replace(" ", ""))
        if parsed is None or parsed[1] or text[body.end() : body.end() + 1] in ("几", "分"):
            return None
        value = parsed[0]
    if share["minus"]:
        value = -value
    return Amount(
        share.start(), body.end(), value, "", SHARES[share["of"]], share[0] + body[0].replace(" ", "")
    )


def amount_at(text: str, at: int) -> Amount | None:
    body = BODY.match(text, at)
    if not body:
        return None
    written, end = body[0], body.end()
    if body["chinese"]:
        if len(written) > 1 and written[-1] == "两":  # 十八万两: the weight, no digit
            written, end = written[:-1], end - 1
        if (
            len(written) <= 2
            and written[0] in "百千万亿"
            and wording().bare_before.search(text, max(0, at - 4), at) is not None
        ):
            parsed: tuple[Decimal, str] | None = split_scale("一" + written)
        elif written in ("百", "千", "万", "亿") and _alone(text, at, end):
            parsed = split_scale("一" + written)
        else:
            parsed = split_scale(written)
        if parsed is None:
            return None
    else:
        parsed = split_scale(written.replace(" ", ""))
        if parsed is None:
            return None
        if " " in written and not _unit_after(text, end):  # the blank parts two numbers
            written = re.split(r"[., ]", written)[0]
            end = at + len(written)
            parsed = Decimal(written), ""
    value, scale = parsed
    printed = written.replace(" ", "")
    return _attach_unit(
        text, at, end, value, scale, printed, written if body.re is BODY and body["chinese"] else ""
    )


def _alone(text: str, at: int, end: int) -> bool:
    """Tell whether 百, 千, 万 or 亿 and its unit are the whole text, as when a reading is read again."""
    unit = unit_at(text, end)
    return at == 0 and unit is not None and unit[1] == len(text)


def _unit_after(text: str, end: int) -> bool:
    position = end + (text[end : end + 1] == " ")
    return text[position : position + 1] in vocabulary().scales or unit_at(text, position) is not None


def _attach_unit(
    text: str, start: int, end: int, value: Decimal, scale: str, printed: str, chinese: str
) -> Amount:
    """Read 余, scale, unit and denominators behind a number that ends at ``end``."""
    inner: list[str] = []
    position = end
    words = wording()

    def skip(position: int) -> int:
        return position + (text[position : position + 1] == " ") + (text[position : position + 2] == "  ")

    def take_inner(position: int) -> int:
        match = words.inner.match(text, skip(position))
        if not match or text.startswith("来自", match.start()):
            return position
        rest = skip(match.end())
        more = text[rest : rest + 1] in ("万", "亿", "百", "千") or unit_at(text, rest) is not None
        if not more and not (
            match[0] != "来" and (scale or value % 10 == 0) and (match[0] == "余" or closed(text, rest))
        ):
            return position
        inner.append(match[0])
        return match.end()

    position = take_inner(position)
    whole = unit_at(text, skip(position))  # 千米 and 百分点 are units, not scaled ones
    if (not scale or scale in ("百", "千")) and not (whole and text[skip(position)] in "百千"):
        for length in (2, 1):  # 千万 before 千
            word = text[skip(position) : skip(position) + length]
            if scale + word in vocabulary().scales and not (
                word[:1] in ("百", "千") and chinese and not inner
            ):
                scale += word
                printed += word
                position = skip(position) + len(word)
                break
    end = position
    if not inner:
        position = take_inner(position)
        end = position
    kind: Unit | None = None
    unit = ""
    found = unit_at(text, skip(position))
    if found and not (found[0].arabic_only and chinese):
        begin = skip(position)
        kind, position = found
        unit, end = kind.name, position
        printed += text[begin:position].replace(" ", "")
        per = per_at(text, position)
        if per:
            unit += "/" + per[0]
            printed += text[position : per[1]].replace(" ", "")
            end = per[1]
    elif inner and scale == "" and found is None and not closed(text, end) and inner != ["余"]:
        end -= len(inner[-1])
        inner.pop()
    if kind is not None and kind.name == "成" and end < len(text) and text[end] in "一二三四五六七八九半":
        half = Decimal(DIGITS.get(text[end], 5)) / 10
        after = text[end + 1 : end + 2]
        if after not in tuple(NUMERALS) and unit_at(text, end + 1) is None:
            value, printed, end = value + half, printed + text[end], end + 1
    if kind is not None and kind.name == "年" and text[end : end + 1] == "半":
        value, printed, end = value + Decimal("0.5"), printed + "半", end + 1
    return Amount(start, end, value, scale, unit, printed, tuple(inner), kind, chinese)


def negative(text: str, amount: Amount, floor: int) -> Amount:
    """Take in a minus sign or 负 before the number, unless it joins or shares a word."""
    before = text[amount.start - 1 : amount.start] if amount.start > floor else ""
    if before == "-" and not re.search(
        r"[0-9A-Za-z%\-—)" + MASK + "] ?$", text[max(0, amount.start - 4) : amount.start - 1]
    ):
        return replace(amount, start=amount.start - 1, value=-amount.value, printed="-" + amount.printed)
    if before == "负" and text[amount.start - 2 : amount.start - 1] not in tuple("胜担肩抱欺辜"):
        return replace(amount, start=amount.start - 1, value=-amount.value, printed="负" + amount.printed)
    return amount


def closed(text: str, position: int) -> bool:
    return position >= len(text) or text[position] in _CLOSED
