"""HTML of a report's text with the marks of its audit: each claim set off, its mark in the margin of its line.

The text is data: every piece of it passes through ``html.escape``, and no character of a line is added or left out
between the marks. A long text is shown part by part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from assistant.faces import audit_words as words
from assistant.faces.audited import CLASSES, Audited, class_of, figures_of, place_of
from corpus.model import Report
from tools.audit.model import Finding

PART = 40_000
"""Characters shown at once: what a browser lays out without a person waiting for it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text that bears a mark: the figure of a finding, or its claim where it is in words only."""

    start: int
    end: int
    key: str
    number: int
    finding: Finding


def parts_of(text: str) -> list[tuple[int, int]]:
    """Cut a text into stretches of at most ``PART`` characters, at the end of a line where there is one."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = min(start + PART, len(text))
        if end < len(text):
            stops = (text.rfind(stop, start + PART // 2, end) + 1 for stop in "\n。")
            end = next(filter(None, stops), end)
        found.append((start, end))
        start = end
    return found or [(0, 0)]


def part_at(text: str, position: int) -> int:
    """Return which part holds a position."""
    return next((number for number, (_, end) in enumerate(parts_of(text)) if position < end), 0)


def marked_text(audited: Audited, keys: Mapping[str, Finding], part: int = 0, goto: int | None = None) -> str:
    """Return one part of the text; ``keys`` name the findings, ``goto`` is a position that a person asked for."""
    parts = parts_of(audited.report.text)
    part = min(max(part, 0), len(parts) - 1)
    spans = [
        Span(*place_of(one), key, number, one) for number, (key, one) in enumerate(keys.items(), start=1)
    ]
    spans.sort(key=lambda one: (one.start, one.end))
    inputs = sorted({(fact.start, fact.end) for one in keys.values() for fact in figures_of(one)})
    lines = "".join(_lines(audited.report, spans, inputs, *parts[part]))
    asked = "" if goto is None else f' data-goto="{goto}"'
    return (
        f"{_choice(parts, spans, part)}"
        f'<div class="jh-marked" tabindex="0" role="region" aria-label="报告正文和标记"{asked}>{lines}</div>'
    )


def _choice(parts: Sequence[tuple[int, int]], spans: Sequence[Span], shown: int) -> str:
    """Return the buttons that choose a part, with how many claims of each do not hold; "" for a short text."""
    if len(parts) == 1:
        return ""
    buttons = []
    for number, (low, high) in enumerate(parts):
        wrong = sum(low <= one.start < high and class_of(one.finding) == "inconsistent" for one in spans)
        state = ' aria-current="true"' if number == shown else ""
        told = f"（{words.MARKS['inconsistent']}{wrong}）" if wrong else ""
        buttons.append(f'<button type="button" data-part="{number}"{state}>{number + 1}{told}</button>')
    return (
        f'<nav class="jh-text-parts" aria-label="正文的部分">正文较长，分 {len(parts)} 部分显示：'
        f"{''.join(buttons)}</nav>"
    )


def _lines(
    report: Report, spans: Sequence[Span], inputs: Sequence[tuple[int, int]], low: int, high: int
) -> Iterator[str]:
    heads = {
        section.title.strip() for section in report.sections if section.start < high and section.end > low
    }
    starts = [one.start for one in spans]
    carried = [one for one in spans[: bisect_left(starts, low)] if one.end > low]
    first, blank = bisect_left(starts, low), True
    margin = list(carried)  # what the part before has not shown whole
    at = low
    while at < high:
        found = report.text.find("\n", at, high)
        end = high if found < 0 else found
        last = bisect_left(starts, end, first)
        here = [*carried, *spans[first:last]]
        margin += spans[first:last]
        said = report.text[at:end].strip()
        empty = not said
        if not (empty and blank):  # one empty line says as much as five
            text = "".join(_pieces(report.text, here, inputs, at, end))
            yield _line(report.text, text, margin, head=said in heads, empty=empty)
            margin = []
        carried = [one for one in here if one.end > end]
        first, blank, at = last, empty, end + 1


def _line(text: str, shown: str, margin: Sequence[Span], *, head: bool, empty: bool) -> str:
    ticks = "".join(_tick(text, one) for one in margin)
    look = " jh-head" if head else " jh-blank" if empty else ""
    return f'<div class="jh-line{look}"><span class="jh-margin">{ticks}</span><p>{shown}</p></div>'


def _tick(text: str, one: Span) -> str:
    shown = class_of(one.finding)
    quote = words.shortened(" ".join(text[one.finding.start : one.finding.end].split()))
    label = escape(
        f"第{one.number}处 {words.NAMES[shown]}：{words.check_name(one.finding)}，{quote}", quote=True
    )
    return (
        f'<button type="button" class="jh-tick jh-v-{shown}" data-finding="{escape(one.key, quote=True)}" '
        f'data-for="{one.start}" aria-label="{label}" title="{label}">{words.MARKS[shown]}</button>'
    )


def _pieces(
    text: str, spans: Sequence[Span], inputs: Sequence[tuple[int, int]], start: int, end: int
) -> Iterator[str]:
    """Yield the stretches of a line between all places where a mark begins or ends."""
    used = inputs[bisect_left(inputs, (start, 0)) : bisect_left(inputs, (end, 0))]
    places = {start, end}
    for low, high in [*((one.start, one.end) for one in spans), *used]:
        places |= {max(low, start), min(high, end)}
    begun = {low for low, _ in used}
    for low, high in pairwise(sorted(places)):
        over = [one for one in spans if one.start <= low and high <= one.end]
        yield _piece(text[low:high], low, high, over, read=low in begun)


def _piece(text: str, low: int, high: int, over: Sequence[Span], *, read: bool) -> str:
    if not over:
        return f'<span data-at="{low}">{escape(text)}</span>' if read else escape(text)
    shown = [one for one in CLASSES if any(class_of(span.finding) == one for span in over)]
    looks = "".join(f" jh-v-{one}" for one in shown)
    looks += "" if any(one.finding.stated for one in over) else " jh-wording"
    ending = "".join(
        words.MARKS[one]
        for one in CLASSES
        if any(class_of(span.finding) == one and span.end == high for span in over)
    )
    keys = escape(" ".join(one.key for one in over), quote=True)
    return (
        f'<mark class="jh-claim{looks}" data-finding="{keys}" data-at="{low}" data-mark="{ending}">'
        f"{escape(text)}</mark>"
    )
