"""The HTTP calls on what lies behind a report: its file as it came, and the earlier versions that are kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.responses import Response

from assistant.faces import forms
from assistant.faces.service import Service
from assistant.faces.upload import Refusal, no_report, stored_report

_SHOWN = {
    ".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp",
}  # fmt: skip
"""What a browser shows by itself. Everything else is handed over as a file: a page must never run on this origin."""


def serve_versions(api: FastAPI, service: Callable[[], Service]) -> None:
    """Register the calls on ``api``; ``service`` gives the opened service or raises."""

    @api.get("/api/v1/reports/{report_id}/original", response_class=Response)
    @api.get("/download/original/{report_id}", include_in_schema=False)
    def original(report_id: str) -> Response:
        """Return the file that a report was read from, byte for byte; 404 where none was kept."""
        report = stored_report(service(), report_id)
        data = service().original(report_id)
        if data is None:
            raise Refusal(
                404,
                "not_found",
                f"没有保存 {report.title} 的原件。",
                "正文可用 GET /api/v1/reports/{id}/text 取得。",
            )
        name = PurePath(report.source.replace("\\", "/")).name or "original"
        media = _SHOWN.get(PurePath(name).suffix.lower())
        how = "attachment" if media is None else "inline"
        headers = {
            "content-disposition": f"{how}; filename=\"original\"; filename*=UTF-8''{quote(name, safe='')}",
            "x-content-type-options": "nosniff",
        }
        return Response(data, media_type=media or "application/octet-stream", headers=headers)

    @api.get("/api/v1/history")
    def history() -> dict[str, Any]:
        """Return the earlier versions of reports, the latest first; no answer leans on them."""
        return {"history": forms.history_json(service())}

    @api.post("/api/v1/reports/{report_id}/restore")
    def restore(report_id: str) -> dict[str, str]:
        """Make an earlier version a current report again, beside the one that took its place."""
        if service().restore(report_id) is None:
            raise no_report(report_id)
        return {"restored": report_id}
