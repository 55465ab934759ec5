"""Zip archives give their members, and nothing of what a hostile one tries."""

from __future__ import annotations

import os
import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.gathering import Item, Refused, gather
from corpus.errors import ReadError
from corpus.readers._archive import LARGEST_MEMBER, MOST_MEMBERS, Member, is_archive, members
from tests.word_files import p, word


def packed(*files: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """Write other bytes for a name of the same length, without the mark that it is UTF-8."""
    assert len(old) == len(new) and old in data
    return data.replace(old, new)


def test_members_come_with_their_folders() -> None:
    """Each file with its path in the archive; what systems leave behind is passed over."""
    inner = packed(("2022/报告.docx", b"b"), ("表.xlsx", b"c"))
    outer = packed(
        ("甲县/报告.txt", b"a"),
        ("甲县/", b""),
        ("__MACOSX/._报告.txt", b"x"),
        ("~$报告.docx", b"x"),
        ("附件.zip", inner),
    )

    assert list(members(outer)) == [
        Member("甲县/报告.txt", b"a"),
        Member("附件.zip/2022/报告.docx", b"b"),
        Member("附件.zip/表.xlsx", b"c"),
    ]


@pytest.mark.parametrize(("encoding", "flagged"), [("gbk", False), ("utf-8", False), ("utf-8", True)])
def test_names_are_read_as_they_were_written(encoding: str, flagged: bool) -> None:
    """Windows in China writes GBK, others UTF-8 with and without saying so."""
    name = "禾川县教育经费公告.txt"
    if flagged:
        data = packed((name, b"a"))
    else:
        written = name.encode(encoding)
        data = renamed(packed(("x" * len(written), b"a")), b"x" * len(written), written)

    assert [m.name for m in members(data)] == [name]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/报告.txt", "报告.txt"),
        ("/etc/cron.d/报告.txt", "报告.txt"),
        ("..\\..\\报告.txt", "报告.txt"),
        ("C:\\Windows\\报告.txt", "报告.txt"),
        ("C:报告.txt", "报告.txt"),
        ("甲/./乙//报告.txt", "甲/乙/报告.txt"),
        ("甲\n乙/报告\x1b[31m.txt", "甲 乙/报告 [31m.txt"),
        ("长" * 300 + ".txt", "长" * 116 + ".txt"),
    ],
)
def test_names_lead_nowhere(name: str, shown: str) -> None:
    """A path out of the archive is cut to its last part; what does not print goes."""
    assert [m.name for m in members(packed((name, b"a")))] == [shown]


def test_what_cannot_be_had_is_told() -> None:
    """Links, devices, passwords, damage and depth are a line each; the other members still come."""
    link = zipfile.ZipInfo("链接.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    locked = bytearray(packed(("锁.txt", b"a")))
    locked[6] |= 1
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    torn = packed(("坏.txt", os.urandom(2000)))
    torn = torn[:500] + b"\x00" * 500 + torn[1000:]
    deep = packed(("二.zip", packed(("三.zip", packed(("四.zip", packed(("底.txt", b"a"))))))))
    data = packed(
        (link, b"/etc/passwd"),
        ("锁.zip", bytes(locked)),
        ("坏.zip", torn),
        ("好.txt", b"a"),
        ("一.zip", deep),
    )

    found = {m.name: m.problem for m in members(data)}
    assert [
        "链接" in found["链接.txt"],
        "密码" in found["锁.zip/锁.txt"],
        "损坏" in found["坏.zip/坏.txt"],
    ] == [True] * 3
    assert found["好.txt"] == "" and "层" in found["一.zip/二.zip"]
    assert all(m.data == b"" for m in members(data) if m.problem)


def test_a_person_is_told_of_each(tmp_path: Path) -> None:
    """What is wrong with a member reaches the batch report behind the archive's name; the others are read."""
    link = zipfile.ZipInfo("链接.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    path = tmp_path / "包.zip"
    path.write_bytes(
        packed((link, b"/etc/passwd"), ("坏.zip", packed(("锁.txt", b"a"))[:-9] + b"x"), ("好.txt", b"a"))
    )
    found = list(gather([path], uploaded=True))

    assert next(item.why for item in found if isinstance(item, Refused)).startswith(
        "包.zip › 链接.txt：是链接"
    )
    assert [item.name for item in found if isinstance(item, Item)] == ["好.txt"]


def test_bombs_cost_little() -> None:
    """Repetition, many members and a bomb in a bomb stop at their bounds."""
    begin = time.process_time()
    zeros = packed(("零.txt", b"\x00" * 300_000_000))
    bomb = packed(*((f"{i}.zip", zeros) for i in range(5)), ("好.txt", b"a"))
    many = packed(*((f"{i}.txt", b"") for i in range(MOST_MEMBERS + 50)))
    made = time.process_time() - begin
    begin = time.process_time()

    assert [bool(m.problem) for m in members(bomb)] == [True] * 5 + [False]
    assert len(list(members(many))) == MOST_MEMBERS + 1
    assert time.process_time() - begin < 10 + made
    assert LARGEST_MEMBER < 300_000_000


def test_a_name_that_comes_twice_gets_a_number() -> None:
    """Both are read, and can be told apart."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(("报告.txt", b"a"), ("报告.txt", b"b"))

    assert list(members(data)) == [Member("报告.txt", b"a"), Member("报告.txt（2）", b"b")]


def test_documents_are_no_archives() -> None:
    """A Word file is a zip as well, and stays whole."""
    document = word(p("全县有小学12所。"))
    assert not is_archive(document) and is_archive(packed(("a", b""))) and not is_archive(b"PK\x03\x04")
    assert list(members(packed(("报告.docx", document), ("改名.zip", document)))) == [
        Member("报告.docx", document),
        Member("改名.zip", document),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", packed(("a.txt", b"a"))[:-10], packed(), b"Rar!\x1a\x07"]
)
def test_what_is_no_archive_is_told(data: bytes) -> None:
    """One line, with the name that the caller gave."""
    with pytest.raises(ReadError, match=r"^包\.zip：.*。$"):
        list(members(data, "包.zip"))


@given(st.data())
def test_damage_never_raises_anything_else(draw: st.DataObject) -> None:
    """Whatever bytes are changed or cut, members come or a ReadError does."""
    data = bytearray(packed(("甲/报告.txt", b"a" * 300), ("内.zip", packed(("乙.txt", b"b" * 50)))))
    for _ in range(draw.draw(st.integers(1, 6))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    cut = bytes(data[: draw.draw(st.integers(0, len(data)))]) if draw.draw(st.booleans()) else bytes(data)
    try:
        assert all(m.name and ".." not in m.name.split("/") for m in members(cut))
    except ReadError as error:
        assert "\n" not in str(error)


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading leaves no file behind, wherever it runs."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    list(members(packed(("../a.txt", b"a"), ("b.zip", packed(("c.txt", b"c"))))))

    assert list(tmp_path.iterdir()) == []
