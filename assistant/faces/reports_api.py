"""The HTTP calls that bring reports in and say what they are about: files, archives, pasted text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from assistant.faces import forms, ingest_words
from assistant.faces.service import Given, IngestOutcome, Pasted, Service
from assistant.faces.upload import Refusal, received, stored_report
from assistant.gathering import ARCHIVES, readable
from corpus.readers import LARGEST_TEXT
from tools.compliance.shape import problem_json


class Said(BaseModel):
    """What a person says of all that is sent."""

    model_config = ConfigDict(extra="ignore")
    region: str | None = Field(default=None, max_length=100)
    year: int | None = Field(default=None, ge=1949, le=2100)


class PastedText(Said):
    """A text to be read as a report; a later one of the same title is its new version."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=LARGEST_TEXT)
    title: str | None = Field(default=None, min_length=1, max_length=100)


class Description(BaseModel):
    """What a stored report is about; what is not given stays as it is."""

    model_config = ConfigDict(extra="forbid")
    region: str | None = Field(default=None, min_length=1, max_length=100)
    year: int | None = Field(default=None, ge=1949, le=2100)
    title: str | None = Field(default=None, min_length=1, max_length=200)


_FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
        "region": {"type": "string"},
        "year": {"type": "integer"},
    },
}
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": _FORM},
            "application/json": {"schema": PastedText.model_json_schema()},
        },
    }
}


def serve_reports(api: FastAPI, service: Callable[[], Service]) -> None:
    """Register the calls on ``api``; ``service`` gives the opened service or raises."""

    @api.post("/api/v1/reports", status_code=201, openapi_extra=_BODY)
    async def add_report(request: Request) -> JSONResponse:
        """Take in a file, several, an archive of them, or a text as JSON.

        One report is answered with itself; several with what became of each.
        """
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json":
            pasted = _checked(PastedText, await request.body())
            given = [Pasted(pasted.text, pasted.title)]
            return await run_in_threadpool(lambda: _one(service(), _take(service(), given, pasted)[0]))
        async with request.form() as form:
            files = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
            if not files:
                raise RequestValidationError([{"type": "missing", "loc": ("body", "file")}])
            said = _checked(Said, {name: form[name] for name in ("region", "year") if form.get(name)})
            return await run_in_threadpool(lambda: _add(service(), files, said))

    @api.patch("/api/v1/reports/{report_id}")
    def describe(report_id: str, body: Description) -> dict[str, Any]:
        """Say of which region and year a stored report is, or what it is called; it is read again with that."""
        opened = service()
        stored_report(opened, report_id)
        report = opened.describe(report_id, region=body.region, year=body.year, title=body.title)
        return forms.report_json(report, len(opened.facts(report.id)), forms.schools_of(opened, report))


def _checked(kind: type[Any], given: bytes | dict[str, Any]) -> Any:
    """Return what was sent as an instance of a model; what is wrong with it is told as for every other call."""
    try:
        return kind.model_validate_json(given) if isinstance(given, bytes) else kind.model_validate(given)
    except ValidationError as error:
        found = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found) from error


def _take(service: Service, given: Sequence[Given], said: Said) -> list[IngestOutcome]:
    return service.ingest(given, region=said.region or None, year=said.year, uploaded=True)


def _add(service: Service, files: Sequence[UploadFile], said: Said) -> JSONResponse:
    outcomes: list[IngestOutcome] = []
    with ExitStack() as stack:
        paths: list[Given] = []
        for file in files:
            try:
                kept = received(file, readable(), accepted="可以上传", undone="没有导入")
                paths.append(stack.enter_context(kept))
            except Refusal as refusal:
                if len(files) == 1 or refusal.status != 415:
                    raise
                name = file.filename or ""
                outcomes.append(IngestOutcome(name, "failed", None, refusal.message))
        outcomes += _take(service, paths, said)
    alone = len(files) == 1 and not (files[0].filename or "").lower().endswith(ARCHIVES)
    return _one(service, outcomes[0]) if alone else _several(outcomes)


def _one(service: Service, outcome: IngestOutcome) -> JSONResponse:
    if outcome.status == "failed" or outcome.report_id is None:
        raise Refusal(422, "unreadable", outcome.message, "请检查文件内容和编码后再上传。")
    report = stored_report(service, outcome.report_id)
    body = forms.report_json(report, len(service.facts(report.id)), forms.schools_of(service, report))
    body |= {"status": outcome.status, "message": outcome.message, "missing": list(outcome.missing)}
    body["problems"] = [problem_json(problem) for problem in outcome.problems]
    body["notes"] = list(outcome.notes)
    return JSONResponse(body, 201 if outcome.status == "added" else 200)


def _several(outcomes: Sequence[IngestOutcome]) -> JSONResponse:
    """Answer with all outcomes: 201 where something is new, 422 where nothing could be taken in."""
    states = {outcome.status for outcome in outcomes}
    status = 201 if "added" in states else 200 if states - {"failed", "skipped"} else 422
    if status == 422:
        why = "；".join(outcome.message for outcome in outcomes)
        raise Refusal(422, "unreadable", why[:2000], "请检查文件内容和编码后再上传。")
    return JSONResponse(ingest_words.batch_json(outcomes), status)
