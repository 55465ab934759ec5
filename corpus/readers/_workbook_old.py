"""Old workbooks (.xls, .et): calamine reads the values, ``_workbook_records`` what a person sees of them."""

from __future__ import annotations

from collections import defaultdict
from io import BytesIO
from typing import Any

from corpus.errors import ReadError
from corpus.readers import _workbook_records as records
from corpus.readers._workbook_cells import Cells
from corpus.schools.grid import Area, Grid, Raw
from corpus.schools.xlsx import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, MOST_SHEETS

MAGIC = b"\xd0\xcf\x11\xe0"
_BROKEN = "文件不完整或已损坏，读不了。请用表格软件打开并另存为 .xlsx 后再试。"


def is_workbook(data: bytes) -> bool:
    """Whether the content is an old workbook: an OLE file with the stream of one, and under no password as a whole."""
    if not data.startswith(MAGIC) or _name("EncryptedPackage") in data or _name("WordDocument") in data:
        return False
    return _name("Workbook") in data or _name("Book") in data


def read_sheets(data: bytes, source: str, cells: Cells) -> list[tuple[Grid, bool]]:
    """Return the worksheets in their order, and whether each is hidden.

    Raises:
        ReadError: the file is broken, encrypted, or too large.
    """
    if _name("EncryptedPackage") in data:
        raise ReadError(f"{source}：文件有打开密码（已加密），不能读。请去掉密码后再试。")
    try:
        shown = records.read(data)
    except records.Encrypted:
        raise ReadError(f"{source}：文件有打开密码（已加密），不能读。请去掉密码后再试。") from None
    except (ValueError, IndexError, ArithmeticError, LookupError):
        raise ReadError(f"{source}：{_BROKEN}") from None
    if len(shown) > MOST_SHEETS:
        raise ReadError(
            f"{source}：有 {len(shown)} 张工作表，超过上限 {MOST_SHEETS} 张。请删去无关的后再试。"
        )
    if sum(len(sheet.formats) for sheet in shown) > MOST_CELLS:
        raise ReadError(f"{source}：有内容的单元格超过上限 {MOST_CELLS} 个。请只保留要用的数据后再试。")
    try:
        return list(_sheets(data, shown, source, cells))
    except ReadError:
        raise
    except BaseException as error:  # what goes wrong in calamine's native code is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise ReadError(f"{source}：{_BROKEN}") from None


def _sheets(data: bytes, shown: list[records.Shown], source: str, cells: Cells) -> Any:
    from python_calamine import load_workbook

    book = load_workbook(BytesIO(data))
    if len(book.sheet_names) != len(shown):
        raise ReadError(f"{source}：{_BROKEN}")
    for number, sheet in enumerate(shown):
        if not sheet.is_table:
            continue
        filled = book.get_sheet_by_index(number)
        rows, columns = filled.total_height, filled.total_width
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            raise ReadError(
                f"{source}：有一张工作表有 {rows} 行、{columns} 列，超过上限 {MOST_ROWS} 行、{MOST_COLUMNS} 列。"
                "请只保留要用的数据后再试。"
            )
        values = filled.to_python(skip_empty_area=False)
        found: dict[tuple[int, int], Raw] = {}
        for (row, column), number_format in sheet.formats.items():
            if row < len(values) and column < len(values[row]):
                raw = cells.of_value(values[row][column], number_format)
                if (row, column) in sheet.errors:
                    raw = Raw("#", "error")
                if raw is not None:
                    found[row + 1, column + 1] = raw
        areas: defaultdict[int, tuple[Area, ...]] = defaultdict(tuple)
        merged = tuple(
            Area(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in (filled.merged_cell_ranges or ())[:MOST_ROWS]
        )
        held = {row for row, _ in found}
        for area in merged:
            for row in range(area.top, min(area.bottom, rows) + 1):
                if row in held:
                    areas[row] = (*areas[row], area)
        yield (
            Grid(filled.name, found, merged, sheet.hidden_rows, sheet.hidden_columns, areas=dict(areas)),
            sheet.is_hidden,
        )


def _name(stream: str) -> bytes:
    return stream.encode("utf-16-le") + b"\x00\x00"
