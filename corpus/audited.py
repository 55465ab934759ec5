"""The words by which an audit ties shares, rates and averages to counts; kept in ``audited.yaml``."""

from __future__ import annotations

import re
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators, load_yaml
from corpus.counted import Counted, Words, counted
from corpus.errors import CatalogueError

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Stem:
    """A rate by a word of its name and what its counted part is called.

    ``plan``: its whole was planned; ``sure``: whatever is called so is the part; ``whole``: what its whole is
    called (a regular expression), where it has a name of its own.
    """

    rate: str
    part: str
    plan: bool = False
    sure: bool = False
    whole: str = ""


@checked(frozen=True, config=_STRICT)
class Unsettled:
    """A rate whose counting no source settles: groups that count, that count in practice, that nobody settles."""

    metric: str
    unit: str
    whole: Words
    part: Words
    practice: Words
    open: Words
    counts_as: str


@checked(frozen=True, config=_STRICT)
class Audited:
    """Everything in ``audited.yaml``; see the comments there."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    light: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, ...], ...]
    within: str
    whole: tuple[str, ...]
    several: dict[str, int]
    stems: tuple[Stem, ...]
    opposed: str
    narrow: tuple[str, ...]
    unsettled: tuple[Unsettled, ...]
    defined: tuple[Counted, ...]
    pupils: Words
    teachers: Words
    staff: Words
    carers: Words
    classes: Words


@cache
def audited() -> Audited:
    """Return the words; CatalogueError names what is wrong in the file."""
    found = load_yaml(HERE / "audited.yaml", Audited)
    patterns = [found.within, found.opposed, *(p for s in found.stems for p in (s.part, s.whole))]
    for entry in found.unsettled:
        if entry.metric not in indicators():
            raise CatalogueError(f"audited.yaml:unsettled:{entry.metric}:指标编号不存在")
        patterns += [w.words for w in (entry.whole, entry.part, entry.practice, entry.open)]
    for item in (found.pupils, found.teachers, found.staff, found.carers, found.classes):
        patterns += [item.words, item.without]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise CatalogueError(f"audited.yaml:{pattern}:{error}") from error
    return found


@cache
def definitions() -> dict[str, Counted]:
    """Return the shares that counts define, by metric: those of the check of standards and those of audits."""
    return {**{entry.metric: entry for entry in audited().defined}, **counted()}


@cache
def unsettled() -> dict[str, Unsettled]:
    """Return the rates whose counting is settled nowhere, by metric."""
    return {entry.metric: entry for entry in audited().unsettled}
