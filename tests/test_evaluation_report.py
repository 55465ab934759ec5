"""The report of ``eval``: what is counted, what is shown, and that nothing in it is more than text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fake_service import HOSTILE, FakeService, FakeSettings, growth_answer

from assistant.answer import Answer, Figure
from assistant.faces.command import run
from assistant.judging.judge import judge
from assistant.judging.provenance import holds
from assistant.judging.tally import Share, quantile, tally

GROWTH = "青石区2022年教育支出比上年增长多少？"


class Scripted(FakeService):
    """A service whose answers a test decides by the question."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        super().__init__()
        self.answers = answers

    def ask(self, question: str, **named: Any) -> Answer:
        told = super().ask(question, **named)
        return replace(self.answers.get(question, told), thread_id=told.thread_id)


Evaluate = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Evaluate:
    """Run ``eval`` over cases; return the exit code, the report as JSON and as HTML."""

    def call(*cases: dict[str, Any], **answers: Answer) -> tuple[int, dict[str, Any], str]:
        path, data, shown = tmp_path / "案例 <b>.jsonl", tmp_path / "r.json", tmp_path / "r.html"
        path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), "utf-8")
        words = ["eval", str(path), "--report", str(data), "--report", str(shown)]
        service = Scripted(answers)
        code = run(words, configure=lambda *_: FakeSettings(), open_service=lambda _: service)
        assert service.warmed.is_set() and capsys.readouterr().out
        return code, json.loads(data.read_text("utf-8")), shown.read_text("utf-8")

    return call


def case(id: str, question: str, **changes: Any) -> dict[str, Any]:
    expected = {"kind": "direct", "answer_values": [], "must_contain": [], "answerable": True, "note": ""}
    return {"id": id, "turns": [question], **expected, **changes}


RIGHT = case("right", GROWTH, must_contain=["5.01"], answer_values=[{"value": 5.01, "unit": "%"}])
WRONG = case(
    "wrong", GROWTH, must_contain=["6.10"], answer_values=[{"value": 6.1, "unit": "%"}], kind="growth"
)
NEEDLESS = case("needless", "没有的", must_contain=["1"], answer_values=[{"value": 1, "unit": "所"}])
REFUSED = case("refused", "没有的", answerable=False, kind="unanswerable", expected_reason=["not_reported"])
SHOWN = case("shown", GROWTH, answerable=False, kind="unanswerable", expected_reason=["no_such_region"])
CRASHED = case("crashed", "崩", must_contain=["1"])
BARE = {"id": "bare", "turns": [GROWTH, "比上年呢？"]}


def test_report_counts_what_an_expert_would(evaluate: Evaluate) -> None:
    """Right and wrong by kind, refusals, coverage apart from correctness, failures with question and answer."""
    code, report, shown = evaluate(RIGHT, WRONG, NEEDLESS, REFUSED, SHOWN, CRASHED, BARE)

    assert code == 1  # one case crashed
    assert (report["cases"], report["judged"], report["unfinished"]) == (7, 6, 1)
    assert (report["right"], report["wrong_numbers"]) == (2, 2)
    assert report["accuracy"] == {"part": 2, "whole": 6, "percent": "33.3"}
    assert report["coverage"] == {"part": 2, "whole": 4, "percent": "50.0"}
    assert report["correctness"] == {"part": 1, "whole": 2, "percent": "50.0"}
    assert report["refusal_precision"] == {"part": 1, "whole": 2, "percent": "50.0"}
    assert report["refusal_recall"] == {"part": 1, "whole": 2, "percent": "50.0"}
    assert {kind["name"]: (kind["cases"], kind["right"], kind["wrong"]) for kind in report["kinds"]} == {
        "direct": (3, 1, 0),
        "growth": (1, 0, 1),
        "unanswerable": (2, 1, 1),
    }
    assert [(one["name"], one["right"]) for one in report["reasons"]] == [
        ("no_such_region", 0),
        ("not_reported", 1),
    ]
    failed = {one["id"]: one for one in report["failures"]}
    assert set(failed) == {"wrong", "needless", "shown", "crashed"}
    assert failed["wrong"]["answer"]["text"] and failed["wrong"]["expected"]["must_contain"] == ["6.10"]
    assert "RuntimeError" in failed["crashed"]["error"] and failed["crashed"]["answer"] is None
    assert report["latency_ms"]["turns"] == 7
    for one in failed.values():
        assert all(turn in shown for turn in one["turns"])


def test_numbers_are_held_against_their_sources_again(evaluate: Evaluate) -> None:
    """A quotation that is not the stored text, a formula that gives something else, a number without a source."""
    good = growth_answer("", carried=False)
    start = good.citations[0].start
    moved = replace(good, citations=(replace(good.citations[0], start=start + 1), good.citations[1]))
    bent = replace(good, calculations=(replace(good.calculations[0], result={"value": "6.01", "unit": "%"}),))
    bare = replace(good, figures=good.figures[:1])
    gone = replace(good, citations=(replace(good.citations[0], report_id="r9"), good.citations[1]))
    away = replace(good, figures=(*good.figures[:2], Figure("5.01%", *_span(good), "citation:0")))
    named = {"甲": moved, "乙": bent, "丙": bare, "丁": gone, "戊": away, "己": good}
    code, report, _ = evaluate(*({"id": name, "turns": [name]} for name in named), **named)

    assert code == 0 and report["judged"] == 0
    assert [one["id"] for one in report["failures"]] == ["甲", "乙", "丙", "丁", "戊"]
    assert report["provenance"]["answers_with_breaches"] == 5
    assert report["provenance"]["figures"] == sum(len(answer.figures) for answer in named.values())


@pytest.mark.parametrize(
    ("text", "number", "held"),
    [
        ("生源减少.2023年下降", "2023", True),
        ("下降3.2023年", "2023", False),
        ("共1,234人", "1234人", True),
        ("共12345人", "1234", False),
        ("两批三千人", "3000人", True),
    ],
)
def test_number_is_looked_for_as_a_whole_number(text: str, number: str, held: bool) -> None:
    """A full stop before a number is none of its digits; a decimal point is."""
    assert holds(text, number) == held


def _span(answer: Answer) -> tuple[int, int]:
    start = answer.text.index("5.01%")
    return start, start + len("5.01%")


class Tags(HTMLParser):
    """Collects the tags of a page with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attributes)))


def test_page_is_text_and_asks_for_nothing(evaluate: Evaluate) -> None:
    """Hostile cases, answers and file names are text; the page has no script, no link and no address to load."""
    hostile = case(f"x{HOSTILE}", f"附注{HOSTILE}", must_contain=[HOSTILE + "1"], kind=HOSTILE, note=HOSTILE)
    _, _, shown = evaluate(hostile)
    tags = Tags()
    tags.feed(shown)

    assert {tag for tag, _ in tags.seen} <= {
        "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table", "thead", "tbody",
        "tr", "th", "td", "b", "article", "dl", "dt", "dd",
    }  # fmt: skip
    assert not [at for _, at in tags.seen if {"src", "href", "style", "onerror"} & set(at)]
    assert "<script" not in shown and not re.search(r"url\(|@import|https?:", shown)
    assert "&lt;script&gt;" in shown and "案例 &lt;b&gt;" in shown


def test_report_of_another_kind_is_refused_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report can be html or json; anything else is a wrong command line."""
    path, service = tmp_path / "c.jsonl", FakeService()
    path.write_text('{"id": 1, "turns": ["支出？"]}', "utf-8")
    words = ["eval", str(path), "--report", "x.pdf"]
    code = run(words, configure=lambda *_: FakeSettings(), open_service=lambda _: service)

    assert code == 2 and service.asked == [] and ".html" in capsys.readouterr().err


@pytest.mark.parametrize(
    "changes",
    [
        {"must_contain": 5},
        {"answer_values": ["x"]},
        {"verdict": "maybe"},
        {"must_contain": [5]},
        {"tolerance": "x"},
    ],
)
def test_malformed_expectation_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, Any]
) -> None:
    """What a case demands must have the form that the documents say; the line names the case, nothing is asked."""
    path, service = tmp_path / "c.jsonl", FakeService()
    path.write_text(json.dumps(case("bad", GROWTH, **changes), ensure_ascii=False), "utf-8")
    words = ["eval", str(path), "--report", str(tmp_path / "r.html")]
    code = run(words, configure=lambda *_: FakeSettings(), open_service=lambda _: service)
    said = capsys.readouterr().err

    assert code == 1 and service.asked == [] and "案例 bad" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    ("share", "percent"),
    [(Share(1, 3), "33.3"), (Share(2, 3), "66.7"), (Share(0, 0), None), (Share(1, 800), "0.1")],
)
def test_share_is_rounded_half_up(share: Share, percent: str | None) -> None:
    """Percentages have one place; of nothing there is none."""
    assert share.percent == percent


def test_quantile_is_a_value_that_was_measured() -> None:
    """The median and the 95th percentile are values of the list, not between them."""
    values = list(range(1, 101))
    assert (quantile(values, 0.5), quantile(values, 0.95), quantile([7], 0.95)) == (50, 95, 7)
    assert quantile([], 0.5) is None


def test_script_and_command_judge_alike() -> None:
    """Both add up the same judged answers: a clarified case that may be clarified is right, and no refusal."""
    may_ask = case("x", "哪个", clarify=True, kind="ambiguous")
    outcome = judge(may_ask, {"status": "clarify", "reason": "ambiguous", "text": "请说明是小学还是初中。"})
    found = tally([outcome])
    assert found.total.right == 1 and found.refusal_precision.whole == 0
    assert (found.coverage.part, found.coverage.whole) == (0, 1)
