"""The store: what goes in comes out exactly, whole or not at all, also across crashes and processes."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.model import Document, Fact, Report, Section
from indexes import database, lexical, mirror, records
from indexes.database import FILE, telling
from indexes.errors import StoreBusy, StoreError
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder, make_document, make_fact

ROOT = Path(__file__).parents[1]


def open_store(home: Path, **options: object) -> Store:
    return Store.open(home, **{"embedder": WordEmbedder(), **options})  # type: ignore[arg-type]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home) as store:
        yield store


def chroma_rows(store: Store) -> dict[str, int]:
    """Return how many rows each collection of an open Chroma holds."""
    assert store._mirror.connect(), store.trouble
    index = store._mirror._index
    assert index is not None
    return {"passage": index.count("passage"), "fact": index.count("fact")}


def line_of(caught: pytest.ExceptionInfo[StoreError]) -> str:
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Records


def test_records_keep_everything():
    """Decimals with zeros and exponents, dates, nested tuples and optional fields come back as they were."""
    section = Section("一、情况", 1, 0, 9, ("总", "一、情况"))
    report = Report(
        "r",
        "文本",
        "题",
        "s",
        region_path=("甲省", "甲县"),
        published=dt.date(2023, 5, 1),
        sections=(section,),
        boilerplate=((0, 2),),
    )
    fact = make_fact("r", 0, 4, "标签")
    again = records.load(Fact, records.dump(fact))

    assert records.load(Report, records.dump(report)) == report
    assert again == fact
    assert (str(again.value), str(again.upper)) == ("42209.50", "1E+5")
    assert isinstance(again.clause, tuple)


@pytest.mark.parametrize("number", ["0", "-0.00", "1E+30", "0.10", "12345678901234567890.123456789012345678"])
def test_decimals_are_not_rounded(number: str):
    """Every digit of a value survives."""
    fact = dataclasses.replace(make_fact("r", 0, 1, "x"), value=Decimal(number))

    assert str(records.load(Fact, records.dump(fact)).value) == str(Decimal(number))


def test_record_of_an_older_type():
    """A field that a record lacks takes its default, one that the type lacks is left out."""
    record = '{"id":"r","text":"t","title":"题","source":"s","gone":1}'

    assert records.load(Report, record) == Report("r", "t", "题", "s")


# Putting in and taking out


def test_round_trip(home: Path):
    """Reports, passages and facts come back equal, also after closing; the original byte for byte."""
    document = make_document("教育支出增加。", "教师人数稳定。")
    with open_store(home) as store:
        assert store.put(document, source="a.txt", digest="1", original=b"\x00raw") == "added"
    with open_store(home) as store:
        assert store.reports() == (document.report,)
        assert store.report(document.report.id) == document.report
        assert store.passages() == store.passages(document.report.id) == document.passages
        assert store.facts() == store.facts(report_ids=[document.report.id]) == document.facts
        assert store.fact(document.facts[1].id) == document.facts[1]
        assert store.original(document.report.id) == b"\x00raw"
        assert chroma_rows(store) == {"passage": 2, "fact": 2}
        assert (store.report("?"), store.fact("?"), store.original("?"), store.passages("?")) == (
            None,
            None,
            None,
            (),
        )
        assert store.facts(report_ids=[]) == ()


def test_same_file_costs_nothing(store: Store):
    """What is in already, unchanged, is known and not embedded again."""
    document = make_document("教育支出增加。")
    store.put(document, source="a.txt", digest="1")
    version, calls = store.version, store.embedder.calls  # type: ignore[attr-defined]

    assert store.known("a.txt", "1")
    assert not store.known("a.txt", "2")
    assert not store.known("b.txt", "1")
    assert store.put(document, source="a.txt", digest="1") == "unchanged"
    assert store.put(document, source="b.txt", digest="1") == "unchanged"
    assert store.known("b.txt", "1")
    assert (store.version, store.embedder.calls) == (version, calls)  # type: ignore[attr-defined]
    assert len(store.reports()) == 1


def test_new_version_replaces_the_old_everywhere(store: Store):
    """After a source changed, nothing of its old text is found in any index."""
    old, new = make_document("营养午餐覆盖山区。"), make_document("校车接送学生。", "校舍完成加固。")
    store.put(old, source="a.txt", digest="1")

    assert store.put(new, source="a.txt", digest="2") == "replaced"
    assert store.reports() == (new.report,)
    assert store.passages() == new.passages
    assert store.facts() == new.facts
    assert {hit.passage for hit in store.search("营养午餐")} == set(new.passages)
    assert max(hit.lexical for hit in store.search("营养午餐")) == 0
    assert {fact for fact, _ in store.search_facts("营养午餐")} == set(new.facts)
    assert chroma_rows(store) == {"passage": 2, "fact": 2}
    assert store.known("a.txt", "2") and not store.known("a.txt", "1")


def test_same_text_read_better(store: Store):
    """The same text with other facts replaces what was read before, and other sources keep pointing to it."""
    document = make_document("教育支出增加。")
    store.put(document, source="a.txt", digest="1", original=b"one")
    store.put(document, source="b.txt", digest="1")
    better = dataclasses.replace(document, facts=())

    assert store.put(better, source="a.txt", digest="1") == "replaced"
    assert store.facts() == ()
    assert store.passages() == document.passages
    assert store.known("b.txt", "1")
    assert store.original(document.report.id) == b"one"
    assert chroma_rows(store) == {"passage": 1, "fact": 0}


def test_shared_report_stays_for_its_other_source(store: Store):
    """A report that two sources hold goes only when neither holds it."""
    shared, other = make_document("教育支出增加。"), make_document("校车接送学生。")
    store.put(shared, source="a.txt", digest="1")
    store.put(shared, source="b.txt", digest="1")

    assert store.put(other, source="a.txt", digest="2") == "replaced"
    assert {report.id for report in store.reports()} == {shared.report.id, other.report.id}
    assert store.put(other, source="b.txt", digest="2") == "replaced"
    assert store.reports() == (other.report,)


def test_remove(store: Store):
    """A removed report is gone everywhere and its file is not known; others stay."""
    first, second = make_document("教育支出增加。"), make_document("校车接送学生。")
    store.put(first, source="a.txt", digest="1")
    store.put(second, source="b.txt", digest="1")
    before = store.version

    assert store.remove(first.report.id)
    assert not store.remove(first.report.id)
    assert store.version > before
    assert store.reports() == (second.report,)
    assert not store.known("a.txt", "1")
    assert [hit.passage for hit in store.search("教育支出")] == list(second.passages)
    assert chroma_rows(store) == {"passage": 1, "fact": 1}


def test_document_without_facts_or_passages(store: Store):
    """A report in which nothing was found can still be kept."""
    empty = Document(Report("empty", "。", "空", "a.txt"), ())

    assert store.put(empty, source="a.txt", digest="1") == "added"
    assert store.reports() == (empty.report,)
    assert store.search("空") == []


def test_reports_are_ordered_by_title(store: Store):
    for title in ("丙", "甲", "乙"):
        store.put(make_document(f"{title}县情况。", title=title), source=title, digest="1")
    titles = [report.title for report in store.reports()]

    assert titles == sorted(titles)


def test_what_was_held_is_told_by_version(home: Path):
    """A version that was noted tells later which reports were current at it, whatever became of them."""
    first, second, third = (make_document(f"{name}县情况。", title=name) for name in "甲乙丙")
    with open_store(home) as store:
        store.put(first, source="1", digest="1")
        store.put(second, source="2", digest="1")
        early = store.hold()
        assert store.hold() == early
        store.put(third, source="1", digest="2")  # takes the place of the first
        store.remove(second.report.id)
    with open_store(home) as store:
        late = store.hold()
        assert {one.title for one in store.held(early).values()} == {"甲", "乙"}
        assert {one.title for one in store.held(late).values()} == {"丙"}
        store.put(
            make_document("甲县情况。", title="甲二"), source="3", digest="1"
        )  # the same text, named anew
        assert {one.title for one in store.held(store.hold()).values()} == {"丙", "甲二"}
        assert store.held(early)[first.report.id].title == "甲"


# Whole or not at all


def test_full_disk_changes_nothing(store: Store):
    """When the disk fills up during a put, the old version stays whole and one clear line is raised."""
    old = make_document("教育支出增加。")
    store.put(old, source="a.txt", digest="1")
    pages = store._database._connection.execute("pragma page_count").fetchone()[0]
    store._database._connection.execute(f"pragma max_page_count = {pages}")
    big = make_document(*(f"第{i}项工作安排如下。" * 20 for i in range(60)))
    with pytest.raises(StoreError) as caught:
        store.put(big, source="a.txt", digest="2")

    assert "磁盘已满" in line_of(caught)
    assert store.reports() == (old.report,)
    assert store.known("a.txt", "1")
    assert store.search("教育支出")[0].passage == old.passages[0]
    assert chroma_rows(store) == {"passage": 1, "fact": 1}


def test_chroma_that_fails_does_not_lose_data(home: Path, monkeypatch: pytest.MonkeyPatch):
    """If Chroma breaks after the commit, searches go on exactly and the next start mends it."""
    document = make_document("教育支出增加。", "教师人数稳定。")
    with open_store(home) as store, monkeypatch.context() as patch:
        patch.setattr(mirror.ChromaIndex, "add", lambda *_: 1 / 0)
        assert store.put(document, source="a.txt", digest="1") == "added"
        assert store.trouble is not None
        assert store.search("教师人数")[0].passage == document.passages[1]
    told: list[tuple[str, int, int]] = []
    with open_store(home, progress=lambda *step: told.append(step)) as store:
        assert chroma_rows(store) == {"passage": 2, "fact": 2}
        assert store.trouble is None

    assert told[-1] == ("重建向量索引", 4, 4)


def test_rebuild_that_fails_does_not_stop_the_store(home: Path, monkeypatch: pytest.MonkeyPatch):
    """If Chroma cannot be filled at the start, the store opens and searches without it, and says so."""
    document = make_document("教育支出增加。", "教师人数稳定。")
    with open_store(home) as store:
        store.put(document, source="a.txt", digest="1")
    (home / "chroma").rename(home / "elsewhere")
    with monkeypatch.context() as patch:
        patch.setattr(mirror.ChromaIndex, "add", lambda *_: 1 / 0)
        with open_store(home) as store:
            assert "重建失败" in (store.trouble or "")
            assert store.search("教师人数")[0].passage == document.passages[1]
    with open_store(home) as store:
        assert chroma_rows(store) == {"passage": 2, "fact": 2}


@pytest.mark.parametrize("damage", ["folder gone", "rows gone", "dirty"])
def test_chroma_is_filled_again(home: Path, damage: str):
    """A missing folder, missing rows and a raised dirty flag all lead to a rebuilt Chroma."""
    document = make_document("教育支出增加。", "教师人数稳定。")
    with open_store(home) as store:
        store.put(document, source="a.txt", digest="1")
        if damage == "rows gone":
            chroma_rows(store)
            assert store._mirror._index is not None
            store._mirror._index.drop("fact", [1])
        if damage == "dirty":
            with store._database.change() as connection:
                connection.execute("delete from meta where key like 'chroma%'")
    if damage == "folder gone":
        database.Path(home / "chroma").rename(home / "elsewhere")
    with open_store(home) as store:
        store.warm()
        assert chroma_rows(store) == {"passage": 2, "fact": 2}


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from indexes.store import Store
from tests.indexes_fixtures import WordEmbedder, make_document
with Store.open(Path({home!r}), embedder=WordEmbedder()) as store:
    print("ready", flush=True)
    for number in range(1000):
        source = f"s{{number % 3}}"
        document = make_document(*(f"第{{number}}版第{{i}}项工作" for i in range(8)), title=source)
        print(source, number, store.put(document, source=source, digest=str(number)), flush=True)
"""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_while_putting(home: Path, seed: int):
    """After kill -9 every report is whole, the last acknowledged version or the one after is there,
    and every index agrees."""
    script = WRITER.format(root=str(ROOT), home=str(home))
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == "ready"
        first = writer.stdout.readline()
        time.sleep(random.Random(seed).uniform(0.05, 0.5))
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read()
        lines = [line.split() for line in (first + rest).splitlines() if line.count(" ") == 2]
    acknowledged = {source: int(number) for source, number, _ in lines}
    with open_store(home) as store:
        reports = store.reports()
        for report in reports:
            document = make_document(*report.text.split("\n"), title=report.title)
            assert store.passages(report.id) == document.passages
            assert store.facts(report_ids=[report.id]) == document.facts
            version = int(report.text[1 : report.text.index("版")])
            assert acknowledged.get(report.title, -1) <= version
        assert len(reports) == len({report.title for report in reports}) >= len(acknowledged) > 0
        assert chroma_rows(store) == {"passage": 8 * len(reports), "fact": 8 * len(reports)}
        assert {hit.passage for hit in store.search("第3项工作", k=100)} == set(store.passages())
        assert {fact for fact, _ in store.search_facts("第3项工作", k=100)} == set(store.facts())
        with store._database.change() as connection:
            connection.execute("insert into lexical(lexical) values ('integrity-check')")
            assert connection.execute("pragma integrity_check").fetchone()[0] == "ok"


# Other processes


def test_reader_sees_what_another_process_writes(home: Path, monkeypatch: pytest.MonkeyPatch):
    """A store that was open before sees a report another process puts in, also through Chroma."""
    monkeypatch.setattr(mirror, "SMALL", 0)
    with open_store(home) as store:
        store.put(make_document("教育支出增加。"), source="a.txt", digest="1")
        store.warm()
        before = store.version
        script = WRITER.format(root=str(ROOT), home=str(home)).replace("range(1000)", "range(1)")
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)

        assert store.version > before
        assert len(store.reports()) == 2
        assert store.search("第0版第5项工作", k=1)[0].passage.text == "第0版第5项工作"
        assert store.search_facts("第0版第5项工作", k=1)[0][0].label == "第0版第5项工作"
        assert store._mirror._seen == store.version
        assert store.put(make_document("校车接送学生。"), source="b.txt", digest="1") == "added"
        assert chroma_rows(store) == {"passage": 10, "fact": 10}


def test_second_writer_is_told(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Who waits too long for another writer gets one line, and readers are not held up."""
    with open_store(home) as store, FileLock(home / "write.lock"):
        monkeypatch.setattr("indexes.store.PATIENCE", 0.1)
        with pytest.raises(StoreBusy) as caught:
            store.put(make_document("教育支出增加。"), source="a.txt", digest="1")
        assert store.reports() == ()

    assert str(home) in line_of(caught)


# Opening


def test_other_model_embeds_again(home: Path):
    """With another model all vectors are computed anew, with progress, and a store left open with the
    old one says so instead of mixing them."""
    document = make_document("教育支出增加。", "教师人数稳定。")
    told: list[tuple[str, int, int]] = []
    with open_store(home) as old:
        old.put(document, source="a.txt", digest="1")
        other = WordEmbedder("other", 32)
        with open_store(home, embedder=other, progress=lambda *step: told.append(step)) as store:
            assert store.search("教师人数")[0].passage == document.passages[1]
            assert chroma_rows(store) == {"passage": 2, "fact": 2}
        with pytest.raises(StoreError, match="重新启动"):
            old.search("教师人数")

    assert ("按新的向量模型重新计算", 4, 4) in told


def test_changed_tokens_are_indexed_again(home: Path, monkeypatch: pytest.MonkeyPatch):
    """When the tokens of texts change with a new version, the lexical index follows at the next start."""
    document = make_document("教育支出增加。")
    with open_store(home) as store:
        store.put(document, source="a.txt", digest="1")
    monkeypatch.setattr(lexical, "FORMAT", 99)
    monkeypatch.setattr(lexical, "tokens", lambda text: ["everything"])
    with open_store(home) as store, store._database.session() as connection:
        assert list(lexical.find_words(connection, ["everything"], limit=5)) == [1]


def test_home_that_is_a_file(tmp_path: Path):
    """A home that cannot be a folder is named in one line with the way out."""
    (tmp_path / "file").write_text("x")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError) as caught:
            open_store(home)
        assert str(home) in line_of(caught)
        assert "--home" in line_of(caught)


def test_store_of_a_newer_version(home: Path):
    """A store of a newer format is left as it is."""
    open_store(home).close()
    connection = sqlite3.connect(home / FILE)
    connection.execute("update meta set value = '999' where key = 'format'")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match="更新的版本") as caught:
        open_store(home)

    assert "999" in line_of(caught)


@pytest.mark.parametrize("where", [0, 4096])
def test_corrupt_file(home: Path, where: int):
    """A damaged file gives one line that names it, whether its head or a later page is damaged."""
    with open_store(home) as store:
        store.put(make_document(*(f"第{i}项工作" for i in range(50))), source="a.txt", digest="1")
    path = home / FILE
    data = bytearray(path.read_bytes())
    data[where : where + 16384] = b"\xff" * len(data[where : where + 16384])
    path.write_bytes(data)
    with pytest.raises(StoreError) as caught, open_store(home) as store:
        store.passages()

    assert FILE in line_of(caught)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Chroma server of our own on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = "import sys; from chromadb.cli.cli import app; app()"
    flags = ["run", "--path", str(tmp_path / "server"), "--host", "127.0.0.1", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen([sys.executable, "-c", script, *flags], stdout=quiet, stderr=quiet) as process:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.kill()


def test_two_stores_on_one_server(server: str, tmp_path: Path):
    """Stores that share a Chroma server do not mix; each can be filled again and finds its own."""
    documents = make_document("教育支出增加。", "教师人数稳定。"), make_document("校车接送学生。")
    for name, document in zip("ab", documents, strict=True):
        with open_store(tmp_path / name, chroma_url=server) as store:
            store.put(document, source="a.txt", digest="1")
            size = len(document.passages)
            assert chroma_rows(store) == {"passage": size, "fact": size}
    with open_store(tmp_path / "a", chroma_url=server, embedder=WordEmbedder("other", 32)) as store:
        store.warm()
        found = store.search("教师人数")
        assert [hit.passage for hit in found] == [*reversed(documents[0].passages)]
        assert chroma_rows(store) == {"passage": 2, "fact": 2}


def test_unreachable_server(home: Path):
    """A Chroma server that was asked for and does not answer is named in one line."""
    with pytest.raises(StoreError, match="JUNHENG_CHROMA_URL") as caught:
        open_store(home, chroma_url="http://127.0.0.1:9")

    assert "127.0.0.1:9" in line_of(caught)
    with pytest.raises(StoreError, match="不是网址"):
        open_store(home, chroma_url="somewhere")


def test_disk_error_is_told_in_chinese(tmp_path: Path) -> None:
    """On a disk so full that SQLite cannot even open its log, the line says so, without SQLite's words."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR  # as SQLite itself sets it

    with pytest.raises(StoreError, match="磁盘已满") as raised, telling(tmp_path):
        raise error

    assert "I/O" not in str(raised.value)
