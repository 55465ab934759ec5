"""How sure a fact of a recognised document is: as sure as the least sure word that it rests on.

Where a line was cut off, a blank stands within figures or a growth does not come out, the letters may all be sure and
the fact still wrong.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from corpus.confidence import LOW
from corpus.facts.comparing import disagreeing
from corpus.model import Fact, Report

_REACH = 20_000
"""Characters before a figure within which its words are looked for: the head of a long table stands far above."""
_TORN = LOW / 2
"""What a fact is at most worth that its neighbours speak against."""
_STOP = re.compile(r"[。;；:：!！?？](?:[)）\]】”’\"』」]*)\s*$")
_CLAUSE = re.compile(r"[,，、。;；]|\d")
_MARK = re.compile(
    r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|第[一二三四五六七八九十\d]+[章节条]|[①-⑳●■◆★※]|"
    r"[一二三四五六七八九十]是|附|注|备注|表|图)"
)
_SENTENCE = re.compile(r"[。!！?？;；\n]")
_CELL = re.compile(r" \| |\n")
_BROKEN = re.compile(r"\d+(?:\.\d+)?[\u4e00-\u9fff]")
"""A figure as the beginning of a name: most often the number of a heading that lost its point."""


def with_confidence(report: Report, folded: str, facts: list[Fact]) -> list[Fact]:
    """Return ``facts`` with their confidence; as they are where nothing in the report was recognised.

    A wrong word makes a wrong fact just as a wrong figure does, so the words that name it, its unit and its year
    count like its figure, where they are found, and so do all those of its statement.
    """
    if all(place.confidence is None for place in report.places):
        return facts
    headings = {section.start for section in report.sections}
    contradicted = disagreeing(facts)
    return [
        replace(fact, confidence=_confidence(report, folded, headings, fact, fact.id in contradicted))
        for fact in facts
    ]


def _confidence(
    report: Report, folded: str, headings: set[int], fact: Fact, is_contradicted: bool
) -> Decimal | None:
    sure = [report.confidence(fact.start, fact.end)]
    words = [*fact.label.split()]
    if fact.unit not in fact.as_printed:
        words.append(fact.unit)
    if fact.period:
        words.append(fact.period[:4])
    for word in words:
        start = _nearest(folded, word, fact)
        if start >= 0:
            sure.append(report.confidence(start, start + len(word)))
    sure.append(report.confidence(*_statement(folded, fact)))
    known = [value for value in sure if value is not None]
    if known and (
        not fact.metric.strip()
        or _BROKEN.match(fact.label)
        or is_contradicted
        or _is_split(folded, fact)
        or _is_torn(folded, headings, fact)
    ):
        known.append(_TORN)
    return min(known, default=None)


def _nearest(folded: str, word: str, fact: Fact) -> int:
    """Return where ``word`` stands nearest before the figure, else after it in its sentence, else -1."""
    found = folded.rfind(word, max(0, fact.start - _REACH), fact.end)
    return found if found >= 0 else folded.find(word, fact.start, fact.sentence[1])


def _statement(folded: str, fact: Fact) -> tuple[int, int]:
    """Return what stands between full stops or semicolons around the figure; of a table its cell."""
    stops = _CELL if " | " in _line(folded, fact) else _SENTENCE
    before = [m.end() for m in stops.finditer(folded, fact.sentence[0], fact.start)]
    after = stops.search(folded, fact.end, fact.sentence[1])
    return before[-1] if before else fact.sentence[0], after.start() if after else fact.sentence[1]


def _line(folded: str, fact: Fact) -> str:
    end = folded.find("\n", fact.end)
    return folded[folded.rfind("\n", 0, fact.start) + 1 : len(folded) if end < 0 else end]


def _is_split(folded: str, fact: Fact) -> bool:
    """Whether only a blank parts the figure from another: they may be one."""
    before, after = folded[max(0, fact.start - 3) : fact.start], folded[fact.end : fact.end + 3]
    return bool(re.search(r"\d[.,]?[ \t]+$", before) or re.match(r"[ \t]+[.,]?\d", after)) and (
        folded[fact.start].isdigit() or folded[fact.end - 1].isdigit()
    )


def _is_torn(folded: str, headings: set[int], fact: Fact) -> bool:
    """Whether the figure's sentence begins or ends where a line was cut off."""
    start = folded.rfind("\n", 0, fact.start) + 1
    end = folded.find("\n", fact.end)
    end = len(folded) if end < 0 else end
    line = folded[start:end]
    if " | " in line:
        return False
    if not _SENTENCE.search(folded, start, fact.start):
        above = folded[folded.rfind("\n", 0, max(0, start - 1)) + 1 : max(0, start - 1)]
        if _is_cut(above, line) and start - 1 - len(above) not in headings:
            return True
    if not _SENTENCE.search(folded, fact.end, end) and start not in headings:
        following = folded.find("\n", end + 1)
        return _is_cut(line, folded[end + 1 : len(folded) if following < 0 else following])
    return False


def _is_cut(line: str, below: str) -> bool:
    """Whether a line of text ends within a sentence that the next one may go on with."""
    return (
        bool(_CLAUSE.search(line))
        and not _STOP.search(line)
        and bool(_SENTENCE.search(below) or _CLAUSE.search(below))
        and not _MARK.match(below)
        and " | " not in line + below
    )
