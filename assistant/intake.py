"""From a file to a stored report: one outcome a file, and nothing stored where anything failed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import corpus
from assistant.faces.service import IngestOutcome, trouble_words
from assistant.versions import keep, read_again
from corpus import schools
from corpus.errors import JunhengError, ReadError
from corpus.facts import read_facts
from corpus.model import Document, Report
from corpus.passages import split
from corpus.readers import formats, read, supported
from corpus.schools.model import SchoolTable
from corpus.schools.read import read_table, report_of, table_from
from indexes.store import Store

log = logging.getLogger(__name__)


def take_in(
    store: Store, path: Path, region: str | None, year: int | None, *, uploaded: bool
) -> IngestOutcome:
    """Read one file and keep it; whatever is wrong with it is told in the outcome.

    A file is known by its path, an upload by its name.
    """
    given = " ".join(str(path).split())  # as the reader writes it
    shown = path.name if uploaded else given

    def failed(why: str) -> IngestOutcome:
        return IngestOutcome(path.name, "failed", None, why if shown in why else f"{shown}：{why}")

    try:
        key = f"upload:{path.name}" if uploaded else _resolved(path)
        original = _bytes(path)
        digest = hashlib.sha256(original + f"|{region}|{year}".encode()).hexdigest()
        if original and store.known(key, digest):
            return IngestOutcome(path.name, "unchanged", store.held_by(key), f"{shown}（内容与已存的相同）")
        document, table = _read(path, region, year)
        report = document.report
        if uploaded:
            key = _upload_key(store, key, report)
        insist = region is not None or year is not None
        kept = keep(store, document, source=key, digest=digest, original=original, insist=insist)
        status, report = kept.status, kept.report
    except JunhengError as error:
        return failed(str(error).replace(given, shown))  # the folder of an upload tells nothing
    except OSError as error:
        return failed(f"读写失败（{trouble_words(error)}），没有导入；请检查文件权限和磁盘空间")
    except Exception as error:  # one file must not cost the others
        log.debug("reading %s failed", shown, exc_info=error)
        return failed(f"读取时程序出错（{type(error).__name__}），没有导入；请把这份文件交给维护人员")
    if kept.said:
        said = kept.said
    elif status == "unchanged":
        said = f"内容与已存的“{report.title}”相同"
    else:
        said = _said(document, table)
        missing = "地区" * (not report.region) or "年份" * (not report.year)
        if table is not None:
            missing = "、".join(["地区"] * (not report.region) + ["年份"] * (not report.year))
            missing += "" if uploaded or not missing else "（--region、--year）"
        said += f"；没有认出{missing}，请写明后再导入一次" if missing else ""
    problems = () if table is None else table.problems
    return IngestOutcome(path.name, status, report.id, f"{shown}（{said}）", problems)


def _read(path: Path, region: str | None, year: int | None) -> tuple[Document, SchoolTable | None]:
    """Read a report, or a school table, which is then returned as well."""
    if path.suffix.lower() in schools.SUFFIXES:
        table = replace(read_table(path, region=region, year=year), source=path.name)
        return Document(report_of(table), (), ()), table
    report = replace(read(path, region=region, year=year), source=path.name)
    return Document(report, split(report), read_facts(report)), None


def _said(document: Document, table: SchoolTable | None) -> str:
    report = document.report
    parts = [
        "学校数据表" * (table is not None),
        report.region or "",
        f"{report.year}年" if report.year else "",
    ]
    if table is None:
        parts.append(f"{len(document.facts)}个数据")
    else:
        parts += [f"{len(table.schools)}所学校", f"{len(table.problems)}个问题"]
    return "，".join(filter(None, parts))


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
        document = read_again(report)
        name, digest = brought[0]
        store.put(document, source=name, digest=digest, original=store.original(report.id), insist=True)
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


def _upload_key(store: Store, key: str, report: Report) -> str:
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


def _resolved(path: Path) -> str:
    try:
        return str(path.resolve())
    except RuntimeError:  # links that lead in a circle: the reader will say that there is no file
        return str(path.absolute())


def _bytes(path: Path) -> bytes:
    """Return the file as it came, or nothing where the reader is going to say what is wrong with it."""
    try:
        if path.is_file() and path.stat().st_size <= max(known.largest for known in formats()):
            return path.read_bytes()
    except OSError:
        pass
    return b""


def files_in(paths: Sequence[Path]) -> list[Path]:
    """Return the files that ``paths`` name, folders replaced by the readable files below them."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and p.suffix.lower() in supported() and not p.name.startswith(".")
            )
        else:
            found.append(path)
    return found
