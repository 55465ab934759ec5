"""What a number in a table is called: which of its heads name the metric, and which say of whom it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.catalogue import stages_in
from corpus.facts import labels
from corpus.facts.tables_frame import Frame
from corpus.facts.tables_heads import Head
from corpus.facts.tables_titles import LIGHT, exact_metric, title_metric, titled
from corpus.facts.tables_words import Sort, is_part, sort_of
from corpus.gazetteer import mentions
from corpus.model import Report

_SCHOOLED = re.compile(r"(?:已|曾|未)?(?:接?受过|接受)|.{0,6}毕业(?!班|年级)")
"""The schooling that somebody has had is not the stage that is told of."""
_OVERALL = r"(?:县域|区域|区县|县区|总体|校际|综合|[全本][县区市省])*"
_MEAN = re.compile(rf"{_OVERALL}(?:平均值?|平均数|均值)")
_STATISTIC = re.compile(
    rf"{_OVERALL}(?:平均值?|平均数|均值|标准差|方差|极差|中位数|最[大小高低]值|差异系数|差异率|变异系数)"
)
_INTENSIVE = re.compile(r"每百|每千|每万|[生师班人]均|率$|比例$|比$|系数$")
"""What is told of each pupil or in a hundred already has a mean of the same kind; a count has not."""
_SIDE = re.compile(
    r"(?:国家|省定?|省级|评估|验收|达标|规定|市定?|县定?|考核|控制|本县|全县|县域)*(?:标准|要求|目标|规定|限值|底线|现状|实际|完成|达到|基期|实有|实配|应配|应有)(?:值|数)?"
)
"""What a column says beside its stage (小学标准) of which side of the same metric it gives."""
_STAGED = re.compile(r"^(?:阶段|学校|教育|的)*")


@dataclass(frozen=True, slots=True)
class Naming:
    metric: str
    metric_id: str | None
    stage: str | None
    subject: str
    place: str | None
    by_row: bool
    """The metric is named by the row, so the row's unit goes before the column's."""
    borrowed: bool = False
    """The metric is that of a row above."""


def name_cell(
    rows: Sequence[Head], columns: Sequence[Head], frame: Frame, unit_of: str, report: Report,
    above: Sequence[Head] = (),
) -> Naming:  # fmt: skip
    """Return the name of a cell by the heads of its row and column, each from the outermost, and the table's title.

    ``unit_of`` is the unit that the cell's own text or heads state, "" where they do not. ``above`` is the metric of a
    row above, for a table whose rows of stages stand below the row of a metric.
    """
    parts = [*((head, True) for head in rows), *((head, False) for head in columns)]
    told = [(head.own, _sort(head, in_row), in_row) for head, in_row in parts]
    naming = [(own, in_row) for own, sort, in_row in told if sort in ("measure", "group")]
    measures = [(own, in_row) for own, sort, in_row in told if sort == "measure"]
    by_row = bool(measures) and all(in_row for _, in_row in measures)
    beside: list[str] = []  # who or what the metric is told of, where its own head is another
    title, borrowed = frame.title, False
    words, metric_id = "", None
    if measures and not by_row and not any(in_row for _, in_row in measures):
        beside = [own for own, in_row in naming if in_row]
        naming = [(own, in_row) for own, in_row in naming if not in_row]
    elif not measures and all(is_part(own) for own, _ in naming):
        words, metric_id = _named_above(title, above, unit_of, frame.units)
        by_row = borrowed = bool(words and words == _joined([head.own for head in above]))
        if words:
            beside, naming = [own for own, _ in naming], []
    if naming:
        words = _together(_ordered(naming), unit_of)
    stage = _stage(told, title) or frame.stage
    places = [own for own, sort, _ in told if sort == "place"]
    schools = [own for own, sort, _ in told if sort == "school"]
    subject = _joined([*schools, *beside]) or (places[-1] if places else "")
    if not subject:
        subject = next((own for own, sort, _ in reversed(told) if sort == "stage"), "")
        subject = re.sub(rf"{_SIDE.pattern}$", "", subject)
    if words and metric_id is None:
        metric_id = exact_metric(words, unit_of)
    if beside and not all(LIGHT.fullmatch(own) for own in beside):
        metric_id = None
    if not words:
        words = _joined([own for own, sort, _ in told if sort not in ("none", "whole")])
        words = words or labels.trim(title) or (report.region or "")
    place = places[-1] if places else None
    return Naming(words, metric_id, stage, subject or report.region or "", place, by_row, borrowed)


def _named_above(
    title: str, above: Sequence[Head], unit: str, stated: Sequence[str]
) -> tuple[str, str | None]:
    """Return (metric, its id) that the title of a table gives to all of its cells, or else a row above."""
    for each in (unit, *(() if unit else stated)):
        if found := title_metric(title, each):
            return labels.catalogue_name(found), found
    if named := titled(title):
        return named, None
    return _joined([head.own for head in above]), None


def _ordered(naming: Sequence[tuple[str, bool]]) -> list[str]:
    """Return the words of heads from the outermost; a row of means or coefficients says what its columns' metrics are."""
    rows, columns = [own for own, in_row in naming if in_row], [own for own, in_row in naming if not in_row]
    if rows and columns and _STATISTIC.fullmatch(rows[-1]) and not _STATISTIC.fullmatch(columns[-1]):
        return [*rows[:-1], *columns, rows[-1]]
    return [*rows, *columns]


def _sort(head: Head, in_row: bool) -> Sort:
    if head.whole:
        return "whole"
    if head.generic:
        return "none"
    found = stages_in(head.own)
    if len(found) == 1 and not found[0].start and _SIDE.fullmatch(_STAGED.sub("", head.own[found[0].end :])):
        return "stage"
    return sort_of(head.own, in_row)


def _joined(words: Sequence[str]) -> str:
    """Join words, leaving out what a later one says again."""
    kept: list[str] = []
    for word in words:
        kept = [other for other in kept if other not in word]
        if not any(word in other for other in kept):
            kept.append(word)
    return "".join(kept)


def _together(told: Sequence[str], unit: str) -> str:
    """Join the words of several heads to one name; a stage amid them (小学差异系数) is no part of it.

    Where the catalogue knows the name without the stage it is that; 均值 adds nothing to what is a mean by itself.
    """
    words = _joined(told)
    if len(told) < 2:
        return words
    *outer, last = told
    found = stages_in(last)
    bare = _STAGED.sub("", last[found[0].end :]) if found and not found[0].start else last
    if _MEAN.fullmatch(bare):
        return _joined(outer) if _INTENSIVE.search(_joined(outer)) else words
    if bare and bare != last and exact_metric(plain := _joined([*outer, bare]), unit):
        return plain
    return words


def _stage(told: Sequence[tuple[str, Sort, bool]], title: str) -> str | None:
    for own, sort, _ in reversed(told):
        if sort != "whole" and own and not _SCHOOLED.match(own) and (found := labels.stage_in(own)):
            return found[0]
    heads = " ".join(own for own, _, _ in told)
    if len(stages_in(heads)) > 1:
        return None
    brackets = re.findall(r"\(([^()]{1,12})\)", title)
    bracketed = {stage.id for stage in stages_in(brackets[-1])} if brackets else set()
    if len(bracketed) == 1:
        return bracketed.pop()  # … 监测结果(小学部分)
    named = {found.id for found in stages_in(title)}
    if len(named) == 1:
        return named.pop()
    return labels.implied_stage(heads)


@lru_cache(maxsize=4096)
def place_of(own: str) -> tuple[str, tuple[str, ...]] | None:
    """Return (name, path) of the administrative place that a head is, wholly."""
    found = [m for m in mentions(own) if m.full and m.start == 0 and m.end >= len(own) - 2]
    if len(found) != 1 or found[0].place is None:
        return None
    return found[0].place.name, found[0].place.path
