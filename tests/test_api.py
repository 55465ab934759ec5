"""The HTTP interface over a fake service: shapes, errors, keys, limits."""

from __future__ import annotations

import hashlib
import json
import queue
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fake_service import NEW, TEXT, FakeService, FakeSettings
from starlette.testclient import TestClient

from assistant.faces.api import build_api
from assistant.faces.ask_api import stream
from assistant.faces.serve import is_loopback
from assistant.faces.service import Opening
from corpus.errors import JunhengError


@pytest.fixture
def service() -> FakeService:
    return FakeService()


@pytest.fixture
def client(service: FakeService) -> Iterator[TestClient]:
    with TestClient(build_api(Opening(lambda: service), FakeSettings())) as client:
        yield client


@pytest.fixture
def guarded(service: FakeService) -> Iterator[TestClient]:
    """A client of a server that has access keys; it does not follow redirects by itself."""
    api = build_api(Opening(lambda: service), FakeSettings(api_keys=("first-key", "second-key")))
    with TestClient(api, follow_redirects=False) as client:
        yield client


def error_of(response: Any, status: int) -> dict[str, str]:
    """Return the error object after checking the status and the shape that every error has."""
    body = response.json()
    assert (response.status_code, set(body), set(body["error"])) == (
        status,
        {"error"},
        {"code", "message", "hint"},
    )
    error: dict[str, str] = body["error"]
    return error


def upload(client: TestClient, name: str, data: bytes, **fields: str) -> Any:
    return client.post("/api/v1/reports", files={"file": (name, data)}, data=fields)


def events_of(response: Any) -> list[tuple[str, Any]]:
    """Return the (name, data) of a stream's events."""
    assert response.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in response.text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_steps_are_streamed_before_the_answer(client: TestClient, service: FakeService) -> None:
    """A step is sent while the answer is not there yet; the last event is the Answer of the plain call."""
    body = {"question": "青石区教育支出增长多少？"}
    wish = {"accept": "text/event-stream"}
    service.gate.open.clear()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    source = stream(lambda on_step: service.ask(body["question"], on_step=on_step))
    reader = threading.Thread(target=lambda: [lines.put(event) for event in source], daemon=True)
    reader.start()
    assert lines.get(timeout=10).startswith("event: step")
    assert lines.empty(), "the answer waits at the gate"
    service.gate.open.set()
    reader.join(10)

    events = events_of(client.post("/api/v1/ask", json=body, headers=wish))
    assert [name for name, _ in events[:-1]] == ["step"] * (len(events) - 1) and len(events) > 2
    name, answer = events[-1]
    plain = client.post("/api/v1/ask", json=body).json()
    assert (name, answer["text"], answer["figures"]) == ("answer", plain["text"], plain["figures"])


@pytest.mark.parametrize(("question", "code"), [("坏", "failed"), ("崩", "internal")])
def test_failure_ends_the_stream(client: TestClient, question: str, code: str) -> None:
    """An error is told in the shape that every error has, and nothing of the exception but its kind."""
    sent = client.post("/api/v1/ask", json={"question": question}, headers={"accept": "text/event-stream"})
    name, data = events_of(sent)[-1]
    assert (name, data["error"]["code"]) == ("error", code)
    assert "unexpected" not in sent.text
    error_of(client.post("/api/v1/ask", json={"question": " "}, headers={"accept": "text/event-stream"}), 422)


def test_ask_gives_the_answer_as_the_contract_says(client: TestClient) -> None:
    """POST /api/v1/ask gives the Answer; quotes are spans of the text that the text call gives."""
    answer = client.post("/api/v1/ask", json={"question": "青石区教育支出增长多少？"}).json()
    text = client.get("/api/v1/reports/r1/text").text

    assert answer["status"] == "answered"
    assert all(text[one["start"] : one["end"]] == one["quote"] for one in answer["citations"])
    assert answer["calculations"][0]["inputs"][0]["value"] == "4200.50"


def test_thread_id_continues_the_conversation(client: TestClient, service: FakeService) -> None:
    """The thread an answer names can be given with the next question."""
    first = client.post("/api/v1/ask", json={"question": "支出？"}).json()
    second = client.post(
        "/api/v1/ask", json={"question": "比上年呢？", "thread_id": first["thread_id"]}
    ).json()

    assert service.asked[1] == ("比上年呢？", first["thread_id"])
    assert second["context"]["carried"] == ["region", "period"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": ""},
        {"question": "  "},
        {"question": 5},
        {"question": "x" * 2001},
        {"question": "x", "z": 1},
    ],
)
def test_ask_refuses_what_is_no_question(
    client: TestClient, service: FakeService, body: dict[str, Any]
) -> None:
    """A missing, empty, overlong or misspelt body is 422 with a Chinese line, and nothing is asked."""
    error = error_of(client.post("/api/v1/ask", json=body), 422)

    assert error["code"] == "invalid"
    assert service.asked == []


def test_broken_json_is_400(client: TestClient) -> None:
    """A body that is no JSON is 400."""
    response = client.post("/api/v1/ask", content="{", headers={"content-type": "application/json"})

    assert error_of(response, 400)["code"] == "bad_json"


def test_reports_and_their_text(client: TestClient) -> None:
    """The list gives each report's hash, which is that of the text served."""
    reports = client.get("/api/v1/reports").json()["reports"]
    text = client.get("/api/v1/reports/r1/text")

    assert [(one["id"], one["facts"]) for one in reports] == [("r1", 2), ("r2", 1)]
    assert text.text == TEXT
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.headers["x-content-type-options"] == "nosniff"
    assert hashlib.sha256(text.content).hexdigest() == reports[0]["text_sha256"]


def test_upload_keeps_a_report(client: TestClient, service: FakeService) -> None:
    """An uploaded file is read under its own name, whatever path the client put before it."""
    response = upload(client, "..\\..\\dir/甲县.txt", "甲县2023年报告".encode())

    assert response.status_code == 201
    assert (response.json()["status"], response.json()["title"]) == ("added", "甲县")
    assert service.ingested[0].name == "甲县.txt"
    assert not service.ingested[0].exists()  # nothing is left behind
    assert len(client.get("/api/v1/reports").json()["reports"]) == 3


def test_upload_that_cannot_be_read_is_422(client: TestClient) -> None:
    """A file that is no report is refused with the reader's own line."""
    assert "不是文本文件" in error_of(upload(client, "b.txt", b"\0\0"), 422)["message"]


@pytest.mark.parametrize("name", ["a.exe", "txt", "a.txt.rar"])
def test_upload_of_another_type_is_415(client: TestClient, service: FakeService, name: str) -> None:
    """A file of an unknown type is refused before it is read; the hint names what can be read."""
    error = error_of(upload(client, name, b"x"), 415)

    assert ".txt" in error["hint"]
    assert service.ingested == []


@pytest.mark.parametrize("announced", [True, False])
def test_upload_that_is_too_large_is_413(client: TestClient, service: FakeService, announced: bool) -> None:
    """More than the limit is refused, whether or not the client announces the length."""
    body = b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"a" * (2 << 20)
    content: Any = body if announced else iter([body[:1000], body[1000:], b"\r\n--x--\r\n"])
    response = client.post(
        "/api/v1/reports", content=content, headers={"content-type": "multipart/form-data; boundary=x"}
    )

    assert error_of(response, 413)["code"] == "too_large"
    assert service.ingested == []


def test_upload_is_known_by_its_name(client: TestClient, service: FakeService) -> None:
    """The service is told that the path is a passing one, and nothing is left of it."""
    upload(client, "甲县.txt", "甲县报告".encode())

    assert service.uploads == [True]
    assert [path.exists() for path in service.ingested] == [False]


def test_upload_onto_a_full_disk_is_503(
    client: TestClient, service: FakeService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server cannot take the file down, that is said and nothing is read in."""

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", full)
    error = error_of(upload(client, "甲县.txt", "甲县报告".encode()), 503)

    assert "甲县.txt" in error["message"] and "磁盘已满" in error["message"]
    assert service.ingested == []


def test_service_is_warmed_once_it_is_open(client: TestClient, service: FakeService) -> None:
    """The server loads what the first question needs without being asked."""
    assert client.get("/healthz").status_code == 200
    assert service.warmed.wait(30)


def test_remove(client: TestClient) -> None:
    """DELETE takes a report out; a second time it is 404, as are its text and its facts."""
    assert client.delete("/api/v1/reports/r2").json() == {"removed": "r2"}
    for response in (
        client.delete("/api/v1/reports/r2"),
        client.get("/api/v1/reports/r2/text"),
        client.get("/api/v1/facts", params={"report_id": "r2"}),
    ):
        assert error_of(response, 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({}, ["r1-2022", "r1-2021", "r2-2021"]),
        ({"period": "2021"}, ["r1-2021", "r2-2021"]),
        ({"period": "2021", "report_id": "r1"}, ["r1-2021"]),
        ({"metric": "教育支出", "region": "青石区", "period": "2022"}, ["r1-2022"]),
        ({"metric": "education_expenditure"}, ["r1-2022", "r1-2021", "r2-2021"]),
        ({"stage": "primary"}, []),
        ({"region": "别处"}, []),
    ],
)
def test_facts_are_filtered(client: TestClient, query: dict[str, str], ids: list[str]) -> None:
    """Each filter narrows the facts; a metric is given by name or by id."""
    assert [fact["id"] for fact in client.get("/api/v1/facts", params=query).json()["facts"]] == ids


def test_facts_come_in_pages(client: TestClient) -> None:
    """Following the cursor gives every fact once; the last page has no cursor."""
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/api/v1/facts", params=query).json()
        seen += [fact["id"] for fact in page["facts"]]
        cursor, pages = page["next_cursor"], pages + 1

    assert (seen, pages) == (["r1-2022", "r1-2021", "r2-2021"], 2)
    assert error_of(client.get("/api/v1/facts", params={"cursor": "gone"}), 400)["code"] == "bad_cursor"
    assert error_of(client.get("/api/v1/facts", params={"limit": 0}), 422)["code"] == "invalid"


def test_fact_has_exact_decimals_and_its_sentence(client: TestClient) -> None:
    """Values are decimal strings as printed."""
    fact = client.get("/api/v1/facts").json()["facts"][0]

    assert (fact["value"], fact["quote"], fact["sentence"]) == ("4200.50", "4200.50万元", NEW)


def test_unknown_address_and_method_have_the_error_shape(client: TestClient) -> None:
    """Even an address that does not exist answers in the one error shape."""
    error_of(client.get("/api/v1/nothing"), 404)
    error_of(client.put("/readyz"), 405)


def test_failure_of_the_service_is_told_without_detail(service: FakeService) -> None:
    """A known failure is 422 with its own line; a crash is 500 and shows nothing of the inside."""
    api = build_api(Opening(lambda: service), FakeSettings())
    with TestClient(api, raise_server_exceptions=False) as client:
        known = error_of(client.post("/api/v1/ask", json={"question": "坏"}), 422)
        crash = error_of(client.post("/api/v1/ask", json={"question": "崩"}), 500)

    assert known["message"].startswith("资料库暂时不能用")
    assert "bug" not in str(crash)


def test_readiness_follows_the_service(service: FakeService) -> None:
    """The server is alive at once, ready when the service is open; calls before that wait, then get 503."""
    gate = threading.Event()

    def slow() -> FakeService:
        gate.wait(30)
        return service

    opening = Opening(slow)
    with TestClient(build_api(opening, FakeSettings(), patience=0.05)) as client:
        assert client.get("/healthz").status_code == 200
        assert error_of(client.get("/readyz"), 503)["code"] == "unavailable"
        waiting = client.post("/api/v1/ask", json={"question": "x"})
        assert (waiting.status_code, waiting.headers["retry-after"]) == (503, "3")
        gate.set()
        opening.wait(30)
        assert client.get("/readyz").json() == {"status": "ready"}
    assert service.closed


def test_service_that_cannot_open_is_told() -> None:
    """When opening fails the reason is what every call gives, with 503."""

    def broken() -> FakeService:
        raise JunhengError("文件夹 X 不可写，请检查权限。")

    with TestClient(build_api(Opening(broken), FakeSettings())) as client:
        error = error_of(client.get("/api/v1/reports"), 503)

    assert error["message"] == "文件夹 X 不可写，请检查权限。"


def test_keys_guard_every_call_but_liveness(guarded: TestClient) -> None:
    """With access keys set, each of them opens every call; without one only /healthz answers."""
    for path in ("/api/v1/reports", "/api/v1/facts", "/readyz", "/openapi.json", "/"):
        refused = guarded.get(path)
        assert error_of(refused, 401)["code"] == "unauthorized"
        assert refused.headers["www-authenticate"] == "Bearer"
        assert guarded.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401
        if path != "/":  # the page is not mounted here
            for key in ("first-key", "second-key"):
                assert guarded.get(path, headers={"authorization": f"Bearer {key}"}).status_code == 200

    assert guarded.get("/healthz").json() == {"status": "ok"}


def test_browser_logs_in_with_a_key(guarded: TestClient) -> None:
    """A browser without a key gets a form; the key opens the page, but not the API, by a strict cookie."""
    form = guarded.get("/", headers={"accept": "text/html"})
    wrong = guarded.post("/login", data={"key": "wrong"})
    right = guarded.post("/login", data={"key": "second-key"})
    cookie = right.headers["set-cookie"]

    assert (form.status_code, wrong.status_code, right.status_code) == (401, 401, 303)
    assert "访问密钥" in form.text
    assert "密钥不正确" in wrong.text
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert "second-key" not in cookie
    assert guarded.get("/openapi.json").status_code == 200  # the cookie is sent by the client now
    assert guarded.get("/api/v1/reports").status_code == 401


def test_other_web_sites_cannot_make_a_browser_change_things(
    client: TestClient, service: FakeService
) -> None:
    """A request that a browser marks as coming from another site is refused, a read is not."""
    marked = {"sec-fetch-site": "cross-site"}

    assert error_of(client.delete("/api/v1/reports/r1", headers=marked), 400)["code"] == "cross_site"
    assert len(service.stored) == 2
    assert client.get("/api/v1/reports", headers=marked).status_code == 200


def test_no_page_that_loads_from_elsewhere(client: TestClient) -> None:
    """The schema is served, the interactive documentation (which loads from a CDN) is not."""
    assert "/api/v1/ask" in client.get("/openapi.json").json()["paths"]
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
    assert "default-src 'self'" in client.get("/healthz").headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("0.0.0.0", False), ("::", False), ("192.168.1.5", False), ("example.invalid", False)],
)  # fmt: skip
def test_what_counts_as_loopback(host: str, local: bool) -> None:
    """Only addresses that no other machine can reach may be served without keys."""
    assert is_loopback(host) is local
