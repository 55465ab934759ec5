"""What is told as finished in one place and as not begun, or planned for later, in another."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from corpus.periods import read_periods
from tools.audit.context import claimed, clause_bounds, furniture, quoted, sentence_bounds
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.view import View

_TAIL = 8
"""Characters of its name by which a thing is found again; the two names must agree in as many."""
_THING = r"(?P<what>[\u4e00-\u9fff、\d“”]{8,40}?)"
_DONE = re.compile(
    _THING + r"已(?:经|全部|全面|如期|按期|顺利)*(?:建成|完工|竣工|投入使用|投用|完成)(?!率|投资)"
)
_OPEN = re.compile(_THING + r"(?:计划|预计|拟|目前|仍|尚未|未)")
_NOW = re.compile(
    r"(?:目前|截至|现|仍)[^。]{0,40}(?:尚未|未(?:动工|开工|启动|完工|竣工|建成)|正在(?:办理|报批|审批|招标))"
)


@check("unfinished")
def unfinished(view: View) -> Iterator[Finding]:
    """Hold what is said to be finished against the place that says that it is not."""
    waiting: dict[str, list[tuple[str, int, int]]] = {}
    for match in _OPEN.finditer(view.folded):
        sentence = sentence_bounds(view, match.start())
        if not furniture(view, match.start()) and _not_yet(view, match.end("what"), sentence):
            what = match["what"]
            waiting.setdefault(what[-_TAIL:], []).append((what, match.start(), sentence[1]))
    for match in _DONE.finditer(view.folded):
        what = match["what"]
        for _, start, end in waiting.get(what[-_TAIL:], ())[:1]:
            claim = claimed(view, match.start(), match.end())
            if claim is None or start <= match.start() < end or re.search(r"其中|部分", what):
                continue
            span = clause_bounds(view, *match.span(), claim.sentence)
            why = tell("报告称", quoted(view, *span), ",但又写明", quoted(view, start, end), ",两者不一致")
            facts = tuple(view.within(*span)) + tuple(view.within(start, end))
            yield Finding(
                view.report.id, *span, "contradiction", "plan", "inconsistent", why,
                (view.quote(*span), view.quote(start, end), *facts),
            )  # fmt: skip


def _not_yet(view: View, at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether the words after a name say that it is not finished when the report is written."""
    rest = view.folded[at : sentence[1]]
    if _NOW.search(rest):
        return True
    published = view.report.published
    if published is None or not re.match(r"(?:计划|预计|拟)", rest):
        return False
    first = next((p.key for p in read_periods(rest[:24]) if p.key and "/" not in p.key), None)
    match = re.fullmatch(r"(\d{4})-?(\d\d)?.*", first or "")
    return match is not None and dt.date(int(match[1]), int(match[2] or 1), 1) > published
