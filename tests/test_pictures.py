"""Pictures of pages are read, and how sure each character is goes with it."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw

from corpus import readers
from corpus.confidence import LOW
from corpus.errors import ReadError
from tests.pages_fixtures import encoded, page, scanned, table

LINES = (
    "云岭县2023年教育经费执行情况",
    "2023年,全县教育经费总投入86417.35万元,比上年",
    "增加3520.08万元,增长4.25%。其中公用经费9206万元,",
    "占10.65%。小学生均教育事业费13908.27元。",
)


def text_of(data: bytes, folder: Path, name: str = "a.png") -> str:
    path = folder / name
    path.write_bytes(data)
    return squeezed(readers.read(path).text)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).replace("，", ",").replace("％", "%")


@pytest.mark.parametrize(
    "change",
    [
        lambda picture: picture,
        scanned,
        lambda picture: scanned(picture, turn=-1.8, noise=12),
        lambda picture: scanned(picture).rotate(90, expand=True),
        lambda picture: scanned(picture).rotate(180),
        lambda picture: scanned(picture).rotate(270, expand=True),
    ],
    ids=["clean", "scanned", "turned", "left", "upside down", "right"],
)
def test_a_page_is_read_however_it_lay(tmp_path: Path, change: Callable[[Image.Image], Image.Image]) -> None:
    """Skew, a quarter turn and a page on its head change nothing."""
    assert squeezed("".join(LINES)) == text_of(encoded(change(page(LINES))), tmp_path)


def test_a_red_seal_over_figures_does_not_hide_them(tmp_path: Path) -> None:
    """The seal is as light as paper in the red channel; a red heading stays."""
    seal = Image.new("RGB", (1240, 700), "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((500, 60, 900, 460), outline=(215, 30, 40), width=10)
    draw.polygon([(700, 150), (760, 330), (610, 210), (790, 210), (640, 330)], fill=(215, 30, 40))
    stamped = ImageChops.multiply(page(LINES), seal)

    assert squeezed("".join(LINES)) == text_of(encoded(stamped), tmp_path)


def test_ruling_lines_are_no_figures(tmp_path: Path) -> None:
    """Neither a 1 nor a bracket comes of a line beside a cell's figure."""
    rows = (
        ("学段", "学校数", "在校生数"),
        ("小学", "11", "30172"),
        ("初中", "7", "11811"),
        ("高中", "1", "4107"),
    )

    read = text_of(encoded(scanned(table(rows))), tmp_path)

    assert "".join("|".join(row) for row in rows) in read


def test_every_recognised_character_has_a_place_and_a_confidence(tmp_path: Path) -> None:
    """Page, box and confidence say where a figure stands and how sure it is."""
    path = tmp_path / "a.tif"
    second = page(("第二页有小学41所。",))
    path.write_bytes(encoded(page(LINES), "TIFF", save_all=True, append_images=[second]))

    report = readers.read(path)
    start = report.text.index("41所")
    (first, *_) = report.places_in(start, start + 2)

    assert report.format == "scan" and {p.page for p in report.places} == {1, 2}
    assert first.page == 2 and first.box is not None and first.box[1] < 250
    assert (report.confidence(start, start + 2) or 0) >= LOW
    assert any("图片" in note for note in report.notes)


@pytest.mark.parametrize(
    "form", ["JPEG", "BMP", "WEBP", "TIFF", "GREY16", "CMYK", "PALETTE", "CLEAR", "EXIF"]
)
def test_every_kind_of_picture_is_read(tmp_path: Path, form: str) -> None:
    """Depth, colours, transparency and the camera's note on rotation make no difference."""
    picture = page(LINES[:2], size=(1240, 300))
    if form == "GREY16":
        data = encoded(Image.fromarray(np.asarray(picture.convert("L"), dtype=np.uint16) * 256))
    elif form == "CMYK":
        data = encoded(picture.convert("CMYK"), "JPEG", quality=90)
    elif form == "PALETTE":
        data = encoded(picture.convert("P"))
    elif form == "CLEAR":
        ink = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        ink.putalpha(picture.convert("L").point(lambda shade: 255 - shade))
        data = encoded(ink)
    elif form == "EXIF":
        note = Image.Exif()
        note[0x0112] = 6
        data = encoded(picture.rotate(90, expand=True), "JPEG", exif=note)
    else:
        data = encoded(picture, form)

    assert squeezed("".join(LINES[:2])) == text_of(data, tmp_path)


def huge_png() -> bytes:
    """A picture of nine thousand million pixels in a few bytes."""
    data = encoded(Image.new("1", (16, 16)))
    head = data[12:16] + struct.pack(">II", 95_000, 95_000) + data[24:29]
    return data[:12] + head + struct.pack(">I", zlib.crc32(head)) + data[33:]


def many_pages() -> bytes:
    out = io.BytesIO()
    one = Image.new("1", (20, 20))
    one.save(out, "TIFF", save_all=True, append_images=[one] * 250)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (huge_png, "像素"),
        (many_pages, "251 页"),
        (lambda: encoded(Image.new("RGB", (1, 1))), "1×1"),
        (lambda: encoded(Image.new("RGB", (9000, 9001)), "PNG"), "像素"),
        (lambda: encoded(Image.new("RGB", (800, 600), "white")), "没有认出文字"),
        (lambda: encoded(Image.effect_noise((800, 600), 60)), "没有认出文字"),
        (lambda: encoded(Image.effect_noise((400, 300), 80))[:5000], "不完整"),
        (lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 500, "打不开"),
        (lambda: b"II*\x00\xff\xff\xff\xff", "打不开"),
    ],
    ids=["bomb", "pages", "dot", "big", "blank", "noise", "truncated", "hollow", "lost"],
)
def test_what_is_no_page_is_refused_in_one_line(tmp_path: Path, data: Callable[[], bytes], said: str) -> None:
    """Bounded in memory and time, and never anything but one clear line."""
    path = tmp_path / "a.png"
    path.write_bytes(data())

    with pytest.raises(ReadError) as caught:
        readers.read(path)

    assert said in str(caught.value) and "\n" not in str(caught.value)
