"""What an audit finds: a claim of a report, what its own figures give, and whether the two agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from corpus.model import Fact, Report
from tools.calculation import Calculation
from tools.evidence import Sentence, Statement

Kind = Literal["growth", "difference", "share", "sum", "rate", "part_whole", "contradiction", "unit"]
Verdict = Literal["consistent", "rounding", "inconsistent", "not_recomputable"]
Check = Literal[
    "growth",  # rate of change against a base
    "difference",  # amount of change against a base
    "direction",  # 增加 where the figures fall, or the reverse
    "share",  # part of a whole in per cent
    "rate",  # a defined rate (入学率, 巩固率, 覆盖率 …)
    "average",  # an amount for each pupil, school, hundred pupils …
    "ratio",  # 师生比, 生师比, 倍数
    "sum",  # a total of listed parts; also totals of a table
    "parts",  # parts that exceed their whole
    "double",  # something counted twice
    "restated",  # the same quantity with two values, in one report
    "across",  # the same quantity with two values, in two reports
    "counts",  # a statement in words against counts ("没有一例" against 99.9 %)
    "threshold",  # "50%以上", "超过6万亿元" against the figure itself
    "standard",  # a claim of compliance, or a demand quoted, against the standard
    "plan",  # a plan or target told as a result
    "magnitude",  # 亿 for 万, 人次 for 人, % for 百分点
    "impossible",  # a rate over 100 %, a negative count
    "dates",  # dates out of order
    "outlier",  # far from the same metric elsewhere: a hint, never a verdict
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim, judged.

    ``start`` and ``end`` are the claim as quoted: the clause of the report that holds the figure. ``stated`` is
    the figure that is judged, None where the claim is in words only. ``calculation`` is what the report's own
    figures give for it; ``least`` and ``most`` are the same formula over the outermost values that the printed
    figures may have been before they were rounded, present where they were needed to judge.

    ``explanation`` is written for the inspector who forwards it, and every number in it has its source, so the
    guard of the conversation can hold it against them. ``evidence`` is everything in a report that bears on the
    judgement, the claim itself first. A ``hint`` says that something is unusual; it is no judgement.
    """

    report_id: str
    start: int
    end: int
    kind: Kind
    check: Check
    verdict: Verdict
    explanation: Statement
    evidence: tuple[Fact | Sentence, ...]
    stated: Fact | None = None
    calculation: Calculation | None = None
    least: Calculation | None = None
    most: Calculation | None = None
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another stored report with its facts, against which statements can be held."""

    report: Report
    facts: tuple[Fact, ...]


class Peers(Protocol):
    """What else is stored, as far as an audit asks: an index made once, so that a batch stays linear."""

    def same_region(self, report: Report) -> Sequence[Neighbour]:
        """Return the other reports of the region of ``report``; empty where it has none."""

    def same_metric(self, fact: Fact) -> Sequence[Fact]:
        """Return results of other reports for the metric, stage, unit and year of ``fact``."""
