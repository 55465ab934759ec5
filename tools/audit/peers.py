"""What else a store holds, as audits ask for it: which reports are of a region, and what others say of a metric.

The index is made once for a version of the store and brought up to date when that rises: only reports that are
new or were read anew are read again. It keeps numbers and places; facts are read when they are needed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from weakref import WeakKeyDictionary

from corpus.catalogue import settled
from corpus.gazetteer import find
from corpus.model import Fact, Report
from corpus.units import UnitError, dimension, factor
from indexes.store import Store
from tools.audit.model import Neighbour

SAMPLE = 25
"""Figures of other reports that are held against one: all, or so many evenly spread over their order."""
_NEIGHBOURS = 16
_LEVELS = {"省": "province", "市": "city", "州": "city", "县": "county", "区": "county", "旗": "county"}

Region = tuple[object, ...]
MetricKey = tuple[str, str | None, str, str, str]
"""Metric id, stage, dimension of the unit, year, level of the place."""
Figure = tuple[Decimal, str, str]
"""Value in the base unit, report id, fact id."""


@dataclass(frozen=True, slots=True)
class ReadReport:
    """What the index keeps of a report; ``mark`` changes when its facts may have."""

    mark: tuple[object, ...]
    region: Region | None
    figures: tuple[tuple[MetricKey, Decimal, str], ...]


class StoredPeers:
    """The other reports of a store at one version. May be used from several threads."""

    def __init__(self, store: Store, version: int, before: StoredPeers | None = None) -> None:
        self.version = version
        self._store = store
        self._read: dict[str, ReadReport] = dict(_read(store, before._read if before else {}))
        self._regions: dict[Region, list[str]] = defaultdict(list)
        metrics: dict[MetricKey, list[Figure]] = defaultdict(list)
        for report_id, one in self._read.items():
            if one.region is not None:
                self._regions[one.region].append(report_id)
            for key, value, fact_id in one.figures:
                metrics[key].append((value, report_id, fact_id))
        self._metrics = {key: _spread(sorted(found)) for key, found in metrics.items()}
        self._lock = threading.Lock()
        self._facts: dict[MetricKey, tuple[Fact, ...]] = {}
        self._neighbours: OrderedDict[str, Neighbour] = OrderedDict()

    def same_region(self, report: Report) -> Sequence[Neighbour]:
        region = _region(report)
        others = self._regions.get(region, []) if region is not None else []
        return [n for i in others if i != report.id and (n := self._neighbour(i)) is not None]

    def same_metric(self, fact: Fact) -> Sequence[Fact]:
        """Return results of other reports on places of one level, one for a report.

        At most ``SAMPLE`` of them: more are represented by as many evenly spread over the order of their values.
        """
        key = _metric(fact)
        if key is None or key not in self._metrics:
            return ()
        with self._lock:
            kept = self._facts.get(key)
        if kept is None:
            kept = self._store.facts_named([fact_id for _, _, fact_id in self._metrics[key]])
            with self._lock:
                self._facts[key] = kept
        return [other for other in kept if other.report_id != fact.report_id]

    def _neighbour(self, report_id: str) -> Neighbour | None:
        with self._lock:
            kept = self._neighbours.get(report_id)
            if kept is not None:
                self._neighbours.move_to_end(report_id)
                return kept
        report = self._store.report(report_id)
        if report is None:  # taken out since
            return None
        found = Neighbour(report, self._store.facts_of(report_id))
        with self._lock:
            self._neighbours[report_id] = found
            while len(self._neighbours) > _NEIGHBOURS:
                self._neighbours.popitem(last=False)
        return found


_PEERS: WeakKeyDictionary[Store, StoredPeers] = WeakKeyDictionary()
_MAKING = threading.Lock()


def peers_of(store: Store) -> StoredPeers:
    """Return the index of ``store`` as it is now; the first call reads every fact once."""
    with _MAKING:
        version, kept = store.version, _PEERS.get(store)
        if kept is None or kept.version != version:
            kept = _PEERS[store] = StoredPeers(store, version, kept)
        return kept


def _read(store: Store, before: dict[str, ReadReport]) -> Iterator[tuple[str, ReadReport]]:
    for report in store.reports():
        if report.kind != "report":
            continue
        mark = (report.region, report.region_path, report.year, report.published, report.title)
        kept = before.get(report.id)
        if kept is None or kept.mark != mark:
            figures: dict[MetricKey, tuple[MetricKey, Decimal, str]] = {}
            for fact in store.facts_of(report.id):
                if (key := _metric(fact)) is not None:
                    figures.setdefault(key, (key, fact.value * factor(fact.unit), fact.id))
            kept = ReadReport(mark, _region(report), tuple(figures.values()))
        yield report.id, kept


def _spread(found: list[Figure]) -> tuple[Figure, ...]:
    most = SAMPLE + 1  # one may be of the report that asks
    if len(found) <= most:
        return tuple(found)
    return tuple(found[index * (len(found) - 1) // (most - 1)] for index in range(most))


def _region(report: Report) -> Region | None:
    return (report.region, report.region_path) if report.region else None


def _metric(fact: Fact) -> MetricKey | None:
    """Return what results must share to be held against each other, None where ``fact`` is no such result."""
    metric_id = settled(fact)
    if metric_id is None or fact.kind != "actual" or fact.role not in ("level", "share"):
        return None
    if not fact.region or not fact.period or "/" in fact.period or fact.value <= 0 or fact.upper is not None:
        return None
    try:
        kind = dimension(fact.unit)
    except UnitError:
        return None
    return metric_id, fact.stage, kind, fact.period[:4], _level(fact.region)


@lru_cache(maxsize=8192)
def _level(region: str) -> str:
    """Return the level of a place by its name; a name that the gazetteer lacks, by its last character."""
    known = {place.level for place in find(region)}
    return known.pop() if len(known) == 1 else _LEVELS.get(region[-1:], "")
