"""Office files are zip archives: a byte that a fuzzer changes in one only breaks its checksum.

So what is fuzzed is a part of the archive: an input is one digit that names the part, then the part's content, and
``wrap`` puts it in the place of that part in a whole file. The digit 0 is the archive itself, byte for byte.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

PARTS = {
    "docx": (
        "word/document.xml",
        "word/numbering.xml",
        "word/styles.xml",
        "word/footnotes.xml",
        "word/settings.xml",
    ),
    "xlsx": ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"),
}


def wrap(data: bytes, whole: bytes, parts: Sequence[str]) -> bytes:
    """Return ``whole`` with one part replaced as ``data`` says."""
    which = data[0] - ord("0") if data else -1
    if not 1 <= which <= len(parts):
        return data[1:]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(made, "w") as new:
        for info in old.infolist():
            if info.filename != parts[which - 1]:
                new.writestr(info.filename, old.read(info))
        new.writestr(parts[which - 1], data[1:])
    return made.getvalue()


def unwrap(whole: bytes, parts: Sequence[str]) -> list[bytes]:
    """Return the inputs that a whole file gives: the archive, and each part that it has."""
    inputs = [b"0" + whole]
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        names = set(archive.namelist())
        inputs += [
            f"{at}".encode() + archive.read(name) for at, name in enumerate(parts, start=1) if name in names
        ]
    return inputs
