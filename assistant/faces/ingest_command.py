"""``junheng ingest``: files, folders, archives and text from the standard input, with a report at the end."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from assistant.faces import forms, ingest_words, usage
from assistant.faces.printing import UsageProblem, save, say, show
from assistant.faces.service import Given, IngestOutcome, Missing, Pasted, Service, Web
from assistant.gathering import PASTED, count
from corpus import isolation
from corpus.errors import JunhengError, ReadError
from corpus.readers import LARGEST_FILE, decode

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_YEARS = range(1949, 2101)


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the command to ``cli``; ``opened`` opens the store."""

    @cli.command(
        cls=usage.ChineseCommand,
        help="导入报告和学校数据表（文件、文件夹或压缩包）；没有变化的文件不重复导入，中断后再运行会接着导入。",
    )
    def ingest(
        paths: Annotated[
            list[str],
            typer.Argument(
                metavar="文件",
                help="报告文件、文件夹或 .zip，文件夹会逐层读取；- 表示从标准输入读一段文字。",
            ),
        ],
        region: Annotated[
            str | None, typer.Option(metavar="地区", help="报告所属地区，不写则从正文识别。")
        ] = None,
        year: Annotated[
            int | None,
            typer.Option(metavar="年份", min=1949, max=2100, help="报告年份，不写则从正文识别。"),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
        report: Annotated[
            Path | None,
            typer.Option(
                metavar="文件", help=f"把导入结果另存为文件（{'、'.join(ingest_words.SUFFIXES)}）。"
            ),
        ] = None,
    ) -> int:
        if report is not None and report.suffix.lower() not in ingest_words.SUFFIXES:
            raise UsageProblem(f"--report 的文件名要以 {'、'.join(ingest_words.SUFFIXES)} 之一结尾。")
        outcomes: list[IngestOutcome] = []
        given = [thing for path in paths if (thing := _given(path, outcomes)) is not None]
        with opened() as service:
            broken_off = _ingest(service, given, region, year, outcomes)
            if as_json:
                show(json.dumps(ingest_words.batch_json(outcomes), ensure_ascii=False, indent=1))
            else:
                _tell(outcomes)
            if report is not None:
                save(report, ingest_words.written(outcomes, report.suffix.lower()))
            if isolation.trouble:
                say(isolation.trouble)
            if not (broken_off or as_json) and sys.stdin.isatty() and sys.stderr.isatty():
                _ask(service, outcomes)
        if broken_off:
            say("已中断：上面列出的已经保存；再次运行同一条命令，会接着导入其余的。")
        return 1 if broken_off or any(one.status == "failed" for one in outcomes) else 0


def _given(path: str, outcomes: list[IngestOutcome]) -> Given | None:
    """Return what a word of the command line names; standard input that is no text is told in ``outcomes``."""
    if path != "-":
        return Web(path) if _ADDRESS.match(path) else Path(path)
    try:
        data = sys.stdin.buffer.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise ReadError(f"{PASTED}：超过上限 {LARGEST_FILE / 1e6:.0f} MB。请拆分后再试。")
        return Pasted(decode(data, PASTED)[0])
    except ReadError as error:
        outcomes.append(IngestOutcome(PASTED, "failed", None, str(error)))
        return None


def _ingest(
    service: Service,
    given: Sequence[Given],
    region: str | None,
    year: int | None,
    outcomes: list[IngestOutcome],
) -> bool:
    """Take everything in, adding to ``outcomes`` as it happens; return whether a person broke it off."""
    from tqdm import tqdm

    with tqdm(total=count(given), desc="导入", unit="份", file=sys.stderr, leave=False) as bar:

        def tick(outcome: IngestOutcome) -> None:
            outcomes.append(outcome)
            bar.total = max(bar.total or 0, len(outcomes))
            bar.update()

        try:
            service.ingest(given, region=region, year=year, on_progress=tick)
        except KeyboardInterrupt:
            return True
    return False


def _tell(outcomes: Sequence[IngestOutcome]) -> None:
    for outcome in outcomes:
        line = f"{forms.OUTCOME_WORDS[outcome.status]}\t{outcome.message}"
        if outcome.status == "failed":
            say(line)
        elif outcome.status != "skipped":
            show(line)
        for told in (*(problem.why for problem in outcome.problems), *outcome.notes):
            say(f"{outcome.source}：{told}")
    if len(outcomes) > 1:
        for line in ingest_words.summary(outcomes):
            show(line)


def _ask(service: Service, outcomes: Sequence[IngestOutcome]) -> None:
    """Ask for what was not recognised, file by file; an answer that ends in * is that of all that follow."""
    for_all: dict[Missing, str] = {}
    for outcome in outcomes:
        if not outcome.missing or outcome.report_id is None:
            continue
        answers = {name: for_all.get(name) or _answer(outcome, name, for_all) for name in outcome.missing}
        try:
            described = service.describe(
                outcome.report_id,
                region=answers.get("region") or None,
                year=int(answers["year"]) if answers.get("year") else None,
            )
        except JunhengError as error:
            say(str(error))
            continue
        if any(answers.values()):
            named = f"{described.region or ''}{f'{described.year}年' if described.year else ''}"
            show(f"已补充\t{outcome.source}（{named}）")


def _answer(outcome: IngestOutcome, name: Missing, for_all: dict[Missing, str]) -> str:
    word = ingest_words.MISSING_WORDS[name]
    while True:
        line = f"{outcome.source} 没有认出{word}，请输入（回车跳过；末尾加 * 表示以下各份都是）"
        said: str = typer.prompt(line, default="", show_default=False, err=True, prompt_suffix="：").strip()
        value = said.removesuffix("*").strip()
        if value and name == "year" and not (value.isdecimal() and int(value) in _YEARS):
            say("年份应为四位数字，如 2022。")
            continue
        if said.endswith("*"):
            for_all[name] = value
        return value
