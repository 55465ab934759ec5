"""Audits of what is stored, and of a file held against what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import JunhengError
from corpus.model import Fact, Report
from corpus.readers import read
from indexes.store import Store
from tools.audit.audit import audit
from tools.audit.model import Finding, Neighbour


class StoredPeers:
    """The other reports of a store, found by region; nothing is read before it is asked for."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def same_region(self, report: Report) -> Sequence[Neighbour]:
        if not report.region:
            return ()
        others = (r for r in self.store.reports() if r.kind == "report" and r.id != report.id)
        return [
            Neighbour(other, self.store.facts(report_ids=[other.id]))
            for other in others
            if other.region == report.region and other.region_path == report.region_path
        ]

    def same_metric(self, fact: Fact) -> Sequence[Fact]:
        return ()


def audit_stored(store: Store, report_id: str) -> tuple[Finding, ...]:
    """Return the findings of a stored report; raise ``JunhengError`` when there is none of that id."""
    report = store.report(report_id)
    if report is None:
        raise JunhengError(f"没有编号为 {report_id} 的报告，用 junheng reports 查看已有的编号。")
    return audit(report, store.facts(report_ids=[report_id]), StoredPeers(store))


def audit_file(store: Store, path: Path) -> tuple[Report, tuple[Finding, ...]]:
    """Read the report at ``path`` without storing it and return it with its findings."""
    report = read(path)
    return report, audit(report, None, StoredPeers(store))
