"""Talk to a language model, whatever its endpoint can do: native tool calls, or a plan written as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from threading import Thread
from typing import Any
from uuid import uuid4

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, SystemMessage, ToolCall, ToolMessage
from pydantic import AliasChoices, BaseModel, Field, ValidationError

from assistant.prompts import PLAN, RESULTS, SYSTEM

_NO_TOOLS = (400, 422, 500, 501)
"""What servers answer that do not take ``tools`` at all; then the plan is asked for in words."""
_FENCE = re.compile(r"```[\w-]*\s*\n?(.*?)```|<tool_call>(.*?)</tool_call>", re.S)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)


class PlannedCall(BaseModel):
    """One call of a plan; the spellings are those that models are seen to use."""

    name: str = Field(validation_alias=AliasChoices("name", "tool", "tool_name", "function"))
    arguments: dict[str, Any] = Field(
        default_factory=dict, validation_alias=AliasChoices("arguments", "parameters", "args")
    )


class Plan(BaseModel):
    """``{"calls": [{"name": …, "arguments": {…}}]}``"""

    calls: list[PlannedCall] = Field(min_length=1, validation_alias=AliasChoices("calls", "tool_calls"))


def plan_in(text: str) -> list[PlannedCall]:
    """Return the calls that ``text`` consists of, bare, fenced or tagged; none if it is anything else."""
    pieces = [a or b for a, b in _FENCE.findall(text)] or [text]
    calls: list[PlannedCall] = []
    for piece in pieces:
        for found in _objects(piece):
            calls += _calls(found)
    return calls


def _objects(text: str) -> list[Any]:
    """Return the JSON values at the start of ``text``, one after the other."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    text = text.strip()
    while text.startswith(("{", "[")):
        try:
            value, end = decoder.raw_decode(text)
        except ValueError:
            break
        found.append(value)
        text = text[end:].lstrip(" \n\r\t,;")
    return found


def _calls(found: Any) -> list[PlannedCall]:
    if isinstance(found, list):
        return [call for item in found for call in _calls(item)]
    if not isinstance(found, dict):
        return []
    if isinstance(found.get("function"), dict):
        found = found["function"]
    for name in ("arguments", "parameters", "args"):
        if isinstance(found.get(name), str):
            try:
                found = {**found, name: json.loads(found[name])}
            except ValueError:
                return []
    try:
        return Plan.model_validate(found).calls
    except ValidationError:
        pass
    if isinstance(inner := found.get("calls") or found.get("tool_calls"), list):
        return [call for item in inner for call in _calls(item)]
    try:
        return [PlannedCall.model_validate(found)]
    except ValidationError:
        return []


def spoken(message: AIMessage) -> str:
    """Return a reply's text without the thinking some models write before it."""
    return _THOUGHT.sub("", str(message.text)).strip()


class Endpoint:
    """A language model that is told the rules and the tools, and answers with calls or a draft."""

    def __init__(self, model: BaseChatModel, tools: Sequence[dict[str, Any]], patience: float) -> None:
        self._plain = model
        self._native = model.bind_tools(tools)
        self._tools = tools
        self._patience = patience
        self._in_words = False

    def reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        """Return the model's next message; raises whatever keeps the endpoint from giving one.

        Calls written as JSON text come back as tool calls, marked ``written``.
        """
        if not self._in_words:
            try:
                prompt = [SystemMessage(SYSTEM), *_as_sent(messages)]
                return _as_calls(within(self._patience, lambda: self._native.invoke(prompt)))
            except Exception as error:
                if getattr(error, "status_code", None) not in _NO_TOOLS:
                    raise
        told = f"{SYSTEM}\n\n{PLAN.format(tools=self._described())}"
        asked = [SystemMessage(told), *_in_words(messages)]
        found = _as_calls(within(self._patience, lambda: self._plain.invoke(asked)))
        self._in_words = True
        return found

    def _described(self) -> str:
        return "\n".join(json.dumps(t["function"], ensure_ascii=False) for t in self._tools)


def _as_calls(reply: BaseMessage) -> AIMessage:
    assert isinstance(reply, AIMessage)
    text = spoken(reply)
    if reply.tool_calls or reply.invalid_tool_calls:
        calls = [{**c, "id": c["id"] or uuid4().hex} for c in reply.tool_calls]
        broken = [{**c, "id": c["id"] or uuid4().hex} for c in reply.invalid_tool_calls]
        return AIMessage(text, tool_calls=calls, invalid_tool_calls=broken)
    planned = [ToolCall(name=c.name, args=c.arguments, id=uuid4().hex) for c in plan_in(text)]
    return AIMessage(text, tool_calls=planned, additional_kwargs={"written": True} if planned else {})


def _as_sent(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return ``messages`` for an endpoint with native calls; one that writes its calls reads results as text."""
    if any(m.additional_kwargs.get("written") for m in messages):
        return _in_words(messages)
    return [
        AIMessage("（空）") if isinstance(m, AIMessage) and not (m.content or m.tool_calls or m.invalid_tool_calls) else m
        for m in messages
    ]  # fmt: skip


def _in_words(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return ``messages`` without tool messages: calls as JSON text, results as what the user sends."""
    told: list[BaseMessage] = []
    results: list[str] = []
    for message in [*messages, None]:
        if isinstance(message, ToolMessage):
            results.append(str(message.content))
            continue
        if results:
            told.append(HumanMessage(RESULTS.format(results="\n".join(results))))
            results = []
        if isinstance(message, AIMessage):
            calls = [{"name": c["name"], "arguments": c["args"]} for c in message.tool_calls]
            text = str(message.content) or json.dumps({"calls": calls}, ensure_ascii=False)
            told.append(AIMessage(text))
        elif message is not None:
            told.append(message)
    return told


def within(seconds: float, work: Callable[[], BaseMessage]) -> BaseMessage:
    """Return what ``work`` returns; raise TimeoutError after ``seconds``.

    A client's own timeout counts the pause between two bytes only, and some servers send blanks to keep
    a waiting connection alive. The thread left behind ends with its connection.
    """
    done: list[BaseMessage] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # handed over to the caller
            failed.append(error)

    thread = Thread(target=run, name="language-model", daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise TimeoutError(f"no reply within {seconds:g} s")
    return done[0]


def trouble(error: Exception) -> str:
    """Return in Chinese what kept the endpoint from answering; nothing the endpoint itself has said."""
    kind = type(error).__name__
    if status := getattr(error, "status_code", None):
        return f"语言模型接口返回错误 {status}"
    if "Timeout" in kind:
        return "语言模型没有按时答复"
    if "Connection" in kind:
        return "语言模型接口连接不上或中途断开"
    return f"语言模型的答复无法读取（{kind}）"
