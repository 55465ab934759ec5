"""How well scans of reports are read: print each report, wear the pages, recognise them, compare the facts.

    .venv/bin/python scripts/score_scans.py REPORT... [--quality office,poor] [--seeds 1,2,3] [--keep FOLDER]

For each report and quality: how many facts of the text are read (metric, value, unit, period, stage and role alike),
how many are read wrong, how many of the wrong carry no mark of doubt (there should be none), how many right ones are
marked, and processor seconds a page. The qualities are those of ``scripts/rendering/wear.py``. Chromium prints the
pages. ``--keep`` keeps scans and results, and reads again only what changed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from functools import cache
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
from scripts.rendering.wear import QUALITIES, bound, worn

_ROOT = Path(__file__).parents[1]


@dataclass(slots=True)
class Score:
    """Counts of one scan or of many; ``wrong`` are facts that the text does not have."""

    facts: int = 0
    right: int = 0
    wrong: int = 0
    unmarked: int = 0
    marked_right: int = 0
    pages: int = 0
    seconds: float = 0.0
    failed: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def line(self, name: str) -> str:
        facts, right, pages = max(1, self.facts), max(1, self.right), max(1, self.pages)
        return (
            f"{name:30} {self.facts:5} facts, right {100 * self.right / facts:6.2f} %, "
            f"wrong {self.wrong:3}, of these without mark {self.unmarked:2}; "
            f"right but marked {100 * self.marked_right / right:5.2f} %; "
            f"{self.pages:3} pages, {self.seconds / pages:4.1f} s each"
            + (f"; {self.failed} not read" if self.failed else "")
        )


def key(fact: Fact) -> tuple[Any, ...]:
    """What must be alike in text and scan."""
    return fact.metric, fact.value, fact.unit, fact.period, fact.stage, fact.role


def compare(text: tuple[Fact, ...], scan: tuple[Fact, ...]) -> Score:
    """Count what of ``text`` is in ``scan``, and tell of what is lost and of what is wrong without a mark."""
    want, have = Counter(map(key, text)), Counter(map(key, scan))
    made = Score(facts=want.total(), right=(want & have).total())
    extra = have - want
    for fact in scan:
        if extra[key(fact)] > 0:
            extra[key(fact)] -= 1
            made.wrong += 1
            made.unmarked += not is_low(fact.confidence)
            sign = "marked" if is_low(fact.confidence) else "WRONG"
            made.told.append(f"{sign}: {fact.as_printed} {_told(key(fact))} {fact.confidence}")
        else:
            made.marked_right += is_low(fact.confidence)
    made.told += [f"lost: {_told(lost)}" for lost in (want - have).elements()]
    return made


def score(path: Path, quality: str, seed: int, font: str, keep: Path | None) -> Score:
    """Return what is read of one scan of the report at ``path``."""
    source = read(path)
    name = f"{path.stem}-{quality}-{seed}" + (f"-{font.split(',')[0].strip()}" if font else "")
    scan = (
        keep / f"{name}-{_digest(f'{font}:{source.text}'.encode(), *_sources('scripts/rendering'))}.pdf"
        if keep
        else None
    )
    if scan and scan.exists():
        data = scan.read_bytes()
    else:
        dice = random.Random(f"{seed}:{path.stem}")
        sheets = list(
            worn(paper.pdf(html.printed(blocks(source.text), dice, font)), QUALITIES[quality], dice)
        )
        data = bound(sheets, QUALITIES[quality].dots)
        if scan:
            scan.write_bytes(data)
    result = keep / f"{name}-{_digest(data, *_sources('corpus'))}.json" if keep else None
    if result and result.exists():
        return Score(**json.loads(result.read_text(encoding="utf-8")))
    begun = time.process_time()
    try:
        report = read_bytes(data, f"{name}.pdf", path.name)
        seconds = time.process_time() - begun
        made = compare(read_facts(source), read_facts(report))
        made.pages, made.seconds = max((p.page or 1 for p in report.places), default=1), seconds
        if result:
            result.with_suffix(".txt").write_text(report.text, encoding="utf-8")
    except Exception as error:
        made = Score(facts=len(read_facts(source)), failed=1, told=[f"not read: {error}"])
    made.told = [f"  {name}: {line}" for line in made.told]
    if result:
        result.write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    return made


def _told(found: tuple[Any, ...]) -> str:
    return " ".join(str(part) for part in found)


@cache
def _sources(folder: str) -> list[bytes]:
    """The code that made a kept file, as it was when the first file was made."""
    found = sorted([*(_ROOT / folder).rglob("*.py"), *(_ROOT / folder).rglob("*.yaml")])
    return [path.read_bytes() for path in found]


def _digest(*parts: bytes) -> str:
    made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()[:12]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("reports", type=Path, nargs="+")
    parser.add_argument("--quality", default="office", help=",".join(QUALITIES))
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--font", default="", help="names of fonts to print with, as in CSS")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--lost", action="store_true", help="tell of what is lost or marked too")
    given = parser.parse_args()
    _sources("corpus"), _sources("scripts/rendering")  # before anything else changes them
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    for quality in given.quality.split(","):
        total = Score()
        for path in given.reports:
            here = Score()
            for seed in map(int, given.seeds.split(",")):
                here.add(score(path, quality, seed, given.font, given.keep))
            print(here.line(f"{quality} {path.stem[:22]}"), flush=True)
            for line in here.told:
                if given.lost or "WRONG" in line or "not read" in line:
                    print(line, flush=True)
            total.add(here)
        print(total.line(quality), flush=True)
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
