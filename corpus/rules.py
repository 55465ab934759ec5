"""Codified standards: what a document demands, with clause, source and dates, read strictly from YAML.

A limit holds from ``since`` up to and including ``until`` (either may be open). A provincial variant is a standard
of its own file with ``variant_of`` and ``regions``; it replaces the indicators of the same code and adds its own.
``status: unconfirmed`` marks what no source at hand bears out; ``dates: unconfirmed`` the same of days. Both are
shown as such wherever they are used. How the files are written: docs/standards.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass as checked

from corpus.catalogue import HERE, load_yaml
from corpus.errors import CatalogueError
from corpus.limits import (
    Band,
    Confirmation,
    Day,
    Limit,
    LimitStage,
    Operator,
    Relaxation,
    Said,
    Source,
    in_force,
)
from corpus.rule_checks import check_sources, check_standard

__all__ = [
    "Aspect", "Band", "Confirmation", "Demand", "DispersionRule", "Limit", "LimitStage", "Operator", "PassRule",
    "Relaxation", "Said", "Source", "SplitRule", "Standard", "in_force", "limit_of", "merge", "sources", "standard",
    "standards",
]  # fmt: skip

_STRICT = ConfigDict(extra="forbid")


@checked(frozen=True, config=_STRICT)
class Demand:
    """One indicator of a standard, by the code that its application form gives it.

    ``scope``: whether each school has to meet it or the county as a whole. ``judged``: ``table`` (a school table
    determines it), ``report`` (a figure that a report states), ``qualitative`` (evidence only, never a verdict by
    itself). ``metrics`` are catalogue ids whose facts settle it, ``words`` what to look for in texts, ``wanted`` the
    data that would settle it, in words for a reader. ``document`` is set where it is not the standard's own: in a
    provincial variant, for what the variant leaves as the national standard has it.
    """

    code: str
    name: str
    clause: str = ""
    short: str = ""
    scope: Literal["school", "county"] = "county"
    judged: Literal["table", "report", "qualitative"] = "qualitative"
    formula: str = ""
    unit: str = ""
    limits: tuple[Limit, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    metrics: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()
    note: str = ""
    document: str = ""

    @property
    def short_name(self) -> str:
        return self.short or self.name


@checked(frozen=True, config=_STRICT)
class Aspect:
    name: str
    status: Confirmation
    indicators: tuple[Demand, ...]


@checked(frozen=True, config=_STRICT)
class PassRule:
    """``least`` of the ``codes`` must be met, the others reach ``floor`` (a share) of the demand."""

    text: str
    codes: tuple[str, ...]
    least: int
    floor: Decimal
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class DispersionRule:
    """Limits of the coefficient of variation. ``per``: each indicator, or the mean over all of them."""

    text: str
    formula: str
    codes: tuple[str, ...]
    per: Literal["indicator", "composite"]
    limits: tuple[Limit, ...]
    status: Confirmation = "confirmed"
    formula_status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class SplitRule:
    """Weights by which the facilities (``codes``) of a school with several stages are split, per student."""

    text: str
    codes: tuple[str, ...]
    primary: Decimal
    junior: Decimal
    senior: Decimal
    status: Confirmation = "confirmed"
    sources: tuple[str, ...] = ()


@checked(frozen=True, config=_STRICT)
class Standard:
    """``document`` is the document number; ``status`` says whether its text was seen or is from memory.

    ``since`` and ``until`` are the days it is in force, as far as known (``dates`` says how well). ``regions`` are
    the full names of the places where a variant holds.
    """

    id: str
    name: str
    document: str
    status: Confirmation
    aspects: tuple[Aspect, ...]
    short: str = ""
    companion: str = ""
    since: Day | None = None
    until: Day | None = None
    dates: Confirmation = "unconfirmed"
    scope: str = ""
    variant_of: str | None = None
    regions: tuple[str, ...] = ()
    passing: PassRule | None = None
    dispersion: DispersionRule | None = None
    split: SplitRule | None = None
    preconditions: tuple[Said, ...] = ()
    vetoes: tuple[Said, ...] = ()
    exclusions: tuple[Said, ...] = ()
    rounding: tuple[Said, ...] = ()
    group_rules: tuple[Said, ...] = ()
    bands: tuple[Band, ...] = ()
    sources: tuple[str, ...] = ()
    note: str = ""

    @property
    def title(self) -> str:
        return self.short or self.name

    @property
    def demands(self) -> tuple[Demand, ...]:
        return tuple(demand for aspect in self.aspects for demand in aspect.indicators)

    def demand(self, code: str) -> Demand:
        """Return the indicator of this code; KeyError if there is none."""
        for demand in self.demands:
            if demand.code == code:
                return demand
        raise KeyError(code)


@cache
def sources() -> dict[str, Source]:
    """Return what bears the standards out, by id."""
    found: dict[str, Source] = {}
    for source in load_yaml(HERE / "sources.yaml", tuple[Source, ...]):
        if source.id in found:
            raise CatalogueError(f"sources.yaml:{source.id}:编号重复")
        found[source.id] = source
    return found


@cache
def standards() -> dict[str, Standard]:
    """Return all standards by id, variants already merged; the file name must be the id."""
    found: dict[str, Standard] = {}
    for path in sorted((HERE / "standards").glob("*.yaml")):
        own = load_yaml(path, Standard)
        if own.id != path.stem:
            raise CatalogueError(f"{path.name}:id:应与文件名相同,现为“{own.id}”")
        found[own.id] = own
    for own in found.values():
        check_sources(own, set(sources()))
        base = found.get(own.variant_of or "")
        if own.variant_of is not None and (base is None or base.variant_of is not None):
            raise CatalogueError(f"{own.id}.yaml:variant_of:没有可以变通的标准“{own.variant_of}”")
        if bool(own.regions) != bool(own.variant_of):
            raise CatalogueError(f"{own.id}.yaml:regions:variant_of 与 regions 要同时写明")
    merged = {
        own.id: own if own.variant_of is None else merge(found[own.variant_of], own) for own in found.values()
    }
    for own in merged.values():
        check_standard(own)
    return merged


def merge(base: Standard, variant: Standard) -> Standard:
    """Return ``variant`` completed from ``base``: its indicators replace those of the same code, others are added."""
    own = {demand.code: demand for demand in variant.demands}
    aspects: list[Aspect] = []
    for aspect in base.aspects:
        kept = [
            own.get(demand.code) or replace(demand, document=demand.document or base.document)
            for demand in aspect.indicators
        ]
        added = [
            demand
            for more in variant.aspects
            if more.name == aspect.name
            for demand in more.indicators
            if demand.code not in {other.code for other in base.demands}
        ]
        aspects.append(replace(aspect, indicators=(*kept, *added)))
    aspects += [more for more in variant.aspects if more.name not in {aspect.name for aspect in base.aspects}]
    changes: dict[str, Any] = {"aspects": tuple(aspects)}
    for name in ("passing", "dispersion", "split", "scope", "bands"):
        changes[name] = getattr(variant, name) or getattr(base, name)
    for name in ("preconditions", "vetoes", "exclusions", "rounding", "group_rules", "sources"):
        changes[name] = tuple(dict.fromkeys((*getattr(base, name), *getattr(variant, name))))
    return replace(variant, **changes)


def standard(id: str, *, region_path: Sequence[str] = (), on: dt.date | None = None) -> Standard:
    """Return the standard ``id`` as it holds in a region: the variant of the nearest place around it, if any.

    ``region_path`` runs from the province down, by full names (``Place.path``). With ``on``, a variant that is not in
    force on that day is passed over. JunhengError for an unknown id.
    """
    known = standards()
    if id not in known:
        raise CatalogueError(f"没有标准“{id}”,可用:{'、'.join(known)}")
    for name in reversed(region_path):
        for variant in known.values():
            if variant.variant_of == id and name in variant.regions and in_force(variant, on):
                return variant
    return known[id]


def limit_of(
    demand: Demand, stage: str, *, key: str = "", kind: str | None = None, on: dt.date | None = None
) -> Limit | None:
    """Return the limit in force ``on`` a day (the newest text of the standard when None), or None."""
    for limit in demand.limits:
        if limit.stage != stage or limit.key != key or (limit.kinds and kind not in limit.kinds):
            continue
        if in_force(limit, on):
            return None if limit.repealed else limit
    return None
