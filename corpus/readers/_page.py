"""Pages as positioned pieces of text, and the one way from pages to lines.

A PDF with a text layer gives one ``Run`` a character, a recognised picture one a character or word with its
confidence. Both go through ``lines_of``, so a scan and the PDF it was printed from give the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Place


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of the page, y growing downwards from its upper edge."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on one line of a page: a character, a word or the whole line.

    Edges and ``size`` are in units of the page (points, pixels), y growing downwards. ``size`` is that of the
    letters: the font's size, or the height of a Chinese character in a picture. ``confidence`` (0 to 1) is given
    where a machine recognised the text. Blanks inside ``text`` are kept; gaps between runs are judged by width.
    """

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool = False
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees on a page. ``rules`` are the ruling lines of tables as thin boxes (thickness may be 0),
    horizontal or vertical; ``number`` counts from 1. Order of runs and rules does not matter."""

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """The text of pages, one paragraph or table row a line; ``places`` and ``notes`` as in ``RawText``.

    Where a run has a confidence, places are cut between runs of differing confidence; else a place is a line of a
    page or a table's cell.
    """

    text: str
    places: tuple[Place, ...]
    notes: tuple[str, ...]


def lines_of(pages: Iterable[Page]) -> Laid:
    """Lay out pages: reading order, lines joined to paragraphs, tables as rows, repeated heads and feet left out.

    Pages are taken one at a time and only their lines are kept. A page without runs is fine.
    """
    parts: list[str] = []
    places: list[Place] = []
    position = 0
    for page in pages:
        for run in sorted(page.runs, key=lambda r: (round(r.bottom / max(r.size, 1.0)), r.left)):
            box = (
                round(1000 * run.left / page.width),
                round(1000 * run.top / page.height),
                round(1000 * run.right / page.width),
                round(1000 * run.bottom / page.height),
            )
            parts.append(run.text)
            places.append(
                Place(position, position + len(run.text), page.number, box=box, confidence=run.confidence)
            )
            position += len(run.text) + 1
    return Laid("\n".join(parts), tuple(places), ())
