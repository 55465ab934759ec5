"""Turn a draft that passed the guard into an ``Answer``: number the citations, place every figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.answer import Answer, CalculationInput, CalculationOutput, Citation, Figure, Status, Value
from assistant.guard import MARK, Sources, chunks
from assistant.writing import quote_span
from corpus.folding import fold
from corpus.model import Fact
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from tools.calculation import Calculation
from tools.evidence import Clause, Evidence, Missing, Sentence, amount

_LIST_NUMBER = re.compile(r"^\s*\d{1,2}\. ")
_CITATION = re.compile(r"\[\d+\]")
_DIGITS = re.compile(r"\d+(?:[,.]\d+)*")


@dataclass(slots=True)
class _Shelf:
    """Citations and calculations in the order of their first use."""

    sources: Sources
    citations: list[Citation] = field(default_factory=list)
    calculations: list[Calculation] = field(default_factory=list)

    def cite(self, item: Fact | Sentence) -> int | None:
        report = self.sources.report(item.report_id)
        if report is None:
            return None
        start, end = quote_span(item, report.text) if isinstance(item, Fact) else (item.start, item.end)
        for i, held in enumerate(self.citations):
            if held.report_id == report.id and held.start <= start and end <= held.end:
                return i
        section = report.section_at(start)
        path = " > ".join(section.path) if section else ""
        self.citations.append(
            Citation(report.id, report.title, path, report.text[start:end], start, end, report.url)
        )
        return len(self.citations) - 1

    def calculation(self, item: Calculation) -> int:
        if item not in self.calculations:
            self.calculations.append(item)
        return self.calculations.index(item)


def finish(
    draft: str,
    sources: Sources,
    *,
    status: Status | None = None,
    reason: str | None = None,
    values: Sequence[Evidence] = (),
    warnings: tuple[str, ...] = (),
    context: dict[str, object] | None = None,
) -> Answer:
    """Return the answer for a checked draft; ``status`` is derived from what is cited when not given."""
    shelf = _Shelf(sources)
    text = ""
    figures: list[Figure] = []
    pieces = chunks(draft)
    cited_all: list[Evidence] = []
    for i, (piece, keys) in enumerate(pieces):
        cited = [sources.evidence[key] for key in keys]
        cited_all += cited
        marks: list[int] = []
        for item in cited:
            if isinstance(item.item, (Fact, Sentence)):
                at = shelf.cite(item.item)
                if at is not None and at not in marks:
                    marks.append(at)
            elif isinstance(item.item, Calculation):
                shelf.calculation(item.item)
                for source in item.item.inputs:
                    if source.fact is not None:
                        shelf.cite(source.fact)
        body = piece.strip() if text == "" or text.endswith("\n") else piece.rstrip()
        if (
            body
            and body[-1] not in "。!?！？:：;；,，」"
            and (i == len(pieces) - 1 or not pieces[i + 1][0].startswith((",", "，", "。", "、", ";", "；")))
        ) or body.endswith("」"):
            end_mark = "。"
        else:
            end_mark = ""
        start = len(text)
        figures += _figures(body, start, cited, shelf, sources)
        text += body + "".join(f"[{at + 1}]" for at in sorted(marks)) + end_mark
        if i < len(pieces) - 1:
            text += "\n"
    if status is None:
        status, reason = _derived_status(cited_all)
    return Answer(
        status=status,
        reason=reason,  # type: ignore[arg-type]
        text=text,
        values=tuple(_values(values or [e for e in cited_all if e.kind in ("fact", "calculation")], shelf))
        if status == "answered"
        else (),
        figures=tuple(figures),
        citations=tuple(shelf.citations),
        calculations=tuple(_output(c, shelf) for c in shelf.calculations),
        warnings=warnings,
        context=dict(context or {}),
    )


def _derived_status(cited: list[Evidence]) -> tuple[Status, str | None]:
    absences = [e.item for e in cited if isinstance(e.item, Missing)]
    if absences and not any(e.kind in ("fact", "sentence", "calculation") for e in cited):
        return "refused", absences[0].reason
    if any(a.reason == "not_comparable" for a in absences):
        return "refused", "not_comparable"
    return ("answered", None) if cited else ("refused", "not_reported")


def _values(items: Sequence[Evidence], shelf: _Shelf) -> list[Value]:
    found: list[Value] = []
    for evidence in dict.fromkeys(items):
        item = evidence.item
        if isinstance(item, Fact):
            at = shelf.cite(item)
            if at is None:
                continue
            found.append(
                Value(
                    item.metric,
                    f"{item.value:f}",
                    item.unit,
                    item.qualifier,
                    item.period,
                    item.region,
                    item.subject,
                    f"citation:{at}",
                )
            )
        elif isinstance(item, Calculation):
            at = shelf.calculation(item)
            first = next((i.fact for i in item.inputs if i.fact), None)
            found.append(
                Value(
                    item.label,
                    f"{abs(item.value) if item.name in ('difference', 'growth_rate', 'gap') else item.value:f}",
                    item.unit,
                    None,
                    first.period if first else None,
                    first.region if first else None,
                    first.subject if first else None,
                    f"calculation:{at}",
                )
            )
    return found


def _output(item: Calculation, shelf: _Shelf) -> CalculationOutput:
    inputs = []
    for source in item.inputs:
        at = shelf.cite(source.fact) if source.fact is not None else None
        origin = f"citation:{at}" if at is not None else "question"
        inputs.append(CalculationInput(source.name, f"{source.value:f}", source.unit, origin))
    return CalculationOutput(
        item.name, item.label, item.formula, tuple(inputs), {"value": f"{item.value:f}", "unit": item.unit},
        item.rounding, item.notes, item.steps,
    )  # fmt: skip


def _figures(body: str, offset: int, cited: list[Evidence], shelf: _Shelf, sources: Sources) -> list[Figure]:
    """Return every number of a piece with the source that bears it out."""
    folded = fold(body)
    skip = match.end() if (match := _LIST_NUMBER.match(body)) else 0
    periods = [(p.start, p.end) for p in read_periods(folded)]
    spans = [(q.start, q.end) for q in read_quantities(folded) if q.start >= skip]
    for digits in _DIGITS.finditer(folded, skip):
        if not any(a <= digits.start() < b for a, b in spans):
            spans.append(digits.span())
    found = []
    for start, end in sorted(spans):
        source = _source(folded, start, end, periods, cited, shelf, sources)
        found.append(Figure(body[start:end], offset + start, offset + end, source))
    return found


def _source(
    folded: str,
    start: int,
    end: int,
    periods: list[tuple[int, int]],
    cited: list[Evidence],
    shelf: _Shelf,
    sources: Sources,
) -> str:
    text = folded[start:end]
    digits = _DIGITS.search(text)
    number = digits.group() if digits else text
    in_year = any(a <= start < b for a, b in periods)
    if not in_year:
        for item in cited:
            if isinstance(item.item, Calculation) and text.replace("个百分点", "百分点").endswith(
                (f"{abs(item.item.value):f}{item.item.unit}", f"{abs(item.item.value):f}")
            ):
                if not any(isinstance(o.item, Fact) and amount(o.item).endswith(text) for o in cited):
                    return f"calculation:{shelf.calculation(item.item)}"
        for item in cited:
            if isinstance(item.item, (Fact, Sentence)) and (at := shelf.cite(item.item)) is not None:
                held = fold(shelf.citations[at].quote)
                if (
                    isinstance(item.item, Fact)
                    and f"{item.item.value:f}" != number.replace(",", "")
                    and number not in held
                ):
                    continue
                if _holds(held, number):
                    return f"citation:{at}"
        for item in cited:
            if isinstance(item.item, Calculation):
                return f"calculation:{shelf.calculation(item.item)}"
    for at, citation in enumerate(shelf.citations):
        if _holds(fold(citation.quote), number):
            return "label" if in_year else f"citation:{at}"
    for item in cited:
        if isinstance(item.item, Clause):
            return f"standard:{item.item.standard}/{item.item.code}"
    if _holds(fold(sources.question), number):
        return "question"
    return "label"


def _holds(text: str, number: str) -> bool:
    plain = re.sub(r"(?<=\d)[ ,](?=\d)|(?<=\.) (?=\d)", "", text)
    return bool(re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", plain)) or number in text


__all__ = ["MARK", "finish"]
