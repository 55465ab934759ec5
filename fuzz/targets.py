"""The formats that are fuzzed: what a file of each is called, and how an input becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from fuzz.property import check, check_archive
from fuzz.wrapping import PARTS, wrap

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Target:
    """``file`` is the name that the bytes are read under, ``longest`` the most bytes that are tried."""

    file: str
    longest: int
    wrap: Callable[[bytes], bytes]
    check: Callable[[bytes, str], object] = check


def _as_is(data: bytes) -> bytes:
    return data


@cache
def _whole(suffix: str) -> bytes:
    return (HERE / f"whole.{suffix}").read_bytes()


def _wrapped(suffix: str, data: bytes) -> bytes:
    return wrap(data, _whole(suffix), PARTS[suffix])


TARGETS = {
    "text": Target("报告.txt", 4_000, _as_is),
    "markdown": Target("报告.md", 4_000, _as_is),
    "html": Target("报告.html", 20_000, _as_is),
    "mht": Target("报告.mht", 20_000, _as_is),
    "csv": Target("表.csv", 4_000, _as_is),
    "pdf": Target("报告.pdf", 60_000, _as_is),
    "picture": Target("报告.png", 60_000, _as_is),
    "zip": Target("报告.zip", 60_000, _as_is, check_archive),
    "docx": Target("报告.docx", 60_000, partial(_wrapped, "docx")),
    "xlsx": Target("表.xlsx", 60_000, partial(_wrapped, "xlsx")),
    "xls": Target("表.xls", 60_000, _as_is),
}
