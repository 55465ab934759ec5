"""The Chroma collections ``passages`` and ``indicators``: derived from SQLite, never the truth.

A folder that a killed process was writing may not even be opened safely (counting its rows has
crashed the process), so whoever finds it out of step deletes it unopened and fills it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from indexes.embedded import Vectors
from indexes.errors import StoreError
from indexes.vectors import Table

COLLECTIONS: dict[Table, str] = {"passage": "passages", "fact": "indicators"}
TIMEOUT = 30.0  # seconds
BATCH = 2000  # Chroma takes at most 5,461 rows at once


class ChromaIndex:
    """An open Chroma, embedded in ``folder`` or on a server at ``url``; one row is one vector.

    On a server the names carry ``store_id``, since several stores may share it.
    """

    def __init__(self, folder: Path, url: str | None, store_id: str) -> None:
        import chromadb  # takes most of a second, so only where it is used
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        if url:
            self._client: Any = _connect(url, quiet)
            suffix = f"-{store_id[:12]}"
        else:
            folder.mkdir(parents=True, exist_ok=True)
            self._client = chromadb.PersistentClient(str(folder), settings=quiet)
            suffix = ""
        self._names = {table: name + suffix for table, name in COLLECTIONS.items()}
        self._collections = {table: self._open(name) for table, name in self._names.items()}

    def _open(self, name: str) -> Any:
        # Without embedding_function=None Chroma would try to download a model of its own.
        space = {"hnsw": {"space": "cosine"}}
        return self._client.get_or_create_collection(name, embedding_function=None, configuration=space)

    def count(self, table: Table) -> int:
        return int(self._collections[table].count())

    def clear(self) -> None:
        """Empty both collections; a new dimension needs new ones."""
        for table, name in self._names.items():
            self._client.delete_collection(name)
            self._collections[table] = self._open(name)

    def add(self, table: Table, rows: Sequence[int], reports: Sequence[str], vectors: Vectors) -> None:
        """Put vectors in under their row numbers."""
        for start in range(0, len(rows), BATCH):
            part = slice(start, start + BATCH)
            self._collections[table].upsert(
                ids=[str(row) for row in rows[part]],
                embeddings=vectors[part],
                metadatas=[{"report_id": report} for report in reports[part]],
            )

    def drop(self, table: Table, rows: Iterable[int]) -> None:
        """Take vectors out."""
        ids = [str(row) for row in rows]
        for start in range(0, len(ids), BATCH):
            self._collections[table].delete(ids=ids[start : start + BATCH])

    def nearest(self, table: Table, query: Vectors, k: int) -> dict[int, float]:
        """Return the ``k`` rows nearest to a unit vector with their cosines, best first."""
        collection = self._collections[table]
        size = min(k, collection.count())
        if not size:
            return {}
        found = collection.query(query_embeddings=[query], n_results=size, include=["distances"])
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return {int(row): 1.0 - float(distance) for row, distance in pairs}

    def close(self) -> None:
        sessions = _http_sessions(self._client)
        self._client.close()
        for session in sessions:
            session.close()  # the client leaves its connections open


def _http_sessions(client: Any) -> list[Any]:
    """Return the httpx clients inside a client of a server (an embedded one has none)."""
    parts = (client, getattr(client, "_admin_client", None))
    found = (getattr(getattr(part, "_server", None), "_session", None) for part in parts)
    return [session for session in found if session is not None]


def _connect(url: str, settings: Any) -> Any:
    import chromadb

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise StoreError(f"JUNHENG_CHROMA_URL 不是网址:{url}；请写成 http://主机:端口")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 8000)
    try:
        client = chromadb.HttpClient(host=parts.hostname, port=port, ssl=secure, settings=settings)
    except Exception as error:  # the client raises a bare ValueError, or whatever its HTTP library does
        raise StoreError(
            f"连不上 Chroma 服务器 {url}；请检查它是否在运行，或不设 JUNHENG_CHROMA_URL"
        ) from error
    for session in _http_sessions(client):
        session.timeout = TIMEOUT  # chromadb sets none: a server that hangs would hang every question
    return client
