"""The commands on conversations: what is kept, replaying a receipt, the log of unanswered questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from assistant.faces import talk_forms as words
from assistant.faces import usage
from assistant.faces.export_talk import LogFormat, TalkFormat, export_log, export_talk
from assistant.faces.printing import UsageProblem, check_readable, save, say, show, show_answer
from assistant.faces.service import Service
from assistant.like import group
from corpus.errors import JunhengError

LISTED = 100
"""Conversations that the list shows unless it is asked for more."""

JsonFlag = Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")]


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the commands to ``cli``; ``opened`` opens the store."""

    @cli.command(
        cls=usage.ChineseCommand, help="列出保存的对话；给出编号时显示这次对话，也可改名、删除、导出。"
    )
    def conversations(
        thread: Annotated[str | None, typer.Argument(metavar="对话编号", help="一次对话的编号。")] = None,
        as_json: JsonFlag = False,
        limit: Annotated[
            int, typer.Option(metavar="条数", min=1, max=100_000, help="最多列出多少次对话。")
        ] = LISTED,
        export: Annotated[
            Path | None,
            typer.Option(metavar="文件", help="导出为 .docx、.xlsx、.md 或 .json，连同出处和算式。"),
        ] = None,
        rename: Annotated[str | None, typer.Option(metavar="名称", help="给这次对话改名。")] = None,
        delete: Annotated[bool, typer.Option("--delete", help="删除这次对话和它的回执，不能恢复。")] = False,
    ) -> int:
        check_readable("对话编号", thread or "")
        check_readable("名称", rename or "")
        if thread is None and (export or rename is not None or delete):
            raise UsageProblem("请写明对话编号，用 junheng conversations 查看已有的编号。")
        if delete and (export or rename is not None):
            raise UsageProblem("--delete 不能与 --export、--rename 同用。")
        kind = None if export is None else _kind(export, get_args(TalkFormat))
        with opened() as service:
            if thread is None:
                _list(service, limit, as_json)
                return 0
            if delete:
                _found(service.talks.delete(thread), thread)
                show(f"已删除 {thread}")
                return 0
            if rename is not None:
                _found(service.talks.rename(thread, rename), thread)
            found = service.talks.conversation(thread)
            _found(found is not None, thread)
            assert found is not None
            talk = words.talk_of(found, service.report)
        if export is not None and kind is not None:
            save(export, export_talk(talk, kind))
            return 0
        if as_json:
            show(json.dumps(words.talk_json(talk), ensure_ascii=False, indent=1))
            return 0
        show(f"{talk.conversation.title}（{len(talk.turns)} 问）")
        for turn, answer in talk.turns:
            show(f"\n{words.local(turn.at)} 问：{turn.question}")
            show_answer(answer)
        return 0

    @cli.command(cls=usage.ChineseCommand, help="按回执重新提问：数字逐字节相同，或说明此后什么变了。")
    def replay(
        receipt: Annotated[str, typer.Argument(metavar="回执", help="答案的回执编号（receipt）。")],
        as_json: JsonFlag = False,
    ) -> int:
        check_readable("回执", receipt)
        with opened() as service:
            done = service.replay(receipt)
        if as_json:
            show(json.dumps(words.replay_json(done), ensure_ascii=False, indent=1))
            return 0
        for line in words.replay_lines(done):
            show(line)
        return 0

    @cli.command(
        cls=usage.ChineseCommand, help="列出没有答上来的问题，相近的归为一组；可导出、标记已处理、清空。"
    )
    def unanswered(
        as_json: JsonFlag = False,
        every: Annotated[bool, typer.Option("--all", help="连同已处理的。")] = False,
        export: Annotated[
            Path | None, typer.Option(metavar="文件", help="导出为 .xlsx、.csv 或 .json。")
        ] = None,
        done: Annotated[list[int] | None, typer.Option(metavar="编号", help="标记为已处理，可重复。")] = None,
        reopen: Annotated[list[int] | None, typer.Option(metavar="编号", help="改回未处理，可重复。")] = None,
        clear: Annotated[bool, typer.Option("--clear", help="清空整个记录，不能恢复。")] = False,
    ) -> int:
        kind: LogFormat | None = None if export is None else _kind(export, get_args(LogFormat))
        with opened() as service:
            if clear:
                show(f"已清空 {service.talks.clear_unanswered()} 条")
                return 0
            if done or reopen:
                marked = service.talks.settle(done or []) + service.talks.settle(reopen or [], done=False)
                if not marked:
                    raise JunhengError("没有这些编号，用 junheng unanswered --all 查看已有的编号。")
                show(f"已标记 {marked} 条")
                return 0
            groups = group(service.talks.unanswered(done=None if every else False))
        if export is not None and kind is not None:
            save(export, export_log(groups, kind))
        elif as_json:
            show(json.dumps([words.group_json(one) for one in groups], ensure_ascii=False, indent=1))
        else:
            for one in groups:
                numbers = "、".join(str(entry.number) for entry in one.entries)
                last = one.newest
                fields = (f"{len(one.entries)} 次", last.question, words.reason_words(last.reason))
                show("\t".join((*fields, words.read_as_words(last) or "-", words.local(last.at), numbers)))
            say(f"共 {len(groups)} 组，{sum(len(one.entries) for one in groups)} 条。")
        return 0


def _list(service: Service, limit: int, as_json: bool) -> None:
    listed = service.talks.conversations(limit=limit)
    if as_json:
        show(json.dumps([words.conversation_json(one) for one in listed], ensure_ascii=False, indent=1))
        return
    for one in listed:
        show("\t".join((one.id, words.local(one.changed), f"{one.turns} 问", one.title)))
    say(f"共 {service.talks.count()} 次对话。")


def _found(there: bool, thread: str) -> None:
    if not there:
        raise JunhengError(f"没有编号为 {thread} 的对话，用 junheng conversations 查看已有的编号。")


def _kind(path: Path, known: tuple[Any, ...]) -> Any:
    """Return the format that a file's name says; raises UsageProblem for another."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in known:
        raise UsageProblem(f"{path.name}：不知道导出成什么，请用 {'、'.join(f'.{one}' for one in known)}。")
    return kind
