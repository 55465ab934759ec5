"""A language model's endpoint on loopback that plays a script and remembers what it was asked.

A script is a list of replies, one a request; the last is played again and again. A reply may be a
function of the request, which is how a scripted model copies evidence keys out of tool results.
Requests of the probe are counted apart and answered by ``probe``: as an endpoint does that masters
native calls, unless a test says otherwise. What is asked for as a stream is sent as one, in pieces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any

from assistant.prompts import PROBED

Request = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """What goes over the wire: ``body`` with ``status``, or only its first ``bytes_sent`` bytes."""

    body: str = ""
    status: int = 200
    bytes_sent: int | None = None
    blanks: float = 0.0
    """Seconds of keep-alive blanks before the body."""
    delay: float = 0.0
    streams: bool = True
    """False for an endpoint that answers in one piece whatever it is asked."""
    raw: bool = False
    """True for a body that is the stream's events already."""


Step = Reply | Callable[[Request], Reply]


def message(content: str | None, calls: Sequence[dict[str, Any]] = ()) -> Reply:
    said: dict[str, Any] = {"role": "assistant", "content": content}
    if calls:
        said["tool_calls"] = list(calls)
    choice = {"index": 0, "message": said, "finish_reason": "tool_calls" if calls else "stop"}
    whole = {"id": "c", "object": "chat.completion", "created": 0, "model": "scripted", "choices": [choice],
             "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}  # fmt: skip
    return Reply(json.dumps(whole, ensure_ascii=False))


def say(text: str) -> Reply:
    return message(text)


def call(tool: str, **arguments: Any) -> Reply:
    """Return a native tool call."""
    return raw_call(tool, json.dumps(arguments, ensure_ascii=False))


def raw_call(tool: str, arguments: str) -> Reply:
    """Return a native tool call whose arguments are this very text, JSON or not."""
    made = {"id": f"call_{tool}", "type": "function", "function": {"name": tool, "arguments": arguments}}
    return message(None, [made])


def fail(status: int) -> Reply:
    body = {"error": {"message": "scripted <b>failure</b> 99999万元", "type": "x", "code": status}}
    return Reply(json.dumps(body), status)


def masters_calls(request: Request) -> Reply:
    """Answer the probe with the native call it asks for."""
    return call("look_up", place="甲县", year="2021")


DROP = Reply(bytes_sent=0)
"""The connection is closed without a word."""


def told(request: Request) -> str:
    """Return everything tools have said to the model so far, however it was sent."""
    return "\n".join(str(m["content"]) for m in request["messages"] if m["role"] in ("tool", "user"))


def line_with(request: Request, *words: str) -> str:
    """Return the last line of a tool's result that holds all ``words``, its key included."""
    lines = [line for line in told(request).splitlines() if "[e:" in line and all(w in line for w in words)]
    return lines[-1]


def key_of(line: str) -> str:
    """Return the mark ``[e:…]`` of a line of a tool's result."""
    return str(re.findall(r"\[e:[0-9a-f]{8}\]", line)[-1])


def number_of(line: str) -> str:
    """Return the number (编号) of the fact in a line of a tool's result."""
    match = re.search(r"编号 ([^）]+)）", line)
    assert match is not None, line
    return match[1]


def copying(*words: str) -> Callable[[Request], Reply]:
    """Return a step that says the line of a tool's result that holds ``words``, as a sentence with its key."""

    def step(request: Request) -> Reply:
        line = line_with(request, *words)
        return say(f"{line.split('（编号')[0].split(' [e:')[0]}。{key_of(line)}")

    return step


def _events(body: str) -> str:
    """Return a whole reply as the events of a stream, text and arguments in pieces of a few characters."""
    try:
        whole = json.loads(body)
        choice = whole["choices"][0]
        said = choice["message"]
    except (ValueError, TypeError, KeyError):
        return f"data: {body}\n\n"
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": None}]
    deltas += [{"content": piece} for piece in _pieces(said.get("content") or "")]
    for index, made in enumerate(said.get("tool_calls") or []):
        function = made["function"]
        deltas.append({"tool_calls": [{"index": index, **made, "function": {**function, "arguments": ""}}]})
        deltas += [
            {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
            for piece in _pieces(function["arguments"])
        ]
    chunk = {"id": whole["id"], "object": "chat.completion.chunk", "created": 0, "model": whole["model"]}
    sent = [{**chunk, "choices": [{"index": 0, "delta": d, "finish_reason": None}]} for d in deltas]
    sent.append({**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]})
    return "".join(f"data: {json.dumps(e, ensure_ascii=False)}\n\n" for e in sent) + "data: [DONE]\n\n"


def _pieces(text: str) -> list[str]:
    return [text[at : at + 7] for at in range(0, len(text), 7)]


@dataclass
class ScriptedEndpoint:
    """Use as a context manager; ``url`` goes into the settings, ``requests`` holds what came."""

    script: Sequence[Step]
    probe: Step = masters_calls
    requests: list[Request] = field(default_factory=list)
    probes: list[Request] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ScriptedEndpoint:
        endpoint, lock = self, Lock()
        self._closing = Event()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    if request["messages"][-1]["content"] == PROBED:
                        step = endpoint.probe
                        endpoint.probes.append(request)
                    else:
                        step = endpoint.script[min(len(endpoint.requests), len(endpoint.script) - 1)]
                        endpoint.requests.append(request)
                with suppress(BrokenPipeError, ConnectionResetError):  # the client may have given up
                    self._send(step if isinstance(step, Reply) else step(request), request)

            def _send(self, reply: Reply, request: Request) -> None:
                if reply.delay:
                    endpoint._closing.wait(reply.delay)
                streamed = bool(request.get("stream")) and reply.streams and reply.status == 200
                body = (_events(reply.body) if streamed and not reply.raw else reply.body).encode()
                if reply.bytes_sent != 0:
                    self.send_response(reply.status)
                    self.send_header("Content-Type", "text/event-stream" if streamed else "application/json")
                    if reply.blanks:
                        self.send_header("Content-Length", str(len(body) + int(reply.blanks / 0.05)))
                    else:
                        self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                for _ in range(int(reply.blanks / 0.05)):
                    self.wfile.write(b"\n")
                    self.wfile.flush()
                    if endpoint._closing.wait(0.05):
                        break
                self.wfile.write(body[: reply.bytes_sent])
                self.close_connection = True

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
