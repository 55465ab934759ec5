"""School tables of a store: kept as the file they came in, read from it when asked for."""

from __future__ import annotations

from corpus.errors import ReadError
from corpus.model import Report
from corpus.schools.model import SchoolTable
from corpus.schools.read import table_from


def read_stored(report: Report, original: bytes | None) -> SchoolTable | None:
    """Return the table of a stored ``report``, None if it is none or its file was not kept.

    None also where this program reads the file otherwise than the one that stored it: then the spans
    of its cells would not be those of the stored text.
    """
    if report.kind != "school_table" or original is None:
        return None
    try:
        table = table_from(original, report.source, region=report.region, year=report.year)
    except ReadError:
        return None
    return table if table.id == report.id else None
