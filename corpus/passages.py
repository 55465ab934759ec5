"""Sentences, clauses and passages: spans of the text, never copies that were cleaned."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from corpus.model import Passage, Report, Section

Span = tuple[int, int]

LONGEST = 300
"""Characters in a passage: what the embedding model reads whole (0.76 tokens a character, 512 tokens)."""
_UNCROSSED = 3
"""Passages stay within sections of this level and above; deeper ones may share a passage."""
_LONGEST_PAIR = 500
"""Brackets or quotes further apart than this are taken for unpaired."""

_PAIRS = {
    "》": "《",
    "”": "“",
    "’": "‘",
    ")": "(",
    "）": "（",
    "】": "【",
    "」": "「",
    "』": "『",
    "〕": "〔",
    "]": "[",
}
_OPENING = frozenset(_PAIRS.values())
_FULL_STOP = re.compile(
    r"[。！？]+[”’」』]*|[!?]+(?![\w=&/])[”’」』]*|\n+"
    # a half-width stop between Chinese words ends a sentence too, as some offices type it; list numbers do not
    r"|(?<=[\u4e00-\u9fff%％)）”])\.(?=[\u4e00-\u9fff]|(?:19|20)\d\d年|\s*$)"
)
_SEMICOLON = re.compile(r"[；;]+")
_COMMA = re.compile(r"[，,、:：]+(?!\d)| \| ")


def sentences(text: str, start: int, end: int) -> list[Span]:
    """Return the sentences of ``text[start:end]``, without blanks around them.

    They end at 。！？ and at line ends, but not inside 《》, quotes or brackets that close on the same line.
    """
    return _cut(text, start, end, _FULL_STOP)


def clauses(text: str, start: int, end: int) -> list[Span]:
    """Return the parts of ``text[start:end]`` between semicolons outside quotes and brackets."""
    return _cut(text, start, end, _SEMICOLON)


def split(report: Report) -> tuple[Passage, ...]:
    """Return the passages of ``report``: at most ``LONGEST`` characters each, in order, without overlap.

    Every character that is neither blank nor page furniture is in exactly one of them.
    """
    passages = []
    ahead = sorted(report.sections, key=lambda s: (s.start, s.level), reverse=True)
    around: list[Section] = []  # the sections that the position lies in, outermost first
    for start, end in _segments(report):
        for begin, stop in _packed(_pieces(report.text, start, end)):
            while ahead and ahead[-1].start <= begin:
                around.append(ahead.pop())
            around = [s for s in around if s.end > begin]
            section = next((s for s in reversed(around) if stop <= s.end), None)
            path = " > ".join(section.path) if section else ""
            passages.append(Passage(report.id, begin, stop, report.text[begin:stop], path))
    return tuple(passages)


def _cut(text: str, start: int, end: int, mark: re.Pattern[str]) -> list[Span]:
    closed, found, begin = _closed(text, start, end), list[Span](), start
    index = 0
    for match in mark.finditer(text, start, end):
        while index < len(closed) and closed[index][1] <= match.start():
            index += 1
        inside = index < len(closed) and closed[index][0] < match.start()
        if inside and match.end() < closed[index][1]:  # a quotation that ends with the mark ends the sentence
            continue
        found.extend(_trimmed(text, begin, match.end()))
        begin = match.end()
    found.extend(_trimmed(text, begin, end))
    return found


def _closed(text: str, start: int, end: int) -> list[Span]:
    """The outermost pairs of brackets and quotes, each pair within one line."""
    pairs: list[Span] = []
    waiting: list[tuple[str, int]] = []
    for position in range(start, end):
        char = text[position]
        if char == "\n":
            waiting.clear()
        elif char in _OPENING:
            waiting.append((char, position))
        elif char in _PAIRS:
            # An opening bracket that was never closed must not swallow the text behind it.
            for depth in range(len(waiting) - 1, max(-1, len(waiting) - 9), -1):
                if waiting[depth][0] == _PAIRS[char]:
                    opened = waiting[depth][1]
                    del waiting[depth:]
                    if position - opened <= _LONGEST_PAIR:
                        while pairs and pairs[-1][0] > opened:
                            pairs.pop()
                        pairs.append((opened, position + 1))
                    break
    return pairs


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _segments(report: Report) -> Iterator[Span]:
    """The stretches of content between furniture and the edges of the higher sections."""
    edges = {0, len(report.text)}
    for section in report.sections:
        if section.level <= _UNCROSSED:
            edges |= {section.start, section.end}
    for span in report.boilerplate:
        edges |= set(span)
    furniture = {start for start, _ in report.boilerplate}
    inside_until = 0
    ordered = sorted(edges)
    ends = dict(report.boilerplate)
    for start, end in pairwise(ordered):
        if start in furniture:
            inside_until = max(inside_until, ends[start])
        if start >= inside_until:
            yield start, end


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences, those that are too long cut at semicolons, then commas, then anywhere."""
    finer: tuple[Callable[[int, int], list[Span]], ...] = (
        lambda a, b: clauses(text, a, b),
        lambda a, b: _cut(text, a, b, _COMMA),
        lambda a, b: _slices(text, a, b),
    )

    def cut(a: int, b: int, depth: int) -> Iterator[Span]:
        if b - a <= LONGEST or depth == len(finer):
            yield a, b
        else:
            for c, d in finer[depth](a, b):
                yield from cut(c, d, depth + 1)

    for a, b in sentences(text, start, end):
        yield from cut(a, b, 0)


def _slices(text: str, start: int, end: int) -> list[Span]:
    return [span for at in range(start, end, LONGEST) for span in _trimmed(text, at, min(at + LONGEST, end))]


def _packed(pieces: Iterator[Span]) -> Iterator[Span]:
    begin = stop = -1
    for start, end in pieces:
        if begin >= 0 and end - begin <= LONGEST:
            stop = end
            continue
        if begin >= 0:
            yield begin, stop
        begin, stop = start, end
    if begin >= 0:
        yield begin, stop
