"""Pictures of pages, drawn for a test: what an office's scanner or telephone makes of a report."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

DPI = 200


@cache
def font_file() -> Path | None:
    """Return a font with Chinese letters of this machine."""
    finder = shutil.which("fc-match")
    if finder is None:
        return None
    found = subprocess.run(
        [finder, "-f", "%{file}", "serif:lang=zh-cn"], capture_output=True, text=True, check=False
    )
    path = Path(found.stdout)
    return path if "CJK" in path.name and path.is_file() else None


def letters(points: float) -> ImageFont.FreeTypeFont:
    path = font_file()
    if path is None:
        pytest.skip("no Chinese font on this machine")
    return ImageFont.truetype(str(path), round(points * DPI / 72), index=2)


def page(lines: Sequence[str], *, points: float = 14, size: tuple[int, int] = (1240, 700)) -> Image.Image:
    """Return ``lines`` in black on white, in order from the top."""
    picture = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(picture), letters(points)
    edge = round(points * 5)
    for index, line in enumerate(lines):
        draw.text((edge, edge + index * edge), line, font=font, fill="black")
    return picture


def table(rows: Sequence[Sequence[str]], *, points: float = 12) -> Image.Image:
    """Return a table with ruling lines, its cells centred."""
    high, wide, font = 60, 260, letters(points)
    picture = Image.new("RGB", (wide * len(rows[0]) + 160, high * len(rows) + 160), "white")
    draw = ImageDraw.Draw(picture)
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            left, top = 80 + across * wide, 80 + down * high
            draw.rectangle((left, top, left + wide, top + high), outline="black", width=2)
            draw.text((left + wide / 2, top + high / 2), text, font=font, fill="black", anchor="mm")
    return picture


def scanned(picture: Image.Image, *, turn: float = 0.5, noise: float = 6, seed: int = 1) -> Image.Image:
    """Return the page a little turned, blurred, uneven and noisy."""
    turned = picture.convert("L").rotate(turn, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(0.5)), dtype=np.float32)
    light = 1 - 0.12 * np.linspace(0, 1, pixels.shape[1])[None, :]
    dirt = np.random.default_rng(seed).normal(0, noise, pixels.shape)
    return Image.fromarray(np.clip(30 + pixels * 0.86 * light + dirt, 0, 255).astype(np.uint8))


def encoded(picture: Image.Image, form: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
