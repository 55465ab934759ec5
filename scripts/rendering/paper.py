"""The report as paper: a PDF with text, printed by Chromium, and the same pages scanned."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
import time
from io import BytesIO
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_SWITCHES = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-pdf-header-footer",
]  # fmt: skip
_DATES = re.compile(rb"/(CreationDate|ModDate) ?\(D:\d{14}")
_DPI = 200


def pdf(html: str, seconds: float = 120) -> bytes:
    """Print ``html`` to a PDF; RuntimeError without Chromium or where it fails."""
    if CHROMIUM is None:
        raise RuntimeError("Chromium is not installed")
    with tempfile.TemporaryDirectory(prefix="render-") as folder:
        page, out = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        profile = f"--user-data-dir={folder}/profile"
        command = [CHROMIUM, *_SWITCHES, profile, f"--print-to-pdf={out}", page.as_uri()]
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
        if not out.exists():
            raise RuntimeError(done.stderr.decode(errors="replace")[-500:])
        return _DATES.sub(rb"/\1 (D:20010101000000", out.read_bytes())


def scan(document: bytes, dice: random.Random) -> tuple[bytes, list[bytes]]:
    """Return an image-only PDF of the pages of ``document``, and each page as a JPEG of 200 dpi.

    Every page is turned by up to 0.7 degrees, unevenly lit, slightly blurred and noisy.
    """
    import pypdfium2
    from PIL import Image

    source = pypdfium2.PdfDocument(document)
    try:
        pages = [_worn(page.render(scale=_DPI / 72).to_pil().convert("RGB"), dice) for page in source]
    finally:
        source.close()
    pictures = []
    for page in pages:
        out = BytesIO()
        page.save(out, "JPEG", quality=70, dpi=(_DPI, _DPI))
        pictures.append(out.getvalue())
    again = [Image.open(BytesIO(picture)) for picture in pictures]
    out = BytesIO()
    epoch = time.gmtime(978307200)
    again[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=again[1:],
        resolution=_DPI,
        quality=70,
        creationDate=epoch,
        modDate=epoch,
    )
    return out.getvalue(), pictures


def _worn(page: Any, dice: random.Random) -> Any:
    import numpy as np
    from PIL import Image, ImageFilter

    grey = dice.random() < 0.6
    turned = page.rotate(
        dice.uniform(-0.7, 0.7), resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
    )
    blurred = turned.filter(ImageFilter.GaussianBlur(dice.uniform(0.3, 0.7)))
    pixels = np.asarray(blurred.convert("L") if grey else blurred, dtype=np.float32)
    random_numbers = np.random.default_rng(dice.getrandbits(32))
    height, width = pixels.shape[:2]
    down, across = np.linspace(-1, 1, height)[:, None], np.linspace(-1, 1, width)[None, :]
    light = (
        0.95 + dice.uniform(-0.05, 0.05) * down + dice.uniform(-0.05, 0.05) * across - 0.04 * across * across
    )
    noise = random_numbers.normal(0, dice.uniform(3, 8), (height, width))
    if not grey:
        light, noise = light[..., None], noise[..., None] * np.array([1.0, 0.95, 1.05])
    paper = np.clip(pixels * light + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(paper)
