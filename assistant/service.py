"""The one object behind every face: it opens a home, keeps it fed, and answers."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from assistant.answer import Answer
from assistant.faces.service import IngestOutcome
from assistant.knowledge import examples_for, known_of
from assistant.settings import Settings
from corpus.errors import JunhengError
from corpus.facts import read_facts
from corpus.model import Document, Fact, Report
from corpus.passages import split
from corpus.readers import read, supported
from indexes.store import Store

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
_LABELS = {
    "find_facts": "查找数据", "search_passages": "查找原文", "growth": "计算增幅", "difference": "计算差额", "ratio": "计算倍数",
    "share": "计算占比", "sum": "求和", "rank": "排序", "compare": "核对是否可比", "convert": "换算单位", "recompute": "用报告的数复算",
    "gap": "计算差距", "read_section": "读取章节", "find_documents": "查找文号", "describe_standard": "查国家标准", "count_listed": "清点名称",
}  # fmt: skip


def open_service(home: Path, *, empty: bool = False, settings: Settings | None = None) -> JunhengService:
    """Open (or create) ``home``; a new one starts with the sample corpus unless ``empty``."""
    chosen = settings or Settings(home=home)
    new = (
        not (home / "junheng.sqlite3").exists() and not any(home.glob("*.sqlite*")) if home.exists() else True
    )
    store = Store.open(home, embedding=chosen.embedding_model, chroma_url=chosen.chroma_url)
    service = JunhengService(store, chosen)
    if new and not empty and not chosen.empty and not store.reports():
        service.ingest(sorted(SAMPLES.glob("*.txt")))
    return service


class JunhengService:
    """Answers questions about the reports of one store. Safe to use from several threads."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self._lock = threading.Lock()
        self._agents: tuple[int, Any, Any] | None = None
        self._degraded: str | None = None

    # Asking

    def ask(
        self,
        question: str,
        *,
        thread_id: str | None = None,
        region: str | None = None,
        period: str | None = None,
        on_step: Callable[[str], None] | None = None,
    ) -> Answer:
        """Answer ``question`` as the next turn of ``thread_id`` (a new conversation when None)."""
        begun = time.perf_counter()
        question = question.strip()
        if not question:
            raise JunhengError("问题是空的,请输入要查的内容")
        if len(question) > 2000:
            raise JunhengError(f"问题有{len(question)}个字,超过2000字,请分开提问")
        thread = thread_id or uuid4().hex
        turns = [asked for asked, _ in self.store.turns(thread)][-12:]
        said = (
            question
            if not (region or period)
            else f"{region or ''}{f'{period}年' if period else ''}{question}"
        )
        answer, mode = self._run([*turns, said], on_step or (lambda _: None))
        elapsed = round((time.perf_counter() - begun) * 1000)
        answer = replace(answer, thread_id=thread, mode=mode, elapsed_ms=elapsed)  # type: ignore[arg-type]
        self.store.add_turn(thread, said, answer.as_json())
        return answer

    def _run(self, turns: list[str], on_step: Callable[[str], None]) -> tuple[Answer, str]:
        rules, language = self._graphs()
        if language is not None:
            try:
                answer = self._walk(language, turns, on_step)
                if answer.reason != "guard_rejected":
                    return answer, "llm"
                note = "语言模型的回答没有通过核对,已改用内置规则回答"
            except Exception as error:
                note = f"语言模型接口不可用({type(error).__name__}),已改用内置规则回答"
            on_step(note)
            answer = self._walk(rules, turns, on_step)
            return replace(answer, warnings=(*answer.warnings, note)), "embedded"
        return self._walk(rules, turns, on_step), "embedded"

    def _walk(self, graph: Any, turns: list[str], on_step: Callable[[str], None]) -> Answer:
        from langchain_core.messages import AIMessage, HumanMessage

        state: dict[str, Any] = {"messages": [HumanMessage(turn) for turn in turns]}
        answer: Answer | None = None
        on_step("读懂问题")
        for update in graph.stream(state, stream_mode="updates"):
            for node, change in update.items():
                last = (change or {}).get("messages", [None])[-1]
                if node == "model" and isinstance(last, AIMessage):
                    for call in last.tool_calls:
                        what = call["args"].get("query") or call["args"].get("topic") or ""
                        on_step(_LABELS.get(call["name"], call["name"]) + (f":{what}" if what else ""))
                elif node == "guard":
                    on_step("核对数字与出处")
                    answer = change.get("answer") or answer
        if answer is None:
            raise JunhengError("没有得出答案,请换一种问法")
        return answer

    def _graphs(self) -> tuple[Any, Any]:
        with self._lock:
            if self._agents is None or self._agents[0] != self.store.version:
                from assistant.graph import build
                from assistant.models import RuleModel, language_model
                from assistant.procedures import Desk

                desk = Desk(known_of(self.store), self.store.report)
                rules = RuleModel(desk=desk)
                graph = build(rules, rules, self.store)
                language = None
                if self.settings.uses_llm:
                    language = build(language_model(self.settings), rules, self.store, rewrites=1)
                self._agents = (self.store.version, graph, language)
            return self._agents[1], self._agents[2]

    # What is stored

    def reports(self) -> tuple[Report, ...]:
        return self.store.reports()

    def report(self, report_id: str) -> Report | None:
        return self.store.report(report_id)

    def facts(self, report_id: str | None = None) -> tuple[Fact, ...]:
        return self.store.facts(report_ids=None if report_id is None else [report_id])

    def read_facts(self, path: Path) -> tuple[Fact, ...]:
        return read_facts(read(path))

    def ingest(
        self,
        paths: Sequence[Path],
        *,
        region: str | None = None,
        year: int | None = None,
        on_progress: Callable[[IngestOutcome], None] | None = None,
    ) -> list[IngestOutcome]:
        """Read files and folders; one that fails is told and never stops the others."""
        outcomes: list[IngestOutcome] = []
        for path in _files(paths):
            outcome = self._ingest_one(path, region, year)
            outcomes.append(outcome)
            if on_progress:
                on_progress(outcome)
        return outcomes

    def _ingest_one(self, path: Path, region: str | None, year: int | None) -> IngestOutcome:
        source = str(path.resolve())
        try:
            original = path.read_bytes() if path.is_file() and path.stat().st_size <= 64_000_000 else b""
            digest = hashlib.sha256(original + f"|{region}|{year}".encode()).hexdigest()
            if original and self.store.known(source, digest):
                return IngestOutcome(source, "unchanged", None, f"{path.name}:内容没有变化")
            report = read(path, region=region, year=year)
            document = Document(report, split(report), read_facts(report))
            status = self.store.put(document, source=source, digest=digest, original=original)
        except JunhengError as error:
            return IngestOutcome(source, "failed", None, str(error))
        except OSError as error:
            return IngestOutcome(
                source, "failed", None, f"{path.name}:读写失败({error.strerror}),请检查文件权限和磁盘空间"
            )
        words = {"added": "已添加", "replaced": "已更新", "unchanged": "内容没有变化"}[status]
        where = f"{report.region or '地区未识别'}、{report.year or '年度未识别'}"
        return IngestOutcome(
            source, status, report.id, f"{path.name}:{words}({where},{len(document.facts)}个数据)"
        )

    def remove(self, report_id: str) -> bool:
        return self.store.remove(report_id)

    def examples(self) -> tuple[str, ...]:
        return examples_for(self.store)

    def doctor(self) -> list[tuple[str, str, str]]:
        """Return (item, state, detail) lines: versions, model, store, endpoint, what is degraded."""
        from assistant.health import examine

        return examine(self.store, self.settings)

    def close(self) -> None:
        self.store.close()


def _files(paths: Sequence[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(
                p
                for p in path.rglob("*")
                if p.is_file() and p.suffix.lower() in supported() and not p.name.startswith(".")
            )
        else:
            found.append(path)
    return found
