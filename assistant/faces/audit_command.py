"""``junheng audit``: what does not add up in stored reports, in a file, or in a folder of them."""

from __future__ import annotations

import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.faces import usage
from assistant.faces.audit_words import audit_lines, counts_words
from assistant.faces.audited import Audited, Class, audit_file, audit_of
from assistant.faces.exports import Format, export_audits
from assistant.faces.printing import save, say, show, show_array
from assistant.faces.service import Service
from corpus.errors import JunhengError
from corpus.model import Report
from corpus.readers import supported
from corpus.readers.workbook import SchoolTableInstead

log = logging.getLogger(__name__)
MOST_EXPORTED = 200
"""Reports in one exported file: more make a file that nobody opens."""


@dataclass(slots=True)
class Batch:
    """What is to be audited (stored reports by id, files), and what became of it so far."""

    targets: list[str | Path] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    swept: set[str | Path] = field(default_factory=set)
    """Those of ``targets`` that a folder held; a school table among them is passed over."""
    tables: int = 0
    done: int = 0
    counts: Counter[Class] = field(default_factory=Counter)


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the command to ``cli``; ``opened`` opens the store, against which a file is held as well."""

    @cli.command(
        cls=usage.ChineseCommand,
        help="核数：用报告自己的数复算增幅、占比、合计等，判断一致、舍入差异、不一致，还是不能复算。",
    )
    def audit(
        which: Annotated[
            list[str] | None,
            typer.Argument(
                metavar="编号或文件",
                help="报告编号，或文件、文件夹（只读不存）；可写多个，不写则核已存的全部报告。",
            ),
        ] = None,
        everything: Annotated[bool, typer.Option("--all", help="一致的和舍入差异的也逐条列出。")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
        xlsx: Annotated[
            Path | None, typer.Option("--xlsx", metavar="文件", help="另存为 Excel 文件。")
        ] = None,
        docx: Annotated[
            Path | None, typer.Option("--docx", metavar="文件", help="另存为 Word 核数报告。")
        ] = None,
    ) -> int:
        wanted: list[tuple[Format, Path]] = [("xlsx", xlsx)] if xlsx else []
        wanted += [("docx", docx)] if docx else []
        with opened() as service:
            batch = _batch(service, which or [])
            if wanted and len(batch.targets) > MOST_EXPORTED:
                raise JunhengError(
                    f"--xlsx、--docx 一次最多写 {MOST_EXPORTED} 份报告，现有 {len(batch.targets)} 份；请分开核，或用 --json。"
                )
            kept: list[Audited] = []
            audits = _kept(_audits(service, batch), kept) if wanted else _audits(service, batch)
            if as_json:
                show_array(_findings(audits))
            else:
                for one in audits:
                    for line in audit_lines(one, everything=everything):
                        show(line)
            files = [(target, export_audits(kept, kind)) for kind, target in wanted if kept]
        for target, data in files:
            save(target, data)
        _conclude(batch)
        return 1 if batch.failures else 0


def _findings(audits: Iterator[Audited]) -> Iterator[dict[str, Any]]:
    from tools.audit.shape import finding_json

    for one in audits:
        for finding in one.findings:
            yield finding_json(finding, one.texts)


def _kept(audits: Iterator[Audited], kept: list[Audited]) -> Iterator[Audited]:
    for one in audits:
        kept.append(one)
        yield one


def _batch(service: Service, which: Sequence[str]) -> Batch:
    """Return what the arguments name; what cannot be found is a failure, and school tables are passed over."""
    batch = Batch()
    if not which:
        for report in service.reports():
            if report.kind == "school_table":
                batch.tables += 1
            else:
                batch.targets.append(report.id)
        return batch
    for one in which:
        path = Path(one)
        if service.report(one) is not None:
            batch.targets.append(one)
        elif path.is_dir():
            _add_folder(batch, path)
        elif path.exists():
            batch.targets.append(path)
        else:
            batch.failures.append(
                f"没有编号为 {one} 的报告，也没有这个文件；用 junheng reports 查看已有的编号。"
            )
    return batch


def _add_folder(batch: Batch, folder: Path) -> None:
    readable = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in supported() and path.is_file() and not path.name.startswith(".")
    ]
    batch.targets += readable
    batch.swept.update(readable)
    if not readable:
        batch.failures.append(f"文件夹 {folder} 里没有可读的报告（{'、'.join(supported())}）。")


def _audits(service: Service, batch: Batch) -> Iterator[Audited]:
    """Audit one target after the other; one that fails is noted and costs the others nothing."""
    from tqdm import tqdm

    single = len(batch.targets) < 2
    with tqdm(
        total=len(batch.targets), desc="核数", unit="份", file=sys.stderr, leave=False, disable=single
    ) as bar:
        for target in batch.targets:
            audited = _audit(service, target, batch)
            if audited is not None:
                batch.done += 1
                batch.counts.update(audited.counts)
                bar.clear()  # what is printed now must not end up behind the bar
                yield audited
            bar.update()


def _audit(service: Service, target: str | Path, batch: Batch) -> Audited | None:
    try:
        return (
            audit_file(service, target)
            if isinstance(target, Path)
            else audit_of(service, _stored(service, target))
        )
    except SchoolTableInstead as error:
        if target in batch.swept:  # nobody asked for this one by name
            batch.tables += 1
        else:
            batch.failures.append(str(error))
    except JunhengError as error:
        batch.failures.append(str(error))
    except Exception as error:  # one report must not cost the others
        log.debug("the audit of %s failed", target, exc_info=error)
        batch.failures.append(
            f"{target}：核数时程序出错（{type(error).__name__}），这份没有核；请把它交给维护人员。"
        )
    return None


def _stored(service: Service, report_id: str) -> Report:
    report = service.report(report_id)
    if report is None:
        raise JunhengError(f"编号为 {report_id} 的报告已经移除，这份没有核。")
    return report


def _conclude(batch: Batch) -> None:
    """Say on stderr what failed, what was passed over, and what was found in all."""
    for line in batch.failures:
        say(line)
    if batch.tables:
        say(f"学校数据表 {batch.tables} 份没有正文，不在核数之内；请用 junheng check 检查。")
    failed = f"，失败 {len(batch.failures)} 份" if batch.failures else ""
    found = sum(batch.counts.values())
    said = f"，共 {found} 处：{counts_words(batch.counts)}" if found else ""
    say(f"核了 {batch.done} 份报告{failed}{said}。")
