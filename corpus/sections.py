"""The headings of a report as a tree, by the numbering that Chinese official texts use.

Levels: 一、 1 · (一) 2 · 1. 3 · (1) 4 · ① 5 · 一是 6; where there are 第一章 (1) and 第一节 (2), the others
stand two lower. A markdown heading has the level of its numbering, else of its #, a lone first # being
the title of the whole text and no section. Headings without a number ("【小学】") stand above all others where they
come first, else right below the heading that the first of them follows; items with a code (A1, 2.3) are 5.
A level says which kind of numbering it is; a report that starts at "1." is still level 3, so that the
same numbering means the same everywhere. 一是 … 二是 are found inside paragraphs too, and only when the
paragraph goes on to 二是.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.coded import coded
from corpus.folding import fold
from corpus.model import Section
from corpus.unnumbered import unnumbered

_CN = "一二三四五六七八九十百"
_MAX_TITLE = 60
"""A heading is shorter than this; a longer numbered line is text, and only its numbering is its title."""
_KINDS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (-2, re.compile(rf"第[{_CN}\d]{{1,4}}[章编篇]")),
    (-1, re.compile(rf"第[{_CN}\d]{{1,4}}(?:节|部分)")),
    (1, re.compile(rf"[{_CN}]{{1,3}}[ \u3000]?[、.．](?=\S)|[{_CN}]{{1,3}}、[ \u3000](?=\S)")),
    (2, re.compile(rf"[(（][ \u3000]?[{_CN}]{{1,3}}[ \u3000]?[)）][、.．]?")),
    (4, re.compile(r"[(（][ \u3000]?\d{1,2}[ \u3000]?[)）][、.．]?|\d{1,2}[)）]")),
    (
        3,
        re.compile(
            r"\d{1,2}[ \u3000]?(?:[、．.](?=(?:19|20)\d\d年)|(?:[、．]|[.](?!\d))(?=[ \u3000]*[^\s\d%)）]))"
        ),
    ),
    (5, re.compile(r"[①-⑳]|[⑴-⒇]")),
)
_MARKDOWN = re.compile(r"(#{1,6})[ \u3000]+(?=\S)")
_ITEM_START = re.compile(rf"(?:^|[。；;:：!！?？\s]|\.\s?)([{_CN}]{{1,2}})是(?=[\u4e00-\u9fff“\"《])")
_STOP = re.compile(r"[。！？!?：:;；\n]")
_FIGURE = re.compile(
    r"\d[\d,，]*(?:\. ?\d+)?[ \u3000]*(?:%|％|‰|[万亿]|元|人|名|所|间|册|台|平方|个百分点|个班|倍)|\d+\.\d"
)
_LINKING = re.compile(r"(?:总计|共计|合计|达到|达|分别|共|为|是|有|约|近|占|[,，:：])+$")
_ITEM_LEVEL = 6
_CODED = 5
_BARE = 50
"""The level of headings without a number until it is known where the first of them stands."""
_TOP = 100
"""Markdown headings carry this plus their number of # until it is known whether a lone # is the title."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    start: int
    title: str


def find(text: str, boilerplate: tuple[tuple[int, int], ...] = ()) -> tuple[Section, ...]:
    """Return the sections in order of their headings; each ends at the next heading of its level or above."""
    headings = _beside(sorted(_headings(text, boilerplate), key=lambda h: (h.start, h.level)))
    tops = [h for h in headings if h.level == _TOP]
    below = 1 if len(tops) == 1 else 0  # a lone # is the title of the whole
    headings = [
        _Heading(h.level - _TOP + 1 - below, h.start, h.title) if h.level >= _TOP else h
        for h in headings
        if not (below and h.level == _TOP)
    ]
    if any(h.level < 0 for h in headings):  # chapters and sections stand above 一、
        headings = [_Heading(h.level + 3 if h.level < 0 else h.level + 2, h.start, h.title) for h in headings]
    end = _content_end(text, boilerplate)
    sections: list[Section] = []
    above: list[_Heading] = []
    ends = _ends(headings, end)
    for heading, stop in zip(headings, ends, strict=True):
        while above and above[-1].level >= heading.level:
            above.pop()
        above.append(heading)
        path = tuple(h.title for h in above)
        sections.append(Section(heading.title, heading.level, heading.start, stop, path))
    return tuple(sections)


def _beside(headings: list[_Heading]) -> list[_Heading]:
    """Return ``headings`` with the level of those that have no number of their own."""
    first = next((i for i, h in enumerate(headings) if h.level == _BARE), None)
    if first is None:
        return headings
    above = [h.level for h in headings[:first] if 0 < h.level < _ITEM_LEVEL]
    level = above[-1] + 1 if above else 1
    lower = 0 if above or all(h.level in (_BARE, _ITEM_LEVEL) or h.level > _TOP for h in headings) else 1
    return [
        _Heading(
            level if h.level == _BARE else h.level + lower if h.level < _ITEM_LEVEL else h.level,
            h.start,
            h.title,
        )
        for h in headings
    ]


def _ends(headings: list[_Heading], end: int) -> list[int]:
    """The start of the next heading of the same level or above, read from the back in one pass."""
    ends, following = [end] * len(headings), list[_Heading]()
    for index in range(len(headings) - 1, -1, -1):
        while following and following[-1].level > headings[index].level:
            following.pop()
        if following:
            ends[index] = following[-1].start
        following.append(headings[index])
    return [max(stop, h.start) for stop, h in zip(ends, headings, strict=True)]


def _content_end(text: str, boilerplate: tuple[tuple[int, int], ...]) -> int:
    """Where the footer begins, so that the last section does not hold it."""
    end = len(text.rstrip())
    for start, stop in reversed(boilerplate):
        if stop < end:
            break
        end = len(text[:start].rstrip())
    return end


def _headings(text: str, boilerplate: tuple[tuple[int, int], ...]) -> Iterator[_Heading]:
    starts, position = [start for start, _ in boilerplate], 0
    lines: list[tuple[int, str]] = []
    for line in text.split("\n"):
        begin = position + len(line) - len(line.lstrip())
        index = bisect_right(starts, begin) - 1
        if line.strip() and not (index >= 0 and begin < boilerplate[index][1]):
            lines.append((begin, line.strip()))
            yield from _in_line(line.strip(), begin)
        position += len(line) + 1
    yield from (_Heading(_BARE, begin, title) for begin, title in unnumbered(lines))
    yield from (_Heading(_CODED, begin, _title(line, length)) for begin, line, length in coded(lines))


def _in_line(line: str, begin: int) -> Iterator[_Heading]:
    if "|" in line or "\t" in line:
        return
    hashes = _MARKDOWN.match(line)
    text = line[hashes.end() :] if hashes else line
    for level, pattern in _KINDS:
        if match := pattern.match(text):
            yield _Heading(level, begin, _title(text, match.end()))
            break
    else:
        if hashes:
            yield _Heading(_TOP + len(hashes[1]) - 1, begin, _title(text, 0))
    items = list(_ITEM_START.finditer(line))
    if [item[1] for item in items[:2]] in (["一", "二"],) or (items and items[0].start() == 0):
        for item in items:
            yield _Heading(
                _ITEM_LEVEL,
                begin + item.start(1),
                _title(line[item.start(1) : item.start(1) + 4 * _MAX_TITLE], len(item[1]) + 1),
            )


def _title(line: str, numbered: int) -> str:
    """The heading as printed: the whole line, or of a run-in heading what stands before the first stop.

    A numbered statement is not a title: it is cut before its first figure, or to its first clause.
    """
    stop = _STOP.search(line, numbered)
    title = line[: stop.start()] if stop else line
    if figure := _FIGURE.search(fold(title), numbered):
        title = _LINKING.sub("", title[: figure.start()].rstrip())
    if len(title) > _MAX_TITLE:
        comma = re.compile(r"[,，、]").search(line, numbered)
        title = line[: comma.start()] if comma and comma.start() <= _MAX_TITLE else line[:numbered]
    return title.strip() if len(title.strip()) >= numbered else line[:numbered].strip()
