"""Which sentences of an answer show a figure that was recognised in a scan and may have been read wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.guard import Sources
from corpus.confidence import is_low
from corpus.folding import fold
from tools.certainty import CAVEAT, is_doubtful
from tools.evidence import Evidence, Sentence

DOUBTS = "答案里有扫描件识别把握不大的数,已在数后标明,请核对原件"

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def is_doubted(body: str, cited: Sequence[Evidence], sources: Sources) -> bool:
    """Tell whether ``body`` shows a figure in doubt that it does not already say to be so."""
    if CAVEAT in body:
        return False
    if is_doubtful(item.item for item in cited):
        return True
    shown = set(_NUMBER.findall(fold(body)))
    return any(isinstance(e.item, Sentence) and _quotes_doubt(e.item, shown, sources) for e in cited)


def _quotes_doubt(sentence: Sentence, shown: set[str], sources: Sources) -> bool:
    report = sources.report(sentence.report_id)
    if report is None or not is_low(report.confidence(sentence.start, sentence.end)):
        return False
    return any(
        number.group() in shown
        and is_low(report.confidence(sentence.start + number.start(), sentence.start + number.end()))
        for number in _NUMBER.finditer(fold(sentence.text))
    )
