"""Write text reports as the files in which offices keep them, to see whether each is read alike.

    .venv/bin/python scripts/render_formats.py FOLDER REPORT.txt... [--formats html,docx,pdf,scan,xlsx] [--seed N]

A line with " | " is a row of a table; headings are those that ``corpus.sections`` finds; the first short line is the
title. ``FOLDER/html`` gets pages in GB 18030, ``docx`` Word documents, ``pdf`` what Chromium prints, ``scan`` the same
pages turned, noisy and blurred at 200 dpi as an image-only PDF and as one JPEG a page, ``xlsx`` the tables. The same
seed gives the same files with the same versions of Chromium and the libraries.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

if __name__ == "__main__":  # run as a file: the folder above holds the packages
    sys.path.insert(0, str(Path(__file__).parents[1]))

from scripts.rendering import docx, html, paper, xlsx
from scripts.rendering.draft import blocks

FORMATS = ("html", "docx", "pdf", "scan", "xlsx")


def render(text: str, name: str, kind: str, seed: int = 1) -> dict[str, bytes]:
    """Return the files of one format by name: none for a workbook of a text without tables.

    ``kind`` is one of FORMATS; RuntimeError for "pdf" and "scan" where Chromium is missing.
    """
    draft = blocks(text)
    dice = random.Random(f"{seed}:{name}:{'pdf' if kind == 'scan' else kind}")
    if kind == "html":
        return {f"{name}.html": html.page(draft, name, dice)}
    if kind == "docx":
        return {f"{name}.docx": docx.document(draft, dice)}
    if kind == "xlsx":
        book = xlsx.workbook(draft)
        return {f"{name}.xlsx": book} if book else {}
    if kind not in FORMATS:
        raise ValueError(f"no such format: {kind}")
    printed = paper.pdf(html.printed(draft, dice))
    if kind == "pdf":
        return {f"{name}.pdf": printed}
    scanned, pages = paper.scan(printed, dice)
    return {f"{name}.pdf": scanned} | {f"{name}-p{i}.jpg": page for i, page in enumerate(pages, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for report in given.reports:
        text = report.read_text(encoding="utf-8")
        for kind in given.formats.split(","):
            files = render(text, report.stem, kind, given.seed)
            for name, data in files.items():
                target = given.folder / kind / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            print(f"{report.name}: {kind}, {len(files)} files, {sum(map(len, files.values())) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
