"""Which region and which year a check of stored reports is about; a caller that leaves it open is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.folding import fold
from corpus.gazetteer import find
from corpus.model import Report
from tools.registry import BadCall


@dataclass(frozen=True, slots=True)
class Held:
    """A region of which something is stored; ``path`` runs from the province down to it."""

    name: str
    path: tuple[str, ...]

    @property
    def full(self) -> str:
        return "".join(self.path) or self.name


def regions_of(reports: Iterable[Report]) -> tuple[Held, ...]:
    """Return the regions that the reports are about, each once, in order."""
    found = (Held(r.region, r.region_path or (r.region,)) for r in reports if r.region)
    return tuple(dict.fromkeys(found))


def choose_region(held: Sequence[Held], wanted: str | None) -> Held | None:
    """Return the one region that ``wanted`` names; None if nothing of it is stored.

    A name may be written with the places around it ("某省某市某区") or without. Raises ``BadCall`` with the list
    where several fit or none is named.
    """
    if wanted is None:
        fits = list(held)
    else:
        name = fold(wanted).replace(" ", "")
        fits = [h for h in held if name == h.name or name == h.full]
        fits = fits or [h for h in held if h.full.endswith(name) and len(name) > len(h.name)]
        fits = fits or [h for h in held if name.endswith(h.name) and _lies_in(h, name.removesuffix(h.name))]
    if len({h.full for h in fits}) > 1:
        listed = "、".join(h.full if wanted else h.name for h in fits)
        raise BadCall(f"资料里有几个地区,请指明要检查哪一个:{listed}")
    return fits[0] if fits else None


def _lies_in(held: Held, prefix: str) -> bool:
    """Tell whether ``prefix`` is made of names of places around the region and nothing else."""
    for place in held.path:
        prefix = prefix.replace(place, "", 1)
    return not prefix


def path_of(name: str) -> tuple[str, ...]:
    """Return the path of a region that no report names, where the gazetteer knows exactly one of the name."""
    known = {place.path for place in find(name)}
    return known.pop() if len(known) == 1 else (name,)


def in_year(period: str | None, year: str) -> bool:
    """Tell whether a period lies in ``year`` or ends with it; a school year counts for both its years."""
    if not period:
        return False
    first, _, last = period.partition("/")
    if last:
        return last[:4] == year or (first[:4] == year and int(last[:4]) - int(first[:4]) == 1)
    return first[:4] == year
