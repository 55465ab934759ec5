"""School tables: every number is read exactly or not at all, and what was not read is named by its cell."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixtures import KEYS, csv_text, grid_of, make_row, saved, workbook

from corpus.errors import JunhengError
from corpus.schools.columns import COLUMNS, WORDS
from corpus.schools.model import Problem, SchoolTable
from corpus.schools.read import TableError, read_table, table_from
from corpus.schools.reading_headers import name_column
from corpus.schools.template import template, write_template

CASES = Path(__file__).parent / "cases" / "school_tables"
UNIT = {"equipment_value": "教学仪器设备值(万元)"}
NUMBERS = [key for key in KEYS if key not in WORDS]


def cases(name: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((CASES / name).read_text("utf-8"))
    return loaded


def read(lines: list[list[Any]], **named: Any) -> SchoolTable:
    return table_from(workbook(lines, **named), "表.xlsx")


def values(table: SchoolTable) -> list[dict[str, Decimal | None]]:
    return [{key: school.value(key) for key in NUMBERS} for school in table.schools]


def kinds(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.kind for problem in problems]


def assert_spans(table: SchoolTable) -> None:
    for school in table.schools:
        for cell in school.cells.values():
            assert (cell.start < 0) == (cell.printed == "")
            if cell.printed:
                assert table.text[cell.start : cell.end] == cell.printed


@pytest.mark.parametrize("case", cases("cells.yaml"), ids=lambda case: repr(case["printed"]))
def test_cell(case: dict[str, Any]) -> None:
    """A cell is a number, blank, or no data with a problem that names sheet, cell, column and content."""
    key = case.get("in", "students.primary")
    lines = grid_of([make_row() | {key: case["printed"]}], headers=UNIT)
    table = read(lines)
    cell = table.schools[0].cells[key]

    assert_spans(table)
    if "problem" in case:
        assert cell.value is None
        (problem,) = table.problems
        assert problem.kind == case["problem"]
        assert problem.cell == cell.ref
        for said in ("学校", cell.ref, COLUMNS[key].header, case["printed"].strip()):
            assert said in problem.why
    else:
        expected = Decimal(case["value"]) if case["value"] else None
        assert cell.value == expected
        assert table.problems == ()


@pytest.mark.parametrize("case", cases("headers.yaml"), ids=lambda case: "/".join(case["header"]))
def test_header(case: dict[str, Any]) -> None:
    """A header names one column, or none: a wider or narrower word is not taken for it."""
    named = name_column(tuple(case["header"]))

    assert (named.key or "none") == case["column"]
    if "unit" in case or case["column"] != "none":
        assert named.units == ((case["unit"],) if "unit" in case else ())


def test_each_column_names_itself_alone() -> None:
    """The contract's own headers are read, each as its column."""
    assert {key: name_column((column.header,)).key for key, column in COLUMNS.items()} == {
        k: k for k in COLUMNS
    }


_WRITE: dict[str, Callable[[str], Any]] = {
    "number": lambda text: float(text) if "." in text else int(text),
    "text": str,
    "wide": lambda text: text.translate(str.maketrans("0123456789.", "０１２３４５６７８９．")),
    "grouped": lambda text: f"{Decimal(text):,}",
    "wide comma": lambda text: f"{Decimal(text):,}".replace(",", "，"),
    "blanks": lambda text: f" {text}\u00a0",
    "zeros": lambda text: text + ("0" if "." in text else ".0"),
}
_DRESS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "wide brackets": lambda name: name.replace("(", "（").replace(")", "）"),
    "broken": lambda name: name[:2] + "\n" + name[2:],
    "spaced": lambda name: " ".join(name),
    "numbered": lambda name: f"3.{name}",
    "wide": lambda name: "１、" + name,
    "traditional": lambda name: name.replace("学", "學").replace("师", "師").replace("体", "體"),
}


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(KEYS),
    writing=st.lists(st.sampled_from(sorted(_WRITE)), min_size=len(KEYS), max_size=len(KEYS)),
    dress=st.lists(st.sampled_from(sorted(_DRESS)), min_size=len(KEYS), max_size=len(KEYS)),
    above=st.integers(0, 3),
    as_csv=st.booleans(),
)
def test_form_changes_nothing(
    order: list[str], writing: list[str], dress: list[str], above: int, as_csv: bool
) -> None:
    """Any order of columns, any dress of headers, any way to write numbers: the same values."""
    plain = [make_row(), make_row("青石县第二小学", students__primary=1104, teaching_area=5210.25)]
    written = [
        {
            k: v if k in WORDS or v is None else _WRITE[w](str(v))
            for (k, v), w in zip(row.items(), writing, strict=False)
        }
        for row in plain
    ]
    headers = {k: _DRESS[d](UNIT.get(k, COLUMNS[k].header)) for k, d in zip(KEYS, dress, strict=True)}
    lines = grid_of(written, headers=headers, keys=order, above=[["青石县学校情况"]] * above)
    width = len(order)
    data = (
        csv_text([line + [None] * (width - len(line)) for line in lines]).encode("gb18030")
        if as_csv
        else workbook(lines)
    )
    table = table_from(data, "表")

    assert values(table) == values(read(grid_of(plain, headers=UNIT)))
    assert [school.name for school in table.schools] == [row["name"] for row in plain]
    assert table.problems == ()
    assert_spans(table)


def _two_levels() -> tuple[list[list[Any]], list[str]]:
    """Return a header of two levels, 学生数 over 小学, 初中, 高中 and so on, and its merged areas."""
    from openpyxl.utils import get_column_letter as letter

    top: list[Any] = []
    bottom: list[Any] = []
    areas = []
    for place, key in enumerate(KEYS, 1):
        column = COLUMNS[key]
        stage, _, name = column.header[:2], None, column.header[2:]
        first = column.stage and (place == 1 or KEYS[place - 2].split(".")[0] != key.split(".")[0])
        top.append(name if first else None if column.stage else UNIT.get(key, column.header))
        bottom.append(stage if column.stage else None)
        if first:
            last = place + sum(other.startswith(key.split(".")[0] + ".") for other in KEYS) - 1
            areas.append(f"{letter(place)}2:{letter(last)}2")
        elif not column.stage:
            areas.append(f"{letter(place)}2:{letter(place)}3")
    return [top, bottom], areas


def test_header_of_two_levels() -> None:
    """Merged or, as in CSV, merely blank to the right: the two levels are read together, below a title."""
    levels, areas = _two_levels()
    body = grid_of([make_row()])[1:]
    title: list[list[Any]] = [["青石县2023年学校情况"] + [None] * (len(KEYS) - 1)]
    plain = values(read(grid_of([make_row()], headers=UNIT)))
    merged = read([*title, *levels, *body], merge=[*areas, "A1:AE1"])
    blank = table_from(csv_text([*title, *levels, *body]).encode(), "表.csv")

    assert values(merged) == values(blank) == plain
    assert (merged.problems, blank.problems) == ((), ())
    assert (merged.title, merged.year) == ("青石县2023年学校情况", 2023)
    assert [school.row for school in merged.schools] == [4]


def test_unit_of_money() -> None:
    """The header decides between 万元 and 元; a line above it does if it names one; else 万元, with a warning."""
    stated = read(grid_of([make_row()], headers={"equipment_value": "教学仪器设备值（元）"}))
    line = read(
        grid_of([make_row()], headers={"equipment_value": "教学仪器设备值"}, above=[["单位：人、元"]])
    )
    silent = read(grid_of([make_row()], headers={"equipment_value": "教学仪器设备值"}))

    assert [t.units["equipment_value"] for t in (stated, line, silent)] == ["元", "元", "万元"]
    assert [kinds(t.problems) for t in (stated, line, silent)] == [[], ["unit_assumed"], ["unit_assumed"]]
    assert "T1" in silent.problems[0].why
    assert "万元" in silent.problems[0].why


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"sports_area": "体育运动场馆面积(亩)"}, ("S1", "亩", "平方米")),
        ({"equipment_value": "教学仪器设备值(千元)"}, ("T1", "千元", "万元或元")),
        ({"multimedia_rooms": "网络多媒体教室(台)"}, ("U1", "台", "间")),
        ({"code": "小学学生数（人）"}, ("D1", "Z1", "小学学生数")),
    ],
)
def test_header_that_cannot_be(headers: dict[str, str], said: tuple[str, ...]) -> None:
    """A unit that the column cannot have, or two columns for one: an error that names the cells."""
    with pytest.raises(TableError) as caught:
        read(grid_of([make_row()], headers=UNIT | headers))
    assert all(word in str(caught.value) for word in ("学校", *said))
    assert "\n" not in str(caught.value)


def test_missing_columns_are_all_named() -> None:
    """All that is missing, and every header that was not understood with its cell; blank columns may not be left out."""
    headers = UNIT | {"students.primary": "男生", "smallest_art_room": "美术"}
    keys = [key for key in KEYS if key != "classes.junior"]
    with pytest.raises(TableError) as caught:
        read(grid_of([make_row()], headers=headers, keys=keys))
    for word in ("小学学生数", "初中班级数", "最小美术教室面积", "D1“男生”", "X1“美术”"):
        assert word in str(caught.value)
    assert kinds(caught.value.problems) == ["missing_column"]


def test_optional_columns_may_be_absent() -> None:
    """Without them the table is read, and an unknown header beside is told and ignored."""
    keys = [key for key, column in COLUMNS.items() if column.required]
    lines = grid_of([make_row()], headers=UNIT, keys=keys)
    lines[0] += ["备注", "食堂面积"]
    table = read(lines)

    assert "teachers" not in table.schools[0].cells
    assert [(p.kind, p.cell) for p in table.problems] == [("unknown_column", "AA1")]


def test_rows_that_are_no_schools() -> None:
    """Totals in any spelling, notes, numbers of columns and repeated headers are told by their cell and left out."""
    others = ["合  计", "全县小计：", "总计（2所）", "平均值"]
    lines = grid_of([make_row(), *map(make_row, others), make_row("合计希望小学")], headers=UNIT)
    lines += [lines[0], ["注：截至9月1日"]]
    lines.insert(1, ["甲", "乙", "丙", *range(1, len(KEYS) - 2)])
    table = read(lines)

    assert [school.name for school in table.schools] == ["青石县第一小学", "合计希望小学"]
    found = {problem.cell: problem.kind for problem in table.problems}
    assert found == {
        "A2": "note_row", "A4": "total_row", "A5": "total_row", "A6": "total_row", "A7": "total_row",
        "A9": "second_header", "A10": "note_row",
    }  # fmt: skip


def test_second_table_below_is_an_error() -> None:
    """A header with another order of columns below the schools would change the meaning of every cell."""
    lines = grid_of([make_row()], headers=UNIT)
    with pytest.raises(TableError, match=r"A3.*另一个表头"):
        read([*lines, lines[0][::-1], lines[1][::-1]])


def test_names_and_types() -> None:
    """Two rows of one name stay, unknown types are not assessed, a row without a name stays: each is told."""
    rows = [
        make_row(),
        make_row(),
        make_row(None),
        make_row("丙", kind="完中"),
        make_row("丁", kind="幼儿园"),
    ]  # type: ignore[arg-type]
    table = read(grid_of(rows, headers=UNIT))

    assert [school.kind for school in table.schools] == ["小学", "小学", "小学", "完全中学", None]
    assert sorted(kinds(table.problems)) == ["blank_name", "duplicate_name", "unknown_type"]
    (same,) = (problem for problem in table.problems if problem.kind == "duplicate_name")
    assert all(word in same.why for word in ("青石县第一小学", "A2", "A3"))
    (odd,) = (problem for problem in table.problems if problem.kind == "unknown_type")
    assert all(word in odd.why for word in ("B6", "办学类型", "幼儿园", "丁"))


def test_part_larger_than_its_whole() -> None:
    """More indoor sports area than area keeps both numbers; more certified teachers than teachers is no data."""
    row = make_row(indoor_sports_area=5000, certified_teachers=51)
    table = read(grid_of([row], headers=UNIT))
    school = table.schools[0]

    assert kinds(table.problems) == ["part_exceeds_whole"] * 2
    assert (school.value("indoor_sports_area"), school.value("teaching_area")) == (5000, Decimal("4800.5"))
    assert (school.value("certified_teachers"), school.cells["certified_teachers"].printed) == (None, "51")
    assert all(word in table.problems[0].why for word in ("R2", "Q2", "5000", "4800.5"))


def test_formulas_errors_dates_and_noise() -> None:
    """A formula without a stored value, an error value, a date, a percentage are no data; noise of binary is not."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(grid_of([make_row()], headers=UNIT))))
    sheet = book.active
    assert sheet is not None
    sheet["D2"], sheet["G2"], sheet["I2"] = "=SUM(1,2)", "#DIV/0!", True
    sheet["K2"], sheet["K2"].number_format = 0.25, "0%"
    sheet["M2"], sheet["M2"].number_format = 45170, "yyyy-mm-dd"
    sheet["Q2"], sheet["U2"] = 0.1 + 0.2, 26.000000000000004
    table = table_from(saved(book), "表.xlsx")

    assert {problem.cell: problem.kind for problem in table.problems if problem.cell != "R2"} == {
        "D2": "formula_without_value", "G2": "formula_error", "I2": "not_a_number", "K2": "not_a_number",
        "M2": "not_a_number",
    }  # fmt: skip
    assert "=SUM(1,2)" in table.problems[0].why
    school = table.schools[0]
    assert (school.value("teaching_area"), school.value("multimedia_rooms")) == (Decimal("0.3"), 26)
    assert_spans(table)


def test_merged_cells_among_the_schools() -> None:
    """A merged word holds for each row; a merged number is nobody's."""
    rows = [make_row(), make_row("乙")]
    table = read(grid_of(rows, headers=UNIT), merge=["A2:A3", "Q2:Q3", "D2:E2"])

    assert [school.name for school in table.schools] == ["青石县第一小学"] * 2
    assert [school.value("teaching_area") for school in table.schools] == [None, None]
    assert [school.value("students.primary") for school in table.schools] == [None, 900]
    assert kinds(table.problems).count("merged_cells") == 3
    assert_spans(table)


def test_sheets_and_hidden_parts() -> None:
    """The first visible sheet with a header is read; hidden sheets, rows and columns and further tables are told."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook(grid_of([make_row(), make_row("乙校")], headers=UNIT))))
    sheet = book["学校"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["G"].hidden = True
    for title, state in (("封面", "visible"), ("旧", "hidden"), ("深", "veryHidden")):
        other = book.create_sheet(title, 0)
        other.sheet_state = state
        other["B2"] = "学校名称"
    book.create_sheet("空").sheet_state = "hidden"
    further = book.create_sheet("另一张")
    for line in grid_of([make_row()]):
        further.append(line)
    table = table_from(saved(book), "表.xlsx")

    assert (table.sheet, len(table.schools)) == ("学校", 2)
    told = {(p.kind, p.sheet) for p in table.problems}
    assert told == {
        ("hidden_sheet", "旧"), ("hidden_sheet", "深"), ("further_sheet", "另一张"),
        ("hidden_row", "学校"), ("hidden_column", "学校"),
    }  # fmt: skip
    assert all(p.sheet and p.sheet in p.why for p in table.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv(encoding: str, delimiter: str) -> None:
    """Encodings, delimiters, quoted line breaks and blank lines; a record stands at its first line."""
    rows = [make_row("青石县\n第一小学"), make_row("乙，校")]
    text = csv_text(grid_of(rows, headers=UNIT), delimiter=delimiter)
    text = text.replace("\n乙，校", "\n\n \n乙，校").replace("\n", "\r\n")
    table = table_from(text.encode(encoding), "表.csv")

    assert [(school.row, school.name) for school in table.schools] == [(2, "青石县第一小学"), (6, "乙，校")]
    assert table.schools[1].cells["students.primary"].ref == "D6"
    assert values(table) == values(read(grid_of(rows, headers=UNIT)))
    assert "【D6】乙，校 小学学生数:900人" in table.text


def test_ragged_lines_are_all_named() -> None:
    """A line with another number of fields than the header is an error, as fields may have shifted."""
    lines = csv_text(grid_of([make_row(), make_row("乙"), make_row("丙")], headers=UNIT)).split("\n")
    lines[1] += ","
    lines[3] = lines[3].rsplit(",", 1)[0]
    with pytest.raises(TableError) as caught:
        table_from("\n".join(lines).encode(), "表.csv")

    assert [problem.cell for problem in caught.value.problems] == ["A2", "A4"]
    assert re.search(r"第2行有32格，表头有31格.*第4行有30格，表头有31格", str(caught.value))


def _repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return target.getvalue()


def _in_sheet(change: Callable[[bytes], bytes]) -> bytes:
    good = workbook(grid_of([make_row()], headers=UNIT))
    return _repacked(good, lambda name, xml: change(xml) if name == "xl/worksheets/sheet1.xml" else xml)


def _with_rows(rows: bytes) -> bytes:
    return _in_sheet(lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"))


_GOOD = workbook(grid_of([make_row()], headers=UNIT))
_BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "空的"),
    "blank": (b" \n", "空的"),
    "old xls": (b"\xd0\xcf\x11\xe0" + bytes(600), "xls"),
    "encrypted": (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "加密"),
    "truncated": (_GOOD[: len(_GOOD) // 2], "不完整"),
    "pdf": (b"%PDF-1.7 " + bytes(99), "不是 xlsx 或 csv"),
    "binary": (bytes(range(256)) * 9, "不是 xlsx 或 csv"),
    "web page": ("<html><table><tr><td>学校名称</td></tr></table>".encode(), "网页"),
    "other zip": (
        _repacked(_GOOD, lambda n, x: x).replace(b"xl/workbook.xml", b"xl/workbooc.xml"),
        "没有工作簿",
    ),
    "entities": (_in_sheet(lambda xml: b'<!DOCTYPE a [<!ENTITY x "y">]>' + xml), "实体"),
    "zip bomb": (_repacked(_GOOD, lambda n, x: bytes(200_000_000) if "theme" in n else x), "上限"),
    "far column": (_with_rows(b'<row r="9"><c r="XFD9"><v>1</v></c></row>'), "XFD9"),
    "no header": (workbook([["甲", "乙"], [1, 2]]), "表头"),
    "no header in csv": ("甲,乙\n1,2\n".encode(), "junheng template"),
    "only a header": (workbook(grid_of([])), "一所学校也没有"),
    "open quote": (csv_text(grid_of([make_row('"')])).replace('""""', '"x').encode(), "引号"),
}


@pytest.mark.parametrize("name", sorted(_BROKEN))
def test_hostile_file_is_one_line(name: str) -> None:
    """A file that is no table, or built to hurt, is refused at once with one line that names it."""
    data, said = _BROKEN[name]
    begun = time.perf_counter()
    with pytest.raises(TableError) as caught:
        table_from(data, "某表.xlsx")

    assert said in str(caught.value)
    assert "某表.xlsx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.problems
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("content", ["6-" * 20_000, "9" * 40_000, "约" * 9_000 + "6", "(" * 9_000])
def test_endless_cell_costs_nothing(content: str) -> None:
    """A cell without end is no number and no name, and no pattern is run on it."""
    begun = time.perf_counter()
    rows = [make_row(content, students__primary=content) for _ in range(20)]
    table = table_from(csv_text(grid_of(rows, headers=UNIT)).encode(), "表.csv")

    assert {school.value("students.primary") for school in table.schools} == {None}
    assert len(table.text) < 400_000
    assert time.perf_counter() - begun < 3


_ODD_BUT_GOOD: dict[str, bytes] = {
    "claims all rows": _in_sheet(
        lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)
    ),
    "a million empty cells": _with_rows(
        b"".join(
            b'<row r="%d">%s</row>' % (row, b"".join(b'<c r="A%d" s="0"/>' % row for _ in range(50)))
            for row in range(5, 20_005)
        )
    ),
    "merged to the end": _in_sheet(
        lambda xml: xml.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A5:XFD1048576"/></mergeCells>'
        )
    ),
    "a csv called xlsx": csv_text(grid_of([make_row()], headers=UNIT)).encode(),
}


@pytest.mark.parametrize("name", sorted(_ODD_BUT_GOOD))
def test_odd_file_is_read_in_bounded_time(name: str) -> None:
    """What a sheet claims of its size, or carries without content, costs little and changes nothing."""
    begun = time.perf_counter()
    table = table_from(_ODD_BUT_GOOD[name], "表.xlsx")

    assert values(table) == values(read(grid_of([make_row()], headers=UNIT)))
    assert time.perf_counter() - begun < 5


def test_name_cannot_pass_for_another_cell() -> None:
    """A school's name is data: line breaks and unseen characters go, so each line of the text is one cell."""
    row = make_row("甲校\n【学校!D9】乙校 小学学生数:9999人\u202e\u200b\r\n")
    table = read(grid_of([row], headers=UNIT))

    assert all(line.startswith("【学校!") for line in table.text.splitlines())
    assert {line.split("】")[0] for line in table.text.splitlines()} == {
        f"【学校!{ref}" for ref in re.findall(r"(?m)^【学校!([A-Z]+2)】", table.text)
    }
    assert "\u202e" not in table.text


def test_id_names_the_version() -> None:
    """The same cells give the same id whatever the file is called; any change of a cell, word or unit another."""
    same = [table_from(_GOOD, name).id for name in ("甲.xlsx", "乙.xlsx")]
    rows = [make_row(students__primary=901), make_row(kind="教学点"), make_row(area="镇区")]
    others = [read(grid_of([row], headers=UNIT)).id for row in rows]
    others.append(read(grid_of([make_row()], headers={"equipment_value": "教学仪器设备值(元)"})).id)

    assert same[0] == same[1]
    assert len({same[0], *others}) == 5


def test_region_and_year() -> None:
    """What a person says wins, then a field above the header, the title, the file name; else None."""
    lines = grid_of([make_row()], headers=UNIT, above=[["安吉县2022年学校情况"]])
    field = grid_of([make_row()], headers=UNIT, above=[["地区：青禾县"], ["2021年学校情况"]])
    data = workbook(grid_of([make_row()], headers=UNIT))

    def said(data: bytes, source: str = "表.xlsx", **named: Any) -> tuple[str | None, int | None]:
        table = table_from(data, source, **named)
        return table.region, table.year

    assert said(workbook(lines)) == ("安吉县", 2022)
    assert said(workbook(lines), region="青禾县", year=2023) == ("青禾县", 2023)
    assert said(workbook(field)) == ("青禾县", 2021)
    assert said(data, "安吉县2020年.xlsx") == ("安吉县", 2020)
    assert said(data) == (None, None)


def test_template_fits_its_reader(tmp_path: Path) -> None:
    """The empty table has every column; filled in, it is read without a problem; it never overwrites a file."""
    from openpyxl import load_workbook

    path = tmp_path / "空表.xlsx"
    write_template(path)
    with pytest.raises(TableError, match="一所学校也没有"):
        read_table(path)
    book = load_workbook(path)
    for place, key in enumerate(KEYS, 1):
        book["学校数据"].cell(2, place, make_row().get(key))
    table = table_from(saved(book), "表.xlsx")

    assert values(table) == values(read(grid_of([make_row()], headers=UNIT)))
    assert table.problems == ()
    assert path.read_bytes()[:2] == template()[:2] == b"PK"
    with pytest.raises(JunhengError, match="没有覆盖"):
        write_template(path)
    with pytest.raises(JunhengError, match="xlsx"):
        write_template(tmp_path / "空表.csv")
    listed = {row[0].value for row in book["说明"].iter_rows()}
    assert {column.header for column in COLUMNS.values()} <= listed


def test_sample_table_is_what_its_script_makes() -> None:
    """The sample is marked as invented in title and file name, and made by the script that is kept with it."""
    from scripts.make_sample_table import FILE, sample

    kept, made = read_table(FILE), table_from(sample(), FILE.name)
    assert kept.text == made.text
    assert kept.problems == ()
    assert "示例" in kept.title and "虚构" in kept.title and "示例" in FILE.name and "虚构" in FILE.name
    assert len({school.kind for school in kept.schools}) >= 5
    assert kept.region is not None and kept.year is not None


def test_shared_table(shared: Path) -> None:
    """Every number of a real table is the one that its truth file works with."""
    folder = shared / "schools"
    truth = json.loads((folder / "sample.truth.json").read_text("utf-8"))
    table = read_table(folder / truth["file"], region=truth["region"], year=int(truth["year"]))
    students = {(unit["row"], unit["stage"]): Decimal(unit["students"]) for unit in truth["schools"]}

    assert {
        place: school.value(f"students.{place[1]}")
        for place in students
        for school in table.schools
        if school.row == place[0]
    } == students
    assert (len(table.schools), list(table.problems)) == (truth["summary"]["rows"], truth["problems"])
    assert_spans(table)
