"""The report on a file of cases: everything that was measured, as data; ``evaluation_html`` shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import InvalidOperation
from typing import Any

from assistant.faces.evaluation import Asked, Case, CaseError
from assistant.faces.service import Service
from assistant.judging.judge import Outcome, expected_value_shown, judge
from assistant.judging.provenance import problems
from assistant.judging.tally import Kind, Tally, quantile, tally
from assistant.receipts import answering_version, reading_version
from corpus.errors import JunhengError
from indexes.conversations import now


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its answer: ``outcome`` where the case says what is expected, ``breaches`` of provenance."""

    asked: Asked
    outcome: Outcome | None
    breaches: tuple[str, ...]

    @property
    def clean(self) -> bool:
        wrong = self.outcome is not None and (self.outcome.misses or self.outcome.wrong)
        return not (wrong or self.breaches or self.asked.answer is None)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run gave. ``figures`` are numbers shown in answers, each of which was held against its source again."""

    file: str
    at: str
    corpus: tuple[int, int]
    """Reports and facts that were stored."""
    modes: tuple[str, ...]
    cases: tuple[Judged, ...]
    tally: Tally
    figures: int
    elapsed: tuple[int, ...]
    """Milliseconds of every turn."""

    @property
    def failed(self) -> tuple[Judged, ...]:
        return tuple(case for case in self.cases if not case.clean)

    def as_json(self) -> dict[str, Any]:
        found = self.tally
        shares = ("coverage", "correctness", "refusal_precision", "refusal_recall")
        return {
            "file": self.file,
            "at": self.at,
            "program": {"reading": reading_version(), "answering": answering_version()},
            "modes": list(self.modes),
            "corpus": {"reports": self.corpus[0], "facts": self.corpus[1]},
            "cases": len(self.cases),
            "judged": found.total.cases,
            "unfinished": sum(case.asked.answer is None for case in self.cases),
            "right": found.total.right,
            "wrong_numbers": found.total.wrong,
            "accuracy": found.total.accuracy.as_json(),
            "kinds": [_kind_json(kind) for kind in found.kinds],
            **{name: getattr(found, name).as_json() for name in shares},
            "reasons": [_kind_json(kind) for kind in found.reasons],
            "provenance": {
                "figures": self.figures,
                "answers_with_breaches": sum(bool(case.breaches) for case in self.cases),
            },
            "latency_ms": {
                "turns": len(self.elapsed),
                "median": quantile(self.elapsed, 0.5),
                "p95": quantile(self.elapsed, 0.95),
            },
            "failures": [_failure_json(case) for case in self.failed],
        }


def _kind_json(kind: Kind) -> dict[str, Any]:
    return {**asdict(kind), "accuracy": kind.accuracy.as_json()}


def _failure_json(case: Judged) -> dict[str, Any]:
    answer = case.asked.answer
    return {
        "id": case.asked.case.id,
        "kind": case.asked.case.expected.get("kind"),
        "turns": list(case.asked.case.turns),
        "misses": list(case.outcome.misses) if case.outcome else [],
        "wrong_number": case.outcome.wrong if case.outcome else None,
        "provenance": list(case.breaches),
        "error": case.asked.problem,
        "expected": expected_of(case.asked.case.expected),
        "answer": None if answer is None else answer.as_json(),
    }


def expected_of(expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a case demands, without what describes it."""
    return {
        key: value for key, value in expected.items() if key not in ("id", "turns", "kind") and value != []
    }


def make_report(service: Service, file: str, asked: Sequence[Asked]) -> Report:
    """Judge what was asked, and hold every number of every answer against the stored texts and formulae again."""
    texts = {report.id: report.text for report in service.reports()}
    judged = tuple(Judged(one, _outcome(one), _breaches(service, one, texts)) for one in asked)
    answers = [one.answer for one in asked if one.answer is not None]
    return Report(
        file,
        now(),
        (len(texts), len(service.facts())),
        tuple(sorted({answer.mode for answer in answers})),
        judged,
        tally([one.outcome for one in judged if one.outcome is not None]),
        sum(len(answer.figures) for answer in answers),
        tuple(milliseconds for one in asked for milliseconds in one.elapsed),
    )


def check_expectations(cases: Sequence[Case]) -> None:
    """Raise CaseError where what a case demands cannot be judged by: before anything is asked."""
    trial = {"status": "answered", "text": "1", "values": [{"value": "1", "unit": "所"}]}
    for case in cases:
        try:
            if (expected := _expected(case)) is not None:
                judge(expected, trial)
                expected_value_shown(expected, trial)
        except (KeyError, TypeError, ValueError, AttributeError, InvalidOperation) as error:
            raise CaseError(
                f"案例 {case.id} 的要求写得不对（{type(error).__name__}：{error}），写法见 docs/development.md。"
            ) from error


def _expected(case: Case) -> dict[str, Any] | None:
    """Return what a case demands with what it may leave out, None where it demands nothing."""
    if "answerable" not in case.expected:
        return None
    left_out = {"kind": "—", "answer_values": [], "must_contain": []}
    return {**left_out, **case.expected, "turns": list(case.turns)}


def _outcome(asked: Asked) -> Outcome | None:
    expected = _expected(asked.case)
    if expected is None:
        return None
    return judge(expected, None if asked.answer is None else asked.answer.as_json())


def _breaches(service: Service, asked: Asked, texts: Mapping[str, str]) -> tuple[str, ...]:
    if asked.answer is None:
        return ()

    def text_of(report_id: str) -> str:
        report = None if report_id in texts else service.report(report_id)
        if report_id not in texts and report is None:
            raise JunhengError(f"引用的报告 {report_id} 不在资料库里")
        return texts[report_id] if report is None else report.text

    try:
        question = "\n".join(asked.case.turns)
        return tuple(problems(asked.answer.as_json(), text_of, question, texts.values()))
    except JunhengError as error:
        return (str(error),)
