"""The one object behind every face: it opens a home, keeps it fed, and answers."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant import versions
from assistant.answer import Answer
from assistant.assessments import Assessments
from assistant.batch import Batch
from assistant.faces.service import Given, IngestOutcome
from assistant.knowledge import Example, examples_for, known_of
from assistant.language import Language
from assistant.replay import NoReceipt, Replay
from assistant.replay import replay as hold_against
from assistant.rereading import describe, refresh
from assistant.settings import Settings
from assistant.steps import LABELS
from assistant.talks import Talks
from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.model import Fact, Report
from corpus.readers import read
from corpus.schools.model import SchoolTable
from indexes.conversations import Turn
from indexes.editions import Edition
from indexes.errors import StoreError
from indexes.store import Store
from tools.audit.model import Finding
from tools.audit.stored import audit_file, audit_stored
from tools.compliance.model import Check
from tools.plan.model import Plan

log = logging.getLogger(__name__)
SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"


def samples() -> list[Path]:
    """Return the files that a new home starts with: reports and a school table."""
    return sorted(path for path in SAMPLES.iterdir() if path.suffix in (".txt", ".xlsx"))


def open_service(
    home: Path,
    *,
    empty: bool = False,
    settings: Settings | None = None,
    notify: Callable[[str], None] | None = None,
) -> JunhengService:
    """Open (or create) ``home``; a new one starts with the sample corpus unless ``empty``.

    ``notify`` hears, in one Chinese line each, what keeps a person waiting.
    """
    chosen = settings or Settings(home=home)
    said: set[str] = set()

    def tell(what: str, *_: int) -> None:
        if notify and what not in said:  # once, however many steps it takes
            said.add(what)
            notify(f"{what}，请稍候……")

    store = Store.open(home, embedding=chosen.embedding_model, chroma_url=chosen.chroma_url, progress=tell)
    refresh(store, tell)
    service = JunhengService(store, chosen)
    if store.note("samples") is None:
        fresh = store.version == 0
        store.note("samples", "without" if empty or chosen.empty or not fresh else "wanted")
    if store.note("samples") == "wanted":  # also after a first start that was broken off
        tell("正在读入示例资料")
        service.ingest(samples())
        store.note("samples", "there")
    return service


class JunhengService:
    """Answers questions about the reports of one store. Safe to use from several threads."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self._talks = Talks(store, settings)
        self._assessments = Assessments(store)
        self._lock = threading.Lock()
        self._trying = threading.Lock()
        self._examples: tuple[int, tuple[str, ...]] | None = None
        self._agents: tuple[int, Any, Any] | None = None
        self._language = Language(settings, store.note)

    # Asking

    def ask(
        self,
        question: str,
        *,
        thread_id: str | None = None,
        region: str | None = None,
        period: str | None = None,
        on_step: Callable[[str], None] | None = None,
        owner: str = "",
        kept: bool = True,
    ) -> Answer:
        """Answer ``question`` as the next turn of ``owner``'s ``thread_id`` (a new conversation when None).

        ``kept`` False leaves no trace: no conversation, no receipt, no entry in the log.
        """
        begun = time.perf_counter()
        question = question.strip()
        if not question:
            raise JunhengError("问题是空的，请输入要查的内容")
        if len(question) > 2000:
            raise JunhengError(f"问题有{len(question)}个字，超过2000字，请分开提问")
        thread = thread_id or uuid4().hex
        past = self._talks.before(thread, owner, kept=kept) if thread_id else []
        said = (
            question
            if not (region or period)
            else f"{region or ''}{f'{period}年' if period else ''}{question}"
        )
        version = self._hold() if kept else 0
        history = [(turn.said, dict(turn.answer)) for turn in past]
        answer, mode = self._run(history, said, on_step or (lambda _: None))
        elapsed = round((time.perf_counter() - begun) * 1000)
        answer = replace(answer, thread_id=thread, mode=mode, elapsed_ms=elapsed)  # type: ignore[arg-type]
        return self._talks.keep(answer, question, said, past, owner=owner, kept=kept, store_version=version)

    def _hold(self) -> int:
        """Have the store note what is current, so that a receipt can name it later; return its version."""
        try:
            return self.store.hold()
        except StoreError as error:  # a full disk: the answer does not depend on it
            log.warning("what is held cannot be noted: %s", error)
            return self.store.version

    @property
    def talks(self) -> Talks:
        return self._talks

    def replay(self, receipt: str, *, owner: str = "") -> Replay:
        """Ask again what a receipt is for and hold the answers against each other; JunhengError if there is none."""
        turn = self._talks.receipt(receipt, owner=owner)
        if turn is None:
            raise NoReceipt(
                f"没有编号为 {receipt} 的回执，可能已随对话删除；用 junheng conversations 查看已有的对话"
            )

        def ask(turn: Turn) -> Answer:
            answers = list(turn.basis["answers"])
            before = list(turn.basis["before"])
            if turn.answer.get("mode") != "llm":
                return self._walk(self._graphs()[0], [*before, turn.said], lambda _: None)
            history = [(asked, {"text": text}) for asked, text in zip(before, answers, strict=True)]
            answer, mode = self._run(history, turn.said, lambda _: None)
            return replace(answer, mode=mode)  # type: ignore[arg-type]

        return hold_against(turn, self.store, ask, model=self.settings.llm_model)

    def _run(
        self, history: list[tuple[str, dict[str, Any]]], question: str, on_step: Callable[[str], None]
    ) -> tuple[Answer, str]:
        rules, language = self._graphs()
        turns = [*(asked for asked, _ in history), question]
        trouble = self._language.problem
        if language is not None:
            answers = [str(answer.get("text", "")) for _, answer in history]
            try:
                answer = self._walk(language, turns, on_step, answers=answers, told=False)
                return answer, answer.mode
            except Exception as error:
                log.warning("the graph of the language model failed", exc_info=error)
                trouble = f"语言模型的回答出错（{type(error).__name__}），本答案由内置规则给出"
        answer = self._walk(rules, turns, on_step)
        return (replace(answer, warnings=(*answer.warnings, trouble)) if trouble else answer), "embedded"

    def _walk(
        self,
        graph: Any,
        turns: Sequence[str],
        on_step: Callable[[str], None],
        *,
        answers: Sequence[str] = (),
        told: bool = True,
    ) -> Answer:
        """Run ``graph`` on the last of ``turns``; ``answers`` are what the earlier ones were answered.

        ``told``: the calls may be told word for word, as they stem from the question.
        """
        from assistant.graph import conversation

        answer: Answer | None = None
        last = ""

        def tell(step: str) -> None:
            nonlocal last
            if step != last:
                on_step(step)
            last = step

        tell("读懂问题")
        begin = {"messages": conversation(turns, answers)}
        for kind, update in graph.stream(begin, stream_mode=["updates", "custom"]):
            if kind == "custom":  # before a step that may take long
                tell(update)
                continue
            for node, change in update.items():
                if note := (change or {}).get("note"):
                    tell(f"{note}，改用内置规则")
                if node == "model":
                    for call in change["messages"][-1].tool_calls:
                        what = (call["args"].get("query") or call["args"].get("topic")) if told else None
                        tell(LABELS.get(call["name"], "调用工具") + (f":{what}" if what else ""))
                elif node == "guard":
                    tell("核对数字与出处")
                    answer = change.get("answer") or answer
        if answer is None:
            raise JunhengError("没有得出答案，请换一种问法")
        return answer

    def _graphs(self) -> tuple[Any, Any]:
        """Return the graph of the rules and that of the language model, None without one."""
        with self._lock:
            if self._agents is None or self._agents[0] != self.store.version:
                from assistant.graph import build
                from assistant.models import RuleModel
                from assistant.procedures import Desk

                desk = Desk(known_of(self.store), self.store.report)
                rules = RuleModel(desk=desk)
                graph = build(rules, self.store)
                endpoint = self._language.endpoint()
                language = None if endpoint is None else build(rules, self.store, endpoint)
                self._agents = (self.store.version, graph, language)
            return self._agents[1], self._agents[2]

    # What is stored

    def reports(self) -> tuple[Report, ...]:
        return self.store.reports()

    def report(self, report_id: str) -> Report | None:
        return self.store.report(report_id)

    def table(self, report_id: str) -> SchoolTable | None:
        return self.store.table(report_id)

    def tables(self) -> tuple[SchoolTable, ...]:
        return self.store.tables()

    def check(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Check:
        return self._assessments.check(region=region, year=year, standard=standard, path=path)

    def plan(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Plan:
        return self._assessments.plan(region=region, year=year, standard=standard, path=path)

    def facts(self, report_id: str | None = None) -> tuple[Fact, ...]:
        return self.store.facts(report_ids=None if report_id is None else [report_id])

    def read_facts(self, path: Path) -> tuple[Fact, ...]:
        return read_facts(read(path))

    def audit(self, report_id: str) -> tuple[Finding, ...]:
        return audit_stored(self.store, report_id)

    def audit_file(self, path: Path) -> tuple[Report, tuple[Finding, ...]]:
        return audit_file(self.store, path)

    def ingest(
        self,
        paths: Sequence[Given],
        *,
        region: str | None = None,
        year: int | None = None,
        uploaded: bool = False,
        on_progress: Callable[[IngestOutcome], None] | None = None,
    ) -> list[IngestOutcome]:
        """Read files, folders, archives and texts; one that fails is told and never stops the others.

        A file replaces what the same path brought before; with ``uploaded`` the paths are passing ones
        and the name counts, unless the two are of different regions or years.
        """
        batch = Batch(self.store, region=region, year=year, uploaded=uploaded, tell=on_progress)
        return batch.take_in(paths)

    def describe(
        self, report_id: str, *, region: str | None = None, year: int | None = None, title: str | None = None
    ) -> Report:
        """Say what a stored report is about, and read it again with that."""
        return describe(self.store, report_id, region, year, title)

    def remove(self, report_id: str) -> bool:
        return versions.remove(self.store, report_id)[0]

    def original(self, report_id: str) -> bytes | None:
        return self.store.original(report_id)

    def history(self) -> tuple[Edition, ...]:
        return self.store.editions()

    def restore(self, report_id: str) -> Report | None:
        return versions.reinstate(self.store, report_id)

    def examples(self) -> tuple[str, ...]:
        """Return questions that fit what is stored: each has been tried, and is answered."""
        version = self.store.version
        with self._trying:
            if self._examples is None or self._examples[0] != version:
                tried = (next(filter(self._answers, kind), None) for kind in examples_for(self.store))
                self._examples = version, tuple(example.question for example in tried if example)
            return self._examples[1]

    def _answers(self, example: Example) -> bool:
        rules, _ = self._graphs()
        try:
            answer = self._walk(rules, [example.question], lambda _: None)
        except Exception as error:  # then it is no example; whoever asks it will be told
            log.debug("example %s failed", example.question, exc_info=error)
            return False
        return answer.status == "answered" and bool(answer.calculations or not example.calculates)

    def doctor(self) -> list[tuple[str, str, str]]:
        """Return (item, state, detail) lines: versions, model, store, endpoint, what is degraded."""
        from assistant.health import examine

        return [*examine(self.store, self.settings, self._language.endpoint), *self._talks.state()]

    def warm(self) -> None:
        """Load what the first question would otherwise wait for: model, indexes, agent."""
        self.store.warm()
        self._graphs()
        self.examples()  # asking them loads the rest
        self._language.get_to_know()

    def close(self) -> None:
        self._talks.close()
        self.store.close()
