"""Lists of parts under a total, as a sentence or paragraph gives them, and why they may be complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus.partitions import found, partitions
from tools.audit.closing import MOST, Listing, class_words, context_of, describe, division
from tools.audit.elliptic import elliptic, remainders, sums_up
from tools.audit.tokens import COMMA, PAUSE, SEMICOLON, STOP, Paragraph, Token, is_rest, is_total
from tools.audit.view import View

_AMONG = re.compile(r"^[^,;:。]{0,20}?中[,:]")
_COLON = re.compile(r":[^,;:。、]*$")
_EACH = re.compile(r"(?:^|[,;:、])(?P<who>[^,;:]*?)(?:分别|依次)[为是有][^,;:。、]*$")
_ANEW = re.compile(r"[按从依][^,;:。]{1,10}?[分看]")
_OVER_YEARS = re.compile(r"[近这前后][一二两三四五六七八九十]+年|历年|各年|年来|逐年")


def listings(view: View, paragraph: Paragraph) -> Iterator[Listing]:
    """Return the lists within one paragraph: opened by words, in brackets, or by their parts alone."""
    taken: set[int] = set()
    found_lists: list[tuple[int, list[int], list[int], bool]] = []
    for explained, indices in paragraph.inside.items():
        same = [i for i in indices if paragraph.tokens[i].kind == paragraph.tokens[explained].kind]
        if same and not _course(paragraph, explained, same):
            first = same[0]
            run = _run(paragraph, first, taken, found_lists, nested=False) if first not in taken else []
            run = [i for i in run if paragraph.tokens[i].group == paragraph.tokens[first].group]
            if run:
                found_lists.append((first, run, [explained], True))
                taken.update(run)
    for index in range(len(paragraph.tokens)):
        if index in taken or not opens(paragraph, index):
            continue
        run = _run(paragraph, index, taken, found_lists, nested=False)
        found_lists.append((index, run, [], True))
        taken.update(run)
    used: set[int] = set()
    for first, run, owner, opened in found_lists:
        elsewhere = {i for other, parts, _, _ in found_lists if other != first for i in parts}
        for made in _of_run(view, paragraph, first, run, owner, opened, elsewhere):
            used.update(paragraph.index(part) for part in made.parts)
            yield made
    yield from elliptic(view, paragraph, used)
    yield from remainders(paragraph, used)


def _course(paragraph: Paragraph, explained: int, inside: list[int]) -> bool:
    """Tell whether a bracket tells how an amount went from year to year: then its amounts are no parts of it."""
    whole, told = paragraph.tokens[explained], [paragraph.tokens[i].fact for i in inside]
    years = [fact.period or "" for fact in told]
    if len(set(years)) < 2 or not all(re.fullmatch(r"\d{4}", year) for year in years):
        return False
    values = [fact.value for fact in told]
    running = values == sorted(values) and sum(values) * 2 > whole.fact.value * 3
    summed = found(f"{partitions().cumulative}|{partitions().totals}", whole.words)
    return running or values[-1] == whole.fact.value or not (summed or "/" in (whole.fact.period or ""))


def opens(paragraph: Paragraph, index: int) -> bool:
    """Tell whether words between the amount and the one before it begin a list of the latter's parts."""
    gap = paragraph.gaps.get(index)
    if gap is None:
        return False
    if _AMONG.match(gap) or (found(partitions().openers, gap) and not _own_subject(paragraph, index, gap)):
        return True
    if re.search(r"由[^,;:。、]*$", gap) and _made_up(paragraph, index):
        return True
    return bool(_COLON.search(gap)) and paragraph.strength(index) < STOP


def _made_up(paragraph: Paragraph, index: int) -> bool:
    """Tell whether 由 begins what something is made up of ("由A 40人、B 20人组成"); it may begin who does something."""
    sentence = paragraph.tokens[index].fact.sentence
    return any(
        re.match(r"[^,。]{0,6}(?:组成|构成)", token.after)
        for token in paragraph.tokens[index : index + MOST]
        if token.fact.sentence == sentence
    )


def _own_subject(paragraph: Paragraph, index: int, gap: str) -> bool:
    """Tell whether 分别为 tells of somebody beside the amount before it ("肢体残疾43人、言语和听力残疾分别为17人、22人").

    A pause joins the names to it; behind a semicolon they are told anew; figures of several years are no parts of
    a single year's.
    """
    each = _EACH.search(gap)
    if each is None or found(partitions().openers, gap[: each.start()]):
        return False
    who = each["who"].lstrip("#和与及、 ")
    if found(partitions().openers, who):
        return False
    before = paragraph.tokens[paragraph.before[index]]
    if _OVER_YEARS.search(who) and not found(partitions().cumulative, before.words):
        return "/" not in (before.fact.period or "")
    mark = paragraph.strength(index)
    return bool(who) and (mark >= SEMICOLON or (mark <= PAUSE and gap.lstrip("# ").startswith("、")))


def _run(
    paragraph: Paragraph, first: int, taken: set[int], lists: list[tuple[int, list[int], list[int], bool]],
    nested: bool,
) -> list[int]:  # fmt: skip
    """Return the amounts of the list that begins at ``first``; lists within it are added to ``lists``."""
    tokens, group = paragraph.tokens, paragraph.tokens[first].group
    run, index = [first], first + 1
    while index < len(tokens) and len(run) < MOST:
        if index in taken or tokens[index].group != group:
            if tokens[index].group == -1 and group != -1:
                break
            index += 1
            continue
        if tokens[index].fact.role == "change" != tokens[first].fact.role:
            index += 1  # "…,比上年增加545万元" is told of a part or of the total
            continue
        strength = paragraph.strength(index)
        if strength == STOP or (nested and strength == SEMICOLON):
            break
        if opens(paragraph, index):
            inner = _run(paragraph, index, taken, lists, nested=True)
            lists.append((index, inner, [], True))
            taken.update(inner)
            index = inner[-1] + 1
            continue
        run.append(index)
        index += 1
    return run


def _of_run(
    view: View, paragraph: Paragraph, first: int, run: list[int], owner: list[int], opened: bool,
    divided: set[int],
) -> Iterator[Listing]:  # fmt: skip
    """Return a list for each kind of amount in the run ("小学30人、5万元;初中…" are two).

    ``divided`` are the amounts that other lists have: they are not what is divided anew ("…;按来源分,…").
    """
    tokens = paragraph.tokens
    kinds = list(dict.fromkeys(tokens[i].kind for i in run))
    for kind in kinds:
        wholes = _wholes(paragraph, first, kind, owner)
        if not owner and _ANEW.search(paragraph.gaps.get(first, "")):
            wholes = [token for token in wholes if paragraph.index(token) not in divided] or wholes
        if not wholes:
            continue
        items = [i for i in run if tokens[i].kind == kind]
        if kind != tokens[first].kind:
            if len(items) < 2 or not _interleaved(paragraph, run, kind):
                continue
            for made in _listing(view, paragraph, wholes, items, opened):
                parts = tuple(_named_after(paragraph, part) for part in made.parts)
                yield replace(made, parts=parts)
            continue
        yield from _listing(view, paragraph, wholes, items, opened)


def _named_after(paragraph: Paragraph, part: Token) -> Token:
    """Let the second amount of an item go by the name of the first ("小学30人、5万元": 小学)."""
    first = paragraph.before.get(paragraph.index(part))
    named = part.name if len(part.before.strip()) > 1 and part.name != part.fact.label else ""
    return part if named or first is None else replace(part, before=paragraph.tokens[first].name, wide="")


def _interleaved(paragraph: Paragraph, run: list[int], kind: str) -> bool:
    """Tell whether a second kind of amount goes along with each item of the list."""
    kinds = [paragraph.tokens[i].kind for i in run]
    first = kinds[0]
    return kinds.count(kind) == kinds.count(first) and all(a != b for a, b in pairwise(kinds))


def _wholes(paragraph: Paragraph, first: int, kind: str, owner: list[int]) -> list[Token]:
    """Return the amounts that the list may divide, likeliest first: those told last before it."""
    tokens = paragraph.tokens
    if owner:
        return [tokens[i] for i in owner if tokens[i].kind == kind]
    before = paragraph.before.get(first)
    if before is None:
        return []
    sentence = tokens[before].fact.sentence
    found_wholes: list[Token] = []
    index: int | None = before
    while (
        index is not None
        and tokens[index].fact.sentence == sentence
        and len(found_wholes) < 4
        and before - index < MOST
    ):
        if tokens[index].kind == kind:
            found_wholes.append(tokens[index])
        index = paragraph.before.get(index)
    changes = tokens[first].fact.role == "change"
    return sorted(found_wholes, key=lambda t: (t.fact.role == "change") != changes)


def _listing(
    view: View, paragraph: Paragraph, wholes: list[Token], items: list[int], opened: bool
) -> Iterator[Listing]:
    whole, tokens = wholes[0], paragraph.tokens
    if all(tokens[i].fact.value > whole.fact.value for i in items) and len(wholes) > 1:
        whole = max(wholes, key=lambda t: t.fact.value)
    held = partitions()
    entity = held.entity(whole.words)
    cut = len(items)
    for at, index in enumerate(items):
        own = held.entity(tokens[index].words)
        if at > 1 and (is_total(tokens[index]) or sums_up(view, paragraph, whole, items[:at], index)):
            cut = at
            break
        differs = bool(own and entity and own != entity and whole.kind in ("person", "person_time"))
        if differs and at:
            cut = at
            break
    items = items[:cut]
    parts, more = _split(view, paragraph, whole, items)
    others = tuple(t for t in wholes if t is not whole)
    if not more and (beyond := _beyond(view, paragraph, whole, items)):
        parts = (*parts, *beyond)
    made = describe(view, paragraph, Listing(whole, parts, more, others, opened))
    tied = made.partition is not None and made.partition.whole and whole is wholes[0]
    yield replace(made, others=()) if tied else made  # the field says that these divide just that


def _split(
    view: View, paragraph: Paragraph, whole: Token, items: list[int]
) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Return the parts that surely belong together, and those that may."""
    tokens = paragraph.tokens
    held = partitions()
    context = context_of(view, paragraph, whole)
    chosen = [tokens[i] for i in items]
    for size in range(len(items), 1, -1):
        if division(whole, chosen[:size], context) is not None:
            size = _with_rest(paragraph, items, size)
            return tuple(chosen[:size]), tuple(chosen[size:])
    level = PAUSE
    if len(items) > 1:
        level = max(PAUSE, paragraph.between(items[0], items[1]))
    size = 1
    while size < len(items) and paragraph.between(items[size - 1], items[size]) <= level:
        if found(held.outside, tokens[items[size]].before):
            break
        size += 1
    size = _with_rest(paragraph, items, size)
    return tuple(chosen[:size]), tuple(chosen[size:])


def _with_rest(paragraph: Paragraph, items: list[int], size: int) -> int:
    """Return how many of ``items`` are the list with what it says is left (其他), told in the same breath."""
    while size < len(items) and is_rest(paragraph.tokens[items[size]]):
        if paragraph.between(items[size - 1], items[size]) > COMMA:
            break
        size += 1
    return size


def _beyond(view: View, paragraph: Paragraph, whole: Token, items: list[int]) -> tuple[Token, ...]:
    """Return parts told in the next sentences, where they complete a division of the field ("…。2人延缓入学")."""
    tokens, context = paragraph.tokens, context_of(view, paragraph, whole)
    parts = [tokens[i] for i in items]
    if division(whole, parts, context) is not None:
        return ()
    words = [class_words(part) for part in parts]
    for item in partitions().partitions:
        if not (item.divides(whole.words, context) and item.holds(words)):
            continue
        held = {item.class_of(w) for w in words}
        extra: list[Token] = []
        for index in range(items[-1] + 1, min(len(tokens), items[-1] + MOST)):
            token = tokens[index]
            if token.kind != whole.kind or token.group != whole.group:
                continue
            if paragraph.strength(index) < STOP and not extra:
                continue
            own = item.class_of(class_words(token))
            if own is None or own in held or found(partitions().outside, token.before):
                break
            extra.append(token)
            held.add(own)
            if item.complete([*words, *(class_words(t) for t in extra)]):
                return tuple(extra)
    return ()
