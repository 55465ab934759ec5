"""Keeps Chroma in step with SQLite, or does without it.

Every change of the data raises the store's version in the same transaction; after Chroma has taken
the change, that version is noted for it. A version that is not noted is the dirty flag: a process
was stopped in between, and the index is filled again before anybody trusts it.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from indexes.chroma import ChromaIndex
from indexes.database import Database, get_meta, get_version, set_meta
from indexes.embedded import Vectors
from indexes.vectors import TABLES, Added, Dropped, Table, read_batch

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how much of it is done, and of how much."""
SMALL = 2000
"""Up to so many rows an exact search takes less than a millisecond, loading Chroma most of a second:
a single question from the command line does not wait for it. A process that has it open uses it."""
_FOLDER = "chroma folder"
_log = logging.getLogger(__name__)


class Mirror:
    """The Chroma of one store. Locks are taken in the order mirror, then database."""

    def __init__(self, database: Database, url: str | None) -> None:
        self._parent, self._url, self._database = database.home / "chroma", url, database
        with database.session() as connection:
            self._store_id = get_meta(connection, "id") or ""
        self._key = f"chroma {url or 'embedded'}"
        self._index: ChromaIndex | None = None
        self._seen = -1  # the version at which the open index was in step
        self._lock = threading.RLock()
        self.trouble: str | None = None
        """Why searches go without Chroma at the moment, for the person who asks."""

    def is_clean(self) -> bool:
        """Tell whether Chroma has taken every change, as far as is noted."""
        with self._database.session() as connection:
            noted, version = self._state(connection)
            empty = not any(_count(connection, table) for table in TABLES)
        return empty or (noted == version and self._is_there())

    def reach(self) -> None:
        """Raise ``StoreError`` if a server was asked for and does not answer."""
        if self._url is not None:
            with self._lock:
                self._open()

    def connect(self) -> bool:
        """Open Chroma if it is in step; afterwards every unfiltered search uses it."""
        with self._lock:
            try:
                return self._connect()
            except Exception as error:  # chromadb raises many kinds; the answers are the same without it
                self._give_up(f"向量索引打不开（{type(error).__name__}），改用精确检索")
                return False

    def _connect(self) -> bool:
        with self._database.session() as connection:
            noted, version = self._state(connection)
            counts = {table: _count(connection, table) for table in TABLES}
        if noted != version:
            return False
        if self._is_stale(version):
            self._open()
        self._seen = version
        index = self._index
        if index is None or any(index.count(table) != counts[table] for table in TABLES):
            self._give_up("向量索引与资料库的条数不一致，改用精确检索，下次写入或启动时重建")
            with self._database.change() as connection:
                if self._state(connection) == (noted, version):  # else another process is at work
                    set_meta(connection, self._key, "-1")
            return False
        self.trouble = None
        return True

    def nearest(self, table: Table, query: Vectors, k: int) -> dict[int, float] | None:
        """Return the nearest rows, or None where an exact search has to do it."""
        with self._database.session() as connection:
            noted, version = self._state(connection)
            if noted != version or (self._index is None and _count(connection, table) <= SMALL):
                return None
        with self._lock:
            try:
                if self._is_stale(version) and not self.connect():
                    return None
                return self._index.nearest(table, query, k) if self._index else None
            except Exception as error:  # chromadb raises many kinds; the answer is the same without it
                self._give_up(f"向量索引暂不可用（{type(error).__name__}），改用精确检索")
                return None

    def repair(self, progress: Progress | None = None) -> None:
        """Fill Chroma again if it is out of step. Only for the process that holds the write lock."""
        with self._lock:
            if not self.is_clean():
                try:
                    self._rebuild(progress)
                except Exception as error:  # chromadb raises many kinds; the dirty flag stays up
                    self._give_up(f"向量索引重建失败（{type(error).__name__}），改用精确检索，下次启动时再试")

    def apply(self, before: int, after: int, dropped: Sequence[Dropped], added: Added) -> None:
        """Take over one change. Only for the process that holds the write lock, after its commit.

        A failure is noted and mended later: the data themselves are safe in SQLite.
        """
        with self._lock:
            try:
                with self._database.session() as connection:
                    noted, _ = self._state(connection)
                if noted != before or (before and not self._is_there()):
                    self._rebuild(None)
                    return
                if self._is_stale(before):
                    self._open()
                index = self._index
                assert index is not None
                for gone in dropped:
                    for table, numbers in gone.items():
                        index.drop(table, numbers)
                for table, rows in added.items():
                    index.add(table, *rows)
                with self._database.session() as connection:
                    counts = {table: _count(connection, table) for table in TABLES}
                if any(index.count(table) != count for table, count in counts.items()):
                    self._rebuild(None)
                    return
                self._note(after)
            except Exception as error:  # chromadb raises many kinds; the dirty flag stays up
                _log.warning("chroma is out of step: %s", error)
                self._give_up(f"向量索引没有跟上（{type(error).__name__}），改用精确检索，下次启动时重建")

    def close(self) -> None:
        with self._lock:
            if self._index is not None:
                self._index.close()
                self._index = None

    def _rebuild(self, progress: Progress | None) -> None:
        self.close()
        with self._database.change() as connection:
            set_meta(connection, self._key, "-1")  # dirty until it is full again
        if self._url is None:
            # A new folder each time: whoever still has the old one open keeps what he has, and moves
            # to the new one when he sees the version.
            with self._database.change() as connection:
                set_meta(connection, _FOLDER, uuid.uuid4().hex[:12])
            shutil.rmtree(self._parent, ignore_errors=True)
            self._open()
        else:
            self._open()
            assert self._index is not None
            self._index.clear()
        index = self._index
        assert index is not None
        with self._database.session() as connection:
            version = self._state(connection)[1]
            total = sum(_count(connection, table) for table in TABLES)
        done = 0
        for table in TABLES:
            last = 0
            while True:
                with self._database.session() as connection:  # let others read between the batches
                    rows, reports, vectors = read_batch(connection, table, last)
                if not rows:
                    break
                index.add(table, rows, reports, vectors)
                last = rows[-1]
                done += len(rows)
                if progress:
                    progress("重建向量索引", done, total)
        self._note(version)

    def _note(self, version: int) -> None:
        with self._database.change() as connection:
            set_meta(connection, self._key, str(version))
        self._seen = version
        self.trouble = None

    def _open(self) -> None:
        self.close()
        self._index = ChromaIndex(self._folder(), self._url, self._store_id)

    def _is_stale(self, version: int) -> bool:
        """Tell whether Chroma has to be opened (again): inside a process it does not see the rows that
        another process has written since.
        """
        return self._index is None or (self._url is None and self._seen != version)

    def _folder(self) -> Path:
        with self._database.session() as connection:
            return self._parent / (get_meta(connection, _FOLDER) or "first")

    def _is_there(self) -> bool:
        return self._url is not None or self._folder().is_dir()

    def _give_up(self, why: str) -> None:
        self.trouble = why
        index, self._index = self._index, None
        if index is not None:
            try:
                index.close()
            except Exception as error:
                _log.warning("chroma did not close: %s", error)

    def _state(self, connection: sqlite3.Connection) -> tuple[int, int]:
        return int(get_meta(connection, self._key) or 0), get_version(connection)


def _count(connection: sqlite3.Connection, table: Table) -> int:
    return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
