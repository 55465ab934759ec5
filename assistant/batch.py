"""Many things taken in at once: read on every core, embedded by two threads, stored by another, in their order.

What is told as stored is stored: an outcome is made after its transaction. A batch that is broken off loses what was
on its way, and the next one reads only that.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from assistant.faces.service import Given, IngestOutcome
from assistant.gathering import Item, Refused, count, gather
from assistant.intake import digest_of, entry_of, failed, read_item, told, unchanged
from assistant.versions import Kept, keep
from corpus import isolation
from corpus.documents import Reading, read_document
from corpus.likeness import best
from corpus.model import Report
from corpus.readers import is_light, patience
from indexes.errors import StoreBusy
from indexes.store import Entry, Prepared, Store

MANY = 12
"""Things to read from which on starting processes for light ones is repaid: a process takes a second to start."""
AHEAD = 32
"""Things that may have been read and wait to be stored."""
AHEAD_BYTES = 64 * 1024 * 1024
GROUP = 16
"""Documents of one transaction. Chroma takes as long for one document as for several."""
LATEST = 2.0
"""Seconds that an embedded document waits for others to be stored with."""
EMBEDDED_AT_ONCE = 2
"""Documents that are embedded at a time: the last texts of one leave no processor idle."""

Tell = Callable[[IngestOutcome], None]


@dataclass(slots=True)
class _Slot:
    """One thing on its way; ``outcome`` as soon as it is known."""

    item: Item
    data: bytes = b""
    digest: str = ""
    reading: Future[Reading] | None = None
    prepared: Future[Prepared] | None = None
    outcome: IngestOutcome | None = None
    ready_at: float = math.inf
    """When it was embedded, or known to need none."""

    def embed(self, prepared: Future[Prepared]) -> None:
        self.prepared = prepared
        prepared.add_done_callback(lambda _: self.be_ready())

    def be_ready(self) -> None:
        self.ready_at = time.monotonic()


class Batch:
    """One call of ``take_in``: what was said for all of it, and what is on its way."""

    def __init__(
        self,
        store: Store,
        *,
        region: str | None = None,
        year: int | None = None,
        uploaded: bool = False,
        tell: Tell | None = None,
    ) -> None:
        self._store, self._region, self._year, self._uploaded = store, region, year, uploaded
        self._tell = tell or (lambda outcome: None)
        self._insist = region is not None or year is not None
        self._reading: deque[_Slot] = deque()
        self._embedding: deque[_Slot] = deque()
        self._outcomes: list[IngestOutcome] = []
        self._apart = False
        self._seen = -1
        self._current: dict[str, Report] = {}

    def take_in(self, given: Iterable[Given]) -> list[IngestOutcome]:
        """Take in everything that is given; an outcome each, in their order."""
        given = list(given)
        self._apart = count(given) >= MANY
        self._embedder = ThreadPoolExecutor(EMBEDDED_AT_ONCE, "embedding")
        try:
            for one in gather(given, uploaded=self._uploaded):
                self._reading.append(self._begin(one))
                while self._is_full() or self._is_read():
                    self._advance()
            while self._reading:
                self._advance()
            self._store_ready(all_of_them=True)
        except (KeyboardInterrupt, SystemExit):
            isolation.crew().stop()
            raise
        finally:
            for slot in self._reading:
                if slot.reading is not None:
                    slot.reading.cancel()
            self._embedder.shutdown(cancel_futures=True)
        return self._outcomes

    def _begin(self, one: Item | Refused) -> _Slot:
        """Load a thing and have it read, unless it is in already or cannot be had."""
        if isinstance(one, Refused):
            status = IngestOutcome(one.name, "failed" if one.failed else "skipped", None, one.why)
            return _Slot(Item(one.name, one.name, "", bytes), outcome=status)
        slot = _Slot(one)
        try:
            slot.data = one.load()
            slot.digest = digest_of(slot.data, self._region, self._year)
            slot.outcome = unchanged(self._store, one, slot.digest)
            if slot.outcome is None:
                slot.reading = self._read(one, slot.data)
        except Exception as error:
            slot.outcome = failed(one, error)
        return slot

    def _read(self, item: Item, data: bytes) -> Future[Reading]:
        light = item.text is not None or is_light(item.name, data)
        if item.text is None and (self._apart or not light):
            seconds = patience(item.name, data)
            return isolation.crew().submit(
                item.shown, seconds, read_document, data, item.name, item.shown, self._region, self._year
            )
        done: Future[Reading] = Future()
        try:
            done.set_result(read_item(item, data, self._region, self._year))
        except Exception as error:
            done.set_exception(error)
        return done

    def _is_full(self) -> bool:
        held = sum(len(slot.data) for slot in self._reading)
        return len(self._reading) >= AHEAD or held > AHEAD_BYTES

    def _is_read(self) -> bool:
        """True if the first thing can be embedded: while others are read, that keeps the other processor at work."""
        return bool(self._reading) and ((first := self._reading[0].reading) is None or first.done())

    def _advance(self) -> None:
        """Have the first thing embedded when it is read; store meanwhile what is ready."""
        slot = self._reading[0]
        while slot.reading is not None and not slot.reading.done():
            wait([slot.reading], 0.25)
            self._store_ready()
        self._reading.popleft()
        if slot.reading is not None:
            try:
                reading = slot.reading.result()
                if any(other.item.key == slot.item.key for other in self._embedding):
                    self._store_ready(all_of_them=True)  # whose new version it is, what is stored says
                entry = entry_of(self._store, slot.item, reading, slot.data, slot.digest, insist=self._insist)
                self._place(slot, reading, entry)
            except Exception as error:
                slot.outcome = failed(slot.item, error)
        if slot.prepared is None:
            slot.be_ready()
        self._embedding.append(slot)
        self._store_ready()

    def _place(self, slot: _Slot, reading: Reading, entry: Entry) -> None:
        """Have a document embedded that is one of its own; what belongs to another is stored at once, alone."""
        report = entry.document.report
        if best(report, self._coming()) is not None:
            self._store_ready(all_of_them=True)
        if best(report, self._stored()) is None:
            slot.embed(self._embedder.submit(self._store.prepare, entry))
            return
        self._store_ready(all_of_them=True)
        kept = keep(
            self._store,
            entry.document,
            source=entry.source,
            digest=entry.digest,
            original=entry.original,
            insist=entry.insist,
        )
        slot.outcome = told(slot.item, reading, kept)

    def _coming(self) -> list[Report]:
        """Return the reports that are on their way into the store."""
        return [s.reading.result().document.report for s in self._embedding if s.prepared and s.reading]

    def _stored(self) -> Collection[Report]:
        """Return the reports that are stored, without reading them again after each group of this batch."""
        version = self._store.version
        if version != self._seen:
            self._current = {report.id: report for report in self._store.reports()}
            self._seen = version
        return self._current.values()

    def _store_ready(self, *, all_of_them: bool = False) -> None:
        """Store what is embedded, a group at a time; wait for everything where ``all_of_them``."""
        while self._embedding:
            ready = 0
            for slot in self._embedding:
                if not (all_of_them or slot.prepared is None or slot.prepared.done()):
                    break
                ready += 1
                if ready == GROUP:
                    break
            old = time.monotonic() - self._embedding[0].ready_at > LATEST
            late = self._embedding[ready].prepared if ready < len(self._embedding) else None
            if late is not None and ready < GROUP and len(self._embedding) >= 2 * GROUP:
                wait([late])
                continue
            if not ready or not (all_of_them or ready == GROUP or old):
                return
            self._store_group([self._embedding.popleft() for _ in range(ready)])

    def _store_group(self, group: list[_Slot]) -> None:
        """Store documents together; where that fails, one by one, so that each has an outcome of its own."""
        prepared: list[tuple[_Slot, Prepared]] = []
        for slot in group:
            if slot.prepared is not None:
                try:
                    prepared.append((slot, slot.prepared.result()))
                except Exception as error:
                    slot.outcome = failed(slot.item, error)
        try:
            self._keep(prepared)
        except Exception as error:
            for pair in prepared:
                try:
                    if len(prepared) == 1 or isinstance(error, StoreBusy):
                        raise error
                    self._keep([pair])
                except Exception as own:
                    pair[0].outcome = failed(pair[0].item, own)
        for slot in group:
            assert slot.outcome is not None
            self._outcomes.append(slot.outcome)
            self._tell(slot.outcome)

    def _keep(self, pairs: list[tuple[_Slot, Prepared]]) -> None:
        if not pairs:
            return
        before = self._store.version
        statuses = self._store.keep([one for _, one in pairs])
        for (slot, prepared), status in zip(pairs, statuses, strict=True):
            assert slot.reading is not None
            report = prepared.entry.document.report
            slot.outcome = told(slot.item, slot.reading.result(), Kept(status, report))
        if set(statuses) == {"added"} and before == self._seen and self._store.version == before + 1:
            self._seen = before + 1
            self._current.update(
                (one.entry.document.report.id, one.entry.document.report) for _, one in pairs
            )
