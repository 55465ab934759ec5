"""Plain text whose lines were broken at a width, as copied from a page: the lines of a paragraph are put together again.

A line goes on in the next one where it is as wide as the text is and does not end as a paragraph does. That a text is
broken so is taken as shown only where most of its lines are of that width or end a paragraph before it.
"""

from __future__ import annotations

import re

_FEWEST = 4
_NARROWEST, _WIDEST = 40, 140
"""Widths of a broken line; a Chinese character is two wide."""
_ROOM = 4
_NEARLY = 0.8
_PROSE = re.compile(r"[,。;,；]")
_ENDS = re.compile(r"[。!?;:！？；：|…][”’」』)）]?$")
_BEGINS = re.compile(
    r"[ \t\u3000]|[#|>*—•●]|[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．](?!\d)|第[一二三四五六七八九十]+[章节部条]|[①-⑳]|附[件表注]|注[:：]|表\d"
)


def unwrap(text: str) -> str:
    """Return ``text`` with its broken paragraphs on one line each, as it is where it is not broken."""
    lines = text.split("\n")
    widths = [_width(line) for line in lines]
    edge = _edge(lines, widths)
    if edge is None:
        return text
    joined = [lines[0]]
    for line, width, following in zip(lines, widths, lines[1:], strict=False):
        if _goes_on(line, width, edge, following):
            latin = re.search(r"[A-Za-z]$", line.rstrip()) and re.match(r"[A-Za-z]", following)
            joined[-1] = joined[-1].rstrip() + (" " if latin else "") + following
        else:
            joined.append(following)
    return "\n".join(joined)


def _width(line: str) -> int:
    return sum(2 if char > "\u2e7f" else 1 for char in line.rstrip())


def _edge(lines: list[str], widths: list[int]) -> int | None:
    """Return the width at which the lines are broken, None if they are not."""
    edge = max(widths, default=0)
    if not _NARROWEST <= edge <= _WIDEST or any("|" in line or "\t" in line for line in lines):
        return None
    full = [w for w in widths if w >= edge - _ROOM]
    going = sum(
        _goes_on(line, width, edge, after)
        for line, width, after in zip(lines, widths, lines[1:], strict=False)
    )
    told = sum(1 for w in widths if w)
    return edge if going >= _FEWEST and len(full) * 5 >= told * 2 else None


def _goes_on(line: str, width: int, edge: int, following: str) -> bool:
    """Tell whether a line is full, or nearly so and no title: letters and digits are narrower than they count here."""
    full = width >= edge - _ROOM or (width >= edge * _NEARLY and _PROSE.search(line) is not None)
    if not full or not following.strip():
        return False
    return not _ENDS.search(line.rstrip()) and not _BEGINS.match(following)
