"""Saved web pages, whole ones and archives: what offices' sites and Word's export make of a report."""

from __future__ import annotations

import base64
import quopri
import time
from decimal import Decimal
from pathlib import Path

import pytest

from corpus import readers
from corpus.errors import ReadError
from corpus.facts import read_facts
from corpus.model import Report


def read(data: bytes, folder: Path, name: str = "a.html") -> Report:
    path = folder / name
    path.write_bytes(data)
    return readers.read_bytes(path.read_bytes(), path.name, str(path))


@pytest.mark.parametrize(
    ("body", "reads"),
    [
        ("<p>面积1200m<sup>2</sup>，占12.5%<sup>1</sup>，35所<sup><a href='#n'>[2]</a></sup></p>", "面积1200m²，占12.5%①，35所②"),
        ("<p>共35<span style='vertical-align:super'>3</span>所</p>", "共35③所"),
        ("<p>由<del>120</del><s>125</s><ins>130</ins>所，原<span style='text-decoration: line-through'>9</span></p>", "由130所，原"),
        ("<p>12,\u200b345人\u00ad，&#22823;&#x73ed;&nbsp;3&ensp;个</p>", "12,345人，大班\u00a03\u2002个"),
        ("<ul><li>小学12所</li><li><p>初中3所</p></li></ul><dl><dt>高中</dt><dd>2所</dd></dl>", "小学12所\n初中3所\n高中\n2所"),
        ("<xml><w:View>Normal</w:View></xml><!--[if gte mso 9]><xml><o:a>1</o:a></xml><![endif]--><p>正文</p>", "正文"),
        ("<p><![if !supportLists]><span style='mso-list:Ignore'>一、<span>&nbsp;&nbsp;</span></span><![endif]>学校<o:p></o:p></p>", "一、\u00a0\u00a0学校"),
        ("<p>小学<span style='mso-hide:all'>77</span>12所</p><div style='mso-element:comment-list'>改成13</div>", "小学12所"),
        ("<table><caption>表1 情况</caption><thead><tr><th>学段</th><th>班数</th></tr></thead><tfoot></tfoot><tbody><tr><td>小学</td><td>18</td></tr></tbody></table>",
         "表1 情况\n学段 | 班数\n小学 | 18"),
        ("<table><tr><td>在校<br>学生</td><td><p>1,</p></td></tr><tr><td>&nbsp;</td><td>2</td></tr></table>", "在校 学生 | 1,\n | 2"),
        ("<table><tr><td>学段<td>班数<tr><td>小学<td>18</table>", "学段 | 班数\n小学 | 18"),
        ("<noframes>请用支持框架的浏览器</noframes><p>正文</p>", "正文"),
        ("<pre>第一行\n第二行</pre>", "第一行\n第二行"),
    ],
)  # fmt: skip
def test_what_a_page_shows(tmp_path: Path, body: str, reads: str) -> None:
    """Raised, struck, hidden and encoded text, lists and tables, what Word leaves in a page."""
    assert read(f"<html><body>{body}</body></html>".encode(), tmp_path).text == reads


def test_cells_of_several_lines_give_the_same_facts(tmp_path: Path) -> None:
    """A head broken with <br> is the head it would be in one line."""
    page = "<html><body><p>2022年全县学校情况</p><table><tr><td>学段</td><td>在校{}学生数（人）</td></tr><tr><td>小学</td><td>3456</td></tr></table>"
    plain, broken = (read(page.format(x).encode(), tmp_path) for x in ("", "<br>"))

    assert [(f.metric, f.value, f.stage) for f in read_facts(broken)] == [
        (f.metric, f.value, f.stage) for f in read_facts(plain)
    ]
    assert [f.value for f in read_facts(plain)] == [3456]


def test_a_saved_page_knows_where_it_came_from(tmp_path: Path) -> None:
    """Browsers write the address above the page; a page titled as its site has no title of its own."""
    page = (
        '<!DOCTYPE html>\n<!-- saved from url=(0031)http://example.cn/xxgk/t1.html -->\n<html><head><meta name="SiteName" '
        'content="禾川县教育局"><title>禾川县教育局</title></head><body><p>2022年全县教育经费公告</p></body></html>'
    )
    report = read(page.encode("gb18030"), tmp_path)

    assert (report.url, report.title) == ("http://example.cn/xxgk/t1.html", "2022年全县教育经费公告")


def archived(*parts: tuple[str, bytes], kind: str = "related", encoding: str = "quoted-printable") -> bytes:
    """A page archive; each part has its address and its content."""
    pack = quopri.encodestring if encoding == "quoted-printable" else base64.encodebytes
    body = "".join(
        f'--=_b\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n'
        f"Content-Location: {address}\r\n\r\n{pack(content).decode()}\r\n"
        for address, content in parts
    )
    head = f'From: <Saved by a browser>\r\nSubject: =?utf-8?Q?=E7=A6=BE?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind};\r\n\tboundary="=_b"\r\n\r\n'
    return (head + body + "--=_b--\r\n").encode()


PAGE = "<html><body><h1>禾川县教育情况公告</h1><p>2022年全县有小学12所，中等职业学校3所，比上年增加1所。</p></body></html>"


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", ["a.mht", "a.mhtml", "a.doc", "a.html"])
def test_a_page_archive_is_read_like_its_page(tmp_path: Path, encoding: str, charset: str, name: str) -> None:
    """Whatever its suffix and what charset it declares; its pictures and further pages are left alone."""
    data = archived(
        ("http://example.cn/a.html", PAGE.encode(charset)),
        ("http://example.cn/h.htm", b"<p>99</p>"),
        encoding=encoding,
    )
    report = read(data, tmp_path, name)

    assert report.text == "禾川县教育情况公告\n2022年全县有小学12所，中等职业学校3所，比上年增加1所。"
    assert (report.url, report.format) == ("http://example.cn/a.html", "html")
    assert Decimal(12) in {f.value for f in read_facts(report)}


def test_frames(tmp_path: Path) -> None:
    """An archive of a page of frames gives the frames' pages; the page alone says what to do."""
    frames = b'<html><frameset cols="20%,80%"><frame src="m.html"><frame src="a.html"></frameset></html>'
    report = read(
        archived(
            ("http://a.cn/", frames),
            ("http://a.cn/m.html", "<div class=nav>目录</div>".encode()),
            ("x", PAGE.encode()),
        ),
        tmp_path,
        "a.mht",
    )

    assert (
        report.text.split("\n")[:2] == ["目录", "禾川县教育情况公告"] and report.title == "禾川县教育情况公告"
    )
    with pytest.raises(ReadError, match="框架页"):
        read(frames, tmp_path)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("只是文字".encode(), "不是网页存档"),
        (archived(), "没有网页"),
        (archived(("http://a.cn", b"<script>1</script>")), "没有可读的正文"),
        (
            b"MIME-Version: 1.0\r\n" + b'Content-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n' * 3000,
            "过于复杂",
        ),
        (archived(("http://a.cn", PAGE.encode()))[:-200], ""),
    ],
)
def test_broken_archives_are_told(tmp_path: Path, data: bytes, says: str) -> None:
    """One line for what is none, or holds nothing; a torn one is read as far as it goes or told."""
    begin = time.process_time()
    try:
        assert read(data, tmp_path, "a.mht").text and not says
    except ReadError as error:
        assert says in str(error) and "\n" not in str(error)
    assert time.process_time() - begin < 10
