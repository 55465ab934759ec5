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

from indexes import editions, lexical
from indexes.errors import StoreBusy, StoreError

T = TypeVar("T")

FORMAT = 2
"""The layout of the tables. A file with a higher number was written by a newer version; one with a lower number
gets the tables that it lacks (2: earlier versions of reports)."""
FILE = "junheng.sqlite3"

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
create table if not exists turn (
    row integer primary key autoincrement,
    thread_id text not null, question text not null, answer text not null
);
create index if not exists turn_thread on turn(thread_id);
{editions.SCHEMA}
{lexical.SCHEMA}
"""


class Database:
    """The open file with its locks: many threads share one connection, one process writes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.RLock()  # one thread at a time on the connection
        self._turn = threading.RLock()  # one writing thread at a time
        self._cache: dict[str, tuple[int, Any]] = {}
        try:
            home.mkdir(parents=True, exist_ok=True)
            self._file_lock = FileLock(home / "write.lock")
            with telling(home):
                self._connection = sqlite3.connect(
                    home / FILE, timeout=30, isolation_level=None, check_same_thread=False
                )
                try:
                    self._prepare()
                except BaseException:
                    self._connection.close()
                    raise
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(
                f"资料库文件夹 {home} 用不了：{why}；请检查路径和写权限，或用 --home 另选一个"
            ) from error

    def close(self) -> None:
        with self._lock:
            self._cache.clear()
            self._connection.close()

    @contextmanager
    def session(self) -> Iterator[sqlite3.Connection]:
        """Read: all that is read inside belongs to one moment."""
        with self._transaction("begin") as connection:
            yield connection

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """Write: everything inside happens, or nothing of it."""
        with self._transaction("begin immediate") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, telling(self.home):
            connection = self._connection
            if connection.in_transaction:  # inside another session of this thread
                yield connection
                return
            connection.execute(begin)
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                if connection.in_transaction:  # a full disk makes SQLite roll back by itself
                    connection.execute("rollback")
                raise

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

    def _prepare(self) -> None:
        connection = self._connection
        connection.execute("pragma foreign_keys = on")
        if connection.execute("pragma journal_mode").fetchone()[0] != "wal":
            connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")  # safe against a kill; WAL keeps the file whole
        if connection.execute("select count(*) from sqlite_schema where name = 'meta'").fetchone()[0]:
            found = int(get_meta(connection, "format") or 0)
            if found > FORMAT:
                raise StoreError(
                    f"资料库 {self.home} 由更新的版本写成（格式 {found}，本程序只懂到 {FORMAT}）；"
                    "请升级程序，或用 --home 另选一个"
                )
            if found == FORMAT:
                return
        with self.change():
            for statement in SCHEMA.split(";\n"):  # executescript would commit by itself
                if statement.strip():
                    connection.execute(statement)
            fresh = {"format": FORMAT, "version": 0, "id": uuid.uuid4().hex, "lexical": lexical.signature()}
            for key, value in fresh.items():
                connection.execute("insert or ignore into meta values (?, ?)", (key, str(value)))
            set_meta(connection, "format", str(FORMAT))


@contextmanager
def telling(home: Path) -> Iterator[None]:
    """Turn what SQLite raises into one line for a person."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_explain(error, home)) from error


def _explain(error: sqlite3.Error, home: Path) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"磁盘已满，资料库 {home} 没有写入任何内容；请腾出空间后重试"
    if code == sqlite3.SQLITE_IOERR:  # also where there is no room for the shared memory of a reader
        return f"磁盘已满或有故障，资料库 {home} 现在读写不了；请腾出空间、检查磁盘后重试"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return f"资料库文件 {home / FILE} 已损坏；请移走它（保留备份）后重新导入，或从备份恢复"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"资料库 {home} 正被另一个程序占用；请稍后重试"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"资料库文件夹 {home} 不能写入；请检查权限，或用 --home 另选一个"
    return f"资料库 {home} 读写出错（{error}）；请检查磁盘后重试"


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
