"""The rows of a document in SQLite: put in, taken out, read; and what is derived from them made again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from corpus.model import Document, Fact, Passage, Report
from indexes import lexical, records
from indexes.embedded import Vectors
from indexes.vectors import Added, Dropped, Table, pack


def fingerprint(document: Document) -> str:
    """Return a mark of everything read from a document, wherever it lay."""
    unplaced = replace(document, report=replace(document.report, source=""))
    return hashlib.sha256(records.dump(unplaced).encode("utf-8", "surrogatepass")).hexdigest()


def insert_document(
    connection: sqlite3.Connection,
    document: Document,
    mark: str,
    original: bytes | None,
    vectors: tuple[Vectors, Vectors],
) -> Added:
    """Put in a report with its passages, facts and words; return what Chroma has to take over."""
    report = document.report
    connection.execute(
        "insert into report(id, title, record, fingerprint, original) values (?, ?, ?, ?, ?) "
        "on conflict(id) do update set title = excluded.title, record = excluded.record, "
        "fingerprint = excluded.fingerprint, original = coalesce(excluded.original, original)",
        (report.id, report.title, records.dump(report), mark, original),
    )
    passages, facts = document.passages, document.facts
    rows = [
        _insert(
            connection, "insert into passage(report_id, record, vector) values (?, ?, ?)", report.id, *pair
        )
        for pair in zip(map(records.dump, passages), map(pack, vectors[0]), strict=True)
    ]
    lexical.add_words(connection, zip(rows, (passage.text for passage in passages), strict=True))
    triples = zip((fact.id for fact in facts), map(records.dump, facts), map(pack, vectors[1]), strict=True)
    statement = "insert into fact(report_id, id, record, vector) values (?, ?, ?, ?)"
    fact_rows = [_insert(connection, statement, report.id, *triple) for triple in triples]
    return {
        "passage": (rows, [report.id] * len(rows), vectors[0]),
        "fact": (fact_rows, [report.id] * len(fact_rows), vectors[1]),
    }


def _insert(connection: sqlite3.Connection, statement: str, *values: str | bytes) -> int:
    row = connection.execute(statement, values).lastrowid
    assert row is not None
    return row


def delete_rows(connection: sqlite3.Connection, report_id: str) -> Dropped:
    """Take out what hangs on a report; return the rows Chroma has to drop."""
    dropped: Dropped = {
        "passage": rows_of(connection, "passage", [report_id]),
        "fact": rows_of(connection, "fact", [report_id]),
    }
    lexical.drop_words(connection, _texts(connection, dropped["passage"]))
    for table in dropped:
        connection.execute(f"delete from {table} where report_id = ?", (report_id,))
    return dropped


def delete_report(connection: sqlite3.Connection, report_id: str) -> Dropped:
    """Take out a report, what hangs on it, and its sources; return the rows Chroma has to drop."""
    dropped = delete_rows(connection, report_id)
    connection.execute("delete from report where id = ?", (report_id,))
    return dropped


def release_source(connection: sqlite3.Connection, source: str) -> str | None:
    """Forget a source; return the id of the report that no source holds any more, if it was the last one."""
    found = connection.execute("delete from source where name = ? returning report_id", (source,)).fetchone()
    if found is None or connection.execute("select 1 from source where report_id = ?", found).fetchone():
        return None
    return str(found[0])


def rows_of(connection: sqlite3.Connection, table: Table, report_ids: Collection[str]) -> list[int]:
    """Return the row numbers of some reports."""
    found = connection.execute(
        f"select row from {table} where report_id in (select value from json_each(?))",
        (json.dumps(list(report_ids)),),
    )
    return [row for (row,) in found]


def read_records(connection: sqlite3.Connection, table: Table, rows: Iterable[int]) -> dict[int, str]:
    """Return the records of a few rows."""
    chosen = json.dumps(list(rows))
    found = connection.execute(
        f"select row, record from {table} where row in (select value from json_each(?))", (chosen,)
    )
    return dict(found.fetchall())


def read_reports(connection: sqlite3.Connection) -> dict[str, Report]:
    """Return all current reports by id, ordered by title."""
    found = connection.execute(
        "select id, record from report where id not in (select report_id from edition) order by title, id"
    )
    return {key: records.load(Report, record) for key, record in found}


def read_facts(connection: sqlite3.Connection) -> dict[int, Fact]:
    """Return all facts by row number, in the order they were read."""
    found = connection.execute("select row, record from fact order by row")
    return {row: records.load(Fact, record) for row, record in found}


def read_facts_of(connection: sqlite3.Connection, report_id: str) -> tuple[Fact, ...]:
    """Return the facts of one report, in the order they were read."""
    found = connection.execute("select record from fact where report_id = ? order by row", (report_id,))
    return tuple(records.load(Fact, record) for (record,) in found)


def read_facts_named(connection: sqlite3.Connection, fact_ids: Collection[str]) -> tuple[Fact, ...]:
    """Return the facts of some ids."""
    found = connection.execute(
        "select record from fact where id in (select value from json_each(?)) order by row",
        (json.dumps(list(fact_ids)),),
    )
    return tuple(records.load(Fact, record) for (record,) in found)


def rebuild_words(connection: sqlite3.Connection) -> None:
    """Make the lexical index again, after its tokens have changed."""
    connection.execute("insert into lexical(lexical) values ('delete-all')")
    found = connection.execute("select row from passage order by row").fetchall()
    lexical.add_words(connection, _texts(connection, [row for (row,) in found]))


def replace_vectors(
    connection: sqlite3.Connection, table: Table, rows: Sequence[int], vectors: Vectors
) -> None:
    """Put other vectors in place."""
    pairs = zip(map(pack, vectors), rows, strict=True)
    connection.executemany(f"update {table} set vector = ? where row = ?", pairs)


def _texts(connection: sqlite3.Connection, rows: Sequence[int]) -> Iterable[tuple[int, str]]:
    for start in range(0, len(rows), 1000):
        found = read_records(connection, "passage", rows[start : start + 1000])
        yield from ((row, records.load(Passage, record).text) for row, record in found.items())
