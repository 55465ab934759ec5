"""Tables written as lines of cells ("类别 | 学校数 | …"): each number is a fact of its row and column.

What a table looks like is settled in ``tables_lines`` and ``tables_layout``, what a head says in ``tables_heads``,
a number's name in ``tables_naming`` and its unit in ``tables_units``. A unit that nothing says is left open ("").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from corpus.facts import tables_told
from corpus.facts.tables_cells import MARKS, cell_fact, core_of, kind_of, period_of
from corpus.facts.tables_columns import Column
from corpus.facts.tables_frame import binds, frame_of
from corpus.facts.tables_heads import Head, read_head
from corpus.facts.tables_layout import Block, Row, blocks
from corpus.facts.tables_lines import cells_of as cells_of
from corpus.facts.tables_lines import table_lines as table_lines
from corpus.facts.tables_naming import name_cell
from corpus.facts.tables_reading import Names, Reading, first_in, number_in
from corpus.facts.tables_titles import names_itself
from corpus.facts.tables_told import Told
from corpus.facts.tables_units import Stated
from corpus.facts.tables_words import heads_only, tells_metric
from corpus.model import Fact, Quantity, Report

Prose = Callable[[int, int, str], list[Fact]]
"""Reads ``[start, end)`` of the text as running text that stands under the given words."""

_SENTENCE = re.compile(r"[,;。!?]|.{30}")
"""Words in a cell that tell something rather than name it."""
_MEASURES = re.compile(r"(?:措施|举措|打算|任务)(?:内容)?$")
_LACK = re.compile(r"(?:尚|还|仍|共)*(?:缺口|缺额|短缺|缺少|缺|差距|差)(?:面积|人数|数|额)?")
_SHORT = re.compile(
    r"(?:仍|还|普遍|明显|严重|较为?)*(?:不足|不够|短缺|紧缺|偏[低少小紧]|滞后|不达标|未达标)$"
)
_DONE = re.compile(r"已|完成|新增了|建成|累计|增加了|[至到]位了|整改后|现有|目前")
_SEVERAL = re.compile(r"[^\s,;(]*\d[^\s,;(:]*(?:\s+(?!(?:个|名|所|人|元|%))[^\s,;(]*\d[^\s,;(:]*)+")
_ASIDE = re.compile(r"\s*[(,;，；（]")


def table_facts(
    report: Report,
    folded: str,
    span: tuple[int, int],
    quantities: Sequence[Quantity],
    prose: Prose | None = None,
) -> list[Fact]:
    """Return the facts of the tables in ``span``, of which ``quantities`` are the amounts.

    A cell that is wholly a number is one fact; marks such as (合并), / and — are none. Words with numbers in them are
    read by ``prose``, with the heads as what they stand under.
    """
    facts: list[Fact] = []
    for block in blocks(folded, span):
        facts.extend(_block_facts(report, folded, block, quantities, prose))
    return facts


def _block_facts(
    report: Report, folded: str, block: Block, quantities: Sequence[Quantity], prose: Prose | None
) -> Iterator[Fact]:
    frame = frame_of(report, folded, block)
    columns = _column_heads(block)
    heads = [head for of in columns.values() for head in of]
    heads += [read_head(row.names[-1].text) for row in block.rows if row.names]
    percents = any(head.move in ("rate", "share") for head in heads)
    stated = Stated(frame.units, percents)
    horizon = _horizon(heads) if binds(block) else None
    starts = [q.start for q in quantities]
    reading = Reading(report, folded, frame, columns, stated, quantities, starts, horizon, _baseline(heads))
    for column in block.data:
        values = [q.value for row in block.rows if (q := number_in(reading, row.at(column))) is not None]
        reading.large[column.index] = any(abs(value) > 1 for value in values)
    named = any(column.use == "name" for column in block.columns)
    alone = sum(not row.names for row in block.rows) < 2
    parents = _Parents()
    for row in block.rows:
        units = _row_units(block, row)
        names = parents.of(row, units)
        if row.blank:
            continue
        if row.names or (alone and not named):
            yield from _row_facts(reading, block, row, names, units, prose)
        elif prose is not None:  # nothing says whose the numbers are, but what sentences tell they tell alone
            story = tables_told.story(block, row)
            for column in filter(lambda column: column.told, block.columns):
                yield from _told_facts(reading, column, row, prose, story)


def _horizon(heads: Sequence[Head]) -> int | None:
    """Return the last year that heads name, None where they name one only or none."""
    years = {int(head.period) for head in heads if head.period and re.fullmatch(r"\d{4}", head.period)}
    return max(years) if len(years) > 1 else None


def _baseline(heads: Sequence[Head]) -> int | None:
    """Return the year of a head that calls itself the state that a plan begins with."""
    years = [head.period for head in heads if head.start and head.period]
    return next((int(year) for year in years if re.fullmatch(r"\d{4}", year)), None)


def _column_heads(block: Block) -> dict[int, tuple[Head, ...]]:
    """Return the heads of each column; 其中:女 takes the words of the column that it is a part of."""
    found: dict[int, tuple[Head, ...]] = {}
    whole: tuple[Head, ...] = ()
    for column in block.data:
        heads = tuple(read_head(cell.text) for cell in column.heads)
        at = next((i for i, head in enumerate(heads) if head.among), None)
        if at is not None and names_itself("".join(head.own for head in heads[at:])):
            heads = (*(head for head in heads[:at] if not tells_metric(head)), *heads[at:])
        elif heads and heads[0].among and len(heads) == 1:
            heads = (*(head for head in whole if not head.whole), *heads)
        elif heads and not heads[-1].among:
            whole = heads
        found[column.index] = heads
    return found


class _Parents:
    """Keeps what a row is a part of: by 其中, or by its numbering under that of a row above."""

    def __init__(self) -> None:
        self.outer: tuple[str, ...] = ()
        self.whole: Head | None = None
        self.numbered: list[Head] = []
        self.heading: list[Head] = []
        """Those of ``numbered`` that have no figures of their own: they head the rows without a number as well."""
        self.measure: tuple[Head, ...] = ()
        """The last metric that names a row, of which the rows below it are told by stage, place or kind."""

    def of(self, row: Row, units: tuple[str, ...] = ()) -> Names:
        heads = tuple(read_head(cell.text) for cell in row.names)
        group = (read_head(row.group.text),) if row.group else ()
        if not heads:
            return Names((), group)
        outer, last = tuple(h.text for h in heads[:-1]), heads[-1]
        if outer != self.outer:
            self.outer, self.whole = outer, None
        parents: list[Head] = []
        if last.level is not None:
            self.numbered = [h for h in self.numbered if h.level is not None and h.level < last.level]
            self.heading = [h for h in self.heading if h in self.numbered]
            parents += self.numbered
            if row.blank:
                self.heading.append(last)
        elif not last.among:
            self.numbered = list(self.heading)
            parents += self.heading
        if last.among:
            parents += [h for h in self.numbered if h is not self.whole]
            if self.whole is not None:
                parents.append(self.whole)
            elif len(heads) > 1:
                parents.append(heads[-2])
        else:
            self.whole = last
            if last.level is not None:
                self.numbered.append(last)
        parents = [head for head in parents if head not in self.heading or not heads_only(head.own)]
        named = tells_metric(last) and not last.among
        above = () if named or last.whole else self.measure
        if named:
            self.measure = (last if last.units else replace(last, units=units),)
        return Names(heads, (*group, *parents), above)


def _row_units(block: Block, row: Row) -> tuple[str, ...]:
    """Return what the columns of units say of a row."""
    stated = next((cell for c in block.columns if c.use == "unit" and (cell := row.at(c))), None)
    return read_head(f"({stated.text.strip('()')})").units if stated and stated.filled else ()


def _row_facts(
    reading: Reading, block: Block, row: Row, names: Names, units: tuple[str, ...], prose: Prose | None
) -> Iterator[Fact]:
    levels: list[tuple[str, Fact]] = []
    story = tables_told.story(block, row)
    for column in block.columns:
        cell = row.at(column)
        if column.use == "name" and column.told and prose is not None:
            yield from _told_facts(reading, column, row, prose, story)
        found = first_in(reading, cell)
        if cell is None or found is None or column.use not in ("data", "note"):
            continue
        if _SEVERAL.fullmatch(cell.text):
            continue  # figures of several lines, and no word which is whose
        quantity, before, after = found
        own = column.use == "data" and before in ("", "+") and (not after or bool(_ASIDE.match(after)))
        marked = column.use == "data" and before != "" and before in MARKS and after in ("", ")")
        fact: Fact | None = None
        if own or marked:
            fact = cell_fact(reading, row, column, cell, quantity, names, units, levels, before)
        if fact is not None:
            if fact.role == "share":
                levels.append((core_of(reading.columns[column.index]), fact))
            if fact.role == "level":
                levels.append((core_of(reading.columns[column.index]), fact))
                words = "".join(head.own for head in names.own if not head.move)
                reading.by_column.setdefault(column.index, []).append((words, fact))
            yield fact
        if prose is not None and (after if own else not marked):
            start = quantity.full_end if own else cell.start
            yield from _prose_facts(reading, column, (start, cell.end), names, prose, story)


def _lacking(reading: Reading, fact: Fact, start: int) -> Fact:
    """Return ``fact`` with what is lacking ("运动场面积不足,缺口2万平方米"), where its clause says only that it lacks."""
    before, _, _ = reading.folded[start : fact.clause[0]].strip().rstrip(",;、").rpartition("。")
    before = reading.folded[start : fact.clause[0]].strip(" ,;、。") if not before else ""
    if not _LACK.fullmatch(fact.metric) or not before or _SENTENCE.search(before) or re.search(r"\d", before):
        return fact
    metric = f"{_SHORT.sub('', before)}{fact.metric}"
    return replace(fact, metric=metric, label=f"{before} {fact.label}", metric_id=None)


def _told_facts(
    reading: Reading, column: Column, row: Row, prose: Prose, story: Told | None = None
) -> Iterator[Fact]:
    """Read a cell of words that needs no name of its row: a problem found, a measure taken."""
    cell = row.at(column)
    if (
        cell is not None
        and (cell.looks == "text" or story is not None)
        and column.use in ("name", "data")
        and first_in(reading, cell)
    ):
        yield from _prose_facts(reading, column, (cell.start, cell.end), Names((), ()), prose, story)


def _prose_facts(
    reading: Reading,
    column: Column,
    span: tuple[int, int],
    names: Names,
    prose: Prose,
    row: Told | None = None,
) -> Iterator[Fact]:
    """Read the words of a cell as running text under its heads, which also say its time and kind."""
    report = reading.report
    columns = reading.columns.get(column.index, ())
    heads = (*names.parents, *names.own, *columns)
    words = (
        ""
        if column.told
        else "".join(h.own for h in heads if h.own and not h.generic and not _SENTENCE.search(h.own))
    )
    measures = bool(column.heads) and bool(_MEASURES.search(column.heads[-1].text))
    timed = any(head.period or head.relative for head in heads)
    kind = kind_of(reading, names, columns)
    naming = name_cell([*names.parents, *names.own], columns, reading.frame, "", report)
    behind = tables_told.reported(column.head) and column.told
    for fact in prose(*span, words):
        if fact.start < span[0] or fact.end > span[1]:
            continue
        if behind and not timed and fact.period == (str(report.year) if report.year else None):
            fact = replace(fact, period=None)
        elif timed or fact.period == (str(report.year) if report.year else None):
            fact = replace(fact, period=period_of(reading, names, columns))
        if fact.kind == "actual":
            done = _DONE.search(reading.folded[fact.clause[0] : fact.end])
            fact = replace(fact, kind="plan" if measures and not done else kind)
        fact = _lacking(reading, fact, span[0]) if column.told else fact
        if column.told and row is not None:
            fact = tables_told.leaning(fact, row.told, row.words)
            row.told.append(fact)
        if column.told and not fact.metric.strip():
            continue
        label = f"{words} {fact.label}".strip()[:160]
        yield replace(fact, label=label, context=reading.frame.context, stage=fact.stage or naming.stage)
