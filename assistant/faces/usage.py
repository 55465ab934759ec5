"""The command line's manners: Chinese help and usage errors, and global options in any place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

GLOBAL_FLAGS = ("--empty", "--debug")
GLOBAL_VALUES = ("--home",)

_HEADINGS = (
    ("Usage: ", "用法："),
    ("\nOptions:", "\n选项："),
    ("\nArguments:", "\n参数："),
    ("\nCommands:", "\n命令："),
    ("[OPTIONS] COMMAND [ARGS]...", "[选项] 命令 [参数]..."),
    ("[OPTIONS]", "[选项]"),
    ("Show this message and exit.", "显示这份帮助。"),
    ("[required]", "[必填]"),
    ("[default: ", "[默认："),
)


_TYPE = re.compile(r" <[A-Za-z\[\]]+>")
"""What typer writes behind an argument's name, which tells nothing to a person."""

_EXPECTED = (
    (r"less than or equal to (\d+)", "，不能大于 {0}"),
    (r"greater than or equal to (\d+)", "，不能小于 {0}"),
    (r"valid integer|not a valid int", "，应为整数"),
)


class ChineseCommand(TyperCommand):
    """A command whose ``--help`` is Chinese throughout."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


class ChineseGroup(TyperGroup):
    """The same for the program as a whole."""

    def get_help(self, ctx: Any) -> str:
        return _in_chinese(super().get_help(ctx))


def _in_chinese(text: str) -> str:
    for english, chinese in _HEADINGS:
        text = text.replace(english, chinese)
    return _TYPE.sub("", text)


def hoist(arguments: Sequence[str]) -> list[str]:
    """Move the global options to the front, so that they may stand after the command as well.

    What follows ``--`` stays where it is.
    """
    front: list[str] = []
    rest: list[str] = []
    pending = list(arguments)
    while pending:
        word = pending.pop(0)
        if word == "--":
            rest += [word, *pending]
            break
        if word in GLOBAL_FLAGS or word.startswith(tuple(f"{name}=" for name in GLOBAL_VALUES)):
            front.append(word)
        elif word in GLOBAL_VALUES:
            front.append(word)
            if pending:
                front.append(pending.pop(0))
        else:
            rest.append(word)
    return front + rest


def usage_line(error: TyperException) -> str:
    """Say in one Chinese line what is wrong with the command line and where help is."""
    kind = type(error).__name__
    context = getattr(error, "ctx", None)
    program = str(getattr(context, "command_path", "junheng"))
    if kind == "NoSuchOption":
        known = "、".join(getattr(error, "possibilities", None) or ())
        what = f"没有 {getattr(error, 'option_name', '')} 这个选项" + (f"，是否指 {known}" if known else "")
    elif kind == "MissingParameter":
        what = f"缺少 {_parameter(error)}"
    elif kind == "BadParameter":
        what = f"{_parameter(error)} 的值不对{_expected(error.message)}"
    elif kind == "BadOptionUsage":
        what = f"选项 {getattr(error, 'option_name', '')} 后面缺少值，或多给了值"
    elif "No such command" in error.message:
        what = f"没有 {_quoted(error.message)} 这个命令"
    elif "Missing command" in error.message:
        what = "没有写命令"
    elif "unexpected extra argument" in error.message:
        what = "多出了参数（含空格的问题要加引号）"
    else:
        what = f"命令写法不对（{error.message}）"
    return f"{what}。用法见：{program} --help"


def _expected(message: str) -> str:
    for pattern, words in _EXPECTED:
        found = re.search(pattern, message)
        if found:
            return words.format(*found.groups())
    return ""


def _parameter(error: TyperException) -> str:
    hint = getattr(error, "param_hint", None)
    if isinstance(hint, (list, tuple)):
        return " / ".join(hint)
    if hint:
        return str(hint)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return "参数"
    options = [name for name in parameter.opts if name.startswith("-")]
    return f"选项 {options[0]}" if options else f"参数“{parameter.metavar or parameter.name}”"


def _quoted(message: str) -> str:
    parts = message.split("'")
    return parts[1] if len(parts) > 2 else message
