"""One reply of an endpoint, whole or not at all: gathered from a stream that nobody sees, in bounded time.

A stream tells at once whether anything comes; a reply in one piece is silence until it is there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread
from typing import TypeVar
from uuid import uuid4

from langchain_core.language_models import LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, InvalidToolCall, ToolCall
from langchain_core.runnables import Runnable

Result = TypeVar("Result")
LONGEST = 20_000
"""Characters of one reply, thinking included; a model that has not found an end by then will not."""
_PART = ("Connect", "Protocol", "ReadError", "WriteError", "NetworkError", "CutOff")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an endpoint is waited for, in seconds. ``silence`` is a setting, the rest follows from it."""

    silence: float = 20.0

    @property
    def connecting(self) -> float:
        return min(5.0, self.silence)

    @property
    def reply(self) -> float:
        """For one whole reply, keep-alive bytes or not."""
        return 3 * self.silence

    @property
    def question(self) -> float:
        """For all replies of one question; what has begun by then may end."""
        return 9 * self.silence


class CutOffError(Exception):
    """The stream ended before the reply did."""


class LongReplyError(Exception):
    """The reply has no end, or a limit of the endpoint cut it short."""


def gather(
    model: Runnable[LanguageModelInput, AIMessage], prompt: list[BaseMessage], seconds: float
) -> AIMessage:
    """Return the model's whole reply to ``prompt``; raise what kept it from coming, TimeoutError after ``seconds``."""
    stopped = Event()

    def work() -> AIMessage:
        whole: AIMessageChunk | None = None
        length = 0
        try:
            for chunk in model.stream(prompt):
                assert isinstance(chunk, AIMessageChunk)
                whole = chunk if whole is None else whole + chunk
                length += len(chunk.text) + sum(len(c["args"] or "") for c in chunk.tool_call_chunks)
                if length > LONGEST:
                    raise LongReplyError
                if stopped.is_set():
                    break  # closes the connection, and a server of one's own stops working for nobody
        except ValueError:
            if whole is not None:
                raise
        if whole is None:  # an endpoint that does not stream answers in one piece
            return model.invoke(prompt)
        return _settled(whole)

    try:
        return within(seconds, work)
    finally:
        stopped.set()


def _settled(whole: AIMessageChunk) -> AIMessage:
    """Return the message that the chunks make up. Arguments are read strictly: half an object is none."""
    reason = whole.response_metadata.get("finish_reason")
    if reason is None:
        raise CutOffError
    if "length" in str(reason):
        raise LongReplyError
    calls: list[ToolCall] = []
    broken: list[InvalidToolCall] = []
    for chunk in whole.tool_call_chunks:
        name, written, identity = chunk["name"] or "", chunk["args"] or "{}", chunk["id"] or uuid4().hex
        try:
            arguments = json.loads(written)
        except (ValueError, RecursionError):
            arguments = None
        if isinstance(arguments, dict):
            calls.append(ToolCall(name=name, args=arguments, id=identity))
        else:
            broken.append(
                InvalidToolCall(type="invalid_tool_call", name=name, args=written, id=identity, error=None)
            )
    return AIMessage(whole.content, tool_calls=calls, invalid_tool_calls=broken)


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what ``work`` returns; raise TimeoutError after ``seconds``.

    A client's own timeout counts the pause between two bytes only, and some servers send blanks to keep
    a waiting connection alive. The thread left behind ends with its connection.
    """
    done: list[Result] = []
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
    if any(part in kind for part in _PART):
        return "语言模型接口连接不上或中途断开"
    if isinstance(error, LongReplyError):
        return "语言模型的答复过长或不完整"
    return f"语言模型的答复无法读取（{kind}）"
