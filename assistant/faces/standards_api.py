"""``GET /api/v1/standards``: the codified standards as JSON."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.responses import JSONResponse

from assistant.faces.gate import error_response
from assistant.faces.standards_forms import standard_json
from corpus.rules import standards


def serve_standards(api: FastAPI) -> None:
    """Register the calls; they need no store and are answered while it still opens."""

    @api.get("/api/v1/standards")
    def list_standards() -> dict[str, Any]:
        return {"standards": [standard_json(own) for own in standards().values()]}

    @api.get("/api/v1/standards/{standard_id}", response_model=None)
    def one_standard(standard_id: str) -> dict[str, Any] | JSONResponse:
        own = standards().get(standard_id)
        if own is None:
            hint = "用 GET /api/v1/standards 查看已有的编号。"
            return error_response(404, "not_found", f"没有编号为 {standard_id} 的标准。", hint)
        return standard_json(own)
