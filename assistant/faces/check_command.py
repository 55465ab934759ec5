"""``junheng check``: compliance from one school table, from a folder of them, or from what is stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.faces import usage
from assistant.faces.exports import Format, export
from assistant.faces.printing import save, say, show
from assistant.faces.service import Service
from corpus.errors import JunhengError

if TYPE_CHECKING:
    from tools.compliance.model import Check


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the command to ``cli``; ``opened`` opens the store, which a table given by its path does not need."""

    @cli.command(cls=usage.ChineseCommand, help="对照标准检查：一份学校数据表、一个文件夹，或已存的资料。")
    def check(
        path: Annotated[
            Path | None,
            typer.Argument(metavar="表格", help="学校数据表，或装有多份表的文件夹；不写则检查已存的资料。"),
        ] = None,
        region: Annotated[str | None, typer.Option(metavar="地区", help="哪个县（市、区）。")] = None,
        year: Annotated[
            int | None, typer.Option(metavar="年份", min=1949, max=2100, help="哪一年的数据。")
        ] = None,
        standard: Annotated[
            str, typer.Option(metavar="编号", help="标准编号，见 junheng standards。")
        ] = "youzhi_junheng",
        jobs: Annotated[
            int | None, typer.Option(metavar="进程数", min=1, help="检查文件夹时用几个进程，默认每个核一个。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
        xlsx: Annotated[
            Path | None, typer.Option("--xlsx", metavar="文件", help="另存为 Excel 文件，数由格中公式算出。")
        ] = None,
        docx: Annotated[
            Path | None, typer.Option("--docx", metavar="文件", help="另存为 Word 报告，含条款、依据和计算。")
        ] = None,
    ) -> int:
        from corpus.rules import standards

        if standard not in standards():
            known = "、".join(standards())
            raise typer.BadParameter(
                f"unknown standard {standard}", param_hint=f"选项 --standard（可用：{known}）"
            )
        wanted: list[tuple[Format, Path]] = [("xlsx", xlsx)] if xlsx else []
        wanted += [("docx", docx)] if docx else []
        if path is not None and path.is_dir():
            if wanted:
                raise typer.BadParameter(
                    "one check is a file, not a folder",
                    param_hint="选项 --xlsx、--docx（检查文件夹时不能用）",
                )
            return _check_folder(path, region, year, standard, jobs, as_json)
        if path is not None:
            found = _check_file(path, region, year, standard)
            if found is None:
                return 1
            files = [(target, export(None, found, kind)) for kind, target in wanted]
        else:
            with opened() as service:
                found = _check_store(service, region, year, standard)
                files = [(target, export(service, found, kind)) for kind, target in wanted]
        _show(found, as_json)
        for target, data in files:
            save(target, data)
        return 0


def _show(check: Check, as_json: bool) -> None:
    for problem in check.problems:
        say(problem.why)
    if as_json:
        from tools.compliance.shape import check_json

        # On lines of their own for a person; indenting takes longer than checking where there are 300 schools.
        show(json.dumps(check_json(check), ensure_ascii=False, indent=1 if sys.stdout.isatty() else None))
        return
    from assistant.faces.check_words import check_lines
    from corpus.rules import standards

    named = standards()[check.standard]
    for line in check_lines(check, f"《{named.name}》（{named.document}）"):
        show(line)


def _check_file(path: Path, region: str | None, year: int | None, standard: str) -> Check | None:
    from corpus.schools.read import TableError, read_table
    from tools.compliance import whole
    from tools.compliance.check import standard_for_tables

    standard_for_tables(standard)  # refused before a table is read in vain
    try:
        table = read_table(path, region=region, year=year)
    except TableError as error:
        for problem in error.problems:
            say(problem.why)
        if not error.problems:
            say(str(error))
        return None
    when = None if year is None else str(year)
    found = whole.check(None, table=table, standard_id=standard, region=region, year=when)
    return replace(
        found, region=region, year=when
    )  # what a person says of the table, not what its title does


def _check_store(service: Service, region: str | None, year: int | None, standard: str) -> Check:
    return service.check(region=region, year=year, standard=standard)


def _check_folder(
    folder: Path, region: str | None, year: int | None, standard: str, jobs: int | None, as_json: bool
) -> int:
    from assistant.faces.check_words import json_line, summary_line
    from tools.compliance.batch import Order, check_files, tables_below
    from tools.compliance.check import standard_for_tables
    from tools.compliance.shape import problem_json

    standard_for_tables(standard)  # a standard that no table decides is told once, not for each file
    files = tables_below(folder)
    if not files:
        raise JunhengError(f"文件夹 {folder} 里没有学校数据表（xlsx、csv），请检查路径。")
    failed = 0
    order = Order(json_line if as_json else summary_line, standard, region, year)
    for outcome in check_files(files, order, jobs=jobs):
        if outcome.line is not None:
            for problem in outcome.problems:
                say(f"{outcome.file}：{problem.why}")
            show(outcome.line)
            continue
        failed += 1
        say(outcome.error or "")
        if as_json:
            problems = [problem_json(problem) for problem in outcome.problems]
            failure = {"file": str(outcome.file), "error": outcome.error, "problems": problems}
            show(json.dumps(failure, ensure_ascii=False))
    say(f"共{len(files)}份，检查完{len(files) - failed}份，失败{failed}份。")
    return 1 if failed else 0
