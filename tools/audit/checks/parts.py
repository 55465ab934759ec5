"""A single part that exceeds its whole, where the words make it a part."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from corpus.model import Fact
from corpus.partitions import found, partitions
from corpus.units import dimension
from tools.audit.adding import added, apart, head, plain_name, span_of
from tools.audit.checks.sums import comparable
from tools.audit.closing import Listing
from tools.audit.listing import listings
from tools.audit.model import Finding
from tools.audit.registry import Piece, check, tell
from tools.audit.remarks import remark_on
from tools.audit.tokens import SEMICOLON, Paragraph, Token, paragraphs
from tools.audit.view import View
from tools.evidence import Sentence


@check("parts")
def parts(view: View) -> Iterator[Finding]:
    """Hold every part against its whole: in lists, and where one word names a part of another."""
    for paragraph in paragraphs(view):
        done: set[int] = set()
        for listing in listings(view, paragraph):
            whole = max((listing.whole, *listing.others), key=_size)
            for part in listing.parts[: 1 if not listing.sure else None]:
                if _of_all(paragraph, listing, part):
                    continue
                if _size(part) > _size(whole) and _a_part(whole, part):
                    done.add(part.fact.start)
                    yield _finding(view, whole, part)
        for whole, part in _by_words(paragraph):
            if part.fact.start not in done and _size(part) > _size(whole) and _a_part(whole, part):
                yield _finding(view, whole, part)


def _of_all(paragraph: Paragraph, listing: Listing, part: Token) -> bool:
    """Tell whether 其中 behind a semicolon may go back to all that was listed ("幼儿园5个,小学7个;其中公办9个")."""
    if not listing.others or paragraph.strength(paragraph.index(listing.parts[0])) < SEMICOLON:
        return False
    return _size(part) <= sum(map(_size, (listing.whole, *listing.others)))


def _size(token: Token) -> Decimal:
    return added([token.fact], token.fact.unit.lstrip("百千万亿") or token.fact.unit).exact


def _a_part(whole: Token, part: Token) -> bool:
    """Tell whether the words leave no other reading: one time, one kind of statement, the same counted."""
    held = partitions()
    if dimension(whole.fact.unit) != dimension(part.fact.unit) or not comparable(whole, [part], False):
        return False
    if (
        found(held.outside, part.before)
        or found(held.cumulative, part.before)
        or found(held.cumulative, whole.before)
    ):
        return False
    if part.fact.qualifier or whole.fact.qualifier or whole.fact.role != part.fact.role:
        return False
    a, b = held.entity(whole.words), held.entity(part.words)
    return not (a and b and a != b)


def _by_words(paragraph: Paragraph) -> Iterator[tuple[Token, Token]]:
    """Return (whole, part) for words of the vocabulary that name both, the whole told first in the paragraph."""
    for pair in partitions().within:
        last: Token | None = None
        for token in paragraph.tokens:
            if found(pair.whole, token.name):
                last = token
            elif last is not None and found(pair.part, token.name):
                same = last.group == token.group and last.fact.stage == token.fact.stage
                if same and last.fact.sentence == token.fact.sentence:
                    yield last, token
                last = None


def _finding(view: View, whole: Token, part: Token) -> Finding:
    gap = apart(added([part.fact], whole.fact.unit), whole.fact)
    pieces: list[Piece] = [
        *head(whole.fact, plain_name(whole)),
        whole.fact,
        f",其中的{plain_name(part)}却有",
    ]
    pieces += [part.fact, ",多出", gap]
    remark = remark_on(view, whole, (part,))
    evidence: list[Fact | Sentence] = [whole.fact, part.fact]
    if remark is not None:
        pieces += [",报告对口径另有说明", remark, ",不能据此判断"]
        evidence.append(remark)
    else:
        pieces.append(",部分不可能多于总数")
    start, end = span_of(view, [whole.fact, part.fact])
    return Finding(
        view.report.id, start, end, "part_whole", "parts", "inconsistent" if remark is None else "not_recomputable",
        tell(*pieces), tuple(evidence), part.fact, gap,
    )  # fmt: skip
