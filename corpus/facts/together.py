"""Names and numbers told apart: "A、B、C分别为1、2、3" pairs the first with the first."""

from __future__ import annotations

import re

from corpus.model import Quantity

_RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|有|约为|完成|增长|下降|提高|增加|减少|占)?")
_JOIN = re.compile(r"、|和(?!谐|平)|及|与|以及")


def pair(masked: str, start: int, end: int, quantities: list[Quantity]) -> dict[int, str]:
    """Return {start of a quantity: the name it belongs to} for the "分别" lists of a sentence.

    A list whose names and numbers are not equally many is left alone: pairing it would be a guess.
    """
    found: dict[int, str] = {}
    for match in _RESPECTIVELY.finditer(masked, start, end):
        stop = _end_of_list(masked, match.end(), end, quantities)
        numbers = [q for q in quantities if match.end() <= q.full_start < stop]
        if len(numbers) < 2:
            continue
        left = max((masked.rfind(mark, start, match.start()) for mark in ",;:。\n"), default=-1)
        names = [
            name for name in _JOIN.split(masked[max(left + 1, start) : match.start()]) if name.strip(" \x00")
        ]
        if len(names) != len(numbers):
            continue
        tail = _common_tail(names)
        for name, number in zip(names, numbers, strict=True):
            found[number.start] = name.strip(" \x00") + ("" if name.endswith(tail) else tail)
    return found


def _common_tail(names: list[str]) -> str:
    """Return what only the last name carries for all ("小学、初中专任教师" → "专任教师")."""
    from corpus.catalogue import stages_in

    last = names[-1]
    staged = stages_in(last)
    first_staged = stages_in(names[0])
    if not staged or not first_staged or first_staged[-1].end != len(names[0].rstrip(" \x00")):
        return ""
    return last[staged[-1].end :]


def _end_of_list(masked: str, begin: int, end: int, quantities: list[Quantity]) -> int:
    """The list ends at a ; 。 or at a comma that no number follows directly."""
    at = begin
    for quantity in quantities:
        if quantity.full_start < begin:
            continue
        between = masked[at : quantity.full_start]
        if at != begin and not re.fullmatch(r"[ 、,和及与\x00]*", between):
            return at
        if re.search(r"[;。:\n]", between):
            return at
        at = quantity.full_end
    return at
