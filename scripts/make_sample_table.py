"""Write the sample school table: an invented county, invented schools, invented figures.

    .venv/bin/python scripts/make_sample_table.py [FILE]

The same bytes come out each time, so a change of the file shows a change of what stands here.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import sys
import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from corpus.schools.columns import COLUMNS
from corpus.schools.grid import letters
from corpus.schools.template import SHEET

FILE = Path(__file__).parents[1] / "corpus" / "samples" / "示例-虚构-青禾县2023年学校数据.xlsx"
TITLE = "【示例】青禾县2023年义务教育学校基本情况表（县、学校和数据全部虚构）"
FIELDS = "地区：青禾县"
_DAY = (2024, 1, 1, 0, 0, 0)

# name, type, place; pupils, classes, largest class, qualified, backbone, arts teachers: primary, junior;
# then the facilities of the whole school and the teachers. - is a blank cell.
_SCHOOLS = """
青禾县第一小学|小学|城区|1260 - -|29 -|45 -|61 -|15 -|13 -|6804 520 10150 318.6 31 3 3 102 94|0001|74 74 6 41 2
青禾县第二小学|小学|城区|985 - -|22 -|47 -|44 -|9 -|9 -|5122.5 260 7590 226.4 24 2 2 98 91|0002|57 57 4 30 1
青禾县城东小学|小学|城区|764 - -|18 -|44 -|36 -|8 -|7 -|4010 0 6120.5 171.9 19 2 2 96 90|0003|45 44 4 26 1
河口镇中心小学|小学|镇区|538 - -|13 -|43 -|26 -|7 -|6 -|2930 160 4435 121.3 14 2 2 97 92|0004|33 33 3 19 1
南坪镇中心小学|小学|镇区|412 - -|12 -|38 -|18 -|4 -|4 -|2105 0 2890 95.2 11 1 1 96 90|0005|27 27 2 15 1
石桥村小学|小学|乡村|126 - -|6 -|25 -|6 -|2 -|2 -|742 0 1310 28.4 4 1 1 74 68|0006|10 10 1 5 1
高岭教学点|教学点|乡村|63 - -|3 -|24 -|3 -|1 -|1 -|338 0 560 14.1 2 1 1 96 90|0007|5 5 1 2 1
云台教学点|教学点|乡村|27 - -|2 -|15 -|2 -|- -|- -|160 0 240 6.2 1 - - - -|0008|2 2 - 1 -
青禾县实验初级中学|初级中学|城区|- 1120 -|- 23|- 50|- 66|- 13|- 11|7410 680 12050 305.8 28 2 2 104 96|0009|88 88 8 52 3
河口镇初级中学|初级中学|镇区|- 486 -|- 11|- 47|- 29|- 5|- 4|3360 240 5120 130.5 12 1 1 96 91|0010|41 41 3 24 1
南坪学校|九年一贯制学校|镇区|418 236 -|12 6|39 42|21 14|5 3|4 3|3715 210 5980 152.7 16 2 2 97 90|0011|44 44 4 25 1
青禾县第三中学|完全中学|城区|- 540 810|- 12|- 48|- 31|- 6|- 5|9450 900 15840 402.5 36 1 1 110 95|0012|112 112 9 63 3
青禾县特殊教育学校|特殊教育学校|城区|58 22 -|6 3|11 9|9 4|2 1|2 1|1650 120 2100 96.4 8 1 1 60 60|0013|24 24 2 14 1
"""


def sample() -> bytes:
    """Return the workbook: a title, who reports, a header in the order of the columns, the schools."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append([TITLE])
    sheet.append([FIELDS])
    sheet.append([column.header for column in COLUMNS.values()])
    for line in _SCHOOLS.strip().splitlines():
        sheet.append(_cells(line))
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True)
    for place in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[letters(place)].width = 22 if place == 1 else 12
    sheet.freeze_panes = "B4"
    book.properties.creator = "junheng"
    book.properties.created = dt.datetime(*_DAY)
    target = io.BytesIO()
    book.save(target)
    return _without_today(target.getvalue())


def _cells(line: str) -> list[str | int | float | None]:
    *first, code, teachers = line.split("|")
    name, kind, area, *numbers = first
    values = [_value(word) for part in numbers for word in part.split()]
    cells = [name, kind, area, *values, code, *(_value(word) for word in teachers.split())]
    assert len(cells) == len(COLUMNS), (name, len(cells))
    return cells


def _value(word: str) -> int | float | None:
    if word == "-":
        return None
    return float(word) if "." in word else int(word)


def _without_today(data: bytes) -> bytes:
    """Return the workbook with one fixed date wherever today's was written."""
    target = io.BytesIO()
    stamp = b"%04d-%02d-%02dT%02d:%02d:%02dZ" % _DAY
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            part = zipfile.ZipInfo(name, _DAY)
            part.compress_type = zipfile.ZIP_DEFLATED
            copy.writestr(part, content)
    return target.getvalue()


if __name__ == "__main__":
    chosen = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    chosen.write_bytes(sample())
    print(chosen.name)
