"""PDF documents: the text layer where there is one that can be read, else recognition of the page's picture.

Pages are read one at a time and closed. Scripts, attachments and comments are never looked at; what a form shows in
its fields is text of the page.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from corpus.errors import ReadError
from corpus.readers._page import Page, lines_of
from corpus.readers._pdf_pages import PageReader
from corpus.readers._raw import RawText
from corpus.readers._scanned import scan_notes

NAME = "PDF"
SUFFIXES = (".pdf",)
LARGEST_FILE = 64 * 1024 * 1024
MOST_PAGES = 1000
"""A county's report has under 100 pages, a yearbook under 600."""
MOST_TEXT = 2_000_000
"""Characters, as for any report: what is longer is refused before the rest is read."""

_LOCK = threading.Lock()
"""The engine may be called by one thread at a time."""
_HEADER_WITHIN = 1024
_END_WITHIN = 4096


def accepts(data: bytes) -> bool:
    """Whether the content begins like a PDF; readers allow a little before its header."""
    return b"%PDF-" in data[:_HEADER_WITHIN] and data.lstrip()[:1] != b"<"


def read(data: bytes, source: str) -> RawText:
    with _LOCK:
        document = _open(data, source)
        try:
            count = len(document)
            if count > MOST_PAGES:
                raise ReadError(f"{source}：PDF 有 {count} 页，超过上限 {MOST_PAGES} 页。请拆分后再试。")
            if count == 0:
                raise ReadError(f"{source}：PDF 里没有页面。请检查文件是否完整。")
            reader = PageReader(document, source)
            laid = lines_of(_pages(reader, count, source))
            title = reader.title(laid.text)
        finally:
            document.close()
    if not laid.text.strip():
        raise ReadError(f"{source}：PDF 里没有可读的文字（空白页）。请换一个文件。")
    return RawText(
        laid.text,
        "pdf",
        title=title,
        format="scan" if reader.recognised and len(reader.recognised) == reader.filled else "pdf",
        places=laid.places,
        notes=(*laid.notes, *reader.notes(), *scan_notes(laid.text, laid.places)),
    )


def _pages(reader: PageReader, count: int, source: str) -> Iterator[Page]:
    length = 0
    for number in range(1, count + 1):
        page = reader.page(number)
        length += sum(len(run.text) for run in page.runs)
        if length > MOST_TEXT:
            raise ReadError(f"{source}：正文超过上限 {MOST_TEXT} 字（读到第 {number} 页）。请拆分后再试。")
        yield page


def _open(data: bytes, source: str) -> Any:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    # The engine mends a file without its end, and leaves out what it does not find: a report cut short.
    if not any(mark in data[-_END_WITHIN:] for mark in (b"%%EOF", b"startxref")):
        raise ReadError(f"{source}：PDF 不完整（缺少结尾）。请重新下载或重新导出。")
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        reason = raw.FPDF_GetLastError()
    if reason == raw.FPDF_ERR_PASSWORD:
        raise ReadError(f"{source}：PDF 有密码，打不开。请先去掉密码再试。")
    if reason == raw.FPDF_ERR_SECURITY:
        raise ReadError(f"{source}：PDF 的加密方式不支持。请另存为不加密的 PDF 再试。")
    raise ReadError(f"{source}：PDF 损坏或不完整，打不开。请重新下载或重新导出。")
