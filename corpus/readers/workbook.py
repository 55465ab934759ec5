"""Statistical tables in workbooks (.xlsx, .xls, .et) and in text (.csv, .tsv): a report whose lines are their rows.

A workbook is one report, sheet after sheet. What is hidden is left out and told; macros never run, formulas count with
the value stored beside them. A school table is none of these: it has a reader of its own, ``corpus.schools``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from corpus.errors import ReadError
from corpus.model import Place
from corpus.readers import _workbook_old as old
from corpus.readers._raw import RawText, decode
from corpus.readers._tables import SEPARATOR
from corpus.readers._workbook_cells import LONGEST, Cells
from corpus.readers._workbook_lines import Line, SheetLines
from corpus.schools.csv_table import read_lines
from corpus.schools.grid import Grid, one_line
from corpus.schools.recognise import looks_like_school_table
from corpus.schools.xlsx import read_workbook

NAME = "统计表"
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv")

MOST_CELLS = 600_000
"""Cells of all lines together, the blank ones of a table included: more would be over two million characters."""
_DELIMITERS = ",\t;|，"
_NO_NAME = re.compile(r"(?:Sheet|Worksheet|工作表|表|统计表|数据表?|附表|汇总表?)\s*[(（]?\d*[)）]?", re.I)


class SchoolTableInstead(ReadError):
    """The file is a school table, which is no report."""


def accepts(data: bytes) -> bool:
    """Whether the content is a workbook, new or old."""
    if old.is_workbook(data):
        return True
    if not data.startswith(b"PK\x03\x04"):
        return False
    try:
        with ZipFile(BytesIO(data)) as package:
            return any(name.lower() in ("xl/workbook.xml", "xl/workbook.bin") for name in package.namelist())
    except (BadZipFile, ValueError, OSError, LookupError, NotImplementedError, OverflowError):
        return False


def read(data: bytes, source: str) -> RawText:
    """Raises ReadError; SchoolTableInstead where a sheet is a school table, or nearly one."""
    cells = Cells()
    encoding = "utf-8"
    if data.startswith(b"PK"):
        kind = "xlsx"
        sheets = [(sheet.grid, sheet.hidden) for sheet in read_workbook(data, source, cells.of_openpyxl)]
    elif data.startswith(old.MAGIC):
        kind = "xls"
        sheets = old.read_sheets(data, source, cells)
    else:
        kind = "csv"
        text, encoding = decode(data, source)
        sheets = [(_fields(text, source), False)]
    if any(looks_like_school_table(grid) for grid, hidden in sheets if not hidden):
        raise SchoolTableInstead(
            f"{source}：这是学校数据表，不是报告。请用 junheng check 检查，或用 junheng ingest 导入。"
        )
    return _written(sheets, source, kind, encoding, [*_macros(data, kind), *_numbers(cells.seen)])


def _fields(text: str, source: str) -> Grid:
    """Return the fields of a CSV file by the delimiter that cuts most of its lines into equally many."""
    if re.match(r"\s*(?:<\?xml|<html|<!doctype|<table)", text[:300], re.I):
        raise ReadError(f"{source}：内容是网页或 XML，不是表格。请用表格软件打开并另存为 .xlsx 后再试。")
    best: tuple[tuple[int, int], Grid] | None = None
    failed: ReadError | None = None
    for place, delimiter in enumerate(_DELIMITERS):
        if delimiter not in text and (delimiter != "," or best):
            continue
        try:
            grid = read_lines(text, delimiter, source, LONGEST)
        except ReadError as error:
            failed = failed or error
            continue
        widths = Counter(width for width in (grid.widths or {}).values() if width > 1)
        score = (max(widths.values(), default=0), -place)
        if best is None or score > best[0]:
            best = score, grid
    if best is None or (failed and not best[0][0]):
        raise failed or ReadError(f"{source}：认不出各格。请另存为 .xlsx 后再试。")
    return best[1]


def _written(
    sheets: Sequence[tuple[Grid, bool]], source: str, kind: str, encoding: str, notes: list[str]
) -> RawText:
    shown = [SheetLines(grid) for grid, hidden in sheets if not hidden and grid.cells]
    if sum(sheet.size() for sheet in shown) > MOST_CELLS:
        raise ReadError(f"{source}：表格超过上限 {MOST_CELLS} 格（含空格）。请只保留要用的表后再试。")
    out, title = _Text(), None
    for sheet in shown:
        name = one_line(sheet.grid.sheet or "")
        lines = list(sheet.lines())
        opening = "".join(text for line in lines[:3] for text, _ in line)
        if name and lines and not _NO_NAME.fullmatch(name) and not _is_in(name, opening):
            out.add([(name, "")], name)
        if title is None:
            title = next((line[0][0] for line in lines[:3] if len(line) == 1 and len(line[0][0]) > 5), None)
        for line in lines:
            out.add(line, name)
    if not out.parts:
        unseen = "看得见的工作表都是空的" if any(grid.cells for grid, _ in sheets) else "表格是空的"
        raise ReadError(f"{source}：{unseen}，没有可读的内容。请换一个文件。")
    return RawText(
        "\n".join(out.parts), encoding, title=title, format=kind, places=tuple(out.places),
        notes=(*_left_out(sheets), *_shifted(shown), *notes),
    )  # fmt: skip


def _is_in(name: str, opening: str) -> bool:
    """Tell whether the lines that a sheet begins with say its name, which may be short of its end or be numbered."""
    bare = re.sub(r"^\d+(?=\D)|[\W_]", "", name)
    return bare in re.sub(r"[\W_]", "", opening)


class _Text:
    """Lines as they are put one below the other, and the place of each cell."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[Place] = []
        self._at = 0

    def add(self, line: Line, sheet: str) -> None:
        self.parts.append(SEPARATOR.join(text for text, _ in line))
        for text, ref in line:
            if text:
                self.places.append(Place(self._at, self._at + len(text), sheet=sheet, cell=ref or None))
            self._at += len(text) + len(SEPARATOR)
        self._at += 1 - len(SEPARATOR)


def _left_out(sheets: Sequence[tuple[Grid, bool]]) -> list[str]:
    said, counts = [], Counter[str]()
    for grid, hidden in sheets:
        if hidden:
            said += [f"隐藏的工作表“{one_line(grid.sheet or '')}”没有读入"] if grid.cells else []
            continue
        rows = len(grid.hidden_rows.intersection(grid.rows))
        columns = len(grid.hidden_columns.intersection(grid.columns))
        parts = [f"{rows}行" * (rows > 0), f"{columns}列" * (columns > 0)]
        if rows or columns:
            said.append(
                f"工作表“{one_line(grid.sheet or '')}”里隐藏的{'、'.join(filter(None, parts))}没有读入"
            )
        counts.update(raw.form for raw in grid.cells.values())
    if counts["formula"]:
        said.append(f"{counts['formula']}个公式没有存下结果，按空格读；请用表格软件打开、保存后重新导入")
    if counts["error"]:
        said.append(f"{counts['error']}格是错误值（如 #DIV/0!），按空格读")
    return said


def _shifted(sheets: Sequence[SheetLines]) -> list[str]:
    return [
        f"第{row}行的格数比表头多，各格可能错位，这一行没有读入；请检查逗号和引号"
        for sheet in sheets
        for row in sheet.shifted[:20]
    ]


def _numbers(seen: Counter[str]) -> list[str]:
    said = []
    if seen["rounded"]:
        said.append(f"{seen['rounded']}格是除不尽的数，按表中显示的位数读入")
    if seen["scaled"]:
        said.append(f"{seen['scaled']}格的显示格式改变了数值（如按千显示），分不清单位，按空格读")
    return said


def _macros(data: bytes, kind: str) -> list[str]:
    mark = b"vbaProject.bin" if kind == "xlsx" else "_VBA_PROJECT".encode("utf-16-le")
    return ["工作簿带有宏，没有运行"] if kind != "csv" and mark in data else []
