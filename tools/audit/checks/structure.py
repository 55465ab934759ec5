"""The numbers of aspects and indicators that a report names ("4个方面、31项指标") against those of the standard."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from corpus.claims import claims
from corpus.model import Fact
from corpus.rules import Standard
from tools.audit.checks.threshold import VERDICT_WORDS
from tools.audit.context import pattern, quoted, sentence_bounds
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, tell
from tools.audit.standards import regime
from tools.audit.view import View
from tools.evidence import Claim, Clause, Part

_STRUCTURE = re.compile(
    r"(?:(?P<aspects>\d+|[一二三四五六七八九十]+)(?:个|大)?方面[的,、共及和]{0,3})?(?P<all>\d+|[一二三四五六七八九十]+)(?:项|个|条)(?:具体|评估|督导|核心|二级|三级)*指标"
)


@check("structure")
def structure(view: View) -> Iterator[Finding]:
    """Hold the numbers of aspects and indicators that a report names against the structure of the standard."""
    for match in _STRUCTURE.finditer(view.folded):
        found = regime(view, *sentence_bounds(view, match.start()))
        if found is None or (found[0].variant_of or found[0].id) != "youzhi_junheng":
            continue
        inside = view.within(match.start(), match.end())
        before = view.folded[max(0, match.start() - 24) : match.start()]
        expected = _expected(found[0], match["aspects"] is not None, before)
        facts = [f for f in inside if f.unit in ("个", "项", "条", "大", "")]
        if not expected or not facts or len(facts) != (2 if match["aspects"] else 1):
            continue
        yield _structure(view, found[0], match.span(), facts, expected)


def _expected(own: Standard, with_aspects: bool, before: str) -> list[set[int]]:
    """Return which numbers are right: of aspects and of indicators in all, or of the indicators of the aspect named."""
    sizes = {aspect.name: len(aspect.indicators) for aspect in own.aspects}
    total = sum(count for name, count in sizes.items() if name != "社会认可度")
    if with_aspects:
        return [{len(sizes), len(sizes) - 1}, {total, total + 1}]
    aspect = re.search(r"(资源配置|政府保障(?:程度)?|教育质量)(?:方面)?[的有共含 ]*$", before)
    if aspect:
        return [{next(count for name, count in sizes.items() if name.startswith(aspect[1][:4]))}]
    return []


def _structure(
    view: View, own: Standard, span: tuple[int, int], facts: Sequence[Fact], expected: list[set[int]]
) -> Finding:
    fits = all(int(fact.value) in numbers for fact, numbers in zip(facts, expected, strict=True))
    around = view.folded[max(0, span[0] - 40) : span[1] + 10]
    sure = pattern(claims().national).search(around) or f"{own.short}" in around
    verdict: Verdict = "consistent" if fits else "inconsistent" if sure else "not_recomputable"
    listed = "、".join(f"{a.name}{len(a.indicators)}项" for a in own.aspects[:3])
    total = sum(len(a.indicators) for a in own.aspects[:3])
    source = Clause(
        own.id, "1-4", f"{len(own.aspects)}个方面,{listed},共{total}项指标,另有社会认可度", own.document
    )
    words = (
        VERDICT_WORDS[verdict]
        if verdict != "not_recomputable"
        else "不同,报告没有说明依据的是哪一个标准,不作判断"
    )
    own_numbers = (len(own.aspects), total) if len(facts) > 1 else (min(expected[0]),)
    compared = tuple(
        Claim(fact.value, "=", Decimal(number), fact, source)
        for fact, number, right in zip(facts, own_numbers, expected, strict=True)
        if int(fact.value) == number or int(fact.value) not in right
    )
    why = tell(
        f"{own.title}标准分为",
        Part(source.text, source, label=True),
        ",与报告所写的",
        quoted(view, *span),
        Part(words, claims=compared) if verdict != "not_recomputable" else words,
    )
    return Finding(
        view.report.id, *span, "contradiction", "standard", verdict, why, (*facts, view.quote(*span)), facts[-1],
        hint=verdict == "not_recomputable",
    )  # fmt: skip
