"""How texts divide a total into parts, kept in ``partitions.yaml``: the words, and the divisions of the field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Partition:
    """A division of a total: each part is of one of ``parts`` (all of them there) or of ``may``.

    ``whole`` is found in what the total is called, or ``context`` around it. ``closed`` says whether the field knows
    that these parts are all: always, in a list that words open, or never (then its parts are only disjoint).
    """

    name: str
    parts: tuple[str, ...]
    whole: str = ""
    context: str = ""
    not_whole: str = ""
    may: tuple[str, ...] = ()
    closed: Literal["always", "opener", "never"] = "always"
    elliptic: bool = False
    across: bool = False
    beside: str = ""

    @property
    def shares(self) -> bool:
        """True where parts are known by their own words, so that their shares need no total to be seen."""
        return not self.whole and not self.context and self.closed == "always"

    def class_of(self, words: str) -> int | None:
        """Return which of ``parts`` (0 …) or ``may`` (after them) ``words`` name; None if none.

        The longest word found decides, so that a name holding another ("九年一贯制学校小学部") is its own kind.
        """
        best: tuple[int, int] | None = None
        for index, pattern in enumerate((*self.parts, *self.may)):
            if match := _compiled(pattern).search(words):
                size = match.end() - match.start()
                if best is None or size > best[0]:
                    best = (size, index)
        return best[1] if best else None

    def bare(self, words: str) -> str:
        """Return ``words`` without those of the division."""
        for pattern in (*self.parts, *self.may):
            words = _compiled(pattern).sub("", words)
        return words

    def divides(self, whole: str, context: str) -> bool:
        """Tell whether a total of this name, told in this context, may be divided so."""
        if self.not_whole and _compiled(self.not_whole).search(whole):
            return False
        if self.whole and not _compiled(self.whole).search(whole):
            return False
        return not self.context or bool(_compiled(self.context).search(f"{whole} {context}"))

    def holds(self, parts: Sequence[str]) -> bool:
        """Tell whether all of these are parts of the division."""
        return all(self.class_of(words) is not None for words in parts)

    def complete(self, parts: Sequence[str]) -> bool:
        """Tell whether these are all the parts that the division must have, and nothing else."""
        classes = [self.class_of(words) for words in parts]
        return None not in classes and set(range(len(self.parts))) <= set(classes)


@checked(frozen=True, config=_STRICT)
class Within:
    """The word of a part and that of its whole."""

    part: str
    whole: str


@checked(frozen=True, config=_STRICT)
class Vocabulary:
    """Everything in ``partitions.yaml``; the file says what each entry is for."""

    openers: str
    complete: str
    totals: str
    rest: str
    result: str
    each: str
    outside: str
    unfinished: str
    overlap: str
    cumulative: str
    scope: str
    entities: dict[str, str]
    partitions: tuple[Partition, ...]
    within: tuple[Within, ...]

    def entity(self, words: str) -> str:
        """Return who is counted under this name, "" where the words do not say; the last word says it."""
        found = [
            (match.end(), name)
            for name, pattern in self.entities.items()
            for match in _compiled(pattern).finditer(words)
        ]
        return max(found)[1] if found else ""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def found(pattern: str, words: str) -> bool:
    """Tell whether ``pattern`` of the vocabulary is found in (folded) ``words``."""
    return bool(_compiled(pattern).search(words))


def _patterns(held: Vocabulary) -> Iterator[tuple[str, str]]:
    for key in (
        "openers",
        "complete",
        "totals",
        "rest",
        "result",
        "each",
        "outside",
        "unfinished",
        "overlap",
        "cumulative",
    ):
        yield key, getattr(held, key)
    yield "scope", held.scope
    yield from held.entities.items()
    for item in held.partitions:
        for pattern in (*item.parts, *item.may, item.whole, item.context, item.not_whole, item.beside):
            yield item.name, pattern
    for pair in held.within:
        yield from (("within", pair.part), ("within", pair.whole))


def _demand(patterns: Iterable[tuple[str, str]]) -> None:
    for where, pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise CatalogueError(f"partitions.yaml:{where}:{pattern}:{error}") from error


@cache
def partitions() -> Vocabulary:
    """Return the vocabulary; CatalogueError naming the place for a malformed file."""
    held = load_yaml(HERE / "partitions.yaml", Vocabulary)
    names = [item.name for item in held.partitions]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CatalogueError(f"partitions.yaml:{twice}:名称重复")
    _demand(_patterns(held))
    return held
