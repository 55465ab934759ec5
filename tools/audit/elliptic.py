"""Lists that no word opens: the parts of a division of the field right after their total, and what is left (其余)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from corpus.partitions import Partition, found, partitions
from tools.audit.adding import added
from tools.audit.closing import MOST, Listing, class_words, context_of, describe
from tools.audit.tokens import COMMA, PAUSE, STOP, Paragraph, Token, is_rest, is_total
from tools.audit.view import View

_ALIKE = re.compile("[在已升到去由]")
"""How items of a flat list begin, told by what was done ("在公办学校就读3519人,在民办学校就读…")."""


def elliptic(view: View, paragraph: Paragraph, taken: Collection[int]) -> Iterator[Listing]:
    """Return lists that no word opens: the parts of a division of the field, right after their total."""
    tokens = paragraph.tokens
    at = 0
    while at < len(tokens):
        reach = _elliptic_at(view, paragraph, taken, at)
        if reach is not None:
            yield reach
            at = paragraph.index(reach.parts[-1])
            continue
        at += 1


def _elliptic_at(view: View, paragraph: Paragraph, taken: Collection[int], at: int) -> Listing | None:
    tokens = paragraph.tokens
    whole = tokens[at]
    following: list[int] = []
    behind = False
    for index in range(at + 1, min(len(tokens), at + 1 + MOST)):
        if tokens[index].group != whole.group or index in taken:
            continue
        if paragraph.strength(index) == STOP:
            if behind or len(following) > 1 or not _next_sentence(view, paragraph, at, index):
                break
            behind, following = True, []
        if tokens[index].fact.role == "change" != whole.fact.role:
            continue
        if tokens[index].kind == whole.kind:
            if len(following) > 1 and is_total(tokens[index]):
                break
            following.append(index)
        elif paragraph.strength(index) >= COMMA and not _in_a_name(paragraph, index, whole):
            break
    if len(following) < 2 or paragraph.between(at, following[0]) == PAUSE:
        return None  # 、 stands between siblings ("优秀22所、良好41所、合格13所、不合格1所")
    context = context_of(view, paragraph, whole)
    for item in partitions().partitions:
        if not item.elliptic or not item.divides(whole.words, context) or (behind and not item.across):
            continue
        count = 0
        for index in following:
            if item.class_of(class_words(tokens[index])) is None or not _same_thing(
                item, whole, tokens[index]
            ):
                break
            if count > 1 and sums_up(view, paragraph, whole, following[:count], index):
                break
            count += 1
        parts = tuple(tokens[i] for i in following[:count])
        if count < 2 or not (item.whole or item.complete([class_words(p) for p in parts])):
            continue
        if item.class_of(whole.words) is not None and not item.whole:
            continue
        each = found(partitions().each, paragraph.gaps.get(following[0], ""))
        return describe(view, paragraph, Listing(whole, parts, opened=each))
    return None


def sums_up(view: View, paragraph: Paragraph, whole: Token, items: Sequence[int], index: int) -> bool:
    """Tell whether the amount at ``index`` is the sum of the ``items`` before it ("就读52人、送教31人,已入学83人").

    One that a pause joins to them, or that is a class of its own beside theirs (城区3所,镇区3所,乡村6所), is one
    of them whatever its value.
    """
    last, parts = paragraph.tokens[index], [paragraph.tokens[i] for i in items]
    if paragraph.between(items[-1], index) == PAUSE or _classes_of_one(
        view, paragraph, whole, [*parts, last]
    ):
        return False
    made = added([part.fact for part in parts], last.fact.unit)
    every = added([*(part.fact for part in parts), last.fact], whole.fact.unit)
    return made.exact == last.fact.value and every.exact != whole.fact.value


def _classes_of_one(view: View, paragraph: Paragraph, whole: Token, parts: Sequence[Token]) -> bool:
    """Tell whether a division of the total has each of these as a class of its own."""
    context = context_of(view, paragraph, whole)
    for item in partitions().partitions:
        if item.divides(whole.words, context):
            classes = [item.class_of(class_words(part)) for part in parts]
            if None not in classes and len(set(classes)) == len(classes):
                return True
    return False


def _in_a_name(paragraph: Paragraph, index: int, whole: Token) -> bool:
    """Tell whether a number only counts in the name of the next amount ("所辖五个县合计47.11亿元")."""
    following = index + 1
    if following >= len(paragraph.tokens) or paragraph.before.get(following) != index:
        return False
    return paragraph.tokens[following].kind == whole.kind and paragraph.strength(following) == 0


def _next_sentence(view: View, paragraph: Paragraph, at: int, index: int) -> bool:
    """Tell whether an amount begins the sentence behind that of a total, which is what its sentence is about."""
    whole, first = paragraph.tokens[at], paragraph.tokens[index]
    if at and paragraph.tokens[at - 1].fact.sentence == whole.fact.sentence:
        return False
    between = view.folded[whole.fact.end : first.fact.start]
    return between.count("。") == 1 and len(between.rsplit("。", 1)[1]) <= 12


def _same_thing(item: Partition, whole: Token, part: Token) -> bool:
    """Tell whether the part counts what the total counts: nothing but the word of its class, or the total's words."""
    if item.whole:
        return True
    rest = item.bare(part.before.strip(" #,、;:和"))
    rest = re.sub(r"[有为共的是各其中现学校园生]", "", rest)
    return all(char in whole.words for char in rest)


def remainders(paragraph: Paragraph, taken: Collection[int]) -> Iterator[Listing]:
    """Return a list for each amount that is what is left of an earlier one ("隐患86处,已整改80处,其余6处…")."""
    tokens = paragraph.tokens
    for index, rest in enumerate(tokens):
        if index in taken or not is_rest(rest) or rest.group != -1:
            continue
        chain: list[Token] = []  # what a list has as its parts is not divided once more
        current = index
        at: int | None = paragraph.before.get(index)
        while at is not None and paragraph.strength(current) < STOP and len(chain) < 6:
            if at not in taken and tokens[at].kind == rest.kind and tokens[at].fact.role == rest.fact.role:
                chain.insert(0, tokens[at])
            current = at
            at = paragraph.before.get(at)
        if any(i in taken for i in range(paragraph.index(chain[0]) if chain else index, index)):
            continue
        if siblings(chain):
            continue  # a flat list: 其他 is what is left of a total told elsewhere
        if len(chain) == 2 and chain[1].fact.value <= chain[0].fact.value:
            yield Listing(chain[0], (chain[1], rest), opened=False, closed="其余", sure=True)
            continue
        for whole, part in ((w, p) for i, w in enumerate(chain) for p in chain[i + 1 :]):
            if added([part.fact, rest.fact], whole.fact.unit).exact == whole.fact.value:
                yield Listing(whole, (part, rest), opened=False, closed="其余", sure=True)
                break


def siblings(tokens: Sequence[Token]) -> bool:
    """Tell whether the words set the first amount beside the second, not above it: of one division, or alike."""
    if len(tokens) < 2:
        return False
    first, second = (re.sub(r"^[\s#,;:、]+|其中", "", token.before.strip(" #,;:、")) for token in tokens[:2])
    for item in partitions().partitions:
        one, two = item.class_of(first), item.class_of(second)
        if one is not None and two is not None and one != two and not re.search("总|全部|共", first):
            return True
    return bool(_ALIKE.match(first) and _ALIKE.match(second) and first[:1] == second[:1])
