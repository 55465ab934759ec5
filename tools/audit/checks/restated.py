"""The same quantity stated twice in one report: alike, or with two values."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from corpus.model import Fact
from tools.audit.mentions import Mention, agree, comparable, cut_off, mentions, named_so
from tools.audit.model import Finding, Verdict
from tools.audit.registry import check, clause_span, tell
from tools.audit.sayings import named
from tools.audit.view import View
from tools.evidence import Part, Sentence

Group = list[Mention]


@check("restated")
def restated(view: View) -> Iterator[Finding]:
    """Hold the figures that state one quantity against each other.

    They are judged only where nothing tells them apart; one that differs from all others of its quantity is
    ``inconsistent``. Three different values of what seems one quantity are rather several quantities that look
    alike: nothing is said of them.
    """
    by_key: dict[tuple[object, ...], Group] = defaultdict(list)
    for mention in mentions(view.report, view.folded, view.facts):
        by_key[mention.key].append(mention)
    for found in by_key.values():
        for group in _groups(found):
            yield from _judge(view, group)


def _groups(found: Group) -> Iterator[Group]:
    """Yield the mentions that may be judged together; a mention joins the first group that it fits."""
    groups: list[Group] = []
    for mention in found:
        if mention.standing == "other":
            continue
        for group in groups:
            if all(comparable(mention, other) for other in group[:_ENOUGH]):
                group.append(mention)
                break
        else:
            groups.append([mention])
    yield from (group for group in groups if len(group) > 1)


_ENOUGH = 8
"""Mentions of a group that a new one is held against; more say nothing new and would cost quadratic time."""


def _judge(view: View, group: Group) -> Iterator[Finding]:
    sides: list[Group] = []
    for mention in group:
        side = next((s for s in sides if agree(s[0].fact, mention.fact)), None)
        if side is None:
            sides.append([mention])
        else:
            side.append(mention)
        if len(sides) > 2:
            return
    if len(sides) == 1:
        facts = [m.fact for m in group]
        if len({fact.sentence for fact in facts}) > 1 and _written_alike(facts):
            yield _finding(view, "consistent", facts[-1], facts[:-1])
        return
    first, second = sides
    odd, kept = (first, second) if len(first) < len(second) else (second, first)
    rough = cut_off(first[0].fact, second[0].fact)
    for mention in odd:
        facts = [m.fact for m in kept if named_so(view.folded, m.fact)]
        if not facts or not named_so(view.folded, mention.fact):
            continue
        if mention.fact.sentence in {fact.sentence for fact in facts}:
            continue  # within a sentence two values are a change, a bound or a comparison, however it is worded
        yield _finding(view, "rounding" if rough else "inconsistent", mention.fact, facts)


def _written_alike(facts: Sequence[Fact]) -> bool:
    """Tell whether none is a mere bound of the others ("超过6万亿元")."""
    return all(not fact.qualifier for fact in facts) or len({fact.as_printed for fact in facts}) == 1


def _finding(view: View, verdict: Verdict, claim: Fact, others: Sequence[Fact]) -> Finding:
    other = others[0]
    what = named(claim)
    here, there = _place(view, claim), _place(view, other)
    apart = here is not None and there is not None and here.start != there.start
    before = ("在", Part(f"「{there.text}」", there), "部分") if there and apart else ("另一处",)
    after = ("在", Part(f"「{here.text}」", here), "部分") if here and apart else ("这里",)
    if verdict == "consistent":
        why = tell(*what, "不止一处写到,都是", claim, ",前后一致")
    elif verdict == "rounding":
        why = tell(*what, *before, "写的是", other, ",", *after, "写的是", claim, ",相差在取整或约数的范围内")
    else:
        why = tell(
            *what, *before, "写的是", other, ",", *after, "写的是", claim,
            ",同一个数前后不一致,按各自所印的位数四舍五入也对不上,请核对哪一处有误",
        )  # fmt: skip
    start, end = clause_span(view, claim)
    return Finding(
        view.report.id, start, end, "contradiction", "restated", verdict, why, (claim, *others), claim
    )


_TITLE = re.compile(r"[^。;；%元\d]{2,30}|[\d.、()（）一二三四五六七八九十]{1,5}[^。;；%元\d]{2,30}")


def _place(view: View, fact: Fact) -> Sentence | None:
    """Return the innermost heading that ``fact`` stands under, as a quotation; a numbered sentence is none."""
    around = [s for s in view.report.sections if s.start <= fact.start < s.end]
    for section in sorted(around, key=lambda s: -s.level):
        lines = view.report.text[section.start : section.end].split("\n", 1)
        title = lines[0].strip()
        if _TITLE.fullmatch(title) and section.start + len(lines[0]) < fact.start:
            start = view.report.text.index(title, section.start)
            return Sentence(view.report.id, start, start + len(title), title, " > ".join(section.path))
    return None
