"""The numbers and places of a piece of a draft, each held against the evidence that it cites."""

from __future__ import annotations

import re

from assistant.guard_facts import fact_objection, same
from assistant.guard_results import made_objection
from assistant.guard_said import Said, region_names
from corpus.gazetteer import mentions, unknown_places
from corpus.model import Fact, Quantity
from corpus.numerals import NUMERALS
from corpus.quantities import read_quantities
from corpus.units import convert
from tools.calculation import Calculation

GIVEN = re.compile(
    r"(?:不是|达到|是否|要求|目标|问题中的|所说的|所问的|高于|低于|超过|不足|不到|少于|多于|标准)(?:的?是|为)?$"
)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_NUMERIC_WORD = re.compile(
    rf"第[{NUMERALS}\d]+(?!次会议|方|三方|一时间)|[{NUMERALS}]+分之[{NUMERALS}]+|翻[{NUMERALS}]?番|[一多大过]半|半数|成倍|倍增|倍数级|"
    rf"数[十百千万]|几[十百千万]|[十百千]几|(?<![{NUMERALS}\d])[{NUMERALS}]{{2,}}(?![{NUMERALS}])|名列前茅|居首|首位|榜首|末位|垫底|倒数"
)
_IDIOM = re.compile(r"一一|万一|千万|百万|万千|一二|三两|两三|十四五|十三五|四五|统一|一百|一千")


def number_objections(said: Said) -> list[str]:
    """Every amount needs evidence; digits and numerals that are no amount must be the source's own words."""
    why = [problem for q in said.own_quantities if (problem := _number(q, said))]
    taken = [(q.full_start, q.full_end) for q in said.quantities]
    taken += [(p.start, p.end) for p in said.periods]
    taken += said.name_spans
    known = set(_DIGITS.findall(said.cited_text))
    if not said.cited:
        known = set()
    for match in _DIGITS.finditer(said.whole, said.begin):
        if any(a <= match.start() < b for a, b in taken):
            continue
        around = said.whole[max(0, match.start() - 3) : match.end() + 2].strip()
        if match.group() not in known or around[:4] not in said.cited_text:
            why.append(f"中的“{match.group()}”在所引证据里没有")
    for match in _NUMERIC_WORD.finditer(said.whole, said.begin):
        if any(a <= match.start() < b for a, b in taken) or _IDIOM.fullmatch(match.group()):
            continue
        if match.group() not in said.cited_text:
            why.append(f"中的“{match.group()}”在所引证据里没有")
    return why


def is_result(calculation: Calculation, quantity: Quantity) -> bool:
    return abs(calculation.value) == abs(quantity.value) and calculation.unit == quantity.unit


def asked(quantity: Quantity, question: str) -> bool:
    """True if the question states this amount."""
    return any(q.value == quantity.value and q.unit == quantity.unit for q in read_quantities(question))


def bound(quantity: Quantity, said: Said) -> list[Fact]:
    """Return the cited facts (or inputs of cited calculations) that are this amount."""
    return [f for f in said.all_facts if same(f, quantity)]


def _number(quantity: Quantity, said: Said) -> str | None:
    before = said.whole[: quantity.start]
    shown = quantity.as_printed
    facts = bound(quantity, said)
    made = [c for c in said.calculations if is_result(c, quantity)]
    if GIVEN.search(before) and asked(quantity, said.question) and said.cited:
        if not (facts or made):
            return None
        if re.search(r"不是$", before):
            return f"中的“{shown}”正是证据的数,不能说不是"
    if not facts and not made:
        return f"中的“{shown}”在所引证据里没有(数值与单位须完全相同)"
    if re.search(r"达到$", before) and _is_threshold(quantity, said):
        return None
    problems = []
    for problem in (
        *(fact_objection(f, quantity, said) for f in facts),
        *(made_objection(c, quantity, said) for c in made),
    ):
        if problem is None:
            return None
        problems.append(problem)
    return f"中的“{shown}”{problems[0]}"


def _is_threshold(quantity: Quantity, said: Said) -> bool:
    bars = [c.inputs[0] for c in said.calculations if c.name == "gap"]
    return any(b.value == quantity.value and b.unit == quantity.unit for b in bars)


def place_objections(said: Said) -> list[str]:
    """Places must be those that the cited evidence is about."""
    allowed = {f.region for f in said.all_facts if f.region}
    for key in {s.report_id for s in said.sentences} | {f.report_id for f in said.all_facts if not f.region}:
        if (report := said.report(key)) and report.region:
            allowed.add(report.region)
    for sentence in said.sentences:
        for mention in mentions(sentence.text):
            allowed |= region_names(mention)
    if not said.cited:
        allowed = {name for m in mentions(said.question) for name in region_names(m)}
    why = []
    own = [m for m in said.places if m.start >= said.begin]
    strange = [m for m in unknown_places(said.whole) if m.start >= said.begin]
    for mention in (*own, *strange):
        if region_names(mention) & allowed or (not mention.places and mention.written in said.cited_text):
            continue
        why.append(f"中的“{mention.written}”不是所引证据的地区")
    return why


def comparable(a: Fact, b: Fact) -> int:
    """Return the sign of a − b, in one unit, falls counted as negative."""
    signed = [
        (-f.value if f.direction == "down" and f.role in ("rate", "change") else f.value) for f in (a, b)
    ]
    second = convert(signed[1], b.unit, a.unit)
    return (signed[0] > second) - (signed[0] < second)
