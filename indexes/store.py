"""Everything that is known, opened from one folder: reports, passages, facts, vectors.

SQLite is the truth; the lexical index and Chroma are derived from it. One process writes at a time,
under a lock; any number read, and see at their next question what another process has written. A
store may be used from several threads.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from types import TracebackType
from typing import Literal, cast

from corpus.model import Document, Fact, Passage, Report
from corpus.schools.model import SchoolTable
from indexes import editions, held, lexical, records, rows
from indexes.database import Database, get_meta, get_version, set_meta
from indexes.editions import Edition, read_editions
from indexes.embedded import Vectors, embedded_name
from indexes.embedding import Embedder, LazyEmbedder, embedder_name, load_embedder
from indexes.errors import StoreError
from indexes.held import Held
from indexes.keeping import Changes, Vectorizer, packed, prepare, write
from indexes.keeping import Entry as Entry
from indexes.keeping import Prepared as Prepared
from indexes.mirror import Mirror, Progress
from indexes.search import DEPTH, E5_FLOOR, FACT_DEPTH, Hit, background, blend, word_share
from indexes.tables import read_stored
from indexes.upkeep import mend, mend_chroma
from indexes.vectors import Table, read_table, read_vectors

Outcome = Literal["added", "replaced", "unchanged"]
PATIENCE = 60.0  # seconds to wait for another process that is writing


class Store:
    """One home folder. Use ``Store.open``; close it, or use it in a ``with`` statement.

    A process opens a home once: two stores of one process would share one Chroma, and neither could
    reload it after another process has written.
    """

    def __init__(self, database: Database, mirror: Mirror, embedder: Embedder) -> None:
        self.home = database.home
        self.embedder = embedder
        self._database = database
        self._mirror = mirror
        self._vectorizer = Vectorizer(embedder)

    @classmethod
    def open(
        cls,
        home: Path,
        *,
        embedding: str | None = None,
        chroma_url: str | None = None,
        embedder: Embedder | None = None,
        progress: Progress | None = None,
        patience: float = PATIENCE,
    ) -> Store:
        """Open the store of ``home``, creating it, and mend what is out of step.

        Args:
            embedding: path or name of an embedding model; None is the embedded one.
            chroma_url: a Chroma server instead of the one inside this process.
            embedder: a ready model, instead of ``embedding``.
            progress: hears how far a rebuild has come.
            patience: seconds to wait for another process that is writing, if there is much to mend.

        Raises ``StoreError`` (the folder, what lies in it, or the server cannot be used) and
        ``EmbeddingError``. The model itself is loaded when first needed.
        """

        def load() -> Embedder:
            return load_embedder(
                embedding,
                home / "cache" / "embedding",
                notify=None if progress is None else lambda what: progress(what, 0, 1),
            )

        model = embedder or LazyEmbedder(embedder_name(embedding), load)
        database = Database(home)
        mirror = Mirror(database, chroma_url)
        try:
            mend(database, mirror, model, progress, patience)
        except BaseException:
            mirror.close()
            database.close()
            raise
        return cls(database, mirror, model)

    def close(self) -> None:
        self._mirror.close()
        self._database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def id(self) -> str:
        """A name that no other store has."""
        with self._database.session() as connection:
            return get_meta(connection, "id") or ""

    @property
    def version(self) -> int:
        """A number that rises with every change of the documents, whichever process made it."""
        with self._database.session() as connection:
            return get_version(connection)

    @property
    def trouble(self) -> str | None:
        """What is degraded at the moment, as one line; None when all is well."""
        return self._mirror.trouble

    def note(self, key: str, value: str | None = None) -> str | None:
        """Keep ``value`` for whoever uses the store, under a key of their own; return what is kept now."""
        if value is not None:
            with self._database.change() as connection:
                set_meta(connection, f"note:{key}", value)
        with self._database.session() as connection:
            return get_meta(connection, f"note:{key}")

    # Documents

    def known(self, source: str, digest: str) -> bool:
        """Tell whether ``source`` is stored with exactly this content."""
        with self._database.session() as connection:
            found = connection.execute("select digest from source where name = ?", (source,)).fetchone()
        return found is not None and found[0] == digest

    def held_by(self, source: str) -> str | None:
        """Return the id of the report that ``source`` brought last, if it is still stored."""
        with self._database.session() as connection:
            found = connection.execute("select report_id from source where name = ?", (source,)).fetchone()
        return None if found is None else str(found[0])

    def brought_by(self, report_id: str) -> list[tuple[str, str]]:
        """Return (source, digest) of everything that has brought a stored report."""
        with self._database.session() as connection:
            found = connection.execute(
                "select name, digest from source where report_id = ? order by name", (report_id,)
            ).fetchall()
        return [(str(name), str(digest)) for name, digest in found]

    def put(
        self,
        document: Document,
        *,
        source: str,
        digest: str,
        original: bytes | None = None,
        insist: bool = False,
        supersedes: Collection[str] = (),
    ) -> Outcome:
        """Store a document whole, in place of what ``source`` held before.

        A report that another source has brought already is the same report and stays as it is, unless
        a person has said something about it (``insist``): then the last word counts.
        ``original`` is the file as it came, kept compressed: everything can be read from it again.
        What ``source`` alone held, and the reports of ``supersedes``, are kept as earlier versions: see
        ``editions``.
        """
        entry = Entry(document, source, digest, original, insist, tuple(supersedes))
        return self.keep([self.prepare(entry)])[0]

    def prepare(self, entry: Entry) -> Prepared:
        """Embed a document for ``keep``. Nothing is written, and nobody has to wait."""
        with self._database.session() as connection:
            self._check_model(connection)
            mark, fresh = prepare(connection, entry)
        vectors = self._vectorizer.embed(entry.document) if fresh else None
        return Prepared(entry, mark, packed(entry.original), vectors)

    def keep(self, prepared: Sequence[Prepared]) -> list[Outcome]:
        """Store several documents in their order, each as ``put`` does: all of them, or none where it raises."""
        changes = Changes()
        with self._database.writing(PATIENCE):
            with self._database.change() as connection:
                self._check_model(connection)
                before = get_version(connection)
                written = write(connection, prepared, changes, self._vectorizer.embed)
                changed = any(change for _, change in written)
                if changed:
                    set_meta(connection, "version", str(before + 1))
            if changed:
                self._mirror.apply(before, before + 1, [changes.gone], changes.added())
        return [cast(Outcome, outcome) for outcome, _ in written]

    def put_earlier(
        self, document: Document, *, source: str, digest: str, original: bytes | None, current: str
    ) -> Outcome:
        """Store an earlier version of ``current`` that comes in after it: kept, but found by no question."""
        report = document.report
        bare = Document(report, (), ())
        with self._database.writing(PATIENCE):
            with self._database.change() as connection:
                if connection.execute("select 1 from report where id = ?", (report.id,)).fetchone():
                    return "unchanged"
                before = get_version(connection)
                rows.insert_document(
                    connection, bare, rows.fingerprint(bare), packed(original), self._vectorizer.embed(bare)
                )
                editions.supersede(connection, report.id, current)
                connection.execute(
                    "insert or replace into source(name, digest, report_id) values (?, ?, ?)",
                    (source, digest, report.id),
                )
                set_meta(connection, "version", str(before + 1))
            self._mirror.apply(before, before + 1, [], {})
        return "added"

    def also(self, report_id: str, *, source: str, digest: str) -> None:
        """Note that ``source`` brings a stored report as well, in another format; what is stored stays."""
        with self._database.writing(PATIENCE), self._database.change() as connection:
            connection.execute(
                "insert or replace into source(name, digest, report_id) values (?, ?, ?)",
                (source, digest, report_id),
            )

    def editions(self) -> tuple[Edition, ...]:
        """Return the earlier versions of reports, the latest first."""
        with self._database.session() as connection:
            return read_editions(connection)

    def remove(self, report_id: str) -> bool:
        """Take a report out everywhere; False if there is none of this id."""
        with self._database.writing(PATIENCE):
            with self._database.change() as connection:
                if not connection.execute("select 1 from report where id = ?", (report_id,)).fetchone():
                    return False
                before = get_version(connection)
                dropped = rows.delete_report(connection, report_id)
                set_meta(connection, "version", str(before + 1))
            self._mirror.apply(before, before + 1, [dropped], {})
        return True

    def original(self, report_id: str) -> bytes | None:
        """Return the file a report was read from, byte for byte, if it was kept."""
        with self._database.session() as connection:
            found = connection.execute("select original from report where id = ?", (report_id,)).fetchone()
        return None if found is None or found[0] is None else zlib.decompress(found[0])

    def reports(self) -> tuple[Report, ...]:
        """Return all current reports, ordered by title."""
        return tuple(self._reports().values())

    def report(self, report_id: str) -> Report | None:
        """Return a report, also one that is kept as an earlier version: what was cited can be shown for ever."""
        found = self._reports().get(report_id)
        if found is None:
            earlier = self._database.cached("editions", read_editions)
            found = next((one.report for one in earlier if one.report.id == report_id), None)
        return found

    def table(self, report_id: str) -> SchoolTable | None:
        """Return a school table, read again from the file that was kept; None if there is none of this id."""
        report = self.report(report_id)
        if report is None or report.kind != "school_table":
            return None
        return self._database.cached(
            f"table {report_id}", lambda _: read_stored(report, self.original(report_id))
        )

    def tables(self) -> tuple[SchoolTable, ...]:
        """Return all school tables, ordered by title."""
        return tuple(table for report in self.reports() if (table := self.table(report.id)) is not None)

    def passages(self, report_id: str | None = None) -> tuple[Passage, ...]:
        """Return the passages of a report, or of all, in the order they were read."""
        with self._database.session() as connection:
            found = connection.execute(
                "select record from passage where :id is null or report_id = :id order by row",
                {"id": report_id},
            ).fetchall()
        return tuple(records.load(Passage, record) for (record,) in found)

    def facts(self, *, report_ids: Collection[str] | None = None) -> tuple[Fact, ...]:
        """Return all facts, or those of some reports, in the order they were read."""
        facts = self._database.cached("fact list", lambda _: tuple(self._facts().values()))
        if report_ids is None:
            return facts
        chosen = set(report_ids)
        return tuple(fact for fact in facts if fact.report_id in chosen)

    def facts_of(self, report_id: str) -> tuple[Fact, ...]:
        """Return the facts of one report, read for the caller alone: a batch keeps no more than it holds."""
        with self._database.session() as connection:
            return rows.read_facts_of(connection, report_id)

    def facts_named(self, fact_ids: Collection[str]) -> tuple[Fact, ...]:
        """Return the facts of these ids that are stored, read for the caller alone."""
        with self._database.session() as connection:
            return rows.read_facts_named(connection, fact_ids)

    def fact(self, fact_id: str) -> Fact | None:
        by_id = self._database.cached("fact ids", lambda _: {fact.id: fact for fact in self.facts()})
        return by_id.get(fact_id)

    # Finding

    def search(self, query: str, *, k: int = 8, report_ids: Collection[str] | None = None) -> list[Hit]:
        """Return the ``k`` best passages for a question, of ``report_ids`` alone if given."""
        if k < 1 or (report_ids is not None and not report_ids):
            return []
        words = lexical.query_tokens(query)
        vector = self.embedder.embed_query(lexical.simplify(query))
        depth = max(DEPTH, 4 * k)
        dense = self._nearest("passage", vector, depth, report_ids)
        with self._database.session() as connection:
            within = None if report_ids is None else rows.rows_of(connection, "passage", report_ids)
            scores = lexical.find_words(connection, words, limit=depth, rows=within)
            unscored = [row for row in dense if row not in scores]
            scores |= lexical.find_words(connection, words, limit=depth, rows=unscored)
            distant = read_vectors(connection, "passage", [row for row in scores if row not in dense])
            dense |= {row: float(found @ vector) for row, found in distant.items()}
            full = lexical.full_score(connection, words)
            ranked = blend(dense, scores, floor=self._floor(), full=full)[:k]
            found = rows.read_records(connection, "passage", [row for _, row in ranked])
        return [
            Hit(records.load(Passage, found[row]), score, scores.get(row, 0.0), dense[row])
            for score, row in ranked
            if row in found  # another process may have taken it out meanwhile
        ]

    def search_facts(
        self, query: str, *, k: int = 20, report_ids: Collection[str] | None = None
    ) -> list[tuple[Fact, float]]:
        """Return the ``k`` facts whose name, place and time are nearest to a question, best first, with cosines."""
        if k < 1 or (report_ids is not None and not report_ids):
            return []
        words = lexical.query_tokens(query)
        vector = self.embedder.embed_query(lexical.simplify(query))
        dense = self._nearest("fact", vector, max(FACT_DEPTH, k), report_ids)
        facts, floor = self._facts(), self._floor()
        scored = [
            ((cosine - floor) / (1 - floor) + word_share(words, facts[row]), row)
            for row, cosine in dense.items()
            if row in facts  # another process may have taken it out meanwhile
        ]
        best = sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:k]
        return [(facts[row], dense[row]) for _, row in best]

    def warm(self) -> None:
        """Load what the first question would otherwise wait for."""
        self.embedder.embed_query("")
        lexical.query_tokens("")
        if not self._mirror.connect():
            mend_chroma(self._database, self._mirror)
        self.reports()
        self.facts()

    # What was there when

    def hold(self) -> int:
        """Note which reports are current, so that ``held`` can tell it later; return the version."""
        with self._database.session() as connection:
            version = get_version(connection)
            if held.is_noted(connection, version):
                return version
        with self._database.change() as connection:  # another process may have written meanwhile
            version = get_version(connection)
            held.note(connection, version)
        return version

    def held(self, version: int) -> dict[str, Held]:
        """Return by id the reports that were current at a version which ``hold`` gave."""
        with self._database.session() as connection:
            return held.read(connection, version)

    def hand_over_turns(self, take: Callable[[list[tuple[str, str, str]]], None]) -> None:
        """Give (thread, question, answer as JSON) of conversations kept here by earlier versions to ``take``.

        They are dropped here when it returns; if the process ends between, they are given again.
        """
        with self._database.session() as connection:
            if not connection.execute("select 1 from sqlite_schema where name = 'turn'").fetchone():
                return
            found = connection.execute("select thread_id, question, answer from turn order by row").fetchall()
        take(found)
        with self._database.change() as connection:
            connection.execute("drop table if exists turn")

    # Inside

    def _reports(self) -> dict[str, Report]:
        return self._database.cached("reports", rows.read_reports)

    def _facts(self) -> dict[int, Fact]:
        return self._database.cached("facts", rows.read_facts)

    def _nearest(
        self, table: Table, vector: Vectors, k: int, report_ids: Collection[str] | None
    ) -> dict[int, float]:
        with self._database.session() as connection:
            self._check_model(connection)
        found = self._mirror.nearest(table, vector, k) if report_ids is None else None
        if found is not None:
            return found
        vectors = self._database.cached(f"{table} vectors", lambda connection: read_table(connection, table))
        return vectors.nearest(vector, k, report_ids)

    def _check_model(self, connection: sqlite3.Connection) -> None:
        name = get_meta(connection, "embedding")
        if name not in (None, self.embedder.name):
            raise StoreError(
                f"资料库 {self.home} 已被另一个程序换成向量模型“{name}”；请用同样的设置重新启动本程序"
            )

    def _floor(self) -> float:
        if self.embedder.name == embedded_name():
            return E5_FLOOR
        return self._database.cached(
            "floor", lambda connection: background(read_table(connection, "passage").matrix)
        )
