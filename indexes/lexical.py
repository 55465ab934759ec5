"""Words of a text for the lexical index, and the SQLite FTS5 table that scores them by BM25.

Chinese is not cut into words: single characters and pairs of neighbours need no dictionary, never
split a name in the wrong place, and found more than a segmenter did on CMRC2018.
"""

from __future__ import annotations

import importlib.metadata
import json
import math
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from itertools import pairwise

FORMAT = 1
"""Raised whenever ``tokens`` changes, so that a stored index is built again."""


def signature() -> str:
    """Return what the tokens of a text depend on; an index of another signature is built again."""
    return f"{FORMAT}/{importlib.metadata.version('opencc')}/{unicodedata.unidata_version}"


_IDEOGRAPHS = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA_HANGUL = "\u3041-\u30ff\uac00-\ud7af"
_RUN = re.compile(
    rf"(?P<signs>[{_IDEOGRAPHS}{_KANA_HANGUL}]+)"
    r"|(?P<number>\d+(?:,\d{3})*(?:\.\d+)?(?![\d.]))"
    rf"|(?P<word>(?:(?![{_IDEOGRAPHS}{_KANA_HANGUL}_])\w)+)"
)
_MATCH_LIMIT = 256
"""Words of one query that are looked up; a longer query is no question but a text."""


@cache
def _simplified() -> dict[int, str]:
    """Return the characters that simplified Chinese writes differently, each with its one counterpart."""
    import opencc

    ranges = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x2A6E0))
    signs = [chr(point) for low, high in ranges for point in range(low, high)]
    folded = opencc.OpenCC("t2s").convert("\n".join(signs)).split("\n")
    return {ord(a): b for a, b in zip(signs, folded, strict=True) if a != b and len(b) == 1}


def simplify(text: str) -> str:
    """Return ``text`` with compatibility forms unified and traditional characters simplified.

    For comparing only: positions in the result are not positions in ``text``.
    """
    return unicodedata.normalize("NFKC", text).translate(_simplified())


def tokens(text: str) -> list[str]:
    """Return what a text is found by: characters and their pairs, numbers without commas, words.

    Case, full width and traditional characters make no difference.
    """
    found: list[str] = []
    for run in _RUN.finditer(simplify(text).lower()):
        signs, number = run["signs"], run["number"]
        if signs:
            found.extend(signs)
            found.extend(a + b for a, b in pairwise(signs))
        else:
            found.append(number.replace(",", "") if number else run["word"])
    return found


def query_tokens(text: str) -> list[str]:
    """Return the distinct tokens worth looking up: of a run of characters only its pairs.

    A single character of a longer word says little and is in nearly every passage.
    """
    found: dict[str, None] = {}
    for run in _RUN.finditer(simplify(text).lower()):
        signs, number = run["signs"], run["number"]
        if signs and len(signs) > 1:
            found.update((a + b, None) for a, b in pairwise(signs))
        else:
            found[number.replace(",", "") if number else run[0]] = None
    return list(found)[:_MATCH_LIMIT]


# The ascii tokenizer keeps every character above 127, whatever its age in Unicode, in a token; with
# the point added, what ``tokens`` returns is what the table holds.
SCHEMA = """
create virtual table if not exists lexical using fts5(words, content='', tokenize="ascii tokenchars '.'");
create virtual table if not exists lexicon using fts5vocab(lexical, row);
"""


def add_words(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Index ``(row number, text)`` pairs."""
    connection.executemany(
        "insert into lexical(rowid, words) values (?, ?)",
        ((row, " ".join(tokens(text))) for row, text in rows),
    )


def drop_words(connection: sqlite3.Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Take pairs out again; the text has to be the one that was added."""
    connection.executemany(
        "insert into lexical(lexical, rowid, words) values ('delete', ?, ?)",
        ((row, " ".join(tokens(text))) for row, text in rows),
    )


def find_words(
    connection: sqlite3.Connection,
    words: Collection[str],
    *,
    limit: int,
    rows: Collection[int] | None = None,
) -> dict[int, float]:
    """Return the BM25 scores (higher is better) of the best ``limit`` rows, of ``rows`` alone if given."""
    if not words or (rows is not None and not rows):
        return {}
    # The unary plus keeps FTS5 from running the whole query once for every row number.
    within = "" if rows is None else "and +rowid in (select value from json_each(:rows))"
    found = connection.execute(
        f"select rowid, -bm25(lexical) as score from lexical where lexical match :words {within} "
        "order by score desc, rowid limit :limit",
        {
            "words": " OR ".join(f'"{word}"' for word in words),
            "rows": None if rows is None else json.dumps(list(rows)),
            "limit": limit,
        },
    )
    return {row: float(score) for row, score in found}


def full_score(connection: sqlite3.Connection, words: Collection[str]) -> float:
    """Return the weight of all ``words`` together: what a passage gets that holds each of them once."""
    (total,) = connection.execute("select count(*) from passage").fetchone()
    known = dict(
        connection.execute(
            "select term, doc from lexicon where term in (select value from json_each(?))",
            (json.dumps(list(words)),),
        )
    )
    rows = [int(known.get(word, 0)) for word in words]
    # FTS5 weighs a word so, and holds what is in more than half of the rows just above nothing.
    return sum(max(math.log((total - n + 0.5) / (n + 0.5)), 1e-6) for n in rows)
