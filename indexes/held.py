"""Which reports were current at which version of the store: what an answer was given on can be named later.

A version is noted when somebody asks at it, so the table grows with what changed between questions, not with
the number of questions.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from indexes import editions

SCHEMA = """
create table if not exists held (
    report_id text not null, fingerprint text not null, title text not null,
    since integer not null, until integer
);
create index if not exists held_report on held(report_id, until);
create index if not exists held_until on held(until);
"""

_CURRENT = f"report where id not in (select report_id from {editions.TABLE})"


@dataclass(frozen=True, slots=True)
class Held:
    """A report as it was current from version ``since`` until (not at) ``until``; None while it still is.

    ``fingerprint`` is a mark of everything that was read from it: another one of the same id is the same text, read
    otherwise or described otherwise.
    """

    report_id: str
    fingerprint: str
    title: str
    since: int
    until: int | None


def is_noted(connection: sqlite3.Connection, version: int) -> bool:
    """Tell whether what is held at ``version`` is noted."""
    found = connection.execute("select value from meta where key = 'held'").fetchone()
    return found is not None and int(found[0]) == version


def note(connection: sqlite3.Connection, version: int) -> None:
    """Note what is held now, at ``version``; inside a transaction that may write."""
    connection.execute(
        "update held set until = ? where until is null and not exists "
        f"(select 1 from {_CURRENT} and id = held.report_id and fingerprint = held.fingerprint)",
        (version,),
    )
    connection.execute(
        f"insert into held select id, fingerprint, title, ?, null from {_CURRENT} and not exists "
        "(select 1 from held where until is null and report_id = id)",
        (version,),
    )
    connection.execute("insert or replace into meta values ('held', ?)", (str(version),))


def read(connection: sqlite3.Connection, version: int) -> dict[str, Held]:
    """Return by id what was held at a version that was noted."""
    found = connection.execute(
        "select report_id, fingerprint, title, since, until from held "
        "where since <= ?1 and (until is null or until > ?1)",
        (version,),
    )
    return {row[0]: Held(*row) for row in found}
