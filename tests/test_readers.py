"""Files become reports, or one clear line of Chinese."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import readers
from corpus.errors import ReadError

TEXT = "某县教育情况报告\n\n我县2022年有小学12所,在校学生3400人,教师256名。\u00a0\n全县教育经费3.5亿元。\n"
TRADITIONAL = "某縣教育情況報告\n我縣2022年有小學12所,在校學生3400人,教師256名,比上年增加。\n"
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>某县教育情况报告-某县人民政府</title>
<meta name="PubDate" content="2023-04-05 10:00"><link rel="canonical" href="http://example.cn/a.html">
<script>var x = "不可见1";</script><style>p {{ color: red }}</style></head><body>
<div class="top-nav"><a>网站首页</a><a>政务公开</a></div><!-- 不可见2 -->
<h1>某县教育情况报告</h1><p>我县有<a href="x">小学</a>12所,<b>教师</b>256名。<br>下一行&nbsp;完</p>
<p style="display: none">不可见3</p><div hidden>不可见4</div><noscript>不可见5</noscript>
<table><tr><th rowspan="2">学段</th><th colspan="2">人数</th></tr><tr><td>教师</td><td>学生</td></tr>
<tr><td>小学</td><td rowspan="2">374</td><td>1,000</td></tr><tr><td>初中</td><td>2,000</td></tr></table>
<div class="footer">版权所有 某县</div></body></html>"""


def write(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_every_common_encoding_gives_the_same_report(tmp_path: Path, encoding: str) -> None:
    """The text is the decoded text as it is, so the id does not depend on the encoding."""
    text = TEXT.replace("\u00a0", " ") if encoding == "gbk" else TEXT
    report = readers.read(write(tmp_path, "a.txt", text.encode(encoding)))

    assert text == report.text
    assert readers.read_text(text, "x").id == report.id == report.text_sha256[:12]


def test_big5_is_told_from_gb18030(tmp_path: Path) -> None:
    """Both decode the bytes; only one of them gives words."""
    report = readers.read(write(tmp_path, "a.txt", TRADITIONAL.encode("big5")))

    assert (report.text, report.encoding) == (TRADITIONAL, "big5")


def broken(paragraphs: list[str], width: int) -> str:
    """Return the paragraphs broken at ``width``, as copied from a page; a Chinese character is two wide."""
    lines: list[str] = []
    for paragraph in paragraphs:
        lines.append("")
        room = width
        for char in paragraph:
            own = 2 if char > "\u2e7f" else 1
            if own > room:
                lines.append("")
                room = width
            lines[-1] += char
            room -= own
    return "\n".join(lines)


@given(
    st.lists(
        st.text("县校生教师增长与及为在有0123456789,、", min_size=0, max_size=200), min_size=3, max_size=6
    )
)
def test_broken_lines_are_put_together(middles: list[str]) -> None:
    """A text broken at a width is read like the same text unbroken, whatever its paragraphs say."""
    paragraphs = [f"全{middle}县学校共有学生和教师若干。" for middle in middles]
    text = broken(["某县教育情况简报", *paragraphs, "全县学校情况" * 40 + "。"], 68)

    assert readers.read_text(text, "x").text.replace("\n", "") == text.replace("\n", "")
    whole = readers.read_text(text, "x").text.split("\n")
    assert whole[-1].endswith("。") and len(whole[-1]) > 200


@pytest.mark.parametrize(
    "text",
    [
        "学校 | 人数\n" + "甲校在城区开设的分部和教学点情况登记表里的一行文字 | 12\n" * 8,
        "".join(f"第{n}条街道的学校名单里面写着的是一所名字特别长的学校\n" for n in range(3)),
        "目录\n" + "一、学校布局和办学条件改善情况以及教师队伍建设的若干安排\n" * 9,
    ],
)
def test_lines_of_lists_stay_lines(text: str) -> None:
    """Tables, few lines and numbered lists are not taken for broken paragraphs."""
    assert readers.read_text(text, "x").text == text


def test_only_newlines_change(tmp_path: Path) -> None:
    """CR and CRLF become LF, the byte-order mark goes, all else stays."""
    data = "\ufeff 甲校有学生1人\r\n\u3000乙校有教师2人\r丙校在县城 \t".encode()
    report = readers.read(write(tmp_path, "a.TXT", data))

    assert report.text == " 甲校有学生1人\n\u3000乙校有教师2人\n丙校在县城 \t"


@pytest.mark.parametrize(
    ("charset", "encoding"), [("utf-8", "gb18030"), ("gb2312", "utf-8"), ("big5", "gb18030")]
)
def test_a_wrong_charset_in_a_page_does_not_matter(tmp_path: Path, charset: str, encoding: str) -> None:
    """What a page declares is often wrong; the bytes decide."""
    report = readers.read(write(tmp_path, "a.html", PAGE.format(charset=charset).encode(encoding)))

    assert "我县有小学12所,教师256名。\n下一行\u00a0完" in report.text
    assert encoding == report.encoding


def test_a_page_is_read_as_people_see_it(tmp_path: Path) -> None:
    """Blocks are lines, rows have separators, merged words repeat, merged figures do not."""
    report = readers.read(write(tmp_path, "a.html", PAGE.format(charset="utf-8").encode()))
    furniture = [report.text[a:b] for a, b in report.boilerplate]

    assert "学段 | 人数 | 人数\n学段 | 教师 | 学生\n小学 | 374 | 1,000\n初中 | (合并) | 2,000" in report.text
    assert "不可见" not in report.text and "var x" not in report.text
    assert furniture == ["网站首页政务公开", "版权所有 某县"]
    assert ("某县教育情况报告", dt.date(2023, 4, 5), "http://example.cn/a.html") == (
        report.title,
        report.published,
        report.url,
    )


def test_a_page_laid_out_with_tables_gives_lines(tmp_path: Path) -> None:
    """Tables within tables are layout: their texts are lines, the inner data table keeps its rows."""
    inner = "<table><tr><td>小学</td><td>12</td></tr></table>"
    page = f"<html><table><tr><td>左栏</td><td><p>全县情况报告</p>{inner}</td></tr></table></html>"
    report = readers.read(write(tmp_path, "a.htm", page.encode()))

    assert report.text == "左栏\n全县情况报告\n小学 | 12"


def test_a_page_saved_as_text_is_read_as_a_page(tmp_path: Path) -> None:
    """The content decides, not the suffix."""
    report = readers.read(write(tmp_path, "a.txt", PAGE.format(charset="utf-8").encode()))

    assert "<p" not in report.text and "小学 | 374" in report.text


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "空的"),
        ("a.txt", b" \r\n\t", "空的"),
        ("a.txt", "\u3000\u00a0\n".encode(), "没有可读的正文"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00\x01", "图片不完整"),
        ("a.txt", b"PK\x03\x04\x14\x00", "压缩包"),
        ("a.txt", b"%PDF-1.7 text", "PDF"),
        ("a.txt", b"MZ\x90\x00\x03\x00", "程序"),
        ("a.txt", "学校\x00有12所".encode(), "二进制"),
        ("a.txt", "学校教育の報告書であります。これはテストです。".encode("shift-jis"), "认不出文字编码"),
        ("a.txt", "안녕하세요 학교 교육 보고서입니다".encode("euc-kr"), "认不出文字编码"),
        ("a.txt", "é à ü ö ç école".encode("latin-1"), "认不出文字编码"),
        ("a.xyz", b"text", "不支持的文件类型 .xyz"),
        ("noname", b"text", "不支持的文件类型"),
        ("a.html", b"<html><script>alert(1)</script><style>p{}</style></html>", "没有可读的正文"),
        ("a.html", b"<!-- nothing -->", "没有可读的正文"),
        ("a.txt", b"x" * (readers.LARGEST_FILE + 1), "超过上限"),
        ("a.txt", b"x" * (readers.LARGEST_TEXT + 1), "超过上限"),
    ],
)
def test_what_is_no_report_is_told_in_one_line(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    """Each bad file raises ReadError with one Chinese line that names the file."""
    path = write(tmp_path, name, data)
    with pytest.raises(ReadError) as caught:
        readers.read(path)

    assert says in str(caught.value) and name in str(caught.value)
    assert "\n" not in str(caught.value) and str(caught.value).endswith("。")


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    """A folder, a missing file, a device and an impossible name are each told."""
    for path, says in [
        (tmp_path, "文件夹"),
        (tmp_path / "none.txt", "找不到"),
        (Path(os.devnull), "不是普通文件"),
        (Path("a\0b.txt"), "读不了"),
        (tmp_path / ("x" * 300 + ".txt"), "读不了"),
    ]:
        with pytest.raises(ReadError, match=says):
            readers.read(path)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    """Missing permission is not a missing file."""
    path = write(tmp_path, "a.txt", TEXT.encode())
    path.chmod(0)
    with pytest.raises(ReadError, match="权限"):
        readers.read(path)


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "全县有小学12所。" + "</div>" * 100_000,
        "<table><tr><td>" * 30_000 + "全县有小学12所。",
        "<table>"
        + "<tr><td rowspan=65534 colspan=9999>全县有小学12所。</td><td>1</td></tr>" * 2000
        + "</table>",
        '<!DOCTYPE html [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><p>全县有小学12所。&b;'
        + "&amp;" * 100_000,
        "<p>全县有小学12所。" + "<a " * 200_000,
        "<p>全县有小学12所。</p>" + "<!--" * 200_000,
    ],
    ids=["deep", "tables", "spans", "entities", "tags", "comments"],
)
def test_hostile_pages_end_soon(tmp_path: Path, page: str) -> None:
    """Depth, spans, entities and broken tags cost no more than their length, and lose no text before them."""
    begin = time.process_time()
    report = readers.read(write(tmp_path, "a.html", page.encode()))

    assert "全县有小学12所。" in report.text
    assert len(report.text) < 400_000
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(
    "unit",
    [
        "（",
        "“”",
        "1.甲\n",
        "日期:",
        "某政〔",
        "电话:1\n",
        "大中小",
        "县",
        " ",
        "合作",
        "中和平县",
        "日期:2023-1-2\n甲校1人\n",
    ],
)
def test_hostile_texts_end_soon(unit: str) -> None:
    """No pattern runs away on a long repetition."""
    text = "某县报告\n" + unit * (60_000 // len(unit))
    begin = time.process_time()
    readers.read_text(text, "case")

    assert time.process_time() - begin < 10


def test_pasted_text_is_read_like_a_file() -> None:
    """The same checks hold for text that was pasted."""
    assert readers.read_text(TEXT.replace("\n", "\r\n"), "粘贴").text == TEXT
    for bad in ("", " \n", "甲\x00乙", "甲\ud800"):
        with pytest.raises(ReadError, match="粘贴"):
            readers.read_text(bad, "粘贴")


def test_formats_are_found_by_being_in_the_folder() -> None:
    """What is supported is what the modules in the folder say."""
    assert {".txt", ".md", ".markdown", ".html", ".htm"} <= set(readers.supported())
