"""Conversations, receipts and the log of unanswered questions on the command line and over HTTP."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from fake_service import FakeSettings
from fastapi.testclient import TestClient
from indexes_fixtures import WordEmbedder

from assistant.faces import export_talk
from assistant.faces.api import build_api
from assistant.faces.command import run
from assistant.faces.service import Opening
from assistant.faces.talk_forms import Talk, talk_of
from assistant.service import JunhengService
from assistant.settings import Settings
from indexes.conversations import Conversation, Turn
from indexes.store import Store

HOSTILE = "=1+1|<img src=x onerror=alert(1)>`*_[a](http://b)"
REPORT = (
    "安吉县2022年义务教育优质均衡发展自评报告\n一、经费保障\n"
    "2022年一般公共预算教育支出4200.50万元，2021年为4000.00万元。\n"
)
GROWTH = "安吉县2022年一般公共预算教育支出比2021年增长百分之几？"
UNKNOWN = "安吉县2019年一般公共预算教育支出是多少？"


def open_service(home: Path) -> JunhengService:
    return JunhengService(Store.open(home, embedder=WordEmbedder()), Settings(home=home))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with one report, one conversation of two turns, and a refusal in another."""
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    with contextlib.closing(open_service(tmp_path / "home")) as service:
        service.ingest([path])
        service.ask(GROWTH, thread_id="a/b c")
        service.ask("那增加了多少万元？", thread_id="a/b c")
        service.ask(f"{UNKNOWN}{HOSTILE}", thread_id="坏")
    return tmp_path / "home"


Junheng = Callable[..., tuple[int, str, str]]


@pytest.fixture
def junheng(home: Path, capsys: pytest.CaptureFixture[str]) -> Junheng:
    """Run one command line on the home; return exit code, stdout and stderr."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        code = run(
            [str(word) for word in arguments],
            configure=lambda *_: FakeSettings(),
            open_service=lambda _: open_service(home),
        )
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def client(home: Path) -> Iterator[TestClient]:
    opening = Opening(lambda: open_service(home))
    with TestClient(build_api(opening, FakeSettings())) as client:
        opening.wait(60)
        yield client


def test_conversations_are_listed_and_shown(junheng: Junheng) -> None:
    """The newest first; one of them with its answers, sources, formulae and receipts."""
    code, out, err = junheng("conversations")
    lines = out.splitlines()
    assert code == 0 and [line.split("\t")[0] for line in lines] == ["坏", "a/b c"]
    assert GROWTH in lines[1] and "共 2 次" in err
    code, out, _ = junheng("conversations", "a/b c")
    assert code == 0 and "5.01%" in out and "200.50万元" in out and "4200.50万元" in out and "回执 r" in out
    whole = json.loads(junheng("conversations", "a/b c", "--json")[1])
    [report] = whole["reports"]
    for turn in whole["turns"]:
        assert turn["receipt"] == turn["answer"]["receipt"]
        assert {c["report_id"] for c in turn["answer"]["citations"]} == {report["id"]}
    assert [one["id"] for one in json.loads(junheng("conversations", "--json", "--limit", "1")[1])] == ["坏"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("nothing",), 1, "没有编号"),
        (("nothing", "--delete"), 1, "没有编号"),
        (("--delete",), 2, "写明对话编号"),
        (("a/b c", "--export", "x.pdf"), 2, ".docx"),
        (("a/b c", "--export", "x.md", "--delete"), 2, "不能"),
        (("a/b c", "--rename", "  "), 1, "名称是空的"),
        (("a/b c", "--rename", "\udcff"), 2, "UTF-8"),
        (("\udcff",), 2, "UTF-8"),
        (("a/b c", "--export", "nowhere/x.md"), 1, "写不进去"),
    ],
)
def test_what_cannot_be_is_one_line(
    junheng: Junheng, arguments: tuple[str, ...], code: int, said: str
) -> None:
    """A wrong command line is exit code 2, work that fails 1, each one clear line."""
    found, out, err = junheng("conversations", *arguments)
    assert found == code and out == "" and said in err and err.count("\n") == 1


def test_conversation_is_renamed_and_deleted(junheng: Junheng) -> None:
    """A new name is listed; what is deleted is gone with its receipt, and cannot be replayed."""
    assert junheng("conversations", "a/b c", "--rename", "经费 核对")[0] == 0
    assert "经费 核对" in junheng("conversations")[1]
    receipt = json.loads(junheng("conversations", "a/b c", "--json")[1])["turns"][0]["receipt"]
    assert junheng("replay", receipt)[0] == 0
    assert junheng("conversations", "a/b c", "--delete")[0] == 0
    code, out, err = junheng("replay", receipt)
    assert (code, out) == (1, "") and "没有编号" in err
    assert [line.split("\t")[0] for line in junheng("conversations")[1].splitlines()] == ["坏"]


def test_export_keeps_every_source(junheng: Junheng, tmp_path: Path) -> None:
    """Each format holds the quotations word for word, the formulae, and the digest of the report."""
    whole = json.loads(junheng("conversations", "a/b c", "--json")[1])
    quotes = {c["quote"] for turn in whole["turns"] for c in turn["answer"]["citations"]}
    steps = {c["steps"] for turn in whole["turns"] for c in turn["answer"]["calculations"]}
    assert quotes and steps
    found: dict[str, str] = {}
    for kind in ("docx", "xlsx", "md", "json"):
        path = tmp_path / f"out.{kind}"
        code, out, err = junheng("conversations", "a/b c", "--export", path)
        assert (code, out) == (0, "") and path.name in err
        found[kind] = text_of(path)
    assert json.loads(found["json"]) == whole
    for kind in ("docx", "xlsx"):
        assert all(quote in found[kind] for quote in quotes) and all(step in found[kind] for step in steps)
        assert whole["reports"][0]["text_sha256"] in found[kind]
        assert all(turn["receipt"] in found[kind] for turn in whole["turns"])
    assert all(export_talk.plain(quote) in found["md"] for quote in quotes)


def text_of(path: Path) -> str:
    if path.suffix == ".docx":
        paper = docx.Document(str(path))
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(one.text for one in paper.paragraphs), *cells])
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path)
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    return path.read_text("utf-8")


def hostile_talk() -> Talk:
    """A conversation in which every text is one that a program might take for a formula or for markup."""
    span = {"start": 0, "end": len(HOSTILE)}
    answer = {
        "status": "answered",
        "text": HOSTILE,
        "values": [
            {"metric": HOSTILE, "value": "1.50", "unit": "元", "qualifier": None, "period": "2022",
             "region": HOSTILE, "subject": None, "source": "citation:0"},
            {"metric": "长", "value": "12345678901234567.5", "unit": "元", "qualifier": None, "period": None,
             "region": None, "subject": None, "source": "citation:0"},
        ],
        "citations": [{"report_id": "r", "title": HOSTILE, "section": HOSTILE, "quote": HOSTILE, **span, "url": HOSTILE}],
        "calculations": [{"name": "n", "label": HOSTILE, "formula": HOSTILE, "inputs": [], "result": {"value": "=2", "unit": ""}, "rounding": "-1"}],
        "warnings": [HOSTILE],
        "thread_id": "t",
    }  # fmt: skip
    turn = Turn(HOSTILE, answer, "2030-01-01T00:00:00+00:00", "r1", {"said": HOSTILE})
    return talk_of((Conversation("t", "", HOSTILE, turn.at, turn.at, 1), [turn]), lambda _: None)


def test_hostile_text_is_text_in_every_export(tmp_path: Path) -> None:
    """No cell is a formula, no markup survives in Markdown, no name leaves the folder; numbers stay exact."""
    talk = hostile_talk()
    book = openpyxl.load_workbook(io.BytesIO(export_talk.export_talk(talk, "xlsx")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    hostile = [cell for cell in cells if str(cell.value).startswith(("=", "-"))]
    assert hostile and all(cell.quotePrefix for cell in hostile)
    values = [cell.value for cell in book["数值"]["F"]][1:]
    assert values == [1.5, "12345678901234567.5"] and book["数值"]["F2"].number_format == "0.00"
    marked = export_talk.export_talk(talk, "md").decode()
    assert "<img" not in marked.replace("\\<", "") and "](http" not in marked.replace("\\]", "")
    assert "`" not in marked.replace("\\`", "")
    assert HOSTILE in text_of_bytes(export_talk.export_talk(talk, "docx"), tmp_path)
    assert not set('/\\:*?"<>|') & set(export_talk.file_name(talk, "md").removesuffix(".md"))


def text_of_bytes(data: bytes, folder: Path) -> str:
    path = folder / "hostile.docx"
    path.write_bytes(data)
    return text_of(path)


def test_unanswered_are_grouped_exported_and_settled(junheng: Junheng, home: Path, tmp_path: Path) -> None:
    """What was asked in like words is one group; the export neutralises formulae; done ones leave the list."""
    with contextlib.closing(open_service(home)) as service:
        for year in (2017, 2018):
            service.ask(f"请问安吉县{year}年的一般公共预算教育支出有多少？")
        service.ask("丙县的校车有几辆？")
    groups = json.loads(junheng("unanswered", "--json")[1])
    assert sorted(group["count"] for group in groups)[-1] >= 2
    assert sum(group["count"] for group in groups) == 4
    years = {e["read_as"]["period"] for e in groups[0]["entries"] if e["reason"] == "no_such_period"}
    assert {"2017", "2018"} <= years
    for kind in ("xlsx", "csv", "json"):
        assert junheng("unanswered", "--export", tmp_path / f"log.{kind}")[0] == 0
    rows = list(csv.reader((tmp_path / "log.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 5 and any(UNKNOWN in row[1] for row in rows)
    assert len(list(openpyxl.load_workbook(tmp_path / "log.xlsx")["未答问题"].iter_rows())) == 5
    numbers = [str(entry["number"]) for entry in groups[0]["entries"]]
    assert junheng("unanswered", *(word for n in numbers for word in ("--done", n)))[0] == 0
    assert sum(g["count"] for g in json.loads(junheng("unanswered", "--json")[1])) == 4 - len(numbers)
    assert sum(g["count"] for g in json.loads(junheng("unanswered", "--json", "--all")[1])) == 4
    assert junheng("unanswered", "--done", "9999")[0] == 1
    assert junheng("unanswered", "--clear")[0] == 0 and junheng("unanswered", "--all")[1] == ""


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\t=1", " =1"])
def test_csv_cell_is_no_formula(cell: str) -> None:
    """A spreadsheet that opens the csv shows such a cell as text."""
    assert export_talk.harmless(cell) == f"'{cell}"
    assert export_talk.harmless("正常 = 1") == "正常 = 1"


def test_http_gives_the_same(client: TestClient) -> None:
    """List, one, export, rename, delete; an id may hold a slash; an unknown one is 404 in the contract's shape."""
    listed = client.get("/api/v1/conversations").json()
    assert [one["id"] for one in listed["conversations"]] == ["坏", "a/b c"] and listed["total"] == 2
    assert (
        client.get("/api/v1/conversations", params={"limit": 1, "skip": 1}).json()["conversations"][0][
            "turns"
        ]
        == 2
    )
    whole = client.get("/api/v1/conversations/a/b c").json()
    assert [turn["question"] for turn in whole["turns"]] == [GROWTH, "那增加了多少万元？"]
    for kind, start in (("docx", b"PK"), ("xlsx", b"PK"), ("md", b"# "), ("json", b"{")):
        got = client.get(f"/api/v1/conversations/a%2Fb%20c/export.{kind}")
        assert got.status_code == 200 and got.content.startswith(start)
        assert "attachment" in got.headers["content-disposition"]
    renamed = client.patch("/api/v1/conversations/a/b c", json={"title": "新名"})
    assert renamed.json()["title"] == "新名"
    assert client.delete("/api/v1/conversations/a/b c").json() == {"removed": "a/b c"}
    for got in (
        client.get("/api/v1/conversations/a/b c"),
        client.delete("/api/v1/conversations/a/b c"),
        client.patch("/api/v1/conversations/a/b c", json={"title": "新名"}),
        client.get("/api/v1/conversations/a/b c/export.md"),
        client.get("/api/v1/receipts/r0"),
        client.post("/api/v1/receipts/r0/replay"),
    ):
        assert got.status_code == 404 and set(got.json()["error"]) == {"code", "message", "hint"}
    assert client.get("/api/v1/conversations/坏/export.pdf").status_code in (404, 422)
    assert client.patch("/api/v1/conversations/坏", json={"title": " "}).status_code == 422
    broken = client.patch("/api/v1/conversations/坏", content=b'{"title": "\\ud800"}')
    assert broken.status_code in (400, 422) and set(broken.json()["error"]) == {"code", "message", "hint"}


def test_http_replays_and_tells_the_unanswered(client: TestClient) -> None:
    """An answer's receipt is there at once, replays to the same figures, and the log is read, settled, exported."""
    answer = client.post("/api/v1/ask", json={"question": GROWTH}).json()
    held = client.get(f"/api/v1/receipts/{answer['receipt']}").json()
    assert held["answer"] == answer and held["basis"]["corpus"]["cited"][0]["text_sha256"]
    replayed: dict[str, Any] = client.post(f"/api/v1/receipts/{answer['receipt']}/replay").json()
    assert (replayed["outcome"], replayed["changes"]) == ("identical", [])
    [group] = client.get("/api/v1/unanswered").json()["groups"]
    number = group["entries"][0]["number"]
    assert client.get("/api/v1/unanswered/export.csv").content.startswith("\ufeff".encode())
    assert client.patch("/api/v1/unanswered", json={"numbers": [number]}).json() == {"marked": 1}
    assert client.get("/api/v1/unanswered").json() == {"groups": []}
    assert client.get("/api/v1/unanswered", params={"all": True}).json()["groups"]
    assert client.patch("/api/v1/unanswered", json={"numbers": [2**70]}).status_code == 422
    assert client.delete("/api/v1/unanswered").json() == {"removed": 1}
