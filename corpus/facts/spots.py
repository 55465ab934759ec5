"""Where each quantity of a sentence stands: its clause, and the words before and after it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from corpus.model import Quantity

_CUT = re.compile(r"[,;:。!?\n()\[\]【】]")
_BRACKET = re.compile(r"[(\[【][^()\[\]【】\n]{0,120}[)\]】]")
_BOOK = re.compile(r"《[^《》\n]{0,120}》")
_ROUND = re.compile(r"[()]")
_JOINED = re.compile(r"[\u4e00-\u9fff](?:和|及|与|以及)[ \x00]*$")
_FATE = re.compile(
    r"(?:转为|改为|改建为|划归|升格为|更名为|被评为|获评|被认定为|被列为|通过了?|投入使用|建成投|交付使用)[^,;。:()、\d]{0,16}"
)
"""What became of all that a list counts stands behind its last part."""
_DEEPEST = 6
_REACH = 240
"""Words further from a number than this are not its own."""


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
    bracketed: bool = False
    brackets: tuple[int, ...] = ()
    """Where the brackets open that the number stands in, the outermost first."""
    over: tuple[int, int] | None = None
    """A bracket with numbers that ``before`` reads over ("占支出(36.5亿元)的比例为15%")."""


def mask(folded: str, quantities: tuple[Quantity, ...]) -> str:
    """Blank out (to NUL) titles in 《》 and brackets without a quantity, keeping positions."""
    chars = list(folded)
    for match in _BOOK.finditer(folded):
        chars[match.start() + 1 : match.end() - 1] = "\x00" * (match.end() - match.start() - 2)
    starts = [q.start for q in quantities]
    for match in _BRACKET.finditer(folded):
        index = bisect_left(starts, match.start())
        if index == len(starts) or starts[index] >= match.end():
            chars[match.start() : match.end()] = "\x00" * (match.end() - match.start())
    return "".join(chars)


def spots(masked: str, start: int, end: int, quantities: list[Quantity]) -> list[Spot]:
    """Return the quantities of the sentence ``[start, end)`` with their surroundings."""
    cuts = _cuts(masked, start, end, quantities)
    pairs = _pairs(masked, start, end)
    closing = {shut: begin for begin, shut in pairs}
    opened = _opened(pairs, quantities)
    found: list[Spot] = []
    others: list[Quantity] = []
    for i, quantity in enumerate(quantities):
        at = bisect_left(cuts, quantity.full_start)
        left = cuts[at - 1] + 1 if at else start
        right = next((cut for cut in cuts[at : at + 2] if cut >= quantity.full_end), end)
        previous = quantities[i - 1] if i else None
        following = quantities[i + 1] if i + 1 < len(quantities) else None
        others = [q for q in others if q.full_start >= left][-12:]
        begin = max(left, previous.full_end) if previous else left
        stop = min(right, following.full_start) if following else right
        after = masked[quantity.full_end : min(stop, quantity.full_end + _REACH)]
        if others and (comma := masked.find("、", begin, quantity.full_start)) >= 0:
            # "6个街道、21个镇": what stands before the 、 belongs to the number before
            begin = comma + 1
        if previous and begin == previous.full_end and _JOINED.search(masked[begin : quantity.full_start]):
            begin = quantity.full_start  # "6所民办小学和67个教学点": the words are those of the 6
        if "、" in after and following and following.full_start < right:
            after = after[: after.index("、")]
        joined = masked[quantity.full_end : following.full_start] if following else ""
        if following and re.fullmatch(r"[^,;。:()、]{1,12}、", joined.rstrip(" \x00")):
            fate = _FATE.search(masked, following.full_end, right)
            after += (
                fate.group() if fate and not _FATE.search(joined) else ""
            )  # 2所中小学、7所幼儿园转为公办园
        wide, place = [], max(left, quantity.full_start - 2 * _REACH)
        for other in others:
            wide.append(masked[place : max(place, other.full_start)])
            place = max(place, other.full_end)
        wide.append(masked[place : quantity.full_start])
        begin = max(begin, quantity.full_start - _REACH)
        before, over = masked[begin : quantity.full_start], None
        if begin == left and left - 1 in closing and masked[begin : begin + 1] not in tuple(",;:。!?)\n、"):
            over = (closing[left - 1], left)
            lead = _lead(masked, cuts, quantities[:i], over[0], start)
            before, begin = masked[lead : over[0]] + before, lead
        found.append(
            Spot(
                quantity=quantity,
                clause=(left, right),
                before=before,
                before_start=begin,
                after=after,
                wide="".join(wide),
                first_in_clause=not others,
                bracketed=left > start and masked[left - 1] in "([【",
                brackets=opened[i],
                over=over,
            )
        )
        others.append(quantity)
    return found


def _cuts(masked: str, start: int, end: int, quantities: list[Quantity]) -> list[int]:
    """Positions of the marks between clauses, not those within a quantity (1:13.5, 1,250元)."""
    cuts: list[int] = []
    index = 0
    for match in _CUT.finditer(masked, start, end):
        while index < len(quantities) and quantities[index].full_end <= match.start():
            index += 1
        if index < len(quantities) and quantities[index].full_start <= match.start():
            continue
        cuts.append(match.start())
    return cuts


def _lead(masked: str, cuts: list[int], earlier: list[Quantity], opening: int, start: int) -> int:
    """Return where the words before the bracket that opens at ``opening`` begin."""
    at = bisect_left(cuts, opening)
    left = cuts[at - 1] + 1 if at else start
    for quantity in reversed(earlier):
        if quantity.full_end <= opening:
            return max(left, quantity.full_end, opening - _REACH)
    return max(left, opening - _REACH)


def _pairs(masked: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the round brackets of a sentence that close, as (position of opening, of closing), by opening."""
    found, stack = [], list[int]()
    for match in _ROUND.finditer(masked, start, end):
        if match.group() == "(":
            stack.append(match.start())
        elif stack:
            found.append((stack.pop(), match.start()))
    return sorted(found)


def _opened(pairs: list[tuple[int, int]], quantities: list[Quantity]) -> list[tuple[int, ...]]:
    """Return for each quantity where the brackets around it open, at most ``_DEEPEST`` of them."""
    found, stack, index = [], list[tuple[int, int]](), 0
    for quantity in quantities:
        while index < len(pairs) and pairs[index][0] < quantity.start:
            while stack and stack[-1][1] < pairs[index][0]:
                stack.pop()
            stack.append(pairs[index])
            index += 1
        while stack and stack[-1][1] < quantity.start:
            stack.pop()
        found.append(tuple(begin for begin, _ in stack[:_DEEPEST]))
    return found
