"""Tables of plain text whose cells are parted by tabs or blanks: strokes are drawn between the cells.

A stroke takes the place of a blank, so every position stays that of the text. Where lines of figures cannot be put
under their heads for sure, no stroke is drawn and the lines are named as left out: read as a sentence, a row of
figures would be told of its name alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.facts.tables_aligned import Span, aligned
from corpus.facts.tables_lines import looks_of

_LINE = re.compile(r"[^\n]+")
_SENTENCE = re.compile(r"[。!?;]|[,、]\S*[,、]\S*[,、]")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Ruled:
    """``folded`` with strokes drawn; ``left_out`` are lines of figures whose heads are not sure."""

    folded: str
    left_out: tuple[Span, ...]


def ruled(text: str, folded: str) -> Ruled:
    """Return ``folded`` (the folded ``text``, of the same length) with strokes between the cells of plain tables."""
    drawn = list(folded)
    left_out: list[Span] = []
    for run in _runs(text, folded):
        if "\t" in text[run[0][0] : run[-1][1]]:
            strokes, out = _by_tabs(text, run)
        else:
            strokes, out = aligned(folded, run)
        for at in strokes:
            drawn[at] = "|"
        left_out += out
    return Ruled("".join(drawn), tuple(left_out))


def _runs(text: str, folded: str) -> Iterator[list[Span]]:
    """Yield the runs of lines that may be a table: all with tabs within, or none with tabs and some rows of figures."""
    run: list[Span] = []
    tabbed = False
    for match in _LINE.finditer(folded):
        line, (start, end) = match.group(), match.span()
        inner = "\t" in text[start:end].strip()
        fits = bool(line.strip()) and "|" not in line and len(line) <= _LONGEST and not _SENTENCE.search(line)
        if inner and "|" not in line and run and not tabbed:
            yield run
            run = []
        if (
            run
            and tabbed
            and not inner
            and not (fits and "\t" in text[start:end] and text[start:end].strip())
        ):
            yield run
            run = []
        if inner and "|" not in line:
            run, tabbed = [*run, (start, end)], True
        elif fits:
            run.append((start, end))
            tabbed = tabbed and len(run) > 1
        elif run:
            yield run
            run = []
    if run:
        yield run


def _by_tabs(text: str, run: list[Span]) -> tuple[list[int], list[Span]]:
    """Return where strokes go in lines of cells parted by tabs; several in a row are one where only so lines agree."""
    lines = [span for span in run if "\t" in text[slice(*span)]]
    rows = [text[slice(*span)].split("\t") for span in lines]
    figures = sum(any(looks_of(cell.strip()) in ("number", "year") for cell in row) for row in rows)
    if len(lines) < 2 or figures * 3 < len(lines):
        return [], []
    gaps = re.compile(r"\t")
    widths = Counter(len(row) for row in rows)
    merged = Counter(len(re.split(r"\t+", text[slice(*span)].strip())) for span in lines)
    if len(widths) > 1 and len(merged) == 1:
        gaps = re.compile(r"(?<=\S)[^\S\t\n]*\t+(?=[^\S\t\n]*\S)")
    return [
        start + gap.group().index("\t") + gap.start()
        for start, end in lines
        for gap in gaps.finditer(text[start:end])
    ], []
