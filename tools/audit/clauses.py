"""How a claim of change or distance is put: of what, against what, and the figures that stand in its words.

"涉及校次比2022年的295校次增加32校次" has the subject 涉及校次, the other side 2022年 and the figure 295 in it;
"随迁子女增加265人(2022年为4387人)" has it in a bracket behind. Blanks within a text mean nothing here.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from corpus.model import Fact
from tools.audit.view import View

_REACH = 90
_BEFORE_THAN = r"(?<![占配对同环幼普职机])(?<!师生)(?<!生师)(?<!班师)"
_MARK = re.compile(
    rf"{_BEFORE_THAN}比|(?<![比计])较(?![多少高低大小好])|相较于?|与(?=[^,;。]{{1,30}}?(?:相比|比较|比,))"
    r"|同(?=[^,;。比期]{1,30}?(?:相比|比较|比,))|(?<![不未])(?:高于|低于|高出|低出|多出|超过|超出|多于|少于)|距离?(?=[^,;。]{1,30}差)"
)
_UP = "净增加|净增|增加|增长|提高|上升|提升|扩大|上涨|上调|增|升|涨|高出|高|多出|多|超出|超过"
_DOWN = "净减少|净减|减少|压减|缩减|下降|降低|回落|缩小|下滑|减|降|低出|低|少|差|缺"
_WAY = re.compile(rf"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))(?:了|约|近|将近|幅度?|率|为|达到?|至少|整整|\s)*$")
_ABOVE = re.compile(r"^(?:高于|高出|多出|超过|超出|多于)")
_BELOW = re.compile(r"^(?:低于|低出|少于|距)")
_COMPARED = re.compile(r"(?:相比|比较|相较|对比)$")
_SOFT = re.compile(
    r"[\s\"“”'‘’,、()的]|分别|均|都|也|再|又|还|共|则|仍|同比|环比|同期|年均|净|实际|名义|总体|大幅|明显|显著|略|约|近|仅|只"
)


@dataclass(frozen=True, slots=True)
class Wording:
    """``subject`` and ``than`` are words without blanks and figures; ``mark`` is where the other side begins.

    ``inner`` are the figures of the other side, ``aside`` those in a bracket right behind the claim and
    ``remark`` the words of that bracket. ``start`` is where the words of the claim begin: levels stand before it.
    ``up`` is the direction, None where no word says it; ``way`` is where the word of it ends, -1 without one.
    """

    subject: str
    than: str
    start: int
    mark: int | None
    inner: tuple[Fact, ...]
    aside: tuple[Fact, ...]
    remark: str
    up: bool | None
    way: int = -1


def squeezed(text: str) -> str:
    """Return ``text`` without blanks."""
    return re.sub(r"\s", "", text)


def wording_of(view: View, claim: Fact) -> Wording:
    """Return how ``claim`` is put, as far as the words before and behind it say."""
    text = view.folded
    floor = max(claim.sentence[0], claim.start - _REACH)
    open_at = _enclosing(text, claim.start, floor)
    start = max(floor, open_at + 1, *(text.rfind(mark, floor, claim.start) + 1 for mark in ";。:\n"))
    remark, aside = _behind(view, claim)
    head = text[start : claim.start]
    mark = _mark(text, start, claim.start)
    way = _WAY.search(re.sub(r"\s+$", "", head))
    up = None if way is None else way["up"] is not None
    ends = claim.start if way is not None else -1
    if mark is None:
        begin = _clause(text, start, claim.start)
        words = head[begin - start :]
        if way is not None:
            words = words[: max(0, way.start() - (begin - start))]
        return Wording(_bare(words), "", begin, None, (), aside, remark, up, ends)
    begin = _clause(text, start, mark)
    other = text[mark : claim.start]
    if up is None:
        up = True if _ABOVE.match(other) else False if _BELOW.match(other) else None
    inner = tuple(_between(view, mark, claim.start))
    than = text[mark : inner[0].start if inner else claim.start]
    subject = text[begin:mark]
    if "," in than:  # 与2022年相比,随迁子女增加
        than, own = than.split(",", 1)
        subject = own
    than = re.sub(rf"(?:{_UP}|{_DOWN})?(?:了|约|近)*$", "", squeezed(_MARK.sub("", than, count=1)))
    subject = re.sub(rf"(?:{_UP}|{_DOWN})?(?:了|约|近)*$", "", squeezed(subject))
    return Wording(_bare(subject), than, begin, mark, inner, aside, remark, up, ends)


def _bare(words: str) -> str:
    return _SOFT.sub("", re.sub(r"\d+(?:\.\d+)?[%‰]?(?!\d*年)", "", words))


def _enclosing(text: str, at: int, floor: int) -> int:
    """Return where the innermost bracket around ``at`` opens, -1 if there is none within reach."""
    depth = 0
    for place in range(at - 1, floor - 1, -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            if not depth:
                return place
            depth -= 1
    return -1


def in_closed_bracket(text: str, fact: Fact, until: int) -> bool:
    """Tell whether ``fact`` stands in a bracket that is closed again before ``until``."""
    open_at = _enclosing(text, fact.start, max(fact.sentence[0], fact.start - _REACH))
    return open_at >= 0 and ")" in text[fact.end : until]


def _clause(text: str, floor: int, at: int) -> int:
    """Return where the clause of ``at`` begins, brackets skipped."""
    depth = 0
    for place in range(at - 1, floor - 1, -1):
        if text[place] == ")":
            depth += 1
        elif text[place] == "(":
            depth -= 1
        elif text[place] in ",;:。" and depth <= 0:
            return place + 1
    return floor


def _mark(text: str, floor: int, until: int) -> int | None:
    """Return where the comparison begins whose words run on to ``until``; a comma ends it but after 相比."""
    begin = _clause(text, floor, until)
    if begin > floor and _COMPARED.search(squeezed(text[floor : begin - 1])):
        earlier = _clause(text, floor, begin - 1)
        if match := _MARK.search(text, earlier, begin):
            return match.start()
    match = _MARK.search(text, begin, until)
    return match.start() if match else None


def _between(view: View, start: int, end: int) -> list[Fact]:
    return list(view.facts[bisect_left(view.starts, start) : bisect_left(view.starts, end)])


def _behind(view: View, claim: Fact) -> tuple[str, tuple[Fact, ...]]:
    """Return words and figures of the bracket right behind ``claim``."""
    match = re.match(r"[^\d,;。、()\n]{0,3}\(([^()\n]{2,40})\)", view.folded[claim.end : claim.end + 50])
    if match is None:
        return "", ()
    start, end = claim.end + match.start(1), claim.end + match.end(1)
    at = bisect_right(view.starts, start - 1)
    return squeezed(match[1]), tuple(f for f in view.facts[at : at + 6] if f.start < end)
