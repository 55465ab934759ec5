"""From one thing that was given to a stored report: one outcome each, and nothing stored where anything failed."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace

from assistant.faces.service import IngestOutcome, Missing, trouble_words
from assistant.gathering import Item
from assistant.versions import Kept
from corpus.documents import Reading, document_of, read_document
from corpus.errors import JunhengError
from corpus.model import Report
from corpus.readers import read_text
from indexes.store import Entry, Store

log = logging.getLogger(__name__)
_WORDS: dict[Missing, str] = {"region": "地区", "year": "年份"}


def digest_of(data: bytes, region: str | None, year: int | None) -> str:
    """Return a mark of a file and of what a person said about it."""
    return hashlib.sha256(data + f"|{region}|{year}".encode()).hexdigest()


def unchanged(store: Store, item: Item, digest: str) -> IngestOutcome | None:
    """Return the outcome of a thing that is in already just so, None where it has to be read."""
    if not store.known(item.key, digest):
        return None
    return IngestOutcome(item.name, "unchanged", store.held_by(item.key), f"{item.shown}（内容与已存的相同）")


def read_item(item: Item, data: bytes, region: str | None, year: int | None) -> Reading:
    """Read a thing here and now; raises ReadError."""
    if item.text is None:
        return read_document(data, item.name, item.shown, region, year)
    report = read_text(item.text.text, item.shown, region=region, year=year)
    if item.text.title:
        report = replace(report, title=item.name)
    return Reading(document_of(replace(report, source=item.name)))


def entry_of(store: Store, item: Item, reading: Reading, data: bytes, digest: str, *, insist: bool) -> Entry:
    """Return what the store is to keep of a thing."""
    key = item.key
    if item.passing:
        key = _passing_key(store, key, reading.document.report)
    return Entry(reading.document, key, digest, data, insist)


def _passing_key(store: Store, key: str, report: Report) -> str:
    """Return the name under which an upload is kept.

    Many offices call their file 自评报告: the same name brings a new version only where region and
    year do not say that it is another report.
    """
    own = f"{key}|{report.region}|{report.year}"
    if store.held_by(own):
        return own
    held = store.report(store.held_by(key) or "")
    if held is None or held.id == report.id:
        return key
    pairs = ((held.region, report.region), (held.year, report.year))
    return own if any(a and b and a != b for a, b in pairs) else key


def told(item: Item, reading: Reading, kept: Kept) -> IngestOutcome:
    """Say what became of a thing that is now in the store."""
    report, table, status = kept.report, reading.table, kept.status
    problems = () if table is None else table.problems
    if kept.said or status == "unchanged":
        said = kept.said or f"内容与已存的“{report.title}”相同"
        return IngestOutcome(
            item.name, status, report.id, f"{item.shown}（{said}）", problems, notes=report.notes
        )
    missing = missing_of(report)
    said = _said(reading)
    if missing:
        words = "、".join(_WORDS[one] for one in missing)
        options = "" if item.passing else f"（{'、'.join(f'--{one}' for one in missing)}）"
        said += f"；没有认出{words}{options}，请补充"
    return IngestOutcome(
        item.name,
        status,
        report.id,
        f"{item.shown}（{said}）",
        problems,
        missing,
        report.notes,
    )


def missing_of(report: Report) -> tuple[Missing, ...]:
    """Return what a person has to say of a report before it can be asked about by place and time."""
    said: tuple[tuple[Missing, object], ...] = (("region", report.region), ("year", report.year))
    return tuple(name for name, value in said if not value)


def failed(item: Item, error: Exception) -> IngestOutcome:
    """Say why a thing is not in the store."""
    if isinstance(error, JunhengError):
        why = str(error)
    elif isinstance(error, OSError):
        why = f"读写失败（{trouble_words(error)}），没有导入；请检查文件权限和磁盘空间"
    else:  # one file must not cost the others
        log.debug("reading %s failed", item.shown, exc_info=error)
        why = f"读取时程序出错（{type(error).__name__}），没有导入；请把这份文件交给维护人员"
    message = why if item.shown in why else f"{item.shown}：{why}"
    return IngestOutcome(item.name, "failed", None, message)


def _said(reading: Reading) -> str:
    report, table = reading.document.report, reading.table
    parts = [
        "学校数据表" * (table is not None),
        report.region or "",
        f"{report.year}年" if report.year else "",
    ]
    if table is None:
        parts.append(f"{len(reading.document.facts)}个数据")
    else:
        parts += [f"{len(table.schools)}所学校", f"{len(table.problems)}个问题"]
    return "，".join(filter(None, parts))
