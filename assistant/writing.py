"""Say evidence in words. Every number written here is printed from the evidence, never typed."""

from __future__ import annotations

import re

from assistant.procedures import Desk, Draft, Line, refuse
from assistant.question import Ask
from corpus.catalogue import indicators, settled
from corpus.folding import fold
from corpus.model import Fact
from tools.calculation import Calculation
from tools.evidence import Evidence, Missing, amount, period_words
from tools.words import presence, terms

LONGEST = 90
"""Characters that a quoted clause is at most lengthened to."""
_KINDS = {"plan": "计划", "target": "目标", "policy": "规定要求"}


def facts_of(evidence: list[Evidence]) -> list[Fact]:
    return [e.item for e in evidence if isinstance(e.item, Fact)]


def calculation_of(evidence: list[Evidence]) -> Calculation | None:
    return next((e.item for e in evidence if isinstance(e.item, Calculation)), None)


def by_kind(evidence: list[Evidence], kind: str) -> list[Evidence]:
    return [e for e in evidence if e.kind == kind]


def when(fact: Fact, ask: Ask, desk: Desk) -> str:
    """Return the fact's period in words if a reader can check it in the source or gave it himself."""
    if not fact.period:
        return ""
    year = fact.period[:4]
    report = desk.report(fact.report_id)
    quoted = report.text[slice(*quote_span(fact, report.text))] if report else ""
    said = year in quoted or (report is not None and year in report.title)
    asked = any(p.startswith(year) for p in ask.periods)
    return period_words(fact.period) if said or asked else ""


def subject(fact: Fact) -> str:
    """Return the stage or body that the metric's name does not already say."""
    if fact.subject and fact.subject != fact.region and fact.subject not in fact.metric:
        return fold(fact.subject)
    return ""


def name_of(fact: Fact) -> str:
    known = settled(fact)
    return indicators()[known].name if known else fact.metric


def says_itself(fact: Fact) -> bool:
    """True if metric and amount make a sentence; else the source's own clause is quoted."""
    dated = fact.role != "base" or fact.period is not None  # "由19.5%到…": an old state, shown in its words
    return (
        settled(fact) is not None
        and fact.role in ("level", "base", "share")
        and fact.kind == "actual"
        and dated
    )


def quote_span(fact: Fact, text: str) -> tuple[int, int]:
    """Return the span that shows the fact: its sentence, or for long ones the part up to ；."""
    start, end = fact.sentence
    if end - start > 160:
        left = max((m.end() + start for m in re.finditer(r"[;；]", text[start : fact.start])), default=start)
        match = re.search(r"[;；]", text[fact.end : end])
        start, end = left, (fact.end + match.start() + 1 if match else end)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def clause_text(fact: Fact, text: str) -> str:
    """Return the clause of a fact verbatim, with the clause before it when its own words do not name it."""
    start, end = fact.clause
    own = re.sub(r"[\s\d.,%]+", "", fold(text[start:end]))
    parts = [part[:4] for part in fold(fact.label).split()]
    while start > fact.sentence[0] and (len(own) < 3 or (parts and not any(p in own for p in parts))):
        before = max(
            (m.start() for m in re.finditer(r"[,，;；:：。]", text[fact.sentence[0] : start - 1])), default=-1
        )
        start = fact.sentence[0] + before + 1
        own = re.sub(r"[\s\d.,%]+", "", fold(text[start:end]))
        if end - start > 90:
            break
    return text[start:end].strip()


def statement(evidence: Evidence, ask: Ask, desk: Desk, *, region: bool = True) -> Line:
    """Return one sentence for a fact: by its metric when the catalogue knows it, else in its own words."""
    fact = evidence.item
    assert isinstance(fact, Fact)
    place = (fact.region or "") if region else ""
    if says_itself(fact):
        return Line(
            f"{place}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}为{amount(fact)}", (evidence,)
        )
    text = desk.text(fact.report_id)
    quoted = _with_asked(clause_text(fact, text), fact, text, ask)
    kind = f"(属{_KINDS[fact.kind]})" if fact.kind in _KINDS else ""
    return Line(f"{place}{when(fact, ask, desk)}{subject_in(fact, quoted)}:「{quoted}」{kind}", (evidence,))


_CLAUSES = re.compile(r"[^,，;；。]*[,，;；。]?")
_CLOSING = re.compile(r"[,，;；。\s]+$")


def _with_asked(quoted: str, fact: Fact, text: str, ask: Ask) -> str:
    """Lengthen a quotation by the clauses behind it that say what was asked and hold no figure.

    "2人因身体原因" alone does not show that it answers how many put school off, which stands two clauses on.
    """
    start = text.find(quoted, *fact.sentence)
    if start < 0 or not ask.words:
        return quoted
    end = at = start + len(quoted)
    own = fold(quoted)
    wanted = [t.text for t in terms(ask.words) if t.weight >= 0.5 and presence(t.text, own) < 0.7]
    for match in _CLAUSES.finditer(text, at, fact.sentence[1]):
        if not match.group() or re.search(r"\d", fold(match.group())) or match.end() - start > LONGEST:
            break
        if any(presence(word, fold(match.group())) >= 0.9 for word in wanted):
            end = match.end()
    return _CLOSING.sub("", text[start:end].strip()) if end > at else quoted


def subject_in(fact: Fact, quoted: str) -> str:
    """Return the name of an elliptical fact that its quoted clause leaves out."""
    return (
        "" if len(re.sub(r"[\d.,%\s]", "", quoted)) >= 6 or not fact.metric else subject(fact) + name_of(fact)
    )


def absent(evidence: list[Evidence], ask: Ask, desk: Desk) -> Draft:
    """Return the refusal that the evidence of absence gives, offering near names without numbers."""
    found = next((e for e in evidence if isinstance(e.item, Missing)), None)
    if found is None or not isinstance(found.item, Missing):
        return refuse("not_reported", "现有报告中没有提及这项内容")
    item = found.item
    text = found.text + "。" if not found.text.endswith("。") else found.text
    if item.reason == "not_reported" and item.nearby:
        text += f"资料中相近但不同的指标有:{'、'.join(dict.fromkeys(item.nearby))}。"
    if item.reason == "no_such_region":
        text += f"现有资料:{'、'.join(desk.known.regions) or '无'}。"
    return refuse(item.reason, text)  # type: ignore[arg-type]


def change_words(calculation: Calculation) -> str:
    """Return "增加4192万元" or "减少19万元" for a difference, from its sign."""
    value, unit = abs(calculation.value), calculation.unit
    verb = {"up": "增加", "down": "减少"}.get(calculation.direction or "", "相差")
    if unit == "百分点":
        verb = {"up": "提高", "down": "下降"}.get(calculation.direction or "", "相差")
        return f"{verb}{value:f}个百分点"
    return f"{verb}{value:f}{unit}"


def rate_words(calculation: Calculation) -> str:
    verb = {"up": "增长", "down": "下降"}.get(calculation.direction or "", "变化")
    return f"{verb}{abs(calculation.value):f}%"
