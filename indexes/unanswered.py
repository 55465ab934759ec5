"""The log of questions that found no answer: the question, why, and what it was read as. Nobody is named in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from indexes.sqlite_file import SqliteFile

MOST = 20_000
"""Entries that are kept; those that are done go first, then the oldest."""

SCHEMA = """
create table if not exists unanswered (
    number integer primary key autoincrement, question text not null, status text not null, reason text not null,
    read_as text not null, at text not null, done text
);
create index if not exists unanswered_done on unanswered(done)
"""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was refused or asked back; times are UTC, ISO 8601; ``done`` when staff had dealt with it."""

    number: int
    question: str
    status: str
    reason: str
    read_as: Mapping[str, Any]
    at: str
    done: str | None


class Log:
    """The log in the file of the conversations; no entry says whose question it was or in which conversation."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def add(self, question: str, status: str, reason: str, read_as: Mapping[str, Any], at: str) -> None:
        record = json.dumps(read_as, ensure_ascii=False)
        with self._file.change() as connection:
            connection.execute(
                "insert into unanswered(question, status, reason, read_as, at) values (?, ?, ?, ?, ?)",
                (question, status, reason, record, at),
            )
            _bound(connection)

    def listed(self, *, done: bool | None = False) -> list[Unanswered]:
        """Return entries, oldest first: the open ones, with ``done`` those dealt with, with None both."""
        chosen = {None: "", False: "where done is null", True: "where done is not null"}[done]
        with self._file.session() as connection:
            found = connection.execute(
                f"select number, question, status, reason, read_as, at, done from unanswered {chosen} order by number"
            ).fetchall()
        return [
            Unanswered(number, question, status, reason, json.loads(record), at, dealt)
            for number, question, status, reason, record, at, dealt in found
        ]

    def settle(self, numbers: Collection[int], done: str | None) -> int:
        """Mark entries as dealt with at ``done``, or as open again with None; return how many there were."""
        with self._file.change() as connection:
            found = [
                connection.execute("update unanswered set done = ? where number = ?", (done, number)).rowcount
                for number in set(numbers)
            ]
        return sum(found)

    def clear(self) -> int:
        """Delete every entry; return how many there were."""
        with self._file.change() as connection:
            return connection.execute("delete from unanswered").rowcount


def _bound(connection: sqlite3.Connection) -> None:
    over = connection.execute("select count(*) - ? from unanswered", (MOST,)).fetchone()[0]
    if over > 0:
        connection.execute(
            "delete from unanswered where number in "
            "(select number from unanswered order by done is null, number limit ?)",
            (over,),
        )
