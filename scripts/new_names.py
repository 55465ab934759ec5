"""New names for the places that texts name, for ``scripts/replace_figures.py``."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.places import Place, find, names

SYLLABLES = "澄岚禾屿朗渚芮沅葭峤榆砚湄棠霁汀"


@dataclass(frozen=True, slots=True)
class Naming:
    """The new name of every old one, in simplified characters, and the pattern that finds them."""

    new: Mapping[str, str]
    pattern: re.Pattern[str]


def _candidates(place: Place, above: Place | None) -> Iterator[Place]:
    """Places of the same kind, in ``above``."""
    for found in names().full.values():
        for other in found:
            within = other.path[:-1] == above.path if above else len(other.path) == 1
            if other.level == place.level and other.current and within and other.name[-1] == place.name[-1]:
                yield other


def name_anew(texts: Iterable[str], dice: random.Random, invented: bool) -> Naming:
    """Choose a new name for every place that the texts name."""
    chosen: dict[tuple[str, ...], Place] = {}
    told = "\n".join(map(fold, texts))
    written = sorted({m.places[0] for m in mentions(told) if m.places}, key=lambda p: p.path)
    new: dict[str, str] = {}
    for place in written:
        if place.level == "country":
            continue
        for depth in range(1, len(place.path) + 1):
            path = place.path[:depth]
            unit = next((p for p in find(path[-1]) if p.path == path), None)
            if not unit or path in chosen:
                continue
            above = chosen.get(path[:-1])
            near = [
                p
                for p in _candidates(unit, above)
                if len(p.short) > 1 and p.short not in told and p not in chosen.values()
            ]
            near = near or [
                p for p in _any(unit) if len(p.short) > 1 and p.short not in told and p not in chosen.values()
            ]
            alike = [p for p in near if len(p.name) == len(unit.name) and len(p.short) == len(unit.short)]
            if alike or near:
                chosen[path] = dice.choice(sorted(alike or near, key=lambda p: p.path))
    for path, other in chosen.items():
        unit = next(p for p in find(path[-1]) if p.path == path)
        stem = "".join(dice.sample(SYLLABLES, 2)) if invented and unit.level == "county" else ""
        new[fold(unit.name)] = stem + unit.name[-1] if stem else other.name
        if len(unit.short) > 1:
            new[fold(unit.short)] = stem or other.short
    pattern = "|".join(map(re.escape, sorted(new, key=len, reverse=True))) or r"(?!)"
    return Naming(new, re.compile(pattern))


def _any(place: Place) -> Iterator[Place]:
    for found in names().full.values():
        yield from (p for p in found if p.level == place.level and p.current and p.name[-1] == place.name[-1])
