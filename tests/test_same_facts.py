"""One report in every format gives the same facts: ``scripts/render_formats.py`` writes it, the readers read it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus import readers
from corpus.confidence import is_low
from corpus.facts import read_facts
from corpus.model import Fact, Report
from scripts.render_formats import render

INVENTED = sorted((Path(__file__).parent / "rendered").glob("*.txt"))
SHARED = sorted((Path(__file__).parents[1] / ".." / "shared" / "reports").resolve().glob("*.txt"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FORMATS = ["html", "docx", "pdf"]
PRINTED = {"pdf", "scan"}
"""What Chromium has to print first."""
SCANNED = [*INVENTED[-1:], *sorted(SHARED, key=lambda path: path.stat().st_size)[:2]]
"""Recognising a page takes seconds, so only the short ones."""
SEEDS = (1, 2, 3, 4)


def reports() -> list[Any]:
    """The invented reports, and the real ones where they are; a line of their own for each."""
    found = [pytest.param(path, id=path.stem) for path in [*INVENTED, *SHARED]]
    return found if SHARED else [*found, pytest.param(None, id="shared")]


def facts(report: Report) -> Counter[tuple[Any, ...]]:
    """What a fact says, without where it stands."""
    return Counter(map(fact_key, read_facts(report)))


def fact_key(fact: Fact) -> tuple[Any, ...]:
    return fact.metric, fact.value, fact.unit, fact.period, fact.stage, fact.role


def lines(report: Report) -> list[str]:
    """The lines that hold something, their blanks as one."""
    return [" ".join(line.split()) for line in report.text.split("\n") if line.strip()]


def saved(path: Path, kind: str, seed: int, folder: Path) -> list[Path]:
    """Write the report in one format; the first file is the whole document."""
    paths = []
    for name, data in render(path.read_text(encoding="utf-8"), path.stem, kind, seed).items():
        paths.append(folder / name)
        paths[-1].write_bytes(data)
    return paths


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("path", reports())
def test_every_format_gives_the_same_facts(path: Path | None, kind: str, tmp_path: Path) -> None:
    """Metric, value, unit, period, stage and role of every fact are those of the text; so are region and year."""
    if path is None:
        pytest.skip("no folder of real reports (../shared) beside the checkout")
    if kind in PRINTED and CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    text = readers.read(path)
    assert facts(text)
    for seed in SEEDS if kind not in PRINTED else SEEDS[:1]:
        rendered = readers.read(saved(path, kind, seed, tmp_path)[0])

        assert facts(rendered) == facts(text), f"seed {seed}"
        assert kind != "docx" or lines(rendered) == lines(text), f"seed {seed}"
        assert (rendered.region, rendered.year) == (text.region, text.year), f"seed {seed}"


@pytest.mark.parametrize("path", [pytest.param(path, id=path.stem) for path in SCANNED])
def test_a_scan_gives_the_same_facts_or_says_that_it_is_unsure(path: Path, tmp_path: Path) -> None:
    """Nearly all facts are read, and what is read wrong is marked; ``scripts/score_scans.py`` measures them all."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    text = readers.read(path)
    scan = readers.read(saved(path, "scan", 1, tmp_path)[0])
    wrong = facts(scan) - facts(text)
    unmarked = [f for f in read_facts(scan) if fact_key(f) in wrong and not is_low(f.confidence)]
    marked = [f for f in read_facts(scan) if fact_key(f) not in wrong and is_low(f.confidence)]

    assert scan.format == "scan" and (scan.region, scan.year) == (text.region, text.year)
    assert (facts(scan) & facts(text)).total() >= 0.97 * facts(text).total()
    assert unmarked == []
    assert len(marked) <= 0.1 * facts(text).total()


def test_the_same_seed_gives_the_same_files(tmp_path: Path) -> None:
    """A difference between two runs is then one of the readers."""
    for kind in ("html", "docx", "xlsx"):
        text = INVENTED[0].read_text(encoding="utf-8")
        assert render(text, "a", kind, 7) == render(text, "a", kind, 7) and render(text, "a", kind, 7)
        assert kind == "xlsx" or len({str(render(text, "a", kind, seed)) for seed in range(5)}) > 1


@pytest.mark.parametrize("path", INVENTED, ids=lambda path: path.stem)
def test_a_workbook_gives_the_facts_of_the_tables(path: Path, tmp_path: Path) -> None:
    """Every value of the tables, with its metric, unit and stage, as the text itself gives it; nothing else."""
    text = readers.read(path)
    rows = [fact for fact in read_facts(text) if " | " in line_of(text, fact.start)]
    (book,) = saved(path, "xlsx", 1, tmp_path)
    found = read_facts(readers.read(book))

    assert found or not rows
    assert Counter((f.metric, f.value, f.unit, f.stage) for f in found) == Counter(
        (f.metric, f.value, f.unit, f.stage) for f in rows
    )


def line_of(report: Report, position: int) -> str:
    end = report.text.find("\n", position)
    return report.text[report.text.rfind("\n", 0, position) + 1 : end if end >= 0 else None]
