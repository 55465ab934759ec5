"""Where a text holds tables: lines of cells joined by ``|``, and what a cell is by its looks.

A table is a run of such lines. Lines with a single ``|`` (two columns) are one only where numbers stand in them;
a short line between two runs (a caption, 续表) joins them where the lower run goes on without a head of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

_LINE = re.compile(r"[^\n]+")
RULE = re.compile(r"[\s|:\-—+=]+")
_PAIR = re.compile(r"[^|]{1,80} ?\| ?[^|]{1,200}")
_NEW_TITLE = re.compile(
    r"^(?:附?表 ?[\d一二三四五六七八九十]|附件)|(?:表|一览|情况|统计)(?:\(.*\))?$|单位[:为]|[。;!?]|:$"
)
_CONTINUED = re.compile(
    r"\(?(?:续上?表|接上表|上接).{0,24}|.{2,40}\(续表?\)|第? ?\d{1,3} ?页|[—-] ?\d{1,3} ?[—-]|\d{1,3}/\d{1,3}"
)
_LONGEST_CAPTION = 40

Looks = Literal["empty", "merged", "year", "number", "text"]

_NOTHING = re.compile(
    r"(?:[\s\-—–―─－/\\…·.*~×X]|——)*|无|无数据|暂无|暂无数据|未统计|不详|[Nn]/?[AaLl]+|缺|null|NULL"
)
_MERGED = re.compile(r"\(?(?:合并|并入|含在).{0,8}\)?|\(?(?:同上|见上)\)?")
_YEAR = re.compile(
    r"(?:(?:19|20)\d\d)(?: ?(?:[-—~/至]) ?(?:(?:19|20)?\d\d))?(?: ?(?:学年度?|年度?))?(?:末|底|初|[春秋]季?|[上下]半年)?"
    r"|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日|底|末)?|(?:19|20)\d\d年\d{1,2}[-—~至]\d{1,2}月"
)
_NUMBER = re.compile(
    r"(?:近|约|超|逾|[+\-−—±△▲▽▼↑↓])? ?\(?[-−]?\d[\d,]*(?:\.\d+)? ?(?:%|‰|百分点|个百分点|[万亿千百]{0,2}[㎡²\u4e00-\u9fff]{0,4})\)?"
    r"(?:余|多)?(?:[①-⑳*#]|\[\d{1,2}\]|\((?:注? ?\d{1,2}|[①-⑳])\))?|1 ?: ?\d+(?:\.\d+)?|\d+(?:\.\d+)? ?: ?1|百分之.{1,6}"
)
_NAMED = re.compile(
    r"(?:19|20)\d\d ?(?:年|学年)[\u4e00-\u9fff]+|\d{1,4}-\d{1,2}|\d{1,2}[月号]|\d{1,2}班|\d{1,2}年级"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a line: ``[start, end)`` is its place with the blanks, ``text`` its folded words without."""

    start: int
    end: int
    text: str
    looks: Looks

    @property
    def filled(self) -> bool:
        return self.looks not in ("empty", "merged")


def looks_of(text: str) -> Looks:
    """Say what a folded cell is by its looks.

    >>> [looks_of(t) for t in ("2022年", "1,204", "12所", "98.5%", "小学", "—", "(合并)")]
    ['year', 'number', 'number', 'number', 'text', 'empty', 'merged']
    """
    if len(text) > 40:
        return "text"
    if _NOTHING.fullmatch(text):
        return "empty"
    if _MERGED.fullmatch(text):
        return "merged"
    if _YEAR.fullmatch(text):
        return "year"
    if _NUMBER.fullmatch(text) and not _NAMED.fullmatch(text):
        return "number"
    return "text"


def cells_of(folded: str, start: int, end: int) -> list[tuple[int, int]]:
    """Spans of the cells of a line; strokes that frame the line open no cell."""
    line = folded[start:end]
    closing = line.rstrip()
    if line.startswith("|") and closing.endswith("|") and len(closing) > 1:
        start, end = start + 1, start + len(closing) - 1
    cells, at = [], start
    for i in range(start, end + 1):
        if i == end or folded[i] == "|":
            cells.append((at, i))
            at = i + 1
    return cells


def row_of(folded: str, start: int, end: int) -> list[Cell]:
    """Return the cells of the line at ``[start, end)``."""
    cells = []
    for a, b in cells_of(folded, start, end):
        text = folded[a:b].strip()
        cells.append(Cell(a, b, text, looks_of(text)))
    return cells


def table_lines(folded: str) -> list[tuple[int, int]]:
    """Return the spans of the tables of a text, in order, without overlap."""
    runs: list[list[tuple[int, int]]] = []
    joining: list[tuple[int, int]] = []
    for match in _LINE.finditer(folded):
        if not match.group().strip():
            continue
        span, line = match.span(), match.group()
        if "|" in line and (line.count("|") > 1 or _PAIR.fullmatch(line)):
            if runs and (not joining or _goes_on(folded, runs[-1], joining, span)):
                runs[-1] += [*joining, span]
            else:
                runs.append([span])
            joining = []
        elif runs and len(joining) < 2 and len(line) <= _LONGEST_CAPTION:
            joining.append(span)
        else:
            joining = [(0, 0)] * 3  # too much stands between
    return [(run[0][0], run[-1][1]) for run in runs if _is_table(folded, run)]


def _goes_on(
    folded: str, run: list[tuple[int, int]], between: list[tuple[int, int]], span: tuple[int, int]
) -> bool:
    """Tell whether the line at ``span`` goes on with a table after the short lines ``between``."""
    if len(between) > 2:
        return False
    row = row_of(folded, *span)
    if len(row) != max(len(row_of(folded, *line)) for line in run[-2:]):
        return False
    words = [folded[a:b].strip() for a, b in between]
    if all(_CONTINUED.fullmatch(line) for line in words):
        return True
    if any(_NEW_TITLE.search(line) for line in words):
        return False
    return any(cell.looks == "number" for cell in row)


def _is_table(folded: str, run: list[tuple[int, int]]) -> bool:
    lines = [span for span in run if not RULE.fullmatch(folded[span[0] : span[1]])]
    rows = [row_of(folded, *span) for span in lines]
    if sum(len(row) > 2 for row in rows) > 1:
        return True
    numbers = sum(any(cell.looks == "number" for cell in row) for row in rows if len(row) > 1)
    return len([row for row in rows if len(row) > 1]) > 1 and numbers * 3 >= len(rows)
