"""The one way from pages to lines.

A PDF with a text layer gives one ``Run`` a character, a recognised picture one a character or word with its
confidence. Both go through ``lines_of``, so a scan and the PDF it was printed from give the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from corpus.model import Place
from corpus.readers._page_flow import Margins, Paragraph, begin, margins_of
from corpus.readers._page_furniture import furniture_of
from corpus.readers._page_notes import footnotes_of, noted
from corpus.readers._page_rows import Row, Spot
from corpus.readers._page_sheets import Sheet, sheet_of
from corpus.readers._page_tables import TableBlock
from corpus.readers._page_types import Box, Laid, Page, Run

__all__ = ["Box", "Laid", "Page", "Run", "lines_of"]

_SHOWN = 3


def lines_of(pages: Iterable[Page]) -> Laid:
    """Lay out pages: reading order, lines joined to paragraphs, tables as rows, repeated heads and feet left out.

    Pages are taken one at a time and only their rows are kept. A page without runs is fine.
    """
    sheets = [sheet_of(page) for page in pages]
    furniture = furniture_of(sheets)
    lines = _lines(sheets, {id(row) for row in furniture.rows})
    size = {sheet.number: sheet for sheet in sheets}
    parts: list[str] = []
    places: list[Place] = []
    position = 0
    for text, spots in lines:
        parts.append(text)
        for spot in _merged(spots):
            if text[spot.start : spot.end].strip():
                places.append(_place(spot, position, size[spot.page]))
        position += len(text) + 1
    return Laid("\n".join(parts), tuple(places), furniture.notes)


def _lines(sheets: list[Sheet], left_out: set[int]) -> list[tuple[str, list[Spot]]]:
    """Blocks in reading order, each as its lines; a paragraph or a table over a page's end is one.

    Footnotes follow the block that ends after their page's foot.
    """
    found: list[tuple[str, list[Spot]]] = []
    waiting: list[Paragraph] = []
    open_block: Paragraph | TableBlock | None = None

    def close() -> None:
        if isinstance(open_block, Paragraph):
            found.append((open_block.text, open_block.spots))
        elif open_block:
            found.extend(open_block.lines())
        found.extend((note.text, note.spots) for note in waiting)
        waiting.clear()

    common = _common_margins(sheets, left_out)
    for sheet in sheets:
        notes = footnotes_of(sheet, left_out, common.size) if common else []
        apart = left_out | {id(row) for row in notes}
        for region in sheet.regions:
            items = [i for i in region.items if id(i) not in apart]
            margins = margins_of([i for i in items if isinstance(i, Row)], region.limit, common)
            for index, item in enumerate(items):
                if isinstance(item, TableBlock):
                    if index == 0 and isinstance(open_block, TableBlock) and open_block.is_continued_by(item):
                        open_block.take(item)
                        continue
                    close()
                    open_block = item
                elif margins:
                    if isinstance(open_block, Paragraph) and open_block.goes_on_in(item, margins):
                        open_block.take(item, margins)
                        continue
                    close()
                    open_block = begin(item, margins)
        if common:
            waiting += noted(notes, margins_of(notes, common.right, common) or common)
    close()
    return found


def _common_margins(sheets: list[Sheet], left_out: set[int]) -> Margins | None:
    """The margins that most pages have, for those with too few rows to show theirs."""
    found = [
        margins
        for sheet in sheets
        if len(sheet.regions) == 1
        and (
            margins := margins_of([r for r in sheet.rows() if id(r) not in left_out], sheet.regions[0].limit)
        )
    ]
    if not found:
        return None
    return Margins(
        median(m.left for m in found),
        median(m.right for m in found),
        median(m.step for m in found),
        median(m.size for m in found),
        is_guessed=all(m.is_guessed for m in found),
    )


def _merged(spots: list[Spot]) -> list[Spot]:
    """Neighbours on one line of a page with one confidence are one place."""
    merged: list[Spot] = []
    for spot in spots:
        last = merged[-1] if merged else None
        if (
            last
            and (last.page, last.confidence) == (spot.page, spot.confidence)
            and last.box.top < (spot.box.top + spot.box.bottom) / 2 < last.box.bottom
            and last.box.left <= spot.box.left
            and spot.start - last.end <= 1
        ):
            box = Box(
                last.box.left,
                min(last.box.top, spot.box.top),
                max(last.box.right, spot.box.right),
                max(last.box.bottom, spot.box.bottom),
            )
            merged[-1] = Spot(last.start, spot.end, spot.page, box, spot.confidence)
        else:
            merged.append(spot)
    return merged


def _place(spot: Spot, position: int, sheet: Sheet) -> Place:
    box, wide, high = spot.box, sheet.width, sheet.height
    left, top, right, bottom = box.left / wide, box.top / high, box.right / wide, box.bottom / high
    for _ in range(sheet.turn % 4):  # back to how the page is shown
        left, top, right, bottom = top, 1 - right, bottom, 1 - left
    shares = (min(max(round(1000 * edge), 0), 1000) for edge in (left, top, right, bottom))
    return Place(
        position + spot.start,
        position + spot.end,
        page=spot.page,
        box=tuple(shares),  # type: ignore[arg-type]  # four of them
        confidence=spot.confidence,
    )
