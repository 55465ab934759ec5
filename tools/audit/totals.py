"""Totals that follow their parts ("…,三年累计3.38亿元"), and totals that name them ("公办园和民办园合计…")."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from corpus.partitions import found, partitions
from tools.audit.closing import Listing, disjoint, may_overlap
from tools.audit.listing import opens
from tools.audit.tokens import PAUSE, STOP, Paragraph, Token
from tools.audit.view import View

_CN = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTED = re.compile(
    r"(?:(?:以上|上述|前述|这|近)?(?P<n>[两二三四五六七八九十]|\d{1,2})(?:项|者|类|年|部分|校|个|方面|所|期|批))?"
    r"(?P<word>合计|共计|总计|总共|一共|合共|累计|加起来|相加|之和|共)(?:投入|支出|收入|资金|人数|入学|安置|就读|就学|招聘|招录|补充|培训|资助|完成|新建|人|(?(n)[^,;:。()\d]{0,6}))?(?:为|达到?|有|约|是)?$"
)
_NOUN = re.compile(r"(?P<n>(?!))?(?P<word>合计|共计|总计)(?P<noun>[\u4e00-\u9fff]{2,8})$")
_ONLY = re.compile(r"^[\s,;:、和与及#]*$")
_NAMES = re.compile(r"^(?P<names>.+?)(?:合计|共计|总计|共|之和|总数)(?:为|达到?|有)?$")
_KEPT = re.compile("保留|存续|留存|继续")
"""What is not among those that a verb such as 压减 sums up."""
_SURE = ("合计", "共计", "总计", "合共", "一共", "总共", "之和", "相加", "加起来")

Named = Mapping[tuple[str, str], list[Token]]
"""Amounts told so far by what they count (kind) and their name."""


def totals(view: View, paragraph: Paragraph, named: Named) -> Iterator[Listing]:
    """Return a list for each amount that is said to be the sum of those before it."""
    for index, token in enumerate(paragraph.tokens):
        before = view.folded[max(paragraph.start, token.fact.start - 60) : token.fact.start]
        match = _COUNTED.search(before) or _noun(paragraph, index, before) or _result(view, token, before)
        if match is None:
            continue
        if _ONLY.match(_own(before[: match.start()])):
            made = _after(paragraph, index, match)
        else:
            made = _naming(token, named)
        if made is not None:
            yield made


def _noun(paragraph: Paragraph, index: int, before: str) -> re.Match[str] | None:
    """Return the sum words of "合计专任教师4000人", where the parts before it are called so too."""
    match = _NOUN.search(before)
    previous = paragraph.before.get(index)
    if match is None or previous is None:
        return None
    return match if match["noun"][-2:] in paragraph.tokens[previous].words else None


def _result(view: View, token: Token, before: str) -> re.Match[str] | None:
    """Return the verb that sums up what was listed ("剔除5人后", "压减59家,压减率…")."""
    match = re.search(rf"(?P<n>(?!))?(?P<word>{partitions().result})$", before)
    if match is None:
        return None
    word = match["word"].removeprefix("共")
    behind = view.folded[token.fact.end : token.fact.end + 2 + len(word)]
    return match if behind.startswith("后") or word in behind else None


def _own(before: str) -> str:
    """Return what stands between the last mark and the sum words."""
    return re.split(r"[,;:。()\n]", before)[-1]


def _after(paragraph: Paragraph, index: int, match: re.Match[str]) -> Listing | None:
    """Return the list whose parts are the amounts right before the total, as many as its words say."""
    tokens, total = paragraph.tokens, paragraph.tokens[index]
    count = int(match["n"]) if (match["n"] or "").isdigit() else _CN.get(match["n"] or "", 0)
    if paragraph.strength(index) == STOP:
        return None
    chain: list[int] = []
    at: int | None = paragraph.before.get(index)
    result = found(f"^(?:{partitions().result})$", match["word"])
    while at is not None and (not count or len(chain) < count):
        if result and _KEPT.search(tokens[at].before) and paragraph.strength(at) < STOP:
            at = paragraph.before.get(at)
            continue
        if tokens[at].fact.role == "change" != total.fact.role:
            at = paragraph.before.get(at)
            continue
        if tokens[at].kind == total.kind:
            if result and len(chain) > 1 and paragraph.between(at, chain[0]) > paragraph.between(*chain[:2]):
                break  # "机构64家,注销51家、转型8家,压减59家": the amount before is what they are taken from
            chain.insert(0, at)
        elif not chain or paragraph.strength(at) > PAUSE:
            break
        if opens(paragraph, at) or paragraph.strength(at) == STOP:
            break
        at = paragraph.before.get(at)
    if len(chain) < 2 or (count and len(chain) < count):
        return None
    said = replace(total, before=match.group(), after="", wide="")
    if not count and len(chain) > 2 and _belong(said, chain[1:], tokens) and not _belong(said, chain, tokens):
        chain = chain[
            1:
        ]  # "适龄267人,随班203人,送教6人,共入学209人": what comes first is what they are taken from
    marks = {paragraph.between(a, b) for a, b in pairwise(chain)}
    parts = tuple(tokens[i] for i in chain)
    even = len(marks) == 1
    first = paragraph.strength(chain[0]) == STOP or chain[0] == 0
    bare = match["word"] == "共" and not match.group().endswith("有")
    plain = match["word"] in _SURE or (match["word"] == "共" and marks <= {0, PAUSE}) or (bare and first)
    plain = plain or (result and marks <= {0, PAUSE})
    named = replace(total, before=match["word"] if result else "各项合计数", after="", wide="")
    if result:  # what was taken off is a count of what was listed, not a change of something
        named = replace(named, fact=replace(total.fact, role="level", direction=None))
    apart = disjoint(named, parts, "") or disjoint(said, parts, "")
    sure = bool(count) or (even and (plain or apart is not None))
    overlapping = apart is None and match["word"] not in _SURE and may_overlap(named, parts)
    return Listing(named, parts, closed="合计" if sure else "", sure=sure and not overlapping, backward=True)


def _belong(total: Token, chain: list[int], tokens: tuple[Token, ...]) -> bool:
    return disjoint(total, [tokens[i] for i in chain], "") is not None


def _naming(total: Token, named: Named) -> Listing | None:
    """Return the list whose parts the total names, where each was told once before under that name."""
    match = _NAMES.match(total.name + "合计") if total.name else None
    if match is None or not re.search("和|与|、|及", match["names"]):
        return None
    pieces = [piece for piece in re.split(r"和|与|、|以及|及", match["names"]) if piece]
    parts: list[Token] = []
    for piece in pieces:
        told = next(
            (t for size in range(len(piece), 1, -1) if (t := named.get((total.kind, piece[:size])))), None
        )
        if not told:
            return None
        parts.append(told[-1])
    alone = all(len({t.fact.value for t in named[(total.kind, part.name)]}) == 1 for part in parts)
    if len(parts) < 2 or len({part.fact.start for part in parts}) < len(parts):
        return None
    return Listing(total, tuple(parts), closed="合计" if alone else "", sure=alone, backward=True)
