"""Calls and answers that a language model writes as JSON text instead of the protocol's own fields."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from pydantic import AliasChoices, BaseModel, Field, ValidationError

_FENCE = re.compile(r"```[\w-]*\s*\n?(.*?)```|<tool_call>(.*?)</tool_call>", re.S)
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)
_KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])")
_MARK = re.compile(r"\s*\[e:[0-9a-f]{8}\]")


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
    return [call for found in _written(text) for call in _calls(found)]


def _written(text: str) -> list[Any]:
    pieces = [a or b for a, b in _FENCE.findall(text)] or [text]
    return [found for piece in pieces for found in _objects(piece)]


def _objects(text: str) -> list[Any]:
    """Return the JSON values at the start of ``text``, one after the other."""
    decoder = json.JSONDecoder()
    found: list[Any] = []
    text = text.strip()
    while text.startswith(("{", "[")):
        try:
            value, end = decoder.raw_decode(text)
        except (ValueError, RecursionError):
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
            except (ValueError, RecursionError):
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


def answer_in(text: str, evidence: Mapping[str, str]) -> str | None:
    """Return the draft that ``{"answer": [{"evidence", "text"}]}`` stands for, None if ``text`` is no such thing.

    Each sentence is followed by its marks; one without words says what its evidence says (``evidence``: by
    key). Keys that do not exist are kept: the guard is to object to them.
    """
    for found in _written(text):
        if isinstance(found, dict) and "answer" in found and not _calls(found):
            said = found["answer"]
            items = said if isinstance(said, list) else [said]
            return "\n".join(line for item in items if (line := _sentence(item, found, evidence)))
    return None


def _sentence(item: Any, whole: Mapping[str, Any], evidence: Mapping[str, str]) -> str:
    if isinstance(item, str):
        item = {"text": item, "evidence": whole.get("evidence")}
    if not isinstance(item, dict):
        return ""
    text = str(item.get("text") or "").strip()
    keys = list(dict.fromkeys(_KEY.findall(f"{item.get('evidence') or ''} {''.join(_MARK.findall(text))}")))
    if not text:
        return "\n".join(f"{_MARK.sub('', evidence[key])}[e:{key}]" for key in keys if key in evidence)
    return _MARK.sub("", text).replace("\n", " ") + "".join(f"[e:{key}]" for key in keys)


def spoken(message: BaseMessage) -> str:
    """Return a reply's text without the thinking some models write before it."""
    return _THOUGHT.sub("", str(message.text)).strip()


def as_reply(reply: BaseMessage, evidence: Mapping[str, str]) -> AIMessage:
    """Return a reply with written calls as tool calls, marked ``written``, and a written answer as a draft."""
    assert isinstance(reply, AIMessage)
    text = spoken(reply)
    if reply.tool_calls or reply.invalid_tool_calls:
        calls = [{**c, "id": c["id"] or uuid4().hex} for c in reply.tool_calls]
        broken = [{**c, "id": c["id"] or uuid4().hex} for c in reply.invalid_tool_calls]
        return AIMessage(text, tool_calls=calls, invalid_tool_calls=broken)
    if planned := [ToolCall(name=c.name, args=c.arguments, id=uuid4().hex) for c in plan_in(text)]:
        return AIMessage(text, tool_calls=planned, additional_kwargs={"written": True})
    draft = answer_in(text, evidence)
    return AIMessage(text if draft is None else draft)
