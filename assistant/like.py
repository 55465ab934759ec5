"""Questions of the log that are alike, so that staff see what is asked for and not there, not who asked how."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from corpus.catalogue import lexicon
from corpus.folding import fold
from indexes.lexical import simplify, tokens
from indexes.unanswered import Unanswered

ALIKE = 0.6
"""Share of tokens in common, of all that two questions have, from which they are the same question in other words."""
_TIME = re.compile(r"\d+(?:\.\d+)?|[一二三四五六七八九十两]+(?=年)|年|上半|下半|季度|月")


@dataclass(frozen=True, slots=True)
class Group:
    """Entries of one reason that ask for the same thing, whatever the place and the year; oldest first."""

    entries: tuple[Unanswered, ...]

    @property
    def newest(self) -> Unanswered:
        return self.entries[-1]


def group(entries: Sequence[Unanswered]) -> list[Group]:
    """Return the entries in groups, the largest group first. Linear in the entries but for common words."""
    found: list[list[Unanswered]] = []
    leaders: list[frozenset[str]] = []
    holding: dict[tuple[str, str], list[int]] = {}  # (reason, token) → groups whose leader holds it
    same: dict[tuple[str, frozenset[str]], int] = {}
    for entry in entries:
        content = _content(entry)
        place = same.get((entry.reason, content))
        if place is None:
            place = _nearest(entry.reason, content, leaders, holding)
        if place is None:
            place = len(found)
            found.append([])
            leaders.append(content)
            for token in content:
                holding.setdefault((entry.reason, token), []).append(place)
        same[entry.reason, content] = place
        found[place].append(entry)
    groups = [Group(tuple(one)) for one in found]
    return sorted(groups, key=lambda one: (-len(one.entries), -one.newest.number))


def _nearest(
    reason: str,
    content: frozenset[str],
    leaders: Sequence[frozenset[str]],
    holding: dict[tuple[str, str], list[int]],
) -> int | None:
    shared = Counter(place for token in content for place in holding.get((reason, token), ()))
    best: tuple[float, int] | None = None
    for place, common in shared.items():
        likeness = common / (len(content) + len(leaders[place]) - common)
        if likeness >= ALIKE and (best is None or (likeness, -place) > best):
            best = likeness, -place
    return None if best is None else -best[1]


def _content(entry: Unanswered) -> frozenset[str]:
    """Return what a question is about: its tokens without place, time and words that any question has."""
    text = simplify(fold(entry.question))
    for place in sorted(_places(entry), key=len, reverse=True):
        text = text.replace(place, " ")
    text = _stops().sub(" ", _TIME.sub(" ", text))
    return frozenset(tokens(text)) or frozenset(tokens(entry.question))


def _places(entry: Unanswered) -> Iterable[str]:
    region = entry.read_as.get("region")
    named = region if isinstance(region, list) else [region]
    return [simplify(fold(str(one))) for one in named if one]


@cache
def _stops() -> re.Pattern[str]:
    words = sorted(lexicon().stop, key=len, reverse=True)
    return re.compile(
        "|".join(map(re.escape, (word for word in words if len(word) > 1 or word in "的了吗呢吧啊是有")))
    )
