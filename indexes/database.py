"""The SQLite file of a store: its tables, how it is opened, and what its errors mean to a person."""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from indexes import editions, held, lexical
from indexes.errors import StoreBusy, StoreError
from indexes.sqlite_file import FILE as FILE
from indexes.sqlite_file import SqliteFile, run_script
from indexes.sqlite_file import telling as telling

T = TypeVar("T")

FORMAT = 3
"""The layout of the tables. A file with a higher number was written by a newer version; one with a lower number
gets the tables that it lacks (2: earlier versions of reports; 3: what was held at which version)."""

# Row numbers are never used twice (autoincrement): they are the ids in Chroma, where the vector of
# a row that is gone must not be taken for that of a new one.
SCHEMA = f"""
create table if not exists meta (key text primary key, value text not null) without rowid;
create table if not exists report (
    id text primary key, title text not null, record text not null, fingerprint text not null, original blob
) without rowid;
create table if not exists source (
    name text primary key, digest text not null,
    report_id text not null references report(id) on delete cascade
) without rowid;
create index if not exists source_report on source(report_id);
create table if not exists passage (
    row integer primary key autoincrement,
    report_id text not null references report(id) on delete cascade,
    record text not null, vector blob not null
);
create index if not exists passage_report on passage(report_id);
create table if not exists fact (
    row integer primary key autoincrement,
    report_id text not null references report(id) on delete cascade, id text not null,
    record text not null, vector blob not null
);
create index if not exists fact_report on fact(report_id);
create index if not exists fact_id on fact(id);
{editions.SCHEMA}
{held.SCHEMA}
{lexical.SCHEMA}
"""


class Database(SqliteFile):
    """The open file with its locks: many threads share one connection, one process writes."""

    def __init__(self, home: Path) -> None:
        self._turn = threading.RLock()  # one writing thread at a time
        self._cache: dict[str, tuple[int, Any]] = {}
        super().__init__(home, FILE, "资料库", lambda connection: _prepare(home, connection))
        self._file_lock = FileLock(home / "write.lock")

    def close(self) -> None:
        with self._lock:
            self._cache.clear()
        super().close()

    @contextmanager
    def writing(self, patience: float) -> Iterator[None]:
        """Be the one that writes, among threads and among processes; wait ``patience`` seconds for it."""
        with self._turn:
            try:
                self._file_lock.acquire(timeout=patience)
            except Timeout as error:
                raise StoreBusy(f"另一个程序正在写入资料库 {self.home}；请等它结束后重试") from error
            except OSError as error:
                why = error.strerror or str(error)
                raise StoreError(f"资料库文件夹 {self.home} 不能写入：{why}；请检查权限") from error
            try:
                yield
            finally:
                self._file_lock.release()

    def cached(self, key: str, read: Callable[[sqlite3.Connection], T]) -> T:
        """Return what ``read`` reads, kept until the version rises."""
        with self.session() as connection:
            version = get_version(connection)
            kept = self._cache.get(key)
            if kept is None or kept[0] != version:
                kept = self._cache[key] = (version, read(connection))
            value: T = kept[1]
            return value


def _prepare(home: Path, connection: sqlite3.Connection) -> None:
    """Make the tables that a file lacks; raise StoreError where a newer version wrote it."""
    if connection.execute("select count(*) from sqlite_schema where name = 'meta'").fetchone()[0]:
        found = int(get_meta(connection, "format") or 0)
        if found > FORMAT:
            raise StoreError(
                f"资料库 {home} 由更新的版本写成（格式 {found}，本程序只懂到 {FORMAT}）；"
                "请升级程序，或用 --home 另选一个"
            )
        if found == FORMAT:
            return
    connection.execute("begin immediate")
    try:
        run_script(connection, SCHEMA)
        fresh = {"format": FORMAT, "version": 0, "id": uuid.uuid4().hex, "lexical": lexical.signature()}
        for key, value in fresh.items():
            connection.execute("insert or ignore into meta values (?, ?)", (key, str(value)))
        set_meta(connection, "format", str(FORMAT))
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise


def get_meta(connection: sqlite3.Connection, key: str) -> str | None:
    """Return what is noted under ``key``."""
    found = connection.execute("select value from meta where key = ?", (key,)).fetchone()
    return None if found is None else str(found[0])


def set_meta(connection: sqlite3.Connection, key: str, value: str) -> None:
    """Note ``value`` under ``key``."""
    connection.execute("insert or replace into meta values (?, ?)", (key, value))


def get_version(connection: sqlite3.Connection) -> int:
    """Return the number that rises with every change of what is stored."""
    return int(get_meta(connection, "version") or 0)
