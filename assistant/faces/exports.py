"""A check or an audit as a file: which formats there are, what they are called, and the texts they quote from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal, Protocol

from corpus.model import Report

if TYPE_CHECKING:
    from assistant.faces.audited import Audited
    from tools.compliance.model import Check

Format = Literal["xlsx", "docx"]
MEDIA: Mapping[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Reports(Protocol):
    """Whatever knows the stored reports."""

    def report(self, report_id: str) -> Report | None: ...


def export(reports: Reports | None, check: Check, kind: Format) -> bytes:
    """Return ``check`` as a workbook or as a report; ``reports`` know the sentences it rests on, if on any."""
    texts = cited(reports, check) if reports else {}
    if kind == "xlsx":
        from assistant.faces.export_xlsx import workbook

        return workbook(check, texts)
    from assistant.faces.export_docx import document

    return document(check, texts)


def cited(reports: Reports, check: Check) -> dict[str, Report]:
    """Return the stored reports that the indicators of a check quote, by id."""
    verdicts = [one for verdict in check.indicators for one in (verdict, *verdict.parts)]
    ids = {fact.report_id for verdict in verdicts for fact in verdict.facts}
    ids |= {sentence.report_id for verdict in verdicts for sentence in verdict.sentences}
    found = ((one, reports.report(one)) for one in ids)
    return {one: report for one, report in found if report is not None}


def file_name(check: Check, kind: Format) -> str:
    """Return a name that says county and year; what a file system does not take is left out."""
    return _safe(check.region, f"{check.year}年" if check.year else None, f"达标核对.{kind}")


def export_audits(audits: Sequence[Audited], kind: Format) -> bytes:
    """Return audits as one workbook or as one report."""
    if kind == "xlsx":
        from assistant.faces.export_audit_xlsx import workbook

        return workbook(audits)
    from assistant.faces.export_audit_docx import document

    return document(audits)


def audit_name(report: Report, kind: Format) -> str:
    """Return a name that says region and year of the report, or its title where it has no region."""
    year = f"{report.year}年" if report.year else None
    return _safe(*((report.region, year) if report.region else (report.title[:60],)), f"核数报告.{kind}")


def _safe(*parts: str | None) -> str:
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", "".join(filter(None, parts)))
