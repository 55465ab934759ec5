"""``junheng standards``: the codified standards with their limits, sources and dates."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from assistant.faces import usage
from assistant.faces.printing import show
from assistant.faces.standards_forms import standard_json, standard_lines, summary_line
from corpus.errors import JunhengError
from corpus.rules import standards


def add_standards(cli: typer.Typer) -> None:
    """Add the command; it opens no store, as the standards come with the program."""

    @cli.command("standards", cls=usage.ChineseCommand, help="列出评估标准：指标、限值、来源和有效期。")
    def show_standards(
        which: Annotated[
            str | None, typer.Argument(metavar="标准编号", help="如 youzhi_junheng；不写则列出全部标准。")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，数字为字符串。")] = False,
    ) -> int:
        known = standards()
        if which is not None and which not in known:
            raise JunhengError(f"没有编号为 {which} 的标准，可用：{'、'.join(known)}。")
        if as_json:
            chosen = [standard_json(own) for own in known.values()]
            made = chosen if which is None else standard_json(known[which])
            show(json.dumps(made, ensure_ascii=False, indent=1))
        elif which is None:
            for own in known.values():
                show(summary_line(own))
        else:
            for line in standard_lines(known[which]):
                show(line)
        return 0
