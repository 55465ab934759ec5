"""Documents of older programs go through LibreOffice where it is installed, and are told clearly where not."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from corpus import readers
from corpus.errors import ReadError
from corpus.model import Report
from corpus.readers import _office_program as office
from corpus.readers import legacy
from scripts.render_formats import render
from tests.test_same_facts import INVENTED, facts
from tests.word_files import cell, p, table, word

needs_office = pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole(stream: str, flags: int = 0) -> bytes:
    """The outer form of an OLE file: a header, a text's information block, a directory with a stream's name."""
    block = b"\xec\xa5" + bytes(8) + flags.to_bytes(2, "little")
    return (
        OLE + bytes(504) + block.ljust(512, b"\0") + (stream.encode("utf-16-le") + b"\0\0").ljust(512, b"\0")
    )


def odt(manifest: str) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


def read(path: Path) -> Report:
    """Read a file in this process, where a test can reach it."""
    return readers.read_bytes(path.read_bytes(), path.name, str(path))


def fake(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program called soffice into the only folder of PATH beside the system's."""
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


@needs_office
@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".doc", ".wps", ".rtf", ".odt"])
def test_an_older_file_gives_the_same_facts(tmp_path: Path, suffix: str) -> None:
    """The same report as Word 97, WPS, RTF or ODF file, under its own suffix or another's."""
    path = INVENTED[0]
    (made,) = render(path.read_text(encoding="utf-8"), "a", "docx").values()
    target = {".wps": ".doc"}.get(suffix, suffix)
    older = converted(made, target, tmp_path)
    # LibreOffice writes the 、 of a numbering into RTF as "?"; Word writes it like this
    older = older.replace(rb"\'02\'00\'3f;", rb"\'02\'00\u12289 ?;")
    for name in (f"a{suffix}", "b.docx"):
        (tmp_path / name).write_bytes(older)
        report = read(tmp_path / name)

        assert facts(report) == facts(readers.read(path))
        assert report.format == target[1:] and report.notes[0] == f"由 LibreOffice 从 {target} 转换后读取"


def converted(data: bytes, suffix: str, folder: Path) -> bytes:
    """Write a .docx as an older file, by the same program."""
    import subprocess

    given = folder / "given.docx"
    given.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [
        office.program() or "",
        profile,
        "--headless",
        "--convert-to",
        suffix[1:],
        "--outdir",
        str(folder),
        str(given),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / f"given{suffix}").read_bytes()


@needs_office
@pytest.mark.slow
def test_conversion_keeps_what_word_counts(tmp_path: Path) -> None:
    """Tables and changes survive the way through an older file."""
    change = '<w:ins w:id="1" w:author="某" w:date="2023-01-01T00:00:00Z"><w:r><w:t>18</w:t></w:r></w:ins>'
    body = (
        p("禾川县2022年教育情况")
        + f"<w:p><w:r><w:t>全县有小学</w:t></w:r>{change}<w:r><w:t>所。</w:t></w:r></w:p>"
    )
    rows = table(cell("学段") + cell("班数"), cell("初中") + cell("45"))
    columns = '<w:gridCol w:w="2000"/>' * 2
    grid = f"<w:tbl><w:tblPr/><w:tblGrid>{columns}</w:tblGrid>"
    older = converted(word(body + rows.replace("<w:tbl>", grid) + p("完")), ".doc", tmp_path)
    (tmp_path / "a.doc").write_bytes(older)
    report = read(tmp_path / "a.doc")

    assert report.text == "禾川县2022年教育情况\n全县有小学18所。\n学段 | 班数\n初中 | 45\n完"
    assert "文档里的1处修订按接受处理" in report.notes


def test_without_the_program_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line names the way out: save it as .docx."""
    monkeypatch.setattr(office, "program", lambda: None)
    (tmp_path / "a.doc").write_bytes(ole("WordDocument"))
    with pytest.raises(ReadError, match=r"没有安装 LibreOffice，读不了。请用 WPS 或 Word 另存为 \.docx"):
        read(tmp_path / "a.doc")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.docx", ole("EncryptedPackage"), "加了密码"),
        ("a.doc", ole("WordDocument", 0x0100), "加了密码"),
        ("a.odt", odt("<manifest:encryption-data/>"), "加了密码"),
        ("a.doc", ole("Workbook"), "表格"),
        ("a.doc", ole("PowerPoint Document"), "演示文稿"),
        ("a.doc", ole("Nothing"), "没有正文"),
        ("a.doc", b"%PDF-1.7", "PDF"),
        ("a.wps", bytes(range(256)), "二进制"),
    ],
)
def test_what_cannot_be_read_is_told(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    """Passwords and other programs' files are told without asking LibreOffice."""
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ReadError, match=says) as caught:
        read(tmp_path / name)

    assert "\n" not in str(caught.value) and str(caught.value).endswith("。")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("全县有小学12所。".encode("gb18030"), "text"),
        ("<html><body><p>全县有小学12所。</p></body></html>".encode("gb18030"), "html"),
        (word(p("全县有小学12所。")), "docx"),
    ],
)
def test_what_only_calls_itself_doc(tmp_path: Path, data: bytes, kind: str) -> None:
    """Many systems call a text, a page or a newer document ".doc"."""
    (tmp_path / "a.doc").write_bytes(data)
    report = read(tmp_path / "a.doc")

    assert (report.text, report.format) == ("全县有小学12所。", kind)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux to see what was started")
@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("sleep 60 & echo $! > PID; exit 1", "可能已损坏"),
        ("sleep 60 & echo $! > PID; sleep 60", "秒，已停止"),
    ],
)
def test_a_program_that_fails_or_hangs_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    """It is stopped with all that it started, in time, and leaves no file behind."""
    fake(tmp_path, monkeypatch, script.replace("PID", str(tmp_path / "pid")))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    convert = office.to_docx
    monkeypatch.setattr(legacy.office, "to_docx", lambda data, suffix: convert(data, suffix, 1.0))
    (tmp_path / "a.rtf").write_bytes(rb"{\rtf1 x}")
    begin = time.monotonic()
    with pytest.raises(ReadError, match=says):
        read(tmp_path / "a.rtf")

    assert time.monotonic() - begin < 10 and list((tmp_path / "t").iterdir()) == []
    started = Path("/proc", (tmp_path / "pid").read_text().strip(), "stat")
    time.sleep(0.2)
    assert not started.exists() or started.read_text().rpartition(")")[2].split()[0] == "Z"


def test_the_program_is_told_to_stay_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its profile forbids macros and links, its switches no window, its environment names no proxy."""
    fake(
        tmp_path,
        monkeypatch,
        f'cp -r "$(echo $1 | sed s,^.*file://,,)" {tmp_path}/seen; env > {tmp_path}/env',
    )
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    with pytest.raises(office.Unconverted):
        office.to_docx(b"x", ".doc")
    settings = (tmp_path / "seen" / "user" / "registrymodifications.xcu").read_text()

    assert 'oor:name="DisableMacrosExecution" oor:op="fuse"><value>true' in settings
    assert "PROXY" not in (tmp_path / "env").read_text() and "HOME=" in (tmp_path / "env").read_text()
