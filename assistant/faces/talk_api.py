"""The HTTP calls on conversations, receipts and the log of unanswered questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from assistant.faces import talk_forms as words
from assistant.faces.compliance_api import download
from assistant.faces.export_talk import MEDIA, LogFormat, TalkFormat, export_log, export_talk, file_name
from assistant.faces.service import Service
from assistant.faces.talk_forms import Talk
from assistant.faces.upload import Refusal
from assistant.like import group
from assistant.replay import NoReceipt


class Rename(BaseModel):
    """The name that a conversation is given."""

    model_config = ConfigDict(extra="forbid")
    title: str = Field(min_length=1, max_length=200)


class Settle(BaseModel):
    """Entries of the log by their numbers: dealt with, or open again."""

    model_config = ConfigDict(extra="forbid")
    numbers: list[Annotated[int, Field(ge=1, le=2**62)]] = Field(min_length=1, max_length=1000)
    done: bool = True


def serve_talks(api: FastAPI, service: Callable[[], Service]) -> None:
    """Register the calls on ``api``; ``service`` gives the opened service or raises."""

    @api.get("/api/v1/conversations")
    def conversations(
        limit: Annotated[int, Query(ge=1, le=1000)] = 100, skip: Annotated[int, Query(ge=0, le=2**31)] = 0
    ) -> dict[str, Any]:
        """Return the conversations that are kept, the one used last first, and how many there are in all."""
        talks = service().talks
        listed = talks.conversations(limit=limit, skip=skip)
        return {"conversations": [words.conversation_json(one) for one in listed], "total": talks.count()}

    @api.get("/api/v1/conversations/{thread:path}/export.{kind}", response_class=Response)
    @api.get("/download/conversation/{thread:path}/export.{kind}", include_in_schema=False)
    def export(thread: str, kind: TalkFormat) -> Response:
        """Return a conversation as docx, xlsx, md or json, with the source and formula of every number."""
        talk = _talk(service(), thread)
        return download(export_talk(talk, kind), file_name(talk, kind), kind, MEDIA[kind])

    @api.get("/api/v1/conversations/{thread:path}")
    def conversation(thread: str) -> dict[str, Any]:
        """Return a conversation with every question, answer and receipt."""
        return words.talk_json(_talk(service(), thread))

    @api.patch("/api/v1/conversations/{thread:path}")
    def rename(thread: str, body: Rename) -> dict[str, Any]:
        """Give a conversation a name."""
        talks = service().talks
        if not talks.rename(thread, body.title):
            raise _no_talk(thread)
        found = talks.conversation(thread)
        if found is None:
            raise _no_talk(thread)
        return words.conversation_json(found[0])

    @api.delete("/api/v1/conversations/{thread:path}")
    def delete(thread: str) -> dict[str, str]:
        """Delete a conversation with its receipts, for good."""
        if not service().talks.delete(thread):
            raise _no_talk(thread)
        return {"removed": thread}

    @api.get("/api/v1/receipts/{receipt}")
    def receipt(receipt: str) -> dict[str, Any]:
        """Return what was asked in which context, what the answer rested on, and the answer."""
        turn = service().talks.receipt(receipt)
        if turn is None:
            raise _no_receipt(receipt)
        return words.receipt_json(turn)

    @api.post("/api/v1/receipts/{receipt}/replay")
    def replay(receipt: str) -> dict[str, Any]:
        """Ask again: ``outcome`` is identical, same_figures or changed; ``changes`` name what is not as it was."""
        try:
            return words.replay_json(service().replay(receipt))
        except NoReceipt as error:
            raise _no_receipt(receipt) from error

    @api.get("/api/v1/unanswered")
    def unanswered(
        every: Annotated[bool, Query(alias="all", description="也要已处理的")] = False,
    ) -> dict[str, Any]:
        """Return the questions that found no answer, those that are alike in one group, the largest first."""
        groups = group(service().talks.unanswered(done=None if every else False))
        return {"groups": [words.group_json(one) for one in groups]}

    @api.get("/api/v1/unanswered/export.{kind}", response_class=Response)
    @api.get("/download/unanswered.{kind}", include_in_schema=False)
    def export_unanswered(kind: LogFormat) -> Response:
        """Return the whole log as xlsx, csv or json."""
        groups = group(service().talks.unanswered(done=None))
        return download(export_log(groups, kind), f"未答问题.{kind}", kind, MEDIA[kind])

    @api.patch("/api/v1/unanswered")
    def settle(body: Settle) -> dict[str, int]:
        """Mark entries as dealt with, or as open again; ``marked`` is how many of them there were."""
        return {"marked": service().talks.settle(body.numbers, done=body.done)}

    @api.delete("/api/v1/unanswered")
    def clear() -> dict[str, int]:
        """Delete the whole log."""
        return {"removed": service().talks.clear_unanswered()}


def _talk(service: Service, thread: str) -> Talk:
    found = service.talks.conversation(thread)
    if found is None:
        raise _no_talk(thread)
    return words.talk_of(found, service.report)


def _no_talk(thread: str) -> Refusal:
    hint = "用 GET /api/v1/conversations 查看已有的编号。"
    return Refusal(404, "not_found", f"没有编号为 {thread} 的对话。", hint)


def _no_receipt(receipt: str) -> Refusal:
    hint = "回执在答案的 receipt 里；对话删除后回执也不在了。"
    return Refusal(404, "not_found", f"没有编号为 {receipt} 的回执。", hint)
