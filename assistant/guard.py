"""The guard: only what the cited evidence says may be said. It fails closed.

For every number of a draft there must be cited evidence with that value and unit, and the year, place,
stage, indicator, direction and qualifiers said around the number must be that evidence's own. Text in
「」 must stand in the cited source letter for letter. A line's citations follow it as ``[e:12345678]``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.guard_checks import Said, number_objection, place_objections, year_objections
from corpus.folding import fold
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from tools.calculation import Calculation
from tools.evidence import Clause, Evidence, Sentence

MARK = re.compile(r"\[e:([0-9a-f]{8})\]")
_CHUNK = re.compile(r"((?:(?!\[e:[0-9a-f]{8}\])[^\n])*)((?:\[e:[0-9a-f]{8}\])*)")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}\. ")
_QUOTE = re.compile(r"「([^」]*)」")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Sources:
    """What a draft is checked against: the evidence gathered, the stored reports, and the question."""

    evidence: Mapping[str, Evidence]
    report: Callable[[str], Report | None]
    question: str = ""


def chunks(draft: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the pieces of a draft with the keys that each cites."""
    found = []
    for text, marks in _CHUNK.findall(draft):
        keys = tuple(dict.fromkeys(MARK.findall(marks)))
        if text.strip() or keys:
            found.append((text, keys))
    return found


def objections(draft: str, sources: Sources) -> list[str]:
    """Return what keeps ``draft`` from being said, in Chinese for a model to act on; empty lets it pass."""
    found: list[str] = []
    if not draft.strip():
        return ["答案是空的"]
    for text, keys in chunks(draft):
        unknown = [key for key in keys if key not in sources.evidence]
        if unknown:
            found.append(f"“{text.strip()}”引用了不存在的证据:{'、'.join(unknown)}")
            continue
        found += [
            f"“{text.strip()}”{why}" for why in _chunk(text, [sources.evidence[key] for key in keys], sources)
        ]
    return found


def _chunk(text: str, cited: list[Evidence], sources: Sources) -> list[str]:
    text = _LIST_NUMBER.sub("", text)
    why: list[str] = []
    for quoted in _QUOTE.findall(text):
        if not any(_stands_in(quoted, item, sources) for item in cited):
            why.append(f"中的引文“{quoted[:40]}”与所引原文不是逐字相同")
    rest = _QUOTE.sub("「」", text)
    for item in cited:
        if item.kind in ("missing", "standard") and item.text in rest:
            rest = rest.replace(item.text, "")
        if isinstance(item.item, Calculation):
            rest = rest.replace(item.item.steps, "")
    folded = fold(rest)
    quantities = read_quantities(folded)
    facts = [item.item for item in cited if isinstance(item.item, Fact)]
    made = [item.item for item in cited if isinstance(item.item, Calculation)]
    quoted_from = [item.item for item in cited if isinstance(item.item, Sentence)]
    clauses = [item.item for item in cited if isinstance(item.item, Clause)]
    said = Said(folded, facts, made, sources.question, sources.report, quoted_from, clauses)
    for quantity in quantities:
        if problem := number_objection(quantity, said):
            why.append(problem)
    why += year_objections(said)
    why += place_objections(said)
    why += _loose_digits(said, [(q.full_start, q.full_end) for q in quantities])
    return why


def _stands_in(quoted: str, item: Evidence, sources: Sources) -> bool:
    """True if ``quoted`` stands letter for letter in the report, touching what the evidence spans."""
    held = item.item
    if isinstance(held, Fact):
        span, report_id = held.sentence, held.report_id
    elif isinstance(held, Sentence):
        span, report_id = (held.start, held.end), held.report_id
    else:
        return False
    report = sources.report(report_id)
    if report is None or not quoted.strip():
        return False
    at = report.text.find(quoted)
    while at >= 0:
        if at < span[1] and at + len(quoted) > span[0]:
            return True
        at = report.text.find(quoted, at + 1)
    return False


def _loose_digits(said: Said, taken: list[tuple[int, int]]) -> list[str]:
    """Digits that are no amount and no year must stand as such in a cited text or in the question."""
    why: list[str] = []
    spans = [*taken, *said.year_spans]
    known = set(_DIGITS.findall(fold(said.question)))
    for fact in said.facts:
        report = said.report(fact.report_id)
        if report is not None:
            known |= set(_DIGITS.findall(fold(report.text[slice(*fact.sentence)])))
    for clause in said.clauses:
        known |= set(_DIGITS.findall(fold(f"{clause.source} {clause.text}")))
    for match in _DIGITS.finditer(said.text):
        if any(a <= match.start() < b for a, b in spans) or match.group() in known:
            continue
        why.append(f"中的“{match.group()}”在所引证据里没有")
    return why
