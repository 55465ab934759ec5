"""Figures of a row of sentences (反馈问题 | 整改目标 | 目前进展) that lean on what the row told before.

"公办园在园幼儿占比仅43.7% | 达到50%以上 | 占比提高到51.2%": the later figures are of what the first is of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.facts import labels
from corpus.facts.tables_layout import Block, Row
from corpus.model import Fact
from corpus.units import dimension

_BARE = re.compile(
    r"(?:每年|年均|分别|逐年|已|均|全部|达到?|提高|上升|增加|下降|降低|减少|降至|增至|升至|控制在|不低于|不少于|不超过|占比|比例|比重|数量|总数"
    r"|(?:预算)?安排|(?:年初)?预算|列入预算|落实|投入|拨付)*"
)
"""What a figure is called that only says how it stands now."""
_JUDGED = re.compile(
    r"(?:仍|还|普遍|明显|严重|较为?|均|全部|尚)*(?:未|没有|不|缺|偏|短|过|存在|滞后|紧张|仅|只|欠|低于|高于|超)[^,;。]*$"
)
_WHEN = re.compile(r"每年|年均|分别|逐年|已|均|全部")
_PERCENT = ("percent", "percent_point")
_REPORTED = re.compile(r"反馈|通报|督导(?:发现|指出)|检查发现")


@dataclass(slots=True)
class Told:
    """What a row of sentences has told so far: the words of its first cell, and its figures."""

    words: str
    told: list[Fact] = field(default_factory=list)


def story(block: Block, row: Row) -> Told:
    """Return the story of ``row``, of which nothing is told yet."""
    first = next(
        (cell for c in block.columns if c.told and (cell := row.at(c)) is not None and cell.filled), None
    )
    return Told(first.text if first is not None else "")


def reported(head: str) -> bool:
    """Tell whether a column tells what others found before: their time is not the report's."""
    return bool(_REPORTED.search(head))


def leaning(fact: Fact, told: Sequence[Fact], words: str) -> Fact:
    """Return ``fact`` under the name of what its row told, where its own says nothing of what it is.

    ``told`` are the figures of the row before it, ``words`` what its first cell says.
    """
    own = labels.trim(fact.metric.replace("\x00", ""))
    if not _BARE.fullmatch(own) or fact.of is not None:
        return fact
    kind = dimension(fact.unit)
    alike = [f for f in told if dimension(f.unit) == kind or {dimension(f.unit), kind} <= {*_PERCENT}]
    if alike:
        last = alike[-1]
        one = len({f.stage for f in alike if f.metric_id == last.metric_id}) == 1
        role = "share" if fact.role == "level" and last.role == "share" else fact.role
        metric = last.metric
        if not one and last.stage and last.subject:
            metric = metric.removeprefix(last.subject)
        return replace(
            fact, metric=metric, metric_id=last.metric_id, stage=last.stage if one else None, role=role,
            subject=last.subject if one else (fact.region or ""), label=f"{last.label} {fact.label}".strip(),
        )  # fmt: skip
    about = labels.trim(_JUDGED.sub("", words.strip(" \x00")))
    if not 2 <= len(about) <= 20 or re.search(r"[\d,;。]", about) or fact.role != "level":
        return fact
    own = _WHEN.sub("", own)
    metric = f"{about}{own}" if own not in about else about
    return replace(fact, metric=metric, metric_id=None, label=f"{about} {fact.label}".strip())
