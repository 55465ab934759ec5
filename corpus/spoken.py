"""The indicators of a standard by what people call them: the standard's own names, and ``corpus/spoken.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, Named, indicators, load_yaml
from corpus.folding import fold
from corpus.rules import Demand, standards


@checked(frozen=True, config=ConfigDict(extra="forbid"))
class _Spoken:
    standard: str
    words: dict[str, tuple[str, ...]]
    not_before: dict[str, tuple[str, ...]]


@cache
def _spoken() -> _Spoken:
    return load_yaml(HERE / "spoken.yaml", _Spoken)


def _names(demand: Demand) -> Iterator[str]:
    yield demand.name
    yield demand.short
    if demand.scope == "school" or demand.code.startswith("1."):
        for metric in demand.metrics:
            yield from indicators()[metric].words if metric in indicators() else ()


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    spoken = _spoken()
    standard = standards()[spoken.standard]
    pairs = {(fold(name), d.code) for d in standard.demands for name in _names(d) if len(name) > 1}
    pairs |= {(fold(word), code) for code, words in spoken.words.items() for word in words}
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=4096)
def demands_in(text: str) -> tuple[Named, ...]:
    """Return the indicators of 优质均衡 named in folded ``text`` (``id`` is the code), by position.

    >>> [named.id for named in demands_in("骨干教师和多媒体教室够不够")]
    ['1.2', '1.7']
    """
    taken: dict[tuple[int, int], list[str]] = {}
    for word, code in _pairs():
        at = text.find(word)
        while at >= 0:
            span = (at, at + len(word))
            free = all(span == held or span[1] <= held[0] or span[0] >= held[1] for held in taken)
            barred = any(text.startswith(rest, span[1]) for rest in _spoken().not_before.get(word, ()))
            if free and not barred and code not in taken.get(span, ()):
                taken.setdefault(span, []).append(code)
            at = text.find(word, span[1])
    return tuple(Named(*span, code) for span, codes in sorted(taken.items()) for code in codes)
