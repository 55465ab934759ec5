"""A SQLite file that many threads and processes share, and what its errors mean to a person."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from indexes.errors import StoreError

FILE = "junheng.sqlite3"
"""What is known; other files of a home are named by whoever keeps them."""


class SqliteFile:
    """An open file in a home; threads share one connection, one at a time. ``what`` it is called to a person."""

    def __init__(
        self,
        home: Path,
        file: str,
        what: str,
        prepare: Callable[[sqlite3.Connection], None],
        *,
        private: bool = False,
    ) -> None:
        """Open ``file`` in ``home``, making both where they are missing; ``prepare`` sees the fresh connection.

        ``private``: a new file is for the user alone who runs the program, where the system knows such a thing.
        """
        self.home = home
        self._file, self._what = file, what
        self._lock = threading.RLock()
        try:
            home.mkdir(parents=True, exist_ok=True)
            if private:  # SQLite gives its log the rights of the file
                os.close(os.open(home / file, os.O_RDWR | os.O_CREAT, 0o600))
            with telling(home, what, file):
                self._connection = sqlite3.connect(
                    home / file, timeout=30, isolation_level=None, check_same_thread=False
                )
                try:
                    self._connection.execute("pragma foreign_keys = on")
                    if self._connection.execute("pragma journal_mode").fetchone()[0] != "wal":
                        self._connection.execute("pragma journal_mode = wal")
                    # safe against a kill; WAL keeps the file whole
                    self._connection.execute("pragma synchronous = normal")
                    prepare(self._connection)
                except BaseException:
                    self._connection.close()
                    raise
        except OSError as error:
            why = error.strerror or str(error)
            raise StoreError(
                f"{what}文件夹 {home} 用不了：{why}；请检查路径和写权限，或用 --home 另选一个"
            ) from error

    def close(self) -> None:
        with self._lock:
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
    def idle(self) -> Iterator[sqlite3.Connection]:
        """Give the connection outside of any transaction, for what cannot be done inside one."""
        with self._lock, telling(self.home, self._what, self._file):
            yield self._connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, telling(self.home, self._what, self._file):
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


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run statements that end with a semicolon at the end of a line; ``executescript`` would commit by itself."""
    for statement in script.split(";\n"):
        if statement.strip():
            connection.execute(statement)


@contextmanager
def telling(home: Path, what: str = "资料库", file: str = FILE) -> Iterator[None]:
    """Turn what SQLite raises into one line for a person."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(_explain(error, home, what, file)) from error


def _explain(error: sqlite3.Error, home: Path, what: str, file: str) -> str:
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"磁盘已满，{what} {home} 没有写入任何内容；请腾出空间后重试"
    if code == sqlite3.SQLITE_IOERR:  # also where there is no room for the shared memory of a reader
        return f"磁盘已满或有故障，{what} {home} 现在读写不了；请腾出空间、检查磁盘后重试"
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        again = "后重新导入" if file == FILE else ""
        return f"{what}文件 {home / file} 已损坏；请移走它（保留备份）{again}，或从备份恢复"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return f"{what} {home} 正被另一个程序占用；请稍后重试"
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return f"{what}文件夹 {home} 不能写入；请检查权限，或用 --home 另选一个"
    return f"{what} {home} 读写出错（{error}）；请检查磁盘后重试"
