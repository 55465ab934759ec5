"""The command line. stdout carries the result only; everything else goes to stderr.

Exit codes: 0 done (a refusal is an answer), 1 the work failed, 2 the command line is wrong.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from assistant.faces import (
    audit_command,
    check_command,
    evaluation_command,
    forms,
    ingest_command,
    plan_command,
    talk_command,
    usage,
    versions_command,
)
from assistant.faces.printing import ReaderGone, UsageProblem, check_readable, say, show, show_answer
from assistant.faces.service import Configuration, Service
from assistant.faces.standards_command import add_standards
from assistant.faces.template_command import add_template
from corpus.errors import JunhengError
from corpus.readers import read

Configure = Callable[[Path | None, bool], Configuration]
"""Settings from the environment, with ``--home`` and ``--empty`` where given."""
OpenService = Callable[[Any], Service]
"""Open the service that such settings describe."""


@dataclass(slots=True)
class Invocation:
    """What the global options of one call said."""

    home: Path | None = None
    empty: bool = False
    debug: bool = False


JsonFlag = Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")]


def run(arguments: Sequence[str], *, configure: Configure, open_service: OpenService) -> int:
    """Run one command and return its exit code; never raises for what a person can meet."""
    invocation = Invocation()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a legacy locale must not break Chinese or JSON
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli = build(invocation, configure, open_service)
        code = typer.main.get_command(cli).main(
            usage.hoist(arguments), prog_name="junheng", standalone_mode=False
        )
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except (ReaderGone, BrokenPipeError):
        # The reader has what it wanted (`| head`); the interpreter must not complain while exiting.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            say(error.message)
        else:
            say(usage.usage_line(error))
        return 2
    except UsageProblem as error:
        say(str(error))
        return 2
    except KeyboardInterrupt:
        say("已中断。")
        return 1
    except Exception as error:
        if invocation.debug:
            traceback.print_exc()
        elif isinstance(error, JunhengError):
            say(str(error))
        else:
            say(f"程序内部出错（{type(error).__name__}：{_one_line(error)}），加 --debug 可看详情。")
        return 1


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _dump(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def build(invocation: Invocation, configure: Configure, open_service: OpenService) -> typer.Typer:
    """Return the typer application over whatever ``open_service`` opens."""
    cli = typer.Typer(
        cls=usage.ChineseGroup,
        rich_markup_mode=None,
        add_completion=False,
        no_args_is_help=True,
        help="均衡问答：向县（市、区）教育自评报告提问，每个数字都有出处，资料里没有的如实说明。",
        epilog="--home、--empty、--debug 也可以写在命令之后。",
    )

    def settings() -> Configuration:
        return configure(invocation.home, invocation.empty)

    @contextmanager
    def opened() -> Iterator[Service]:
        service = open_service(settings())
        try:
            yield service
        finally:
            service.close()

    @cli.callback()
    def start(
        home: Annotated[
            Path | None, typer.Option("--home", metavar="文件夹", help="存放一切资料的文件夹。")
        ] = None,
        empty: Annotated[bool, typer.Option("--empty", help="新建时不带示例资料。")] = False,
        debug: Annotated[bool, typer.Option("--debug", help="出错时显示详细的调用信息。")] = False,
    ) -> None:
        invocation.home, invocation.empty, invocation.debug = home, empty, debug
        logging.basicConfig(level=logging.ERROR)  # what else the program notes is for --debug
        if debug:
            logging.getLogger().setLevel(logging.WARNING)
            logging.getLogger("assistant").setLevel(logging.DEBUG)

    @cli.command(cls=usage.ChineseCommand, help="启动网页和 HTTP 接口。")
    def serve(
        host: Annotated[str, typer.Option(metavar="地址", help="监听的地址。")] = "127.0.0.1",
        port: Annotated[
            int, typer.Option(metavar="端口", min=0, max=65535, help="端口，0 表示任选一个空闲端口。")
        ] = 7860,
    ) -> int:
        from assistant.faces.serve import serve as run_server

        chosen = settings()
        return run_server(lambda: open_service(chosen), chosen, host=host, port=port, say=say)

    ingest_command.register(cli, opened)
    evaluation_command.register(cli, opened, lambda: invocation.debug)

    @cli.command(cls=usage.ChineseCommand, help="提一个问题。")
    def ask(
        question: Annotated[str, typer.Argument(metavar="问题", help="问题，用引号括起来。")],
        thread: Annotated[str | None, typer.Option(metavar="对话编号", help="接着哪一次对话问。")] = None,
        as_json: JsonFlag = False,
    ) -> int:
        _check_question(question)
        check_readable("对话编号", thread or "")
        with opened() as service:
            answer = service.ask(question, thread_id=thread)
        if as_json:
            show(_dump(answer.as_json(), indent=2))
        else:
            show_answer(answer)
        return 0

    @cli.command(cls=usage.ChineseCommand, help="列出从报告中读出的数据。")
    def facts(
        which: Annotated[
            str | None, typer.Argument(metavar="编号或文件", help="报告编号，或一个文件（只读不存）。")
        ] = None,
        as_json: JsonFlag = False,
    ) -> int:
        with opened() as service:
            reports, found = _facts(service, which)
        if as_json:
            show(_dump(forms.facts_json(found, reports), indent=1))
        else:
            for fact in found:
                when = forms.period_words(fact.period) if fact.period else "-"
                value = (fact.qualifier or "") + fact.as_printed + forms.doubt_words(fact.confidence)
                show("\t".join((fact.region or "-", when, fact.subject or "-", fact.metric, value)))
            say(f"共 {len(found)} 条。")
        return 0

    @cli.command(cls=usage.ChineseCommand, help="列出已存的报告和学校数据表。")
    def reports(as_json: JsonFlag = False) -> int:
        with opened() as service:
            listed = forms.reports_json(service)
        if as_json:
            show(_dump(listed, indent=1))
        else:
            for item in listed:
                year = f"{item['year']}年" if item["year"] else "-"
                fields = (item["id"], item["region"] or "-", year, item["title"], forms.content_words(item))
                show("\t".join(fields))
            say(f"共 {len(listed)} 份。")
        return 0

    @cli.command(cls=usage.ChineseCommand, help="把一份报告连同它的数据全部移除。")
    def remove(report_id: Annotated[str, typer.Argument(metavar="编号", help="报告编号。")]) -> int:
        with opened() as service:
            if not service.remove(report_id):
                raise JunhengError(f"没有编号为 {report_id} 的报告，用 junheng reports 查看已有的编号。")
        show(f"已移除 {report_id}")
        return 0

    add_standards(cli)
    add_template(cli)

    @cli.command(cls=usage.ChineseCommand, help="检查各部分是否正常，降级的说明原因。")
    def doctor() -> int:
        with opened() as service:
            for item, state, detail in service.doctor():
                show(f"{item}\t{forms.STATE_WORDS.get(state, state)}\t{detail}")
        return 0

    audit_command.register(cli, opened)
    check_command.register(cli, opened)
    plan_command.register(cli, opened)
    versions_command.register(cli, opened)
    talk_command.register(cli, opened)
    return cli


def _facts(service: Service, which: str | None) -> tuple[Sequence[Any], Sequence[Any]]:
    """Return the reports at hand and the facts of ``which``: a path, a report id, or all."""
    if which is None:
        return service.reports(), service.facts()
    report = service.report(which)
    if report is not None:
        return (report,), service.facts(which)
    path = Path(which)
    if path.is_file():
        return (read(path),), service.read_facts(path)
    raise JunhengError(f"没有编号为 {which} 的报告，也没有这个文件；用 junheng reports 查看已有的编号。")


def _check_question(question: str) -> None:
    if not question.strip():
        raise UsageProblem("问题是空的，请写出要问的内容。")
    check_readable("问题", question)
