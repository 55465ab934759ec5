"""What a cell of a workbook shows, as text: the value that is stored, with the percent sign, decimals and unit of its format.

A format may show fewer digits than are stored, and then the stored ones count: 0.235217 as 0.00% is 23.5217%. Only a
quotient, which fills all digits that a spreadsheet has, is what its format shows. A format that shows a value on
another scale (thousands, 万) makes the figure doubtful, so it is none.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

from corpus.schools.grid import Raw
from corpus.schools.xlsx import plain

LONGEST = 20_000
"""Characters of one cell."""
_QUOTIENT = 12
"""Significant digits from which a number is a quotient: no count and no amount of an office has so many."""
_GENERAL = "\x00"
_TOKEN = re.compile(r'"[^"]*"|\\.|!.|_.|\*.|\[[^\]]*\]|.', re.S)
_CURRENCY = re.compile(r"[¥￥$€£\s()（）+-]*")


@dataclass(frozen=True, slots=True)
class _Shape:
    """How a number format writes: ``decimals`` None where as many as there are; ``scaled`` if not the value itself."""

    percent: bool = False
    decimals: int | None = None
    before: str = ""
    after: str = ""
    scaled: bool = False


@dataclass(slots=True)
class Cells:
    """Writes the cells of one workbook; ``seen`` counts what a person should know: "scaled", "rounded"."""

    seen: Counter[str] = field(default_factory=Counter)

    def of_openpyxl(self, cell: Any) -> Raw | None:
        if cell.data_type == "f":
            return None  # a formula without a stored value is told of by the reader of the sheets
        if cell.data_type == "e":
            return Raw(str(cell.value), "error")
        return self.of_value(cell.value, cell.number_format or "")

    def of_value(self, value: object, number_format: str) -> Raw | None:
        """Return what a stored value shows in a number format; None for nothing."""
        if value is None:
            return None
        if isinstance(value, bool):
            return Raw("TRUE" if value else "FALSE", "boolean")
        if isinstance(value, int | float):
            return self._number(value, number_format)
        if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
            return Raw(_date(value, number_format), "date")
        written = str(value)[:LONGEST].strip()
        if re.fullmatch(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|GETTING_DATA|SPILL!|CALC!)", written):
            return Raw(written, "error")
        return Raw(written) if written else None

    def _number(self, value: int | float, number_format: str) -> Raw:
        if (isinstance(value, float) and not math.isfinite(value)) or abs(value) >= 10**15:
            return Raw(str(value)[:40], "error")
        shape = _shape(number_format)
        if shape.scaled:
            self.seen["scaled"] += 1
            return Raw("", "number")
        exact = Decimal(plain(value)) * (100 if shape.percent else 1)
        digits = max(0, -int(exact.normalize().as_tuple().exponent)) if exact else 0
        places = digits
        if shape.decimals is not None:
            places = max(shape.decimals, digits)
            if digits > shape.decimals and len(exact.normalize().as_tuple().digits) >= _QUOTIENT:
                places = shape.decimals
                self.seen["rounded"] += 1
        written = f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):f}"
        if not written.strip("-0."):
            written = written.lstrip("-")
        written = f"{shape.before}{written}{'%' * shape.percent}{shape.after}"
        return Raw(written, "percent" if shape.percent else "number")


@lru_cache(maxsize=1024)
def _shape(number_format: str) -> _Shape:
    written = re.sub(r"General|G/通用格式|@", _GENERAL, number_format[:200], flags=re.I) or _GENERAL
    percent = scaled = False
    before, after, digits = "", "", ""
    ended = False
    for token in _TOKEN.findall(written):
        if token == ";":
            break
        if token[0] in "_*[" and len(token) > 1:
            continue
        if token in f"#0?.,{_GENERAL}":
            scaled |= ended and token != "," and bool(digits)
            digits += token
            continue
        if token == "%":
            percent = True
            continue
        literal = token.strip('"') if token[0] == '"' else token.lstrip("\\!")
        if token in "Ee/" and digits:
            return _Shape(percent)
        if digits:
            after += literal
            ended = True
        else:
            before += literal
    scaled |= re.search(r"[#0?],+(?:$|\.)", digits) is not None
    fixed = re.fullmatch(r"[#0?,]*(?:\.(0*)[#?]*)?", digits)
    decimals = len(fixed[1] or "") if fixed and digits and not re.search(r"\.0*[#?]", digits) else None
    if _GENERAL in digits or not digits:
        decimals = None
    return _Shape(percent, decimals, _unit(before), _unit(after), scaled)


def _unit(literal: str) -> str:
    return "" if _CURRENCY.fullmatch(literal) else literal.strip()[:12]


def _date(value: dt.datetime | dt.date | dt.time | dt.timedelta, number_format: str) -> str:
    """Write a date as people write it, as far down as its format goes.

    >>> _date(dt.datetime(2023, 9, 1), "yyyy/m/d"), _date(dt.datetime(2023, 9, 1), 'yyyy"年"m"月"')
    ('2023年9月1日', '2023年9月')
    """
    if isinstance(value, dt.timedelta):
        return str(value)
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    letters = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", number_format).lower()
    written = f"{value.year}年"
    if not letters or "d" in letters or "m" not in letters.replace("h:m", ""):
        only_year = bool(letters) and not {"d", "m"} & set(letters)
        written += "" if only_year else f"{value.month}月{value.day}日"
    else:
        written += f"{value.month}月"
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        written += f" {value:%H:%M}"
    return written
