"""Printed pages as scanners, copiers and telephones give them: turned, noisy, faint, stamped, photographed."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True, slots=True)
class Quality:
    """How a page is worn: dots an inch, most degrees turned, noise and blur (standard deviations in shades and
    pixels), JPEG quality, shade of the ink (0 black), shade above which a fax is white (0: no fax)."""

    dots: int = 200
    turned: float = 0.7
    noise: float = 8
    blur: float = 0.6
    jpeg: int = 75
    ink: int = 20
    fax: int = 0
    seals: Literal["", "red", "grey"] = ""
    photographed: bool = False
    a_sheet: int = 1
    """Pages side by side."""
    lies: bool = False
    """Whether the sheet may lie on a side or on its head."""


QUALITIES = {
    "office": Quality(),
    "fine": Quality(dots=300, turned=0.3, noise=4, blur=0.4, jpeg=85),
    "lying": Quality(lies=True),
    "pair": Quality(a_sheet=2),
    "seal": Quality(seals="red"),
    "copied": Quality(seals="grey"),
    "photo": Quality(blur=0.9, noise=6, photographed=True),
    "poor": Quality(dots=150, turned=2.0, noise=14, blur=0.7, jpeg=40),
    "faint": Quality(turned=1.0, noise=12, jpeg=60, ink=140),
    "fax": Quality(turned=1.0, noise=20, jpeg=95, fax=150),
    "coarse": Quality(dots=120, turned=1.0, noise=10, blur=0.7, jpeg=50),
}


def worn(printed: bytes, quality: Quality, dice: random.Random) -> Iterator[Any]:
    """Yield the sheets of a printed document (the bytes of a PDF) as pictures."""
    import pypdfium2

    document = pypdfium2.PdfDocument(printed)
    try:
        shown = (page.render(scale=quality.dots / 72).to_pil().convert("RGB") for page in document)
        for sheet in _sheets(shown, quality.a_sheet):
            yield worn_page(sheet, quality, dice)
    finally:
        document.close()


def worn_page(page: Any, quality: Quality, dice: random.Random) -> Any:
    """Return the picture of one printed page (colour, as wide as ``quality.dots`` make it) as it comes worn."""
    from PIL import Image, ImageFilter

    if quality.seals:
        page = _sealed(page, quality.seals, dice)
    page = page if quality.seals == "red" or quality.photographed else page.convert("L")
    white = 255 if page.mode == "L" else (255, 255, 255)
    if quality.photographed:
        page = _leaning(page, dice)
    else:
        turn = dice.uniform(-quality.turned, quality.turned)
        page = page.rotate(turn, resample=Image.Resampling.BICUBIC, fillcolor=white)
    if quality.lies:
        page = page.rotate(dice.choice([90, 180, 270]), expand=True)
    pixels = np.asarray(page.filter(ImageFilter.GaussianBlur(quality.blur)), dtype=np.float32)
    pixels = quality.ink + pixels * (245 - quality.ink) / 255
    light = _light(pixels.shape[0], pixels.shape[1], quality, dice)
    grain = np.random.default_rng(dice.getrandbits(32)).normal(0, quality.noise, light.shape)
    pixels = pixels * light + grain if pixels.ndim == 2 else pixels * light[..., None] + grain[..., None]
    if quality.fax:
        pixels = np.where(pixels > quality.fax, 255, 0)
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality.jpeg)
    return Image.open(out)


def bound(sheets: list[Any], dots: int) -> bytes:
    """Return an image-only PDF of ``sheets``, each as it was compressed."""
    out = io.BytesIO()
    quality = {"quality": 95, "subsampling": 0}
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], resolution=dots, **quality)
    return out.getvalue()


def _sheets(pages: Iterator[Any], a_sheet: int) -> Iterator[Any]:
    from PIL import Image

    while taken := [page for _, page in zip(range(a_sheet), pages, strict=False)]:
        wide, high = taken[0].size
        sheet = Image.new("RGB", (wide * a_sheet, high), "white")
        for index, page in enumerate(taken):
            sheet.paste(page, (index * wide, 0))
        yield sheet if a_sheet > 1 else taken[0]


def _light(high: int, wide: int, quality: Quality, dice: random.Random) -> Any:
    """Return by what each point's shade is multiplied: less at one side, and under a hand's shadow."""
    light = np.ones((high, wide), np.float32) * (1 - 0.08 * dice.random() * np.linspace(0, 1, wide))
    if quality.photographed:
        down, across = np.mgrid[0:high, 0:wide].astype(np.float32)
        slope = dice.uniform(-0.6, 0.6)
        edge = (across / wide - dice.uniform(0.3, 0.7)) + slope * (down / high - 0.5)
        light *= 1 - dice.uniform(0.25, 0.45) / (1 + np.exp(-edge * 40))
        light *= 0.9 + 0.1 * np.cos(2 * (down / high - 0.5))
    return light


def _leaning(page: Any, dice: random.Random) -> Any:
    """The page as a telephone sees it that is not held level: on a desk, its corners moved inwards."""
    import cv2
    from PIL import Image

    wide, high = page.size
    edge = 0.04

    def near(x: float, y: float) -> list[float]:
        return [
            wide * (abs(x - edge) + (0.5 - x) * dice.uniform(0, 0.04)),
            high * (abs(y - edge) + (0.5 - y) * dice.uniform(0, 0.04)),
        ]

    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = np.array([near(0, 0), near(1, 0), near(1, 1), near(0, 1)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    desk = (96, 84, 72)
    return Image.fromarray(
        cv2.warpPerspective(
            np.asarray(page), matrix, (wide, high), flags=cv2.INTER_AREA, borderValue=desk
        ).astype(np.uint8)
    )


def _sealed(page: Any, colour: str, dice: random.Random) -> Any:
    """Put a seal with letters around its rim on the page: over whatever stands there."""
    from PIL import Image, ImageChops, ImageDraw

    wide, high = page.size
    across = round(0.2 * wide)
    ink = (214, 40, 44) if colour == "red" else (150, 150, 150)
    left, top = round(wide * dice.uniform(0.12, 0.65)), round(high * dice.uniform(0.1, 0.6))
    seal = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(seal)
    draw.ellipse((left, top, left + across, top + across), outline=ink, width=max(3, across // 40))
    middle = np.array([left + across / 2, top + across / 2])
    star = [
        tuple(
            middle
            + across
            * (0.16 if i % 2 == 0 else 0.06)
            * np.array([np.sin(i * np.pi / 5), -np.cos(i * np.pi / 5)])
        )
        for i in range(10)
    ]
    draw.polygon(star, fill=ink)
    for i in range(9):  # letters, as far as a reader of figures is concerned: strokes
        angle = np.pi * (0.85 + 0.1625 * i)
        at = middle + across * 0.38 * np.array([np.cos(angle), np.sin(angle)])
        reach = across * 0.045
        for shift in (-0.8, 0.0, 0.8):
            draw.line(
                (at[0] - reach, at[1] + shift * reach, at[0] + reach, at[1] + shift * reach),
                fill=ink, width=max(2, across // 90),
            )  # fmt: skip
        draw.line((at[0], at[1] - reach, at[0], at[1] + reach), fill=ink, width=max(2, across // 90))
    return ImageChops.multiply(page, seal)
