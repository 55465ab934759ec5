"""How conversations, receipts and the log of unanswered questions look outside, as JSON and in Chinese words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.answer import Answer
from assistant.faces import forms
from assistant.like import Group
from assistant.replay import Replay
from corpus.model import Report
from indexes.conversations import Conversation, Turn
from indexes.unanswered import Unanswered

OUTCOMES = {
    "identical": "一致：数字、出处、算式逐字节相同",
    "same_figures": "数字与依据相同，文字有变动",
    "changed": "有变化",
}


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation as it is shown and exported; ``reports`` are the cited ones that are still stored, by id."""

    conversation: Conversation
    turns: tuple[tuple[Turn, Answer], ...]
    reports: dict[str, Report]


def talk_of(found: tuple[Conversation, Sequence[Turn]], report: Any) -> Talk:
    """Put a conversation together; ``report`` gives a stored report by its id, or None."""
    turns = tuple((turn, Answer.from_json(turn.answer)) for turn in found[1])
    ids = dict.fromkeys(citation.report_id for _, answer in turns for citation in answer.citations)
    reports = {one: kept for one in ids if (kept := report(one)) is not None}
    return Talk(found[0], turns, reports)


def conversation_json(one: Conversation) -> dict[str, Any]:
    return {"id": one.id, "title": one.title, "begun": one.begun, "changed": one.changed, "turns": one.turns}


def talk_json(talk: Talk) -> dict[str, Any]:
    """Return a conversation with every answer whole, and the reports that are cited with their digests."""
    return {
        **conversation_json(talk.conversation),
        "turns": [
            {
                "question": turn.question,
                "said": turn.said,
                "at": turn.at,
                "receipt": turn.receipt,
                "answer": answer.as_json(),
            }
            for turn, answer in talk.turns
        ],
        "reports": [
            {
                "id": report.id,
                "title": report.title,
                "source": report.source,
                "region": report.region,
                "year": report.year,
                "text_sha256": report.text_sha256,
            }
            for report in talk.reports.values()
        ],
    }


def receipt_json(turn: Turn) -> dict[str, Any]:
    """Return a receipt: what was asked in which context, what it rested on, and the answer."""
    return {
        "receipt": turn.receipt,
        "question": turn.question,
        "at": turn.at,
        "basis": dict(turn.basis),
        "answer": dict(turn.answer),
    }


def replay_json(replay: Replay) -> dict[str, Any]:
    return asdict(replay)


def replay_lines(replay: Replay) -> Iterable[str]:
    """Say what asking again gave, a line each: the outcome, the differences, what has changed since."""
    yield f"回执 {replay.receipt}（{local(replay.at)}）：{replay.question}"
    yield f"结果：{OUTCOMES[replay.outcome]}"
    yield from (f"不同：{line}" for line in replay.differences)
    for change in replay.changes:
        yield f"{'原因' if change.decisive else '此后'}：{change.message}"
    if replay.then.get("citations"):
        state = "当时引用的原文仍能逐字查到" if replay.proven else "当时引用的原文有的已查不到"
        yield f"出处：{state}"


def unanswered_json(one: Unanswered) -> dict[str, Any]:
    return {
        "number": one.number,
        "question": one.question,
        "status": one.status,
        "reason": one.reason,
        "read_as": dict(one.read_as),
        "at": one.at,
        "done": one.done,
    }


def group_json(group: Group) -> dict[str, Any]:
    """Return questions that are alike: the newest as example, how many, and each with what it was read as."""
    return {
        "question": group.newest.question,
        "status": group.newest.status,
        "reason": group.newest.reason,
        "count": len(group.entries),
        "last": group.newest.at,
        "entries": [unanswered_json(one) for one in group.entries],
    }


def reason_words(reason: str | None) -> str:
    return forms.REASON_WORDS.get(reason or "", reason or "")


def read_as_words(one: Unanswered) -> str:
    """Say what a question was read as: 地区 甲县；时间 2022年；指标 教育支出."""
    names = {"stages": "学段", "schools": "学校", "corrected": "改正", **forms.SLOT_WORDS}
    said = []
    for slot, value in one.read_as.items():
        items = value if isinstance(value, list) else [value]
        words = "、".join(
            "→".join(map(str, item)) if isinstance(item, list) else _said(slot, str(item)) for item in items
        )
        said.append(f"{names.get(slot, slot)} {words}")
    return "；".join(said)


def _said(slot: str, value: str) -> str:
    if slot == "period":
        return forms.period_words(value)
    return forms.VALUE_WORDS.get(value, value)


def local(at: str) -> str:
    """Write a stored time (UTC) as the clock on the wall shows it: 2030-01-31 09:05."""
    try:
        return dt.datetime.fromisoformat(at).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return at
