"""Small PDFs written by hand: text at a place, lines, pictures, hidden things; and a typesetter for paragraphs."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

A4 = (595.0, 842.0)
_NEVER_FIRST = "，。、；：！？）》”’％%,.;:!?)"
_NEVER_LAST = "（《“‘("


def wide(char: str) -> float:
    """Advance of a character in sizes of the font."""
    return 0.5 if char < "\u0100" else 1.0


def width(text: str) -> float:
    return sum(map(wide, text))


@dataclass
class Sheet:
    """A page under construction; y is measured downwards from the upper edge."""

    size: tuple[float, float] = A4
    rotate: int = 0
    content: list[str] = field(default_factory=list)
    extra: str = ""

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 12,
        *,
        mode: int = 0,
        grey: float = 0,
        way: tuple[float, float] = (1, 0),
        spread: float = 0,
    ) -> None:
        """Print ``text`` with its baseline beginning at (x, y)."""
        a, b = way
        codes = text.encode("utf-16-be").hex()
        self.content.append(
            f"BT {grey} g {mode} Tr {spread} Tc /F1 {size} Tf {a} {b} {-b} {a} {x:.3f} {self.size[1] - y:.3f} Tm <{codes}> Tj ET"
        )

    def line(self, left: float, top: float, right: float, bottom: float) -> None:
        high = self.size[1]
        self.content.append(f"0 G 0.6 w {left} {high - top} m {right} {high - bottom} l S")

    def box(self, left: float, top: float, right: float, bottom: float, grey: float) -> None:
        high = self.size[1]
        self.content.append(f"{grey} g {left} {high - bottom} {right - left} {bottom - top} re f")

    def grid(self, xs: list[float], ys: list[float]) -> None:
        for x in xs:
            self.line(x, ys[0], x, ys[-1])
        for y in ys:
            self.line(xs[0], y, xs[-1], y)

    def picture(self, left: float, top: float, right: float, bottom: float) -> None:
        high = self.size[1]
        self.content.append(f"q {right - left} 0 0 {bottom - top} {left} {high - bottom} cm /I1 Do Q")


def document(
    *sheets: Sheet,
    title: str = "",
    more: list[str] | None = None,
    catalog: str = "",
    trailer: str = "",
    seal: Callable[[int, bytes], bytes] | None = None,
) -> bytes:
    """The sheets as a PDF whose font is not in the file, as many Chinese documents have it.

    ``more`` are objects from number 8 on, ``seal`` encrypts the stream of the object of a number.
    """
    bodies = [
        "",  # the catalog, when the pages are known
        "",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> /DW 1000 /W [1 95 500 814 939 500] >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] /ItalicAngle 0 "
        "/Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
        "<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>\n"
        "stream\n\x10\x60\x90\x30\nendstream",
        f"<< /Title ({title}) >>",
        *(more or []),
    ]
    pages = []
    for sheet in sheets:
        data = zlib.compress("\n".join(sheet.content).encode())
        content = (seal(len(bodies) + 1, data) if seal else data).decode("latin-1")
        bodies.append(f"<< /Length {len(content)} /Filter /FlateDecode >>\nstream\n{content}\nendstream")
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {sheet.size[0]} {sheet.size[1]}] /Rotate {sheet.rotate} "
            f"/Resources << /Font << /F1 3 0 R >> /XObject << /I1 6 0 R >> >> /Contents {len(bodies)} 0 R {sheet.extra} >>"
        )
        pages.append(f"{len(bodies)} 0 R")
    bodies[0] = f"<< /Type /Catalog /Pages 2 0 R {catalog} >>"
    bodies[1] = f"<< /Type /Pages /Kids [{' '.join(pages)}] /Count {len(pages)} >>"
    out, offsets = "%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    start = len(out)
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {len(bodies) + 1} /Root 1 0 R /Info 7 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def pieces(text: str) -> list[str]:
    """What no line may be broken in: numbers and words, and a mark with the character it clings to."""
    found: list[str] = []
    for char in text:
        last = found[-1] if found else ""
        clings = (
            char in _NEVER_FIRST
            or (last and last[-1] in _NEVER_LAST)
            or (last and "!" <= char <= "~" and "!" <= last[-1] <= "~")
        )
        if clings and found:
            found[-1] += char
        else:
            found.append(char)
    return found


def broken(text: str, measure: float, indent: float = 0) -> list[str]:
    """``text`` as lines of at most ``measure``, in sizes of the font, the first one ``indent`` shorter."""
    lines, room = [""], measure - indent
    for piece in pieces(text):
        if width(piece) > room and lines[-1]:
            lines.append("")
            room = measure
        if not lines[-1] and piece == " ":
            continue
        lines[-1] += piece
        room -= width(piece)
    return [line.rstrip(" ") for line in lines]


@dataclass
class Press:
    """Sets paragraphs one below the other, on as many pages as it takes."""

    left: float = 90
    right: float = 505
    top: float = 90
    bottom: float = 760
    size: float = 12
    leading: float = 1.6
    justified: bool = True
    sheets: list[Sheet] = field(default_factory=lambda: [Sheet()])
    y: float = 0

    def step(self, size: float, space: float = 0) -> Sheet:
        self.y = (self.y or self.top - size * self.leading) + size * self.leading + space
        if self.y > self.bottom:
            self.sheets.append(Sheet())
            self.y = self.top
        return self.sheets[-1]

    def paragraph(self, text: str, indent: float = 2, *, size: float | None = None, space: float = 0) -> None:
        size = size or self.size
        lines = broken(text, (self.right - self.left) / size, indent)
        for index, line in enumerate(lines):
            sheet = self.step(size, 0 if index else space)
            start = self.left + (0 if index else indent * size)
            slack = self.right - start - width(line) * size
            spread = slack / max(1, len(line) - 1) if self.justified and index < len(lines) - 1 else 0
            sheet.text(start, self.y, line, size, spread=min(max(spread, 0), 0.5 * size))

    def centred(self, text: str, size: float = 20) -> None:
        for line in broken(text, (self.right - self.left) / size):
            self.step(size).text((self.left + self.right - width(line) * size) / 2, self.y, line, size)

    def at_right(self, text: str, inset: float = 0) -> None:
        sheet = self.step(self.size)
        sheet.text(self.right - (width(text) + inset) * self.size, self.y, text, self.size)

    def pdf(self) -> bytes:
        return document(*self.sheets)
