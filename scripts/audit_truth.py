"""Claims of reports with their known verdicts, and what an audit found, in one shape for both scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of a truth file; spans are characters of the report's text, ``inputs`` in the order of the check."""

    report: str
    start: int
    end: int
    kind: str
    check: str
    verdict: str
    why: str = ""
    inputs: tuple[Span, ...] = ()

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as spans: the clause it quotes, the figure it judges, every figure it leans on."""

    kind: str
    check: str
    verdict: str
    clause: Span
    stated: Span | None
    figures: tuple[Span, ...]
    explanation: str = ""
    hint: bool = False


def read_truth(path: Path) -> dict[str, list[Claim]]:
    """Return the claims of a truth file by report; ``text`` may be missing in it, offsets may not."""
    claims: dict[str, list[Claim]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            claim = Claim(
                report=row["report"],
                start=row["start"],
                end=row["end"],
                kind=row["kind"],
                check=row["check"],
                verdict=row["verdict"],
                why=row.get("why", ""),
                inputs=tuple((a, b) for a, b in row.get("inputs", [])),
            )
        except (ValueError, KeyError, TypeError) as broken:
            raise SystemExit(f"{path}:{number}: {broken!r}") from broken
        claims.setdefault(claim.report, []).append(claim)
    return claims


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def touches(span: Span, others: Iterable[Span]) -> bool:
    return any(overlap(span, other) for other in others)


def folder_reports(folder: Path, truth: dict[str, list[Claim]]) -> Iterator[tuple[Path, list[Claim]]]:
    """Yield the reports of ``folder`` that the truth names, with their claims; one that is missing is an error."""
    for name in sorted(truth):
        path = folder / name
        if not path.is_file():
            raise SystemExit(f"{path}: named in the truth, but not there")
        yield path, truth[name]


def _read_by(calculation: Any) -> Iterator[Span]:
    for one in calculation.inputs:
        if one.fact is not None:
            yield one.fact.start, one.fact.end
        if one.calculation is not None:
            yield from _read_by(one.calculation)


def run_audit(path: Path) -> tuple[str, list[Found]]:
    """Audit one file alone, without others to compare with; return its text as stored and the findings."""
    from corpus.model import Fact
    from corpus.readers import read
    from tools.audit.audit import audit

    report = read(path)
    found = []
    for item in audit(report):
        figures = [(f.start, f.end) for f in item.evidence if isinstance(f, Fact)]
        if item.calculation is not None:
            figures += list(_read_by(item.calculation))
        sentences = [(s.start, s.end) for s in item.evidence if not isinstance(s, Fact)]
        stated = None if item.stated is None else (item.stated.start, item.stated.end)
        found.append(
            Found(
                kind=item.kind,
                check=item.check,
                verdict=item.verdict,
                clause=(item.start, item.end),
                stated=stated,
                # A finding in words leans on the sentences that it quotes.
                figures=tuple(dict.fromkeys(figures or sentences)),
                explanation=item.explanation.text,
                hint=item.hint,
            )
        )
    return report.text, found
