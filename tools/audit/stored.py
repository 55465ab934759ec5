"""Audits of what is stored, of a file held against what is stored, and of many of either."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

from corpus.errors import JunhengError
from corpus.model import Report
from corpus.readers import read
from indexes.store import Store
from tools.audit.audit import audit
from tools.audit.model import Finding
from tools.audit.peers import peers_of

Findings = tuple[Finding, ...]

_KEPT = 32
"""Reports whose findings are kept for those who ask again: the page, then the conversation about it."""
_FOUND: WeakKeyDictionary[Store, OrderedDict[tuple[str, int], Findings]] = WeakKeyDictionary()
_LOCK = threading.Lock()


def audit_stored(store: Store, report_id: str) -> Findings:
    """Return the findings of a stored report; raise ``JunhengError`` when there is none of that id.

    They are kept until the store changes. May be called from several threads.
    """
    report = store.report(report_id)
    if report is None:
        raise JunhengError(f"没有编号为 {report_id} 的报告，用 junheng reports 查看已有的编号。")
    peers = peers_of(store)
    key = (report_id, peers.version)
    with _LOCK:
        kept = _FOUND.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    found = audit(report, store.facts_of(report_id), peers)
    with _LOCK:
        kept[key] = found
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return found


def audit_file(store: Store, path: Path) -> tuple[Report, Findings]:
    """Read the report at ``path`` without storing it and return it with its findings."""
    report = read(path)
    return report, audit(report, None, peers_of(store))


def audit_all(store: Store, report_ids: Collection[str] | None = None) -> Iterator[tuple[Report, Findings]]:
    """Yield every stored report, or those of ``report_ids``, with its findings, one at a time.

    Findings are not kept: memory does not grow with what is audited.
    """
    peers = peers_of(store)
    for report in store.reports():
        if report.kind == "report" and (report_ids is None or report.id in report_ids):
            yield report, audit(report, store.facts_of(report.id), peers)


def audit_files(
    store: Store, paths: Iterable[Path]
) -> Iterator[tuple[Path, Report | JunhengError, Findings]]:
    """Read and audit files one at a time, without storing them, against what is stored.

    A file that cannot be read gives its error and no findings, and the next one follows.
    """
    peers = peers_of(store)
    for path in paths:
        try:
            report = read(path)
        except JunhengError as error:
            yield path, error, ()
            continue
        yield path, report, audit(report, None, peers)
