"""Fuzz one reader, guided by coverage: ``python -m fuzz.reader html -max_total_time=1200``.

What libFuzzer finds worth keeping goes into ``fuzz/corpus/FORMAT``, which ``tests/test_fuzz_corpus.py`` reads again
at every test run; a crash is written to the working directory. ``make fuzz`` runs all formats in turn.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found]  # only there with the extra "fuzz"

with atheris.instrument_imports(
    include=["corpus", "docx", "openpyxl", "bs4", "pdfplumber", "pdfminer", "zipfile", "csv", "email"]
):
    from fuzz.targets import TARGETS

HERE = Path(__file__).parent


def main() -> None:
    """Fuzz the format named first on the command line; all that follows is for libFuzzer."""
    name = sys.argv[1]
    target = TARGETS[name]
    folder = HERE / "corpus" / name
    folder.mkdir(parents=True, exist_ok=True)

    def one_input(data: bytes) -> None:
        target.check(target.wrap(data), target.file)

    limits = ["-timeout=30", "-rss_limit_mb=3000", f"-max_len={target.longest}"]
    atheris.Setup([sys.argv[0], str(folder), *limits, *sys.argv[2:]], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
