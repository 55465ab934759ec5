"""Turn a draft that passed the guard into an ``Answer``: number the citations, place every figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answer import Answer, CalculationInput, CalculationOutput, Figure, Reason, Status, Value
from assistant.doubting import DOUBTS, is_doubted
from assistant.figures import Shelf, figures
from assistant.guard import MARK, Sources, pieces
from assistant.guard_quotes import quoted_span
from corpus.confidence import MARK as DOUBT
from corpus.model import Fact
from tools.calculation import Calculation
from tools.certainty import certainty
from tools.evidence import Evidence, Missing, Sentence, Statement

_STATED = ("fact", "calculation", "statement")
_STOPPED = "。!?！？:：;；,，」"
_GOES_ON = (",", "，", "。", "、", ";", "；", ")", "）")


def finish(
    draft: str,
    sources: Sources,
    *,
    status: Status | None = None,
    reason: Reason | None = None,
    values: Sequence[Evidence] = (),
    warnings: tuple[str, ...] = (),
    context: dict[str, object] | None = None,
) -> Answer:
    """Return the answer for a checked draft; ``status`` is derived from what is cited when not given."""
    shelf = Shelf(sources)
    text = ""
    found: list[Figure] = []
    parts = pieces(draft)
    cited_all: list[Evidence] = []
    doubts = False
    for i, (piece, keys, begins) in enumerate(parts):
        cited = [sources.evidence[key] for key in keys]
        cited_all += cited
        if text and begins:
            text += "\n"
        marks = _shelve(piece, cited, shelf)
        body = piece.strip() if begins else piece.rstrip()
        following = parts[i + 1] if i + 1 < len(parts) else None
        ends = following is None or following[2] or not following[0].startswith(_GOES_ON)
        found += figures(body, len(text), cited, shelf)
        doubted = is_doubted(body, cited, shelf.sources)
        doubts |= doubted
        text += body + "".join(f"[{at + 1}]" for at in sorted(marks)) + (f"({DOUBT})" if doubted else "")
        if body and ends and (body[-1] not in _STOPPED or body.endswith("」")):
            text += "。"
    if status is None:
        status, reason = _derived_status(cited_all)
    stated = values or [e for e in cited_all if e.kind in _STATED]
    given = tuple(_values(stated, shelf)) if status == "answered" else ()
    made = tuple(_output(c, shelf) for c in shelf.calculations)  # cites what goes in, so before the citations
    return Answer(
        status=status,
        reason=reason,
        text=text,
        values=given,
        figures=tuple(found),
        citations=tuple(shelf.citations),
        calculations=made,
        warnings=(*warnings, DOUBTS) if doubts else warnings,
        context=dict(context or {}),
    )


def _shelve(piece: str, cited: list[Evidence], shelf: Shelf) -> list[int]:
    """Put what a piece cites on the shelf; return the citations to mark it with."""
    quotes = re.findall(r"「([^」]*)」", piece)
    marks: list[int] = []
    for item in cited:
        held = item.item
        if isinstance(held, Statement):
            marks += [at for at in shelf.statement(held) if at not in marks]
        elif isinstance(held, (Fact, Sentence)):
            report = shelf.sources.report(held.report_id)
            spans = [span for q in quotes if (span := quoted_span(q, item, report))]
            at = shelf.cite(held, spans[0] if spans else None)
            if at is not None and at not in marks:
                marks.append(at)
        elif isinstance(held, Calculation):
            shelf.calculation(held)
            for source in held.inputs:
                if source.fact is not None:
                    shelf.cite(source.fact)
    return marks


def _derived_status(cited: list[Evidence]) -> tuple[Status, Reason | None]:
    absences = [e.item for e in cited if isinstance(e.item, Missing)]
    if absences and not any(e.kind in ("fact", "sentence", "calculation", "statement") for e in cited):
        return "refused", absences[0].reason  # type: ignore[return-value]
    if any(a.reason == "not_comparable" for a in absences):
        return "refused", "not_comparable"
    return ("answered", None) if cited else ("refused", "not_reported")


def _values(items: Sequence[Evidence], shelf: Shelf) -> list[Value]:
    found: list[Value] = []
    stated = (x for e in items for x in (e.item.values if isinstance(e.item, Statement) else (e.item,)))
    for item in dict.fromkeys(stated):
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
                    _sure(item),
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
                    _sure(item),
                )
            )
    return found


def _sure(item: Fact | Calculation) -> str | None:
    sure = certainty(item)
    return None if sure is None else str(sure)


def _output(item: Calculation, shelf: Shelf) -> CalculationOutput:
    inputs = []
    for source in item.inputs:
        at = shelf.cite(source.fact) if source.fact is not None else None
        origin = f"citation:{at}" if at is not None else "question"
        if source.calculation is not None:
            origin = f"calculation:{shelf.calculation(source.calculation)}"
        elif at is None and source.given and source.given.startswith("standard:"):
            origin = source.given
        inputs.append(CalculationInput(source.name, f"{source.value:f}", source.unit, origin))
    return CalculationOutput(
        item.name, item.label, item.formula, tuple(inputs), {"value": f"{item.value:f}", "unit": item.unit},
        item.rounding, item.notes, item.steps,
    )  # fmt: skip


__all__ = ["MARK", "finish"]
