"""CSV files to grids: the encoding, the delimiter and the quotes are settled here, nothing about the content."""

from __future__ import annotations

import csv
import io

from corpus.errors import ReadError
from corpus.readers._raw import decode
from corpus.schools.grid import LONGEST, Grid, Raw, one_line
from corpus.schools.xlsx import MOST_CELLS, MOST_COLUMNS, MOST_ROWS

DELIMITERS = (",", "\t", ";")
"""The comma first: another one is taken only where it makes a header out of what is none."""


def decode_table(data: bytes, source: str) -> str:
    """Return the text of a CSV file: Unicode, else GB 18030.

    Raises:
        ReadError: it is no text, or in an encoding that is not read.
    """
    try:
        return decode(data, source)[0]
    except ReadError:
        # A table may hold hardly a word; GB 18030 is what Chinese Excel writes, if the bytes allow it.
        try:
            text = "" if b"\x00" in data else data.decode("gb18030")
        except UnicodeDecodeError:
            text = ""
    if "学校" not in text:
        raise ReadError(
            f"{source}：内容不是 xlsx 或 csv 表格，或者文字编码认不出（支持 UTF-8、GB18030、UTF-16）。"
            "请用表格软件打开并另存为 .xlsx 后再试。"
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_lines(text: str, delimiter: str, source: str, longest: int = LONGEST) -> Grid:
    """Return the fields of ``text``, ``longest`` characters of each; a record over several lines stands at its first line.

    Raises:
        ReadError: a quote is not closed, or the file is larger than a school table can be.
    """
    cells: dict[tuple[int, int], Raw] = {}
    widths: dict[int, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            long = "field larger" in str(error)
            why = "有一格的内容太长" if long else "引号没有成对，分不清各格"
            raise ReadError(f"{source}：第{line}行{why}。请检查这一行后再试。") from None
        if fields is None:
            break
        filled = [(column, one_line(field, longest)) for column, field in enumerate(fields, 1)]
        filled = [(column, field) for column, field in filled if field]
        if filled:
            widths[line] = len(fields)
            cells.update({(line, column): Raw(field) for column, field in filled})
        if len(widths) > MOST_ROWS or len(cells) > MOST_CELLS or (filled and len(fields) > MOST_COLUMNS):
            raise ReadError(
                f"{source}：第{line}行超过上限（{MOST_ROWS}行、{MOST_COLUMNS}列、{MOST_CELLS}格）。"
                "请只保留要用的数据后再试。"
            )
        line = reader.line_num + 1
    return Grid(None, cells, widths=widths)
