"""What the HTTP calls share: how a call is refused, and a file that was sent, for as long as it is needed."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from assistant.faces.service import trouble_words


class Refusal(Exception):
    """A call that cannot be served: becomes the error shape with this status."""

    def __init__(self, status: int, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.hint = status, code, message, hint


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
