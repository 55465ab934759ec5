"""What an answer may lean on: facts, sentences, calculations, and that something is not there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from corpus.model import Fact
from tools.calculation import Calculation

Kind = Literal["fact", "sentence", "calculation", "standard", "missing", "statement"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A quotable span: ``report.text[start:end] == text``."""

    report_id: str
    start: int
    end: int
    text: str
    section: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a codified standard, quotable as ``standard:ID/CODE``."""

    standard: str
    code: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something looked for that the sources do not say; ``reason`` is a reason of the contract."""

    reason: str
    what: str
    nearby: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One comparison that a verdict follows from: ``observed`` (exact) against ``limit`` by ``operator``.

    ``by`` holds ``observed`` (its exact or its displayed result), ``demanded`` names ``limit``.
    """

    observed: Decimal
    operator: str
    limit: Decimal
    by: Calculation | Fact
    demanded: Clause | Calculation | Fact | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a statement, and what bears it out.

    ``source`` holds every number in ``text``; with ``label`` the number only names something (a school, a code,
    a year) and ``source`` is where the name stands. A ``Sentence`` bears out what is quoted from it in 「」. ``claims`` are the comparisons that a judging word follows
    from: 达标 if all hold, 未达标 if one does not.
    """

    text: str
    source: Fact | Calculation | Clause | Sentence | None = None
    label: bool = False
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a statement judges in a report, so that it can be judged again without trusting its maker.

    ``verdict`` is one of an audit's ("inconsistent" …), ``claim`` the words judged, ``stated`` their figure and
    ``made`` what the report's own figures give for it; ``figures`` are all figures that bear on it. A ``hint``
    judges nothing.
    """

    verdict: str
    claim: Sentence
    stated: Fact | None = None
    made: Calculation | None = None
    figures: tuple[Fact, ...] = ()
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that a tool has put together from its findings; it is said as it stands or not at all.

    ``values`` are the findings that it states, in order; ``schools`` and ``codes`` say what it is about. One with a
    ``judgement`` tells a finding of an audit.
    """

    parts: tuple[Part, ...]
    values: tuple[Fact | Calculation, ...] = ()
    schools: tuple[str, ...] = ()
    stage: str | None = None
    code: str | None = None
    region: str | None = None
    topic: str = ""
    judgement: Judgement | None = None

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def sources(self) -> tuple[Fact | Calculation | Clause | Sentence, ...]:
        """Everything that bears it out, each once."""
        found: list[Fact | Calculation | Clause | Sentence] = []
        for part in self.parts:
            for item in (part.source, *(x for c in part.claims for x in (c.by, c.demanded))):
                if item is not None and item not in found:
                    found.append(item)
        if self.judgement is not None:
            judged = (self.judgement.stated, self.judgement.made, self.judgement.claim)
            found += [item for item in judged if item is not None and item not in found]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence. ``text`` is what a reader, or a language model, sees of it."""

    kind: Kind
    text: str
    item: Fact | Sentence | Calculation | Clause | Missing | Statement

    @property
    def key(self) -> str:
        """Eight hex digits over kind and content: code makes the keys, code checks them."""
        return hashlib.sha256(f"{self.kind}|{self.identity}".encode()).hexdigest()[:8]

    @property
    def identity(self) -> str:
        if isinstance(self.item, Fact):
            return self.item.id
        if isinstance(self.item, Sentence):
            return f"{self.item.report_id}-{self.item.start}-{self.item.end}"
        return self.text


def period_words(period: str | None) -> str:
    """Return a period key as people write it: "2022年", "2022年5月", "2022—2024年"."""
    if not period:
        return ""
    if "/" in period:
        first, last = period.split("/", 1)
        return f"{first}—{last}年"
    year, _, rest = period.partition("-")
    if not rest:
        half = {
            "H1": "上半年",
            "H2": "下半年",
            "Q1": "第一季度",
            "Q2": "第二季度",
            "Q3": "第三季度",
            "Q4": "第四季度",
        }
        return f"{year[:4]}年{half.get(year[4:], '')}"
    if rest[0].isdigit():
        parts = rest.split("-")
        return f"{year}年{int(parts[0])}月" + (f"{int(parts[1])}日" if len(parts) > 1 else "")
    return f"{year}年" + {"autumn": "秋季", "spring": "春季", "end": "底", "start": "初"}.get(rest, "")


def plain(value: Decimal) -> str:
    """Return ``value`` in plain decimal notation, digits as they are ("18.40" stays)."""
    return f"{value:f}"


_AFTER = ("余", "多", "以上", "以下", "左右", "上下", "以内", "来", "许")
_CLASSIFIER_SPLIT = ("余", "多", "来")


def amount(fact: Fact) -> str:
    """Return the value with unit and qualifiers in their Chinese order ("近3亿元", "2万余人次")."""
    number, unit = plain(fact.value), fact.unit
    if unit == "1:N":
        return f"1:{number}"
    if unit == "N:1":
        return f"{number}:1"
    if fact.upper is not None:
        number = f"{number}—{plain(fact.upper)}"
    before, inner, after = "", "", ""
    for word in (fact.qualifier or "").split("、"):
        if not word:
            continue
        if word in _CLASSIFIER_SPLIT:
            inner += word
        elif word in _AFTER:
            after += word
        else:
            before += word
    if inner and unit.endswith("元"):
        return f"{before}{number}{inner}{unit}{after}"
    if inner:
        scale = next((s for s in ("亿", "万", "千", "百") if unit.startswith(s)), "")
        return f"{before}{number}{scale}{inner}{unit.removeprefix(scale)}{after}"
    return f"{before}{number}{unit}{after}"


def describe(fact: Fact) -> str:
    """Return one line that names the fact completely; it is all that a model sees of it."""
    who = fact.region or ""
    subject = fact.subject if fact.subject and fact.subject != who and fact.subject not in fact.metric else ""
    when = period_words(fact.period)
    kind = {"plan": "(计划)", "target": "(目标)", "policy": "(规定)", "reference": "(对照)"}.get(
        fact.kind, ""
    )
    what = {"change": {"up": "增加", "down": "减少"}, "rate": {"up": "增长", "down": "下降"}}.get(
        fact.role, {}
    )
    verb = what.get(fact.direction or "", "为")
    return f"{who}{when}{subject}{fact.metric}{kind}{verb}{amount(fact)}"


def from_fact(fact: Fact) -> Evidence:
    return Evidence("fact", describe(fact), fact)


def from_calculation(calculation: Calculation) -> Evidence:
    return Evidence("calculation", f"{calculation.label}:{calculation.steps}", calculation)


def from_statement(statement: Statement) -> Evidence:
    return Evidence("statement", statement.text, statement)


def missing(reason: str, what: str, *nearby: str) -> Evidence:
    """Return that something was looked for and is not there: a finding like any other, and citable."""
    return Evidence("missing", what, Missing(reason, what, nearby))
