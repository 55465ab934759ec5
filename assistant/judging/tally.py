"""What judged answers add up to: right and wrong by kind, refusals, coverage apart from correctness, latency."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assistant.judging.judge import Outcome, allowed_statuses


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; without a whole there is no percentage."""

    part: int
    whole: int

    @property
    def percent(self) -> str | None:
        """The percentage to one place, None of nothing."""
        if not self.whole:
            return None
        exact = Decimal(100 * self.part) / self.whole
        return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))

    def as_json(self) -> dict[str, Any]:
        return {"part": self.part, "whole": self.whole, "percent": self.percent}


@dataclass(frozen=True, slots=True)
class Kind:
    """The cases of one kind: how many, how many right, how many with a wrong number."""

    name: str
    cases: int
    right: int
    wrong: int

    @property
    def accuracy(self) -> Share:
        return Share(self.right, self.cases)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a set of judged answers adds up to.

    ``coverage``: of the cases that the sources answer, those that were answered, rightly or not. ``correctness``: of
    these, the right ones. ``refusal_precision``: of the refusals, those of cases that may be refused;
    ``refusal_recall``: of the cases that must be refused, those that were. ``reasons``: the cases that must be refused, by
    the reason they should be given, and those judged right. ``unsourced``: answers that show a number without a source.
    """

    kinds: tuple[Kind, ...]
    total: Kind
    coverage: Share
    correctness: Share
    refusal_precision: Share
    refusal_recall: Share
    reasons: tuple[Kind, ...]
    unsourced: int


def tally(outcomes: Sequence[Outcome]) -> Tally:
    """Add judged answers up."""
    refused = [o for o in outcomes if o.answer.get("status") == "refused"]
    unknown = [o for o in outcomes if allowed_statuses(o.case) == {"refused"}]
    known = [o for o in outcomes if o.case["answerable"]]
    covered = [o for o in known if o.answer.get("status") == "answered"]
    return Tally(
        kinds=_kinds(outcomes, lambda o: str(o.case["kind"])),
        total=_kind("all", outcomes),
        coverage=Share(len(covered), len(known)),
        correctness=Share(sum(o.right for o in covered), len(covered)),
        refusal_precision=Share(sum("refused" in allowed_statuses(o.case) for o in refused), len(refused)),
        refusal_recall=Share(sum(o.answer.get("status") == "refused" for o in unknown), len(unknown)),
        reasons=_kinds([o for o in unknown if o.case.get("expected_reason")], _reason),
        unsourced=sum(bool(o.provenance) for o in outcomes),
    )


def _reason(outcome: Outcome) -> str:
    return "/".join(map(str, outcome.case["expected_reason"]))


def _kinds(outcomes: Sequence[Outcome], name: Callable[[Outcome], str]) -> tuple[Kind, ...]:
    groups: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(name(outcome), []).append(outcome)
    return tuple(_kind(key, groups[key]) for key in sorted(groups))


def _kind(name: str, outcomes: Sequence[Outcome]) -> Kind:
    right, wrong = sum(o.right for o in outcomes), sum(o.wrong is not None for o in outcomes)
    return Kind(name, len(outcomes), right, wrong)


def quantile(values: Iterable[int], share: float) -> int | None:
    """Return the smallest value that at least ``share`` of all do not exceed; None of nothing."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
