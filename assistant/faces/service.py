"""What every face talks to: one service object, and the settings a face reads.

The faces know nothing else of the project's inside, so a page, a command and an HTTP call cannot
disagree about what an answer is.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Literal, Protocol

from assistant.answer import Answer
from assistant.replay import Replay
from assistant.talks import Talks
from corpus.errors import JunhengError
from corpus.model import Fact, Report
from corpus.schools.model import Problem, SchoolTable
from indexes.editions import Edition
from tools.audit.model import Finding
from tools.compliance.model import Check
from tools.plan.model import Plan

log = logging.getLogger(__name__)


class UnavailableError(JunhengError):
    """The service is not open yet, or could not be opened."""


_TROUBLES = {
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已用完",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘只读",
    errno.ENAMETOOLONG: "文件名太长",
}


def trouble_words(error: OSError) -> str:
    """Say in Chinese why the system refused."""
    return _TROUBLES.get(error.errno or 0, f"系统错误 {error.errno}")


@dataclass(frozen=True, slots=True)
class Pasted:
    """A text that a person pasted, to be read as a report; a later one of the same title is its new version."""

    text: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Web:
    """An address, which is refused with the reason: nothing here opens a connection."""

    url: str


Given = Path | Pasted | Web
"""What a person can give to be read: files, folders and archives, pasted text, addresses."""
Missing = Literal["region", "year"]


@dataclass(frozen=True, slots=True)
class IngestOutcome:
    """What became of one file, ``source`` its name; ``message`` is one Chinese line that names the file.

    ``problems`` are those of a school table, each a line of its own; ``missing`` is what could not be recognised
    and can be said afterwards (``Service.describe``); ``notes`` tell how the file was read. ``skipped`` are files of
    a folder or an archive that no reader is for.
    """

    source: str
    status: Literal["added", "replaced", "unchanged", "failed", "skipped"]
    report_id: str | None
    message: str
    problems: tuple[Problem, ...] = ()
    missing: tuple[Missing, ...] = ()
    notes: tuple[str, ...] = ()


class Service(Protocol):
    """The assistant with its store. Safe to call from several threads; every failure a person can
    meet is a ``JunhengError`` whose text is one Chinese line."""

    def ask(
        self,
        question: str,
        *,
        thread_id: str | None = None,
        region: str | None = None,
        period: str | None = None,
        on_step: Callable[[str], None] | None = None,
        owner: str = "",
        kept: bool = True,
    ) -> Answer:
        """Answer one turn of ``owner``'s conversation. ``on_step`` receives one Chinese line per step, as it happens.

        ``kept`` False is a trial run: no conversation, no receipt, no entry in the log of unanswered questions.
        """

    def replay(self, receipt: str, *, owner: str = "") -> Replay:
        """Ask again what a receipt is for and hold the answers against each other; NoReceipt if there is none."""

    @property
    def talks(self) -> Talks:
        """The conversations that are kept, and the log of unanswered questions."""

    def reports(self) -> tuple[Report, ...]: ...

    def report(self, report_id: str) -> Report | None: ...

    def table(self, report_id: str) -> SchoolTable | None:
        """Return a stored school table; None where the id is that of a report, or of nothing."""

    def facts(self, report_id: str | None = None) -> tuple[Fact, ...]: ...

    def ingest(
        self,
        paths: Sequence[Given],
        *,
        region: str | None = None,
        year: int | None = None,
        uploaded: bool = False,
        on_progress: Callable[[IngestOutcome], None] | None = None,
    ) -> list[IngestOutcome]:
        """Read files, folders, archives and texts and keep them; what fails is an outcome, not an exception.

        ``uploaded``: the paths are passing ones, a file is known by its name. ``on_progress`` hears of each outcome
        as soon as it is certain, in the order given.
        """

    def describe(
        self, report_id: str, *, region: str | None = None, year: int | None = None, title: str | None = None
    ) -> Report:
        """Say what a stored report is about, and read it again with that; what is None stays as it is.

        Raises JunhengError where there is no such report, or the region is none.
        """

    def remove(self, report_id: str) -> bool:
        """Take a report out everywhere; False when there is none of that id. The version that it had taken the
        place of is current again."""

    def original(self, report_id: str) -> bytes | None:
        """Return the file that a report was read from, byte for byte, if it was kept."""

    def history(self) -> tuple[Edition, ...]:
        """Return the earlier versions of reports, the latest first."""

    def restore(self, report_id: str) -> Report | None:
        """Make an earlier version a current report again; None when there is none of that id."""

    def examples(self) -> tuple[str, ...]:
        """Return questions that fit what is stored."""

    def doctor(self) -> list[tuple[str, str, str]]:
        """Return ``(item, "ok" | "degraded" | "off", detail)`` for everything that can be degraded."""

    def read_facts(self, path: Path) -> tuple[Fact, ...]:
        """Read a file without storing it."""

    def audit(self, report_id: str) -> tuple[Finding, ...]:
        """Return what the audit of a stored report finds, in the order of its text."""

    def audit_file(self, path: Path) -> tuple[Report, tuple[Finding, ...]]:
        """Audit a file without storing it, held against what is stored; return what was read with its findings."""

    def tables(self) -> tuple[SchoolTable, ...]:
        """Return the stored school tables, as read."""

    def check(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Check:
        """Check a county and year from what is stored, or the table at ``path`` without storing it."""

    def plan(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Plan:
        """Return what must be added or moved for a stored table, or the one at ``path``, to comply."""

    def warm(self) -> None:
        """Load what the first question would otherwise wait for."""

    def close(self) -> None: ...


class Configuration(Protocol):
    """The settings that the faces themselves need."""

    @property
    def api_keys(self) -> Sequence[str]: ...

    @property
    def max_upload_mb(self) -> int: ...


class Opening:
    """A service that opens in a background thread, so that a page can be shown before it is ready."""

    def __init__(self, open_service: Callable[[], Service]) -> None:
        self._open = open_service
        self._future: Future[Service] = Future()
        self._started = False

    def start(self) -> None:
        """Begin to open; a second call does nothing."""
        if not self._started:
            self._started = True
            Thread(target=self._run, name="open-service", daemon=True).start()

    def _run(self) -> None:
        try:
            service = self._open()
        except BaseException as error:  # whoever waits must learn of it, whatever it is
            self._future.set_exception(error)
            return
        self._future.set_result(service)
        try:
            service.warm()
        except Exception as error:  # the first question will meet it again, where a person can be told
            log.debug("warming failed", exc_info=error)

    @property
    def ready(self) -> bool:
        return self._future.done() and self._future.exception() is None

    @property
    def failed(self) -> bool:
        return self._future.done() and self._future.exception() is not None

    def wait(self, seconds: float) -> Service:
        """Return the service, waiting at most ``seconds``; raises ``UnavailableError``."""
        try:
            return self._future.result(seconds)
        except NotYet as error:
            raise UnavailableError("资料库正在打开，请稍候几秒再试。") from error
        except JunhengError as error:
            raise UnavailableError(str(error)) from error
        except Exception as error:
            raise UnavailableError(
                f"资料库打不开（{type(error).__name__}），请运行 junheng doctor 查看原因。"
            ) from error

    def close(self) -> None:
        """Close the service if it was opened."""
        if self.ready:
            self._future.result().close()
