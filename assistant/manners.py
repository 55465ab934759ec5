"""The manners in which a language model can be asked for calls: natively, or for a plan written as JSON.

``native``  the protocol's own tool calls;
``schema``  a plan, its form enforced by the endpoint (``response_format`` ``json_schema``);
``json``    a plan, some JSON object enforced (``json_object``);
``words``   a plan, asked for and nothing enforced.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from assistant.prompts import RESULTS

Manner = Literal["native", "schema", "json", "words"]
MANNERS: tuple[Manner, ...] = ("native", "schema", "json", "words")
SAID: Mapping[Manner, str] = {
    "native": "自带的工具调用",
    "schema": "按 JSON 结构写计划（json_schema）",
    "json": "写 JSON 计划（json_object）",
    "words": "按文字说明写 JSON 计划",
}
"""What each is called in front of a person."""

_NUMBER = re.compile(r"（编号 [^）\n]*）")
"""A fact's own number; the key of its evidence serves as well, and a small model is told one name only."""
CALLS_AT_ONCE = 4
SENTENCES = 12
_WORDS = 80
"""Characters of one argument, and three times as many of one sentence: a small model may not find an end."""


def described(tools: Sequence[Mapping[str, Any]]) -> str:
    """Return the tools for a prompt, a line each, far shorter than their JSON schemas.

    What a parameter of several tools means is said once, below them.
    """
    functions = [tool["function"] for tool in tools]
    given = [
        _parameter(name, found) for f in functions for name, found in f["parameters"]["properties"].items()
    ]
    shared = [said for said in dict.fromkeys(given) if given.count(said) > 2]
    lines = [_described(function, shared) for function in functions]
    return "\n".join([*lines, *(f"其中 {said}" for said in shared)])


def _described(function: Mapping[str, Any], shared: Collection[str]) -> str:
    parameters = function["parameters"]
    required = parameters.get("required", ())
    given = []
    for name, found in parameters["properties"].items():
        said = _parameter(name, found)
        optional = "" if name in required else "?"
        given.append(f"{name}{optional}" if said in shared else said.replace(name, name + optional, 1))
    told = " ".join(str(function["description"]).split())
    return f"- {function['name']}：{told}" + (f" 参数 {'；'.join(given)}" if given else "")


def _parameter(name: str, found: Mapping[str, Any]) -> str:
    form = "（列表）" if found.get("type") == "array" else ""
    return f"{name}{form}：{str(found['description']).rstrip('。')}"


def response_format(
    manner: Manner,
    tools: Sequence[Mapping[str, Any]],
    keys: Collection[str],
    *,
    may_call: bool = True,
    may_word: bool = True,
) -> dict[str, Any] | None:
    """Return the ``response_format`` to ask a plan with, None where nothing is enforced.

    ``keys`` are those of the evidence that there is: without any, only calls can be written; with them,
    only they can be cited. Without ``may_word`` an answer only names evidence, which then speaks for itself.
    """
    if manner == "json":
        return {"type": "json_object"}
    if manner != "schema":
        return None
    form = plan_schema(tools, keys, may_call=may_call, may_word=may_word)
    return {"type": "json_schema", "json_schema": {"name": "plan", "schema": form}}


def plan_schema(
    tools: Sequence[Mapping[str, Any]],
    keys: Collection[str],
    *,
    may_call: bool = True,
    may_word: bool = True,
) -> dict[str, Any]:
    """Return the JSON schema of ``{"calls": […]}`` or, once there is evidence, ``{"answer": […]}``."""
    calls = {
        "type": "array",
        "minItems": 1,
        "maxItems": CALLS_AT_ONCE,
        "items": {"anyOf": [_call(tool["function"]) for tool in tools]},
    }
    asking = _object({"calls": calls}, ["calls"])
    if not keys:
        return asking
    cited = {
        "type": "array",
        "minItems": 1,
        "maxItems": 4,
        "items": {"type": "string", "enum": sorted(keys)},
    }
    words: dict[str, Any] = {"text": {"type": "string", "maxLength": 3 * _WORDS}} if may_word else {}
    sentence = _object({"evidence": cited, **words}, ["evidence"])
    answer = {"type": "array", "minItems": 1, "maxItems": SENTENCES, "items": sentence}
    answering = _object({"answer": answer}, ["answer"])
    return {"anyOf": [asking, answering]} if may_call else answering


def _object(properties: Mapping[str, Any], required: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _call(function: Mapping[str, Any]) -> dict[str, Any]:
    parameters = function["parameters"]
    arguments = {name: _bounded(found) for name, found in parameters["properties"].items()}
    return _object(
        {
            "name": {"const": function["name"]},
            "arguments": _object(arguments, parameters.get("required", ())),
        },
        ["name", "arguments"],
    )


def _bounded(found: Mapping[str, Any]) -> dict[str, Any]:
    plain = {key: value for key, value in found.items() if key != "description"}
    if plain.get("type") == "string" and "enum" not in plain:
        return {**plain, "maxLength": _WORDS}
    if plain.get("type") == "array":
        return {**plain, "maxItems": 8, "items": _bounded(plain.get("items") or {"type": "string"})}
    return plain


def as_sent(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return ``messages`` for an endpoint with native calls; one that writes its calls reads results as text."""
    if any(m.additional_kwargs.get("written") for m in messages):
        return in_words(messages)
    return [
        AIMessage("（空）") if isinstance(m, AIMessage) and not (m.content or m.tool_calls or m.invalid_tool_calls) else m
        for m in messages
    ]  # fmt: skip


def in_words(messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Return ``messages`` without tool messages: calls as JSON text, results as what the user sends."""
    told: list[BaseMessage] = []
    results: list[str] = []
    question = ""
    for message in [*messages, None]:
        if isinstance(message, ToolMessage):
            results.append(_NUMBER.sub("", str(message.content)))
            continue
        if results:
            told.append(HumanMessage(RESULTS.format(results="\n".join(results), question=question)))
            results = []
        if isinstance(message, AIMessage):
            calls = [{"name": c["name"], "arguments": c["args"]} for c in message.tool_calls]
            text = str(message.content) or json.dumps({"calls": calls}, ensure_ascii=False)
            told.append(AIMessage(text))
        elif message is not None:
            if not message.additional_kwargs.get("rewrite"):
                question = str(message.content)
            told.append(message)
    return told
