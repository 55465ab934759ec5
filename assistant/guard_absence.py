"""What cites an absence or a clause of a standard in other words may name no more than that evidence."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from assistant.guard_said import Said
from corpus.catalogue import indicators_in, stages_in
from corpus.folding import fold
from corpus.gazetteer import mentions
from corpus.periods import read_periods
from corpus.quantities import read_quantities
from tools.evidence import Evidence, Missing
from tools.words import coverage, terms

ABSENT = re.compile(r"没有|沒有|未|无|不能|查不到|找不到|缺|不可|不宜|不同|不便|尚无")
_PRESENT = re.compile(
    r"提供了|提到了?|提及|写明|载明|给出|列出|说明了|公布|达到|完成|包括|含有|可以|能够|查到|找到"
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


def anchors(text: str) -> list[str]:
    """Return the times, amounts, digits, places, stages and indicators of folded text in order."""
    found: list[tuple[int, str]] = []
    taken: list[tuple[int, int]] = []
    for period in read_periods(text):
        found.append((period.start, period.key or period.relative or ""))
        taken.append((period.start, period.end))
    for quantity in read_quantities(text):
        found.append((quantity.start, f"{quantity.value}{quantity.unit}{quantity.qualifier}"))
        taken.append((quantity.start, quantity.end))
    for digits in _DIGITS.finditer(text):
        if not any(a <= digits.start() < b for a, b in taken):
            found.append((digits.start(), digits.group()))
    found += [(m.start, m.written) for m in mentions(text)]
    found += [(n.start, n.id) for n in (*indicators_in(text), *stages_in(text))]
    return [what for _, what in sorted(found)]


def _follows(part: list[str], whole: list[str]) -> bool:
    """True if ``part`` stands in ``whole`` in the same order."""
    rest = iter(whole)
    return all(item in rest for item in part)


_COMMON = re.compile(
    r"资料|报告|数据|查不到|找不到|提供|提到|说明|这项|这一年|没有|无法|不能|回答|现有|内容|信息|情况|可比|比较|复算|相关|有关|问题"
)


def _beyond(said: Said, loose: list[Evidence]) -> bool:
    """True if the piece speaks of things that neither the absences nor the question name."""
    words = terms(_COMMON.sub(" ", said.text))
    if sum(w.weight for w in words) < 1:
        return False
    nearby = " ".join(w for e in loose if isinstance(e.item, Missing) for w in e.item.nearby)
    held = [(fold(" ".join(e.text for e in loose)), 1.0), (fold(nearby), 1.0), (said.question, 0.5)]
    return coverage(words, held).share < 0.6


def _garbled(text: str, original: str) -> bool:
    """True for a near copy: what is nearly the evidence's own words must be exactly those."""
    return SequenceMatcher(None, text.strip(), original, autojunk=False).ratio() >= 0.75


def absence_objections(said: Said) -> list[str]:
    loose = [e for e in said.cited if e.key not in said.verbatim and e.kind in ("missing", "standard")]
    others = [e for e in said.cited if e.kind not in ("missing", "standard")]
    if others:
        return ["里说“没有”的那部分请照证据的原话写,或者另起一句"]
    if not said.text.strip(" ,。;:"):
        return []
    why: list[str] = []
    here = anchors(said.text)
    held = anchors(
        " ".join(fold(f"{e.item.source} {e.text}" if hasattr(e.item, "source") else e.text) for e in loose)
    )
    if not _follows(here, held) and not _asked_and_absent(said, here):
        why.append("所写的年份、地区、指标或数字与证据所说的不同")
    if any(isinstance(e.item, Missing) for e in loose):
        sentences = [s for s in re.split(r"[。!?\n]", said.text) if re.search(r"[\u4e00-\u9fff]", s)]
        if not all(ABSENT.search(s) for s in sentences):
            why.append("引用的证据是“没有”,却写成了有")
        clauses = [c for c in re.split(r"[,;。:!?\n]", said.text) if _PRESENT.search(c)]
        if any(not ABSENT.search(c) for c in clauses):
            why.append("引用的证据是“没有”,却写成了有")
        if _beyond(said, loose):
            why.append("所写的与引用的“没有”不是一回事")
        if any(_garbled(said.text, fold(e.text)) for e in loose):
            why.append("与证据的原话大半相同而有改动,请照原话写")
        if re.search(r"没有(?:问题|不|未|缺)|并非没有|不是没有|不无", said.text):
            why.append("引用的证据只说明资料里没有,不能推出别的")
    return why


def _asked_and_absent(said: Said, here: list[str]) -> bool:
    """True if all that is named was asked for, and every clause that names something says it is absent."""
    if not _follows(here, anchors(said.question)):
        return False
    return all(ABSENT.search(c) for c in re.split(r"[,;。:]", said.text) if anchors(c))
