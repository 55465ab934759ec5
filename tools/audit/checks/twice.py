"""An amount added to a total that holds it already: "共2486万元(含膳食补助912万元)…,加上膳食补助912万元,总额3398万元"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.audit.adding import added, head, plain_name, span_of
from tools.audit.model import Finding
from tools.audit.registry import check, tell
from tools.audit.tokens import STOP, Paragraph, Token, paragraphs
from tools.audit.view import View

_PLUS = re.compile(r"^(?:再|如果|若)?(?:加上|连同|加之|算上)")
_TOTAL = re.compile(r"总|合计|共")
_HOLDS = re.compile(r"^[^,;:。()]{0,6}\((?:其中)?(?:含|包含|包括)[^()]*$")


@check("double")
def twice(view: View) -> Iterator[Finding]:
    """Hold every amount that is added to an earlier total against what that total is said to hold."""
    held: list[tuple[Token, Token]] = []
    for paragraph in paragraphs(view):
        for part, whole in _sums(paragraph):
            found = next((pair for pair in reversed(held) if _again(pair, part, whole)), None)
            if found is not None:
                yield _finding(view, found, part, whole)
        held += _holding(view, paragraph)


def _sums(paragraph: Paragraph) -> Iterator[tuple[Token, Token]]:
    """Return what is added, and the sum that is said to come of it."""
    for index, token in enumerate(paragraph.tokens[:-1]):
        following = paragraph.tokens[index + 1]
        if not _PLUS.match(token.before.strip(" #,")) or following.kind != token.kind:
            continue
        if paragraph.strength(index + 1) < STOP and _TOTAL.search(following.before):
            yield token, following


def _holding(view: View, paragraph: Paragraph) -> Iterator[tuple[Token, Token]]:
    """Return the totals with what a bracket behind them says that they hold."""
    for outer, inner in paragraph.inside.items():
        whole = paragraph.tokens[outer]
        for index in inner:
            part = paragraph.tokens[index]
            if part.kind == whole.kind and _HOLDS.match(view.folded[whole.fact.end : part.fact.start]):
                yield whole, part


def _again(pair: tuple[Token, Token], part: Token, whole: Token) -> bool:
    """Tell whether the sum is that of the earlier total and of an amount that the total holds, of one name."""
    base, inner = pair
    name = _PLUS.sub("", part.before.strip(" #,"))
    if base.kind != part.kind or added([inner.fact], part.fact.unit).exact != part.fact.value:
        return False
    same = name.endswith(inner.name) or inner.name.endswith(name) if inner.name and name else False
    return same and added([base.fact, part.fact], whole.fact.unit).exact == whole.fact.value


def _finding(view: View, pair: tuple[Token, Token], part: Token, whole: Token) -> Finding:
    base, inner = pair
    made = added([base.fact], whole.fact.unit)
    words = tell(
        *head(whole.fact, plain_name(whole)), whole.fact, ":加上的", part.fact, "已含在", base.fact, "之内(",
        "含", inner.fact, "),不重复计应为", made, ",报告写", whole.fact, ",不一致,可能重复计算,请核对",
    )  # fmt: skip
    start, end = span_of(view, [whole.fact])
    facts = (whole.fact, base.fact, part.fact, inner.fact)
    return Finding(
        view.report.id, start, end, "part_whole", "double", "inconsistent", words, facts, whole.fact, made
    )
