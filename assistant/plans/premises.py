"""What a question takes for granted: a change of a stated size and direction, held against the report."""

from __future__ import annotations

import re
from collections.abc import Generator
from dataclasses import replace

from assistant.plans.changes import change
from assistant.plans.common import chosen, distinct, search
from assistant.procedures import PROCEDURES, Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind, name_of, subject, when
from corpus.model import Fact, Quantity
from corpus.units import convert, dimension
from tools.evidence import Evidence, amount, plain

_FELL = re.compile(r"减少|下降|降低|少了|跌|降幅|下滑|缩减|减了|降了|负增长")
_WHY = re.compile(r"为什么|为何|怎么会|原因|怎么(?:减少|下降|增加|增长)")
_CHECKED = re.compile(r"对不对|对吗|对么|对得上|对不上|正确|有没有错|错没错|属实")


@procedure("premise")
def premise(ask: Ask, desk: Desk) -> Procedure:
    """Check the change that a question takes for granted, its size and its direction, before anything is explained."""
    given = ask.given[-1]
    moves, found = yield from _moves(ask, given)
    if not moves:
        if _WHY.search(ask.folded):
            return absent(found, ask, desk)
        if _CHECKED.search(ask.folded):
            return (yield from PROCEDURES["recheck"](replace(ask, op="recheck"), desk))
        open_ask = replace(ask, op="growth", given=(), measure=None, rate_asked=False)
        return (yield from change(open_ask, desk))
    falls = bool(_FELL.search(ask.folded))
    same = [e for e in moves if isinstance(e.item, Fact) and _equal(e.item, given)]
    shown = same[:1] or moves[:3]
    lines: list[Line] = []
    for item in shown:
        fact = item.item
        assert isinstance(fact, Fact)
        lines.append(Line(_said(fact, ask, desk), (item,)))
    first = shown[0].item
    assert isinstance(first, Fact)
    if falls != (first.direction == "down"):
        wrong = "减少" if falls else "增加"
        lines[0] = replace(lines[0], text=f"问题的前提与报告不符:不是{wrong}。{lines[0].text}")
    elif _WHY.search(ask.folded):
        why = refuse("not_reported", "报告没有说明原因。")
        lines += why.lines
    elif same and _CHECKED.search(ask.folded):
        # the report does say so; whether it adds up is what is asked
        return (yield from PROCEDURES["recheck"](replace(ask, op="recheck"), desk))
    elif same:
        lines[0] = replace(lines[0], text=f"是的。{lines[0].text}")
    elif given.unit != "成" and not given.qualifier and first.unit not in (given.unit, "成"):
        right, stated = f"{plain(first.value)}{first.unit}", f"{plain(given.value)}{given.unit}"
        if first.value == given.value:
            lines[0] = replace(
                lines[0],
                text=f"不是,单位不对。{lines[0].text},单位是“{first.unit}”,不是“{given.unit}”",
            )
        elif right != stated:
            lines[0] = replace(lines[0], text=f"不是。{lines[0].text},不是{stated}")
    elif given.unit != "成" and not given.qualifier:
        lines[0] = replace(lines[0], text=f"不是。{lines[0].text},不是{plain(given.value)}{given.unit}")
    return Draft(tuple(lines), values=tuple(shown))


def _moves(
    ask: Ask, given: Quantity
) -> Generator[Call, list[Evidence], tuple[list[Evidence], list[Evidence]]]:
    """Return the stated changes that the question may speak of: by its words, else by the very amount."""
    roles = ["rate"] if dimension(given.unit) in ("percent", "cheng") else ["change"]
    bare = replace(ask, measure=None, rate_asked=False)
    if ask.words or ask.metric_ids:
        found = yield search(bare, [*roles, "change"], unit="")
        every = distinct(by_kind(found, "fact"))
        kind = [e for e in every if isinstance(e.item, Fact) and _alike(e.item, given)]
        if facts := chosen(kind or every, bare):
            return facts, found
    else:
        stated = f"{plain(given.value)}{given.unit}"
        found = yield search(
            replace(bare, words="", metric_ids=(), stages=()), ["change", "rate"], unit="", value=stated
        )
        return by_kind(found, "fact"), found
    if _WHY.search(ask.folded):
        stated = f"{plain(given.value)}{given.unit}"
        found = yield search(
            replace(bare, words="", metric_ids=(), stages=()), ["change", "rate"], unit="", value=stated
        )
        return by_kind(found, "fact"), found
    return [], found


def _alike(fact: Fact, given: Quantity) -> bool:
    own, asked = dimension(fact.unit), dimension(given.unit)
    return own == asked or {own, asked} == {"percent", "cheng"}


def _equal(fact: Fact, given: Quantity) -> bool:
    if dimension(fact.unit) != dimension(given.unit):
        return False
    return convert(fact.value, fact.unit, given.unit) == given.value


def _said(fact: Fact, ask: Ask, desk: Desk) -> str:
    verb = {"up": "增加", "down": "减少"} if fact.role == "change" else {"up": "增长", "down": "下降"}
    name = f"{fact.region or ''}{when(fact, ask, desk)}{subject(fact)}{name_of(fact)}"
    return f"{name}{verb[fact.direction or 'up']}{amount(fact)}"
