"""Where a stretch of a report stands in the file that it was read from: the page, or the sheet and its cells."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from corpus.model import Report


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Pages count from 1; ``cells`` is one cell ("C7") or a range ("A7:F7") of ``sheet``. None where unknown;
    the sheet of a CSV file is "", it has no name.

    ``confidence`` is how sure the recognition is of the least sure character, None for typed text.
    """

    page: int | None = None
    last_page: int | None = None
    sheet: str | None = None
    cells: str | None = None
    confidence: Decimal | None = None

    @property
    def words(self) -> str:
        """Say it in Chinese: 第3页, 第3—4页, 工作表“经费”C7; nothing where nothing is known."""
        if self.page is not None:
            last = f"—{self.last_page}" if self.last_page not in (None, self.page) else ""
            return f"第{self.page}{last}页"
        if self.sheet:
            return f"工作表“{self.sheet}”{self.cells or ''}"
        if self.sheet is not None and self.cells:  # a CSV file: one sheet, which has no name
            return f"单元格{self.cells}"
        return ""

    def as_json(self) -> dict[str, int | str]:
        """Return what is known: "page", "last_page" where it is another, "sheet", "cell", "confidence"."""
        known = {
            "page": self.page,
            "last_page": None if self.last_page == self.page else self.last_page,
            "sheet": self.sheet or None,
            "cell": self.cells,
            "confidence": None if self.confidence is None else str(self.confidence),
        }
        return {name: value for name, value in known.items() if value is not None}


def where(report: Report, start: int, end: int) -> Whereabouts:
    """Return where ``[start, end)`` stands in the file; empty for formats without pages and cells."""
    places = report.places_in(start, end)
    pages = [place.page for place in places if place.page is not None]
    if pages:
        return Whereabouts(page=min(pages), last_page=max(pages), confidence=report.confidence(start, end))
    cells = [(place.sheet, place.cell) for place in places if place.sheet is not None]
    if not cells:
        return Whereabouts()
    sheet = cells[0][0]
    named = [cell for held, cell in cells if held == sheet and cell]
    across = f"{named[0]}:{named[-1]}" if len(named) > 1 else "".join(named)
    return Whereabouts(sheet=sheet, cells=across or None)
