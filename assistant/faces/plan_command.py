"""``junheng plan``: what must be added or moved, school by school, from one table or from what is stored."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.faces import usage
from assistant.faces.printing import say, show
from assistant.faces.service import Service
from corpus.errors import JunhengError

if TYPE_CHECKING:
    from corpus.schools.model import SchoolTable


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the command to ``cli``; ``opened`` opens the store, which a table given by its path does not need."""

    @cli.command(cls=usage.ChineseCommand, help="达标方案：各校要补多少、可调多少，差异系数怎样达标。")
    def plan(
        path: Annotated[
            Path | None, typer.Argument(metavar="表格", help="学校数据表；不写则用已存的表。")
        ] = None,
        region: Annotated[str | None, typer.Option(metavar="地区", help="哪个县（市、区）。")] = None,
        year: Annotated[
            int | None, typer.Option(metavar="年份", min=1949, max=2100, help="哪一年的数据。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
    ) -> int:
        table = _read(path, region, year) if path is not None else None
        if path is None:
            with opened() as service:
                table = choose(service, region, year)
            region, year = region or table.region, year or table.year
        if table is None:
            return 1
        for problem in table.problems:
            say(problem.why)
        from tools.plan.make import make_plan

        made = make_plan(table, region=region, year=None if year is None else str(year))
        if as_json:
            from tools.plan.shape import plan_json

            show(json.dumps(plan_json(made), ensure_ascii=False, indent=1))
            return 0
        from assistant.faces.plan_words import plan_lines

        for line in plan_lines(made):
            show(line)
        return 0


def _read(path: Path, region: str | None, year: int | None) -> SchoolTable | None:
    from corpus.schools.read import TableError, read_table

    try:
        return read_table(path, region=region, year=year)
    except TableError as error:
        for why in [problem.why for problem in error.problems] or [str(error)]:
            say(why)
        return None


def choose(service: Service, region: str | None, year: int | None) -> SchoolTable:
    """Return the one stored table of ``region`` and ``year``; JunhengError, one line, if there is none or several."""
    ids = [report.id for report in service.reports() if report.kind == "school_table"]
    tables = [table for each in ids if (table := service.table(each)) is not None]
    if not tables:
        raise JunhengError("还没有存入学校数据表，请先用 junheng ingest 导入，或在 plan 后面写出表格文件。")
    fits = [table for table in tables if region in (None, table.region) and year in (None, table.year)]
    if len(fits) == 1:
        return fits[0]
    listed = "；".join(
        f"{table.region or '地区不明'}{f'{table.year}年' if table.year else '年份不明'}（{Path(table.source).name}）"
        for table in fits or tables
    )
    if fits:
        raise JunhengError(
            f"已存的学校数据表有{len(fits)}份符合：{listed}。请用 --region、--year 选定一份，或写出表格文件。"
        )
    asked = f"{region or ''}{f'{year}年' if year else ''}"
    raise JunhengError(f"没有{asked}的学校数据表，已存的有：{listed}。")
