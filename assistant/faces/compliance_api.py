"""The HTTP calls on compliance: check, plan, their downloads, and the empty table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import UploadFile

from assistant.faces.exports import MEDIA, Format, export, file_name
from assistant.faces.service import Service
from assistant.faces.upload import Refusal, received
from corpus.schools import SUFFIXES
from corpus.schools.read import TableError
from tools.compliance.shape import check_json, problem_json
from tools.plan.shape import plan_json

Year = Annotated[int | None, Query(ge=1949, le=2100)]


class Asked(BaseModel):
    """What to check: a county and a year of what is stored; with a table these only name it."""

    model_config = ConfigDict(extra="forbid")
    region: str | None = Field(default=None, max_length=100)
    year: int | None = Field(default=None, ge=1949, le=2100)
    standard: str = Field(default="youzhi_junheng", max_length=100)


Work = Callable[[Asked, Path | None], Response]
_TABLE_SCHEMA = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "学校数据表，xlsx 或 csv"},
        "region": {"type": "string"},
        "year": {"type": "integer", "minimum": 1949, "maximum": 2100},
        "standard": {"type": "string", "default": "youzhi_junheng"},
    },
}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": Asked.model_json_schema()},
            "multipart/form-data": {"schema": _TABLE_SCHEMA},
        },
    }
}


def serve_compliance(api: FastAPI, service: Callable[[], Service]) -> None:
    """Register the calls on ``api``; ``service`` gives the opened service or raises."""

    @api.exception_handler(TableError)
    async def unreadable(_: Request, error: TableError) -> JSONResponse:
        body = {
            "code": "unreadable",
            "message": str(error),
            "hint": "请按列出的问题修改表格后再上传；空白表见 GET /api/v1/template.xlsx。",
            "problems": [problem_json(problem) for problem in error.problems],
        }
        return JSONResponse({"error": body}, 422)

    @api.post("/api/v1/check", openapi_extra=BODY)
    async def check(request: Request) -> Response:
        """Return verdicts for a table sent along, or for what is stored of a county and year."""

        def work(asked: Asked, path: Path | None) -> Response:
            found = service().check(region=asked.region, year=asked.year, standard=asked.standard, path=path)
            return JSONResponse(check_json(found))

        return await _serve(request, work)

    @api.post("/api/v1/plan", openapi_extra=BODY)
    async def plan(request: Request) -> Response:
        """Return what must be added or moved to comply."""

        def work(asked: Asked, path: Path | None) -> Response:
            found = service().plan(region=asked.region, year=asked.year, standard=asked.standard, path=path)
            return JSONResponse(plan_json(found))

        return await _serve(request, work)

    @api.post("/api/v1/check/report.{kind}", openapi_extra=BODY, response_class=Response)
    async def check_file(kind: Format, request: Request) -> Response:
        """Return the check as a workbook with live formulas (xlsx) or as a report (docx)."""
        return await _serve(request, lambda asked, path: _file(service(), kind, asked, path))

    @api.get("/api/v1/check/report.{kind}", response_class=Response)
    @api.get("/download/check.{kind}", include_in_schema=False)
    def stored_file(
        kind: Format,
        region: str | None = None,
        year: Year = None,
        standard: str = "youzhi_junheng",
    ) -> Response:
        """Return the check of what is stored as a file."""
        return _file(service(), kind, Asked(region=region, year=year, standard=standard), None)

    @api.get("/api/v1/template.{kind}", response_class=Response)
    @api.get("/download/template.{kind}", include_in_schema=False)
    def template(kind: Literal["xlsx"]) -> Response:
        """Return an empty school table with notes."""
        from corpus.schools.template import template as empty_table

        return download(empty_table(), f"学校数据表.{kind}", "xlsx")


async def _serve(request: Request, work: Work) -> Response:
    """Read what a call asks, by its type, and do the work beside the event loop."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return await run_in_threadpool(work, _asked(await _json(request)), None)
    if kind != "multipart/form-data":
        raise Refusal(
            415,
            "unsupported_type",
            "不支持这种内容类型。",
            "请用 multipart/form-data 上传学校数据表，或用 application/json 写明 region、year、standard。",
        )
    async with request.form() as form:
        files = [value for value in form.values() if isinstance(value, UploadFile)]
        fields = {name: value for name, value in form.items() if isinstance(value, str) and value.strip()}
        asked = _asked(fields)
        if len(files) != 1:
            raise Refusal(422, "invalid", "要上传一个学校数据表。", "请把文件放在 file 字段里。")
        return await run_in_threadpool(_with_table, files[0], asked, work)


async def _json(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError as error:
        raise Refusal(400, "bad_json", "请求正文不是有效的 JSON。", "请检查括号和引号。") from error


def _asked(values: Any) -> Asked:
    try:
        return Asked.model_validate(values)
    except ValidationError as error:
        names = sorted({".".join(map(str, one["loc"])) or "正文" for one in error.errors()})
        raise Refusal(
            422, "invalid", f"这些参数不合要求：{'、'.join(names)}。", "字段说明见 /openapi.json。"
        ) from error


def _with_table(file: UploadFile, asked: Asked, work: Work) -> Response:
    with received(file, SUFFIXES, accepted="学校数据表可以是", undone="没有核对") as path:
        return work(asked, path)


def _file(service: Service, kind: Format, asked: Asked, path: Path | None) -> Response:
    check = service.check(region=asked.region, year=asked.year, standard=asked.standard, path=path)
    return download(export(service, check, kind), file_name(check, kind), kind)


def download(data: bytes, name: str, kind: str, media: str | None = None) -> Response:
    """Return a file under a Chinese name, which older clients get as junheng.xlsx or junheng.docx."""
    disposition = f"attachment; filename=\"junheng.{kind}\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=media or MEDIA[kind], headers={"content-disposition": disposition})
