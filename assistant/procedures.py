"""Straight-line procedures: what to call for each operation, and the draft that follows from it.

A procedure is a generator: it yields tool calls and is sent their evidence, and returns a Draft. The
rule model replays it from the recorded tool results, so it holds no state between messages.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from assistant.answer import Reason, Status
from assistant.question import Ask, Known
from corpus.model import Report
from tools.evidence import Evidence, missing


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call: the registered name and its arguments."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a draft and the evidence that it cites."""

    text: str
    cites: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What a model proposes to say. ``values`` are the evidence that answers, in order."""

    lines: tuple[Line, ...]
    status: Status = "answered"
    reason: Reason | None = None
    values: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n".join(line.text + "".join(f"[e:{e.key}]" for e in line.cites) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a procedure may look at besides tool results: the regions held and the stored texts."""

    known: Known
    report: Callable[[str], Report | None]

    def text(self, report_id: str) -> str:
        found = self.report(report_id)
        return found.text if found else ""


Procedure = Generator[Call, list[Evidence], Draft]
PROCEDURES: dict[str, Callable[[Ask, Desk], Procedure]] = {}


def procedure(
    *operations: str,
) -> Callable[[Callable[[Ask, Desk], Procedure]], Callable[[Ask, Desk], Procedure]]:
    """Register a generator function for the named operations."""

    def register(run: Callable[[Ask, Desk], Procedure]) -> Callable[[Ask, Desk], Procedure]:
        for operation in operations:
            PROCEDURES[operation] = run
        return run

    return register


def refuse(reason: Reason, text: str, *, warnings: tuple[str, ...] = ()) -> Draft:
    """Return a refusal that says why; the absence itself is what it cites."""
    return Draft((Line(text, (missing(reason, text),)),), "refused", reason, warnings=warnings)
