"""What headings and titles say of the numbers under them: their words, their stage, and what they introduce."""

from __future__ import annotations

import re
from itertools import takewhile

from corpus.catalogue import stages_in
from corpus.coded import CODE
from corpus.facts import labels, openings
from corpus.folding import fold
from corpus.model import Report

HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、](?!\d)|[一二三四五六七八九十]是|第[一二三四五六七八九十]+(?:[章节条]|部分)"
    r"|" + CODE.pattern + r")\s*"
)
_SENTENCE = re.compile(r"[。;,:]|[\d%][人名所元个万]|\d[.]\d")
_TELLS = re.compile(r"\d[%人名所个万亿]|\d[.]\d")


def subject_of(report: Report) -> tuple[str, str] | None:
    """Return the stage (id, words) that all of a report is about by its title: kindergartens or special education.

    A title that tells a figure ("普惠性幼儿园覆盖率达76%") is a piece of news, not a subject.
    """
    lines = [fold(line) for line in report.text[:400].split("\n") if len(line.strip()) > 2]
    above = takewhile(lambda line: not HEADING.match(line.strip()), lines)  # a caption below is no title
    head = [line for line in above if len(line.strip()) <= 48][:4]
    head = [line for line in head if not _SENTENCE.search(line) and not HEADING.match(line)]
    named = fold(report.title)
    told = any(line.startswith(named) and _TELLS.search(line) for line in fold(report.text[:400]).split("\n"))
    head = [line for line in ["" if told else named, *head] if not _TELLS.search(line)]
    return openings.titled(head)


def topic_of(titles: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the stage that the innermost heading with a stage says and nothing else ("五、特殊教育").

    A heading that begins with its only stage ("学前教育普惠保障") is about it too; one of two things is not.
    """
    for title in reversed(titles):
        if named := labels.stage_in(title):
            core = labels.trim(title)
            found = stages_in(core)
            led = len(found) == 1 and not found[0].start and found[0].id == named[0]
            whole = led and not _BESIDE.search(core[found[0].end :]) and named[0] in ("preschool", "senior")
            return labels.bare_stage(title) or (named if whole else None)
    return None


_BESIDE = re.compile(r"[、和与及暨]|以及|教师|队伍|经费|投入|招生|入学|衔接|学位")
"""What makes a heading one of more than its first word ("义务教育和教师队伍")."""


def plain_titles(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the headings without their numbering, folded, outermost first."""
    return tuple(HEADING.sub("", fold(title))[: labels.LONGEST] for title in path)
