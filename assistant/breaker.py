"""An endpoint that has just cost a person time is left alone for a while, longer each time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Protocol

DEAR = 2.0
"""Seconds: a failure that took less is no burden, and the endpoint may be back at the next question."""
FIRST_REST = 60.0
LONGEST_REST = 600.0


class Memory(Protocol):
    """What survives the process: one text a key (``Store.note``)."""

    def __call__(self, key: str, value: str | None = None) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Rest:
    """``until`` and the reason, ``failures`` in a row so far; ``until`` is seconds since 1970."""

    until: float = 0.0
    failures: int = 0
    why: str = ""

    @property
    def clock(self) -> str:
        return time.strftime("%H:%M:%S", time.localtime(self.until))


class Breaker:
    """Remembers failures of one endpoint in ``memory``, so that the next command knows of them too."""

    def __init__(self, memory: Memory, key: str, now: Callable[[], float] = time.time) -> None:
        self._memory = memory
        self._key = f"llm-rest:{key}"
        self._now = now

    def rest(self) -> Rest | None:
        """Return the rest that is not over yet, None when the endpoint may be asked."""
        found = self._last()
        ahead = found.until - self._now()
        return found if 0 < ahead <= LONGEST_REST else None  # a clock that was set back ends a rest too

    def failed(self, why: str, took: float) -> None:
        """Note a failure that took ``took`` seconds; one that was dear begins a rest."""
        if took < DEAR:
            return
        failures = self._last().failures + 1
        pause = min(LONGEST_REST, FIRST_REST * 2 ** min(failures - 1, 10))
        self._memory(self._key, json.dumps(asdict(Rest(self._now() + pause, failures, why))))

    def worked(self) -> None:
        if self._last() != Rest():
            self._memory(self._key, json.dumps(asdict(Rest())))

    def _last(self) -> Rest:
        try:
            found = Rest(**json.loads(self._memory(self._key) or "{}"))
            return Rest(float(found.until), int(found.failures), str(found.why))
        except (ValueError, TypeError):
            return Rest()
