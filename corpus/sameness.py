"""What tells whether two figures state one quantity; the words are kept in ``sameness.yaml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, indicators, load_yaml, stages
from corpus.errors import CatalogueError
from corpus.units import dimension

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Bare:
    """The unit of a table's cell that has none, by the words of its name."""

    words: str
    unit: str


@checked(frozen=True, config=_STRICT)
class Sameness:
    """The file as it is; what each entry is for stands beside it there."""

    whole: str
    neutral: str
    ends: str
    changing: str
    after: str
    same: tuple[tuple[str, ...], ...]
    stocks: str
    flows: str
    total: str
    bare: tuple[Bare, ...]
    county: tuple[str, ...]
    loose: tuple[str, ...]
    doubtful: tuple[str, ...]
    method: str
    place: str
    named: str
    people: str
    ordinary: str
    doing: str
    dated: str
    now: str
    until: str
    definition: str
    revised: str

    def words(self, name: str) -> re.Pattern[str]:
        """Return an entry that is a regular expression, ready for use."""
        return _compiled(getattr(self, name))

    def plain(self, name: str) -> str:
        """Return a name without words that carry no weight, under the first of its synonyms.

        >>> sameness().plain("全县现有在校学生总数")
        '在校生'
        """
        return _plain(name)

    def bare_unit(self, name: str) -> str | None:
        """Return the unit that a cell named so counts in, None where the name does not say."""
        return next((b.unit for b in self.bare if re.search(b.words, name)), None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=16384)
def _plain(name: str) -> str:
    words = sameness()
    bare = _compiled(words.neutral).sub("", _synonyms().sub(lambda m: _first()[m[0]], name))
    return _synonyms().sub(lambda m: _first()[m[0]], _compiled(words.ends).sub("", bare))


@cache
def _first() -> dict[str, str]:
    return {word: group[0] for group in sameness().same for word in group}


@cache
def _synonyms() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_first(), key=len, reverse=True))))


@cache
def stage_words() -> re.Pattern[str]:
    """Return a pattern of the names of school stages, longest first."""
    words = {word for stage in stages().values() for word in stage.words}
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@cache
def sameness() -> Sameness:
    """Return the words of ``sameness.yaml``; CatalogueError names what is wrong in it."""
    found = load_yaml(HERE / "sameness.yaml", Sameness)
    for key in (*found.county, *found.loose):
        if key not in indicators():
            raise CatalogueError(f"sameness.yaml:{key}:没有这个指标编号")
    for bare in found.bare:
        if not dimension(bare.unit):
            raise CatalogueError(f"sameness.yaml:bare:{bare.unit}:没有这个单位")
    for name, value in vars(found).items():
        for pattern in (value,) if isinstance(value, str) else ():
            try:
                re.compile(pattern)
            except re.error as error:
                raise CatalogueError(f"sameness.yaml:{name}:{error}") from error
    return found
