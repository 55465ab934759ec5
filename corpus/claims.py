"""What reports claim in words, and which figures can bear it out; kept in ``claims.yaml`` for experts to edit."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators, load_yaml
from corpus.counted import counted
from corpus.errors import CatalogueError

_STRICT = ConfigDict(extra="forbid")
_PATTERNS = frozenset(
    {
        "exceptions_after",
        "generic",
        "words",
        "without",
        "claims",
        "whole",
        "part",
        "hedges",
        "done",
        "plan_heads",
        "narrowing",
        "counters",
        "verbs",
    }
)


@checked(frozen=True, config=_STRICT)
class Called:
    """A figure by what a report calls it: a regular expression that is found in it and one that is not."""

    words: str
    without: str = ""

    def call(self, name: str) -> bool:
        return bool(re.search(self.words, name)) and not (self.without and re.search(self.without, name))


@checked(frozen=True, config=_STRICT)
class Rate:
    """A printed rate that is ``full`` exactly when a claim without exception holds.

    ``open`` names, in Chinese, what the definition leaves open: then a rate that is not full decides nothing.
    """

    full: Literal["0", "100"]
    words: str
    without: str = ""
    metric: str = ""
    open: str = ""

    def call(self, name: str, metric_id: str | None) -> bool:
        if self.metric and metric_id == self.metric:
            return True
        return bool(re.search(self.words, name)) and not (self.without and re.search(self.without, name))


@checked(frozen=True, config=_STRICT)
class Pair:
    whole: str
    part: str
    without: str = ""


@checked(frozen=True, config=_STRICT)
class Absolute:
    """A kind of claim that allows no exception. ``near``: only figures of the same paragraph are held against it.

    ``named``: the claim's own words (groups ``topic``) must be what the rate is called before these characters.
    """

    id: str
    sense: Literal["none", "all"]
    outside: str
    claims: tuple[str, ...]
    rates: tuple[Rate, ...] = ()
    exceptions: Called | None = None
    exceptions_after: str = ""
    pairs: Pair | None = None
    counted: str = ""
    whole: str = ""
    named: str = ""
    subjects: bool = False
    topics: bool = False
    near: bool = False


@checked(frozen=True, config=_STRICT)
class Fraction:
    """Words for a share; in per cent, outside of ``least`` to ``most`` they are surely wrong."""

    words: str
    least: Decimal | None = None
    most: Decimal | None = None


@checked(frozen=True, config=_STRICT)
class Bound:
    """Words that hold a figure against another one, and what they say of it."""

    words: str
    sign: Literal["≥", "≤", "<", ">"]


@checked(frozen=True, config=_STRICT)
class Names:
    """Names by their ends, and what counts such things; ``counters`` is matched at the unit of the number."""

    ends: tuple[str, ...]
    counters: str


@checked(frozen=True, config=_STRICT)
class Listed:
    kinds: tuple[Names, ...]
    generic: str
    verbs: str


@checked(frozen=True, config=_STRICT)
class Claims:
    hedges: str
    done: str
    plan_heads: str
    narrowing: str
    subjects: tuple[str, ...]
    alike: dict[str, str]
    topics: tuple[str, ...]
    absolutes: tuple[Absolute, ...]
    fractions: tuple[Fraction, ...]
    listed: Listed
    bounds: tuple[Bound, ...]
    fillers: str
    met: str
    missed: str
    local: str
    national: str
    goal_after: str
    actual: str
    sole: tuple[str, ...]


@cache
def claims() -> Claims:
    """Return what ``claims.yaml`` says; CatalogueError for a malformed file, pattern or unknown indicator."""
    found = load_yaml(HERE / "claims.yaml", Claims)
    _compile("", found)
    if unknown := [metric for metric in found.sole if metric not in indicators()]:
        raise CatalogueError(f"claims.yaml:sole:没有指标编号“{unknown[0]}”")
    for entry in found.absolutes:
        strange = [r.metric for r in entry.rates if r.metric and r.metric not in indicators()]
        if entry.counted and entry.counted not in counted():
            strange.append(entry.counted)
        if strange:
            raise CatalogueError(f"claims.yaml:{entry.id}:没有指标编号“{strange[0]}”")
    return found


def _compile(name: str, item: Any) -> None:
    """Try every regular expression of the file, so that a slip is named at once and not in an audit."""
    if is_dataclass(item):
        for field in fields(item):
            _compile(field.name, getattr(item, field.name))
    elif isinstance(item, tuple):
        for one in item:
            _compile(name, one)
    elif isinstance(item, str) and name in _PATTERNS:
        try:
            re.compile(item)
        except re.error as error:
            raise CatalogueError(f"claims.yaml:{name}:{item}:{error}") from error
