"""What surrounds a claim in words: its sentence, time, stage and scope, and whether it says what is or what is wanted."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from corpus.catalogue import stages, stages_in
from corpus.claims import claims
from corpus.folding import fold
from corpus.model import Fact
from corpus.periods import read_periods
from tools.audit.view import View
from tools.compliance.statements import heading_stage, stage_of_path
from tools.evidence import Claim, Clause, Part, Sentence

REACH = 400
"""A sentence is looked at no further than this from a claim."""
_STOPS = re.compile(r"[。!?\n]|\.(?=[\u4e00-\u9fff\n])")
_MARKS = ",;:。!?\n(|"
_EARLIER = re.compile(r"去年|上一?年|前年|往年|上一?学年|以前|此前|过去")
_REST = re.compile(r"(?:其余|剩余|剩下|另有|另外|其他)[^;。]*$")
_WIDER: dict[str, frozenset[str]] = {
    "compulsory": frozenset({"primary", "junior"}),
    "schools": frozenset({"primary", "junior", "senior", "senior_any", "compulsory"}),
    "senior_any": frozenset({"senior", "vocational_senior"}),
    "vocational": frozenset({"vocational_senior"}),
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim in words at ``[start, end)`` with all that a figure must share to be of the same thing."""

    start: int
    end: int
    sentence: tuple[int, int]
    clause: tuple[int, int]
    year: str | None
    stage: str | None
    narrowed: tuple[str, ...]
    subjects: frozenset[str]
    topics: frozenset[str]


@cache
def pattern(words: str) -> re.Pattern[str]:
    return re.compile(words)


def sentence_bounds(view: View, at: int) -> tuple[int, int]:
    """Return the sentence that holds ``at``, cut off at ``REACH`` characters on either side."""
    text = view.folded
    low = max(0, at - REACH)
    stops = [m.end() for m in _STOPS.finditer(text, low, at)]
    following = _STOPS.search(text, at, min(len(text), at + REACH))
    return (stops[-1] if stops else low), (following.start() if following else min(len(text), at + REACH))


def clause_bounds(view: View, start: int, end: int, within: tuple[int, int]) -> tuple[int, int]:
    """Return the words between the marks around ``[start, end)``, without blanks at their ends."""
    text = view.folded
    while start > within[0] and text[start - 1] not in _MARKS:
        start -= 1
    while end < within[1] and text[end] not in ",;:。!?\n)|":
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and (
        text[end - 1].isspace() or (text[end - 1] == "." and not text[end : end + 1].isdigit())
    ):
        end -= 1
    return start, end


def furniture(view: View, at: int) -> bool:
    """Tell whether a position lies in page furniture."""
    spans = view.report.boilerplate
    index = bisect_right(spans, (at, len(view.folded) + 1)) - 1
    return index >= 0 and spans[index][0] <= at < spans[index][1]


def claimed(view: View, start: int, end: int) -> Claimed | None:
    """Return the claim at ``[start, end)``, None where its words say what is wanted, was, or is a rule."""
    if furniture(view, start):
        return None
    sentence = sentence_bounds(view, start)
    clause = clause_bounds(view, start, end, sentence)
    text, words = view.folded, claims()
    before, after = text[clause[0] : start], text[end : clause[1]]
    section = view.report.section_at(start)
    path = section.path if section else ()
    if any(pattern(words.plan_heads).search(fold(title)) for title in path):
        return None
    if hedged(text[sentence[0] : start], before) or re.match(r"^[”\"']?的?(?:任务|要求|目标(?!任务))", after):
        reached = pattern(words.done + r"[“\"']?$").search(text[max(sentence[0], start - 12) : start])
        if not reached or hedged(text[sentence[0] : start - len(reached[0])], before[: -len(reached[0])]):
            return None
    if re.search(r"[《][^》]{0,80}$", text[sentence[0] : start]):
        return None
    if _EARLIER.search(before) or _REST.search(text[sentence[0] : start]):
        return None
    return Claimed(
        start, end, sentence, clause, _year(view, sentence[0], end), _stage(text, sentence[0], end, path),
        _narrowed(text[sentence[0] : end]),
        subjects_in(text[sentence[0] : clause[1]], last=True), topics_in(text[clause[0] : clause[1]]),
    )  # fmt: skip


def hedged(sentence: str, clause: str) -> bool:
    """Tell whether the words before a claim say that it is wanted: in its clause, or by a verb that governs the list."""
    if pattern(claims().hedges).search(clause):
        return True
    last = re.split(r"[;:]", sentence)[-1]
    governing = re.search(r"(?:力争|争取|确保|计划|规划|拟|目标是|要求|(?:到|至)20\d\d年)[^;。]*$", last)
    return governing is not None and not re.search(r"目前|现已|已经|截至|实际|我[县区市]", governing[0])


def _narrowed(text: str) -> tuple[str, ...]:
    """Return the words that narrow a claim to a part; 全县 after them means all of the county again."""
    last = re.split(r"全[县区市州旗域]|[我本][县区市州]|;", text)[-1]
    return tuple(sorted(set(pattern(claims().narrowing).findall(last))))


def _year(view: View, start: int, end: int) -> str | None:
    keys = [p.key for p in read_periods(view.report.text[start:end]) if p.key]
    if keys:
        return keys[-1].rpartition("/")[2][:4]
    return str(view.report.year) if view.report.year else None


def _stage(text: str, start: int, end: int, path: tuple[str, ...]) -> str | None:
    """Return the stage of the nearest clause that names one, else that of the headings; schools for several."""
    for piece in reversed(re.split(r"[,;:]", text[start:end])):
        if named := {n.id for n in stages_in(piece)}:
            return named.pop() if len(named) == 1 else "schools"
    return stage_of_path([fold(title) for title in path])


def subjects_in(text: str, *, last: bool = False) -> frozenset[str]:
    """Return the subjects named in a text, longest names first; with ``last`` those of the nearest clause with one."""
    words = claims()
    for piece in reversed(re.split(r"[,;:。]", text)) if last else [text]:
        found, rest = set[str](), piece
        for subject in sorted(words.subjects, key=len, reverse=True):
            if subject in rest:
                found.add(words.alike.get(subject, subject))
                rest = rest.replace(subject, "|")
        if found:
            return frozenset(found)
    return frozenset()


def topics_in(text: str) -> frozenset[str]:
    return frozenset(topic for topic in claims().topics if topic in text)


def year_of(fact: Fact) -> str | None:
    return fact.period.rpartition("/")[2][:4] if fact.period else None


def covers(claim: Claimed, fact: Fact) -> bool:
    """Tell whether ``fact`` is of the claim's time and of its schools or a part of them."""
    if fact.kind != "actual" or fact.role not in ("level", "share"):
        return False
    year = year_of(fact)
    if year is not None and claim.year is not None and year != claim.year:
        return False
    own = fold(f"{fact.label} {fact.metric} {fact.subject}")
    if any(word not in own for word in claim.narrowed):
        return False
    return stage_within(fact.stage or heading_stage(fact), claim.stage)


def stage_within(stage: str | None, wide: str | None) -> bool:
    """Tell whether a figure of ``stage`` is one of ``wide``; what has no stage is of all."""
    if wide is None:
        return stage is None or stage in ("primary", "junior", "compulsory", "schools")
    return stage is None or stage == wide or stage in _WIDER.get(wide, frozenset())


def quoted(view: View, start: int, end: int) -> Part:
    """Return words of the report in 「」; a label, so that judging words in them are the report's own."""
    sentence = view.quote(start, end)
    return Part(f"「{sentence.text}」", sentence, label=True)


def judged(words: str, by: Fact, sign: str, limit: Decimal, demanded: Clause | Fact | None = None) -> Part:
    """Return judging words with the comparison that they follow from, so that it can be made again.

    A ratio 1:N is the smaller the greater N is, so its comparison turns round.
    """
    if by.unit == "1:N" and demanded is not by:
        sign = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}.get(sign, sign)
    return Part(words, claims=(Claim(by.value, sign, limit, by, demanded),))


def named(fact: Fact) -> tuple[Part, ...]:
    """Return year, place, stage and name of a figure, each borne out by it ("2022年某县初中某率")."""
    parts: list[Part] = []
    if year := year_of(fact):
        parts += [Part(year, fact, label=True), Part("年")]
    metric = fact.metric if len(fact.metric) <= 40 else fact.label[:40]
    if fact.region and fact.region not in metric:
        parts.append(Part(fact.region))
    stage = stages().get(fact.stage or "")
    if stage and stage.name not in metric and stage.name.removeprefix("普通") not in metric:
        parts.append(Part(stage.name))
    parts.append(Part(metric, fact, label=True))
    return tuple(parts)


@cache
def narrowed() -> re.Pattern[str]:
    return re.compile(claims().narrowing)


def evidence_of(view: View, claim: Claimed) -> Sentence:
    return view.quote(*claim.clause)
