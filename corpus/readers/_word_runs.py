"""The characters of a Word paragraph: runs, fields, symbols, formulas, what is inserted, deleted or hidden."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from corpus.readers._raised import raised
from corpus.readers._raw import INVISIBLE
from corpus.readers._word_numbers import bracketed, circled
from corpus.readers._word_styles import Styles, child, is_on, tag, value

_THROUGH = frozenset(
    ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "bdo", "dir", "fldSimple")
)
_GONE = frozenset(("del", "moveFrom"))
_UNREAD = (("hidden", ("vanish",)), ("struck", ("strike", "dstrike")))
_BREAKS = frozenset(("br", "cr"))
_SYMBOLS = {
    "symbol": {0x25: "%", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xB0: "°", 0xB1: "±", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
               0x6D: "μ", 0x2D: "-"},
    "wingdings": {0xFC: "√", 0xFE: "☑", 0xA8: "□", 0x6F: "□", 0xFB: "×", 0xFD: "☒"},
    "wingdings 2": {0x50: "√", 0x52: "☑", 0xA3: "□", 0x4F: "×"},
}  # fmt: skip
_ENCIRCLED = re.compile(r"EQ\s*\\o\s*(?:\\ac)?\s*\([○〇]\s*[,，]\s*(\d{1,2})\)", re.I)
BREAK = "\n"


class Runs:
    """Reads paragraphs one after the other; fields may reach over several.

    After ``read``: ``boxes`` and ``notes`` are what the paragraph anchors (text boxes; kind and id of notes).
    ``seen`` counts what a person should know of: revisions, hidden, comments, pictures.
    """

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[list[Any]] = []  # code, whether its result has begun
        self._pieces: list[str] = []
        self._paragraph: str | None = None
        self._marks: dict[tuple[str, str], str] = {}
        self._numbers: Counter[str] = Counter()
        self.boxes: list[Any] = []
        self.notes: list[tuple[str, str]] = []
        self.seen: Counter[str] = Counter()

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents is being printed."""
        return any(begun and code.lstrip().upper().startswith("TOC") for code, begun in self._fields)

    def mark(self, kind: str, name: str) -> str:
        """Return the mark of a note, counted in the order of the references."""
        if (kind, name) not in self._marks:
            self._numbers[kind] += 1
            count = self._numbers[kind]
            self._marks[kind, name] = circled(count) if kind == "footnote" else bracketed(count)
        return self._marks[kind, name]

    def read(self, paragraph: Any, style: str | None) -> str:
        """Return the visible text of a paragraph, its line breaks as newlines."""
        self._pieces, self.boxes, self.notes, self._paragraph = [], [], [], style
        self._inline(paragraph)
        self._fields = [f for f in self._fields if f[1]]  # codes end with their paragraph
        return INVISIBLE.sub("", "".join(self._pieces))

    def _inline(self, parent: Any) -> None:
        for element in parent:
            name = tag(element)
            if name == "r":
                self._run(element)
            elif name in _GONE:
                self.seen["revisions"] += name == "del"  # what moved is counted where it went
            elif name in _THROUGH:
                self.seen["revisions"] += name in ("ins", "moveTo")
                if not is_on(child(element, "sdtPr", "showingPlcHdr")):
                    self._inline(element)
            elif name == "mc:AlternateContent":
                self._inline(chosen(element))
            elif name in ("m:oMath", "m:oMathPara"):
                self._add(_formula(element))

    def _run(self, run: Any) -> None:
        properties = child(run, "rPr")
        style = value(child(properties, "rStyle")) if properties is not None else None
        gone = next(
            (kind for kind, switches in _UNREAD if any(self._given(properties, style, s) for s in switches)),
            None,
        )
        if gone:
            self.seen[gone] += any(tag(e) == "t" and e.text for e in run)
            for element in run:  # fields count even where they do not show
                if tag(element) in ("fldChar", "instrText"):
                    self._field(element)
            return
        lifted = self._lifted(properties, style)
        for element in run:
            self._piece(element, lifted)

    def _given(self, properties: Any, style: str | None, switch: str) -> bool:
        direct = child(properties, switch) if properties is not None else None
        if direct is None and style:
            direct = self._styles.property(style, "rPr", switch)
        if direct is None:
            direct = self._styles.property(self._paragraph, "rPr", switch)
        return is_on(direct)

    def _lifted(self, properties: Any, style: str | None) -> bool:
        direct = child(properties, "vertAlign") if properties is not None else None
        if direct is None and style:
            direct = self._styles.property(style, "rPr", "vertAlign")
        return value(direct) == "superscript"

    def _piece(self, element: Any, lifted: bool) -> None:
        name = tag(element)
        if name in ("fldChar", "instrText"):
            self._field(element)
        elif name == "t":
            self._add(element.text or "", lifted)
        elif name in ("tab", "ptab"):
            self._add(" ")
        elif name in _BREAKS:
            self._add(BREAK)
        elif name == "noBreakHyphen":
            self._add("-")
        elif name == "sym":
            self._add(_symbol(element))
        elif name in ("footnoteReference", "endnoteReference"):
            self._note(name.removesuffix("Reference"), element)
        elif name == "commentReference":
            self.seen["comments"] += 1
        elif name == "ruby":
            self._inline(child(element, "rubyBase") if child(element, "rubyBase") is not None else ())
        elif name == "mc:AlternateContent":
            for inner in chosen(element):
                self._piece(inner, lifted)
        elif name in ("drawing", "pict", "object"):
            self._drawing(element)

    def _note(self, kind: str, element: Any) -> None:
        if not self._shown:
            return
        name = value(element, "id") or ""
        if not is_on_attribute(element, "customMarkFollows"):
            self._add(self.mark(kind, name))
        self.notes.append((kind, name))

    def _drawing(self, element: Any) -> None:
        """Text boxes are kept for later, pictures counted; of two renderings of a shape, one."""
        waiting = [element]
        while waiting:
            here = waiting.pop()
            name = tag(here)
            if name == "txbxContent":
                self.boxes.append(here)
                continue
            if name in ("?blip", "?imagedata"):
                self.seen["pictures"] += 1
            waiting.extend(reversed(list(chosen(here) if name == "mc:AlternateContent" else here)))

    def _field(self, element: Any) -> None:
        kind = value(element, "fldCharType") if tag(element) == "fldChar" else None
        if kind == "begin":
            self._fields.append(["", False])
        elif self._fields and kind == "separate":
            self._fields[-1][1] = True
        elif self._fields and kind == "end":
            code, begun = self._fields.pop()
            if not begun and (ring := _ENCIRCLED.match(code.strip())):
                self._add(circled(int(ring[1])))
        elif self._fields and kind is None and len(self._fields[-1][0]) < 500:
            self._fields[-1][0] += element.text or ""

    @property
    def _shown(self) -> bool:
        return all(begun for _, begun in self._fields)

    def _add(self, text: str, lifted: bool = False) -> None:
        if text and self._shown:
            self._pieces.append(raised(text, "".join(self._pieces[-3:])[-12:]) if lifted else text)


def is_on_attribute(element: Any, name: str) -> bool:
    return (value(element, name) or "0").lower() in ("1", "true", "on")


def chosen(alternatives: Any) -> Any:
    """Return the first choice of an ``mc:AlternateContent`` that holds text, else the fallback, else nothing."""
    options = [e for e in alternatives if tag(e) in ("mc:Choice", "mc:Fallback")]
    written = (
        e for e in options if any(tag(d) in ("t", "txbxContent") for d in e.iter("{*}t", "{*}txbxContent"))
    )
    return next(written, options[0] if options else ())


def _symbol(element: Any) -> str:
    code = (
        int(value(element, "char") or "0", 16)
        if re.fullmatch(r"[0-9A-Fa-f]{1,5}", value(element, "char") or "")
        else 0
    )
    known = _SYMBOLS.get((value(element, "font") or "").lower(), {}).get(code & 0xFF)
    if known or not 0x20 < code < 0xD800:
        return known or " "  # a picture of a font's own: it stands for no character
    return chr(code)


def _formula(element: Any) -> str:
    name = tag(element)
    if name == "m:t":
        return element.text or ""
    if name == "m:f":
        over, under = child(element, "m:num"), child(element, "m:den")
        return "/".join(_formula(part) for part in (over, under) if part is not None)
    if name == "m:sSup":
        base, power = child(element, "m:e"), child(element, "m:sup")
        shown = _formula(base) if base is not None else ""
        return shown + (raised(_formula(power), shown) if power is not None else "")
    sign = "√" if name == "m:rad" else ""
    return sign + "".join(_formula(part) for part in element if tag(part)[:2] in ("m:",))
