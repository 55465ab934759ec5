"""Talk to a language model, whatever its endpoint can do: native tool calls, or a plan written as JSON."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolMessage

from assistant.breaker import Breaker, Memory, Rest
from assistant.manners import MANNERS, Manner, as_sent, described, in_words, response_format
from assistant.probe import UNABLE, Findings, Found, probe
from assistant.prompts import PLACES, PLAN, SYSTEM
from assistant.settings import Settings
from assistant.streaming import Patience, Result, gather, trouble
from assistant.toolkit import schema
from assistant.written import as_reply
from tools import TOOLS

BUSY = (429, 502, 503, 504)
"""What is worth a second try, once, after a moment."""
MOMENT = 1.0
MOST_PLACES = 40
FIRST = ("find_facts", "search_passages", "growth", "difference", "share", "ratio", "sum", "rank", "compare")
SIZES: Mapping[Manner, int] = {"native": 6000, "schema": 1500, "json": 1500, "words": 1500}
"""Characters of tool results that are sent at a time: what has no native calls is small as a rule."""
ROUNDS = 5
"""Rounds of a plan after which only an answer may be written."""


def forget(key: str, value: str | None = None) -> None:
    """A memory that keeps nothing."""


class Endpoint:
    """A language model that is told the rules and the tools, and answers with calls or a draft.

    ``key`` names endpoint and model in ``memory``, where the probe's finding and a rest are kept.
    Safe to use from several threads.
    """

    def __init__(
        self,
        model: BaseChatModel,
        tools: Sequence[dict[str, Any]],
        patience: Patience,
        memory: Memory = forget,
        key: str = "",
    ) -> None:
        self.patience = patience
        self._plain = model
        self._native = model.bind_tools(tools)
        self._tools = tools
        self._findings = Findings(memory, key)
        self._breaker = Breaker(memory, key)
        self._probing = Lock()
        self._manner: Manner | None = None
        self._plan = f"{SYSTEM}\n\n{PLAN.format(tools=described(tools))}"

    def rest(self) -> Rest | None:
        """Return why and until when the endpoint is left alone, None when it may be asked."""
        return self._breaker.rest()

    def manner(self) -> Manner:
        """Return how the model is asked; probes when nobody knows. Raises what keeps it from answering."""
        with self._probing:
            if self._manner is None:
                found = self._findings.last()
                self._manner = found.manner if found else self._probed().manner
            return self._manner

    def size(self) -> int:
        """Return how many characters of tool results may be sent at a time."""
        return SIZES[self._manner or "native"]

    def probe(self) -> Found:
        """Try afresh and remember what was found; raises what keeps the endpoint from answering."""
        with self._probing:
            found = self._probed()
            self._manner = found.manner
            return found

    def _probed(self) -> Found:
        found = self._timed(
            lambda: probe(self._plain, lambda model, prompt: gather(model, prompt, self.patience.silence))
        )
        self._findings.keep(found)
        return found

    def reply(self, messages: Sequence[BaseMessage], places: Sequence[str] = ()) -> AIMessage:
        """Return the model's next message; raises whatever keeps the endpoint from giving one.

        ``places`` are those that there are reports of: a model that is not told makes some up. Calls written as JSON text come back as tool calls, marked ``written``.
        """
        manner = self.manner()
        found = self._timed(lambda: self._reply(messages, manner, places))
        self._breaker.worked()  # a probe that worked says little: it is a small request
        return found

    def _timed(self, work: Callable[[], Result]) -> Result:
        begun = time.monotonic()
        try:
            return work()
        except Exception as error:
            self._breaker.failed(trouble(error), time.monotonic() - begun)
            raise

    def _reply(self, messages: Sequence[BaseMessage], manner: Manner, places: Sequence[str]) -> AIMessage:
        """Ask in ``manner``; an endpoint that has lost it is asked in the next, from then on."""
        for at, tried in enumerate(chain := MANNERS[MANNERS.index(manner) :]):
            try:
                found = self._asked(messages, tried, places)
            except Exception as error:
                if getattr(error, "status_code", None) not in UNABLE or tried == chain[-1]:
                    raise
                continue
            if at:  # for this process only: the next probe may find that it was a passing fault
                self._manner = tried
            return found
        raise AssertionError("the last manner returns or raises")

    def _asked(self, messages: Sequence[BaseMessage], manner: Manner, places: Sequence[str]) -> AIMessage:
        evidence = evidence_of(messages)
        model: Any = self._native
        where = PLACES.format(places="、".join(places[:MOST_PLACES])) if places else ""
        prompt = [SystemMessage(SYSTEM + where), *as_sent(messages)]
        if manner != "native":
            may_call = rounds(messages) < ROUNDS and not repeating(messages)
            may_word = not rewriting(messages)
            form = response_format(manner, self._tools, evidence, may_call=may_call, may_word=may_word)
            model = self._plain.bind(extra_body={"response_format": form}) if form else self._plain
            prompt = [SystemMessage(self._plan + where), *in_words(messages)]
        try:
            return as_reply(gather(model, prompt, self.patience.reply), evidence)
        except Exception as error:
            if getattr(error, "status_code", None) not in BUSY:
                raise
            time.sleep(MOMENT)
            return as_reply(gather(model, prompt, self.patience.reply), evidence)


def evidence_of(messages: Sequence[BaseMessage]) -> dict[str, str]:
    """Return by key what the evidence in ``messages`` says."""
    return {e.key: e.text for m in messages if isinstance(m, ToolMessage) for e in (m.artifact or [])}


def rounds(messages: Sequence[BaseMessage]) -> int:
    """Return how often the model has called tools since it was last asked something."""
    count = 0
    for message in reversed(messages):
        if isinstance(message, HumanMessage):
            break
        count += isinstance(message, AIMessage)
    return count


def repeating(messages: Sequence[BaseMessage]) -> bool:
    """Tell whether the model's last calls are all such as it had made before: it will learn nothing more."""
    made = [[(c["name"], c["args"]) for c in m.tool_calls] for m in messages if isinstance(m, AIMessage)]
    made = [calls for calls in made if calls]
    return len(made) > 1 and all(any(call in before for before in made[:-1]) for call in made[-1])


def rewriting(messages: Sequence[BaseMessage]) -> bool:
    """Tell whether the model is to rewrite a draft of its own."""
    asked = [m for m in messages if isinstance(m, HumanMessage)]
    return bool(asked) and bool(asked[-1].additional_kwargs.get("rewrite"))


def endpoint_of(settings: Settings, memory: Memory = forget) -> Endpoint:
    """Return the endpoint that ``settings`` name; raises what makes them unusable."""
    from assistant.models import language_model

    patience = Patience(settings.llm_timeout)
    name = f"{settings.llm_base_url}\n{settings.llm_model}"
    key = hashlib.sha256(name.encode()).hexdigest()[:16]
    order = {name: at for at, name in enumerate(FIRST)}  # a weak model takes what it reads first
    offered = [schema(tool) for tool in sorted(TOOLS.values(), key=lambda t: order.get(t.name, len(FIRST)))]
    return Endpoint(language_model(settings, patience), offered, patience, memory, key)
