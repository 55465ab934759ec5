"""Receipts: asked again, the same figures byte for byte, or what has changed since, by name."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from indexes_fixtures import WordEmbedder

from assistant import receipts
from assistant.answer import Answer
from assistant.replay import NoReceipt, Replay
from assistant.service import JunhengService
from assistant.settings import Settings
from corpus.errors import JunhengError
from indexes.store import Store
from tests.scripted_endpoint import ScriptedEndpoint, call, key_of, line_with, message

REPORT = (
    "安吉县2022年义务教育优质均衡发展自评报告\n一、经费保障\n"
    "2022年一般公共预算教育支出4200.50万元，2021年为4000.00万元。\n"
    "二、办学条件\n全县有小学18所、初中7所，学校布局进一步优化，办学条件持续改善，师资力量不断加强。\n"
)
GROWTH = "安吉县2022年一般公共预算教育支出比2021年增长百分之几？"


class Office:
    """A home whose files come and go; every step opens it anew, as another process would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings: dict[str, Any] = {}
        self.take("report.txt", REPORT)

    @contextlib.contextmanager
    def open(self) -> Iterator[JunhengService]:
        home = self.folder / "home"
        store = Store.open(home, embedder=WordEmbedder(self.settings.get("embedding_model", "words")))
        with contextlib.closing(JunhengService(store, Settings(home=home, **self.settings))) as service:
            yield service

    def take(self, name: str, text: str, region: str = "安吉县", year: int = 2022) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        with self.open() as service:
            [outcome] = service.ingest([path], region=region, year=year)
        assert outcome.report_id is not None, outcome.message
        return outcome.report_id

    def ask(self, *turns: str) -> Answer:
        thread = None
        for asked in turns:
            with self.open() as service:
                answer = service.ask(asked, thread_id=thread)
            thread = answer.thread_id
        return answer

    def replay(self, answer: Answer) -> Replay:
        assert answer.receipt is not None
        with self.open() as service:
            kept = service.talks.conversation(answer.thread_id)
            done = service.replay(answer.receipt)
            assert service.talks.conversation(answer.thread_id) == kept, "asking again leaves no trace"
        return done


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def kinds(done: Replay, *, decisive: bool = True) -> list[str]:
    return [change.kind for change in done.changes if change.decisive == decisive]


@pytest.mark.parametrize(
    "turns",
    [
        (GROWTH,),
        (GROWTH, "那增加了多少万元？"),
        ("安吉县2019年一般公共预算教育支出是多少？",),
        ("安吉县有多少所小学？", "初中呢？", "一共多少所？"),
    ],
)
def test_unchanged_corpus_gives_the_same_bytes(office: Office, turns: tuple[str, ...]) -> None:
    """Each turn of a conversation, refusals too, is given again as it was, in the context it was asked in."""
    answer = office.ask(*turns)
    done = office.replay(answer)

    assert (done.outcome, done.differences, done.changes, done.proven) == ("identical", (), (), True)
    assert receipts.figures_of(done.then, text=True) == receipts.figures_of(done.now, text=True)
    assert json.loads(json.dumps(answer.as_json())) == done.then


def test_newer_version_is_named(office: Office) -> None:
    """A report whose figure was corrected is named with the version that took its place; the old one still proves."""
    answer = office.ask(GROWTH)
    newer = office.take("report.txt", REPORT.replace("4000.00", "4100.00"))
    done = office.replay(answer)

    assert (done.outcome, kinds(done)) == ("changed", ["report_replaced"])
    [change] = done.changes
    assert change.report_id == answer.citations[0].report_id and change.by == newer
    assert "新版本" in change.message and any("5.01" in line for line in done.differences)
    assert done.proven


def test_removed_report_is_named(office: Office) -> None:
    """Without its report the question is refused, and the line names what was removed."""
    answer = office.ask(GROWTH)
    with office.open() as service:
        service.remove(answer.citations[0].report_id)
    done = office.replay(answer)

    assert (done.outcome, kinds(done), done.proven) == ("changed", ["report_removed"], False)
    assert "无法回答" in done.differences[0]


def test_report_that_answers_now_is_named(office: Office) -> None:
    """What was refused for want of data is answered by a report that came later."""
    answer = office.ask("长兴县2022年一般公共预算教育支出是多少？")
    other = REPORT.replace("安吉县", "长兴县").replace("4200.50", "9300.10")
    report_id = office.take("other.txt", other, region="长兴县")
    done = office.replay(answer)

    assert answer.status == "refused" and done.now["status"] == "answered"
    assert [(one.kind, one.report_id) for one in done.changes if one.decisive] == [
        ("report_added", report_id)
    ]


def test_reports_that_decide_nothing_are_told_apart(office: Office) -> None:
    """Reports of other places that came since do not change the figures, and are told as such."""
    answer = office.ask(GROWTH)
    office.take(
        "other.txt", REPORT.replace("安吉县", "长兴县").replace("4200.50", "9300.10"), region="长兴县"
    )
    done = office.replay(answer)

    assert (done.outcome, kinds(done), kinds(done, decisive=False)) == ("identical", [], ["corpus_changed"])


def test_description_that_was_put_right_is_named(office: Office) -> None:
    """A report that turned out to be of another place answers no longer for the first."""
    answer = office.ask(GROWTH)
    with office.open() as service:
        service.describe(answer.citations[0].report_id, region="长兴县")
    done = office.replay(answer)

    assert done.outcome == "changed" and kinds(done) == ["report_described"]


@pytest.mark.parametrize(
    ("mark", "kind"), [("reading_version", "reading_changed"), ("answering_version", "answering_changed")]
)
def test_other_program_is_named(
    office: Office, monkeypatch: pytest.MonkeyPatch, mark: str, kind: str
) -> None:
    """Another version of the program is told even where it gives the same figures."""
    answer = office.ask(GROWTH)
    monkeypatch.setattr(receipts, mark, lambda: "another")
    done = office.replay(answer)

    assert (done.outcome, kinds(done, decisive=False)) == ("identical", [kind])


def test_other_embedding_is_named(office: Office) -> None:
    """A store that was embedded anew by another model says so."""
    answer = office.ask(GROWTH)
    office.settings["embedding_model"] = "others"
    done = office.replay(answer)

    assert "embedding_changed" in [change.kind for change in done.changes]


def wording(text: str) -> Callable[[Any], Any]:
    """Return a step that says ``text``, a citation of the line with the figure in place of the sign #."""

    def reply(request: Any) -> Any:
        return message(text.replace("#", key_of(line_with(request, "4200.50"))))

    return reply


def test_language_model_may_word_otherwise(office: Office) -> None:
    """Figures of a language model's answer are the same where it words them otherwise; without it, the mode is named."""
    look = call("find_facts", query="一般公共预算教育支出", regions=["安吉县"], periods=["2022"])
    first = wording("安吉县2022年一般公共预算教育支出为4200.50万元#。")
    second = wording("2022年，安吉县一般公共预算教育支出是4200.50万元#。")
    with ScriptedEndpoint([look, first, look, second]) as server:
        office.settings = {"llm_base_url": server.url, "llm_model": "scripted"}
        answer = office.ask("安吉县2022年一般公共预算教育支出是多少？")
        done = office.replay(answer)
    assert (answer.mode, done.now["mode"], done.outcome) == ("llm", "llm", "same_figures")
    assert done.differences == ("答案的文字不同",) and kinds(done) == ["unexplained"]
    office.settings = {}
    later = office.replay(answer)
    assert later.now["mode"] == "embedded" and "model_changed" in [change.kind for change in later.changes]


def test_receipt_of_a_changed_record_is_refused(office: Office) -> None:
    """A number in the record that was changed behind the program's back no longer fits the receipt."""
    answer = office.ask(GROWTH)
    with office.open() as service:
        [turn] = service.talks.file.turns(answer.thread_id)
        forged = json.loads(json.dumps(turn.answer).replace("5.01", "6.01"))
        with service.talks.file.file.change() as connection:
            from indexes.conversations import _pack

            connection.execute("update turn set answer = ?", (_pack(forged),))
        with pytest.raises(JunhengError, match="与编号不符"):
            service.replay(str(answer.receipt))


def test_unknown_receipt_is_said(office: Office) -> None:
    """A receipt that is not there, or another owner's, is one line."""
    answer = office.ask(GROWTH)
    with office.open() as service:
        for number, owner in (("r0", ""), (str(answer.receipt), "别人")):
            with pytest.raises(NoReceipt, match="没有编号为"):
                service.replay(number, owner=owner)


@pytest.mark.slow
def test_every_question_of_the_suite_replays(tmp_path: Path) -> None:
    """Answers of all kinds, by one process, are given again byte for byte by another."""
    held_out = Path(__file__).parent / "heldout"
    lines = (held_out / "questions.jsonl").read_text("utf-8").split("\n")
    cases = [json.loads(line) for line in lines if line][::3]
    home, given = tmp_path / "home", []
    with contextlib.closing(_service(home)) as service:
        service.ingest([held_out / "reports"])
        for case in cases:
            thread = None
            for asked in case["turns"]:
                answer = service.ask(asked, thread_id=thread)
                thread = answer.thread_id
            given.append(answer)
    with contextlib.closing(_service(home)) as service:
        done = [service.replay(str(answer.receipt)) for answer in given]

    assert {answer.status for answer in given} >= {"answered", "refused"}
    assert [one.receipt for one in done if one.outcome != "identical" or one.changes] == []


def _service(home: Path) -> JunhengService:
    return JunhengService(Store.open(home, embedder=WordEmbedder()), Settings(home=home))
