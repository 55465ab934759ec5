"""What must hold whatever bytes a reader is given: a report in order, or one clear line; nothing else ever."""

from __future__ import annotations

import re

from corpus.errors import ReadError
from corpus.facts import read_facts
from corpus.model import Report
from corpus.passages import split
from corpus.quantities import read_quantities
from corpus.readers import read_bytes
from corpus.readers._archive import LARGEST_WHOLE, MOST_MEMBERS, members

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_FOR_FACTS = 20_000
"""Characters: beyond that the time goes into facts, which have their own tests."""


def check(data: bytes, name: str) -> Report | None:
    """Read ``data`` as the file ``name``; raise AssertionError, or whatever the reader lets through, if it is bad."""
    try:
        report = read_bytes(data, name, name)
    except ReadError as error:
        assert _is_line(str(error), name), error
        return None
    check_report(report)
    return report


def check_archive(data: bytes, name: str) -> int:
    """Unpack ``data``; raise AssertionError where a member's name leads anywhere or its data is beyond bounds."""
    count = unpacked = 0
    try:
        for member in members(data, name):
            count += 1
            unpacked += len(member.data)
            steps = re.split(r"[/\\\\]", member.name)
            assert (
                ".." not in steps and not member.name.startswith(("/", "\\\\")) and "\x00" not in member.name
            )
            assert not (member.problem and member.data)
            assert count <= MOST_MEMBERS + 1 and unpacked <= LARGEST_WHOLE
    except ReadError as error:
        assert _is_line(str(error), name), error
    return count


def check_report(report: Report) -> None:
    """Assert that every position of a report lies in its text and that every fact reads again as it was read."""
    text = report.text
    text.encode("utf-8")
    assert text.strip() and "\x00" not in text and "\r" not in text
    at = 0
    for place in report.places:
        assert at <= place.start < place.end <= len(text), place
        assert place.page is None or place.page >= 1
        assert place.confidence is None or 0 <= place.confidence <= 1
        assert place.box is None or all(0 <= edge <= 1000 for edge in place.box), place
        at = place.end
    for start, end in report.boilerplate:
        assert 0 <= start <= end <= len(text)
    for section in report.sections:
        assert 0 <= section.start <= section.end <= len(text)
    if len(text) > _LONGEST_FOR_FACTS:
        return
    for passage in split(report):
        assert text[passage.start : passage.end] == passage.text
    for fact in read_facts(report):
        (again, *_) = read_quantities(text[fact.start : fact.end])
        assert again.value == fact.value, fact


def _is_line(said: str, name: str) -> bool:
    return said.startswith(name) and "\n" not in said and bool(_CHINESE.search(said))
