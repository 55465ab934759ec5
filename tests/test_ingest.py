"""Files that cannot be read, disks that are full, processes that are killed: one line, and nothing changed."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from indexes_fixtures import WordEmbedder

import app
from assistant.faces.command import run
from assistant.service import JunhengService
from assistant.settings import Settings
from indexes.store import Store

GOOD = "青石县2022年义务教育优质均衡发展自评报告\n一、经费保障\n2022年教育支出为4200.50万元，上年为4000.00万元。\n"
HELD = "蓝湖县2021年控辍保学工作情况报告\n一、基本情况\n2021年义务教育阶段在校学生4321人，没有学生辍学。\n"
ROOT = Path(__file__).parents[1]


def open_home(home: Path) -> JunhengService:
    return JunhengService(Store.open(home, embedder=WordEmbedder()), Settings(home=home))


def state(home: Path) -> tuple[Any, ...]:
    """Return everything a person can see of a store."""
    service = open_home(home)
    try:
        return service.reports(), service.facts(), service.store.passages(), service.store.version
    finally:
        service.close()


@pytest.fixture
def home(home_of_the_test: Path, tmp_path: Path) -> Path:
    """A home that holds one report."""
    service = open_home(home_of_the_test)
    (tmp_path / "有.txt").write_text(HELD, encoding="utf-8")
    assert [outcome.status for outcome in service.ingest([tmp_path / "有.txt"])] == ["added"]
    service.close()
    return home_of_the_test


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def ingest(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run ``junheng ingest`` on that home."""

    def call(*arguments: str | Path) -> Result:
        line = ["ingest", *map(str, arguments)]
        code = run(line, configure=app.configure, open_service=lambda chosen: open_home(chosen.home))
        captured = capsys.readouterr()
        told = [part for part in captured.err.replace("\r", "\n").split("\n") if "导入:" not in part]
        return Result(code, captured.out, "\n".join(filter(str.strip, told)))

    return call


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("程序.txt", bytes(range(256)) * 40, "二进制"),
        ("图片.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "图片"),
        ("空.txt", b"", "空"),
        ("空白.txt", b" \r\n\t\n" * 9, "空"),
        ("大.txt", "甲县2022年教育支出100万元，".encode() * 1_400_000, "超过上限"),
        ("数.txt", b"1" * 1_900_000, "不是报告"),
        ("编码.txt", ("교육부는 2022년 학교의 예산을 발표하였다. " * 50).encode("euc-kr"), "编码"),
        ("格式.rar", b"Rar!", "不支持"),
        ("包.zip", b"PK\x03\x04", "打不开"),
    ],
    ids=["binary", "picture", "empty", "blank", "50 MB in a line", "digits", "encoding", "format", "archive"],
)
def test_unreadable_file_is_one_line_and_changes_nothing(
    ingest: Callable[..., Result], home: Path, tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    """A file that is no readable report ends with exit code 1 and one line that names it."""
    before = state(home)
    result = ingest(write(tmp_path, name, data))

    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 0
    assert name in result.err and said in result.err
    assert state(home) == before


def test_missing_file_and_folder_without_reports_are_said(
    ingest: Callable[..., Result], home: Path, tmp_path: Path
) -> None:
    """A path that is not there, or a folder with nothing to read in it, is one line with exit code 1."""
    (tmp_path / "空文件夹").mkdir()
    before = state(home)
    missing, hollow = ingest(tmp_path / "没有.txt"), ingest(tmp_path / "空文件夹")

    assert (missing.code, hollow.code) == (1, 1)
    assert "没有.txt" in missing.err and "找不到" in missing.err
    assert "空文件夹" in hollow.err and ".txt" in hollow.err
    assert state(home) == before


def test_file_without_permission_is_said(
    ingest: Callable[..., Result], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that may not be read is said in Chinese, whoever runs the tests."""
    path = write(tmp_path, "锁.txt", GOOD.encode())
    honest = Path.open

    def refuse(self: Path, *arguments: Any, **named: Any) -> Any:
        if self == path:
            raise PermissionError(13, "Permission denied", str(self))
        return honest(self, *arguments, **named)

    before = state(home)
    monkeypatch.setattr(Path, "open", refuse)
    result = ingest(path)
    monkeypatch.undo()

    assert result.code == 1
    assert state(home) == before
    assert "锁.txt" in result.err and "权限" in result.err and "Permission" not in result.err


def test_one_bad_file_does_not_stop_the_others(
    ingest: Callable[..., Result], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even a file on which the reader itself breaks is a line, and the next file is read."""
    import corpus.documents

    honest = corpus.documents.read_facts

    def break_on(report: Any) -> Any:
        if "坏" in report.text:
            raise ZeroDivisionError
        return honest(report)

    monkeypatch.setattr(corpus.documents, "read_facts", break_on)
    bad = write(tmp_path, "坏.txt", (GOOD + "坏").encode())
    good = write(tmp_path, "好.txt", (GOOD + "好").encode())
    result = ingest(bad, good)

    assert result.code == 1
    assert "坏.txt" in result.err and "ZeroDivisionError" in result.err
    assert "好.txt" in result.out
    assert len(state(home)[0]) == 2


def test_full_disk_is_said_and_nothing_is_half_written(home: Path, tmp_path: Path) -> None:
    """When SQLite finds the disk full the report is not there at all, and the store goes on working."""
    before = state(home)
    long = write(tmp_path, "长.txt", (GOOD + "本段说明办学条件的改善情况。\n" * 4000).encode())
    service = open_home(home)
    connection = service.store._database._connection
    pages = connection.execute("pragma page_count").fetchone()[0]
    connection.execute(f"pragma max_page_count = {pages + 5}")
    (outcome,) = service.ingest([long])
    answered = service.report(before[0][0].id)
    service.close()

    assert outcome.status == "failed"
    assert "长.txt" in outcome.message and "磁盘已满" in outcome.message
    assert answered == before[0][0]
    assert state(home) == before


KILLED = """
import sys, time
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test_ingest import open_home
from indexes import rows
insert = rows.insert_document
def slow(*arguments):
    insert(*arguments)          # everything is written, but not committed
    print("inside", flush=True)
    time.sleep(60)
rows.insert_document = slow
open_home(Path({home!r})).ingest([Path({path!r})])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_in_the_middle_leaves_the_store_as_it_was(home: Path, tmp_path: Path) -> None:
    """A process killed while it writes a report leaves none of it, and the file can be read in again."""
    before = state(home)
    path = write(tmp_path, "新.txt", (GOOD + "新的一段。").encode())
    script = KILLED.format(tests=str(ROOT / "tests"), root=str(ROOT), home=str(home), path=str(path))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"inside\n"
        child.kill()

    assert state(home) == before
    service = open_home(home)
    (outcome,) = service.ingest([path])
    service.close()
    assert outcome.status == "added"
    assert len(state(home)[0]) == 2


@pytest.fixture
def service(home: Path) -> Iterator[JunhengService]:
    opened = open_home(home)
    yield opened
    opened.close()


def test_only_the_name_of_a_file_is_shown(service: JunhengService, tmp_path: Path) -> None:
    """Neither a report's source nor what an upload says holds the folder a file came through."""
    (report,) = service.reports()
    (good,) = service.ingest([write(tmp_path, "传.txt", (GOOD + "传").encode())], uploaded=True)
    (bad,) = service.ingest([write(tmp_path, "坏.txt", b"\0\1\2" * 99)], uploaded=True)

    assert report.source == "有.txt"
    assert {one.source for one in service.reports()} == {"有.txt", "传.txt"}
    assert (good.source, bad.source) == ("传.txt", "坏.txt")
    assert str(tmp_path) not in good.message + bad.message
    assert bad.message.startswith("坏.txt")


def test_upload_of_the_same_name_replaces_the_older_version(service: JunhengService, tmp_path: Path) -> None:
    """The folder that an upload passes through changes each time; its name says what it replaces."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir(), second.mkdir()
    service.ingest([write(first, "报.txt", (GOOD + "第一版").encode())], uploaded=True)
    (again,) = service.ingest([write(second, "报.txt", (GOOD + "第二版").encode())], uploaded=True)
    (same,) = service.ingest([write(first, "报.txt", (GOOD + "第二版").encode())], uploaded=True)

    assert (again.status, same.status) == ("replaced", "unchanged")
    texts = [report.text for report in service.reports() if report.source == "报.txt"]
    assert texts == [GOOD + "第二版"]


def test_upload_of_another_county_under_the_same_name_replaces_nothing(
    service: JunhengService, tmp_path: Path
) -> None:
    """Two counties that both call their file 报.txt keep both reports, and new versions find their own."""
    path = tmp_path / "报.txt"
    outcomes = []
    for region, text in (("青石县", "一"), ("红沙县", "二"), ("红沙县", "三"), ("青石县", "四")):
        path.write_text(GOOD + text, encoding="utf-8")
        outcomes += service.ingest([path], region=region, uploaded=True)

    assert [one.status for one in outcomes] == ["added", "added", "replaced", "replaced"]
    kept = {report.region: report.text[-1] for report in service.reports() if report.source == "报.txt"}
    assert kept == {"青石县": "四", "红沙县": "三"}


def test_file_of_another_folder_is_another_file(service: JunhengService, tmp_path: Path) -> None:
    """On the command line the path counts: files of one name in two folders stand side by side, and a
    changed file replaces what its path brought."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder, "报.txt", (GOOD.replace("青石", f"青{folder}") + folder).encode())
    added = service.ingest([tmp_path / "a", tmp_path / "b"])
    write(tmp_path / "a", "报.txt", (GOOD.replace("青石", "青a") + "c").encode())
    again = service.ingest([tmp_path / "a", tmp_path / "b"])

    assert [one.status for one in added] == ["added", "added"]
    assert [one.status for one in again] == ["replaced", "unchanged"]
    kept = {report.text[-1] for report in service.reports() if report.source == "报.txt"}
    assert kept == {"b", "c"}


def test_other_region_or_year_takes_effect(service: JunhengService, tmp_path: Path) -> None:
    """What a person says of a report that is already in counts, from whichever file; saying the same
    again costs nothing, and so does the same text from elsewhere without a word."""
    path, copy = tmp_path / "有.txt", write(tmp_path, "副本.txt", HELD.encode())
    said = [
        service.ingest([path], region="红沙县")[0].status,
        service.ingest([path], region="红沙县")[0].status,
        service.ingest([copy])[0].status,
        service.ingest([copy], year=2021)[0].status,
    ]
    (report,) = service.reports()

    assert said == ["replaced", "unchanged", "unchanged", "replaced"]
    assert report.year == 2021
    assert {fact.region for fact in service.facts()} == {report.region}


def test_unchanged_file_costs_nothing(service: JunhengService, home: Path, tmp_path: Path) -> None:
    """A file that is in already is not read again, and the version stays."""
    before, begun = service.store.version, time.perf_counter()
    (outcome,) = service.ingest([tmp_path / "有.txt"])

    assert outcome.status == "unchanged"
    assert outcome.report_id == service.reports()[0].id
    assert service.store.version == before
    assert time.perf_counter() - begun < 1
