"""How well scans of reports are read: print each report, wear the pages, recognise them, compare the facts.

    .venv/bin/python scripts/score_scans.py REPORT.txt... [--quality office,poor] [--seeds 1,2,3]

For each quality: how many facts of the text are read (metric, value, unit, period, stage and role alike), how many are
read wrong, how many of the wrong carry no mark of doubt (there should be none), how many right ones are marked, and
processor seconds a page. Chromium prints the pages.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the folder above holds the packages
    sys.path.insert(0, str(Path(__file__).parents[1]))

from corpus.confidence import is_low
from corpus.facts import read_facts
from corpus.model import Fact
from corpus.readers import read, read_bytes
from scripts.rendering import html, paper
from scripts.rendering.draft import blocks


@dataclass(frozen=True, slots=True)
class Quality:
    """How a page is worn: dots an inch, most degrees turned, noise and blur (standard deviations in shades and
    pixels), JPEG quality, shade of the ink (0 black), shade above which a fax is white (0: no fax)."""

    dots: int
    turned: float
    noise: float
    blur: float
    jpeg: int
    ink: int = 20
    fax: int = 0


QUALITIES = {
    "office": Quality(200, 0.7, 8, 0.6, 75),
    "fine": Quality(300, 0.3, 4, 0.4, 85),
    "poor": Quality(150, 2.0, 14, 0.7, 40),
    "faint": Quality(200, 1.0, 12, 0.6, 60, ink=140),
    "fax": Quality(200, 1.0, 20, 0.6, 95, fax=150),
    "coarse": Quality(120, 1.0, 10, 0.7, 50),
}


@dataclass(slots=True)
class Score:
    """Counts over reports and seeds; ``wrong`` are facts that the text does not have."""

    facts: int = 0
    right: int = 0
    wrong: int = 0
    unmarked: int = 0
    marked_right: int = 0
    pages: int = 0
    seconds: float = 0.0
    failed: int = 0
    told: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        facts, right, pages = max(1, self.facts), max(1, self.right), max(1, self.pages)
        return (
            f"{name:8} {self.facts:6} facts, right {100 * self.right / facts:6.2f} %, wrong {self.wrong}, "
            f"of these without mark {self.unmarked}; right but marked {100 * self.marked_right / right:.2f} %; "
            f"{self.pages} pages, {self.seconds / pages:.1f} s each, {self.failed} reports not read"
        )


def worn(page: Any, quality: Quality, dice: random.Random) -> Any:
    """Return the picture of a printed page as a scanner of this quality gives it."""
    import numpy as np
    from PIL import Image, ImageFilter

    turned = page.convert("L").rotate(
        dice.uniform(-quality.turned, quality.turned), resample=Image.Resampling.BICUBIC, fillcolor=255
    )
    pixels = np.asarray(turned.filter(ImageFilter.GaussianBlur(quality.blur)), dtype=np.float32)
    pixels = quality.ink + pixels * (245 - quality.ink) / 255
    pixels *= 1 - 0.08 * dice.random() * np.linspace(0, 1, pixels.shape[1])[None, :]
    pixels += np.random.default_rng(dice.getrandbits(32)).normal(0, quality.noise, pixels.shape)
    if quality.fax:
        pixels = np.where(pixels > quality.fax, 255, 0)
    out = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=quality.jpeg)
    return Image.open(out).convert("L")


def scans(printed: bytes, quality: Quality, dice: random.Random) -> Iterator[Any]:
    """Yield the worn pages of a printed document."""
    import pypdfium2

    document = pypdfium2.PdfDocument(printed)
    try:
        for page in document:
            yield worn(page.render(scale=quality.dots / 72).to_pil(), quality, dice)
    finally:
        document.close()


def key(fact: Fact) -> tuple[Any, ...]:
    return fact.metric, fact.value, fact.unit, fact.period, fact.stage, fact.role


def score(path: Path, quality: Quality, seed: int, total: Score) -> None:
    """Add what is read of one scan of the report at ``path``."""
    dice = random.Random(f"{seed}:{path.stem}")
    pages = list(
        scans(paper.pdf(html.printed(blocks(path.read_text(encoding="utf-8")), dice)), quality, dice)
    )
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    want = Counter(map(key, read_facts(read(path))))
    total.facts += want.total()
    total.pages += len(pages)
    begun = time.process_time()
    try:
        found = read_facts(read_bytes(out.getvalue(), f"{path.stem}.tif", path.name))
    except Exception as error:
        total.failed += 1
        total.told.append(f"  {path.stem}, seed {seed}: {error}")
        return
    total.seconds += time.process_time() - begun
    have = Counter(map(key, found))
    total.right += (want & have).total()
    extra = have - want
    for fact in found:
        if extra[key(fact)] > 0:
            extra[key(fact)] -= 1
            total.wrong += 1
            total.unmarked += not is_low(fact.confidence)
            if not is_low(fact.confidence):
                total.told.append(
                    f"  {path.stem}, seed {seed}: {fact.as_printed} {key(fact)} {fact.confidence}"
                )
        else:
            total.marked_right += is_low(fact.confidence)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--quality", default="office", help=",".join(QUALITIES))
    parser.add_argument("--seeds", default="1")
    given = parser.parse_args()
    for name in given.quality.split(","):
        total = Score()
        for seed in map(int, given.seeds.split(",")):
            for path in given.reports:
                score(path, QUALITIES[name], seed, total)
        print(total.line(name), *total.told, sep="\n", flush=True)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
