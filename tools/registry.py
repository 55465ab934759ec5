"""How a plain function becomes a tool: one decorator, one table, found by being in this folder."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass

from corpus.errors import JunhengError
from indexes.store import Store
from tools.evidence import Evidence


class BadCall(JunhengError):
    """The arguments make no sense. The message is told to the model, so it says what would."""


@dataclass(frozen=True, slots=True)
class Tool:
    """``doc`` is what a language model reads, ``parameters`` its schema, ``cues`` the rule planner's words."""

    name: str
    doc: str
    run: Callable[..., list[Evidence]]
    cues: tuple[str, ...]
    parameters: dict[str, inspect.Parameter]


TOOLS: dict[str, Tool] = {}

Run = Callable[..., list[Evidence]]


def tool(*cues: str, name: str | None = None) -> Callable[[Run], Run]:
    """Register ``run(store, ...)`` as ``name`` (its own by default); ``cues`` are words that ask for it."""

    def register(run: Run) -> Run:
        signature = inspect.signature(run, eval_str=True)
        parameters = {n: p for n, p in signature.parameters.items() if p.annotation is not Store}
        if not run.__doc__:
            raise TypeError(f"tool {run.__name__!r} needs a docstring: it is what a model reads")
        key = name or run.__name__
        TOOLS[key] = Tool(key, inspect.cleandoc(run.__doc__), run, cues, parameters)
        return run

    return register
