"""Asking a file of cases: each line is a conversation of its own, its last turn's answer is the result."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.faces import forms
from assistant.faces.service import Service
from corpus.errors import JunhengError

FAILED = "未完成"


class CaseError(JunhengError):
    """A line of the file is not a case; nothing was asked."""


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation to hold; ``expected`` is all that its line says, where it says what is right."""

    id: str | int
    turns: tuple[str, ...]
    expected: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """The answer to a case's last turn, or why there is none; ``elapsed`` are the milliseconds of each turn."""

    case: Case
    answer: Answer | None = None
    elapsed: tuple[int, ...] = ()
    problem: str | None = None
    error: BaseException | None = None

    @property
    def word(self) -> str:
        """Return the Chinese word under which the outcome is counted."""
        if self.answer is None:
            return FAILED
        status = forms.STATUS_WORDS[self.answer.status]
        return f"{status}：{forms.REASON_WORDS[self.answer.reason]}" if self.answer.reason else status

    def as_json(self) -> dict[str, Any]:
        if self.answer is None:
            return {"id": self.case.id, "answer": None, "error": self.problem}
        return {"id": self.case.id, "answer": self.answer.as_json()}


def read_cases(path: Path) -> list[Case]:
    """Read a JSON Lines file (UTF-8, "-" for stdin); raises ``CaseError`` naming the line."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(f"案例文件 {path} 读不出来，请确认它存在并且是 UTF-8 编码。") from error
    # Only \n separates JSON lines: splitlines() would also cut at U+2028, which JSON allows in strings.
    return [
        _case(path, number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()
    ]


def _case(path: Path, number: int, line: str) -> Case:
    where = f"案例文件 {path} 第 {number} 行"
    try:
        item = json.loads(line)
    except json.JSONDecodeError as error:
        raise CaseError(f"{where}不是 JSON，请检查括号和引号。") from error
    if not isinstance(item, dict) or not isinstance(item.get("id"), (str, int)):
        raise CaseError(f"{where}缺少 id。")
    turns = item.get("turns")
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        raise CaseError(f"{where}的 turns 应为至少有一个问题的列表。")
    return Case(item["id"], tuple(turns), item)


def run_cases(service: Service, cases: Sequence[Case]) -> Iterator[Asked]:
    """Ask every case in order; a case that fails does not stop the others."""
    from tqdm import tqdm

    for case in tqdm(cases, desc="提问", unit="例", file=sys.stderr, disable=None, leave=False):
        yield _asked(service, case)


def _asked(service: Service, case: Case) -> Asked:
    """Ask a case; a trial run leaves neither conversations nor entries in the log of unanswered questions."""
    elapsed: list[int] = []
    thread: str | None = None
    answer: Answer | None = None
    try:
        for turn in case.turns:
            answer = service.ask(turn, thread_id=thread, kept=False)
            thread = answer.thread_id
            elapsed.append(answer.elapsed_ms)
        return Asked(case, answer, tuple(elapsed))
    except JunhengError as error:
        return Asked(case, elapsed=tuple(elapsed), problem=str(error), error=error)
    except Exception as error:  # one case's crash must not cost the answers of the rest
        said = f"程序内部出错（{type(error).__name__}）"
        return Asked(case, elapsed=tuple(elapsed), problem=said, error=error)
