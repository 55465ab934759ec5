"""Workbooks to grids. openpyxl reads the cells; what a file may do to a reader is settled before.

A workbook is a zip of XML that can unpack to far more than it weighs, hold a million cells that only carry a style,
or merge the whole sheet into one. So sizes are checked first, document types (which may define entities) are
refused, and openpyxl is given a copy of each sheet without cells that hold nothing and without all that follows the
cells; merged areas are taken from there. Nothing is computed: a formula counts with the value stored beside it.
"""

from __future__ import annotations

import io
import math
import re
import warnings
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from corpus.errors import ReadError
from corpus.schools.grid import Area, Grid, Raw, letters, one_line

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

LARGEST_UNPACKED = 96 * 1024 * 1024
"""Bytes of all parts together."""
MOST_PARTS = 2000
MOST_CELLS = 300_000
MOST_ROWS = 20_000
MOST_COLUMNS = 512
"""Filled cells, rows and columns of one sheet: far more than any county has schools."""
MOST_SHEETS = 100

_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.I)
_SHEET_LINKS = re.compile(r"xl/worksheets/_rels/", re.I)
_EMPTY_CELL = re.compile(rb"<((?:\w+:)?c)(?:\s[^<>]*)?(?:/>|>\s*</\1>)")
_EMPTY_ROW = re.compile(rb"<((?:\w+:)?row)(?:\s[^<>]*)?(?:/>|>\s*</\1>)")
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^<>]*?\s)?r="\$?([A-Z]{1,3})\$?(\d{1,7})"')
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s(?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="(\d{1,7})"')
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col\s(?=[^<>]*?\bhidden="(?:1|true)")([^<>]*)')
_BOUND = re.compile(rb'\b(min|max)="(\d{1,5})"')
_SHEET_END = re.compile(rb"</((?:\w+:)?)sheetData\s*>")
_SIGNIFICANT = 15
"""Digits that a spreadsheet works with and shows; what a sum carries beyond them is noise of binary fractions."""

Printed = Callable[[Any], Raw | None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet; ``hidden`` also where only a macro could show it."""

    grid: Grid
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Layout:
    merged: tuple[Area, ...]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    formulas: bool


def read_workbook(data: bytes, source: str, printed: Printed | None = None) -> list[Sheet]:
    """Return the worksheets in their order; ``printed`` says what a cell shows where not as a school table reads it.

    Raises:
        ReadError: the file is broken, encrypted, of another kind, or too large to be a school table.
    """
    lean, layouts = _lean(data, source)
    try:
        with warnings.catch_warnings():  # what openpyxl leaves out (drawings and the like) is no loss here
            warnings.simplefilter("ignore")
            return list(_sheets(lean, layouts, source, printed or _raw))
    except ReadError:
        raise
    except MemoryError:
        raise ReadError(f"{source}：工作簿太大，内存不够。请删去无关的工作表后再试。") from None
    except Exception as error:  # openpyxl raises whatever a malformed part leads it to
        raise ReadError(
            f"{source}：工作簿的内容已损坏（{type(error).__name__}），读不了。请用表格软件打开并另存为 .xlsx 后再试。"
        ) from error


def _lean(data: bytes, source: str) -> tuple[bytes, dict[str, _Layout]]:
    """Return the workbook with sheets cut down to their filled cells, and the layout of each by its part."""
    layouts: dict[str, _Layout] = {}
    target = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as package,
            zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy,
        ):
            parts = package.infolist()
            _check_parts(parts, source)
            for part in parts:
                if not part.filename or _SHEET_LINKS.match(part.filename) or part.is_dir():
                    continue
                content = package.read(part)
                if part.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(content, part.filename, source)
                if _SHEET_PART.fullmatch(part.filename):
                    content, layouts[part.filename] = _sheet(content, source)
                copy.writestr(zipfile.ZipInfo(part.filename), content)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, LookupError):
        raise ReadError(f"{source}：文件不完整或已损坏，打不开。请重新复制或下载，再试一次。") from None
    except RuntimeError:  # what zipfile raises for a password
        raise ReadError(f"{source}：压缩包有密码，打不开。请去掉密码后再试。") from None
    return target.getvalue(), layouts


def _check_parts(parts: list[zipfile.ZipInfo], source: str) -> None:
    names = {part.filename.lower() for part in parts}
    if "xl/workbook.bin" in names:
        raise ReadError(f"{source}：这是 .xlsb 工作簿，不能读。请另存为 .xlsx 后再试。")
    if "xl/workbook.xml" not in names:
        kind = (
            "OpenDocument 文档"
            if "mimetype" in names
            else "Word 文档"
            if "word/document.xml" in names
            else ""
        )
        said = f"这是{kind}" if kind else "里面没有工作簿"
        raise ReadError(f"{source}：{said}，不是 Excel 表格。请另存为 .xlsx 后再试。")
    if len(names) < len(parts):
        raise ReadError(f"{source}：压缩包里有同名的部分，不能断定以哪个为准。请用表格软件另存后再试。")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise ReadError(
            f"{source}：解压后有 {unpacked / 1e6:.0f} MB、{len(parts)} 个部分，"
            f"超过上限 {LARGEST_UNPACKED / 1e6:.0f} MB、{MOST_PARTS} 个。请删去无关内容后再试。"
        )


def _check_xml(content: bytes, part: str, source: str) -> None:
    head = content[:4096].replace(b"\x00", b"")  # also where it is UTF-16
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"<!DOCTYPE" in head:
        raise ReadError(
            f"{source}：{part} 里有实体定义，正常的表格没有，已停止读取。请用表格软件另存后再试。"
        )
    if part.lower() == "xl/workbook.xml" and b"purl.oclc.org/ooxml" in content:
        raise ReadError(f"{source}：这是“严格 Open XML”格式，不能读。请另存为普通的 .xlsx 后再试。")


def _sheet(content: bytes, source: str) -> tuple[bytes, _Layout]:
    end = _SHEET_END.search(content)
    if end is None:  # <sheetData/>: no cells; or an encoding that no spreadsheet program writes
        if re.search(rb"<(?:\w+:)?sheetData\s*/>", content):
            return content, _Layout((), frozenset(), frozenset(), False)
        raise ReadError(f"{source}：有一张工作表不完整，读不了。请用表格软件打开并另存为 .xlsx 后再试。")
    cells, tail = content[: end.end()], content[end.end() :]
    cells = _EMPTY_ROW.sub(b"", _EMPTY_CELL.sub(b"", cells))
    filled, rows = len(_ANY_CELL.findall(cells)), len(_ROW.findall(cells))
    if filled > MOST_CELLS or rows > MOST_ROWS:
        raise ReadError(
            f"{source}：有一张工作表有 {rows} 行、{filled} 个有内容的单元格，"
            f"超过上限 {MOST_ROWS} 行、{MOST_CELLS} 个。请只保留要用的数据后再试。"
        )
    for match in _CELL.finditer(cells):
        if _index(match[1]) > MOST_COLUMNS:
            ref = (match[1] + match[2]).decode()
            raise ReadError(
                f"{source}：{ref} 有内容，超出 {letters(MOST_COLUMNS)} 列的上限。请删去表格以外的内容后再试。"
            )
    merged = tuple(
        Area(int(m[2]), _index(m[1]), int(m[4]), _index(m[3])) for m in _MERGED.finditer(tail[:2_000_000])
    )[:MOST_ROWS]
    hidden_columns = frozenset(
        column
        for m in _HIDDEN_COLUMNS.finditer(cells)
        if len(bounds := dict(_BOUND.findall(m[1]))) == 2
        for column in range(int(bounds[b"min"]), min(int(bounds[b"max"]), MOST_COLUMNS) + 1)
    )
    hidden_rows = frozenset(int(m[1]) for m in _HIDDEN_ROW.finditer(cells))
    formulas = re.search(rb"<(?:\w+:)?f[\s/>]", cells) is not None
    return cells + b"</" + end[1] + b"worksheet>", _Layout(merged, hidden_rows, hidden_columns, formulas)


def _index(name: bytes) -> int:
    number = 0
    for letter in name:
        number = number * 26 + letter - 64
    return number


def _sheets(lean: bytes, layouts: dict[str, _Layout], source: str, printed: Printed) -> Iterator[Sheet]:
    values = _open(lean, stored=True)
    formulas = _open(lean, stored=False) if any(layout.formulas for layout in layouts.values()) else None
    if len(values.worksheets) > MOST_SHEETS:
        raise ReadError(
            f"{source}：有 {len(values.worksheets)} 张工作表，超过上限 {MOST_SHEETS} 张。请删去无关的后再试。"
        )
    parts = _parts(lean)
    for sheet in values.worksheets:
        layout = layouts.get(parts.get(sheet.title, ""), _Layout((), frozenset(), frozenset(), True))
        cells = dict(_filled(sheet, printed))
        if formulas is not None and layout.formulas:
            for place, written in _filled(formulas[sheet.title], _raw):
                if written.form == "formula" and place not in cells:
                    cells[place] = written
        areas = _by_row(layout.merged, sorted({row for row, _ in cells}), source)
        grid = Grid(sheet.title, cells, layout.merged, layout.hidden_rows, layout.hidden_columns, areas=areas)
        yield Sheet(grid, sheet.sheet_state != "visible")


def _by_row(merged: tuple[Area, ...], rows: list[int], source: str) -> dict[int, tuple[Area, ...]]:
    """Return the merged areas of each filled row."""
    found: defaultdict[int, list[Area]] = defaultdict(list)
    reached = 0
    for area in merged:
        for row in rows[bisect_left(rows, area.top) : bisect_right(rows, area.bottom)]:
            found[row].append(area)
            reached += 1
        if reached > MOST_CELLS:
            raise ReadError(f"{source}：合并的单元格太多。请取消合并后再试。")
    return {row: tuple(areas) for row, areas in found.items()}


def _open(lean: bytes, *, stored: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(lean), read_only=True, data_only=stored, keep_links=False)


def _parts(lean: bytes) -> dict[str, str]:
    """Return the part of each sheet by its title."""
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
    from openpyxl.packaging.relationship import get_dependents
    from openpyxl.xml.constants import REL_NS, SHEET_MAIN_NS

    with zipfile.ZipFile(io.BytesIO(lean)) as package:
        book = fromstring(package.read("xl/workbook.xml"))
        links = get_dependents(package, "xl/_rels/workbook.xml.rels")
        return {
            sheet.get("name", ""): links.get(sheet.get(f"{{{REL_NS}}}id")).target
            for sheet in book.iter(f"{{{SHEET_MAIN_NS}}}sheet")
        }


def _filled(sheet: Any, printed: Printed) -> Iterator[tuple[tuple[int, int], Raw]]:
    sheet.reset_dimensions()  # what a sheet claims of its size is not believed
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None and (raw := printed(cell)) is not None:
                yield (cell.row, cell.column), raw


def _raw(cell: Any) -> Raw | None:
    value = cell.value
    if cell.data_type == "f":
        written = one_line(str(getattr(value, "text", None) or value))
        return Raw(written if written.startswith("=") else "=…", "formula")
    if isinstance(value, bool):
        return Raw("TRUE" if value else "FALSE", "boolean")
    if cell.data_type == "e":
        return Raw(one_line(str(value)), "error")
    if isinstance(value, (int, float)):
        if "%" in re.sub(r'"[^"]*"|\\.', "", cell.number_format or ""):
            return Raw(plain(value * 100) + "%", "percent")
        return Raw(plain(value), "number")
    if isinstance(value, (datetime, date, time, timedelta)):
        return Raw(str(value), "date")
    written = one_line(str(value))
    return Raw(written) if written else None


def plain(value: int | float) -> str:
    """Write a number of a spreadsheet as it shows it: decimal, at most 15 significant digits, no exponent.

    >>> plain(1104.0), plain(0.1 + 0.2), plain(6657.8), plain(1e20), plain(-0.0)
    ('1104', '0.3', '6657.8', '100000000000000000000', '0')
    """
    if isinstance(value, int):
        return str(value) if abs(value) < 10**400 else "inf"
    if not math.isfinite(value):
        return str(value)
    from decimal import Decimal

    exact = Decimal(f"{value:.{_SIGNIFICANT}g}")
    written = f"{exact:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written in ("-0", "") else written
