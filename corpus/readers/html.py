"""Web pages: what a reader sees, block by block, table rows as lines with " | " between cells.

The page is taken as a stream of events, so nesting costs nothing and no tree has a depth limit that would
silently cut a page off. Scripts, styles, comments and hidden elements never enter the text.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from corpus.dating import dates
from corpus.errors import ReadError
from corpus.readers._raised import raised
from corpus.readers._raw import INVISIBLE, RawText, decode
from corpus.readers._tables import Line, Table, furniture_spans

NAME = "网页"
SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
LIGHT = True


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body|meta)\b", re.I | re.S
)
_UNSEEN = _words(
    "script style noscript template iframe object embed svg math select button textarea audio video xml del s strike "
    "noframes"
)
_BLOCKS = _words(
    "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd section article header footer nav aside main blockquote pre "
    "form fieldset legend figure figcaption address center hr br body caption details summary tr td th table"
)
_PLACES = frozenset({"nav", "footer", "aside"})
_PLACE_NAMES = _words(
    "nav navbar menu breadcrumb breadcrumbs crumb crumbs footer foot copyright sidebar share bdshare toolbar "
    "topbar friendlink friendlinks dqwz weizhi"
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:;|$|!)|mso-hide\s*:\s*all|"
    r"mso-element\s*:\s*comment|text-decoration\s*:[^;]{0,40}line-through",
    re.I,
)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.I)
_OF_NOTES = frozenset(("MsoFootnoteReference", "MsoEndnoteReference"))
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://\S{1,500})\s*-->", re.I)
_FRAME = re.compile(r"<i?frame\b", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_FIELDS = {
    "articletitle": "title", "og:title": "og", "pubdate": "date", "publishdate": "date", "og:url": "url",
    "article:published_time": "date", "sitename": "site",
}  # fmt: skip


def accepts(data: bytes) -> bool:
    """Whether the content begins like a web page, in any encoding that keeps ASCII."""
    return bool(_HTML.match(data.removeprefix(b"\xef\xbb\xbf")[:2000]))


def read(data: bytes, source: str) -> RawText:
    html, encoding = decode(data, source)
    page = _Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", huge_tree=True)
    with suppress(etree.LxmlError):  # nothing but comments; the text is empty then, which is told as such
        parser.feed(html.encode("utf-8"))
        parser.close()
    lines = page.lines()
    if not lines and _FRAME.search(html):
        raise ReadError(f"{source}：这是框架页，正文在它引用的另一个网页里。请打开里面的网页，另存后再试。")
    saved = _SAVED_FROM.search(html[:1000])
    named = _tidy(page.title)
    title = page.fields.get("title") or _tidy(page.heading) or page.fields.get("og") or named or None
    if title == page.fields.get("site"):  # the page has no title but its site's
        title = None
    _mark_above(lines, title)
    return RawText(
        "\n".join(line.text for line in lines),
        encoding,
        title=title,
        published=_day(page.fields.get("date")),
        url=page.fields.get("url") or (saved[1] if saved else None),
        site=page.fields.get("site"),
        furniture=furniture_spans(lines),
        format="html",
    )


class _Page:
    """Target of the parser: collects lines, and tables into lines when they end."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self.title = self.heading = ""
        self._out: list[list[Line]] = [[]]
        self._tables: list[Table] = []
        self._line: list[str] = []
        self._open: list[str] = []
        self._unseen = self._furniture = self._pre = self._raised = 0
        self._headed = False
        self._marks: list[tuple[bool, bool, bool]] = []

    # The parser closes what a page leaves open, so every start has its end.
    def start(self, tag: str, attributes: dict[str, str]) -> None:
        unseen, place = bool(self._unseen) or _is_hidden(tag, attributes), _is_place(tag, attributes)
        lifted = _is_raised(tag, attributes)
        self._marks.append((unseen, place, lifted))
        self._raised += lifted
        self._open.append(tag)
        self._declare(tag, attributes)
        self._unseen += unseen
        if tag in _BLOCKS and not unseen:
            self._break()
            self._pre += tag == "pre"
            self._enter(tag, attributes)
        self._furniture += place

    def end(self, tag: str) -> None:
        if not self._open:
            return
        self._open.pop()
        self._headed |= tag == "h1" and bool(self.heading.strip())
        unseen, place, lifted = self._marks.pop()
        self._raised -= lifted
        if tag in _BLOCKS and not unseen:
            self._break()
            self._pre -= tag == "pre"
            self._leave(tag)
        self._unseen -= unseen
        self._furniture -= place

    def data(self, text: str) -> None:
        last = self._open[-1] if self._open else ""
        if last == "title" and not self.title:
            self.title = text
        if self._unseen or "head" in self._open[1:2] or last == "title":
            return
        if "h1" in self._open[-4:] and not self._headed:
            self.heading += text
        if self._pre:
            first, *rest = text.split("\n")
            self._line.append(first)
            for line in rest:
                self._break()
                self._line.append(line)
        else:
            self._line.append(raised(text, "".join(self._line[-3:])[-12:]) if self._raised else text)

    def close(self) -> None:
        self._break()

    def lines(self) -> list[Line]:
        self._break()
        while self._tables:
            self._leave("table")
        return self._out[0]

    def _break(self) -> None:
        text = INVISIBLE.sub("", "".join(self._line))
        self._line.clear()
        line = text.strip("\r\n") if self._pre else _SPACES.sub(" ", text).strip(" ")
        if line.strip():
            self._out[-1].append(Line(line, bool(self._furniture)))

    def _enter(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table":
            if self._tables:
                self._tables[-1].is_layout = True
            self._tables.append(Table())
            self._out.append([])
        elif self._tables and tag == "tr":
            self._tables[-1].add_row()
        elif self._tables and tag in ("td", "th"):
            self._out.append([])
            self._tables[-1].spans.append((attributes.get("colspan", ""), attributes.get("rowspan", "")))

    def _leave(self, tag: str) -> None:
        if not self._tables:
            return
        table = self._tables[-1]
        if tag in ("td", "th") and len(self._out) > 1 and table.spans:
            table.add_cell(self._out.pop(), table.spans.pop())
        elif tag == "table":
            self._tables.pop()
            loose = self._out.pop() if len(self._out) > 1 else []
            self._out[-1].extend([*loose, *table.lines()])

    def _declare(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "meta":
            name = (attributes.get("name") or attributes.get("property") or "").lower()
            value = _tidy(attributes.get("content") or "")
            if (key := _FIELDS.get(name)) and value:
                self.fields.setdefault(key, value)
        elif (
            tag == "link" and (attributes.get("rel") or "").lower() == "canonical" and attributes.get("href")
        ):
            self.fields["url"] = attributes["href"].strip()


def _is_hidden(tag: str, attributes: dict[str, str]) -> bool:
    return (
        tag in _UNSEEN
        or "hidden" in attributes
        or attributes.get("aria-hidden", "").lower() == "true"
        or bool(_HIDING.search(attributes.get("style", "")[:500]))
    )


def _is_raised(tag: str, attributes: dict[str, str]) -> bool:
    """Whether the element is printed raised, as a power or the mark of a note is."""
    style, names = attributes.get("style", "")[:500], attributes.get("class", "")[:300].split()
    return tag == "sup" or bool(_RAISED.search(style)) or not _OF_NOTES.isdisjoint(names)


def _is_place(tag: str, attributes: dict[str, str]) -> bool:
    """Whether the element is where pages keep menus and footers, by its tag or its class and id."""
    if tag in ("html", "body", "main", "article"):
        return False
    words = re.split(r"[\s_-]+", f"{attributes.get('class', '')} {attributes.get('id', '')}"[:300].lower())
    return tag in _PLACES or not _PLACE_NAMES.isdisjoint(words)


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def _day(written: str | None) -> dt.date | None:
    found = dates(written) if written else []
    return found[0][1] if found else None


def _mark_above(lines: list[Line], title: str | None) -> None:
    """Short lines above the printed title are the site's menu."""
    squeezed = re.sub(r"\s", "", title or "")
    for index, line in enumerate(lines[:300]):
        text = re.sub(r"\s", "", line.text)
        if not line.furniture and len(text) >= 6 and squeezed.startswith(text):
            for above in lines[:index]:
                above.furniture = True
            return
        if "。" in text or len(text) > 60:
            return
