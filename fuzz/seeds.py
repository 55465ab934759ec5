"""Write the inputs that fuzzing starts from: small whole files of every format, made from two invented texts.

``python -m fuzz.seeds`` writes ``whole.docx`` and ``whole.xlsx`` and adds to ``corpus/FORMAT``; what is there stays.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

from docx import Document
from openpyxl import Workbook
from PIL import Image, ImageDraw

from fuzz.wrapping import PARTS, unwrap

HERE = Path(__file__).parent
TEXT = (
    "云汀市2022年教育经费执行情况公告\n一、总体情况\n2022年,全市教育经费总投入为68.42亿元,比上年增长3.59%;其中财政性经费"
    "54.31亿元,占79.38%。\n(一)幼儿园、小学分别为9876.54元和13579.24元。\n单位:万元\n地区 | 2022年 | 2021年\n全市 | 1,234.5 | (合并)\n"
)
PAGE = (
    "<!DOCTYPE html><html><head><meta charset='gbk'><title>公告_云汀市</title><style>p{}</style></head><body><nav>首页 &gt; "
    "公告</nav><h1>云汀市公告</h1><p>在校生<b>1</b>,200人&nbsp;。</p><table><tr><td rowspan=2>年</td><td colspan=2>数</td></tr>"
    "<tr><td>2022</td><td>3.5%</td></tr></table><script>alert(1)</script></body></html>"
)


def main() -> None:
    (HERE / "whole.docx").write_bytes(word := _word())
    (HERE / "whole.xlsx").write_bytes(book := _book())
    rows = '地区,学校数(所),占比%\n全市,1,234,5\n甲县,"1,200",3.5\n'
    seeds: dict[str, list[bytes]] = {
        "text": [TEXT.encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16"), b"2 0 2 2 \xe5\xb9\xb4 1:13.5 3\xe2\x80\x94" b"5%"],
        "markdown": [f"# {TEXT}\n**12**所\n\n| 年 | 数 |\n|---|---|\n| 2022 | 1.5万 |\n".encode()],
        "html": [PAGE.encode(), PAGE.encode("gb18030"), f"<pre>{TEXT}</pre>".encode()],
        "mht": [_mht()],
        "csv": [rows.encode("utf-8-sig"), rows.encode("gb18030"), rows.replace(",", "\t").encode()],
        "pdf": [_pdf(), _pdf()[:-40]],
        "picture": [_picture("PNG"), _picture("JPEG"), _picture("TIFF"), _picture("BMP"), _picture("WEBP"), _picture("GIF")],
        "zip": [_zip(word)],
        "docx": unwrap(word, PARTS["docx"]),
        "xlsx": unwrap(book, PARTS["xlsx"]),
        "xls": [bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), rows.encode()],
    }  # fmt: skip
    for name, inputs in seeds.items():
        folder = HERE / "corpus" / name
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def _word() -> bytes:
    made = Document()
    made.add_heading("云汀市公告", 1)
    made.add_paragraph("在校生1200人,比上年增长3.5%。", style="List Number")
    table = made.add_table(2, 3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "学生(人)"
    table.cell(1, 1).text = "12"
    made.add_paragraph("单位:万元")
    return _saved(made)


def _book() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("云汀市学校情况", None, None),
        ("地区", "学校数(所)", "占比"),
        ("全市", 1234, 0.235),
        ("其中:甲县", "=B3-1", "—"),
    ):
        sheet.append(row)
    sheet.merge_cells("A1:C1")
    sheet["C3"].number_format = "0.00%"
    return _saved(book)


def _saved(document: object) -> bytes:
    made = io.BytesIO()
    document.save(made)  # type: ignore[attr-defined]
    slim = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if not info.filename.endswith((".jpeg", ".png")):
                new.writestr(info.filename, old.read(info))
    return slim.getvalue()


def _mht() -> bytes:
    return (
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n'
        "Content-Transfer-Encoding: 8bit\r\n\r\n" + PAGE + "\r\n--b--\r\n"
    ).encode()


def _pdf() -> bytes:
    """A page with a rule and five characters, written by hand: a built-in font with Chinese code points."""
    drawn = b"q 50 700 m 500 700 l S Q BT /F1 12 Tf 60 740 Td <4E91004D> Tj 0 -20 Td <00310032002E0035> Tj ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 7 0 R>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[5 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
        b"/CapHeight 880/StemV 93>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn),
    )
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return made + end % (len(objects) + 1, table, len(objects) + 1, len(made))


def _picture(kind: str) -> bytes:
    drawn = Image.new("L", (160, 60), 255)
    ImageDraw.Draw(drawn).text((10, 20), "2022 12.5%", fill=0)
    made = io.BytesIO()
    drawn.save(made, kind)
    return made.getvalue()


def _zip(word: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("资料/公告.txt", TEXT)
        archive.writestr("../../越界.txt", TEXT)
        archive.writestr("公告.docx", word)
    return made.getvalue()


if __name__ == "__main__":
    main()
