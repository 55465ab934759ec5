"""Files that mean harm or are broken: each is refused or read safely, in bounded time and memory, with one clear line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hostile_files import GOOD, Hostile, hostile_files

ROOT = Path(__file__).parents[1]
SECONDS = 240
MEGABYTES = 2500


@pytest.fixture(scope="module")
def files() -> list[Hostile]:
    return hostile_files()


MEASURED = """
import pathlib, resource, subprocess, sys
code = subprocess.run(sys.argv[2:]).returncode
pathlib.Path(sys.argv[1]).write_text(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(code)
"""
"""Runs a program and writes down the most memory of one of its processes; our own children include other tests'."""


def junheng(home: Path, *arguments: str | Path, peak: Path | None = None) -> subprocess.CompletedProcess[str]:
    measured = [sys.executable, "-c", MEASURED, str(peak)] if peak else []
    return subprocess.run(
        [*measured, sys.executable, "app.py", "--home", str(home), "--empty", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=SECONDS, check=False,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip


@pytest.mark.slow
def test_hostile_files_cost_only_themselves(files: list[Hostile], tmp_path: Path) -> None:
    """One batch of them all, with a good report among them: the good one is in, each bad one has its line."""
    home, folder = tmp_path / "home", tmp_path / "来件"
    folder.mkdir()
    for one in files:
        (folder / one.name).write_bytes(one.data)
    (folder / "正常.txt").write_text(GOOD, encoding="utf-8")

    begun = time.monotonic()
    done = junheng(home, "ingest", *sorted(folder.iterdir()), peak=tmp_path / "peak")
    took = time.monotonic() - begun
    peak = int((tmp_path / "peak").read_text()) / 1024
    said = done.stdout + done.stderr

    assert done.returncode == 1
    assert "Traceback" not in said
    assert took < SECONDS and peak < MEGABYTES
    for one in files:
        assert one.name in said, one.name
    stored = json.loads(junheng(home, "reports", "--json").stdout)
    sources = {item["source"] for item in stored}
    assert "正常.txt" in sources
    for one in files:
        held = any(one.name in source for source in sources)
        if one.expected != "either":
            assert held == (one.expected == "read"), one.name
    assert not (tmp_path / "越界.txt").exists() and not (folder / "越界.txt").exists()
    facts = json.loads(junheng(home, "facts", "--json").stdout)
    told = json.dumps([stored, facts], ensure_ascii=False)
    for one in files:
        assert not any(word in told for word in one.absent), one.name
    assert {fact["region"] for fact in facts if fact["value"] == "4200.50"} != set()


@pytest.mark.slow
def test_orders_in_a_document_are_text(files: list[Hostile], tmp_path: Path) -> None:
    """What a document tells the assistant to do is not done, and its number is not the answer."""
    home = tmp_path / "home"
    (one,) = (one for one in files if one.name == "指令.txt")
    (tmp_path / one.name).write_bytes(one.data)
    assert junheng(home, "ingest", tmp_path / one.name, "--region", "指令县").returncode == 0
    answer = json.loads(junheng(home, "ask", "指令县2022年一般公共预算教育支出是多少?", "--json").stdout)

    assert "4200.50" in answer["text"] and "99999" not in answer["text"]
    assert len(json.loads(junheng(home, "reports", "--json").stdout)) == 1


def test_lines_name_the_file_and_what_to_do(files: list[Hostile], tmp_path: Path) -> None:
    """A refused file's line is Chinese, is one line, and ends with what to do."""
    from corpus.errors import ReadError
    from corpus.readers import read

    for one in files:
        if one.expected != "refused" or len(one.data) > 1_000_000 or one.name.endswith(".zip"):
            continue
        path = tmp_path / one.name
        path.write_bytes(one.data)
        with pytest.raises(ReadError) as raised:
            read(path)
        line = str(raised.value)
        assert one.name in line and "\n" not in line, line
        assert re.search("请|可", line.split(one.name)[-1]), line
