"""The HTTP interface: the same service as the page and the command line, as JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from assistant.faces import forms
from assistant.faces.ask_api import serve_asking
from assistant.faces.audit_api import serve_audit
from assistant.faces.compliance_api import serve_compliance
from assistant.faces.gate import Gate, error_response
from assistant.faces.reports_api import serve_reports
from assistant.faces.service import Configuration, Opening, Service, UnavailableError
from assistant.faces.standards_api import serve_standards
from assistant.faces.talk_api import serve_talks
from assistant.faces.upload import Refusal, no_report, stored_report
from assistant.faces.versions_api import serve_versions
from corpus.errors import JunhengError
from corpus.model import Fact

CODES = {
    400: ("bad_request", "请求的写法不对。"),
    404: ("not_found", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持这种请求方法。"),
    409: ("conflict", "与现有内容冲突。"),
    413: ("too_large", "上传的内容太大。"),
    415: ("unsupported_type", "不支持这种内容类型。"),
    422: ("invalid", "请求里的内容不合要求。"),
}


def build_api(opening: Opening, settings: Configuration, *, patience: float = 60.0) -> FastAPI:
    """Return the application; it opens the service when it starts and closes it when it stops.

    ``patience`` is how many seconds a call waits for a service that is still opening before it gets
    503. Interactive documentation is off because it loads from another host; ``/openapi.json`` is there.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        opening.start()
        yield
        opening.close()

    api = FastAPI(title="junheng", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    api.add_middleware(Gate, keys=tuple(settings.api_keys), max_upload_mb=settings.max_upload_mb)
    _tell_errors(api)

    def service() -> Service:
        return opening.wait(patience)

    @api.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @api.get("/readyz")
    def readyz() -> dict[str, str]:
        opening.wait(0)
        return {"status": "ready"}

    @api.get("/api/v1/reports")
    def reports() -> dict[str, Any]:
        return {"reports": forms.reports_json(service())}

    @api.delete("/api/v1/reports/{report_id}")
    def remove(report_id: str) -> dict[str, str]:
        if not service().remove(report_id):
            raise no_report(report_id)
        return {"removed": report_id}

    @api.get("/api/v1/reports/{report_id}/text", response_class=PlainTextResponse)
    def text(report_id: str) -> PlainTextResponse:
        return PlainTextResponse(stored_report(service(), report_id).text)

    @api.get("/api/v1/facts")
    def facts(
        region: str | None = None,
        metric: str | None = None,
        period: str | None = None,
        stage: str | None = None,
        report_id: str | None = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        opened = service()
        if report_id is not None:
            stored_report(opened, report_id)
        wanted = {"region": region, "period": period, "stage": stage}
        found = [
            fact
            for fact in opened.facts(report_id)
            if all(value is None or getattr(fact, name) == value for name, value in wanted.items())
            and (metric is None or metric in (fact.metric, fact.metric_id))
        ]
        page, following = _page(found, limit, cursor)
        return {"facts": forms.facts_json(page, opened.reports()), "next_cursor": following}

    serve_asking(api, service)
    serve_reports(api, service)
    serve_standards(api)
    serve_compliance(api, service)
    serve_audit(api, service)
    serve_versions(api, service)
    serve_talks(api, service)

    @api.api_route(
        "/api/{rest:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"], include_in_schema=False
    )
    def unknown(rest: str) -> None:
        raise HTTPException(404)

    return api


def _page(found: list[Fact], limit: int, cursor: str | None) -> tuple[list[Fact], str | None]:
    """Cut one page. The cursor is the id of the last fact given, so additions do not shift pages."""
    begin = 0
    if cursor is not None:
        places = [place for place, fact in enumerate(found) if fact.id == cursor]
        if not places:
            raise Refusal(400, "bad_cursor", "cursor 已失效。", "去掉 cursor，从第一页重新取。")
        begin = places[-1] + 1
    page = found[begin : begin + limit]
    return page, page[-1].id if page and begin + limit < len(found) else None


def _tell_errors(api: FastAPI) -> None:
    @api.exception_handler(Refusal)
    async def refused(_: Request, error: Refusal) -> JSONResponse:
        return error_response(error.status, error.code, error.message, error.hint)

    @api.exception_handler(UnavailableError)
    async def unavailable(_: Request, error: UnavailableError) -> JSONResponse:
        return error_response(503, "unavailable", str(error), "请稍后再试。")

    @api.exception_handler(JunhengError)
    async def failed(_: Request, error: JunhengError) -> JSONResponse:
        return error_response(422, "failed", str(error))

    @api.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        broken = any(item["type"] == "json_invalid" for item in error.errors())
        fields = "、".join(
            sorted({".".join(str(part) for part in item["loc"][1:]) or "正文" for item in error.errors()})
        )
        if broken:
            return error_response(400, "bad_json", "请求正文不是有效的 JSON。", "请检查括号和引号。")
        return error_response(
            422, "invalid", f"这些参数缺少或不合要求：{fields}。", "字段说明见 /openapi.json。"
        )

    @api.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> JSONResponse:
        code, message = CODES.get(error.status_code, ("error", "请求没有完成。"))
        return error_response(error.status_code, code, message)

    @api.exception_handler(Exception)
    async def internal(_: Request, error: Exception) -> JSONResponse:
        return error_response(
            500, "internal", f"服务内部出错（{type(error).__name__}）。", "请联系管理员查看服务日志。"
        )
