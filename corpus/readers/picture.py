"""Pictures of pages (scans, photographs, faxes): the text is recognised, each character with its confidence."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import ReadError
from corpus.readers._page import Page, lines_of
from corpus.readers._raw import RawText
from corpus.readers._scanned import scan_notes

if TYPE_CHECKING:
    from PIL.Image import Image

    from corpus.readers._upright import Pixels

NAME = "图片"
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp")
LARGEST_FILE = 64 * 1024 * 1024

_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "WEBP")
_MOST_PIXELS = 80_000_000
"""A3 at 600 dots an inch has 70 million."""
_LONGEST_SIDE = 5000
"""Pixels: A3 at 300 dots an inch. What is finer only costs time."""
_SMALLEST_SIDE = 16
_MOST_PAGES = 200
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)


def accepts(data: bytes) -> bool:
    """Whether the content begins like one of the pictures that are read."""
    return (
        data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*"))
        or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in _BMP_HEADERS)
    )


def read(data: bytes, source: str) -> RawText:
    laid = lines_of(_pages(data, source))
    if not laid.text.strip():
        raise ReadError(f"{source}：图片里没有认出文字。请确认是文件的扫描件或照片，并换一张清楚的图片。")
    notes = scan_notes(laid.text, laid.places)
    return RawText(laid.text, "utf-8", format="scan", places=laid.places, notes=(*notes, *laid.notes))


def _pages(data: bytes, source: str) -> Iterator[Page]:
    """Yield the recognised pages of a picture, one at a time."""
    from corpus.readers._recognition import recognise_page

    for number, pixels in enumerate(_frames(data, source), 1):
        yield recognise_page(pixels, number)


def _frames(data: bytes, source: str) -> Iterator[Pixels]:
    """Yield the pages of a picture as pixels; of an animation only what is seen first."""
    from PIL import Image, ImageOps

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what is too big is refused below, odd metadata do not matter
        try:
            image = Image.open(io.BytesIO(data), formats=_FORMATS)
            count = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        except Image.DecompressionBombError:
            raise _too_big(source) from None
        except Exception:  # the decoders raise whatever a broken file makes them
            raise _broken(source) from None
        if count > _MOST_PAGES:
            raise ReadError(f"{source}：图片有 {count} 页，超过上限 {_MOST_PAGES} 页。请拆分后再试。")
        for index in range(count):
            try:
                image.seek(index)
                _check(image, source)
                image.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
                upright = ImageOps.exif_transpose(image)
                pixels = _pixels(upright)
            except ReadError:
                raise
            except Image.DecompressionBombError:
                raise _too_big(source) from None
            except Exception:
                raise _broken(source) from None
            yield pixels


def _check(image: Image, source: str) -> None:
    if image.width * image.height > _MOST_PIXELS:
        raise _too_big(source)
    if min(image.size) < _SMALLEST_SIDE:
        raise ReadError(f"{source}：图片只有 {image.width}×{image.height} 像素，看不出文字。请换一张图片。")


def _pixels(image: Image) -> Pixels:
    """Return grey or red, green, blue with eight bits each; what is transparent is paper."""
    import numpy as np
    from PIL import Image as images

    if image.mode.startswith(("I", "F")):
        wide = np.asarray(image, dtype=np.float64)
        low, high = float(wide.min()), float(wide.max())
        image = images.fromarray(((wide - low) * (255 / ((high - low) or 1))).astype(np.uint8))
    elif image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        image = images.alpha_composite(images.new("RGBA", clear.size, "white"), clear).convert("RGB")
    elif image.mode != "L":
        image = image.convert("L" if image.mode == "1" else "RGB")
    if max(image.size) > _LONGEST_SIDE:
        image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return np.asarray(image, dtype=np.uint8)


def _too_big(source: str) -> ReadError:
    millions = _MOST_PIXELS // 10**6
    return ReadError(f"{source}：图片超过 {millions} 百万像素，没有打开。请缩小到每英寸 300 点后再试。")


def _broken(source: str) -> ReadError:
    return ReadError(f"{source}：图片不完整或已损坏，打不开。请重新扫描或另存后再试。")
