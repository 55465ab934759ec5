"""Asking over HTTP: the Answer at once, or the steps as they happen and then the Answer.

Only what the service itself says of a step is sent before the answer is checked; no text of a model is.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Answer
from assistant.faces import forms
from assistant.faces.service import Service
from assistant.faces.upload import Refusal
from corpus.errors import JunhengError

EVENTS = "text/event-stream"
ALIVE = 15.0
"""Seconds without a step after which a comment is sent, so that no proxy closes a connection that works."""


class Ask(BaseModel):
    """One turn. Without ``thread_id`` a new conversation begins; the answer names it."""

    model_config = ConfigDict(extra="forbid")
    question: str = Field(min_length=1, max_length=forms.MAX_QUESTION)
    thread_id: str | None = Field(default=None, max_length=200)
    region: str | None = Field(default=None, max_length=100)
    period: str | None = Field(default=None, max_length=40)


def serve_asking(api: FastAPI, service: Callable[[], Service]) -> None:
    """Add ``POST /api/v1/ask``; ``Accept: text/event-stream`` asks for the steps as well."""

    @api.post("/api/v1/ask", response_model=None, responses={200: {"content": {EVENTS: {}}}})
    def ask(body: Ask, request: Request) -> dict[str, Any] | StreamingResponse:
        if not body.question.strip():
            raise Refusal(422, "invalid", "问题是空的。", "请在 question 里写出要问的内容。")
        opened = service()

        def answered(on_step: Callable[[str], None] | None = None) -> Answer:
            return opened.ask(
                body.question, thread_id=body.thread_id, region=body.region, period=body.period, on_step=on_step
            )  # fmt: skip

        if EVENTS in request.headers.get("accept", ""):
            headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
            return StreamingResponse(stream(answered), media_type=EVENTS, headers=headers)
        return answered().as_json()


def stream(work: Callable[[Callable[[str], None]], Answer]) -> Iterator[str]:
    """Yield events: ``step`` with ``{"text"}`` as each happens, last ``answer`` or ``error``.

    ``work`` runs in a thread of its own and goes on when nobody listens any more: the answer is kept.
    """
    events: queue.SimpleQueue[tuple[str, Mapping[str, Any]]] = queue.SimpleQueue()

    def run() -> None:
        try:
            events.put(("answer", work(lambda text: events.put(("step", {"text": text}))).as_json()))
        except JunhengError as error:
            events.put(("error", _failure("failed", str(error))))
        except Exception as error:  # the status was sent long ago
            events.put(("error", _failure("internal", f"服务内部出错（{type(error).__name__}）。")))

    threading.Thread(target=run, name="ask", daemon=True).start()
    while True:
        try:
            name, data = events.get(timeout=ALIVE)
        except queue.Empty:
            yield ": \n\n"
            continue
        yield f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
        if name != "step":
            return


def _failure(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "hint": ""}}
