"""Which counts of a report give a share that it states, or could have stated; kept in ``counted.yaml``."""

from __future__ import annotations

import re
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators, load_yaml
from corpus.errors import CatalogueError
from corpus.units import dimension

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Words:
    """A count by what a report calls it: a regular expression that is found in it and one that is not.

    ``clause``: the words may also stand in the clause before the number ("完成360学时培训的教师1990人").
    """

    words: str
    without: str = ""
    clause: bool = False

    def call(self, name: str, clause: str = "") -> bool:
        """Tell whether a count of this (folded) name is meant; ``clause`` is what stands before it."""
        name = f"{clause}{name}" if self.clause else name
        return bool(re.search(self.words, name)) and not (self.without and re.search(self.without, name))


@checked(frozen=True, config=_STRICT)
class Counted:
    """A share by its counts: each of ``ways`` lists the parts that make up the share of ``whole``.

    ``settled`` says that a source defines the counting; without it counts never replace a stated rate.
    ``gather``: every count that the one part of a way names goes in, not just one.
    """

    metric: str
    unit: str
    whole: Words
    ways: tuple[tuple[Words, ...], ...]
    settled: bool
    gather: bool = False


@cache
def counted() -> dict[str, Counted]:
    """Return the shares that counts give, by metric id; CatalogueError for a malformed file."""
    found: dict[str, Counted] = {}
    for entry in load_yaml(HERE / "counted.yaml", tuple[Counted, ...]):
        if entry.metric not in indicators() or entry.metric in found:
            raise CatalogueError(f"counted.yaml:{entry.metric}:指标编号不存在或重复")
        if not dimension(entry.unit):
            raise CatalogueError(f"counted.yaml:{entry.metric}:unit:没有“{entry.unit}”这个单位")
        for words in (entry.whole, *(part for way in entry.ways for part in way)):
            for pattern in (words.words, words.without):
                try:
                    re.compile(pattern)
                except re.error as error:
                    raise CatalogueError(f"counted.yaml:{entry.metric}:{pattern}:{error}") from error
        found[entry.metric] = entry
    return found
