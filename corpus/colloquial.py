"""Everyday speech put into the words of reports, from a table that experts can edit (``colloquial.yaml``)."""

from __future__ import annotations

import re
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class Phrase:
    """``said`` is a regular expression over folded text, ``means`` what reports write instead."""

    said: str
    means: str


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Phrases:
    phrases: tuple[Phrase, ...]


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for phrase in load_yaml(HERE / "colloquial.yaml", _Phrases).phrases:
        try:
            pattern = re.compile(phrase.said)
            re.compile(rf"{phrase.said}|").sub(phrase.means, "")  # groups that `said` has not
        except (re.error, IndexError) as error:
            raise CatalogueError(f"colloquial.yaml:{phrase.said}:{error}") from error
        found.append((pattern, phrase.means))
    return tuple(found)


def formal(folded: str) -> str:
    """Return a folded question in the words of reports; CatalogueError for a malformed table.

    >>> formal("有多少上幼儿园的娃")
    '有多少在园幼儿'
    """
    for pattern, means in _compiled():
        folded = pattern.sub(means, folded)
    return folded
