"""Earlier versions of reports: kept with their originals, but out of every index, so that no answer leans on them."""

from __future__ import annotations

import datetime as dt
import sqlite3
from dataclasses import dataclass

from corpus.model import Report
from indexes import records, rows
from indexes.vectors import Dropped

TABLE = "edition"
SCHEMA = """
create table if not exists edition (
    report_id text primary key references report(id) on delete cascade,
    superseded_by text not null, superseded_at text not null
) without rowid;
create index if not exists edition_by on edition(superseded_by);
"""


@dataclass(frozen=True, slots=True)
class Edition:
    """An earlier version: ``report`` as it was, the id of the version that took its place, and when (UTC)."""

    report: Report
    superseded_by: str
    superseded_at: str


def supersede(connection: sqlite3.Connection, old: str, new: str) -> Dropped:
    """Take a report out of all indexes in favour of ``new``; return the rows Chroma has to drop."""
    dropped = rows.delete_rows(connection, old)
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    connection.execute("delete from edition where report_id = ?", (new,))  # it is current, whatever it was
    connection.execute("insert or replace into edition values (?, ?, ?)", (old, new, now))
    connection.execute("update edition set superseded_by = ? where superseded_by = ?", (new, old))
    return dropped


def is_superseded(connection: sqlite3.Connection, report_id: str) -> bool:
    """Tell whether a report is kept as an earlier version only."""
    found = connection.execute("select 1 from edition where report_id = ?", (report_id,)).fetchone()
    return found is not None


def reinstate(connection: sqlite3.Connection, report_id: str) -> None:
    """Make an earlier version a current report again; its rows have to be put in anew."""
    connection.execute("delete from edition where report_id = ?", (report_id,))


def read_editions(connection: sqlite3.Connection) -> tuple[Edition, ...]:
    """Return all earlier versions, the latest first."""
    found = connection.execute(
        "select record, superseded_by, superseded_at from edition join report on report.id = report_id "
        "order by superseded_at desc, report_id"
    )
    return tuple(Edition(records.load(Report, record), by, at) for record, by, at in found)
