"""Web pages saved with all that belongs to them in one file (.mht, .mhtml), and Word's ".doc" of that kind."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message

from corpus.errors import ReadError
from corpus.readers import html
from corpus.readers._raw import RawText

NAME = "网页存档"
SUFFIXES = (".mht", ".mhtml")
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes: the pictures of the page are in the file."""

_MOST_PARTS = 2_000
_DEEPEST = 20
"""So many parts may hold parts; the parser's work grows with the depth."""
_HEAD = re.compile(rb"\s*(?:[A-Za-z-]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){1,40}", re.A)


def accepts(data: bytes) -> bool:
    """Whether the content begins with the fields of a MIME message in parts, or of one page."""
    head = _HEAD.match(data.removeprefix(b"\xef\xbb\xbf")[:8000])
    fields = head[0].lower() if head else b""
    return b"mime-version:" in fields and (b"multipart/" in fields or b"text/html" in fields)


def read(data: bytes, source: str) -> RawText:
    if not accepts(data):
        raise ReadError(f"{source}：内容不是网页存档。请在浏览器里重新另存为网页后再试。")
    if data.lower().count(b"multipart/") > _DEEPEST or data.lower().count(b"content-type:") > _MOST_PARTS:
        raise ReadError(f"{source}：网页存档的结构过于复杂，不像正常的网页。请换一个文件。")
    try:
        pages = list(_pages(email.message_from_bytes(data.lstrip())))
    except (
        ValueError,
        LookupError,
        TypeError,
        RecursionError,
        AttributeError,
    ):  # what its parser lets through
        raise ReadError(f"{source}：网页存档损坏，读不了。请在浏览器里重新另存后再试。") from None
    if not pages:
        raise ReadError(f"{source}：网页存档里没有网页。请在浏览器里重新另存后再试。")
    address, first = pages[0]
    try:
        raw = html.read(first, source)
    except ReadError:
        if len(pages) == 1:
            raise
        raw = _joined([html.read(page, source) for _, page in pages[1:]])  # a page of frames
    return replace(raw, url=raw.url or address)


def _pages(message: Message) -> Iterator[tuple[str | None, bytes]]:
    """Yield address and bytes of every web page in the message, the main one first."""
    whole = message.get("Snapshot-Content-Location") or message.get("Content-Location")
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            content = part.get_payload(decode=True)
            address = str(part.get("Content-Location") or whole or "")
            if isinstance(content, bytes) and content.strip():
                yield address if address.startswith("http") else None, content


def _joined(pages: list[RawText]) -> RawText:
    """The frames of a page one after the other; what each marks as furniture stays so."""
    text, furniture = "", list[tuple[int, int]]()
    for page in pages:
        start = len(text) + 1 if text else 0
        furniture += [(start + a, start + b) for a, b in page.furniture]
        text = f"{text}\n{page.text}" if text else page.text
    main = max(pages, key=lambda page: len(page.text))
    return replace(main, text=text, furniture=tuple(furniture))
