"""How reports, facts and answers look outside: JSON objects, and the Chinese words for the codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from assistant.answer import Answer, CalculationOutput
from assistant.faces.service import Service
from corpus.confidence import MARK, is_low
from corpus.model import Fact, Report
from corpus.whereabouts import where

STATUS_WORDS = {"answered": "已回答", "refused": "无法回答", "clarify": "需要补充说明"}
REASON_WORDS = {
    "not_reported": "资料中没有写到",
    "no_such_region": "没有这个地区的资料",
    "no_such_period": "没有这个时期的资料",
    "not_comparable": "口径不同，不能比较",
    "out_of_scope": "超出本系统的范围",
    "ambiguous": "问题有多种理解",
    "no_data_for_check": "缺少核对所需的数据",
    "inconsistent_source": "资料前后不一致",
    "guard_rejected": "答案未通过数字核对",
}
OUTCOME_WORDS = {
    "added": "已导入",
    "replaced": "已更新",
    "unchanged": "没有变化",
    "skipped": "跳过",
    "failed": "未导入",
}
STATE_WORDS = {"ok": "正常", "degraded": "降级", "off": "未启用"}
SLOT_WORDS = {
    "region": "地区",
    "period": "时间",
    "metric": "指标",
    "stage": "学段",
    "subject": "对象",
    "operation": "算法",
    "unit": "单位",
    "school": "学校",
}
VALUE_WORDS = {
    "preschool": "学前",
    "primary": "小学",
    "junior": "初中",
    "senior": "普通高中",
    "vocational": "中等职业学校",
    "senior_any": "高中",
    "compulsory": "义务教育",
    "special": "特殊教育",
}
MAX_QUESTION = 2000
"""Characters of a question; longer ones are pasted documents, not questions."""

_PERIOD = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?|(H[12])|Q([1-4]))?")


def period_words(key: str) -> str:
    """Write a period key for a person: "2022H1" is 2022年上半年; an unknown form stays as it is."""
    if "/" in key:
        first, _, last = key.partition("/")
        return f"{period_words(first)}至{period_words(last)}"
    found = _PERIOD.fullmatch(key)
    if not found:
        return key
    year, month, day, half, quarter = found.groups()
    words = f"{year}年"
    if month:
        words += f"{int(month)}月"
    if day:
        words += f"{int(day)}日"
    if half:
        words += "上半年" if half == "H1" else "下半年"
    if quarter:
        words += f"第{'一二三四'[int(quarter) - 1]}季度"
    return words


def carried_words(answer: Answer) -> list[str]:
    """Return what was taken over from earlier turns, one ``值（名目）`` each."""
    carried = answer.context.get("carried")
    if not isinstance(carried, (list, tuple)):
        return []
    words = []
    for slot in map(str, carried):
        value = answer.context.get(slot)
        values = list(value) if isinstance(value, (list, tuple)) else [value]
        said = [_value_words(slot, str(item)) for item in values if item not in (None, "")]
        name = SLOT_WORDS.get(slot)
        if said:
            words.append("、".join(said) + (f"（{name}）" if name else ""))
    return words


def _value_words(slot: str, value: str) -> str:
    return period_words(value) if slot == "period" else VALUE_WORDS.get(value, value)


def source_words(source: str) -> str:
    """Say where an input comes from: ``citation:0`` is [1]; ``question`` is 问题给出."""
    kind, _, rest = source.partition(":")
    if kind == "citation" and rest.isdecimal():
        return f"[{int(rest) + 1}]"
    if kind == "calculation" and rest.isdecimal():
        return f"算式{int(rest) + 1}"
    if kind == "standard":
        return f"标准 {rest.replace('/', ' ')}"
    return {"question": "问题给出", "label": "原文"}.get(source, source)


def result_words(calculation: CalculationOutput) -> str:
    return calculation.result.get("value", "") + calculation.result.get("unit", "")


def report_json(report: Report, facts: int, schools: int | None = None, low: int = 0) -> dict[str, Any]:
    """Return a report without its text; ``chars`` counts characters, as all offsets do.

    ``schools`` is how many schools a school table holds, ``low`` how many facts may have been recognised wrong.
    """
    return {
        "id": report.id,
        "kind": report.kind,
        "document": report.document,
        "format": report.format,
        "notes": list(report.notes),
        "title": report.title,
        "region": report.region,
        "year": report.year,
        "published": report.published.isoformat() if report.published else None,
        "source": report.source,
        "url": report.url,
        "text_sha256": report.text_sha256,
        "chars": len(report.text),
        "facts": facts,
        "low_confidence": low,
        "schools": schools,
    }


def reports_json(service: Service) -> list[dict[str, Any]]:
    """Return all reports and school tables of a service."""
    counts = Counter(fact.report_id for fact in service.facts())
    low = Counter(fact.report_id for fact in service.facts() if is_low(fact.confidence))
    return [
        report_json(report, counts[report.id], schools_of(service, report), low[report.id])
        for report in service.reports()
    ]


def history_json(service: Service) -> list[dict[str, Any]]:
    """Return the earlier versions of reports, the latest first, each with what took its place and when (UTC)."""
    return [
        {
            **report_json(edition.report, 0),
            "superseded_by": edition.superseded_by,
            "superseded_at": edition.superseded_at,
        }
        for edition in service.history()
    ]


def schools_of(service: Service, report: Report) -> int | None:
    """Return how many schools a stored school table holds, None for a report."""
    table = service.table(report.id) if report.kind == "school_table" else None
    return None if table is None else len(table.schools)


def content_words(item: dict[str, Any]) -> str:
    """Say what a listed report holds: 学校数据表，8 所学校."""
    if item["kind"] == "school_table":
        return "学校数据表" + ("" if item["schools"] is None else f"，{item['schools']} 所学校")
    words = f"{item['facts']} 条数据"
    if item["format"] == "scan" or item["low_confidence"]:
        words += "，扫描件识别" + (f"，{item['low_confidence']} 条把握不大" if item["low_confidence"] else "")
    return words


def doubt_words(confidence: Decimal | None) -> str:
    """Return the mark of a value that was recognised and may have been read wrong, else nothing."""
    return f"（{MARK}）" if is_low(confidence) else ""


def fact_json(fact: Fact, report: Report | None) -> dict[str, Any]:
    """Return the contract's Fact. ``quote`` is ``report.text[start:end]`` wherever the text is at hand
    (a file that is read without being stored has only the printed form)."""
    quote = report.text[fact.start : fact.end] if report else fact.as_printed
    sentence = report.text[slice(*fact.sentence)] if report else fact.context
    return {
        "id": fact.id,
        "report_id": fact.report_id,
        "region": fact.region,
        "subject": fact.subject,
        "metric": fact.metric,
        "metric_id": fact.metric_id,
        "stage": fact.stage,
        "value": f"{fact.value:f}",
        "upper": None if fact.upper is None else f"{fact.upper:f}",
        "unit": fact.unit,
        "as_printed": fact.as_printed,
        "period": fact.period,
        "base_period": fact.base_period,
        "qualifier": fact.qualifier,
        "kind": fact.kind,
        "role": fact.role,
        "direction": fact.direction,
        "of": fact.of,
        "label": fact.label,
        "section": fact.section,
        "quote": quote,
        "start": fact.start,
        "end": fact.end,
        "confidence": None if fact.confidence is None else str(fact.confidence),
        "sentence": sentence,
        "sentence_start": fact.sentence[0],
        "sentence_end": fact.sentence[1],
    } | (_place(report, fact) if report else {})


def _place(report: Report, fact: Fact) -> dict[str, Any]:
    """Return where a fact stands; its confidence is its own, which counts the words that name it."""
    return {k: v for k, v in where(report, fact.start, fact.end).as_json().items() if k != "confidence"}


def facts_json(facts: Sequence[Fact], reports: Iterable[Report]) -> list[dict[str, Any]]:
    by_id = {report.id: report for report in reports}
    return [fact_json(fact, by_id.get(fact.report_id)) for fact in facts]
