"""What figures can be at all, by their names; kept in ``possible.yaml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    at_most_whole: str
    may_exceed: str
    may_be_negative: str
    average: str
    average_most: Decimal
    fund: str


@dataclass(frozen=True, slots=True)
class Possible:
    """Patterns over folded names; ``average_most`` is in 元."""

    at_most_whole: re.Pattern[str]
    may_exceed: re.Pattern[str]
    may_be_negative: re.Pattern[str]
    average: re.Pattern[str]
    average_most: Decimal
    fund: re.Pattern[str]


@cache
def possible() -> Possible:
    """Return the bounds; CatalogueError for a malformed file."""
    raw = load_yaml(HERE / "possible.yaml", _File)
    patterns = {}
    for key in ("at_most_whole", "may_exceed", "may_be_negative", "average", "fund"):
        try:
            patterns[key] = re.compile(re.sub(r"\s+", "", getattr(raw, key)))
        except re.error as error:
            raise CatalogueError(f"possible.yaml:{key}:{error}") from error
    return Possible(average_most=raw.average_most, **patterns)
