"""Statistical workbooks become reports: the lines a person sees, each cell with its place, nothing that is hidden."""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from corpus.documents import read_document
from corpus.errors import ReadError
from corpus.model import Report
from corpus.readers import read_bytes
from corpus.readers._workbook_cells import Cells
from corpus.schools.template import template
from corpus.whereabouts import where

Fill = Callable[[Any], None]


def report(name: str, data: bytes) -> Report:
    read = read_bytes(data, name, name)
    for place in read.places:
        assert read.text[place.start : place.end].strip() == read.text[place.start : place.end] != ""
    return read


def saved(*sheets: tuple[str, Fill]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, fill in sheets:
        fill(book.create_sheet(name))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def funds(sheet: Any) -> None:
    for ref, value in {
        "A1": "云汀市教育经费", "A2": "单位：万元", "A3": "县区", "B3": "预算内", "D3": "增长率", "B4": "2022年", "C4": "2023年",
        "A5": "甲县", "B5": 1234.5, "C5": 0.1 + 0.2, "D5": 0.2352, "A6": "乙县", "B6": 88, "C6": 91, "D6": -0.05,
        "A8": "注：不含民办学校。",
    }.items():  # fmt: skip
        sheet[ref] = value
    for area in ("A1:D1", "A2:D2", "A3:A4", "B3:C3", "D3:D4", "B6:B7"):
        sheet.merge_cells(area)
    sheet["A7"], sheet["C7"], sheet["B5"].number_format = "丙县", 90, "0.00"
    for ref in ("D5", "D6"):
        sheet[ref].number_format = "0.00%"


BLANK = " "
LINES = f"""云汀市教育经费
单位：万元
县区 | 预算内 | 预算内 | 增长率
县区 | 2022年 | 2023年 | 增长率
甲县 | 1234.50 | 0.3 | 23.52%
乙县 | 88 | 91 | -5.00%
丙县 | (合并) | 90 |{BLANK}
注：不含民办学校。"""


def test_sheet_is_title_unit_rows_and_notes() -> None:
    """Merged heads are repeated and merged figures marked; every cell can be found again in the sheet."""
    read = report("经费.xlsx", saved(("Sheet1", funds)))

    assert (read.text, read.format, read.notes) == (LINES, "xlsx", ())
    at = read.text.index("23.52%")
    assert where(read, at, at + 6).words == "工作表“Sheet1”D5"
    cells = {place.cell: read.text[place.start : place.end] for place in read.places}
    assert cells["C5"] == "0.3" and cells["A8"] == "注：不含民办学校。" and len(read.places) == 22


def test_same_bytes_under_another_name() -> None:
    """The content says that it is a workbook."""
    assert report("经费.doc", saved(("Sheet1", funds))).text == LINES


def test_what_is_hidden_or_not_computed_is_left_out_and_told() -> None:
    """A hidden row, column and sheet, a formula without a value and an error give no figure."""

    def fill(sheet: Any) -> None:
        for row in (
            ["镇", "学校", "底数", "教师"],
            ["东镇", 12, 7, 30],
            ["西镇", 5, 8, 31],
            ["计", "=B2+B3", 9, "#DIV/0!"],
        ):
            sheet.append(row)
        sheet["D4"].data_type = "e"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    def draft(sheet: Any) -> None:
        sheet["A1"], sheet.sheet_state = "草稿 999", "hidden"

    read = report("表.xlsx", saved(("各镇", fill), ("底稿", draft)))

    assert read.text == "各镇\n镇 | 学校 | 教师\n东镇 | 12 | 30\n计 |  | "
    assert [note[:14] for note in read.notes] == [
        "工作表“各镇”里隐藏的1行、", "隐藏的工作表“底稿”没有读入", "1个公式没有存下结果，按空格", "1格是错误值（如 #DIV/",
    ]  # fmt: skip


def test_several_tables_and_sheets_keep_their_order() -> None:
    """A blank row ends a table; a sheet is named where its name says more than its own title."""

    def two(sheet: Any) -> None:
        for row in (
            ["表1 学校"],
            ["镇", "数"],
            ["东镇", 1],
            [],
            ["表2 教师", "单位：人"],
            ["镇", "数"],
            ["西镇", 2],
            [],
            ["填表人：王某", "电话：5550"],
        ):
            sheet.append(row)  # fmt: skip

    read = report("表.xlsx", saved(("小学", two), ("学校", two)))
    lines = "表1 学校\n镇 | 数\n东镇 | 1\n表2 教师\n单位：人\n镇 | 数\n西镇 | 2\n填表人：王某\n电话：5550"

    assert read.text == f"小学\n{lines}\n{lines}"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("suffix", "mark"), [("csv", ","), ("tsv", "\t"), ("csv", ";")])
def test_delimited_text(encoding: str, suffix: str, mark: str) -> None:
    """Delimiter and encoding are found out; a place is the cell without a sheet."""
    rows = [
        ["云汀市2023年各镇学校情况"],
        ["镇", "学校(所)", "学生(人)"],
        ["东镇", "12", '"1,204"'],
        ["西镇", "", "88"],
    ]
    read = report(f"表.{suffix}", "\r\n".join(mark.join(row) for row in rows).encode(encoding))

    assert read.text.split("\n")[1:] == ["镇 | 学校(所) | 学生(人)", "东镇 | 12 | 1,204", "西镇 |  | 88"]
    assert read.format == "csv"
    at = read.text.index("1,204")
    assert where(read, at, at + 5).words == "单元格C3"


def test_shifted_row_of_a_csv_is_no_data() -> None:
    """A thousands comma without quotes shifts what follows, so the row is left out and told."""
    read = report("表.csv", "镇,学校数,学生数\n东镇,2,1,204\n西镇,3,88\n".encode())

    assert "东镇" not in read.text and "西镇 | 3 | 88" in read.text
    assert "第2行" in read.notes[0]


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (0.2352, "0.00%", "23.52%"), (0.235217, "0.00%", "23.5217%"), (1 / 3, "0.0%", "33.3%"), (0.5, "0%", "50%"),
        (1234.5, "0.00", "1234.50"), (1234.567, "0.00", "1234.567"), (1234567, "#,##0", "1234567"), (1e-7, "General", "0.0000001"),
        (0.1 + 0.2, "General", "0.3"), (2 / 3, "0.00", "0.67"), (12, '0"所"', "12所"), (12.5, '0.0"%"', "12.5%"),
        (12345678, "0!.0,", ""), (12345678, "#,##0,", ""), (5, "¥#,##0.00", "5.00"), (-0.0, "0.0", "0.0"),
        ("0012", "@", "0012"), (dt.datetime(2023, 9, 1), "yyyy/m/d", "2023年9月1日"), (dt.date(2023, 9, 1), 'yyyy"年"m"月"', "2023年9月"),
    ],
)  # fmt: skip
def test_cell_shows_its_value_exactly(value: object, number_format: str, shown: str) -> None:
    """As many digits as are stored, with the format's percent sign, decimals and unit; no other scale."""
    raw = Cells().of_value(value, number_format)

    assert raw is not None and raw.printed == shown


def test_school_table_stays_one_and_a_near_miss_gets_its_own_error() -> None:
    """Only a header that names school and school columns is one; a list with a figure or two is statistics."""
    near = "学校名称,办学类型,小学学生数,小学班级数\n甲小学,小学,1,1\n"
    with pytest.raises(ReadError, match="缺少"):
        read_document(near.encode(), "表.csv", "表.csv")
    with pytest.raises(ReadError, match="junheng check"):
        read_bytes(near.encode(), "表.csv", "表.csv")
    with pytest.raises(ReadError, match="一所学校也没有"):
        read_document(template(), "空表.xlsx", "空表.xlsx")
    listed = read_document("学校名称,学生数,教师数\n甲校,120,9\n".encode(), "表.csv", "表.csv")
    assert listed.table is None and listed.document.report.text.endswith("甲校 | 120 | 9")


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_book() -> bytes:
    """A whole .xls: a name, a share of 23.52% and the same number in a hidden row, in an OLE file of six sectors or more."""

    def label(row: int, column: int, text: str) -> bytes:
        return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))

    def number(row: int, column: int, style: int, value: float) -> bytes:
        return record(0x203, struct.pack("<HHHd", row, column, style, value))

    begin = struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)
    styles = b"".join(record(0xE0, struct.pack("<HH16x", 0, shape)) for shape in (0, 10))
    name = record(0x85, struct.pack("<IBBBB", 0, 0, 0, 2, 1) + "经费".encode("utf-16-le"))
    opening = record(0x809, begin) + record(0x42, struct.pack("<H", 1200)) + styles + name + record(0x0A, b"")
    opening = opening.replace(name, record(0x85, struct.pack("<I", len(opening)) + name[8:]))
    hidden = record(0x208, struct.pack("<HHHHHHHH", 2, 0, 2, 255, 0, 0, 0x20, 0))
    cells = label(0, 0, "县区") + label(0, 1, "增长率") + label(1, 0, "甲县") + number(1, 1, 1, 0.2352)
    sheet = record(0x809, begin[:2] + b"\x10\x00" + begin[4:]) + hidden + cells + number(2, 1, 1, 0.5)
    stream = (opening + sheet + record(0x0A, b"")).ljust(4096, b"\x00")
    folder = b""
    for title, kind, child, start, size in (
        ("Root Entry", 5, 1, 0xFFFFFFFE, 0),
        ("Workbook", 2, 0xFFFFFFFF, 2, len(stream)),
    ):
        written = title.encode("utf-16-le")
        folder += written.ljust(64, b"\x00") + struct.pack("<HBBIII36xIQ", len(written) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size)  # fmt: skip
    table = struct.pack("<10I", 0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE).ljust(512, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0)  # fmt: skip
    return head.ljust(512, b"\xff") + table + folder.ljust(512, b"\x00") + stream


def test_old_workbook_shows_shares_and_hides_what_is_hidden() -> None:
    """The format of a cell is read from the records: without it a share would be a bare fraction."""
    read = report("表.xls", old_book())

    assert (read.text, read.format) == ("经费\n县区 | 增长率\n甲县 | 23.52%", "xls")
    assert read.notes == ("工作表“经费”里隐藏的1行没有读入",)


@pytest.mark.parametrize("cut", [600, 1100, 1700, 2100])
def test_broken_old_workbook_is_one_line(cut: int) -> None:
    with pytest.raises(ReadError, match=r"^表\.xls：[^\n]+$"):
        read_bytes(old_book()[:cut], "表.xls", "表.xls")
