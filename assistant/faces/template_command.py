"""``junheng template``: an empty school table with notes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant.faces import usage
from assistant.faces.printing import show
from corpus.schools.template import write_template


def add_template(cli: typer.Typer) -> None:
    """Add the command; it opens no store."""

    @cli.command("template", cls=usage.ChineseCommand, help="生成一份空的学校数据表（xlsx），附填表说明。")
    def make_template(
        path: Annotated[Path, typer.Argument(metavar="文件", help="新文件的名字，以 .xlsx 结尾。")],
    ) -> int:
        write_template(path)
        show(f"已生成 {path}，逐校填写后用 junheng check {path} 检查。")
        return 0
