"""From a file to a stored report: one outcome a file, and nothing stored where anything failed."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import corpus
from assistant.faces.service import IngestOutcome, trouble_words
from corpus.boilerplate import find as find_boilerplate
from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.model import Document, Report
from corpus.passages import split
from corpus.readers import formats, read, supported
from corpus.sections import find as find_sections
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
        report = replace(read(path, region=region, year=year), source=path.name)
        if uploaded:
            key = _upload_key(store, key, report)
        document = Document(report, split(report), read_facts(report))
        insist = region is not None or year is not None
        status = store.put(document, source=key, digest=digest, original=original, insist=insist)
    except JunhengError as error:
        return failed(str(error).replace(given, shown))  # the folder of an upload tells nothing
    except OSError as error:
        return failed(f"读写失败（{trouble_words(error)}），没有导入；请检查文件权限和磁盘空间")
    except Exception as error:  # one file must not cost the others
        log.debug("reading %s failed", shown, exc_info=error)
        return failed(f"读取时程序出错（{type(error).__name__}），没有导入；请把这份文件交给维护人员")
    if status == "unchanged":
        said = f"内容与已存的“{report.title}”相同"
    else:
        parts = [
            report.region or "",
            f"{report.year}年" if report.year else "",
            f"{len(document.facts)}个数据",
        ]
        said = "，".join(filter(None, parts))
        missing = "地区" * (not report.region) or "年份" * (not report.year)
        said += f"；没有认出{missing}，请写明后再导入一次" if missing else ""
    return IngestOutcome(path.name, status, report.id, f"{shown}（{said}）")


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
        edges = find_boilerplate(report.text)
        again = replace(report, boilerplate=edges, sections=find_sections(report.text, edges))
        document = Document(again, split(again), read_facts(again))
        name, digest = brought[0]
        store.put(document, source=name, digest=digest, original=store.original(report.id), insist=True)
    store.note("reading", mark)


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
