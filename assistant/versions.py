"""Where a document that comes in belongs: a report of its own, another format of one, or a version of one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.boilerplate import find as find_boilerplate
from corpus.document_kinds import kind_of
from corpus.facts import read_facts
from corpus.likeness import best, is_newer
from corpus.model import Document, Report
from corpus.passages import split
from corpus.readers import merged
from corpus.sections import find as find_sections
from indexes.editions import Edition
from indexes.store import Outcome, Store

FORMAT_WORDS = {
    "text": "文本", "html": "网页", "pdf": "PDF", "scan": "扫描件", "docx": "Word 文档", "xlsx": "工作簿", "xls": "工作簿",
    "csv": "CSV 表", "doc": "Word 文档", "markdown": "Markdown",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a document: ``report`` is what is stored now, ``said`` one Chinese clause, or nothing."""

    status: Outcome
    report: Report
    said: str = ""


def keep(
    store: Store,
    document: Document,
    *,
    source: str,
    digest: str,
    original: bytes | None,
    insist: bool = False,
    apart: bool = False,
) -> Kept:
    """Store a document once: a second format adds nothing, a newer version takes the place of the older.

    ``insist``: a person has said whose it is. ``apart``: a person has said that it is a report of its own.
    """
    report = document.report
    stored = store.reports()
    known = any(held.id == report.id for held in stored)
    found = None if known or apart else best(report, stored)
    if found is None:
        status = store.put(document, source=source, digest=digest, original=original, insist=insist)
        return Kept(status, report)
    other, relation = found
    named = f"“{other.title}”（{other.source}）"
    if relation == "same" and not _reads_better(report, other):
        store.also(other.id, source=source, digest=digest)
        return Kept("unchanged", other, f"与已存的{named}是同一份文件，只是格式不同，沿用已存的")
    if relation == "edition" and not is_newer(report, other):
        status = store.put_earlier(
            document, source=source, digest=digest, original=original, current=other.id
        )
        return Kept(status, report, f"已存的{named}是更新的版本，这一份只存入历史版本，问答不用它")
    status = store.put(
        document, source=source, digest=digest, original=original, insist=insist, supersedes=[other.id]
    )
    if relation == "same":
        return Kept(
            status, report, f"与已存的扫描件{named}是同一份文件，改用这份有文字的，扫描件转入历史版本"
        )
    return Kept(status, report, f"是{named}的新版本，旧版转入历史版本（junheng history 查看）")


def _reads_better(new: Report, old: Report) -> bool:
    """Tell whether the new format is typed and the stored one recognised from pictures."""
    recognised = [any(place.confidence is not None for place in report.places) for report in (new, old)]
    return recognised == [False, True]


def read_again(report: Report) -> Document:
    """Read a stored text again: its furniture, sections, passages and facts."""
    edges = find_boilerplate(report.text)
    if report.format != "text":  # what the format marked as furniture, the text alone does not show
        edges = merged(report.text, (*edges, *report.boilerplate))
    again = replace(
        report,
        boilerplate=edges,
        sections=find_sections(report.text, edges),
        document=kind_of(report.title, report.text),
    )
    return Document(again, split(again), read_facts(again))


def reinstate(store: Store, report_id: str) -> Report | None:
    """Make an earlier version a current report again, beside what took its place; None if there is none."""
    edition = next((one for one in store.editions() if one.report.id == report_id), None)
    if edition is None:
        return None
    document = read_again(edition.report)
    brought = store.brought_by(report_id)
    name, digest = brought[0] if brought else (f"history:{report_id}", report_id)
    store.put(document, source=name, digest=digest, original=store.original(report_id))
    return document.report


def remove(store: Store, report_id: str) -> tuple[bool, Report | None]:
    """Take a report out; return whether there was one, and the earlier version that is current again for it.

    Only a version that came in a file of its own comes back: what the removed file itself held before was
    put right by its owner.
    """
    versions = [one for one in store.editions() if one.superseded_by == report_id]
    earlier = next((one for one in versions if store.brought_by(one.report.id)), None)
    if not store.remove(report_id):
        return False, None
    return True, None if earlier is None else reinstate(store, earlier.report.id)


def history(store: Store) -> tuple[Edition, ...]:
    """Return the earlier versions that are kept, the latest first."""
    return store.editions()
