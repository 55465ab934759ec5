"""Reads what is stored again: after the reading itself has changed, or a person has said what a report is about."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import corpus
from assistant.versions import read_again
from corpus import identity
from corpus.errors import JunhengError, ReadError
from corpus.model import Document, Report
from corpus.schools.read import report_of, table_from
from indexes.store import Store

log = logging.getLogger(__name__)


def reading_mark() -> str:
    """Return a digest of the code and word lists that read reports: it changes when they do."""
    folder = Path(corpus.__file__ or "").parent
    files = sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".yaml") and "samples" not in p.parts)
    marks = (f"{p.relative_to(folder)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files)
    return hashlib.sha256("\n".join(marks).encode()).hexdigest()


def refresh(store: Store, tell: Callable[[str], None]) -> None:
    """Read the stored texts again if this program reads reports otherwise than the one that stored them."""
    mark = reading_mark()
    if store.note("reading") == mark:
        return
    for report in store.reports():
        brought = store.brought_by(report.id)
        if not brought:
            continue
        tell("正在用新版程序重新读取已存的报告")
        if report.kind == "school_table":
            _refresh_table(store, report, brought)
            continue
        name, digest = brought[0]
        store.put(
            read_again(report), source=name, digest=digest, original=store.original(report.id), insist=True
        )
    store.note("reading", mark)


def _refresh_table(store: Store, report: Report, brought: list[tuple[str, str]]) -> None:
    """Read a table again from its file; where it cannot be read any more, what is stored stays."""
    original = store.original(report.id)
    try:
        if original is None:
            raise ReadError(f"{report.title}：没有保存原件")
        table = table_from(original, report.source, region=report.region, year=report.year)
    except ReadError as error:
        log.warning("a stored school table cannot be read again: %s", error)
        return
    for name, digest in brought:  # its text, and so its id, may have changed
        document = Document(report_of(table), (), ())
        store.put(document, source=name, digest=digest, original=original, insist=True)


def describe(store: Store, report_id: str, region: str | None, year: int | None, title: str | None) -> Report:
    """Say what a stored report is about and read its text again with that; what is None stays as it is.

    The next import of the same file leaves it so, unless that says something else.
    Raises JunhengError where there is no such report or nothing is said.
    """
    report = store.report(report_id)
    if report is None:
        raise JunhengError(f"没有编号为 {report_id} 的报告，用 junheng reports 查看已有的编号。")
    said = report
    if region is not None and region.strip():
        name, path = identity.name_region(region)
        said = replace(said, region=name, region_path=path)
    if year is not None:
        said = replace(said, year=year)
    if title is not None and title.strip():
        said = replace(said, title=" ".join(title.split())[:200])
    if said == report:
        return report
    original = store.original(report_id)
    document = read_again(said) if said.kind == "report" else Document(said, (), ())
    for source, digest in store.brought_by(report_id):
        store.put(document, source=source, digest=digest, original=original, insist=True)
    return document.report
