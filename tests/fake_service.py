"""A service with two small invented reports and fixed answers: what the faces are tested against."""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assistant.answer import Answer, CalculationInput, CalculationOutput, Citation, Figure, Value
from assistant.faces.service import Given, IngestOutcome, Pasted
from assistant.gathering import files_in
from assistant.replay import NoReceipt, Replay
from assistant.settings import Settings
from assistant.talks import Talks
from corpus import readers
from corpus.errors import JunhengError
from corpus.model import Fact, Report, Section
from corpus.schools.model import SchoolTable
from corpus.schools.read import table_from
from indexes.editions import Edition
from tools.audit.audit import audit
from tools.audit.model import Finding
from tools.compliance.check import check_table
from tools.compliance.model import Check
from tools.plan.make import make_plan
from tools.plan.model import Plan

HOSTILE = '<script>window.hacked=1</script><img src=x onerror="window.hacked=2">${window.hacked=3}{{value}}'
FILLER = "全区坚持把教育摆在优先发展的位置,统筹城乡学校建设,持续改善办学条件,各项工作稳步推进。\n"
TEXT = (
    "青石区2022年教育自评报告\n一、经费保障\n" + FILLER * 12
    + "2022年教育支出为4200.50万元。\n2021年教育支出为4000.00万元。\n"
    + FILLER * 12 + f"二、办学条件\n附注 {HOSTILE} 完。\n"
)  # fmt: skip
SECOND = TEXT.index("二、办学条件")


def report(report_id: str = "r1", title: str = "青石区2022年教育自评报告") -> Report:
    first = TEXT.index("一、经费保障")
    return Report(
        id=report_id,
        text=TEXT,
        title=title,
        source=f"{report_id}.txt",
        region="青石区",
        year=2022,
        published=dt.date(2023, 3, 1),
        sections=(
            Section("一、经费保障", 1, first, SECOND, ("一、经费保障",)),
            Section("二、办学条件", 1, SECOND, len(TEXT), ("二、办学条件",)),
        ),
    )


def fact(number: str, period: str, report_id: str = "r1") -> Fact:
    printed = f"{number}万元"
    start = TEXT.index(printed)
    sentence = (TEXT.rindex("\n", 0, start) + 1, TEXT.index("\n", start))
    return Fact(
        id=f"{report_id}-{period}",
        report_id=report_id,
        region="青石区",
        subject="青石区",
        metric="教育支出",
        metric_id="education_expenditure",
        stage=None,
        value=Decimal(number),
        unit="万元",
        as_printed=printed,
        period=period,
        qualifier=None,
        kind="actual",
        role="level",
        label="教育支出",
        context="教育支出",
        section="一、经费保障",
        start=start,
        end=start + len(printed),
        clause=sentence,
        sentence=sentence,
    )


def citation(quote: str, title: str = "青石区2022年教育自评报告") -> Citation:
    start = TEXT.index(quote)
    section = "一、经费保障" if start < SECOND else "二、办学条件"
    return Citation("r1", title, section, quote, start, start + len(quote))


NEW, OLD = "2022年教育支出为4200.50万元。", "2021年教育支出为4000.00万元。"


def growth_answer(thread_id: str, carried: bool) -> Answer:
    """Return an answer with two citations and one calculation."""
    text = "青石区2022年教育支出为4200.50万元[1],比上年增长5.01%[1][2]。"
    spans = {"2022": "citation:0", "4200.50万元": "citation:0", "5.01%": "calculation:0"}
    return Answer(
        status="answered",
        text=text,
        values=(
            Value("教育支出", "4200.50", "万元", None, "2022", "青石区", "青石区", "citation:0"),
            Value("教育支出增幅", "5.01", "%", None, "2022", "青石区", "青石区", "calculation:0"),
        ),
        figures=tuple(
            Figure(part, text.index(part), text.index(part) + len(part), source)
            for part, source in spans.items()
        ),
        citations=(citation(NEW), citation(OLD)),
        calculations=(
            CalculationOutput(
                name="growth_rate",
                label="增幅",
                formula="(本期 − 上期) ÷ 上期 × 100%",
                inputs=(
                    CalculationInput("本期", "4200.50", "万元", "citation:0"),
                    CalculationInput("上期", "4000.00", "万元", "citation:1"),
                ),
                result={"value": "5.01", "unit": "%"},
                rounding="2 位小数,四舍五入",
                steps="(4200.50 − 4000.00) ÷ 4000.00 × 100% = 5.01%",
            ),
        ),
        warnings=("两年口径一致,未经审计。",) if carried else (),
        context={"region": "青石区", "period": "2022", "carried": ["region", "period"] if carried else []},
        thread_id=thread_id,
        elapsed_ms=7,
    )


@dataclass
class Gatekeeper:
    """Lets a test hold the service between its first step and its answer."""

    open: threading.Event

    def pass_through(self) -> None:
        assert self.open.wait(30), "the test never opened the gate"


class FakeService:
    """Implements the faces' Service. What it answers depends only on a word in the question."""

    def __init__(self) -> None:
        self.stored = [report("r1"), report("r2", f"另一份报告 {HOSTILE}")]
        self.kept = [fact("4200.50", "2022"), fact("4000.00", "2021"), fact("4000.00", "2021", "r2")]
        self.kept_tables: list[SchoolTable] = []
        self.found: dict[str, tuple[Finding, ...]] = {}
        self.checked: list[tuple[str | None, int | None, str]] = []
        self.asked: list[tuple[str, str | None]] = []
        self.closed = False
        self.kept_talks: Talks | None = None
        self.url: str | None = None
        self.ingested: list[Path] = []
        self.uploads: list[bool] = []
        self.warmed = threading.Event()
        self.gate = Gatekeeper(threading.Event())
        self.gate.open.set()

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
        self.asked.append((question, thread_id))
        step = on_step or (lambda line: None)
        step(f"读懂问题:{question}")
        self.gate.pass_through()
        step("查找指标:教育支出")
        step("计算:增幅")
        step("核对数字")
        thread = thread_id or f"t{len(self.asked)}"
        if "坏" in question:
            raise JunhengError("资料库暂时不能用,请稍后再试。")
        if "崩" in question:
            raise RuntimeError("unexpected <b>bug</b>")
        if "哪个" in question:
            return Answer("clarify", "请说明是小学还是初中。", reason="ambiguous", thread_id=thread)
        if "没有" in question:
            text = f"资料中没有写到:{question}"
            return Answer("refused", text, reason="not_reported", thread_id=thread)
        if "附注" in question:
            quote = f"附注 {HOSTILE} 完。"
            text = f"原文写道:{HOSTILE}[1]"
            return Answer("answered", text, citations=(citation(quote, HOSTILE),), thread_id=thread)
        answer = growth_answer(thread, carried=thread_id is not None)
        return replace(answer, citations=tuple(replace(one, url=self.url) for one in answer.citations))

    @property
    def talks(self) -> Talks:
        """Real conversations in a folder that goes with the service; nothing is asked of a store."""
        if self.kept_talks is None:
            self.folder = tempfile.TemporaryDirectory(prefix="junheng-talks-")
            store = SimpleNamespace(home=Path(self.folder.name), hand_over_turns=lambda take: None)
            self.kept_talks = Talks(store, Settings())  # type: ignore[arg-type]
        return self.kept_talks

    def replay(self, receipt: str, *, owner: str = "") -> Replay:
        raise NoReceipt(f"没有编号为 {receipt} 的回执。")

    def reports(self) -> tuple[Report, ...]:
        return tuple(self.stored)

    def report(self, report_id: str) -> Report | None:
        return next((one for one in self.stored if one.id == report_id), None)

    def table(self, report_id: str) -> SchoolTable | None:
        return None

    def tables(self) -> tuple[SchoolTable, ...]:
        return tuple(self.kept_tables)

    def check(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Check:
        """Check the table at ``path``, else the kept one of the region; reports add nothing here."""
        self.checked.append((region, year, standard))
        table = self._table(region, year, path)
        return check_table(table, standard_id=standard, region=region, year=str(year) if year else None)

    def plan(
        self,
        *,
        region: str | None = None,
        year: int | None = None,
        standard: str = "youzhi_junheng",
        path: Path | None = None,
    ) -> Plan:
        said = None if year is None else str(year)
        return make_plan(self._table(region, year, path), region=region, year=said, standard_id=standard)

    def _table(self, region: str | None, year: int | None, path: Path | None) -> SchoolTable:
        if path is not None:
            return table_from(path.read_bytes(), path.name, region=region, year=year)
        for table in self.kept_tables:
            if region in (None, table.region) and year in (None, table.year):
                return table
        raise JunhengError(f"没有{region}{year}年的学校数据表,请先导入。")

    def facts(self, report_id: str | None = None) -> tuple[Fact, ...]:
        return tuple(one for one in self.kept if report_id in (None, one.report_id))

    def ingest(
        self,
        paths: Sequence[Given],
        *,
        region: str | None = None,
        year: int | None = None,
        uploaded: bool = False,
        on_progress: Callable[[IngestOutcome], None] | None = None,
    ) -> list[IngestOutcome]:
        outcomes = []
        self.uploads.append(uploaded)
        for given in paths:
            if isinstance(given, Pasted):
                new = replace(report(f"n{len(self.stored)}", given.title or "粘贴的文字"), text=given.text)
                self.stored.append(new)
                outcomes.append(IngestOutcome(new.title, "added", new.id, f"{new.title}（0个数据）"))
                if on_progress:
                    on_progress(outcomes[-1])
        for path in files_in([given for given in paths if isinstance(given, Path)]):
            self.ingested.append(path)
            if not path.is_file():
                outcome = IngestOutcome(path.name, "failed", None, f"{path}：找不到这个文件，请检查路径。")
            elif b"\0" in path.read_bytes():
                outcome = IngestOutcome(path.name, "failed", None, f"{path.name}：不是文本文件。")
            else:
                new = replace(report(f"n{len(self.stored)}", path.stem), text=path.read_text("utf-8"))
                self.stored.append(new)
                outcome = IngestOutcome(path.name, "added", new.id, f"{path.name}（0个数据）")
            outcomes.append(outcome)
            if on_progress:
                on_progress(outcome)
        return outcomes

    def original(self, report_id: str) -> bytes | None:
        found = self.report(report_id)
        return None if found is None else found.text.encode("utf-8")

    def history(self) -> tuple[Edition, ...]:
        return ()

    def restore(self, report_id: str) -> Report | None:
        return None

    def describe(
        self, report_id: str, *, region: str | None = None, year: int | None = None, title: str | None = None
    ) -> Report:
        """Change what is stored of a report; its text stays."""
        old = self.report(report_id)
        if old is None:
            raise JunhengError(f"没有编号为 {report_id} 的报告。")
        new = replace(old, region=region or old.region, year=year or old.year, title=title or old.title)
        self.stored = [new if one.id == report_id else one for one in self.stored]
        return new

    def remove(self, report_id: str) -> bool:
        before = len(self.stored)
        self.stored = [one for one in self.stored if one.id != report_id]
        return len(self.stored) < before

    def examples(self) -> tuple[str, ...]:
        return ("青石区2022年教育支出是多少?", "青石区2022年教育支出比上年增长多少?")

    def doctor(self) -> list[tuple[str, str, str]]:
        return [("向量模型", "ok", "内置"), ("语言模型", "off", "没有设置")]

    def read_facts(self, path: Path) -> tuple[Fact, ...]:
        read = readers.read(path)
        start = read.text.index("4200.50万元")
        found = fact("4200.50", "2022")
        return (replace(found, report_id=read.id, start=start, end=start + len(found.as_printed)),)

    def audit(self, report_id: str) -> tuple[Finding, ...]:
        """Give the findings that a test laid down, none for other reports."""
        return self.found.get(report_id, ())

    def audit_file(self, path: Path) -> tuple[Report, tuple[Finding, ...]]:
        read = readers.read(path)
        return read, audit(read)

    def warm(self) -> None:
        self.warmed.set()

    def close(self) -> None:
        self.closed = True
        if self.kept_talks is not None:
            self.kept_talks.close()
            self.folder.cleanup()


@dataclass(frozen=True)
class FakeSettings:
    """The settings that the faces read, and what the command line put on top."""

    home: Path | None = None
    empty: bool = False
    api_keys: tuple[str, ...] = ()
    max_upload_mb: int = 1
    extra: Any = None
