"""The HTTP calls on audits over a fake service: findings, filters, files, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from urllib.parse import unquote

import audit_fixtures
import board_fixtures
import docx
import pytest
from fake_service import FakeService, FakeSettings
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_api import error_of

from assistant.faces.api import build_api
from assistant.faces.service import Opening
from tools.audit.shape import findings_json

TABLE = board_fixtures.stored(board_fixtures.table())


@pytest.fixture
def client() -> Iterator[TestClient]:
    service = FakeService()
    service.stored += [audit_fixtures.report(), audit_fixtures.other(), TABLE]
    service.found["q1"] = audit_fixtures.findings()
    with TestClient(build_api(Opening(lambda: service), FakeSettings())) as client:
        yield client


def test_audit_gives_findings_and_counts(client: TestClient) -> None:
    """The findings are those of the contract's shape; quotes are spans of the text that the text call gives."""
    body = client.get("/api/v1/reports/q1/audit").json()
    texts = {one: client.get(f"/api/v1/reports/{one}/text").text for one in ("q1", "q2")}
    reports = {one.id: one for one in (audit_fixtures.report(), audit_fixtures.other())}

    assert body["report_id"] == "q1"
    assert body["summary"] == {
        "inconsistent": 3, "not_recomputable": 2, "rounding": 1, "consistent": 1, "hint": 1,
    }  # fmt: skip
    assert body["findings"] == findings_json(audit_fixtures.findings(), reports)
    for one in body["findings"]:
        assert texts["q1"][one["claim"]["start"] : one["claim"]["end"]] == one["claim"]["quote"]
        assert all(texts[c["report_id"]][c["start"] : c["end"]] == c["quote"] for c in one["evidence"])


@pytest.mark.parametrize(
    ("query", "checks"),
    [
        ("verdict=inconsistent", ["across", "growth", "counts"]),
        ("verdict=inconsistent&verdict=rounding&kind=growth", ["growth", "growth"]),
        ("kind=rate", ["rate", "counts"]),
        ("verdict=hint", ["outlier"]),
        ("verdict=not_recomputable", ["share", "rate"]),
        ("verdict=consistent&kind=sum", []),
    ],
)
def test_filters(client: TestClient, query: str, checks: list[str]) -> None:
    """``verdict`` and ``kind`` may be repeated and narrow the findings; the counts stay those of the report."""
    body = client.get(f"/api/v1/reports/q1/audit?{query}").json()

    assert [one["check"] for one in body["findings"]] == checks
    assert sum(body["summary"].values()) == len(audit_fixtures.findings())


def test_report_without_findings(client: TestClient) -> None:
    """No findings is an empty list, with counts of zero."""
    body = client.get("/api/v1/reports/q2/audit").json()

    assert body["findings"] == [] and set(body["summary"].values()) == {0}


@pytest.mark.parametrize("call", ["audit", "audit.xlsx", "audit.docx"])
def test_what_cannot_be_audited(client: TestClient, call: str) -> None:
    """An unknown report is 404, a school table 409 with what to do instead."""
    lost = error_of(client.get(f"/api/v1/reports/nothing/{call}"), 404)
    table = error_of(client.get(f"/api/v1/reports/{TABLE.id}/{call}"), 409)

    assert lost["code"] == "not_found"
    assert table["code"] == "conflict" and "check" in table["hint"]


@pytest.mark.parametrize("query", ["verdict=wrong", "kind=wrong"])
def test_unknown_filter_is_422(client: TestClient, query: str) -> None:
    """A misspelt verdict or kind is told rather than answered with nothing."""
    assert error_of(client.get(f"/api/v1/reports/q1/audit?{query}"), 422)["code"] == "invalid"


def test_files_have_a_name_and_a_type(client: TestClient) -> None:
    """Workbook and report open, and are named after region and year; the page's links give the same."""
    book = client.get("/api/v1/reports/q1/audit.xlsx")
    paper = client.get("/download/audit/q1.docx")

    assert unquote(book.headers["content-disposition"]).endswith("青禾县2023年核数报告.xlsx")
    assert load_workbook(io.BytesIO(book.content))["核数结果"].max_row == 1 + len(audit_fixtures.findings())
    assert docx.Document(io.BytesIO(paper.content)).paragraphs[0].text == "青禾县2023年核数报告"
    assert error_of(client.get("/api/v1/reports/q1/audit.pdf"), 422)


def test_schema_tells_the_calls(client: TestClient) -> None:
    """The schema has the calls with a description and the verdicts that may be asked for; no page link."""
    paths = client.get("/openapi.json").json()["paths"]
    call = paths["/api/v1/reports/{report_id}/audit"]["get"]

    assert "recomputed and judged" in call["description"]
    assert {one["name"] for one in call["parameters"]} == {"report_id", "verdict", "kind"}
    assert "/api/v1/reports/{report_id}/audit.{kind}" in paths
    assert not any(path.startswith("/download") for path in paths)
