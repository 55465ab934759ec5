"""The columns of a table: the cells that name each, and what it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from corpus.facts.tables_lines import Cell
from corpus.units import canonical

_ORDINAL = re.compile(r"(?:序|编|代|行|栏|顺序?)[号码次]|No\.?")
_UNIT_HEAD = re.compile(r"(?:计量)?单位")
_NOTE_HEAD = re.compile(
    r"备注|说明|附注|(?:数据)?来源|责任(?:单位|人|部门)|牵头.{0,4}|佐证.{0,6}|(?:计算)?(?:公式|方法|口径)|依据"
)
_TOLD_HEAD = re.compile(
    r"(?:存在|反馈|主要|突出|具体|发现|整改|工作|薄弱|改进|推进|落实|完成|自评|实施|执行|年度|重点|目标|任务|目前|已)*的?(?:问题|事项|不足|薄弱环节|措施|举措|做法|情况|进展|成效|打算|任务|目标)(?:描述|内容|表现|及(?:原因|进展|成效))?"
)
"""A column of sentences, as lists of problems and measures have: its figures are told there in words."""
_CODE = re.compile(r"[A-Za-z]{1,2}-?\d{1,2}|[A-Za-z]")
_HEAVENLY = "甲乙丙丁戊己庚辛壬癸"
Use = Literal["name", "unit", "ordinal", "note", "data"]


@dataclass(frozen=True, slots=True)
class Column:
    """``heads`` are the cells above each other that name the column, without repeats, from the top."""

    index: int
    heads: tuple[Cell, ...]
    use: Use

    @property
    def head(self) -> str:
        return " ".join(cell.text for cell in self.heads)

    @property
    def told(self) -> bool:
        return bool(self.heads) and bool(_TOLD_HEAD.fullmatch(self.heads[-1].text.replace(" ", "")))


def is_unit(text: str) -> bool:
    return text.strip("()") in ("%", "‰") or (canonical(text.strip("()")) or "") != ""


def is_ordinal(head: str) -> bool:
    """Tell whether a head is that of a column of ordinals or codes (序号)."""
    return bool(_ORDINAL.fullmatch(head))


def is_unit_head(head: str) -> bool:
    return bool(_UNIT_HEAD.fullmatch(head))


def numbered(row: list[Cell]) -> bool:
    """Tell whether a row only numbers the columns (甲 乙 1 2 3)."""
    texts = [cell.text.strip("()") for cell in row if cell.filled]
    if len(texts) > 2 and all(_CODE.fullmatch(text) for text in texts[1:]) and len(set(texts)) > 2:
        return all(_CODE.fullmatch(text) or text in _HEAVENLY for text in texts)
    if len(set(texts)) == len(texts) > 1 and all(_CODE.fullmatch(text) for text in texts):
        return True
    numbers = [int(text) for text in texts if re.fullmatch(r"\d{1,2}", text)]
    others = [text for text in texts if not re.fullmatch(r"\d{1,2}", text)]
    steady = all(b - a == 1 for a, b in pairwise(numbers)) and numbers[:1] in ([1], [0], [2])
    return (
        len(numbers) > 1
        and steady
        and all(t in _HEAVENLY or re.fullmatch(r"[栏行]次|序号", t) for t in others)
    )


def heads_of(head: list[list[Cell]], column: int) -> tuple[Cell, ...]:
    """Return the cells that name a column; a blank one takes what stands left of it, unless it is the lowest."""
    found: list[Cell] = []
    for level, row in enumerate(head):
        over = {cell.text for upper in head[:level] for cell in upper}
        if level and numbered([cell for cell in row if cell.text not in over]):
            row = [cell if cell.text in over else replace(cell, looks="empty") for cell in row]
        cell = row[column] if column < len(row) else None
        below = any(
            column < len(lower) and lower[column].filled for lower in head[level + 1 :] if not numbered(lower)
        )
        if cell is None or not cell.filled:
            merged = cell is not None and cell.looks == "merged"  # a ragged row has no cell here
            if not below and not merged:
                continue
            cell = next((c for c in reversed(row[:column]) if c.filled), None)
            if cell is None or (found and level and not merged):
                continue
        if all(cell.text != other.text for other in found):
            found.append(cell)
    return tuple(found)


def use_of(column: int, heads: tuple[Cell, ...], body: list[list[Cell]]) -> str:
    """Say what a column is for: "text" where words stand in it that may be names or not, "blank" for nothing."""
    cells = [row[column] for row in body if column < len(row) and row[column].filled]
    head = heads[-1].text.replace(" ", "") if heads else ""
    if not cells:
        return "data" if heads else "blank"
    texts = [cell.text for cell in cells]
    if _ORDINAL.fullmatch(head):
        return "ordinal"
    if _UNIT_HEAD.fullmatch(head) and sum(map(is_unit, texts)) * 2 >= len(texts):
        return "unit"
    if not head and column and len(texts) > 1 and all(map(is_unit, texts)):
        return "unit"  # (所), (人) between the names and the figures of a yearbook
    if _NOTE_HEAD.fullmatch(head):
        return "note"
    numbers = [cell for cell in cells if cell.looks == "number"]
    years = [cell for cell in cells if cell.looks == "year"]
    if len(numbers) == len(cells) and column == 0 and _counts_up(texts) and not head:
        return "ordinal"
    if (
        years
        and len(years) * 2 > len(cells)
        and (any("年" in t for t in texts) or _years(head, texts, column))
    ):
        return "text"
    if column == 0 and head and re.search(r"[\u4e00-\u9fff]", "".join(texts)) and not numbers:
        return "text"
    if (len(numbers) + len(years)) * 3 >= len(cells):
        return "data"
    told = sum(any(char.isdigit() for char in text) for text in texts)  # sentences with figures in them
    return "data" if column and told * 3 >= len(cells) else "text"


def _years(head: str, texts: list[str], column: int) -> bool:
    """Tell whether bare four-digit numbers are years: by their head, or because they go up or down one by one."""
    if re.search(r"年|时间", head) and not re.search(r"\d", head):
        return True
    numbers = [int(text) for text in texts if text.isdigit()]
    return column == 0 and len(numbers) > 1 and len({b - a for a, b in pairwise(numbers)}) == 1


def _counts_up(texts: list[str]) -> bool:
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
