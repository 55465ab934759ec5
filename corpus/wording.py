"""The words around numbers in ``qualifiers.yaml``, compiled once into patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import load_yaml
from corpus.numerals import normalise

HERE = Path(__file__).parent


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _File:
    before: tuple[str, ...]
    not_after: dict[str, tuple[str, ...]]
    bare: tuple[str, ...]
    clause: tuple[str, ...]
    shared: tuple[str, ...]
    inner: tuple[str, ...]
    trailing_units: tuple[str, ...]
    not_inner_before: tuple[str, ...]
    after: tuple[str, ...]
    not_after_before: tuple[str, ...]
    counting: tuple[str, ...]
    article: tuple[str, ...]
    vague: tuple[str, ...]
    fixed: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Patterns over normalised text. Those named ``*before`` end where the number begins."""

    before: re.Pattern[str]
    bare_before: re.Pattern[str]
    counting_before: re.Pattern[str]
    article_before: re.Pattern[str]
    clause: re.Pattern[str]
    shared: re.Pattern[str]
    inner: re.Pattern[str]
    after: re.Pattern[str]
    fixed: re.Pattern[str]
    names: re.Pattern[str]
    trailing_units: frozenset[str]
    vague: frozenset[str]


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(map(normalise, set(words)), key=len, reverse=True))


def load_wording(path: Path) -> Wording:
    """Return the patterns of ``path``; raise CatalogueError naming file and key for any slip."""
    raw = load_yaml(path, _File)
    guarded = [
        f"(?<![{''.join(raw.not_after[w])}]){re.escape(w)}" if raw.not_after.get(w) else re.escape(w)
        for w in sorted(map(normalise, set(raw.before)), key=len, reverse=True)
    ]
    return Wording(
        before=re.compile(rf"(?:{'|'.join(guarded)}) *$"),
        bare_before=re.compile(rf"(?:{_any(raw.bare)})$"),
        counting_before=re.compile(rf"(?:{_any(raw.counting)})$"),
        article_before=re.compile(rf"(?:{_any(raw.article)})$"),
        clause=re.compile(_any(raw.clause)),
        shared=re.compile(_any(raw.shared)),
        inner=re.compile(rf"(?:{_any(raw.inner)})(?!{_any(raw.not_inner_before)})"),
        after=re.compile(rf" *(?P<word>{_any(raw.after)})(?!{_any(raw.not_after_before)})"),
        fixed=re.compile(_any(raw.fixed)),
        names=re.compile(rf"[^\n,。;]{{0,4}}?(?:{_any(raw.names)})"),
        trailing_units=frozenset(raw.trailing_units),
        vague=frozenset(raw.vague),
    )


@cache
def wording() -> Wording:
    return load_wording(HERE / "qualifiers.yaml")
