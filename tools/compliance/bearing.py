"""Sentences of reports that bear on a demand in words. They are shown; they never decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.folding import fold
from corpus.model import Report
from corpus.passages import sentences
from tools.evidence import Sentence

MOST = 3
"""Sentences shown for one demand."""
_SHORTEST = 8


def bearing(reports: Iterable[Report], words: Sequence[str], most: int = MOST) -> tuple[Sentence, ...]:
    """Return the sentences that say most of ``words``, in the order of the text; headings and furniture never."""
    wanted = [fold(word).replace(" ", "") for word in words]
    found: list[Sentence] = []
    for report in reports:
        for start, end in sentences(report.text, 0, len(report.text)):
            if end - start < _SHORTEST or _furniture(report, start) or _heading(report, start, end):
                continue
            said = fold(report.text[start:end]).replace(" ", "")
            score = sum(len(word) for word in wanted if word in said)
            if score:
                section = report.section_at(start)
                path = " > ".join(section.path) if section else ""
                found.append(Sentence(report.id, start, end, report.text[start:end], path, float(score)))
    best = sorted(found, key=lambda s: -s.score)[:most]
    return tuple(sentence for sentence in found if sentence in best)


def _furniture(report: Report, start: int) -> bool:
    return any(low <= start < high for low, high in report.boilerplate)


def _heading(report: Report, start: int, end: int) -> bool:
    section = report.section_at(start)
    if report.title and report.text[start:end].strip() in report.title:
        return True
    return section is not None and report.text[start:end].strip().rstrip(
        "。."
    ) == section.title.strip().rstrip("。.")
