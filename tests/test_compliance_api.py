"""The HTTP calls on compliance over a fake service: check, plan, downloads, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import board_fixtures
import docx
import pytest
from fake_service import FakeService, FakeSettings
from openpyxl import load_workbook
from starlette.testclient import TestClient
from test_api import error_of

from assistant.faces.api import build_api
from assistant.faces.service import Opening
from corpus.schools.read import table_from
from tools.compliance.check import check_table
from tools.compliance.shape import check_json
from tools.plan.make import make_plan
from tools.plan.shape import plan_json

TABLE = board_fixtures.as_csv()


@pytest.fixture
def service() -> FakeService:
    service = FakeService()
    service.kept_tables.append(table_from(TABLE, "表.csv", region="青石区", year=2023))
    return service


@pytest.fixture
def client(service: FakeService) -> Iterator[TestClient]:
    with TestClient(build_api(Opening(lambda: service), FakeSettings())) as client:
        yield client


def send(client: TestClient, call: str, name: str = "表.csv", data: bytes = TABLE, **fields: str) -> Any:
    return client.post(f"/api/v1/{call}", files={"file": (name, data)}, data=fields)


def test_check_of_a_table_is_what_the_command_prints(client: TestClient) -> None:
    """A table sent along gives exactly the JSON of its check; it is known by its name and not kept."""
    body = send(client, "check", "..\\dir/表.csv", region="青石区", year="2023").json()
    table = table_from(TABLE, "表.csv", region="青石区", year=2023)

    assert body == check_json(check_table(table, region="青石区", year="2023"))
    assert body["schools"][0]["row"] == 2


def test_check_of_what_is_stored(client: TestClient, service: FakeService) -> None:
    """JSON names county, year and standard of what is stored."""
    asked = {"region": "青石区", "year": 2023, "standard": "youzhi_junheng"}
    body = client.post("/api/v1/check", json=asked).json()

    assert service.checked == [("青石区", 2023, "youzhi_junheng")]
    assert (body["region"], body["year"]) == ("青石区", "2023")
    assert len(body["schools"]) == len(check_table(service.kept_tables[0]).units)


def test_plan_of_a_table_and_of_what_is_stored(client: TestClient, service: FakeService) -> None:
    """Both ways give exactly the JSON of the plan."""
    expected = plan_json(make_plan(service.kept_tables[0], region="青石区", year="2023"))

    assert send(client, "plan", region="青石区", year="2023").json() == expected
    assert client.post("/api/v1/plan", json={"region": "青石区", "year": 2023}).json() == expected


@pytest.mark.parametrize("call", ["check", "plan", "check/report.xlsx", "check/report.docx"])
def test_table_that_cannot_be_read_is_422_with_its_problems(client: TestClient, call: str) -> None:
    """Every missing column is named in words and as a problem; nothing of a folder is told."""
    response = send(client, call, data="学校名称,小学学生数\n甲校,10\n".encode())
    error = response.json()["error"]

    assert (response.status_code, error["code"]) == (422, "unreadable")
    assert "办学类型" in error["message"] and "junheng-" not in error["message"]
    assert {"severity", "kind", "sheet", "cell", "column", "school", "value", "why"} == set(
        error["problems"][0]
    )
    assert any(problem["kind"] == "missing_column" for problem in error["problems"])
    assert "template" in error["hint"]


@pytest.mark.parametrize("name", ["表.pdf", "表", "表.csv.exe"])
def test_other_files_are_415(client: TestClient, name: str) -> None:
    """Only tables are read, and the hint says which files are."""
    assert ".xlsx" in error_of(send(client, "check", name), 415)["hint"]


def test_other_content_is_415(client: TestClient) -> None:
    """A body that is neither JSON nor a form is refused by its type."""
    response = client.post("/api/v1/check", content=TABLE, headers={"content-type": "text/csv"})

    assert error_of(response, 415)["code"] == "unsupported_type"


def test_table_that_is_too_large_is_413(client: TestClient, service: FakeService) -> None:
    """More than the limit is refused before it is read."""
    assert error_of(send(client, "check", data=b"a" * (2 << 20)), 413)["code"] == "too_large"
    assert service.checked == []


@pytest.mark.parametrize(
    "body", [{"year": "abc"}, {"year": 1}, {"region": 5}, {"regions": "x"}, [], {"region": "x" * 101}]
)
def test_body_that_makes_no_sense_is_422(client: TestClient, service: FakeService, body: Any) -> None:
    """A misspelt key or an impossible value is told, and nothing is checked."""
    assert error_of(client.post("/api/v1/check", json=body), 422)["code"] == "invalid"
    assert service.checked == []


def test_form_without_a_table_is_422_and_broken_json_400(client: TestClient) -> None:
    """What is missing is said."""
    none = client.post("/api/v1/check", files={"note": (None, "x")})
    broken = client.post("/api/v1/check", content="{", headers={"content-type": "application/json"})

    assert error_of(none, 422)["code"] == "invalid"
    assert error_of(broken, 400)["code"] == "bad_json"


def test_county_without_data_is_422_in_words(client: TestClient) -> None:
    """The service's own line is the message."""
    assert "别县" in error_of(client.post("/api/v1/check", json={"region": "别县"}), 422)["message"]
    assert "别县" in error_of(client.get("/api/v1/check/report.xlsx?region=别县"), 422)["message"]


def test_downloads_are_files_with_a_name(client: TestClient) -> None:
    """Workbook and report of what is stored, and of a table sent along; the page's links give the same."""
    query = {"region": "青石区", "year": "2023"}
    stored = client.get("/api/v1/check/report.xlsx", params=query)
    linked = client.get("/download/check.xlsx", params={**query, "standard": "youzhi_junheng"})
    paper = send(client, "check/report.docx", **query)

    assert unquote(stored.headers["content-disposition"]).endswith("青石区2023年达标核对.xlsx")
    assert (
        load_workbook(io.BytesIO(stored.content)).sheetnames
        == load_workbook(io.BytesIO(linked.content)).sheetnames
    )
    assert docx.Document(io.BytesIO(paper.content)).paragraphs[0].text == "青石区2023年达标核对报告"
    assert error_of(client.get("/api/v1/check/report.pdf"), 422)["code"] == "invalid"


@pytest.mark.parametrize("path", ["/api/v1/template.xlsx", "/download/template.xlsx"])
def test_template_is_a_table_that_lacks_only_schools(client: TestClient, path: str) -> None:
    """The empty table has every required column, so that it can be read once it is filled in."""
    heads = [cell.value for cell in load_workbook(io.BytesIO(client.get(path).content)).worksheets[0][1]]

    assert {"学校名称", "办学类型"} <= set(heads)


def test_downloads_of_the_page_need_its_login(service: FakeService) -> None:
    """Behind keys the links of the page work with the page's cookie, the API with a key only."""
    api = build_api(Opening(lambda: service), FakeSettings(api_keys=("key",)))
    with TestClient(api, follow_redirects=False) as client:
        assert client.get("/download/check.xlsx").status_code == 401
        client.post("/login", data={"key": "key"})
        assert client.get("/download/check.xlsx").status_code == 200
        assert client.get("/api/v1/check/report.xlsx").status_code == 401


def test_schema_describes_both_bodies(client: TestClient) -> None:
    """openapi.json tells a program that a table or JSON may be sent."""
    paths = client.get("/openapi.json").json()["paths"]

    for call in ("/api/v1/check", "/api/v1/plan"):
        content = paths[call]["post"]["requestBody"]["content"]
        assert set(content) == {"application/json", "multipart/form-data"}
    assert not any(path.startswith("/download") for path in paths)
