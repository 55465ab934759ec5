"""Brings a store that is being opened in step: its words, its vectors, its Chroma."""

from __future__ import annotations

from contextlib import suppress

from corpus.model import Fact, Passage
from indexes import lexical, records, rows
from indexes.database import Database, get_meta, get_version, set_meta
from indexes.embedded import Vectors
from indexes.embedding import Embedder
from indexes.errors import StoreBusy
from indexes.keeping import Vectorizer
from indexes.mirror import Mirror, Progress
from indexes.search import FACT_FORMAT, fact_texts, passage_text
from indexes.vectors import TABLES, Table

STEP = 64  # texts embedded between two reports of progress


def mend(
    database: Database, mirror: Mirror, embedder: Embedder, progress: Progress | None, patience: float
) -> None:
    """Derive again what the truth has outgrown; costs next to nothing when all is in step."""
    if not _is_current(database, embedder):
        with database.writing(patience):
            if not _is_current(database, embedder):  # else another process did it while this one waited
                _refresh(database, embedder, progress)
    mirror.reach()
    mend_chroma(database, mirror, progress)


def mend_chroma(database: Database, mirror: Mirror, progress: Progress | None = None) -> None:
    """Fill Chroma again if it is out of step and nobody else is writing.

    Whoever is writing brings it in step himself; until then the search is exact.
    """
    if not mirror.is_clean():
        with suppress(StoreBusy), database.writing(0):
            mirror.repair(progress)


def _is_current(database: Database, embedder: Embedder) -> bool:
    with database.session() as connection:
        words, model = get_meta(connection, "lexical"), get_meta(connection, "embedding")
        facts = get_meta(connection, "facts")
    return words == lexical.signature() and model == embedder.name and facts == str(FACT_FORMAT)


def _refresh(database: Database, embedder: Embedder, progress: Progress | None) -> None:
    with database.session() as connection:
        words, model = get_meta(connection, "lexical"), get_meta(connection, "embedding")
        outdated = get_meta(connection, "facts") != str(FACT_FORMAT)
    tables = [t for t in TABLES if model != embedder.name or (t == "fact" and outdated)]
    found = {table: _records(database, table) for table in tables}
    total = sum(map(len, found.values()))
    done = 0
    fresh = []
    vectorizer = Vectorizer(embedder)
    for table, pairs in found.items():
        for start in range(0, len(pairs), STEP):
            part = pairs[start : start + STEP]
            fresh.append((table, [row for row, _ in part], _vectors(vectorizer, table, [r for _, r in part])))
            done += len(part)
            if progress:
                progress("按新的向量模型重新计算", done, total)
    with database.change() as connection:  # all vectors of one model, or none
        for table, numbers, vectors in fresh:
            rows.replace_vectors(connection, table, numbers, vectors)
        if words != lexical.signature():
            rows.rebuild_words(connection)
            set_meta(connection, "lexical", lexical.signature())
        set_meta(connection, "embedding", embedder.name)
        set_meta(connection, "facts", str(FACT_FORMAT))
        if model is not None:
            set_meta(connection, "version", str(get_version(connection) + 1))


def _records(database: Database, table: Table) -> list[tuple[int, str]]:
    with database.session() as connection:
        return connection.execute(f"select row, record from {table} order by row").fetchall()


def _vectors(vectorizer: Vectorizer, table: Table, found: list[str]) -> Vectors:
    if table == "passage":
        return vectorizer.passages([passage_text(records.load(Passage, record)) for record in found])
    return vectorizer.facts([fact_texts(records.load(Fact, record)) for record in found])
