"""Conversations as the service has them: what was said before, what is kept of an answer, and what is logged."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from assistant.answer import Answer
from assistant.receipts import basis_of, receipt_number
from assistant.settings import Settings
from corpus.errors import JunhengError
from corpus.model import Report
from indexes.conversations import Conversation, Conversations, Turn, now
from indexes.errors import StoreError
from indexes.store import Store
from indexes.unanswered import Log, Unanswered

SPAN = 12
"""Turns before a question that it is read with."""
PASSING = 500
"""Conversations that are remembered without being kept, each with the turns of one span."""
_READ_AS = ("region", "period", "metric", "stages", "schools", "corrected")
"""Slots of a question's reading that the log of unanswered questions keeps."""


class Talks:
    """The conversations of one home. The file is opened when it is first needed; safe for several threads."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._lock = threading.Lock()
        self._opened: Conversations | None = None
        self._passing: OrderedDict[tuple[str, str], list[Turn]] = OrderedDict()

    def close(self) -> None:
        with self._lock:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    @property
    def file(self) -> Conversations:
        """The conversations that are kept; raises StoreError where the file cannot be used."""
        with self._lock:
            if self._opened is None:
                opened = Conversations(self._store.home)
                self._store.hand_over_turns(opened.adopt)
                self._opened = opened
            return self._opened

    # While asking

    def before(self, thread: str, owner: str, *, kept: bool) -> list[Turn]:
        """Return the turns that the next question of a conversation is read with, oldest first."""
        found = self.file.turns(thread, owner=owner, last=SPAN) if kept and self._keeps else []
        with self._lock:
            return [*found, *self._passing.get((owner, thread), ())][-SPAN:]

    def keep(
        self,
        answer: Answer,
        question: str,
        said: str,
        past: Sequence[Turn],
        *,
        owner: str,
        kept: bool,
        store_version: int,
    ) -> Answer:
        """Keep a turn with its receipt, and log it if it found no answer; return the answer with the receipt's number.

        Where the disk refuses, the answer is given all the same, with a warning, and is remembered by this process.
        ``kept`` False (a trial run) leaves no trace.
        """
        at = now()
        if not kept:
            self._remember(answer, Turn(question, answer.as_json(), at, None, {"said": said}), owner)
            return answer
        texts = [str(turn.answer.get("text", "")) for turn in past]
        basis = basis_of(
            said, [turn.said for turn in past], texts, answer, self._cited(answer), store=self._store.id,
            store_version=store_version, embedding=self._store.embedder.name, model=self._settings.llm_model,
        )  # fmt: skip
        number = receipt_number(owner, question, at, answer.as_json(), basis)
        done = replace(answer, receipt=number) if self._keeps else answer
        turn = Turn(question, done.as_json(), at, done.receipt, basis)
        try:
            self._write(done, turn, owner)
        except StoreError as error:
            self._remember(answer, replace(turn, receipt=None), owner)
            return replace(answer, warnings=(*answer.warnings, f"这次问答没有存入对话记录：{error}"))
        if not self._keeps:
            self._remember(answer, turn, owner)
        return done

    @property
    def _keeps(self) -> bool:
        return self._settings.max_conversations > 0

    def _write(self, answer: Answer, turn: Turn, owner: str) -> None:
        logged = self._settings.log_unanswered and answer.status != "answered"
        if not (self._keeps or logged):
            return
        with self.file.file.change():  # turn and log entry at once
            if self._keeps:
                most = self._settings.max_conversations
                self.file.add(answer.thread_id, turn, owner=owner, most=most)
            if logged:
                reason = answer.reason or "not_reported"
                self._log.add(turn.said, answer.status, reason, read_as(answer.context), turn.at)

    def _remember(self, answer: Answer, turn: Turn, owner: str) -> None:
        with self._lock:
            turns = self._passing.setdefault((owner, answer.thread_id), [])
            turns.append(turn)
            del turns[:-SPAN]
            self._passing.move_to_end((owner, answer.thread_id))
            while len(self._passing) > PASSING:
                self._passing.popitem(last=False)

    def _cited(self, answer: Answer) -> list[Report]:
        ids = dict.fromkeys(citation.report_id for citation in answer.citations)
        return [report for one in ids if (report := self._store.report(one)) is not None]

    # Afterwards

    def conversations(self, *, owner: str = "", limit: int = 100, skip: int = 0) -> list[Conversation]:
        """Return conversations, the one that was used last first."""
        return self.file.listed(owner=owner, limit=limit, skip=skip)

    def count(self, *, owner: str = "") -> int:
        """Return how many conversations there are."""
        return self.file.count(owner=owner)

    def conversation(self, thread: str, *, owner: str = "") -> tuple[Conversation, list[Turn]] | None:
        """Return a conversation with its turns, oldest first; None if there is none of this id."""
        found = self.file.find(thread, owner=owner)
        return None if found is None else (found, self.file.turns(thread, owner=owner))

    def rename(self, thread: str, title: str, *, owner: str = "") -> bool:
        """Give a conversation a name; False if there is none of this id. Raises JunhengError for no name."""
        name = " ".join(title.split())[:200]
        if not name:
            raise JunhengError("对话的名称是空的，请写一个名称")
        return self.file.rename(thread, name, owner=owner)

    def delete(self, thread: str, *, owner: str = "") -> bool:
        """Take a conversation out with its receipts, for good; False if there is none of this id."""
        with self._lock:
            passing = self._passing.pop((owner, thread), None)
        return self.file.delete(thread, owner=owner) or passing is not None

    def receipt(self, number: str, *, owner: str = "") -> Turn | None:
        """Return the turn of a receipt. Raises JunhengError where the record is not what the number says."""
        turn = self.file.receipt(number, owner=owner)
        if turn is None:
            return None
        if receipt_number(owner, turn.question, turn.at, turn.answer, turn.basis) != number:
            raise JunhengError(f"回执 {number} 的内容与编号不符，对话记录可能被改动过，不能据以复核")
        return turn

    def state(self) -> list[tuple[str, str, str]]:
        """Return (item, state, detail) lines for ``junheng doctor``."""
        found = []
        most = self._settings.max_conversations
        try:
            said = f"{self.count()}次，最多保存{most}次"
            found.append(
                ("对话记录", *(("ok", said) if most else ("off", "JUNHENG_MAX_CONVERSATIONS 设为 0")))
            )
            waiting = f"{len(self.unanswered())}条未处理"
            logged = self._settings.log_unanswered
            said = waiting if logged else f"JUNHENG_LOG_UNANSWERED 已关闭，{waiting}"
            found.append(("未答问题", "ok" if logged else "off", said))
        except StoreError as error:
            found.append(("对话记录", "degraded", str(error)))
        return found

    @property
    def _log(self) -> Log:
        return Log(self.file.file)

    def unanswered(self, *, done: bool | None = False) -> list[Unanswered]:
        """Return the questions that found no answer, oldest first: the open ones, those dealt with, or both."""
        return self._log.listed(done=done)

    def settle(self, numbers: Sequence[int], *, done: bool = True) -> int:
        """Mark logged questions as dealt with, or as open again; return how many of them there were."""
        return self._log.settle(numbers, now() if done else None)

    def clear_unanswered(self) -> int:
        """Delete the log of unanswered questions; return how many there were."""
        return self._log.clear()


def read_as(context: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a question was read as: the slots of an answer's context that are filled."""
    return {slot: context[slot] for slot in _READ_AS if context.get(slot) not in (None, "", [], ())}
