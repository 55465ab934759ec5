"""What a report says in words: its sections, document numbers, and the clauses of standards."""

from __future__ import annotations

import re

from corpus.docnumbers import find as find_numbers
from corpus.folding import fold
from corpus.model import Report
from corpus.passages import sentences
from corpus.rules import standards
from corpus.units import dimension
from indexes.store import Store
from tools.change import fetch
from tools.clauses import clause_of, rules_of
from tools.counting import count_names
from tools.evidence import Clause, Evidence, Sentence, from_fact, missing
from tools.matching import THRESHOLDS
from tools.registry import BadCall, tool
from tools.words import coverage, terms

_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]|\d+[.、．]|[一二三四五六七八九十]是|第[一二三四五六七八九十]步(?:是指)?|[①-⑳])\s*"
)
LIMIT = 12


def _reports(store: Store, regions: list[str] | None) -> list[Report]:
    return [r for r in store.reports() if r.kind == "report" and (not regions or r.region in regions)]


def quote(report: Report, start: int, end: int, score: float = 0.0) -> Evidence:
    """Return the span, blanks at its edges left out, as a quotable sentence."""
    while start < end and report.text[start].isspace():
        start += 1
    while end > start and report.text[end - 1].isspace():
        end -= 1
    section = report.section_at(start)
    path = " > ".join(section.path) if section else ""
    text = report.text[start:end]
    return Evidence("sentence", text, Sentence(report.id, start, end, text, path, score))


@tool("哪些问题", "措施", "包括哪些", "目录")
def read_section(store: Store, topic: str, regions: list[str] | None = None) -> list[Evidence]:
    """按主题读报告的一节:给出该节各条的原文(标题与主题相符时)。

    Args:
        topic: 主题,如"存在问题"、"改进措施"。
        regions: 地区全称;不填为全部。
    """
    asked = terms(fold(topic))
    best: tuple[float, Report, int] | None = None
    for report in _reports(store, regions):
        for i, section in enumerate(report.sections):
            title = fold(_NUMBERING.sub("", section.title))
            said = coverage(asked, [(title, 1.0)])
            reverse = coverage(terms(title), [(fold(topic), 1.0)]).share
            score = said.share * 0.7 + reverse * 0.3
            if said.share >= THRESHOLDS.section and (best is None or score > best[0] + 0.01):
                best = (score, report, i)
    if best is None:
        return [missing("not_reported", f"报告中没有以“{topic}”为题的一节")]
    _, report, index = best
    section = report.sections[index]
    children = [s for s in report.sections if s.path[: len(section.path)] == section.path and len(s.path) == len(section.path) + 1
                and section.start <= s.start < section.end]  # fmt: skip
    if children:
        found = []
        for child in children[:LIMIT]:
            spans = sentences(report.text, child.start, child.end)
            first = spans[0] if spans else (child.start, child.end)
            if len(spans) > 1 and len(report.text[slice(*first)].strip()) <= 30:
                first = (first[0], spans[1][1])
            found.append(quote(report, *first, best[0]))
        return found
    body = sentences(report.text, section.start, section.end)
    return [
        quote(report, *span, best[0])
        for span in body[:LIMIT]
        if report.text[slice(*span)].strip() != section.title.strip()
    ]


@tool("同一句")
def facts_beside(store: Store, item: str) -> list[Evidence]:
    """列出与某个数据同在一个分句里的同类数据(含它自己)。

    Args:
        item: 数据的编号。
    """
    fact = fetch(store, item)
    same = [f for f in store.facts(report_ids=[fact.report_id]) if f.clause == fact.clause]
    return [from_fact(f) for f in same if dimension(f.unit) == dimension(fact.unit)] or [from_fact(fact)]


@tool("文号", "文件")
def find_documents(store: Store, query: str, regions: list[str] | None = None) -> list[Evidence]:
    """查文号:按文件名称或内容找报告里写明的文号。

    Args:
        query: 文件名称或内容。
        regions: 地区全称;不填为全部。
    """
    asked = terms(fold(re.sub(r"文号|文件号|发文字号|号", " ", query)))
    found: list[tuple[float, Evidence]] = []
    for report in _reports(store, regions):
        for number in find_numbers(report.text):
            title = report.text[slice(*number.title_span)] if number.title_span else ""
            start = max(report.text.rfind(mark, 0, number.start) for mark in "。\n") + 1
            said = coverage(asked, [(fold(title), 1.0), (fold(report.text[start : number.end]), 0.55)])
            begin = (
                number.title_span[0] - 1
                if number.title_span and number.title_span[0] <= number.start
                else start
            )
            end = max(number.end, number.title_span[1] + 1 if number.title_span else 0)
            while end < len(report.text) and report.text[end] in ")）":
                end += 1
            found.append((said.share, quote(report, min(begin, number.start), end, said.share)))
    found.sort(key=lambda pair: -pair[0])
    if not found or found[0][0] < THRESHOLDS.document:
        return [missing("not_reported", f"报告中没有写明与“{query}”有关的文号")]
    return [item for score, item in found if score >= found[0][0] - 0.1][:4]


@tool("标准", "指标体系")
def describe_standard(store: Store, standard: str = "youzhi_junheng", code: str = "") -> list[Evidence]:
    """列出一项国家标准的方面与指标,或其中一项指标的要求、限值和适用规则。

    Args:
        standard: 标准编号,如 youzhi_junheng。
        code: 指标代码,如 1.4;不填为全部指标的名称。
    """
    if standard not in standards():
        raise BadCall(f"没有标准 {standard!r},可用:{'、'.join(standards())}")
    found = standards()[standard]
    if code:
        asked = [demand for demand in found.demands if demand.code == code]
        if not asked:
            raise BadCall(
                f"标准 {standard} 没有指标 {code!r},可用:{'、'.join(d.code for d in found.demands)}"
            )
        return [item for demand in asked for item in (clause_of(found, demand), *rules_of(found, demand))]
    evidence = []
    for aspect in found.aspects:
        names = ";".join(f"{d.code} {d.name}" for d in aspect.indicators)
        text = f"{aspect.name}({len(aspect.indicators)}项):{names}"
        evidence.append(
            Evidence("standard", text, Clause(found.id, aspect.indicators[0].code, text, found.document))
        )
    return evidence


@tool("几所", "几个", "涉及")
def count_listed(store: Store, items: list[str]) -> list[Evidence]:
    """数一数几个数据的原文里逐一列出的学校或幼儿园。

    Args:
        items: 数据的编号。
    """
    return count_names(store, [fetch(store, key) for key in items])
