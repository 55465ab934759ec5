"""``junheng eval``: ask a file of cases; with ``--report`` judge the answers and write down what was measured."""

from __future__ import annotations

import json
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer

from assistant.faces import evaluation, usage
from assistant.faces.evaluation_report import Report, check_expectations, make_report
from assistant.faces.printing import UsageProblem, save, say, show
from assistant.faces.service import Service

FORMATS = (".html", ".json")


def register(
    cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]], debug: Callable[[], bool]
) -> None:
    """Add the command to ``cli``; ``opened`` opens the store, ``debug`` says whether failures are shown whole."""

    @cli.command("eval", cls=usage.ChineseCommand, help="成批提问：每行一个案例，每个案例是一次新的对话。")
    def evaluate(
        file: Annotated[
            Path, typer.Argument(metavar="案例文件", help='JSONL 文件，每行 {"id", "turns": [..]}。')
        ],
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
        report: Annotated[
            list[Path] | None,
            typer.Option(metavar="文件", help="按案例写明的要求评判，写成 .html 或 .json 报告；可重复。"),
        ] = None,
    ) -> int:
        for target in report or ():
            if target.suffix.lower() not in FORMATS:
                raise UsageProblem(f"{target.name}：报告只能是 {'、'.join(FORMATS)}。")
        cases = evaluation.read_cases(file)
        if report:
            check_expectations(cases)
        counts: Counter[str] = Counter()
        held: list[evaluation.Asked] = []
        with opened() as service:
            if report:
                service.warm()  # so that the times are those of a running server
            for asked in evaluation.run_cases(service, cases):
                counts[asked.word] += 1
                if asked.problem:
                    say(f"案例 {asked.case.id} 没有完成：{asked.problem}")
                    if debug() and asked.error:
                        traceback.print_exception(asked.error)
                if as_json:
                    show(json.dumps(asked.as_json(), ensure_ascii=False), at_once=True)
                if report:
                    held.append(asked)
            made = make_report(service, file.name, held) if report else None
        if made is not None:
            for target in report or ():
                save(target, _written(made, target.suffix.lower()))
        if not as_json:
            for word, number in counts.most_common():
                show(f"{word}\t{number}")
            show(f"合计\t{len(cases)}")
        return 1 if counts[evaluation.FAILED] else 0


def _written(report: Report, suffix: str) -> bytes:
    if suffix == ".json":
        return (json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    from assistant.faces.evaluation_html import page

    return page(report).encode("utf-8", "replace")
