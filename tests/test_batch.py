"""Many files at once: each has its outcome, a bad one costs nothing but itself, and a broken-off batch goes on."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hostile_reading import read_badly
from test_ingest import Result, open_home

import app
from assistant import batch as batching
from assistant.faces.command import run
from assistant.faces.service import IngestOutcome, Pasted, Web
from assistant.service import JunhengService
from corpus import isolation
from corpus.isolation import Crew
from indexes.errors import StoreBusy, StoreError
from indexes.store import Prepared, Store

ROOT = Path(__file__).parents[1]
SIGNS = "青石红沙蓝湖绿林黄原白山"


def text_of(number: int, county: str = "") -> str:
    name = county or f"{SIGNS[number % 12]}{SIGNS[number // 12 % 12]}{SIGNS[number // 144 % 12]}县"
    return (
        f"{name}2022年教育经费执行情况公告\n一、经费投入\n"
        f"2022年,{name}一般公共预算教育支出{4000 + number}.50万元,上年为{3900 + number}.00万元。\n"
    )


def fill(folder: Path, numbers: Sequence[int]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in numbers:
        (folder / f"{number:03}.txt").write_text(text_of(number), encoding="utf-8")
    return folder


@pytest.fixture
def service(home_of_the_test: Path) -> Iterator[JunhengService]:
    opened = open_home(home_of_the_test)
    yield opened
    opened.close()


@pytest.fixture
def ingest(home_of_the_test: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run ``junheng ingest`` on the home of the test."""

    def call(*arguments: str | Path) -> Result:
        line = ["ingest", *map(str, arguments)]
        code = run(line, configure=app.configure, open_service=lambda chosen: open_home(chosen.home))
        captured = capsys.readouterr()
        told = [part for part in captured.err.replace("\r", "\n").split("\n") if "导入:" not in part]
        return Result(code, captured.out, "\n".join(filter(str.strip, told)))

    return call


def statuses(outcomes: Sequence[IngestOutcome]) -> list[str]:
    return [one.status for one in outcomes]


def test_bad_files_among_good_ones(
    service: JunhengService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Readers that hang, crash or eat memory cost their files; outcomes keep the order, the good ones are stored."""
    names = ["a", "hang", "b", "crash", "eat", "c", "bug", "d"]
    for number, name in enumerate(names):
        (tmp_path / f"{name}.txt").write_text(text_of(number), encoding="utf-8")
    crew = Crew(2, memory=1 << 30)
    monkeypatch.setattr(isolation, "crew", lambda: crew)
    monkeypatch.setattr(batching, "read_document", read_badly)
    monkeypatch.setattr(batching, "is_light", lambda name, data: False)
    monkeypatch.setattr(batching, "patience", lambda name, data: 1.0 if name == "hang.txt" else 60.0)
    told: list[IngestOutcome] = []
    try:
        outcomes = service.ingest([tmp_path / f"{name}.txt" for name in names], on_progress=told.append)
    finally:
        crew.close()

    assert statuses(outcomes) == [
        "added", "failed", "added", "failed", "failed", "added", "failed", "added",
    ]  # fmt: skip
    assert told == outcomes
    for outcome, said in zip(
        [outcomes[1], outcomes[3], outcomes[4], outcomes[6]],
        ["还没有读完", "意外退出", "内存太多", "ZeroDivisionError"],
        strict=True,
    ):
        assert said in outcome.message and outcome.source in outcome.message
    assert {report.source for report in service.reports()} == {"a.txt", "b.txt", "c.txt", "d.txt"}


def test_many_files_are_read_in_other_processes(service: JunhengService, tmp_path: Path) -> None:
    """A large batch gives what reading the files one by one gives, in the same order."""
    folder = fill(tmp_path / "many", range(40))
    outcomes = service.ingest([folder])
    together = service.reports(), service.facts(), service.store.passages()
    again = service.ingest([folder])
    with open_service_at(tmp_path / "other") as other:
        singly = [other.ingest([path])[0] for path in sorted(folder.iterdir())]
        apart = other.reports(), other.facts(), other.store.passages()

    assert statuses(outcomes) == ["added"] * 40 == statuses(singly)
    assert [one.message for one in outcomes] == [one.message for one in singly]
    assert together == apart
    assert statuses(again) == ["unchanged"] * 40


class open_service_at:
    def __init__(self, home: Path) -> None:
        self.service = open_home(home)

    def __enter__(self) -> JunhengService:
        return self.service

    def __exit__(self, *_: object) -> None:
        self.service.close()


def test_group_that_cannot_be_stored_is_stored_one_by_one(
    service: JunhengService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One document that the store refuses does not take along those that are stored with it."""
    honest = Store.keep

    def refuse(self: Store, prepared: Sequence[Prepared]) -> Any:
        if any("003" in one.entry.source for one in prepared):
            raise StoreError("磁盘已满")
        return honest(self, prepared)

    monkeypatch.setattr(Store, "keep", refuse)
    outcomes = service.ingest([fill(tmp_path / "some", range(6))])

    assert statuses(outcomes) == ["added", "added", "added", "failed", "added", "added"]
    assert "磁盘已满" in outcomes[3].message and "003.txt" in outcomes[3].message
    assert len(service.reports()) == 5


def test_same_text_twice_in_a_batch_is_one_report(service: JunhengService, tmp_path: Path) -> None:
    """Two files of one text, or two versions under one name, come out as if they had been read one after the other."""
    first, second = fill(tmp_path / "a", [1]), fill(tmp_path / "b", [1, 2])
    (first / "003.txt").write_text(text_of(2).replace("4002.50", "4002.60"), encoding="utf-8")
    outcomes = service.ingest([first, second])

    assert statuses(outcomes) == ["added", "added", "unchanged", "replaced"]
    assert [f.as_printed for f in service.facts() if "4002" in f.as_printed] == ["4002.50万元"]
    assert len(service.reports()) == 2 and len(service.history()) == 1


# Breaking off and going on

SLOW = """
import sys, time
from pathlib import Path
sys.path[:0] = [{tests!r}, {root!r}]
from test_ingest import open_home
from assistant import batch
batch.LATEST = 0.0
honest = batch.digest_of
def slow(*arguments):
    time.sleep(0.05)
    return honest(*arguments)
batch.digest_of = slow
def told(outcome):
    print(outcome.status, outcome.source, flush=True)
try:
    open_home(Path({home!r})).ingest([Path({folder!r})], on_progress=told)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def start(home: Path, folder: Path) -> subprocess.Popen[str]:
    script = SLOW.format(tests=str(ROOT / "tests"), root=str(ROOT), home=str(home), folder=str(folder))
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_broken_off_batch_goes_on(home_of_the_test: Path, tmp_path: Path, how: signal.Signals) -> None:
    """What was told as stored is there after a kill or an interrupt; the next run reads only the rest."""
    folder = fill(tmp_path / "many", range(60))
    with start(home_of_the_test, folder) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(5)]
        child.send_signal(how)
        lines += child.communicate(timeout=60)[0].splitlines()
    done = {line.split()[1] for line in lines if line.startswith("added")}

    with open_service_at(home_of_the_test) as service:
        stored = {report.source for report in service.reports()}
        assert 5 <= len(done) < 60
        assert done <= stored
        assert {fact.report_id for fact in service.facts()} == {report.id for report in service.reports()}
        outcomes = service.ingest([folder])
        assert {one.source for one in outcomes if one.status == "unchanged"} == stored
        assert {one.status for one in outcomes if one.source not in stored} == {"added"}
        assert len(service.reports()) == 60
        assert service.store._mirror.connect(), service.store.trouble


def test_two_batches_at_once(home_of_the_test: Path, tmp_path: Path) -> None:
    """Two processes that fill one home at the same time both get everything in, and Chroma is in step."""
    one, two = fill(tmp_path / "one", range(30)), fill(tmp_path / "two", range(20, 60))
    with start(home_of_the_test, one) as first, start(home_of_the_test, two) as second:
        told = [child.communicate(timeout=120)[0].splitlines() for child in (first, second)]

    assert [len(lines) for lines in told] == [30, 40]
    assert {line.split()[0] for lines in told for line in lines} <= {"added", "unchanged"}
    with open_service_at(home_of_the_test) as service:
        assert len(service.reports()) == 60
        assert service.store._mirror.connect(), service.store.trouble


def test_busy_store_is_asked_once(
    service: JunhengService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another program keeps writing, nobody waits a minute for each file."""
    asked: list[int] = []

    def busy(self: Store, prepared: Sequence[Prepared]) -> Any:
        asked.append(len(prepared))
        raise StoreBusy("另一个程序正在写入")

    monkeypatch.setattr(Store, "keep", busy)
    outcomes = service.ingest([fill(tmp_path / "some", range(6))])

    assert statuses(outcomes) == ["failed"] * 6
    assert len(asked) < 6


# What can be given


def zip_of(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


def test_archive_is_its_members(service: JunhengService, tmp_path: Path) -> None:
    """Every document of an archive is a report of its own, known by archive and name; junk is passed over."""
    path = tmp_path / "包.zip"
    members = {"甲__报.txt": text_of(1).encode(), "乙__报.txt": text_of(2).encode(), "乙__看.exe": b"MZ"}
    path.write_bytes(zip_of(**members, **{"__MACOSX__._报.txt": b"x"}))
    first = service.ingest([path])
    path.write_bytes(zip_of(**{**members, "乙__报.txt": text_of(2).replace("4002", "4009").encode()}))
    second = service.ingest([path])
    (broken,) = service.ingest([write(tmp_path / "坏.zip", b"PK\x03\x04 nothing")])

    assert statuses(first) == ["added", "added", "skipped"]
    assert statuses(second) == ["unchanged", "replaced", "skipped"]
    assert "包.zip › 乙/报.txt" in first[1].message and "包.zip › 乙/看.exe" in first[2].message
    assert (broken.status, "坏.zip" in broken.message) == ("failed", True)
    assert {report.source for report in service.reports()} == {"报.txt"}


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_folder_with_junk(ingest: Callable[..., Result], tmp_path: Path) -> None:
    """What systems and editors leave behind is passed over; files that no reader is for are listed, at exit code 0."""
    folder = fill(tmp_path / "deep" / "er", [1])
    for name in (".DS_Store", "Thumbs.db", "~$报告.docx", ".隐藏.txt", "草稿.tmp", "a.exe", "b.exe", "无名"):
        (folder / name).write_bytes(b"junk")
    (folder / ".git").mkdir()
    (folder / ".git" / "说明.txt").write_text(text_of(5), encoding="utf-8")
    result = ingest(tmp_path / "deep")

    assert result.code == 0
    assert result.err == ""
    lines = result.out.splitlines()
    assert lines[0].startswith("已导入\t") and "001.txt" in lines[0]
    assert lines[1] == "共 4 份"
    assert "      不支持的文件类型 .exe，2 份：a.exe、b.exe" in lines
    assert "      不支持的文件类型 没有扩展名，1 份：无名" in lines
    assert not any(junk in result.out for junk in ("DS_Store", "Thumbs", "~$", "隐藏", "草稿", "说明"))


def test_address_is_refused_and_the_others_go_on(ingest: Callable[..., Result], tmp_path: Path) -> None:
    """A web address is refused with the reason and a way out; the file beside it is taken in."""
    path = fill(tmp_path / "a", [1]) / "001.txt"
    result = ingest("https://example.com/report.html", path)

    assert result.code == 1
    assert "https://example.com/report.html：本程序不联网" in result.err
    assert "另存为" in result.err and result.err.count("\n") == 0
    assert "已导入" in result.out and "001.txt" in result.out


def test_text_from_standard_input(ingest: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    """``-`` takes a text in from standard input, in any encoding that a file may have; the same text costs nothing."""

    def given(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    given(text_of(3).encode("gb18030"))
    first = ingest("-")
    given(text_of(3).encode())
    same = ingest("-")
    given(b"\x00\x01\x02" * 50)
    broken = ingest("-")

    assert first.code == 0 and first.out.startswith("已导入\t粘贴的文字")
    assert same.out.startswith("没有变化\t")
    assert broken.code == 1 and "粘贴的文字" in broken.err and broken.out == ""


def test_pasted_title_and_version(service: JunhengService) -> None:
    """A pasted text may have a title; a later text of that title takes its place, untitled ones stand beside."""
    outcomes = service.ingest(
        [
            Pasted(text_of(1), "甲公告"),
            Pasted(text_of(1).replace("4001", "4011"), "甲公告"),
            Pasted(text_of(2)),
            Pasted(text_of(3)),
            Web("ftp://x/y"),
        ]
    )

    assert statuses(outcomes) == ["added", "replaced", "added", "added", "failed"]
    assert sorted(report.source for report in service.reports()) == ["甲公告", "粘贴的文字", "粘贴的文字"]
    assert "甲公告" in {report.title for report in service.reports()}


# The report on a batch


def test_report_as_json_and_files(ingest: Callable[..., Result], tmp_path: Path) -> None:
    """Programs get every file with its status and reason; a report file opens in Excel and runs no formula."""
    folder = fill(tmp_path / "in", [1])
    (folder / "=1+1.txt").write_bytes(b"\x00\x01" * 50)
    (folder / "x.exe").write_bytes(b"MZ")
    whole = json.loads(ingest(folder, "--json", "--report", tmp_path / "r.csv").out)
    ingest(folder, "--report", tmp_path / "r.xlsx")
    ingest(folder, "--report", tmp_path / "r.json")
    ingest(folder, "--report", tmp_path / "r.txt")
    wrong = ingest(folder, "--report", tmp_path / "r.pdf")

    assert whole["summary"] == {
        "total": 3, "added": 1, "replaced": 0, "unchanged": 0, "skipped": 1, "failed": 1,
    }  # fmt: skip
    assert [one["status"] for one in whole["files"]] == ["added", "failed", "skipped"]
    data = (tmp_path / "r.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row[1:3] for row in rows] == [
        ["文件", "结果"], ["001.txt", "已导入"], ["'=1+1.txt", "未导入"], ["x.exe", "跳过"],
    ]  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx").worksheets[0]
    assert [sheet.cell(row, 3).value for row in (2, 3, 4)] == ["没有变化", "未导入", "跳过"]
    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).data_type) == ("=1+1.txt", "s")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["summary"]["unchanged"] == 1
    assert "共 3 份" in (tmp_path / "r.txt").read_text("utf-8")
    assert (wrong.code, wrong.out) == (2, "") and ".csv" in wrong.err


# Saying afterwards what a report is about

NAMELESS = "教育经费执行情况公告\n一、经费投入\n本年一般公共预算教育支出4000.50万元,上年为3900.00万元。\n"


def test_describing_a_stored_report(service: JunhengService, tmp_path: Path) -> None:
    """Region and year that a person says afterwards reach the facts, and the same file leaves them so."""
    path = write(tmp_path / "报.txt", NAMELESS.encode())
    (outcome,) = service.ingest([path])
    assert outcome.report_id is not None
    before = service.store.search("教育支出", k=1)[0].passage
    described = service.describe(outcome.report_id, region="青石县", year=2021, title="青石公告")
    (again,) = service.ingest([path])

    assert outcome.missing == ("region", "year")
    assert all(word in outcome.message for word in ("没有认出", "地区", "年份"))
    assert (described.id, described.text) == (outcome.report_id, NAMELESS)
    assert service.reports() == (described,)
    assert (described.region, described.year, described.title) == ("青石县", 2021, "青石公告")
    assert {(f.region, f.period) for f in service.facts()} == {("青石县", "2021"), ("青石县", "2020")}
    assert service.store.search("教育支出", k=1)[0].passage == before
    assert again.status == "unchanged" and service.reports() == (described,)


def test_terminal_asks_for_what_is_missing(
    ingest: Callable[..., Result], home_of_the_test: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal each report without region or year is asked about at the end; * answers for all that follow."""
    for number in range(3):
        other = NAMELESS.replace("公告", ("公告", "通报", "总结")[number], 1).replace("4000", f"4{number}00")
        write(tmp_path / f"{number}.txt", other.encode())
    answers = iter(["青石县", "二十一", "2021*", "", "红沙县"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    result = ingest(*(tmp_path / f"{number}.txt" for number in range(3)))

    assert list(answers) == []
    assert "年份应为四位数字" in result.err
    with open_service_at(home_of_the_test) as service:
        told = {report.source: (report.region, report.year) for report in service.reports()}
    assert told == {"0.txt": ("青石县", 2021), "1.txt": (None, 2021), "2.txt": ("红沙县", 2021)}


def test_reading_waits_for_a_slow_store(
    service: JunhengService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow storing is, only so many documents wait in memory."""
    loaded, most = [0], [0]
    honest, begin = Store.keep, batching.Batch._begin

    def counted(self: batching.Batch, one: Any) -> Any:
        loaded[0] += 1
        most[0] = max(most[0], loaded[0])
        return begin(self, one)

    def slow(self: Store, prepared: Sequence[Prepared]) -> Any:
        time.sleep(0.05)
        loaded[0] -= len(prepared)
        return honest(self, prepared)

    monkeypatch.setattr(batching.Batch, "_begin", counted)
    monkeypatch.setattr(Store, "keep", slow)
    outcomes = service.ingest([fill(tmp_path / "many", range(150))])

    assert statuses(outcomes) == ["added"] * 150
    assert most[0] <= batching.AHEAD + 3 * batching.GROUP
