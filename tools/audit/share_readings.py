"""Ways in which a report's own figures may give a claim, and the judgement over all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.folding import fold
from corpus.model import Fact
from corpus.units import convert, dimension
from tools.audit.intervals import judge, places_of
from tools.audit.model import Check, Finding, Kind
from tools.audit.registry import clause_span, tell
from tools.audit.view import View
from tools.calculation import Calculation, Input, quotient
from tools.evidence import Part, Sentence
from tools.proportion import sum_of

Piece = str | Part | Fact | Calculation | Sentence
SCALES = {"percent": ("share", 100), "permille": ("share_permille", 1000), "cheng": ("share_tenths", 10)}
"""By the dimension of a share's unit: the name of its calculation, and how many of the unit are the whole."""


_QUOTIENTS = {(False, 1): "average", (False, 100): "average_100", (True, 1): "to_one"}


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to compute a claim. ``certain``: the words tie the figures to the claim and leave no other.

    ``told`` says it in words: figures with their names, what is done with them.
    """

    made: Calculation
    facts: tuple[Fact, ...]
    told: tuple[Piece, ...]
    certain: bool


def share_reading(claim: Fact, parts: Sequence[Fact], whole: Sequence[Fact], certain: bool) -> Reading | None:
    """Return ``parts`` as a share of ``whole`` (several are added up); None where that has no sense."""
    unit = whole[0].unit
    if any(dimension(f.unit) != dimension(unit) for f in (*parts, *whole)):
        return None
    below = sum_of(list(whole)) if len(whole) > 1 else None
    bottom = below.exact if below else whole[0].value
    if bottom <= 0 or (len(whole) == 1 and whole[0] in parts) or list(parts) == list(whole):
        return None
    name, times = SCALES[dimension(claim.unit)]
    values = [convert(f.value, f.unit, unit) for f in parts]
    names = ["部分"] if len(parts) == 1 else [f"部分{i + 1}" for i in range(len(parts))]
    top = " + ".join(f"{{{i}}}" for i in range(len(parts)))
    factor = f"{times}{claim.unit}"
    end = f" ÷ {{{len(parts)}}} × {factor}"
    inputs = tuple(Input(n, v, unit, f) for n, v, f in zip(names, values, parts, strict=True))
    total = Input("总量", bottom, unit, None if below else whole[0], below)
    made = Calculation(
        name, "占比", ("部分" if len(parts) == 1 else "(部分之和)") + f" ÷ 总量 × {factor}",
        (top if len(parts) == 1 else f"({top})") + end, (*inputs, total),
        quotient(sum(values, Decimal(0)) * times, bottom), claim.unit, max(2, places_of(claim.value)),
    )  # fmt: skip
    rounded_sum = below is not None and any(dimension(f.unit) == "money" for f in whole)
    told = (*listed(parts), "占", *listed(whole, {f.label for f in parts}), "的比例")
    return Reading(made, (*parts, *whole), told, certain and not rounded_sum)


def rest_reading(claim: Fact, others: Sequence[Fact]) -> Reading | None:
    """Return what is left of 100 % after ``others``; a fair reading of 其余, but never the only one."""
    left = 100 - sum((f.value for f in others), Decimal(0))
    if claim.unit != "%" or not others or left < 0:
        return None
    whole = Input("整体", Decimal(100), "%", given="整体")
    inputs = (whole, *(Input(f"已占{i}", f.value, "%", f) for i, f in enumerate(others, 1)))
    formula = " − ".join(item.name for item in inputs)
    template = " − ".join(f"{{{i}}}" for i in range(len(inputs)))
    made = Calculation("remainder", "其余占比", formula, template, inputs, left, "%", None)
    return Reading(made, tuple(others), ("整体减去", *listed(others)), False)


def quotient_reading(
    claim: Fact, top: Fact, bottom: Fact, certain: bool, *, times: int = 1, label: str, names: tuple[str, str],
    to: str | None = None,
) -> Reading | None:  # fmt: skip
    """Return ``top`` ÷ ``bottom`` (× ``times``) in the unit of ``claim``; None where that has no sense."""
    unit = to if to is not None else claim.unit
    if bottom.value <= 0 or bottom.id == top.id:
        return None
    value = convert(top.value, top.unit, unit) if dimension(top.unit) == dimension(unit) else top.value
    base = convert(bottom.value, bottom.unit, bottom.unit.lstrip("百千万亿") or bottom.unit)
    if dimension(top.unit) != dimension(unit):
        value = convert(top.value, top.unit, top.unit.lstrip("百千万亿") or top.unit)
    inputs = (
        Input(names[0], value, unit if dimension(top.unit) == dimension(unit) else _plain(top.unit), top),
        Input(names[1], base, _plain(bottom.unit), bottom),
    )
    more = f" × {times}" if times != 1 else ""
    made = Calculation(
        _QUOTIENTS[to == "", times], label, f"{names[0]} ÷ {names[1]}{more}",
        "{0} ÷ {1}" + more, inputs, quotient(value * times, base), claim.unit if to is None else "",
        max(2, places_of(claim.value)),
    )  # fmt: skip
    return Reading(made, (top, bottom), (*named(top), top, "除以", *named(bottom), bottom), certain)


def with_more(claim: Fact, top: Fact, bottom: Fact, more: Fact) -> Reading | None:
    """Return ``top`` ÷ (``bottom`` + ``more``): a fair reading where teachers may include carers."""
    below = sum_of([bottom, more])
    if below.exact <= 0:
        return None
    inputs = (
        Input("学生数", top.value, top.unit, top),
        Input("教师与保育员数", below.exact, below.unit, None, below),
    )
    made = Calculation(
        "to_one", "每名教师和保育员对应的学生数", "学生数 ÷ 教师与保育员数", "{0} ÷ {1}", inputs,
        quotient(top.value, below.exact), "", max(2, places_of(claim.value)),
    )  # fmt: skip
    told = (*named(top), top, "除以", *listed((bottom, more)))
    return Reading(made, (top, bottom, more), told, False)


def _plain(unit: str) -> str:
    return unit.lstrip("百千万亿") or unit


def named(fact: Fact) -> tuple[Piece, ...]:
    """Return what the report calls ``fact``, as a piece that its digits are no figures of."""
    label = fold(fact.label).strip(" \x00|,.;:、") or fold(fact.metric)
    label = label if len(label) <= 40 else fold(fact.metric)
    return (Part(label, fact, label=True),) if label else ()


def listed(facts: Sequence[Fact], unless: Collection[str] = ()) -> tuple[Piece, ...]:
    """Return the facts with their names, joined; a name of ``unless`` may be another's, and is left out."""
    pieces: list[Piece] = []
    for index, fact in enumerate(facts):
        if index:
            pieces.append("、" if index < len(facts) - 1 else "与")
        pieces += [*(named(fact) if fact.label not in unless else ()), fact]
    return (*pieces, "之和") if len(facts) > 1 else tuple(pieces)


def about(claim: Fact) -> tuple[Piece, ...]:
    """Return place, year and metric of a claim."""
    pieces: list[Piece] = []
    if claim.region:
        pieces.append(Part(claim.region, claim, label=True))
    if claim.period and claim.period[:4].isdigit() and "/" not in claim.period:
        pieces += [Part(claim.period[:4], claim, label=True), "年"]
    metric = fold(claim.metric).strip(" .|")
    if claim.subject and claim.subject != claim.region and claim.subject not in metric and claim.stage:
        pieces.append(Part(fold(claim.subject), claim, label=True))
    return (*pieces, Part(metric, claim, label=True))


def decide(
    view: View, claim: Fact, readings: Sequence[Reading], kind: Kind, check: Check,
    lacking: tuple[Piece, ...], seen: Sequence[Fact] = (),
) -> Finding:  # fmt: skip
    """Judge ``claim`` by its readings: one that gives it settles it; if none does, a certain one contradicts it.

    ``lacking`` says what the report does not say, ``seen`` what it does, for where nothing is certain.
    """
    judged = [(judge(claim, reading.made), reading) for reading in readings]
    order = sorted(judged, key=lambda pair: not pair[1].certain)
    for verdict in ("consistent", "rounding"):
        for outcome, reading in order:
            if outcome.verdict == verdict:
                agree = "一致" if verdict == "consistent" else "略有出入,在四舍五入允许的范围内"
                words = tell(
                    *about(claim), ":按", *reading.told, "复算得", reading.made, ",与报告所写的", claim, agree
                )
                return _finding(view, claim, kind, check, reading, words, verdict == "rounding")
    for _, reading in order:
        if reading.certain:
            others = _others(reading, [r for _, r in order])
            words = tell(
                *about(claim), ":按", *reading.told, "复算得", reading.made, ",报告写的是", claim, ",不一致", *others
            )  # fmt: skip
            made = _finding(view, claim, kind, check, reading, words, True)
            return replace(made, verdict="inconsistent")
    start, end = clause_span(view, claim)
    words = tell(*about(claim), claim, ":", *lacking)
    return Finding(
        view.report.id, start, end, kind, check, "not_recomputable", words, _once((claim, *seen)), claim
    )  # fmt: skip


def _others(first: Reading, readings: Sequence[Reading]) -> Iterator[Piece]:
    """Say what other readings of the words give, one of each value, two at most."""
    values = {first.made.value}
    for reading in readings:
        if reading.certain and reading.made.value not in values and len(values) < 3:
            values.add(reading.made.value)
            yield from (";按", *reading.told, "是", reading.made, ",也不一致")


def _finding(
    view: View, claim: Fact, kind: Kind, check: Check, reading: Reading, words: object, ranged: bool
) -> Finding:
    judged = judge(claim, reading.made)
    start, end = clause_span(view, claim)
    return Finding(
        view.report.id, start, end, kind, check, judged.verdict, words, _once((claim, *reading.facts)), claim,  # type: ignore[arg-type]
        reading.made, judged.least if ranged else None, judged.most if ranged else None,
    )  # fmt: skip


def _once(facts: Sequence[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
