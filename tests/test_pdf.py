"""PDF documents are read as a person reads them: lines, paragraphs, tables; what nobody sees is no text."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import md5
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import readers
from corpus.errors import ReadError
from corpus.readers import pdf
from corpus.readers._raw import RawText
from tests.pdf_fixtures import A4, Press, Sheet, document, width

WORDS = [
    "全县", "小学", "在校学生", "专任教师", "增长", "投入", "教育经费", "达到", "其中", "比上年", "普通高中", "，", "、", "。", "；",
    "“优质均衡”", "(含附设班)", "（以下简称方案）", "GDP", "2022年", "18.81%", "128456.72万元", "3所", "12,345人", "1.5个百分点",
]  # fmt: skip
PROSE = "本地坚持把教育放在优先位置，持续改善办学条件，让适龄儿童就近入学。"


def read(*sheets: Sheet) -> RawText:
    return pdf.read(document(*sheets), "a.pdf")


def lines(*sheets: Sheet) -> list[str]:
    return read(*sheets).text.split("\n")


def place(raw: RawText, text: str) -> tuple[int | None, tuple[int, int, int, int] | None]:
    """Page and box of the place that holds ``text``."""
    start = raw.text.index(text)
    found = [p for p in raw.places if p.start <= start and start + len(text) <= p.end]
    assert len(found) == 1
    return found[0].page, found[0].box


paragraphs = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(
    lambda words: ("".join(words).lstrip("，、。；") or "全县") + "。"
)


@given(
    texts=st.lists(paragraphs, min_size=1, max_size=9),
    indent=st.sampled_from([0, 2]),
    size=st.sampled_from([10.5, 12, 16]),
    leading=st.sampled_from([1.3, 1.6, 2.2]),
    justified=st.booleans(),
)
@settings(deadline=None, max_examples=40)
def test_paragraphs_come_back_as_they_were_set(
    texts: list[str], indent: float, size: float, leading: float, justified: bool
) -> None:
    """Whatever the size of type and page, lines join to the paragraphs that were typed, without a blank more."""
    press = Press(size=size, leading=leading, justified=justified)
    for text in (texts := [PROSE * 4, *texts]):
        press.paragraph(text, indent, space=0 if indent else 0.8 * size)
    raw = pdf.read(press.pdf(), "a.pdf")

    assert raw.text.split("\n") == texts
    assert [p.start for p in raw.places] == sorted(p.start for p in raw.places)
    assert all(p.start < p.end <= len(raw.text) and p.page and p.box for p in raw.places)


def test_headings_lists_and_signatures_are_lines_of_their_own() -> None:
    """A title may take two lines; a full line does not swallow the heading, item, or signature after it."""
    press = Press()
    press.centred("青岭县人民政府关于义务教育优质均衡发展情况的自查自评报告")
    whole = "全" * 32 + "。"  # with its indent it fills the line to the last character
    press.paragraph(whole)
    for text in ("一、基本情况", "（一）办学规模", "1.小学12所", "2.初中5所"):
        press.paragraph(text)
    press.paragraph(PROSE * 2)
    press.at_right("青岭县教育局", 2)
    press.at_right("2024年5月8日", 1)

    assert pdf.read(press.pdf(), "a.pdf").text.split("\n") == [
        "青岭县人民政府关于义务教育优质均衡发展情况的自查自评报告",
        whole, "一、基本情况", "（一）办学规模", "1.小学12所", "2.初中5所", PROSE * 2, "青岭县教育局", "2024年5月8日",
    ]  # fmt: skip


def test_a_number_broken_over_lines_and_pages_stays_one() -> None:
    """Digits at a line's end go on in the next line; a paragraph goes on over the page's end."""
    first, second = Sheet(), Sheet()
    filled = "教" * 30
    first.text(114, 700, filled + "共1284", 12)
    first.text(90, 720, "56.72万元，" + "育" * 29, 12)
    second.text(90, 90, "比上年增长3.5%。" + "学" * 26, 12)
    second.text(90, 110, "校。", 12)

    assert lines(first, second) == [
        filled + "共128456.72万元，" + "育" * 29 + "比上年增长3.5%。" + "学" * 26 + "校。"
    ]


def test_words_keep_their_blank_and_spread_letters_lose_theirs() -> None:
    """A blank is where words meet; a title or a year set wide is one word."""
    sheet = Sheet()
    sheet.text(90, 90, "教育统计公报", 16, spread=20)
    sheet.text(90, 130, "2022", 12, spread=5)
    sheet.text(90 + 4 * 11, 130, "年度", 12)
    x = 90.0
    for word in ("National", "Report"):
        sheet.text(x, 160, word, 12)
        x += width(word) * 12 + 3
    sheet.text(90, 190, "教育局", 12)
    sheet.text(90 + 36 + 36, 190, "统计局", 12)

    assert lines(sheet) == ["教育统计公报", "2022年度", "National Report", "教育局 统计局"]


def test_marks_of_notes_and_powers_never_join_a_figure() -> None:
    """A small raised digit is the mark of a note, or a power behind a unit; the note follows the paragraph."""
    sheet = Sheet()
    sheet.text(114, 90, "全县有教师1235", 12)
    sheet.text(114 + 12 * 7, 86, "1", 6)
    sheet.text(114 + 12 * 7 + 3, 90, "名，场馆3600m", 12)
    sheet.text(114 + 12 * 13.5 + 3, 86, "2", 6)
    sheet.text(114 + 12 * 14 + 3, 90, "。", 12)
    sheet.text(90, 720, "1", 5)
    sheet.text(94, 724, "不含校外培训机构的教师。", 9)

    assert lines(sheet) == ["全县有教师1235①名，场馆3600m²。", "注①：不含校外培训机构的教师。"]


def table(sheet: Sheet, xs: list[float], ys: list[float], rows: list[list[str]], size: float = 10) -> None:
    sheet.grid(xs, ys)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            sheet.text(xs[column] + 4, ys[row] + 14, text, size)


def test_ruled_tables_are_rows_with_merged_heads_and_whole_cells() -> None:
    """Cells that lines part become cells of one row; a head over two columns stands over both; wraps are joined."""
    sheet = Sheet()
    for y in (100.0, 140.0, 175.0):
        sheet.line(90, y, 390, y)
    sheet.line(190, 120, 390, 120)
    for x in (90.0, 190.0, 390.0):
        sheet.line(x, 100, x, 175)
    sheet.line(290, 120, 290, 175)
    for x, y, text in (
        (94, 124, "学段"), (194, 114, "在校生（人）"), (194, 134, "2022年"), (294, 134, "2023年"),
        (94, 154, "普通初中（含一贯"), (94, 168, "制学校）"), (194, 161, "1024"), (294, 161, "987"),
    ):  # fmt: skip
        sheet.text(x, y, text, 11)
    raw = read(sheet)

    assert raw.text.split("\n") == [
        "学段 | 在校生（人） | 在校生（人）", "学段 | 2022年 | 2023年", "普通初中（含一贯制学校） | 1024 | 987"
    ]  # fmt: skip
    wide, high = A4
    page, box = place(raw, "987")
    edges = (290 / wide, 140 / high, 390 / wide, 175 / high)
    assert page == 1 and box and all(abs(a - 1000 * b) <= 1 for a, b in zip(box, edges, strict=True))


def test_a_table_over_two_pages_is_one_and_open_at_its_sides() -> None:
    """The head that the second page repeats is dropped; outer lines that a statistical table leaves out are supplied."""
    first, second = Sheet(), Sheet()
    head = ["地区", "小学（所）", "初中（所）"]
    for sheet, top, rows in (
        (first, 700.0, [head, ["甲镇", "12", "3"], ["乙镇", "9", "2"]]),
        (second, 90.0, [head, ["丙乡", "7", "1"]]),
    ):
        xs = [90.0, 220.0, 350.0, 480.0]
        ys = [top + 20 * i for i in range(len(rows) + 1)]
        for y in ys:
            sheet.line(90, y, 480, y)
        for x in xs[1:-1]:
            sheet.line(x, ys[0], x, ys[-1])
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                sheet.text(xs[column] + 4, ys[row] + 14, text, 10)

    assert lines(first, second) == [
        "地区 | 小学（所） | 初中（所）",
        "甲镇 | 12 | 3",
        "乙镇 | 9 | 2",
        "丙乡 | 7 | 1",
    ]


def test_rows_without_lines_between_them_are_parted_by_their_figures() -> None:
    """A yearbook rules the head and the columns only; every figure still belongs to its own row."""
    sheet = Sheet()
    xs = [90.0, 220.0, 350.0, 480.0]
    table(sheet, xs, [100.0, 120.0, 190.0], [["地区", "小学", "初中"]])
    for index, row in enumerate((["甲镇", "12", "3"], ["乙镇", "9", "2"], ["丙乡", "7", "1"])):
        for column, text in enumerate(row):
            sheet.text(xs[column] + 4, 136 + 20 * index, text, 10)

    assert lines(sheet) == ["地区 | 小学 | 初中", "甲镇 | 12 | 3", "乙镇 | 9 | 2", "丙乡 | 7 | 1"]


def test_columns_of_figures_without_any_line_are_a_table() -> None:
    """Aligned figures make a table; a table of contents and single lines with gaps do not."""
    sheet = Sheet()
    for index, row in enumerate(
        (
            ["学段", "2022年", "2023年"],
            ["小学", "1,024.50", "987.10"],
            ["初中", "512.00", "498.33"],
            ["高中", "77.20", "80.00"],
        )
    ):
        for x, text in zip((90, 220, 350), row, strict=True):
            sheet.text(x, 100 + 20 * index, text, 12)
    for index, (text, page) in enumerate(
        (("一、基本情况", "1"), ("二、主要做法", "4"), ("三、存在问题", "9"))
    ):
        sheet.text(90, 300 + 20 * index, text, 12)
        sheet.text(480, 300 + 20 * index, page, 12)

    assert lines(sheet) == [
        "学段 | 2022年 | 2023年", "小学 | 1,024.50 | 987.10", "初中 | 512.00 | 498.33", "高中 | 77.20 | 80.00",
        "一、基本情况 1", "二、主要做法 4", "三、存在问题 9",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other() -> None:
    """A gazette set in two columns is read down the left one first; the title above stays above."""
    sheet = Sheet()
    sheet.text(200, 80, "教育督导公报", 20)
    left, right = "左栏" * 75 + "。", "右栏" * 78
    for x, text in ((60, left), (310, right)):
        for index in range(10):
            sheet.text(x, 120 + 18 * index, text[16 * index : 16 * index + 16], 14)

    assert lines(sheet) == ["教育督导公报", left, right]


def test_heads_feet_and_page_numbers_are_left_out_and_told() -> None:
    """What pages repeat is no content; a unit that tables repeat is, and so is a figure at the page's foot."""
    sheets = []
    for number in range(1, 5):
        sheet = Sheet()
        sheet.text(200, 50, "青岭县教育事业统计资料", 9)
        sheet.text(400, 70, "单位：万元", 10)
        sheet.text(114, 100, f"本页说明第{'一二三四'[number - 1]}项。", 12)
        sheet.text(280, 800, f"- {number} -" if number % 2 else str(number), 9)
        sheets.append(sheet)
    sheets[0].text(90, 770, "2022", 12)
    raw = read(*sheets)

    assert raw.text.split("\n") == [
        "单位：万元", "本页说明第一项。", "2022", "单位：万元", "本页说明第二项。",
        "单位：万元", "本页说明第三项。", "单位：万元", "本页说明第四项。",
    ]  # fmt: skip
    assert any("青岭县教育事业统计资料" in note for note in raw.notes)


def _invisible(sheet: Sheet) -> None:
    sheet.text(90, 200, "隐藏的投入为99999万元", 12, mode=3)


def _white(sheet: Sheet) -> None:
    sheet.text(90, 200, "隐藏的投入为99999万元", 12, grey=1)


def _outside(sheet: Sheet) -> None:
    sheet.text(90, 900, "隐藏的投入为99999万元", 12)


def _tiny(sheet: Sheet) -> None:
    sheet.text(90, 200, "隐藏的投入为99999万元", 0.5)


def _aslant(sheet: Sheet) -> None:
    sheet.text(200, 500, "内部资料99999", 60, grey=0.8, way=(0.7, 0.7))


@pytest.mark.parametrize("hide", [_invisible, _white, _outside, _tiny, _aslant])
def test_what_nobody_sees_is_no_text(hide: Callable[[Sheet], None]) -> None:
    """Invisible, white, off the page, too small to see or a watermark: none of it can become a fact."""
    sheet = Sheet()
    sheet.text(90, 100, "全县投入为128456.72万元。", 12)
    hide(sheet)
    sheet.box(80, 300, 500, 330, 0.1)
    sheet.text(90, 320, "白字深底看得见", 12, grey=1)

    assert lines(sheet) == ["全县投入为128456.72万元。", "白字深底看得见"]


def test_letters_drawn_twice_and_radicals_read_as_typed() -> None:
    """Bold made by drawing twice counts once; a radical code point is the character that it looks like."""
    sheet = Sheet()
    for shift in (0, 0.4):
        sheet.text(90 + shift, 100, "11.2万元", 12)
    sheet.text(90, 130, "教育⽅针与⼈⼝、⻓期", 12)

    assert lines(sheet) == ["11.2万元", "教育方针与人口、长期"]


@pytest.mark.parametrize(("rotate", "way"), [(0, (0, 1)), (90, (0, 1)), (270, (0, -1)), (180, (-1, 0))])
def test_a_page_that_lies_on_its_side_is_read_upright(rotate: int, way: tuple[float, float]) -> None:
    """Turned by the page or by its text; boxes are those of the page as it is shown."""
    sheet = Sheet(rotate=rotate)
    for index in range(3):
        shift = 24 * index
        x, y = {(0, 1): (100 + shift, 700), (0, -1): (400 - shift, 100), (-1, 0): (500, 300 - shift)}[way]
        sheet.text(x, y, f"第{index}行共有学生{index}人", 12, way=way)
    raw = read(sheet)

    assert raw.text.split("\n") == [f"第{i}行共有学生{i}人" for i in range(3)]
    boxes = [p.box or (0, 0, 0, 0) for p in raw.places]
    if rotate:
        assert [b[1] for b in boxes] == sorted(b[1] for b in boxes) and boxes[0][1] < boxes[2][1]
        assert boxes[0][2] - boxes[0][0] > 3 * (boxes[0][3] - boxes[0][1])
    else:  # shown lying: lines stand one beside the other
        assert [b[0] for b in boxes] == sorted(b[0] for b in boxes) and boxes[0][0] < boxes[2][0]


def test_fields_of_a_form_show_their_values() -> None:
    """A filled-in field is text of its page; scripts and attached files are not looked at."""
    sheet = Sheet(extra="/Annots [8 0 R]")
    sheet.text(90, 100, "学校数", 12)
    field = "<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (36) /F 4 /Rect [160 736 220 756] /AP << /N 9 0 R >> >>"
    look = "BT /F1 12 Tf 0 5 Td <00330036> Tj ET"
    form = (
        f"<< /Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources << /Font << /F1 3 0 R >> >> /Length {len(look)} >>\n"
        f"stream\n{look}\nendstream"
    )
    script = "/AcroForm << /Fields [8 0 R] >> /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"

    assert pdf.read(document(sheet, more=[field, form], catalog=script), "a.pdf").text == "学校数 36"


def rc4(key: bytes, data: bytes) -> bytes:
    box, j, out = list(range(256)), 0, bytearray()
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypted(password: str) -> bytes:
    """A file whose text only the password opens (RC4, 40 bits)."""
    padding = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
    owner, name = bytes(32), b"junheng-test-id!"
    key = md5(
        (password.encode() + padding)[:32] + owner + (-4).to_bytes(4, "little", signed=True) + name
    ).digest()[:5]
    sheet = Sheet()
    sheet.text(90, 100, PROSE, 12)
    lock = f"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{owner.hex()}> /U <{rc4(key, padding).hex()}> >>"

    def seal(number: int, stream: bytes) -> bytes:
        return rc4(md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10], stream)

    return document(sheet, trailer=f"/Encrypt {lock} /ID [<{name.hex()}> <{name.hex()}>]", seal=seal)


def test_a_password_is_asked_for_only_where_reading_needs_one() -> None:
    """What opens without a password is read, whatever it forbids; what does not is told."""
    assert pdf.read(encrypted(""), "a.pdf").text == PROSE
    with pytest.raises(ReadError, match=r"a\.pdf：PDF 有密码"):
        pdf.read(encrypted("secret"), "a.pdf")


def plain(text: str = PROSE) -> bytes:
    sheet = Sheet()
    sheet.text(90, 100, text, 12)
    return document(sheet)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 broken", "不完整"),
        (b"%PDF-1.7 broken %%EOF", "损坏"),
        (plain()[:300], "不完整"),
        (plain()[:-90], "不完整"),
        (document(Sheet()), "没有可读的文字"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(tmp_path: Path, data: bytes, says: str) -> None:
    """Each raises ReadError with one Chinese line that names the file."""
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        readers.read(path)

    assert says in str(caught.value) and "a.pdf" in str(caught.value) and "\n" not in str(caught.value)


def test_a_pdf_by_another_name_is_read_as_one(tmp_path: Path) -> None:
    """The content decides, not the suffix."""
    path = tmp_path / "a.txt"
    path.write_bytes(plain())

    report = readers.read(path)

    assert (report.text, report.format) == (PROSE, "pdf")


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    """Ten thousand pages cost no more than counting them."""
    with pytest.raises(ReadError, match="超过上限"):
        pdf.read(document(*[Sheet() for _ in range(pdf.MOST_PAGES + 1)]), "a.pdf")
