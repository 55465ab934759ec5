"""What the command line prints: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.faces import forms
from assistant.faces.service import trouble_words
from corpus.errors import JunhengError


class ReaderGone(Exception):
    """Whoever read stdout has stopped. Not an OSError: typer would turn that into a failure."""


class UsageProblem(JunhengError):
    """The command line is well-formed but cannot mean anything; exit code 2."""


def check_readable(what: str, text: str) -> None:
    """Raise UsageProblem for a word of the command line that is no text: bytes of another encoding."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageProblem(f"{what}里有无法识别的字符，请用 UTF-8 编码输入。") from error


def say(line: str) -> None:
    """Tell the person something that is not the result."""
    print(line, file=sys.stderr)  # noqa: T201  the command line's own voice


def show(line: str, *, at_once: bool = False) -> None:
    """Print a line of the result; ``at_once`` for what a reader may be waiting for."""
    try:
        print(line, flush=at_once)  # noqa: T201  the result
    except BrokenPipeError as error:
        raise ReaderGone from error


def show_array(items: Iterable[Any]) -> None:
    """Print a JSON array one item at a time, character for character as ``json.dumps(…, indent=1)`` has it."""
    held: str | None = None
    for item in items:
        show("[" if held is None else f"{held},")
        held = " " + json.dumps(item, ensure_ascii=False, indent=1).replace("\n", "\n ")
    if held is None:
        show("[]")
    else:
        show(held)
        show("]")


def save(target: Path, data: bytes) -> None:
    """Write a file that the command line asked for, and say so."""
    try:
        target.write_bytes(data)
    except OSError as error:
        raise JunhengError(f"{target}：写不进去（{trouble_words(error)}），请换一个位置。") from error
    say(f"已写入 {target}")


def show_answer(answer: Answer) -> None:
    """Print an answer with its numbered sources and its calculations."""
    if answer.reason:
        show(f"[{forms.STATUS_WORDS[answer.status]}：{forms.REASON_WORDS[answer.reason]}]")
    show(answer.text)
    carried = forms.carried_words(answer)
    if carried:
        show(f"沿用上文：{'、'.join(carried)}")
    for warning in answer.warnings:
        show(f"注意：{warning}")
    for number, citation in enumerate(answer.citations, start=1):
        show(f"[{number}] {citation.place}：{' '.join(citation.quote.split())}")
    for number, calculation in enumerate(answer.calculations, start=1):
        show(f"算式{number} {calculation.label} = {calculation.formula}")
        if calculation.steps:
            show(f"    {calculation.steps}")
        show(f"    结果 {forms.result_words(calculation)}，取 {calculation.rounding}")
        for note in calculation.notes:
            show(f"    {note}")
    if answer.receipt:
        show(f"回执 {answer.receipt}")
