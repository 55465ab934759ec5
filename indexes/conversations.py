"""Conversations in a file of their own in the home: whose they are, their turns, and what each answer rested on.

A file of its own because it holds personal data, which one wants to protect, back up and delete apart from what is
known, and because a question must not wait for a long import to finish writing. What is deleted is overwritten.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexes import unanswered
from indexes.database import get_meta, set_meta
from indexes.errors import StoreError
from indexes.sqlite_file import SqliteFile, run_script

FILE = "conversations.sqlite3"
FORMAT = 1
TURNS = 200
"""Turns that are kept of one conversation; the oldest go first."""
TITLE = 60
"""Characters of the first question that name a conversation until a person gives it a name."""

SCHEMA = f"""
create table if not exists meta (key text primary key, value text not null) without rowid;
create table if not exists conversation (
    number integer primary key autoincrement, owner text not null, id text not null,
    title text not null, begun text not null, changed text not null, unique (owner, id)
);
create index if not exists conversation_changed on conversation(owner, changed);
create table if not exists turn (
    row integer primary key autoincrement,
    conversation integer not null references conversation(number) on delete cascade,
    receipt text unique, question text not null, at text not null, answer blob not null, basis blob not null
);
create index if not exists turn_conversation on turn(conversation);
{unanswered.SCHEMA}
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer (plain JSON). ``basis`` is what the answer rested on, ``said`` in it how it was read.

    ``at`` is the time of the answer (UTC, ISO 8601). Turns of earlier versions have neither receipt nor basis.
    """

    question: str
    answer: Mapping[str, Any]
    at: str
    receipt: str | None = None
    basis: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> str:
        return str(self.basis.get("said", self.question))


@dataclass(frozen=True, slots=True)
class Conversation:
    """``owner`` is "" where nobody signs in; times are UTC, ISO 8601; ``turns`` how many are kept."""

    id: str
    owner: str
    title: str
    begun: str
    changed: str
    turns: int


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds")


class Conversations:
    """The conversations of a home. Every call is for one owner, who neither sees nor changes those of others."""

    def __init__(self, home: Path) -> None:
        """Open the file, making it where it is missing; raises StoreError."""
        self.file = SqliteFile(
            home, FILE, "对话记录", lambda connection: _prepare(home, connection), private=True
        )

    def close(self) -> None:
        self.file.close()

    def add(self, thread: str, turn: Turn, *, owner: str = "", most: int) -> None:
        """Put a turn at the end of a conversation, which begins with it if need be: kept when this returns.

        ``most``: conversations kept of an owner; those that were longest left alone go.
        """
        with self.file.change() as connection:
            number = _begin(connection, owner, thread, turn)
            _insert(connection, number, turn)
            _bound(connection, owner, number, most)

    def adopt(self, turns: Sequence[tuple[str, str, str]]) -> None:
        """Take over (conversation, question, answer as JSON) from where earlier versions kept them; once each."""
        at = now()
        with self.file.change() as connection:
            found = connection.execute("select id from conversation where owner = ''")
            known = {str(thread) for (thread,) in found}
            for thread, question, answer in turns:
                if thread not in known:
                    turn = Turn(question, json.loads(answer), at)
                    _insert(connection, _begin(connection, "", thread, turn), turn)

    def turns(self, thread: str, *, owner: str = "", last: int | None = None) -> list[Turn]:
        """Return a conversation, oldest turn first; ``last``: that many of its end. Empty if there is none."""
        with self.file.session() as connection:
            found = connection.execute(
                "select question, answer, at, receipt, basis from turn where conversation = "
                "(select number from conversation where owner = ? and id = ?) order by row desc limit ?",
                (owner, thread, -1 if last is None else last),
            ).fetchall()
        return [_turn(row) for row in reversed(found)]

    def find(self, thread: str, *, owner: str = "") -> Conversation | None:
        """Return what a conversation is called and how long it is."""
        with self.file.session() as connection:
            row = connection.execute(f"{_LISTED} where owner = ? and id = ?", (owner, thread)).fetchone()
        return None if row is None else Conversation(*row)

    def listed(self, *, owner: str = "", limit: int = 100, skip: int = 0) -> list[Conversation]:
        """Return conversations, the one that was used last first."""
        with self.file.session() as connection:
            found = connection.execute(
                f"{_LISTED} where owner = ? order by changed desc, number desc limit ? offset ?",
                (owner, limit, skip),
            ).fetchall()
        return [Conversation(*row) for row in found]

    def count(self, *, owner: str = "") -> int:
        with self.file.session() as connection:
            found = connection.execute(
                "select count(*) from conversation where owner = ?", (owner,)
            ).fetchone()
        return int(found[0])

    def rename(self, thread: str, title: str, *, owner: str = "") -> bool:
        """Give a conversation a name; False if there is none of this id."""
        with self.file.change() as connection:
            done = connection.execute(
                "update conversation set title = ? where owner = ? and id = ?", (title, owner, thread)
            )
        return done.rowcount > 0

    def delete(self, thread: str, *, owner: str = "") -> bool:
        """Take a conversation out with its receipts, for good; False if there is none of this id."""
        with self.file.change() as connection:
            done = connection.execute("delete from conversation where owner = ? and id = ?", (owner, thread))
        self._forget_log()
        return done.rowcount > 0

    def receipt(self, receipt: str, *, owner: str = "") -> Turn | None:
        """Return the turn that a receipt is for."""
        with self.file.session() as connection:
            row = connection.execute(
                "select question, answer, at, receipt, basis from turn "
                "join conversation on number = conversation where receipt = ? and owner = ?",
                (receipt, owner),
            ).fetchone()
        return None if row is None else _turn(row)

    def _forget_log(self) -> None:
        """Empty the write-ahead log, which still holds what was deleted; left for later if somebody is reading."""
        with suppress(StoreError), self.file.idle() as connection:
            connection.execute("pragma wal_checkpoint(truncate)")


_LISTED = (
    "select id, owner, title, begun, changed, "
    "(select count(*) from turn where conversation = number) from conversation"
)


def _prepare(home: Path, connection: sqlite3.Connection) -> None:
    connection.execute("pragma secure_delete = on")
    if connection.execute("select count(*) from sqlite_schema where name = 'meta'").fetchone()[0]:
        found = int(get_meta(connection, "format") or 0)
        if found > FORMAT:
            raise StoreError(
                f"对话记录 {home / FILE} 由更新的版本写成（格式 {found}，本程序只懂到 {FORMAT}）；请升级程序"
            )
        if found == FORMAT:
            return
    connection.execute("begin immediate")
    try:
        run_script(connection, SCHEMA)
        set_meta(connection, "format", str(FORMAT))
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def _begin(connection: sqlite3.Connection, owner: str, thread: str, turn: Turn) -> int:
    """Return the number of a conversation that ``turn`` is about to be added to."""
    title = " ".join(turn.question.split())
    title = title if len(title) <= TITLE else title[: TITLE - 1] + "…"
    row = connection.execute(
        "insert into conversation(owner, id, title, begun, changed) values (?, ?, ?, ?, ?) "
        "on conflict(owner, id) do update set changed = excluded.changed returning number",
        (owner, thread, title, turn.at, turn.at),
    ).fetchone()
    return int(row[0])


def _insert(connection: sqlite3.Connection, number: int, turn: Turn) -> None:
    connection.execute(
        "insert into turn(conversation, receipt, question, at, answer, basis) values (?, ?, ?, ?, ?, ?)",
        (number, turn.receipt, turn.question, turn.at, _pack(turn.answer), _pack(turn.basis)),
    )


def _bound(connection: sqlite3.Connection, owner: str, number: int, most: int) -> None:
    """Drop the oldest turns of a long conversation, and the conversations that were longest left alone."""
    connection.execute(
        "delete from turn where conversation = ?1 and row <= "
        "(select row from turn where conversation = ?1 order by row desc limit 1 offset ?2)",
        (number, TURNS),
    )
    connection.execute(
        "delete from conversation where number in (select number from conversation where owner = ? "
        "order by changed desc, number desc limit -1 offset ?)",
        (owner, most),
    )


def _pack(value: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _turn(row: tuple[str, bytes, str, str | None, bytes]) -> Turn:
    question, answer, at, receipt, basis = row
    return Turn(question, _unpack(answer), at, receipt, _unpack(basis))


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
