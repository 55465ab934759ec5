"""School tables from files. What cannot be told for sure is a problem with its cell, never a guess.

An error (a missing column, shifted fields, an impossible unit) stops the reading; anything that concerns one cell
or row makes that no data and is told in ``SchoolTable.problems``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path, PurePath

from corpus import identity
from corpus.errors import ReadError
from corpus.model import Report
from corpus.readers import file_bytes
from corpus.schools import SUFFIXES as SUFFIXES
from corpus.schools.csv_table import DELIMITERS, decode_table, read_lines
from corpus.schools.grid import Grid, one_line, ref_of
from corpus.schools.headers import Header, check_header, find_header, read_units
from corpus.schools.layout import odd_layout, other_sheets, school_rows
from corpus.schools.model import Problem, SchoolTable
from corpus.schools.rows import RowReader
from corpus.schools.written import title_lines, write_out
from corpus.schools.xlsx import read_workbook

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


LARGEST_TEXT = 20_000_000
"""Characters; a table of 300 schools has 200,000."""


def report_of(table: SchoolTable) -> Report:
    """Return the table as the report under which a store keeps it."""
    region, path = identity.name_region(table.region) if table.region else (None, ())
    return Report(
        id=table.id,
        text=table.text,
        title=table.title,
        source=table.source,
        region=region,
        region_path=path,
        year=table.year,
        kind="school_table",
    )


_FIELD = re.compile(
    r"(?:地区|区域|行政区划?|县[（(]市、?区[）)]|填报单位|填报地区)\s*[:：]\s*([\u4e00-\u9fff]{1,11}[县市区旗州盟])(?![\u4e00-\u9fff])"
)


class TableError(ReadError):
    """A file cannot be read as a school table. ``problems`` has one entry for each reason, all errors."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


def read_table(path: Path, *, region: str | None = None, year: int | None = None) -> SchoolTable:
    """Read the file at ``path``; ``region`` and ``year`` win over what title or file name say.

    Raises:
        TableError: one Chinese line that says what is wrong with the file, where, and what to do.
    """
    try:
        data = file_bytes(path)
    except ReadError as error:
        raise _alone(str(error)) from None
    return table_from(data, " ".join(str(path).split()), region=region, year=year)


def table_from(
    data: bytes, source: str, *, region: str | None = None, year: int | None = None
) -> SchoolTable:
    """Read a table from the bytes of a file called ``source``. Raises TableError as ``read_table`` does."""
    try:
        header, others = _header(data, source)
    except TableError:
        raise
    except ReadError as error:
        raise _alone(str(error)) from None
    problems = check_header(header)
    _stop(source, problems)
    units = read_units(header)
    problems += units.problems
    _stop(source, [*problems, *_ragged(header)])
    rows = school_rows(header, problems)
    _stop(source, problems)
    reader = RowReader(header, units.of, problems)
    schools = reader.schools(rows)
    if not schools:
        where = f"工作表“{header.grid.sheet}”" if header.grid.sheet is not None else ""
        raise _alone(
            f"{source}：{where}第{header.bottom}行是表头，下面一所学校也没有。请逐校填写后再试。",
            "no_schools",
        )
    problems += odd_layout(header, rows)
    problems += others
    text, placed = write_out(header, title_lines(header), schools)
    if len(text) > LARGEST_TEXT:
        raise _alone(f"{source}：表格写出来有 {len(text)} 字，超过上限 {LARGEST_TEXT} 字。请拆分后再试。")
    title = _title(header, source)
    named = _identity(header, source)
    grid = header.grid
    return SchoolTable(
        id=sha256(text.encode("utf-8")).hexdigest()[:12],
        source=source,
        sheet=grid.sheet or "",
        title=title,
        region=identity.name_region(region)[0] if region and region.strip() else named[0],
        year=named[1] if year is None else year,
        schools=placed,
        units=units.of,
        headers={key: ref_of(h.row, h.column) for key, h in header.named.items()},
        text=text,
        problems=tuple(problems),
    )


def _header(data: bytes, source: str) -> tuple[Header, list[Problem]]:
    """Return the header to read by, and what is to be said of other sheets."""
    if not data.strip():
        raise ReadError(f"{source}：文件是空的。请换一个文件。")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        what = "有打开密码（已加密）" if _ENCRYPTED in data else "是旧版 .xls 格式"
        how = "请去掉密码" if _ENCRYPTED in data else "请用表格软件另存为 .xlsx"
        raise ReadError(f"{source}：文件{what}，不能读。{how}后再试。")
    if data.startswith(b"PK"):
        sheets = read_workbook(data, source)
        pairs = [(sheet.grid, sheet.hidden) for sheet in sheets]
        found = [h for grid, hidden in pairs if not hidden and (h := find_header(grid)) is not None]
        header = _choose(found)
        if header is not None:
            return header, other_sheets(pairs, header.grid)
        looked = "、".join(f"“{grid.sheet}”" for grid, hidden in pairs if not hidden and grid.cells)
        hidden = "、".join(f"“{grid.sheet}”" for grid, hidden in pairs if hidden and grid.cells)
        said = f"看得见的工作表（{looked or '都是空的'}）里没有学校数据表的表头"
        raise _no_header(source, said + (f"，隐藏的工作表（{hidden}）不读" if hidden else ""))
    text = decode_table(data, source)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<table", "<?xml")):
        raise ReadError(f"{source}：内容是网页，不是表格。请用表格软件打开并另存为 .xlsx 后再试。")
    found, failures = list[Header](), list[ReadError]()
    for delimiter in DELIMITERS:
        try:
            header = find_header(read_lines(text, delimiter, source))
        except ReadError as error:
            failures.append(error)
        else:
            found += [header] if header is not None else []
    header = _choose(found)
    if header is None and failures:
        raise failures[0]
    if header is None:
        raise _no_header(source, "没有找到学校数据表的表头")
    return header, []


def _choose(headers: list[Header]) -> Header | None:
    """The first one that lacks nothing, else the first that is clearly a header, else the fullest."""
    complete = [header for header in headers if not header.missing]
    fair = [header for header in headers if len(header.named) >= 4]
    return next(iter(complete or fair), None) or max(headers, key=lambda h: len(h.named), default=None)


def _no_header(source: str, said: str) -> TableError:
    return _alone(
        f"{source}：{said}。表头要有学校名称、办学类型、小学学生数等各列，"
        "可用 junheng template 文件.xlsx 生成一份空表。",
        "no_header",
    )


def _ragged(header: Header) -> list[Problem]:
    """Return an error for each line whose number of fields is not the header's: its fields may have shifted."""
    grid = header.grid
    if grid.widths is None:
        return []
    expected = grid.widths[header.bottom]
    return [
        Problem(
            "error", "ragged_line", None, ref_of(line, 1), None, None, str(found),
            f"第{line}行有{found}格，表头有{expected}格，内容可能错位；请检查这一行的逗号和引号",
        )
        for line, found in sorted(grid.widths.items())
        if line >= header.top and found != expected and _filled(grid, line)
    ]  # fmt: skip


def _filled(grid: Grid, line: int) -> bool:
    return any((line, column) in grid.cells for column in grid.columns)


def _title(header: Header, source: str) -> str:
    above = [
        (len(raw.printed), -row, raw.printed) for (row, _), raw in header.grid.cells.items()
        if row < header.top and "单位" not in raw.printed[:6]
    ]  # fmt: skip
    return (max(above)[2] if above else PurePath(source).stem)[:100]


def _identity(header: Header, source: str) -> tuple[str | None, int | None]:
    """Return region and year as title lines or file name give them, each None where neither does.

    A field (地区：某某县) is taken at its word; elsewhere only a place that exists is one.
    """
    above = [raw.printed for (row, _), raw in sorted(header.grid.cells.items()) if row < header.top]
    stated = {match[1] for line in above if (match := _FIELD.search(line))}
    region = identity.name_region(stated.pop())[0] if len(stated) == 1 else None
    year: int | None = None
    for text in ("\n".join(above)[:1000], one_line(PurePath(source).stem)):
        if text.strip():
            found = identity.identify(text)
            region = region or found.region
            year = year or found.year
    return region, year


def _stop(source: str, problems: Sequence[Problem]) -> None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise TableError(f"{source}：{'；'.join(problem.why for problem in errors)}。", errors)


def _alone(message: str, kind: str = "unreadable") -> TableError:
    return TableError(message, (Problem("error", kind, None, None, None, None, None, message),))
