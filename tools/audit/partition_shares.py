"""Shares that make up a whole: those of all parts of a list come to 100 % but for their rounding."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from corpus.model import Fact
from corpus.partitions import partitions
from corpus.units import dimension
from tools.audit.adding import added, head, listed, plain_name, span_of
from tools.audit.closing import MOST, Listing, class_words
from tools.audit.intervals import extremes
from tools.audit.model import Finding, Verdict
from tools.audit.registry import Piece, tell
from tools.audit.tokens import Paragraph, Token
from tools.audit.view import View
from tools.calculation import Calculation, Input
from tools.evidence import Part


def whole_in_shares(view: View, listing: Listing, complete: bool) -> Iterator[Finding]:
    """Judge whether the shares of the parts make up 100 %, where the parts are ``complete``."""
    shares = shares_of(view, listing.parts)
    if len(shares) < max(2, len(listing.parts)) or not complete:
        return
    pieces = head(listing.whole.fact, plain_name(listing.whole))
    yield _judged(view, shares, (*shares, listing.whole.fact, *(part.fact for part in listing.parts)), pieces)


def _judged(
    view: View, shares: Sequence[Fact], evidence: Sequence[Fact], about: Sequence[str | Part]
) -> Finding:
    made = added(shares, "%", "占比之和")
    least, most = extremes(made)
    if made.exact == 100:
        verdict: Verdict = "consistent"
    else:
        verdict = "rounding" if least.exact <= 100 <= most.exact else "inconsistent"
    what = {"consistent": "合为全部", "rounding": "因四舍五入略有出入", "inconsistent": "不是全部"}[verdict]
    whole = Input("全部", Decimal(100), "%", given="全部")
    gap = Calculation(
        "difference", "与全部之差", "占比之和 − 全部", "{0} − {1}",
        (Input("占比之和", made.exact, "%", calculation=made), whole), abs(made.exact - 100), "百分点", None,
    )  # fmt: skip
    pieces: list[Piece] = [*about, "各部分的占比", *listed(shares), "相加得", made, f",{what}"]
    if verdict != "consistent":
        pieces += [",相差", gap]
    start, end = span_of(view, shares)
    return Finding(
        view.report.id, start, end, "sum", "sum", verdict, tell(*pieces),
        tuple(evidence), None, made,
        *((None, None) if verdict == "consistent" else (least, most)),
    )  # fmt: skip


def shares_of(view: View, parts: Sequence[Token]) -> list[Fact]:
    """Return the share in per cent that stands right behind each part, as far as there is one."""
    shares: list[Fact] = []
    for at, part in enumerate(parts):
        end = parts[at + 1].fact.start if at + 1 < len(parts) else part.fact.end + 20
        for fact in view.within(part.fact.end, min(end, part.fact.end + 20)):
            if fact.role == "share" and fact.unit == "%":
                shares.append(fact)
                break
            if dimension(fact.unit) == dimension(part.fact.unit):
                break
    return shares


def bare_shares(view: View, paragraph: Paragraph, taken: Collection[int]) -> Iterator[Finding]:
    """Judge shares of a division told without its total ("公办园9800人,占64%;民办园5500人,占36%")."""
    tokens = [t for t in paragraph.tokens if t.fact.start not in taken and t.group == -1]
    for first, second in pairwise(tokens):
        pair = (first, second)
        if first.kind != second.kind or first.fact.sentence != second.fact.sentence:
            continue
        if len(shares_of(view, pair)) < 2:
            continue
        words = [class_words(token) for token in pair]
        one = next(
            (p for p in partitions().partitions if not p.whole and not p.context and p.complete(words)), None
        )
        if one is not None and len({one.bare(token.name) for token in pair}) == 1:
            yield from whole_in_shares(view, Listing(first, pair), True)


_COMMON = re.compile(r"教师|老师|职称|学生|及以下|及以上|学历|人员|的|约|占")


def percent_divisions(view: View) -> Iterator[Finding]:
    """Judge shares of a division told without any amounts ("男生占52.3%,女生占47.7%")."""
    for facts in view.by_sentence.values():
        shares = [f for f in facts if f.role == "share" and f.unit == "%" and f.of is None]
        if len(shares) < 2 or len(shares) > MOST or len(shares) < len(facts):
            continue
        names = [fact.label for fact in shares]
        one = next((p for p in partitions().partitions if p.shares and p.complete(names)), None)
        if one is None or len({_COMMON.sub("", one.bare(name)) for name in names}) > 1:
            continue
        if len({one.class_of(name) for name in names}) == len(names):
            yield _judged(view, shares, shares, head(shares[0], ""))
