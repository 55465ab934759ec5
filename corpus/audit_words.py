"""What people call the claims that an audit recomputes and what it finds of them; kept in ``audit_words.yaml``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class AuditedKind:
    """``checks`` are the names of the checks of an audit; ``words`` what people say.

    ``none`` is said where nothing is found, for kinds of which only what is wrong is a finding.
    """

    name: str
    checks: tuple[str, ...]
    words: tuple[str, ...]
    none: str = ""


@checked(frozen=True, config=_STRICT)
class AuditedVerdict:
    name: str
    words: tuple[str, ...]


@checked(frozen=True, config=_STRICT)
class Audited:
    """``plain`` are words of such questions that do not say what they are about, ``edges`` what joins them."""

    kinds: dict[str, AuditedKind]
    verdicts: dict[str, AuditedVerdict]
    plain: tuple[str, ...]
    edges: str


@cache
def audit_words() -> Audited:
    """Return the words; CatalogueError for a malformed file."""
    return load_yaml(HERE / "audit_words.yaml", Audited)


@cache
def _pattern(which: str) -> tuple[re.Pattern[str], dict[str, str]]:
    entries: Mapping[str, AuditedKind | AuditedVerdict] = (
        audit_words().kinds if which == "kinds" else audit_words().verdicts
    )
    owner = {word: key for key, entry in reversed(list(entries.items())) for word in entry.words}
    longest = sorted(owner, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest))), owner


def kinds_in(folded: str) -> tuple[str, ...]:
    """Return the kinds of claims that a folded text names, in its order.

    >>> kinds_in("占比和增长率都对吗")
    ('share', 'growth')
    """
    pattern, owner = _pattern("kinds")
    return tuple(dict.fromkeys(owner[m.group()] for m in pattern.finditer(folded)))


def verdicts_in(folded: str) -> tuple[str, ...]:
    """Return the verdicts that a folded text names, in its order."""
    pattern, owner = _pattern("verdicts")
    return tuple(dict.fromkeys(owner[m.group()] for m in pattern.finditer(folded)))


@cache
def _plain() -> re.Pattern[str]:
    words = {*audit_words().plain}
    words |= {word for entry in audit_words().kinds.values() for word in entry.words}
    words |= {word for entry in audit_words().verdicts.values() for word in entry.words}
    return re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))


def topic_of(folded: str) -> str:
    """Return what is left of a folded question when all that any question about an audit says is taken off.

    >>> topic_of("生均经费的增长率都核对一下")
    '生均经费'
    """
    pieces = re.split(r"[^\u3400-\u9fffA-Za-z]+", _plain().sub(" ", folded))
    left = [re.sub("的数量?$", "", piece.strip(audit_words().edges)) for piece in pieces]
    return " ".join(piece for piece in left if len(piece) > 1)
