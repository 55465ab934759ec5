"""The HTTP calls on audits: the findings of a stored report, and the same as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import FastAPI, Query
from fastapi.responses import Response

from assistant.faces.audited import Audited, Class, audit_of, class_of
from assistant.faces.compliance_api import download
from assistant.faces.exports import Format, audit_name, export_audits
from assistant.faces.service import Service
from assistant.faces.upload import Refusal, stored_report
from tools.audit.model import Kind
from tools.audit.shape import findings_json


def serve_audit(api: FastAPI, service: Callable[[], Service]) -> None:
    """Register the calls on ``api``; ``service`` gives the opened service or raises."""

    @api.get("/api/v1/reports/{report_id}/audit")
    def audit(
        report_id: str,
        verdict: Annotated[
            list[Class] | None, Query(description="只要这些结论的，可重复；hint 是提示")
        ] = None,
        kind: Annotated[list[Kind] | None, Query(description="只要这些种类的，可重复")] = None,
    ) -> dict[str, Any]:
        """Return every figure that the report lets one recompute, recomputed and judged.

        ``summary`` counts all findings of the report by verdict, hints apart from them; ``findings`` are in the
        order of the text and only those that ``verdict`` and ``kind`` ask for. A school table is 409.
        """
        audited = _audited(service(), report_id)
        found = [
            one
            for one in audited.findings
            if (not verdict or class_of(one) in verdict) and (not kind or one.kind in kind)
        ]
        return {
            "report_id": report_id,
            "summary": audited.counts,
            "findings": findings_json(found, audited.texts),
        }

    @api.get("/api/v1/reports/{report_id}/audit.{kind}", response_class=Response)
    @api.get("/download/audit/{report_id}.{kind}", include_in_schema=False)
    def audit_file(report_id: str, kind: Format) -> Response:
        """Return the audit as a workbook (xlsx) or as a report that can be forwarded (docx)."""
        audited = _audited(service(), report_id)
        return download(export_audits([audited], kind), audit_name(audited.report, kind), kind)


def _audited(service: Service, report_id: str) -> Audited:
    report = stored_report(service, report_id)
    if report.kind == "school_table":
        raise Refusal(
            409,
            "conflict",
            f"编号为 {report_id} 的是学校数据表，没有正文可核。",
            "学校数据表请用 POST /api/v1/check 检查。",
        )
    return audit_of(service, report)
