"""Files of strangers are read in processes of their own: what one of them does costs nothing but itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_reading import misbehave, process_of

from corpus import isolation
from corpus.errors import ReadError
from corpus.isolation import Crew

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    made = Crew(1, memory=1 << 30)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("how", "seconds", "said"),
    [
        ("hang", 1.0, "读了1秒还没有读完"),
        ("spin", 1.0, "读了1秒还没有读完"),
        ("crash", 60.0, "意外退出（代码 -11）"),
        ("leave", 60.0, "意外退出（代码 7）"),
        ("eat", 60.0, "内存太多"),
        ("bug", 60.0, "ZeroDivisionError"),
        ("refuse", 60.0, "文件不好。"),
    ],
)
def test_bad_reading_costs_its_file_only(crew: Crew, how: str, seconds: float, said: str) -> None:
    """A reader that hangs, crashes, eats memory or has a bug is one line, soon; the next file is read."""
    begun = time.monotonic()
    with pytest.raises(ReadError) as caught:
        crew.run("某文件.pdf", seconds, misbehave, how)

    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert how == "refuse" or "某文件.pdf" in str(caught.value)
    assert time.monotonic() - begun < 30
    assert crew.run("好.pdf", 60.0, misbehave, "behave") == "behave"


def test_workers_are_silent(crew: Crew, capfd: pytest.CaptureFixture[str]) -> None:
    """What a native library prints does not reach the person's terminal."""
    crew.run("吵.pdf", 60.0, misbehave, "shout")

    assert capfd.readouterr() == ("", "")


def test_several_files_at_once() -> None:
    """As many files are read at a time as there are workers, each in another process than this one."""
    several = Crew(2)
    try:
        begun = time.monotonic()
        futures = [several.submit("文件", 60.0, process_of, 3.0) for _ in range(2)]
        found = [future.result() for future in futures]
    finally:
        several.close()

    assert len({pid for pid, _ in found} | {os.getpid()}) == 3
    assert time.monotonic() - begun < 30
    assert [main for _, main in found] == [None, None], "the program that runs is not loaded again"


def test_without_processes_files_are_read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system refuses to start a process the file is read all the same, and a line says so."""

    def refuse() -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(isolation, "_context", refuse)
    monkeypatch.setattr(isolation, "trouble", None)
    alone = Crew(1)
    try:
        assert alone.run("文件", 60.0, process_of, 0.0)[0] == os.getpid()
        assert isolation.trouble is not None and "读取进程" in isolation.trouble
    finally:
        alone.close()


HANGING = """
import sys
sys.path[:0] = [{tests!r}, {root!r}]
from corpus.isolation import Crew
from hostile_reading import misbehave, process_of
crew = Crew(1)
print(crew.run("a", 60.0, process_of, 0.0)[0], flush=True)
crew.run("b", 600.0, misbehave, "hang")
"""


def start_hanging(tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """Start a program that is going to wait for a file, from a script without a guard; return its worker's id."""
    script = tmp_path / "unguarded.py"
    script.write_text(HANGING.format(tests=str(ROOT / "tests"), root=str(ROOT)), encoding="utf-8")
    child = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    return child, int(child.stdout.readline())


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_gone(pid: int) -> bool:
    until = time.monotonic() + 30
    while is_running(pid) and time.monotonic() < until:
        time.sleep(0.1)
    return not is_running(pid)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_program(tmp_path: Path, how: signal.Signals) -> None:
    """A program that is killed or interrupted while it waits for a file ends at once, and its worker with it."""
    child, worker = start_hanging(tmp_path)
    with child:
        assert is_running(worker)
        time.sleep(0.5)
        child.send_signal(how)
        child.communicate(timeout=30)

    assert wait_until_gone(worker)
