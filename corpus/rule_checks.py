"""What must hold within a standard beyond the shape of its file; each slip is told with file and key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from corpus.catalogue import indicators
from corpus.errors import CatalogueError

if TYPE_CHECKING:
    from corpus.rules import Limit, Standard


def check_sources(own: Standard, known: set[str]) -> None:
    """Every source cited is listed; what only memory bears out is marked so. Raises CatalogueError."""
    for where, part in _parts(own):
        for source in part.sources:
            if source not in known:
                raise CatalogueError(f"{own.id}.yaml:{where}.sources:sources.yaml 里没有来源“{source}”")
        status = getattr(part, "status", "unconfirmed")
        if status == "confirmed" and set(part.sources) <= {"MEM"}:
            lacking = "只有 MEM" if part.sources else "没有来源"
            raise CatalogueError(f"{own.id}.yaml:{where}.status:{lacking},应写 status: unconfirmed")


def check_standard(own: Standard) -> None:
    """Codes, limits, dates and references fit together. Raises CatalogueError for the first that does not."""
    codes = [demand.code for demand in own.demands]
    for code in codes:
        if codes.count(code) > 1:
            raise CatalogueError(f"{own.id}.yaml:{code}:指标代码重复")
    for where, part in _parts(own):
        since, until = getattr(part, "since", None), getattr(part, "until", None)
        if since is not None and until is not None and since > until:
            raise CatalogueError(f"{own.id}.yaml:{where}.since:开始日期 {since} 晚于结束日期 {until}")
    for demand in own.demands:
        _check_limits(own, demand.code, demand.limits)
        for metric in demand.metrics:
            if metric not in indicators():
                raise CatalogueError(f"{own.id}.yaml:{demand.code}.metrics:指标目录里没有“{metric}”")
    rules = {"passing": own.passing, "dispersion": own.dispersion, "split": own.split}
    for name, rule in rules.items():
        for code in rule.codes if rule is not None else ():
            if code not in codes:
                raise CatalogueError(f"{own.id}.yaml:{name}.codes:没有代码为“{code}”的指标")
    if own.dispersion is not None:
        _check_limits(own, "dispersion", own.dispersion.limits)


def _check_limits(own: Standard, where: str, limits: Sequence[Limit]) -> None:
    for limit in limits:
        if limit.value is not None and limit.than:
            raise CatalogueError(f"{own.id}.yaml:{where}.limits.than:value 与 than 只能写一个")
        if limit.repealed and limit.since is None:
            raise CatalogueError(f"{own.id}.yaml:{where}.limits.value:没有限值;废止的限值要写明 since")
    for one, other in combinations(limits, 2):
        kinds = not one.kinds or not other.kinds or set(one.kinds) & set(other.kinds)
        if (one.stage, one.key) == (other.stage, other.key) and kinds and _overlap(one, other):
            name = f"{one.stage}{f'/{one.key}' if one.key else ''}"
            raise CatalogueError(f"{own.id}.yaml:{where}.limits:{name} 在同一时间有两个限值")


def _overlap(one: Limit, other: Limit) -> bool:
    return not (
        (one.until is not None and other.since is not None and one.until < other.since)
        or (other.until is not None and one.since is not None and other.until < one.since)
    )


def _parts(own: Standard) -> Iterator[tuple[str, Any]]:
    """Yield everything that has sources or dates, each with the key that leads to it."""
    yield own.id, own
    for demand in own.demands:
        yield demand.code, demand
        for name in ("limits", "relaxations"):
            for at, part in enumerate(getattr(demand, name)):
                yield f"{demand.code}.{name}.{at}", part
    for name in ("passing", "dispersion", "split"):
        if (rule := getattr(own, name)) is not None:
            yield name, rule
    for at, limit in enumerate(own.dispersion.limits if own.dispersion is not None else ()):
        yield f"dispersion.limits.{at}", limit
    for name in ("preconditions", "vetoes", "exclusions", "rounding", "group_rules", "bands"):
        for at, part in enumerate(getattr(own, name)):
            yield f"{name}.{at}", part
