"""Words that rule each other out, from a table that experts can edit (``contrasts.yaml``)."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Contrasts:
    groups: dict[str, tuple[str, ...]]


@cache
def _groups() -> tuple[tuple[re.Pattern[str], ...], ...]:
    found = []
    for name, members in load_yaml(HERE / "contrasts.yaml", _Contrasts).groups.items():
        try:
            found.append(tuple(map(re.compile, members)))
        except re.error as error:
            raise CatalogueError(f"contrasts.yaml:{name}:{error}") from error
    return tuple(found)


@lru_cache(maxsize=4096)
def _asked(words: str) -> tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...]:
    """Return each member that ``words`` say, with the others of its group that they do not."""
    found = []
    for members in _groups():
        said = [member for member in members if member.search(words)]
        others = tuple(member for member in members if member not in said)
        found += [(member, others) for member in said if others]
    return tuple(found)


def ruled_out(words: str, around: str) -> bool:
    """True if folded ``words`` say something that ``around`` does not say, and ``around`` says its opposite.

    >>> ruled_out("师均图书册数", "小学生均图书32.6册"), ruled_out("教师", "参加的教师和校长")
    (True, False)
    """
    return any(
        not member.search(around) and any(other.search(around) for other in others)
        for member, others in _asked(words)
    )
