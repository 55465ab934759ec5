"""``junheng history`` and ``junheng restore``: the earlier versions of reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Annotated

import typer

from assistant.faces import forms, usage
from assistant.faces.printing import say, show
from assistant.faces.service import Service
from corpus.errors import JunhengError


def register(cli: typer.Typer, opened: Callable[[], AbstractContextManager[Service]]) -> None:
    """Add the commands to ``cli``; ``opened`` opens the store."""

    @cli.command(cls=usage.ChineseCommand, help="列出已被新版本替代的报告（问答不用它们）。")
    def history(
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
    ) -> int:
        with opened() as service:
            listed = forms.history_json(service)
        if as_json:
            show(json.dumps(listed, ensure_ascii=False, indent=1))
            return 0
        for item in listed:
            year = f"{item['year']}年" if item["year"] else "-"
            when = item["superseded_at"]
            show(
                "\t".join(
                    (
                        item["id"],
                        item["region"] or "-",
                        year,
                        item["title"],
                        f"{when} 被 {item['superseded_by']} 替代",
                    )
                )
            )
        say(f"共 {len(listed)} 份。")
        return 0

    @cli.command(cls=usage.ChineseCommand, help="把一份历史版本恢复为现行资料，与替代它的并存。")
    def restore(report_id: Annotated[str, typer.Argument(metavar="编号", help="历史版本的编号。")]) -> int:
        with opened() as service:
            report = service.restore(report_id)
        if report is None:
            raise JunhengError(f"历史版本里没有编号 {report_id}，用 junheng history 查看已有的编号。")
        show(f"已恢复 {report.title}")
        return 0
