"""Pages of a PDF, each read from its text layer or, where that is missing or useless, from its picture."""

from __future__ import annotations

import re
from typing import Any

from corpus.errors import ReadError
from corpus.readers._page_types import Page
from corpus.readers._pdf_chars import Glyphs, glyphs, page_box
from corpus.readers._pdf_rules import Drawing, drawing
from corpus.readers._raw import is_plausible
from corpus.readers._scanned import listed

_DOTS = 200
"""Dots an inch of the picture that is recognised."""
_MOST_DOTS = 30_000_000
_FEW = 12
"""Characters. A page number or a stamp over a scanned page is not its text."""
_COVERING = 0.4
"""Share of the page that a picture covers when the page is a scan."""
_UNREAD = 0.02
_TURNED = 10


class PageReader:
    """Reads pages of an open document and keeps count of what a person should know about them."""

    def __init__(self, document: Any, source: str) -> None:
        self._document, self._source = document, source
        self.recognised: list[int] = []
        self.filled = 0
        self._pictured: list[int] = []
        self._hidden: list[int] = []

    def page(self, number: int) -> Page:
        """Read page ``number`` (from 1); raises ReadError where it can be neither read nor recognised."""
        import pypdfium2 as pdfium

        try:
            page = self._document[number - 1]
        except pdfium.PdfiumError:
            raise ReadError(
                f"{self._source}：PDF 的第 {number} 页损坏，读不了。请重新下载或重新导出。"
            ) from None
        try:
            page = self._with_fields(page, number)
            text_page = page.get_textpage()
            try:
                found = glyphs(page, text_page)
            finally:
                text_page.close()
            return self._page(page, number, found, drawing(page, page_box(page), found.quarter))
        except pdfium.PdfiumError:
            raise ReadError(
                f"{self._source}：PDF 的第 {number} 页损坏，读不了。请重新下载或重新导出。"
            ) from None
        finally:
            page.close()

    def _page(self, page: Any, number: int, found: Glyphs, drawn: Drawing) -> Page:
        shown = sum(not run.text.isspace() for run in found.runs)
        covered = min(1.0, sum(drawn.pictures))
        self.filled += bool(shown or drawn.drawn)
        if (
            drawn.beneath * 10 > drawn.texts * 9
        ):  # text under the picture of a page: another program's recognition
            shown = 0
        is_scan = shown < _FEW + 100 * (covered >= _COVERING) and (covered >= _COVERING or drawn.drawn > 0)
        if (is_scan and (not shown or covered >= _COVERING)) or self._is_garbled(found, shown):
            self.recognised.append(number)
            return self._recognised(page, number)
        if found.hidden > _TURNED:
            self._hidden.append(number)
        if covered >= 0.1:
            self._pictured.append(number)
        turn = (found.quarter - page.get_rotation() // 90) % 4
        return Page(number, found.width, found.height, tuple(found.runs), tuple(drawn.rules), turn)

    def _is_garbled(self, found: Glyphs, shown: int) -> bool:
        if shown < _FEW:
            return False
        if found.unread > max(2, _UNREAD * shown):
            return True
        return not is_plausible("".join(run.text for run in found.runs))

    def _recognised(self, page: Any, number: int) -> Page:
        from corpus.readers._recognition import recognise_page

        wide, high = page.get_size()
        scale = min(_DOTS / 72, (_MOST_DOTS / max(1.0, wide * high)) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=True)
        try:
            return recognise_page(bitmap.to_numpy().copy(), number)
        finally:
            bitmap.close()

    def _with_fields(self, page: Any, number: int) -> Any:
        """The page with what its form fields, stamps and typed boxes show made part of it."""
        import pypdfium2.raw as raw

        kinds = {raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP}
        for index in range(min(raw.FPDFPage_GetAnnotCount(page), 2000)):
            annotation = raw.FPDFPage_GetAnnot(page, index)
            kind = raw.FPDFAnnot_GetSubtype(annotation)
            raw.FPDFPage_CloseAnnot(annotation)
            if kind in kinds:
                break
        else:
            return page
        if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
            return page
        page.close()
        return self._document[number - 1]

    def title(self, text: str) -> str | None:
        """The title that the file declares, if the text begins with it: most are names of files."""
        declared = self._document.get_metadata_value("Title") or ""
        squeezed = re.sub(r"\s", "", declared)
        return declared.strip() if len(squeezed) >= 6 and squeezed in re.sub(r"\s", "", text[:600]) else None

    def notes(self) -> tuple[str, ...]:
        """What a person should know about how the pages were read."""
        told = []
        if self._pictured:
            told.append(f"第{listed(self._pictured)}页有图片，图片里的文字没有读")
        if self._hidden:
            told.append(f"第{listed(self._hidden)}页有看不见的文字（隐藏、遮盖或在页面外），未计入正文")
        return tuple(told)
