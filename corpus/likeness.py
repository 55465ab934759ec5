"""Whether two documents are one: the same in another format, or an earlier and a later version.

Compared is the content alone: letters and digits of the folded text without page furniture, blanks, strokes of tables
and punctuation, which formats print differently. Overlap is measured on shingles (Broder, "On the resemblance and
containment of documents", 1997) of eight characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from corpus.folding import fold
from corpus.model import Report

Relation = Literal["same", "edition"]

_WIDTH = 8
_CHANGED = 7
"""Shingles that the shorter of two formats may hold alone: fewer than one changed character would make."""
_ADDED = 120
"""Letters that the longer of two formats may hold more: menus and captions that were not known as such."""
_SAME_SCAN = 0.75
"""Shingles shared where one of the two was recognised from pictures: each wrong character spoils eight."""
_FIGURES_SCAN = 0.95
_EDITION = 0.5
"""Of the shorter version that the other still holds. Reports of one office on two years share far less, and those
that are kept beside each other differ in year or place anyway."""
_REVISED = 0.9
"""So much in common makes a version also under another title."""
_MOST_FIGURES = 3000
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DROPPED = re.compile(r"\(合并\)|[^\w%‰]|_")
_ORDINAL = re.compile(r"^(?:\d{1,3}[.、)]|\(\d{1,3}\))", re.M)
_EDITED = re.compile(
    r"[((](?:修订|修改|更正|最新|终|定|正式|报审|送审|征求意见|讨论|公示|第[一二三四五六七八九十\d]+)[稿版]*[))]|(?:修订|更正|修改|定|终)[稿版]|[vV]\d+(?:\.\d+)*"
)


@dataclass(frozen=True, slots=True)
class _Content:
    letters: int
    shingles: frozenset[int]
    figures: tuple[str, ...]


def relation(new: Report, old: Report) -> Relation | None:
    """Return "same" if both are one document in two formats, "edition" if one is a later version of the other.

    None for anything else: another place, another year, another kind of document, or hardly a sentence in common.
    """
    if new.kind != old.kind or _differ(new.region, old.region) or _differ(new.year, old.year):
        return None
    if new.region and old.region and new.region_path and old.region_path:
        if new.region_path[-len(old.region_path) :] != old.region_path[-len(new.region_path) :]:
            return None  # two 鼓楼区
    elif not (new.region and old.region) and _title(new) != _title(old):
        return None  # where the place is not known, only the title can say that they belong together
    one, other = (_content(report.text, report.boilerplate) for report in (new, old))
    if not one.letters or not other.letters:
        return None
    if one.letters == other.letters and one.shingles == other.shingles:
        return "same"
    smaller, larger = sorted((one, other), key=lambda content: content.letters)
    held = len(smaller.shingles & larger.shingles) / len(smaller.shingles)
    if new.format != old.format and _is_same(smaller, larger, held, _is_scan(new) or _is_scan(old)):
        return "same"
    if new.kind == "report" and 2 * smaller.letters >= larger.letters:
        if held >= _REVISED or (held >= _EDITION and _title(new) == _title(old)):
            return "edition"
    return None


def best(new: Report, stored: Iterable[Report]) -> tuple[Report, Relation] | None:
    """Return the stored report that ``new`` is, or is a version of; the same one before a version."""
    found: tuple[Report, Relation] | None = None
    for old in stored:
        if old.id == new.id:
            continue
        match relation(new, old):
            case "same":
                return old, "same"
            case "edition" if found is None:
                found = old, "edition"
    return found


def is_newer(new: Report, old: Report) -> bool:
    """Tell whether ``new`` is the later version; what comes in later is, unless both are dated and say otherwise."""
    return not (new.published and old.published and new.published < old.published)


def _is_same(smaller: _Content, larger: _Content, held: float, scan: bool) -> bool:
    if scan:
        return held >= _SAME_SCAN and _agree(smaller.figures, larger.figures) >= _FIGURES_SCAN
    changed = len(smaller.shingles - larger.shingles)
    added = larger.letters - smaller.letters
    return changed <= _CHANGED and added <= _ADDED and _within(smaller.figures, larger.figures)


def _is_scan(report: Report) -> bool:
    return any(place.confidence is not None for place in report.places)


def _differ(one: object, other: object) -> bool:
    return one is not None and other is not None and one != other


def _title(report: Report) -> str:
    return _DROPPED.sub("", _EDITED.sub("", fold(report.title)))


@lru_cache(maxsize=512)
def _content(text: str, furniture: tuple[tuple[int, int], ...]) -> _Content:
    folded, pieces, at = fold(text), list[str](), 0
    for start, end in (*furniture, (len(text), len(text))):
        pieces.append(folded[at:start])
        at = max(at, end)
    # The number of a heading or an item may be the format's own (automatic numbering), so it is no figure.
    content = _ORDINAL.sub("", "\n".join(pieces).replace(" ", ""))
    letters = _DROPPED.sub("", content)
    shingles = frozenset(hash(letters[i : i + _WIDTH]) for i in range(max(1, len(letters) - _WIDTH + 1)))
    return _Content(len(letters), shingles, tuple(_NUMBER.findall(content.replace(",", ""))))


def _within(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Tell whether ``part`` stands in ``whole`` without a gap: what is more stands before or after it."""
    first = range(len(whole) - len(part) + 1)
    return any(whole[at : at + len(part)] == part for at in first if not part or whole[at] == part[0])


def _agree(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Share of the figures that stand in both, in order."""
    one, other = one[:_MOST_FIGURES], other[:_MOST_FIGURES]
    if not one or not other:
        return 0.0
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(one), len(other))
