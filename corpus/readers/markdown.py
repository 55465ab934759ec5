"""Markdown as its reader sees it: marks of emphasis, links and tables go, a row of a table is a line of cells.

Headings keep their #, by which ``corpus.sections`` knows them. What is struck through is left out.
"""

from __future__ import annotations

import datetime as dt
import html as entities
import re
from collections.abc import Iterator
from functools import partial

from corpus.dating import dates
from corpus.readers import html
from corpus.readers._raised import raised
from corpus.readers._raw import RawText, decode
from corpus.readers._tables import SEPARATOR
from corpus.readers._word_numbers import circled

NAME = "Markdown"
SUFFIXES = (".md", ".markdown")
LIGHT = True

_RULE = re.compile(r"\s*+\|?\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+")
_LINE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+)\s*")
_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})[^`]*")
_ITEM = re.compile(r"(?:[-*+]\s+(?:\[[ xX]\]\s+)?)+")
_NOTE = re.compile(r"\[\^([^\]\s]{1,30})\]:\s*")
_SPLIT = re.compile(r"(?<!\\)\|")
_HTML_TABLE = re.compile(r"<table\b(?:(?!<table\b).)*?</table\s*>", re.I | re.S)
_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->", re.S)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|div|em|font|hr|i|img|ins|p|small|span|strong|sub|u)\b[^<>\n]{0,300}>", re.I
)
_RAISED = re.compile(r"<sup>([^<>\n]{1,40})</sup>", re.I)
_STRUCK = re.compile(r"~~(?=\S)[^~\n]+~~|<(del|s|strike)>[^<>\n]*</\1>", re.I)
_MARKS = (
    (re.compile(r"!\[[^\[\]\n]*\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)"), ""),
    (re.compile(r"\[([^\[\]\n]+)\]\([^()\s]*(?:\s+\"[^\"\n]*\")?\)"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"(?<!\\)\$ ?([\d.,，]{1,20}(?:\\?%)?) ?\$"), r"\1"),
    (re.compile(r"(?<!\\)(`{1,2})(?!`)([^`\n]+)\1"), r"\2"),
    (re.compile(r"(?<!\\)(\*{1,3})(?![\s*])([^*\n]*[^*\s\\])\1"), r"\2"),
    (re.compile(r"(?<![\w\\])(_{1,3})(?![\s_])([^_\n]*[^_\s\\])\1(?!\w)"), r"\2"),
    (re.compile(r"(?<!\\)==(?=\S)([^=\n]+)=="), r"\1"),
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_FRONT = 60


def read(data: bytes, source: str) -> RawText:
    text, encoding = decode(data, source)
    declared, text = _front_matter(text)
    text = _HTML_TABLE.sub(_as_lines, _COMMENT.sub("", text))
    lines = list(_lines(text.split("\n")))
    return RawText(
        "\n".join(lines),
        encoding,
        title=declared.get("title"),
        published=_day(declared.get("date")),
        format="markdown",
    )


def _front_matter(text: str) -> tuple[dict[str, str], str]:
    """Take the block of fields at the head off, if there is one."""
    lines = text.split("\n", _FRONT + 1)
    if lines[0].strip() != "---":
        return {}, text
    end = next((i for i, line in enumerate(lines[1:_FRONT], 1) if line.strip() in ("---", "...")), 0)
    inside = lines[1:end]
    if not end or not all(re.match(r"\s*(?:[\w-]+\s*:|-\s|#|$)|\s+\S", line) for line in inside):
        return {}, text
    pairs = (line.partition(":") for line in inside if ":" in line)
    fields = {key.strip().lower(): value.strip().strip("\"'") for key, _, value in pairs}
    return {k: v for k, v in fields.items() if v}, "\n".join(lines[end + 1 :])


def _as_lines(match: re.Match[str]) -> str:
    return "\n" + html.read(match[0].encode("utf-8"), "").text + "\n"


def _lines(lines: list[str]) -> Iterator[str]:
    fenced = in_table = False
    notes: dict[str, str] = {}
    for index, line in enumerate(lines):
        if _FENCE.fullmatch(line):
            fenced = not fenced
            continue
        if fenced:
            yield line
            continue
        if _RULE.fullmatch(line) and "|" in line:
            in_table = True
            continue
        if _LINE.fullmatch(line):
            continue
        following = lines[index + 1] if index + 1 < len(lines) else ""
        heads = "|" in line and "|" in following and bool(_RULE.fullmatch(following))
        in_table = heads or (in_table and "|" in line)
        bare = line.strip()
        if in_table or (bare.startswith("|") and bare.endswith("|") and len(bare) > 2):
            yield _row(bare, notes)
        else:
            yield _line(line, notes)


def _row(line: str, notes: dict[str, str]) -> str:
    cells = _SPLIT.split(line.removeprefix("|"))
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()  # what follows the closing stroke
    return SEPARATOR.join(" ".join(_inline(cell, notes).split()) for cell in cells)


def _line(line: str, notes: dict[str, str]) -> str:
    text = line.lstrip(" \t") if line.strip(" \t") else ""
    text = re.sub(r"^(?:> *)+", "", text)
    text = text[item.end() :] if (item := _ITEM.match(text)) else text
    if note := _NOTE.match(text):
        text = f"注{_mark(note[1], notes)}：{text[note.end() :]}"
    if text.startswith("#") and (open_end := text.rstrip(" \t").rstrip("#")).endswith(" "):
        text = open_end.rstrip(" \t") or text
    return _inline(text.rstrip("\\") if text.endswith("\\") else text, notes).rstrip(" \t")


def _inline(text: str, notes: dict[str, str]) -> str:
    if re.search(r"[\\*_~`<&\[$=]", text) is None:
        return text
    text = _STRUCK.sub("", text)
    text = re.sub(r"\[\^([^\]\s]{1,30})\]", lambda m: _mark(m[1], notes), text)
    text = _RAISED.sub(lambda m: raised(m[1], m.string[max(m.start() - 12, 0) : m.start()]), text)
    for pattern, kept in _MARKS:
        text = pattern.sub(partial(_without, kept), text)
    text = _TAG.sub(lambda m: " " if m[0].lower().startswith("<br") else "", text)
    return entities.unescape(_ESCAPE.sub(r"\1", text)).replace("\u00a0", " ")


def _without(kept: str, match: re.Match[str]) -> str:
    """What a mark encloses; with the marks where they keep two figures apart, as in 3*4*5."""
    inside, (start, end) = match.expand(kept), match.span()
    joins = (
        match.string[start - 1 : start].isdigit() and (inside or match.string[end : end + 1])[:1].isdigit()
    )
    joins |= inside[-1:].isdigit() and match.string[end : end + 1].isdigit()
    return match[0] if joins else inside


def _mark(name: str, notes: dict[str, str]) -> str:
    return notes.setdefault(name, circled(len(notes) + 1))


def _day(written: str | None) -> dt.date | None:
    found = dates(written) if written else []
    return found[0][1] if found else None
