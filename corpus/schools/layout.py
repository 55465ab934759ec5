"""Which rows below a header are schools, and what else of a sheet a person should know."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from corpus.schools.cells import is_blank
from corpus.schools.columns import COLUMNS, WORDS
from corpus.schools.grid import Grid, Raw, ref_of
from corpus.schools.headers import ENOUGH, Header, find_header, same_header
from corpus.schools.model import Problem
from corpus.schools.reading_headers import tidy

_SUM = "合计|总计|小计|累计|共计|汇总|总数|平均|平均数|平均值|均值"
_TOTAL = re.compile(
    rf"(?:.{{0,12}}(?:{_SUM})|(?:{_SUM})(?:\d.{{0,10}}|小学|初中|高中|城区|镇区|乡村)|全[县区市旗州镇乡](?:总体|情况)?)"
)
_NOTE = re.compile(
    r"(?:注|备注|说明|附注|填表|制表|填报|审核|复核|单位负责人|负责人|联系|经办|校对|数据来源|资料来源).*"
)
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"


def school_rows(header: Header, problems: list[Problem]) -> list[int]:
    """Return the rows that are schools; totals, notes and repeated headers are told in ``problems``."""
    grid = header.grid
    name = header.named["name"].column
    found = []
    for row in grid.rows:
        if row <= header.bottom:
            continue
        filled = {c: raw for c in grid.columns if (raw := grid.at(row, c)) is not None}
        if all(is_blank(raw) for raw in filled.values()):
            continue
        first = name if name in filled else min(filled)
        shown = filled[first].printed
        if (total := _total(header, filled)) is not None:
            _tell(
                problems,
                header,
                row,
                total,
                "total_row",
                filled[total].printed,
                "是汇总，不是一所学校，这一行没有读",
            )
        elif _numbered(header, row, filled):
            _tell(problems, header, row, first, "note_row", shown, "这一行是各列的编号，没有读")
        elif (again := same_header(header, row)) is not None:
            severity = "warning" if again else "error"
            why = "又是表头，没有读" if again else "是另一个表头，各列的含义变了；请把两张表分开"
            _tell(problems, header, row, first, "second_header", shown, why, severity)
        elif (len(filled) == 1 and _NOTE.fullmatch(tidy(shown))) or (
            len({id(raw) for raw in filled.values()}) == 1 and _NOTE.fullmatch(tidy(shown))
        ):
            _tell(problems, header, row, first, "note_row", shown, "是表后的说明，没有读")
        else:
            found.append(row)
    return found


def _total(header: Header, filled: dict[int, Raw]) -> int | None:
    """Return the column whose words say that the row adds up others: the name, or a word before it."""
    name = header.named["name"].column
    for column in sorted(filled, key=lambda c: (c != name, c)):
        heading = next((h for h in header.headings if h.column == column), None)
        words = heading is None or heading.named.key is None or heading.named.key in WORDS
        if words and column <= max(name, header.named["kind"].column if "kind" in header.named else name):
            if _TOTAL.fullmatch(re.sub(r"[^\w\u4e00-\u9fff]", "", tidy(filled[column].printed))):
                return column
        if (
            column == name
            and not is_blank(filled[name])
            and not re.fullmatch(r"[\d\W]*", filled[name].printed)
        ):
            return None  # a school's own name decides
    return None


def _numbered(header: Header, row: int, filled: dict[int, Raw]) -> bool:
    """Tell whether the first row below the header only numbers the columns (甲 乙 1 2 3 …)."""
    below = [r for r in header.grid.rows if r > header.bottom]
    texts = [tidy(filled[c].printed).strip("()") for c in sorted(filled)]
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,3}", text)]
    letters = [text for text in texts if text and text in _HEAVENLY]
    steady = all(b - a == 1 for a, b in itertools.pairwise(numbers))
    return (
        bool(below) and row == below[0] and len(numbers) > ENOUGH and steady
        and numbers[0] in (0, 1, len(letters) + 1) and len(numbers) + len(letters) == len(texts)
    )  # fmt: skip


def _tell(
    problems: list[Problem], header: Header, row: int, column: int, kind: str, value: str, why: str,
    severity: str = "warning",
) -> None:  # fmt: skip
    key = next((h.named.key for h in header.headings if h.column == column), None)
    name = COLUMNS[key].header if key else None
    shown = f"（{name}）" if name else ""
    problems.append(
        Problem(
            "error" if severity == "error" else "warning", kind, header.grid.sheet, ref_of(row, column), name, None,
            value, f"{header.grid.where(row, column)}{shown}写的是“{value}”：{why}",
        )
    )  # fmt: skip


def odd_layout(header: Header, rows: Sequence[int]) -> list[Problem]:
    """Return warnings about hidden rows and columns that were read, and merged areas that hold several cells."""
    grid, problems = header.grid, list[Problem]()
    hidden = [row for row in rows if row in grid.hidden_rows]
    if hidden:
        listed = "、".join(f"第{row}行" for row in hidden)
        problems.append(_sheet_problem(
            grid, "hidden_row", ref_of(hidden[0], 1), listed, f"工作表“{grid.sheet}”的{listed}是隐藏的，照常读入；如不该计入请删去"
        ))  # fmt: skip
    for heading in header.headings:
        if heading.column in grid.hidden_columns and heading.named.key:
            where = grid.where(heading.row, heading.column)
            problems.append(_sheet_problem(
                grid, "hidden_column", ref_of(heading.row, heading.column), heading.printed,
                f"{where}的列“{heading.printed}”是隐藏的，照常读入；请确认内容无误",
            ))  # fmt: skip
    wanted = set(rows)
    columns = {heading.column: heading.named.key for heading in header.headings if heading.named.key}
    for area in grid.merged:
        covered = [c for c in range(area.left, min(area.right, area.left + 600) + 1) if c in columns]
        inside = [row for row in rows if area.top <= row <= area.bottom] if wanted else []
        raw = grid.cells.get((area.top, area.left))
        if not covered or not inside or raw is None or (area.top, area.left) == (area.bottom, area.right):
            continue
        first = ref_of(area.top, area.left)
        shown = f"{first}:{ref_of(area.bottom, area.right)}"
        names = "、".join(COLUMNS[columns[c] or ""].header for c in covered)
        if all(columns[c] in WORDS for c in covered):
            why = "各行都按这个内容读"
        else:
            why = "分不清各格各是多少，这些格按没有数据处理；请取消合并，逐格填写"
        problems.append(_sheet_problem(
            grid, "merged_cells", first, raw.printed,
            f"工作表“{grid.sheet}”{shown}（{names}）是合并的单元格，写的是“{raw.printed}”：{why}", names,
        ))  # fmt: skip
    return problems


def other_sheets(grids: Sequence[tuple[Grid, bool]], chosen: Grid) -> list[Problem]:
    """Return warnings about hidden sheets with content, and about visible ones that look like school tables."""
    problems = []
    for grid, hidden in grids:
        if grid is chosen or not grid.cells:
            continue
        (row, column), raw = min(grid.cells.items())
        ref = ref_of(row, column)
        if hidden:
            why = f"工作表“{grid.sheet}”是隐藏的，里面有内容（{ref}起：“{raw.printed[:40]}”），没有读；需要时请取消隐藏"
            problems.append(_sheet_problem(grid, "hidden_sheet", ref, raw.printed, why))
        elif (header := find_header(grid)) is not None and len(header.named) >= ENOUGH:
            why = (
                f"工作表“{grid.sheet}”也像学校数据表（表头在第{header.bottom}行），没有读，"
                f"只读了“{chosen.sheet}”；需要时请另存为单独的文件"
            )
            problems.append(_sheet_problem(grid, "further_sheet", ref, raw.printed, why))
    return problems


def _sheet_problem(
    grid: Grid, kind: str, cell: str | None, value: str | None, why: str, column: str | None = None
) -> Problem:
    return Problem("warning", kind, grid.sheet, cell, column, None, value, why)
