"""Documents on their way into the store: embedded first, outside of any lock, then written, several at a time."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from corpus.model import Document
from indexes import editions, rows
from indexes.embedded import Vectors
from indexes.embedding import Embedder
from indexes.search import fact_texts, join, passage_text
from indexes.vectors import TABLES, Added, Dropped, Table

REMEMBERED = 8192
"""Texts whose vectors are kept at hand: 16 MB. Reports repeat what figures are called, and whole sentences."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as ``source`` brings it; see ``Store.put``."""

    document: Document
    source: str
    digest: str
    original: bytes | None = None
    insist: bool = False
    supersedes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry ready to be written; ``vectors`` of passages and facts are there unless it seemed to be in already."""

    entry: Entry
    mark: str
    packed: bytes | None
    vectors: tuple[Vectors, Vectors] | None


@dataclass(slots=True)
class Changes:
    """What several documents together change in Chroma: a row that comes and goes is no change."""

    gone: dict[Table, list[int]] = field(default_factory=lambda: {table: [] for table in TABLES})
    new: dict[Table, dict[int, tuple[str, Vectors]]] = field(
        default_factory=lambda: {table: {} for table in TABLES}
    )

    def drop(self, dropped: Dropped) -> None:
        for table, numbers in dropped.items():
            self.gone[table] += [row for row in numbers if self.new[table].pop(row, None) is None]

    def add(self, added: Added) -> None:
        for table, (numbers, reports, vectors) in added.items():
            self.new[table].update(zip(numbers, zip(reports, vectors, strict=True), strict=True))

    def added(self) -> Added:
        return {
            table: (list(new), [report for report, _ in new.values()], np.stack([v for _, v in new.values()]))
            for table, new in self.new.items()
            if new
        }


class Vectorizer:
    """Embeds documents; a text that was embedded a while ago is not embedded again."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, document: Document) -> tuple[Vectors, Vectors]:
        """Return the vectors of the passages and of the facts, a row each."""
        passages, facts = document.passages, document.facts
        if not passages and not facts:  # a school table: no model need be loaded for it
            nothing = np.empty((0, 0), np.float32)
            return nothing, nothing
        texts, pairs = [*map(passage_text, passages)], [*map(fact_texts, facts)]
        known = self._known([*texts, *(text for pair in pairs for text in pair)])
        return self._stack(known, texts), self._joined(known, pairs)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of passages by their texts."""
        return self._stack(self._known(texts), texts)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> Vectors:
        """Return the vectors of facts by their two texts each."""
        return self._joined(self._known([text for pair in pairs for text in pair]), pairs)

    def _joined(self, known: Mapping[str, Vectors], pairs: Sequence[tuple[str, str]]) -> Vectors:
        names, contexts = [name for name, _ in pairs], [context for _, context in pairs]
        return join(self._stack(known, names), self._stack(known, contexts))

    def _stack(self, known: Mapping[str, Vectors], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self._embedder.dimension), np.float32)
        return np.stack([known[text] for text in texts])

    def _known(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vector of each text; those that are not at hand are embedded in one call."""
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        fresh = [text for text in dict.fromkeys(texts) if text not in known]
        if fresh:
            known.update(zip(fresh, self._embedder.embed_documents(fresh), strict=True))
        with self._lock:
            self._kept.update(known)
            for text in known:
                self._kept.move_to_end(text)
            while len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
        return known


def prepare(connection: sqlite3.Connection, entry: Entry) -> tuple[str, bool]:
    """Return the mark of an entry's document, and whether it has to be written."""
    mark = rows.fingerprint(entry.document)
    return mark, _is_fresh(connection, entry, mark)[0]


def packed(original: bytes | None) -> bytes | None:
    return None if original is None else zlib.compress(original)


def write(
    connection: sqlite3.Connection,
    prepared: Iterable[Prepared],
    changes: Changes,
    embed: Callable[[Document], tuple[Vectors, Vectors]],
) -> list[tuple[str, bool]]:
    """Write entries inside a transaction; return what became of each, and whether it changed anything."""
    return [_write(connection, one, changes, embed) for one in prepared]


def _write(
    connection: sqlite3.Connection,
    one: Prepared,
    changes: Changes,
    embed: Callable[[Document], tuple[Vectors, Vectors]],
) -> tuple[str, bool]:
    entry, report_id = one.entry, one.entry.document.report.id
    fresh, found, previous = _is_fresh(connection, entry, one.mark)
    moved = previous not in (None, report_id)
    outdated = [old for old in dict.fromkeys(entry.supersedes) if old != report_id]
    if moved and (left := rows.release_source(connection, entry.source)) is not None:
        outdated.append(left)
    editions.reinstate(connection, report_id)
    if fresh:
        vectors = one.vectors or embed(
            entry.document
        )  # it was there when it was prepared, and is not any more
        changes.drop(rows.delete_rows(connection, report_id))
        changes.add(rows.insert_document(connection, entry.document, one.mark, one.packed, vectors))
    elif one.packed is not None and previous == report_id:
        connection.execute("update report set original = ? where id = ?", (one.packed, report_id))
    connection.execute(
        "insert or replace into source(name, digest, report_id) values (?, ?, ?)",
        (entry.source, entry.digest, report_id),
    )
    for old in outdated:
        changes.drop(editions.supersede(connection, old, report_id))
    if not (fresh or moved or outdated):
        return "unchanged", False
    return ("added" if previous is None and not found and not outdated else "replaced"), True


def _is_fresh(connection: sqlite3.Connection, entry: Entry, mark: str) -> tuple[bool, bool, str | None]:
    """Return whether to write an entry, whether its report is there, and what its source held before."""
    report_id = entry.document.report.id
    found = connection.execute("select fingerprint from report where id = ?", (report_id,)).fetchone()
    owner = connection.execute("select report_id from source where name = ?", (entry.source,)).fetchone()
    previous = None if owner is None else str(owner[0])
    returns = editions.is_superseded(connection, report_id)
    fresh = found is None or returns or (found[0] != mark and (entry.insist or previous == report_id))
    return fresh, found is not None, previous
