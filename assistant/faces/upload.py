"""What the HTTP calls share: how a call is refused, the report that it names, and a file that was sent."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from assistant.faces.service import Service, trouble_words
from corpus.model import Report


class Refusal(Exception):
    """A call that cannot be served: becomes the error shape with this status."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.hint = status, code, message, hint


def no_report(report_id: str) -> Refusal:
    """Return the refusal of a call that names a report which is not stored."""
    return Refusal(
        404, "not_found", f"没有编号为 {report_id} 的报告。", "用 GET /api/v1/reports 查看已有的编号。"
    )


def stored_report(service: Service, report_id: str) -> Report:
    """Return the report that a call names; raises ``Refusal`` with 404 where there is none."""
    report = service.report(report_id)
    if report is None:
        raise no_report(report_id)
    return report


class Sent(Protocol):
    """A file as the framework hands it over."""

    @property
    def filename(self) -> str | None: ...
    @property
    def file(self) -> BinaryIO: ...


@contextmanager
def received(sent: Sent, suffixes: Collection[str], *, accepted: str, undone: str) -> Iterator[Path]:
    """Keep a sent file under its own name while the block runs.

    ``accepted`` says which files there may be, ``undone`` what has not happened when the disk refuses. Raises
    ``Refusal`` with 415 for another kind of file and with 503 where the disk refuses, also within the block.
    """
    # Only the last part of the name counts, whichever separators the client's system uses.
    name = PurePosixPath((sent.filename or "").replace("\\", "/")).name.replace("\0", "")
    if Path(name).suffix.lower() not in suffixes:
        raise Refusal(415, "unsupported_type", f"不支持的文件：{name}", f"{accepted} {'、'.join(suffixes)}。")
    try:
        with tempfile.TemporaryDirectory(prefix="junheng-") as folder:
            path = Path(folder) / name
            with path.open("wb") as target:
                while chunk := sent.file.read(1 << 20):
                    target.write(chunk)
            yield path
    except OSError as error:
        raise Refusal(
            503,
            "unavailable",
            f"{name}：服务器存不下上传的文件（{trouble_words(error)}），{undone}。",
            "请检查服务器的磁盘空间后再试。",
        ) from error
