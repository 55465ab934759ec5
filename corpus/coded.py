"""The items of a list that are numbered by a code: "A1 每百名学生…", "1.2 生均…", "指标3:…".

Letters and decimals stand in names and amounts too, so that a code is one only where the text has several.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CODE = re.compile(
    r"(?:[A-Za-z]\d{1,2}(?:[.\-—]\d{1,2}){0,2}|[A-Z](?=[ \u3000、.．])|\d{1,2}(?:\.\d{1,2}){1,3}(?=[ \u3000、])|指标\d{1,2}(?:[.\-—]\d{1,2})?)"
    r"[ \u3000]*[、.．:：]?[ \u3000]*(?=[\u4e00-\u9fff“])(?![万亿元人名所间册台个倍平页纸版幅级类班])"
)
"""What numbers an item at the head of its line."""
_FEWEST = 3

Line = tuple[int, str]


def coded(lines: Sequence[Line]) -> list[tuple[int, str, int]]:
    """Return (start, line, length of its code) of the coded ``lines``, none if they are too few to be a list."""
    found = [
        (start, text, match.end())
        for start, text in lines
        if (match := CODE.match(text)) and "|" not in text and "\t" not in text
    ]
    return found if len(found) >= _FEWEST else []
