"""A figure of one town, one school or one kind of them is no answer about the whole place."""

from __future__ import annotations

import re

from corpus.facts.tables_words import sort_of
from corpus.folding import fold
from corpus.model import Fact
from tools.words import presence

_ALL_OF_THEM = re.compile(r"[各哪每]|分别|逐[个校]|排[名序行]|名单|乡镇|镇街|街道|县区|区县|学区|片区|城乡")
"""Words that ask for the parts, one by one."""
_WHOLE = re.compile(r"(?:全|本|我)[国省市县区州旗].*")


def part_of(fact: Fact, sentence: str) -> str | None:
    """Return the town, school or kind that a figure is of and its region is not, None where it is of the whole.

    ``sentence`` is the folded sentence of the fact, in a table its row.
    """
    subject = fold(fact.subject).replace(" ", "")
    region = fold(fact.region or "")
    if not subject or subject in region or _WHOLE.fullmatch(subject):
        return None
    subject = subject.removeprefix(region) or subject
    sort = sort_of(subject, True)
    if sort in ("place", "school") or (sort == "group" and "|" in sentence):
        return subject
    return None


def names_part(part: str, said: str) -> bool:
    """Tell whether a question (folded) names ``part``, or asks for all parts."""
    return bool(_ALL_OF_THEM.search(said)) or presence(part, said) >= 0.7
