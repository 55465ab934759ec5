"""Labels of figures, made by reading (tests/facts/README.md), and where each stands in a report's text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

Span = tuple[int, int]

_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_ALIASES = {"名": "人", "位": "人", "个百分点": "百分点", "㎡": "平方米", "％": "%"}
_BLANK = re.compile(r"\s+")
_BETWEEN = " | "
"""Between the cells of a row, as the readers write tables."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A figure by its surroundings, for files that have no offsets: see the README beside the labels."""

    printed: str
    row: tuple[str, ...] = ()
    before: str | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a labels file; tuples hold all readings that are fair."""

    report: str
    span: Span | None
    anchor: Anchor | None
    value: Decimal
    units: tuple[str, ...]
    metric: str
    metric_id: str | None
    must: tuple[str, ...]
    stages: tuple[str | None, ...]
    periods: tuple[str | None, ...]
    kinds: tuple[str, ...]
    roles: tuple[str, ...]
    without: tuple[str, ...] = ()
    not_ids: tuple[str, ...] = ()
    optional: bool = False
    row: dict[str, Any] = field(default_factory=dict, compare=False, hash=False)

    def has_period(self, key: str | None) -> bool:
        return any(
            p == "*" or p == key or (p is not None and p.endswith("*") and (key or "").startswith(p[:-1]))
            for p in self.periods
        )


def _all(given: Any) -> tuple[Any, ...]:
    return tuple(given) if isinstance(given, list) else (given,)


def _label(row: dict[str, Any]) -> Label:
    anchor = row.get("anchor")
    return Label(
        report=row["report"],
        span=None if anchor else (row["start"], row["end"]),
        anchor=Anchor(anchor["printed"], tuple(anchor["row"]), anchor["before"], anchor["column"])
        if anchor
        else None,
        value=Decimal(row["value"]),
        units=_all(row["unit"]),
        metric=row["metric"],
        metric_id=row["metric_id"],
        must=tuple(row["must"]),
        stages=_all(row["stage"]),
        periods=_all(row["period"]),
        kinds=_all(row["kind"]),
        roles=_all(row["role"]),
        without=tuple(row.get("not", ())),
        not_ids=tuple(row.get("not_ids", ())),
        optional=bool(row.get("optional")),
        row=row,
    )


def read_labels(path: Path) -> dict[str, list[Label]]:
    """Return the labels of a file by report; SystemExit names the line that is no label."""
    labels: dict[str, list[Label]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                label = _label(json.loads(line))
            except (ValueError, ArithmeticError, KeyError, TypeError) as broken:
                raise SystemExit(f"{path}:{number}: {broken!r}") from broken
            labels.setdefault(label.report, []).append(label)
    return labels


def amount(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """Return an amount in its unit without scale: 2万人次 and 20000人次 are the same; 名 is 人."""
    name = unit
    while name and name[0] in _SCALES:
        value, name = value * _SCALES[name[0]], name[1:]
    return value, _ALIASES.get(name, name)


def same_amount(label: Label, value: Decimal, unit: str, *, sign: bool) -> bool:
    """Whether ``value`` and ``unit`` are what the label says; without ``sign`` only the size counts.

    元/生 and 元 agree: the stroke says what 生均 has said already.
    """
    read, name = amount(value, unit)
    for accepted in label.units:
        stated, wanted = amount(label.value, accepted)
        if wanted != name and not (
            wanted.partition("/")[0] == name.partition("/")[0]
            and "" in (wanted[len(name) :], name[len(wanted) :])
        ):
            continue
        if read == stated or (not sign and abs(read) == abs(stated)):
            return True
    return False


def place(labels: list[Label], raw: str, text: str) -> list[Span | None]:
    """Return where each label's figure stands in ``text``, the report read from a file with the text ``raw``."""
    moved = None if raw == text else _Alignment(raw, text)
    spans: list[Span | None] = []
    for label in labels:
        if label.anchor:
            spans.append(_find(label.anchor, text))
        elif label.span:
            spans.append(moved.span(label.span) if moved else label.span)
    return spans


class _Alignment:
    """Characters of one text found again in another that a reader has tidied."""

    def __init__(self, raw: str, text: str) -> None:
        self.to: dict[int, int] = {}
        # Line by line first: characters are compared only where lines differ.
        one, other = raw.splitlines(keepends=True), text.splitlines(keepends=True)
        starts = [_starts(one), _starts(other)]
        for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
            left, right = starts[0][a], starts[1][c]
            if tag == "equal":
                self.to.update((left + i, right + i) for i in range(starts[0][b] - left))
            else:
                pieces = SequenceMatcher(
                    None, raw[left : starts[0][b]], text[right : starts[1][d]], autojunk=False
                )
                for m in pieces.get_matching_blocks():
                    self.to.update((left + m.a + i, right + m.b + i) for i in range(m.size))

    def span(self, span: Span) -> Span | None:
        found = [self.to[i] for i in range(*span) if i in self.to]
        return (found[0], found[-1] + 1) if found else None


def _starts(lines: list[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _find(anchor: Anchor, text: str) -> Span | None:
    """The figure in the first line that has the words of its row, in its column if the cell is there."""
    start = 0
    for line in text.splitlines(keepends=True):
        if all(_squeeze(words) in _squeeze(line) for words in anchor.row):
            at = _in_line(anchor, line.rstrip("\n"))
            if at is not None:
                return start + at, start + at + len(anchor.printed)
        start += len(line)
    return None


def _in_line(anchor: Anchor, line: str) -> int | None:
    if anchor.before:
        at = line.find(anchor.before + anchor.printed)
        return None if at < 0 else at + len(anchor.before)
    cells = line.split(_BETWEEN)
    if anchor.column is not None and anchor.column < len(cells):
        cell = cells[anchor.column]
        at = len(cell) - len(cell.lstrip())
        if re.match(re.escape(anchor.printed) + r"(?![0-9.,])", cell[at:]):
            return sum(len(c) + len(_BETWEEN) for c in cells[: anchor.column]) + at
    return None


def _squeeze(text: str) -> str:
    return _BLANK.sub("", text)
