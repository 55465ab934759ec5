"""The service over a real store: how a home begins, how it is warmed, what it asks to be asked."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from indexes_fixtures import WordEmbedder

from assistant import service as module
from assistant.faces.service import Opening
from assistant.service import JunhengService, open_service
from assistant.settings import Settings
from corpus.errors import JunhengError
from corpus.model import Document
from corpus.passages import split
from indexes.store import Store

REPORT = (
    "安吉县2022年义务教育优质均衡发展自评报告\n一、经费保障\n"
    "2022年一般公共预算教育支出4200.50万元，2021年为4000.00万元，增加200.50万元，增长5.01%。\n"
    "二、存在问题\n一是校园面积不足。二是教师结构不够合理。\n"
)


@pytest.fixture
def small_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open stores with an embedder that needs no building."""
    honest = Store.open
    monkeypatch.setattr(
        Store, "open", lambda home, **named: honest(home, embedder=WordEmbedder(), progress=named["progress"])
    )


@pytest.fixture
def service(home_of_the_test: Path, tmp_path: Path) -> Iterator[JunhengService]:
    """A service over one report."""
    store = Store.open(home_of_the_test, embedder=WordEmbedder())
    opened = JunhengService(store, Settings(home=home_of_the_test))
    (tmp_path / "报告.txt").write_text(REPORT, encoding="utf-8")
    opened.ingest([tmp_path / "报告.txt"], region="安吉县")
    yield opened
    opened.close()


@pytest.mark.usefixtures("small_embedder")
def test_new_home_starts_with_the_samples_and_says_so(home_of_the_test: Path) -> None:
    """The first start reads the sample corpus and tells what it is doing; the second does nothing."""
    said: list[str] = []
    first = open_service(home_of_the_test, notify=said.append)
    reports, version = len(first.reports()), first.store.version
    first.close()
    second = open_service(home_of_the_test, notify=said.append)
    again = second.store.version
    second.close()

    assert reports == len(module.samples()) > 0
    assert said == ["正在读入示例资料，请稍候……"]
    assert again == version


@pytest.mark.usefixtures("small_embedder")
def test_empty_home_stays_empty(home_of_the_test: Path) -> None:
    """A home made with --empty gets no samples when it is opened without it later."""
    open_service(home_of_the_test, empty=True).close()
    later = open_service(home_of_the_test)
    reports = later.reports()
    later.close()

    assert reports == ()


@pytest.mark.usefixtures("small_embedder")
def test_first_start_that_was_broken_off_is_made_good(
    home_of_the_test: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ended between two samples leaves a home that the next start completes; a sample that
    a person takes out later stays out."""
    honest = JunhengService.ingest

    def stop_after_one(self: JunhengService, paths: list[Path]) -> None:
        honest(self, paths[:1])
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(JunhengService, "ingest", stop_after_one)
        open_service(home_of_the_test)
    second = open_service(home_of_the_test)
    complete = second.reports()
    second.remove(complete[0].id)
    second.close()
    third = open_service(home_of_the_test)
    kept = third.reports()
    third.close()

    assert len(complete) == len(module.samples())
    assert kept == complete[1:]


def test_examples_are_questions_that_are_answered(service: JunhengService) -> None:
    """Every question that the page offers gets an answer with a source."""
    examples = service.examples()
    answers = [service.ask(question) for question in examples]

    assert len(examples) >= 2
    assert [answer.status for answer in answers] == ["answered"] * len(examples)
    assert all(answer.citations for answer in answers)


def test_examples_follow_what_is_stored(service: JunhengService) -> None:
    """Without reports there is nothing to offer."""
    before = service.examples()
    service.remove(service.reports()[0].id)

    assert before != ()
    assert service.examples() == ()


def test_warming_keeps_nothing(service: JunhengService) -> None:
    """Warming loads model and agent, asks in no conversation, and works on an empty store too."""
    embedder = service.store.embedder
    assert isinstance(embedder, WordEmbedder)
    calls, version = embedder.calls, service.store.version
    service.warm()
    turns = service.talks.count()
    warmed = embedder.calls

    assert warmed > calls
    assert (turns, service.store.version) == (0, version)
    service.remove(service.reports()[0].id)
    service.warm()


def test_opened_service_is_warmed_behind_the_page(service: JunhengService) -> None:
    """``Opening`` hands the service out before it is warm, and a failure to warm harms nothing."""
    begun, go_on = threading.Event(), threading.Event()

    def warm() -> None:
        begun.set()
        assert go_on.wait(30)
        raise JunhengError("模型打不开")

    service.warm = warm  # type: ignore[method-assign]
    opening = Opening(lambda: service)
    opening.start()

    assert begun.wait(30)
    assert opening.wait(0) is service
    go_on.set()
    assert opening.ready


@pytest.mark.parametrize(("question", "said"), [("  ", "空"), ("问" * 2001, "2000字")])
def test_question_that_is_none_is_said(service: JunhengService, question: str, said: str) -> None:
    """An empty question or a pasted document is one clear line."""
    with pytest.raises(JunhengError, match=said):
        service.ask(question)


def test_conversation_goes_on_in_its_thread(service: JunhengService) -> None:
    """A follow-up in the same thread knows the region and metric asked before; a new thread does not."""
    first = service.ask("安吉县2022年一般公共预算教育支出是多少？")
    follow = service.ask("2021年呢？", thread_id=first.thread_id)

    assert "4200.50万元" in first.text
    assert "4000.00万元" in follow.text
    assert follow.thread_id == first.thread_id != service.ask("存在哪些问题？").thread_id


@pytest.mark.usefixtures("small_embedder")
def test_reports_are_read_again_when_the_reading_changed(home_of_the_test: Path, tmp_path: Path) -> None:
    """A home filled by another version of the reader gets this version's facts, its files untouched."""
    path = tmp_path / "报告.txt"
    path.write_text("安吉县2022年报告\n2022年,全区在园幼儿14943人。\n", encoding="utf-8")
    with contextlib.closing(open_service(home_of_the_test, empty=True)) as service:
        service.ingest([path])
        report = service.reports()[0]
        source, digest = service.store.brought_by(report.id)[0]
        bare = Document(report, split(report), ())
        service.store.put(bare, source=source, digest=digest, insist=True)
        service.store.note("reading", "another version")
        assert service.facts() == ()
    path.unlink()

    with contextlib.closing(open_service(home_of_the_test, empty=True)) as service:
        assert [fact.as_printed for fact in service.facts()] == ["14943人"]
        assert service.store.brought_by(report.id) == [(source, digest)]
