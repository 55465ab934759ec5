"""Readers that misbehave, for workers to run: what a file holds says how."""

from __future__ import annotations

import ctypes
import os
import re
import time

from corpus.documents import Reading, read_document
from corpus.errors import ReadError


def misbehave(how: str) -> str:
    """Do what no reader should; "behave" does nothing."""
    if how == "hang":
        time.sleep(600)
    elif how == "spin":
        re.match("(a+)+$", "a" * 40 + "b")  # never gives the interpreter back
    elif how == "crash":
        ctypes.string_at(0)
    elif how == "leave":
        os._exit(7)
    elif how == "eat":
        held = []
        while True:
            held.append(bytearray(64 << 20))
    elif how == "bug":
        raise ZeroDivisionError
    elif how == "refuse":
        raise ReadError("文件不好。")
    elif how == "shout":
        os.write(1, b"noise")
        os.write(2, b"noise")
    return how


def read_badly(data: bytes, name: str, shown: str, region: str | None, year: int | None) -> Reading:
    """Read a document, unless its name says what to do instead."""
    misbehave(name.partition(".")[0])
    return read_document(data, name, shown, region, year)


def process_of(seconds: float) -> tuple[int, str | None]:
    """Return the id of the process that runs this, and which program it believes to be."""
    import __main__

    time.sleep(seconds)
    return os.getpid(), getattr(__main__, "__file__", None)
