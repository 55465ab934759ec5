"""Where each quantity of a sentence stands: its clause, and the words before and after it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.model import Period, Quantity

_DELIMITER = re.compile(r"[,;:。!?\n]")
_BRACKET = re.compile(r"[(\[【][^()\[\]【】\n]{0,120}[)\]】]")
_BOOK = re.compile(r"《[^《》\n]{0,120}》")


@dataclass(frozen=True, slots=True)
class Spot:
    """One quantity in its sentence; all positions are absolute, all words folded.

    ``before`` reaches back to the last delimiter or quantity, ``after`` on to the next; ``wide`` is the
    clause before the number with other quantities cut out.
    """

    quantity: Quantity
    clause: tuple[int, int]
    before: str
    before_start: int
    after: str
    wide: str
    first_in_clause: bool


def mask(folded: str, quantities: tuple[Quantity, ...]) -> str:
    """Blank out (to NUL) titles in 《》 and brackets without a quantity, keeping positions."""
    chars = list(folded)
    for match in _BOOK.finditer(folded):
        chars[match.start() + 1 : match.end() - 1] = "\x00" * (match.end() - match.start() - 2)
    starts = [q.start for q in quantities]
    for match in _BRACKET.finditer(folded):
        if not any(match.start() < start < match.end() for start in starts):
            chars[match.start() : match.end()] = "\x00" * (match.end() - match.start())
    return "".join(chars)


def spots(masked: str, start: int, end: int, quantities: list[Quantity]) -> list[Spot]:
    """Return the quantities of the sentence ``[start, end)`` with their surroundings."""
    inside = [(q.full_start, q.full_end) for q in quantities]
    cuts = [
        match.start()
        for match in re.finditer(r"[,;:。!?\n()\[\]【】]", masked[start:end])
        if not any(a <= match.start() + start < b for a, b in inside)
    ]
    cuts = [cut + start for cut in cuts]
    found: list[Spot] = []
    for i, quantity in enumerate(quantities):
        left = max((cut + 1 for cut in cuts if cut < quantity.full_start), default=start)
        right = min((cut for cut in cuts if cut >= quantity.full_end), default=end)
        previous = quantities[i - 1] if i else None
        following = quantities[i + 1] if i + 1 < len(quantities) else None
        begin = max(left, previous.full_end) if previous else left
        stop = min(right, following.full_start) if following else right
        after = masked[quantity.full_end : stop]
        if previous and previous.full_end > left and "、" in masked[begin : quantity.full_start].rstrip("、"):
            # "6个街道、21个镇": what stands before the 、 belongs to the number before
            begin = masked.rindex("、", begin, quantity.full_start) + 1
        if "、" in after and following and following.full_start < right:
            after = after[: after.index("、")]
        others = [q for q in quantities if left <= q.full_start < quantity.full_start]
        wide, at = [], left
        for other in others:
            wide.append(masked[at : other.full_start])
            at = other.full_end
        wide.append(masked[at : quantity.full_start])
        found.append(
            Spot(
                quantity=quantity,
                clause=(left, right),
                before=masked[begin : quantity.full_start],
                before_start=begin,
                after=after,
                wide="".join(wide),
                first_in_clause=not others,
            )
        )
    return found


def periods_before(periods: list[Period], start: int, end: int) -> list[Period]:
    """Return the periods that stand wholly within ``[start, end)``."""
    return [p for p in periods if start <= p.start and p.end <= end]
