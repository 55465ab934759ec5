"""The single checks of the guard: one number, the years, the places of a piece of a draft."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from corpus.catalogue import indicators_in, stages, stages_in
from corpus.facts.cues import DOWN, UP
from corpus.folding import fold
from corpus.gazetteer import mentions, unknown_places
from corpus.model import Fact, Period, Quantity, Report
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from tools.calculation import Calculation
from tools.evidence import Clause, Sentence

_DIRECTION = re.compile(rf"(?:(?P<up>{UP})|(?P<down>{DOWN}))(?:了|到|至|约|近|幅度为|率为)?$")
_VERSUS = re.compile(r"(?P<a>[^,;。「」]{1,24}?)比(?P<b>[^,;。「」]{1,24}?)(?P<word>高|低|多|少)$")
_GIVEN = re.compile(r"(?:不是|达到|是否|要求|目标|问题中的|所说的|高于|低于|超过)(?:「」)?$")
_GAP = {"up": re.compile(r"没有达到|未达到|还差|不足"), "down": re.compile(r"已达到|高出|超出|超过")}


@dataclass(frozen=True)
class Said:
    """A folded piece of a draft, quotes and checked formulas taken out, and what it cites."""

    text: str
    facts: list[Fact]
    calculations: list[Calculation]
    question: str
    report: Callable[[str], Report | None]
    sentences: list[Sentence]
    clauses: list[Clause]

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        return tuple(p for p in read_periods(self.text) if p.key)

    @cached_property
    def year_spans(self) -> list[tuple[int, int]]:
        return [(p.start, p.end) for p in self.periods]

    @cached_property
    def all_facts(self) -> list[Fact]:
        """The cited facts and those that cited calculations were made from."""
        inside = [i.fact for c in self.calculations for i in c.inputs if i.fact is not None]
        return [*self.facts, *inside]

    @cached_property
    def regions(self) -> set[str]:
        found: set[str] = set()
        for fact in self.all_facts:
            found.add(fact.region or "")
        for key in {*(f.report_id for f in self.all_facts), *(s.report_id for s in self.sentences)}:
            if report := self.report(key):
                found |= {report.region or "", *report.region_path}
        return found


def number_objection(quantity: Quantity, said: Said) -> str | None:
    """Return why this number may not stand where it stands, None if cited evidence bears it out."""
    before = said.text[: quantity.full_start]
    if quantity.unit == "" and any(a <= quantity.start < b for a, b in said.year_spans):
        return None
    shown = quantity.as_printed
    facts = [f for f in said.facts if _same(f, quantity)]
    made = [c for c in said.calculations if _is_result(c, quantity)]
    inputs = [
        i.fact
        for c in said.calculations
        for i in c.inputs
        if i.fact and i.value == quantity.value and i.unit == quantity.unit
    ]
    if not facts and not made and not inputs:
        if _GIVEN.search(before) and _in_question(quantity, said.question):
            return None
        return f"中的“{shown}”在所引证据里没有(数值与单位须完全相同)"
    problems: list[str] = []
    for fact in (*facts, *inputs):
        problem = _fact_objection(fact, quantity, before, said)
        if problem is None:
            return None
        problems.append(problem)
    for calculation in made:
        problem = _made_objection(calculation, quantity, before)
        if problem is None:
            return None
        problems.append(problem)
    return problems[0]


def _same(fact: Fact, quantity: Quantity) -> bool:
    return fact.value == quantity.value and fact.unit == quantity.unit and fact.upper == quantity.upper


def _is_result(calculation: Calculation, quantity: Quantity) -> bool:
    return abs(calculation.value) == abs(quantity.value) and calculation.unit == quantity.unit


def _in_question(quantity: Quantity, question: str) -> bool:
    return any(q.value == quantity.value and q.unit == quantity.unit for q in read_quantities(fold(question)))


def _clause(before: str) -> str:
    return re.split(r"[,;。:(]", before)[-1]


def _fact_objection(fact: Fact, quantity: Quantity, before: str, said: Said) -> str | None:
    shown = quantity.as_printed
    year = next((p.key for p in reversed(said.periods) if p.end <= quantity.full_start), None)
    if year and fact.period and not _period_agrees(year, fact.period):
        return f"中的“{shown}”是{fact.period[:4]}年的,不是{year[:4]}年的"
    places = mentions(before)
    if places and fact.region:
        last = {place.name for place in places[-1].places} | {place.short for place in places[-1].places}
        versus = re.search(r"比[^,;。]*$", before)
        if fact.region not in last and not (versus and fact.region in before):
            report = said.report(fact.report_id)
            if report is None or not last & set(report.region_path) - {fact.region} or fact.region in before:
                return f"中的“{shown}”是{fact.region}的,与所写地区不符"
    staged = (
        [s.id for s in stages_in(_clause(before))]
        if not indicators_in(_clause(before))
        else [
            s.id
            for s in stages_in(_clause(before))
            if not any(n.start <= s.start and s.end <= n.end for n in indicators_in(_clause(before)))
        ]
    )
    if staged and fact.stage and fact.stage != staged[-1] and fact.stage not in stages()[staged[-1]].includes:
        return f"中的“{shown}”不是{stages()[staged[-1]].name}的"
    named = [n.id for n in indicators_in(_clause(before))]
    if named and fact.metric_id and fact.metric_id not in named:
        return f"中的“{shown}”不是这个指标的数"
    if fact.role in ("rate", "change"):
        match = _DIRECTION.search(before)
        if match and fact.direction and (match.group("up") is not None) != (fact.direction == "up"):
            return f"中的“{shown}”方向写反了"
    elif (
        (match := _DIRECTION.search(before))
        and (match.group("up") or match.group("down"))
        and not before.endswith(("到", "至"))
    ):
        return f"中的“{shown}”不是增减的数"
    wanted = {w for w in (fact.qualifier or "").split("、") if w}
    if wanted and not wanted <= set((quantity.qualifier or "").split("、")):
        around = said.text[max(0, quantity.full_start - 24) : quantity.full_end + 4]
        if not all(word in around for word in wanted):
            return f"中的“{shown}”漏了限定词“{'、'.join(sorted(wanted))}”"
    return None


def _period_agrees(year: str, period: str) -> bool:
    if year[:4] == period[:4]:
        return True
    return "/" in period and year[:4] in period


def _made_objection(calculation: Calculation, quantity: Quantity, before: str) -> str | None:
    shown = quantity.as_printed
    if calculation.name == "gap":
        for direction, words in _GAP.items():
            if words.search(before.rsplit("。", 1)[-1]) and calculation.direction not in (direction, None):
                return f"中的“{shown}”与是否达到的说法相反"
        return None
    if match := _VERSUS.search(before):
        up = match.group("word") in ("高", "多")
        first = _side(match.group("a"), calculation)
        if first is None:
            return f"中的“{shown}”比较的双方与证据不符"
        wanted = (
            calculation.direction
            if first == 0
            else {"up": "down", "down": "up"}.get(calculation.direction or "")
        )
        return None if wanted == ("up" if up else "down") else f"中的“{shown}”高低写反了"
    if calculation.direction and (match := _DIRECTION.search(before)):
        if (match.group("up") is not None) != (calculation.direction == "up"):
            return f"中的“{shown}”方向写反了"
    return None


def _side(words: str, calculation: Calculation) -> int | None:
    """Return which input (0 or 1) ``words`` speak of, by place, stage or year; None if unclear."""
    facts = [i.fact for i in calculation.inputs[:2]]
    scores = []
    for fact in facts:
        if fact is None:
            return None
        names = [fact.region or "", fact.subject, (fact.period or "")[:4] + "年", fold(fact.label)]
        scores.append({name for name in names if name and name in words})
    own = [scores[0] - scores[1], scores[1] - scores[0]]
    if bool(own[0]) == bool(own[1]):
        return None
    return 0 if own[0] else 1


def year_objections(said: Said) -> list[str]:
    """Years must be those of the cited evidence, of its sentences, or of the question."""
    known: set[str] = set()
    for fact in said.all_facts:
        known |= set(re.findall(r"(?:19|20)\d\d", f"{fact.period} {fact.base_period}"))
    asked = set(re.findall(r"(?:19|20)\d\d", said.question))
    if not said.all_facts:
        for sentence in said.sentences:
            report = said.report(sentence.report_id)
            known |= set(re.findall(r"(?:19|20)\d\d", f"{sentence.text} {report.title if report else ''}"))
        known |= asked
        for clause in said.clauses:
            known |= set(re.findall(r"(?:19|20)\d\d", clause.source))
    return [
        f"中的“{p.key[:4]}年”不是所引证据的年份"
        for p in said.periods
        if p.key and p.key[:4].isdigit() and not set(re.findall(r"\d{4}", p.key)) <= known
    ]


def place_objections(said: Said) -> list[str]:
    """Places must be those that the cited evidence is about."""
    why: list[str] = []
    for mention in (*mentions(said.text), *unknown_places(said.text)):
        names = {p.name for p in mention.places} | {mention.written}
        if not names & said.regions and (said.all_facts or said.sentences or said.calculations):
            if not any(mention.written in fold(f.label + f.subject) for f in said.all_facts):
                why.append(f"中的“{mention.written}”不是所引证据的地区")
        elif not (said.all_facts or said.sentences or said.calculations) and mention.written not in fold(
            said.question
        ):
            why.append(f"中的“{mention.written}”没有证据")
    return why
