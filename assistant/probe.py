"""Which manner of being asked does an endpoint and its model master? Tried once, then remembered.

The probe is one short question with one small tool. Native calls are tried first; a model that writes
its call as text instead, or an endpoint that refuses tools, is asked for the same call as a plan under
a JSON schema, then as some JSON object. What nothing is known to enforce is asked for in words.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage

from assistant.breaker import Memory
from assistant.manners import MANNERS, Manner, described, response_format
from assistant.prompts import PLAN, PROBE, PROBE_TOOL, PROBED
from assistant.written import plan_in, spoken

VERSION = 1
LASTS = 30 * 24 * 3600.0
"""Seconds for which a finding is believed; a server may be exchanged behind its address."""
UNABLE = (400, 404, 415, 422, 500, 501)
"""What servers answer to a request they do not master; every other failure says nothing of manners."""

Gather = Callable[[Any, list[BaseMessage]], AIMessage]


@dataclass(frozen=True, slots=True)
class Found:
    """The manner, when it was found (seconds since 1970) and how long that took (seconds)."""

    manner: Manner
    at: float
    took: float
    version: int = VERSION


def probe(model: BaseChatModel, gather: Gather) -> Found:
    """Return the first manner that works; raise what keeps the endpoint from answering at all.

    ``gather(model, prompt)`` returns a whole reply in bounded time. Words always work, if there is a reply.
    """
    begun = time.perf_counter()
    manner = next(m for m in MANNERS if _masters(model, m, gather))
    return Found(manner, time.time(), round(time.perf_counter() - begun, 2))


def _masters(model: BaseChatModel, manner: Manner, gather: Gather) -> bool:
    told = PROBE
    bound: Any
    if manner == "words":
        gather(model, [HumanMessage(PROBED)])
        return True
    if manner == "native":
        bound = model.bind_tools([PROBE_TOOL])
    else:
        # Under a schema the form is not described: a reply in that form shows that it is enforced.
        if manner == "json":
            told = f"{PROBE}\n\n{PLAN.format(tools=described([PROBE_TOOL]))}"
        bound = model.bind(extra_body={"response_format": response_format(manner, [PROBE_TOOL], ())})
    try:
        reply = gather(bound, [SystemMessage(told), HumanMessage(PROBED)])
    except Exception as error:
        if getattr(error, "status_code", None) in UNABLE:
            return False
        raise
    return _called(reply, manner)


def _called(reply: AIMessage, manner: Manner) -> bool:
    if manner == "native":
        calls = [(c["name"], c["args"]) for c in reply.tool_calls]
    else:
        try:
            json.loads(spoken(reply))
        except ValueError:
            return False
        calls = [(c.name, c.arguments) for c in plan_in(spoken(reply))]
    return bool(calls) and all(
        name == "look_up" and set(arguments) == {"place", "year"} for name, arguments in calls
    )


class Findings:
    """What was found of one endpoint and model, kept in ``memory`` beside the reports."""

    def __init__(self, memory: Memory, key: str) -> None:
        self._memory = memory
        self._key = f"llm-probe:{key}"

    def last(self) -> Found | None:
        """Return what is remembered and still believed."""
        try:
            found = Found(**json.loads(self._memory(self._key) or ""))
        except (ValueError, TypeError):
            return None
        fresh = found.version == VERSION and found.manner in MANNERS
        return found if fresh and 0 <= time.time() - found.at < LASTS else None

    def keep(self, found: Found) -> None:
        self._memory(self._key, json.dumps(asdict(found)))
