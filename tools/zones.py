"""Where the words that name a figure stand, and how far each place is trusted.

A figure's own words count most, then the clause, the clauses beside it, its context, the sentence, and
last the headings: they say what a section is about, not what one of its figures counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.facts.labels import is_elliptical, trim
from corpus.folding import fold
from corpus.model import Fact
from indexes.store import Store


def surroundings(store: Store, facts: Iterable[Fact]) -> dict[str, tuple[str, str, str, str]]:
    """Return by fact id its sentence, its own piece of the clause, the clauses around, and the report's title."""
    texts: dict[str, str] = {}
    titles: dict[str, str] = {}
    found: dict[str, tuple[str, str, str, str]] = {}
    for fact in facts:
        if fact.report_id not in texts:
            report = store.report(fact.report_id)
            texts[fact.report_id] = fold(report.text) if report else ""
            titles[fact.report_id] = fold(report.title) if report else ""
        text = texts[fact.report_id]
        piece = _piece(fact, text)
        alone = piece == text[slice(*fact.clause)]
        found[fact.id] = (
            text[slice(*fact.sentence)],
            piece,
            _zone(fact, text) if alone else piece,
            titles[fact.report_id],
        )
    return found


_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九十]+[章节条])\s*"
)
DENIED = re.compile(r"没有|未|无")
ALONE = 60
"""Characters up to which all of a sentence may be the words of its only figure."""
_EDGE = re.compile(r"[,;:。!?\n]")
_FIGURE = re.compile(r"\d")


def _piece(fact: Fact, text: str) -> str:
    """Return the fact's own part of a clause that lists several figures, with 、 or brackets between them."""
    start, end = fact.clause
    parts = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^、()]+", text[start:end])]
    figured = [(a, b) for a, b in parts if _FIGURE.search(text[a:b])]
    if len(figured) < 2:
        return text[start:end]
    before = max((b for a, b in figured if b <= fact.start), default=start)
    own = next((b for a, b in figured if a <= fact.start < b), end)
    return text[before:own]


def _zone(fact: Fact, text: str) -> str:
    """Return the clause with its neighbours in the sentence that hold no figure of their own.

    The only figure of a short sentence has all of it: "2人因身体原因,在康复机构康复,申请延缓入学".
    """
    start, end = fact.clause
    first, last = fact.sentence
    rest = text[first:start] + text[end:last]
    if last - first <= ALONE and not _FIGURE.search(rest) and not DENIED.search(rest):
        return text[first:last]
    left = max((m.end() for m in _EDGE.finditer(text, first, max(start - 1, first))), default=first)
    if left < start and text[start - 1] == "," and not _FIGURE.search(text[left:start]):
        start = left
    match = _EDGE.search(text, end + 1, fact.sentence[1])
    right = match.start() if match else fact.sentence[1]
    beside = text[end:right]
    if right > end and text[end] == "," and not _FIGURE.search(beside) and not DENIED.search(beside):
        end = right
    return text[start:end]


def own_context(fact: Fact) -> str:
    """Return the context without headings: they say what a section is about, not what a figure counts."""
    context = fact.context
    for title in fact.section.split(" > "):
        context = context.replace(_NUMBERING.sub("", fold(title)), " ")
    return context


def fields(fact: Fact, sentence: str, clause: str, zone: str, title: str) -> tuple[tuple[str, float], ...]:
    """Return the words around a fact with the trust that each deserves, from its own down to the title."""
    own = f"{fact.label} {fact.metric} {fact.subject}"
    context = own_context(fact)
    return (
        (fold(own), 1.0),
        (clause, 0.94),
        (zone, 0.88),
        (context, 0.9 if is_elliptical(trim(fold(fact.label))) else 0.78),
        (sentence, 0.72),
        (fold(fact.section), 0.66),
        (title, 0.78),
    )
