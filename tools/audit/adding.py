"""Adding up: the sum of parts in the unit of their total, what it differs by, and the words for both."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from decimal import Decimal

from corpus.model import Fact
from corpus.units import UnitError, convert, factor
from tools.audit.tokens import Token
from tools.audit.view import View
from tools.calculation import Calculation, Input, trimmed
from tools.evidence import Part, amount, period_words


def added(
    parts: Sequence[Fact], unit: str, label: str = "各项之和", less: Collection[Fact] = ()
) -> Calculation:
    """Return the sum of ``parts`` in ``unit``, exact; those in ``less`` are taken off.

    Amounts of change that fall count as negative. ``unit`` may be another counting word than that of a part
    (7所、1个: both are places).
    """
    values = [-_in_unit(part, unit) if part in less else _in_unit(part, unit) for part in parts]
    inputs = tuple(
        Input(f"第{at}项", value, unit, part)
        for at, (part, value) in enumerate(zip(parts, values, strict=True), 1)
    )
    return Calculation(
        "sum", label, " + ".join(item.name for item in inputs),
        " + ".join(f"({{{i}}})" if v < 0 else f"{{{i}}}" for i, v in enumerate(values)),
        inputs, trimmed(sum(values, Decimal(0))), unit, None,
    )  # fmt: skip


def _in_unit(part: Fact, unit: str) -> Decimal:
    try:
        value = trimmed(convert(part.value, part.unit, unit))
    except UnitError:  # other counting words for places (所, 个): one is one
        value = trimmed(part.value * factor(part.unit) / factor(unit))
    return -value if part.role == "change" and part.direction == "down" and value > 0 else value


def apart(total: Calculation, stated: Fact) -> Calculation:
    """Return by how much the sum and the stated total differ, without sign."""
    first, second = (
        Input("各项之和", total.exact, total.unit, calculation=total),
        Input("总数", stated.value, stated.unit, stated),
    )
    if total.exact < stated.value:
        first, second = second, first
    return Calculation(
        "difference", "差额", f"{first.name} − {second.name}", "{0} − {1}", (first, second),
        trimmed(first.value - second.value), stated.unit, None,
    )  # fmt: skip


def head(fact: Fact, name: str) -> tuple[str | Part, ...]:
    """Return place, year and name of an amount as the pieces of an explanation."""
    pieces: list[str | Part] = []
    place = fact.region or ""
    if place and not re.search(r"\d", place) and place not in name:
        pieces.append(place)
    year = (fact.period or "")[:4]
    if year.isdigit() and year not in name:
        whole_year = re.fullmatch(r"\d{4}(?:/\d{4})?", fact.period or "")
        pieces.append(Part(period_words(fact.period if whole_year else year), fact, label=True))
    pieces.append(name)
    return tuple(pieces)


_NAMELESS = "该项"
_YEARS = re.compile(
    r"^(?:近|这|过去|最近)?[一二两三四五六七八九十]{1,2}年(?:来|间|内)?(?=累计|共|公开|招|投|新|培训|补充|引进)"
)
"""三年累计投资…: how many years an amount is of is its period, not its name."""


def plain_name(token: Token | Fact) -> str:
    """Return what an amount is called, without digits; a general word where the text has none."""
    if isinstance(token, Token) and token.name:
        return _YEARS.sub("", token.name) or token.name
    fact = token.fact if isinstance(token, Token) else token
    return next((n for n in (fact.label, fact.metric) if n and not re.search(r"\d", n)), _NAMELESS)


def listed(parts: Sequence[Token | Fact]) -> tuple[str | Part, ...]:
    """Return the parts with their names, joined for an explanation."""
    pieces: list[str | Part] = []
    for at, part in enumerate(parts):
        fact = part.fact if isinstance(part, Token) else part
        name: str | Part = plain_name(part)
        if name == _NAMELESS and re.fullmatch(r"\d{4}", fact.period or ""):
            name = Part(period_words(fact.period), fact, label=True)
        pieces += ["、" if at else "", name, Part(amount(fact), fact)]
    return tuple(piece for piece in pieces if piece != "")


def span_of(view: View, facts: Sequence[Fact]) -> tuple[int, int]:
    """Return the words that claim a sum, ``facts[0]`` the total: from the first of them to the last in its line."""
    text = view.folded
    first, last = min(facts, key=lambda f: f.start), max(facts, key=lambda f: f.end)
    if "\n" in text[first.start : last.end]:  # the parts stand in paragraphs of their own: they are evidence
        first = last = facts[0]
    start, end = first.start, last.end
    while start > first.sentence[0] and text[start - 1] not in ",;。\n":
        start -= 1
    while end < last.sentence[1] and text[end] not in ",;。\n":
        end += 1
    while start < first.start and text[start].isspace():
        start += 1
    return start, end
