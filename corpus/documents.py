"""Everything that is read from the bytes of a file: the one function that workers run and every face shares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

from corpus.facts import read_facts
from corpus.model import Document, Report
from corpus.passages import split
from corpus.readers import read_bytes
from corpus.readers.workbook import SchoolTableInstead
from corpus.schools.model import SchoolTable
from corpus.schools.read import report_of, table_from


@dataclass(frozen=True, slots=True)
class Reading:
    """A document, and the school table where it is one."""

    document: Document
    table: SchoolTable | None = None


def read_document(
    data: bytes, name: str, shown: str, region: str | None = None, year: int | None = None
) -> Reading:
    """Read the file called ``name``; errors call it ``shown``, and its folder is not kept.

    Raises:
        ReadError: one Chinese line that says what is wrong with the file and what to do.
    """
    own = PurePath(name).name
    try:
        return Reading(document_of(replace(read_bytes(data, name, shown, region, year), source=own)))
    except SchoolTableInstead:
        table = replace(table_from(data, shown, region=region, year=year), source=own)
        return Reading(Document(report_of(table), (), ()), table)


def document_of(report: Report) -> Document:
    """Return a report with its passages and facts."""
    return Document(report, split(report), read_facts(report))
