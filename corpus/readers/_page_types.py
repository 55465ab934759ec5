"""Pages as positioned pieces of text: what a PDF's text layer and the recognition of pictures both give."""

from __future__ import annotations

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
    confidence: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader sees on a page. ``rules`` are the ruling lines of tables as thin boxes (thickness may be 0),
    horizontal or vertical; ``number`` counts from 1. Order of runs and rules does not matter.

    ``turn`` says by how many quarters clockwise the page was turned, from how it is shown, for its text to be level.
    """

    number: int
    width: float
    height: float
    runs: tuple[Run, ...]
    rules: tuple[Box, ...] = ()
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Laid:
    """The text of pages, one paragraph or table row a line; ``places`` and ``notes`` as in ``RawText``.

    Where a run has a confidence, places are cut between runs of differing confidence; else a place is a line of a
    page or a table's cell.
    """

    text: str
    places: tuple[Place, ...]
    notes: tuple[str, ...]
