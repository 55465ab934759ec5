"""Why a list of parts may be complete, and why its parts may not be counted twice: its words, and the field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from corpus.partitions import Partition, found, partitions
from tools.audit.tokens import PAUSE, Paragraph, Token, is_rest
from tools.audit.view import View

_HOLDING = r"\((?:其中)?(?:含|包含|包括|不含|不包括|未含|加上)([^()]{2,20})\)"
_HOLDS = re.compile(_HOLDING + r"[^,;:。()]{0,6}$")
_HOLDS_BEHIND = re.compile(r"[^,;:。()]{0,8}" + _HOLDING)
_NARROW = re.compile(
    "小学|初中|高中|中职|学前|公办|民办|普惠|城区|农村|乡村|男|女|在编|寄宿|留守|贫困|随迁|残疾|骨干|高级|本科|新增|新建"
)
MOST = 40
"""Parts of one list at most."""


@dataclass(frozen=True, slots=True)
class Listing:
    """``parts`` are those that the words surely list; ``more`` stand behind a weaker mark and may belong to them.

    ``others`` are further amounts that the list may divide instead of ``whole``. ``closed`` says why nothing can be
    missing from the list ("" where nothing says so); ``sure`` that no part can be counted twice. ``backward``: the
    total stands behind its parts; ``staged``: its parts are the stages, told one by one; not ``tied``: only its place
    makes it a list.
    """

    whole: Token
    parts: tuple[Token, ...]
    more: tuple[Token, ...] = ()
    others: tuple[Token, ...] = ()
    opened: bool = True
    partition: Partition | None = None
    closed: str = ""
    sure: bool = False
    unfinished: bool = False
    backward: bool = False
    staged: bool = False
    tied: bool = True

    @property
    def key(self) -> tuple[str, ...]:
        """What the list divides by: lists of one key are complete or incomplete together."""
        return tuple(sorted(part.name for part in self.parts))


def context_of(view: View, paragraph: Paragraph, whole: Token) -> str:
    """Return what is told around a total: its paragraph up to it, and the headings above."""
    begin = max(paragraph.start, whole.fact.start - 300)
    return f"{view.folded[begin : whole.fact.end + 20]} {whole.fact.section} {paragraph.about}"


def division(whole: Token, parts: Sequence[Token], context: str) -> Partition | None:
    """Return the division of the field that these parts make up completely, None if there is none."""
    words = [class_words(part) for part in parts]
    for item in partitions().partitions:
        if item.divides(whole.words, context) and item.complete(words):
            if item.whole or not any(_narrower(item, whole, part) for part in parts):
                return item
    return None


def _narrower(item: Partition, whole: Token, part: Token) -> bool:
    """Tell whether a part is only some of its class ("城区小学" of all schools)."""
    rest = item.bare(part.name)
    return any(match[0][:2] not in whole.words for match in _NARROW.finditer(rest))


def class_words(part: Token) -> str:
    """Return the words by which a part is known: its own; those behind it where a number opens its sentence."""
    bare = not re.sub(r"[\s,、和]", "", part.before)
    return f"{part.words} {part.tail}" if bare or len(part.words.strip()) < 2 else part.words


def describe(view: View, paragraph: Paragraph, listing: Listing) -> Listing:
    """Return the list with what its words and the field say: division, why it is complete, whether it goes on."""
    held, parts, whole = partitions(), listing.parts, listing.whole
    last = parts[-1]
    unfinished = _breaks_off(view, paragraph, last) or found(held.unfinished, last.after)
    context = context_of(view, paragraph, whole)
    made = division(whole, parts, context) if len(parts) > 1 else None
    apart = made or disjoint(whole, parts, context)
    closed = ""
    if made is not None and (made.closed == "always" or (made.closed == "opener" and listing.opened)):
        closed = made.name
    # "(含X)" beside the total: what it holds beyond the parts is not told
    if closed and made is not None and (_holds_more(view, whole, made) or _beside(paragraph, listing, made)):
        closed = ""
    if any(is_rest(part) and _plain_rest(part, whole) for part in parts):
        closed = "其他"
    places = [paragraph.places.get(part.fact.start, -1) for part in parts]
    opener = paragraph.gaps.get(places[0], "")
    if found(rf"(?:{held.complete})[^,;。]*$", opener) and (
        not opener.rstrip().endswith("由") or re.match(r"[^,。]{0,6}(?:组成|构成)", last.after)
    ):
        closed = "分为"
    if not closed and len(parts) > 1 and last.group >= 0 > whole.group and _bare_bracket(parts):
        closed = "括号"
    if unfinished and made is not None and made.name == closed and _cut_within(view, paragraph, listing):
        unfinished = False
    if _year_by_year(whole, parts, _clause(view, whole)):
        closed = "分年"
    if found("(?:合计|共计|总计)(?:为|达|有)?$", whole.before) and opener.lstrip().startswith(":"):
        closed = "合计"
    overlapping = apart is None and may_overlap(whole, parts)
    mixed = len({found("用于|用来", part.words) for part in parts}) > 1
    tight = min(places) >= 0 and all(paragraph.between(a, b) <= PAUSE for a, b in pairwise(places))
    money = whole.kind == "money" and not mixed
    sure = apart is not None or (
        not overlapping and not mixed and bool((tight and len(parts) > 1) or closed or money)
    )
    return replace(
        listing, partition=apart, closed="" if unfinished else closed, sure=sure, unfinished=unfinished
    )


def _cut_within(view: View, paragraph: Paragraph, listing: Listing) -> bool:
    """Tell whether a text that ends within the bracket of the last part can hide no further part of a division.

    Schools may go on (九年一贯制学校), unless the brackets tell that the stages hold these (单办小学50所、…).
    """
    last = listing.parts[-1]
    opened = [group for group in paragraph.unclosed if group >= last.fact.end - paragraph.start]
    if last.group in paragraph.unclosed or not opened:
        return False
    behind = view.folded[last.fact.end : paragraph.start + min(opened)]
    if len(behind) > 24 or re.search("[,;:。、]", behind):
        return False
    short = listing.whole.fact.value - sum(part.fact.value for part in listing.parts)
    if 0 < short <= max(Decimal(2), listing.whole.fact.value / 50):
        return False  # a special school, and its pupils, may be what is cut off
    inner = view.folded[listing.parts[0].fact.end : paragraph.end]
    return listing.whole.kind != "所" or bool(re.search("单办|单设|独立设置", inner))


def _bare_bracket(parts: Sequence[Token]) -> bool:
    """Tell whether a bracket right behind the total is nothing but a division of it ("2100人(小学1260人、初中840人)")."""
    words = [class_words(part) for part in parts]
    plain = not found(f"{partitions().openers}|含", parts[0].before)
    whole_division = (p for p in partitions().partitions if p.closed == "always" and not p.whole)
    return plain and any(item.complete(words) for item in whole_division)


def may_overlap(whole: Token, parts: Sequence[Token]) -> bool:
    """Tell whether a part is known by something that others may have too (女教师, 党员), unless the total has it."""
    pattern = re.compile(partitions().overlap)
    return any(match[0] not in whole.words for part in parts for match in pattern.finditer(part.words))


def _clause(view: View, whole: Token) -> str:
    """Return what is told of a total before its number; "三年" is a number to the paragraph, not a word."""
    return re.split("[,;:。()\n]", view.folded[max(0, whole.fact.start - 40) : whole.fact.start])[-1]


def _year_by_year(whole: Token, parts: Sequence[Token], said: str) -> bool:
    """Tell whether the parts are those of each year of the total's years."""
    first, _, last = (whole.fact.period or "").partition("/")
    years = [part.fact.period or "" for part in parts]
    told = [year for year in years if year.isdigit()]
    if not last and len(told) == len(years) > 1 and found(partitions().cumulative, said):
        start = int(told[0])
        return (whole.fact.period or told[-1])[:4] == told[-1] and [*map(int, told)] == list(
            range(start, start + len(told))
        )
    if not (first.isdigit() and last.isdigit() and all(year.isdigit() for year in years)):
        return False
    return sorted(map(int, years)) == list(range(int(first), int(last) + 1))


def disjoint(whole: Token, parts: Sequence[Token], context: str) -> Partition | None:
    """Return the division that all parts are of, complete or not, each under its own name."""
    words = [class_words(part) for part in parts]
    if len({part.name for part in parts}) < len(parts):
        return None
    for item in partitions().partitions:
        if item.divides(whole.words, context) and item.holds(words):
            classes = [item.class_of(w) for w in words]
            if item.closed == "opener" or len(set(classes)) == len(classes):
                return item
    return None


def _plain_rest(part: Token, whole: Token) -> bool:
    """Tell whether 其他 closes the list of this total, not only a group of it ("其他民办园" of 幼儿园)."""
    own = re.sub(rf"^.*?(?:{partitions().rest.lstrip('^')})", "", part.before.strip()).strip()
    groups = ("公办", "民办", "普惠", "农村", "城", "乡", "小学", "初中", "女", "男")
    return not any(word in own and word not in whole.words for word in groups)


def _holds_more(view: View, whole: Token, made: Partition) -> bool:
    """Tell whether the total is said to hold, or to leave out, what the division does not name."""
    before = view.folded[max(0, whole.fact.start - 36) : whole.fact.start]
    match = _HOLDS.search(before) or _HOLDS_BEHIND.match(view.folded, whole.fact.end)
    if match is None:
        return False
    return made.class_of(match[1]) is None or bool(re.search("附设", match[1]))


def _beside(paragraph: Paragraph, listing: Listing, made: Partition) -> bool:
    """Tell whether something that the total may hold as well is told right after the list (九年一贯制学校)."""
    if not made.beside:
        return False
    last, held = listing.parts[-1].fact, (*listing.parts, *listing.more)
    first = paragraph.places.get(last.start, len(paragraph.tokens)) + 1
    return any(
        token.kind == listing.whole.kind and token not in held
        and token.fact.start < last.end + 160 and found(made.beside, token.words)
        and not found(partitions().outside, token.before)
        for token in paragraph.tokens[first : first + 6]
    )  # fmt: skip


def _breaks_off(view: View, paragraph: Paragraph, last: Token) -> bool:
    """Tell whether the text ends within the list: in an open bracket, or without any mark."""
    if last.group in paragraph.unclosed:
        return True
    if last.group >= 0:
        return False
    rest = view.folded[last.fact.end : paragraph.end]
    at_end = paragraph.final
    if any(group >= last.fact.start - paragraph.start for group in paragraph.unclosed):
        return at_end
    return at_end and len(rest) <= 30 and not re.search(r"[。;.!?)]", rest) and bool(rest.strip()[1:])
