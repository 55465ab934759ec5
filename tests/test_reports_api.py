"""Bringing reports in over HTTP: several files, archives, pasted text, and saying what a report is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_service import FakeSettings
from starlette.testclient import TestClient
from test_api import error_of
from test_batch import NAMELESS, text_of, zip_of
from test_ingest import open_home

from assistant.faces.api import build_api
from assistant.faces.service import Opening

REPORTS = "/api/v1/reports"


@pytest.fixture
def client(home_of_the_test: Path) -> Iterator[TestClient]:
    """A client of a server over a real, empty store."""
    with TestClient(build_api(Opening(lambda: open_home(home_of_the_test)), FakeSettings())) as client:
        yield client


def files(*pairs: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", pair) for pair in pairs]


def stored(client: TestClient) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = client.get(REPORTS).json()["reports"]
    return listed


def test_several_files_in_one_request(client: TestClient) -> None:
    """Every file has its outcome in its order; one that cannot be read does not keep the others out."""
    sent = files(("a.txt", text_of(1).encode()), ("b.txt", b"\0\1" * 50), ("c.txt", text_of(2).encode()))
    response = client.post(REPORTS, files=sent)
    body = response.json()
    again = client.post(REPORTS, files=sent)
    mixed = client.post(REPORTS, files=files(("x.exe", b"MZ"), ("d.txt", text_of(3).encode())))

    assert response.status_code == 201
    assert body["summary"] == {
        "total": 3, "added": 2, "replaced": 0, "unchanged": 0, "skipped": 0, "failed": 1,
    }  # fmt: skip
    assert [(one["source"], one["status"]) for one in body["files"]] == [
        ("a.txt", "added"), ("b.txt", "failed"), ("c.txt", "added"),
    ]  # fmt: skip
    assert (again.status_code, again.json()["summary"]["unchanged"]) == (200, 2)
    assert (mixed.status_code, mixed.json()["summary"]["failed"]) == (201, 1)
    assert len(stored(client)) == 3


def test_archive_is_answered_file_by_file(client: TestClient) -> None:
    """An archive brings each of its reports; one in which nothing can be read is 422."""
    data = zip_of(**{"甲__报.txt": text_of(1).encode(), "乙__说.txt": text_of(2).encode(), "x.exe": b"MZ"})
    response = client.post(REPORTS, files=files(("包.zip", data)))
    broken = client.post(REPORTS, files=files(("坏.zip", b"PK\x03\x04 nothing")))

    assert response.status_code == 201
    assert [one["status"] for one in response.json()["files"]] == ["added", "added", "skipped"]
    assert "坏.zip" in error_of(broken, 422)["message"]
    assert len(stored(client)) == 2


def test_pasted_text_is_a_report(client: TestClient) -> None:
    """JSON brings a text with its title, region and year; wrong fields are named."""
    body = {"text": NAMELESS, "title": "本年公告", "region": "青石县", "year": 2021}
    response = client.post(REPORTS, json=body)
    again = client.post(REPORTS, json=body)
    empty, early = client.post(REPORTS, json={"text": ""}), client.post(REPORTS, json={**body, "year": 19})
    broken = client.post(REPORTS, content=b"{", headers={"content-type": "application/json"})

    assert response.status_code == 201
    report = response.json()
    assert (report["title"], report["region"], report["year"], report["missing"]) == (
        "本年公告", "青石县", 2021, [],
    )  # fmt: skip
    assert client.get(f"{REPORTS}/{report['id']}/text").text == NAMELESS
    assert (again.status_code, again.json()["status"]) == (200, "unchanged")
    assert "text" in error_of(empty, 422)["message"]
    assert "year" in error_of(early, 422)["message"]
    assert error_of(broken, 400)["code"] == "bad_json"


def test_describing_without_uploading_again(client: TestClient) -> None:
    """What was not recognised is named; PATCH says it, and the facts follow."""
    report = client.post(REPORTS, files=files(("a.txt", NAMELESS.encode()))).json()
    path = f"{REPORTS}/{report['id']}"
    patched = client.patch(path, json={"region": "青石县", "year": 2021}).json()
    titled = client.patch(path, json={"title": "青石公告"}).json()
    facts = client.get("/api/v1/facts").json()["facts"]

    assert report["missing"] == ["region", "year"]
    assert (patched["id"], patched["region"], patched["year"]) == (report["id"], "青石县", 2021)
    assert (titled["title"], titled["region"]) == ("青石公告", "青石县")
    assert {(fact["region"], fact["period"]) for fact in facts} == {("青石县", "2021"), ("青石县", "2020")}
    assert error_of(client.patch(f"{REPORTS}/nope", json={"year": 2021}), 404)["code"] == "not_found"
    assert "year" in error_of(client.patch(path, json={"year": 21}), 422)["message"]
    assert "name" in error_of(client.patch(path, json={"name": "x"}), 422)["message"]


def test_request_without_a_file_names_what_is_missing(client: TestClient) -> None:
    """A form without a file is 422 and says which field is missing; the schema lists both bodies."""
    bodies = client.get("/openapi.json").json()["paths"][REPORTS]["post"]["requestBody"]["content"]

    assert "file" in error_of(client.post(REPORTS, data={"year": "2021"}), 422)["message"]
    assert set(bodies) == {"multipart/form-data", "application/json"}
