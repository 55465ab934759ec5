"""Statements that tools have put together: said word for word, every number borne out, every verdict compared again.

A sentence about a school table names a school, a stage, an indicator, a value, a threshold and a verdict at once. To
accept other words for it would mean to accept a wrong name beside a right number, so there are no other words: a piece
that cites statements consists of them and of stops. What a statement itself says is held against its sources here,
without trusting the tool that made it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from assistant.guard_findings import finding_objections
from corpus.folding import fold
from corpus.limits import keeps
from corpus.model import Fact, Report
from corpus.quantities import read_quantities
from tools.calculation import Calculation
from tools.evidence import Claim, Clause, Evidence, Part, Sentence, Statement, amount, period_words

_DIGITS = re.compile(r"\d+(?:[,.]\d+)*")
VERDICTS = {
    "未达标": False, "不达标": False, "未全部达标": False, "没有达到": False, "未达到": False, "达不到": False, "超过上限": False, "超过了上限": False, "不够": False, "未超过上限": True, "没有超过上限": True,
    "达标": True, "达到": True, "足够": True, "没有违反": True,
    "不一致": False, "对不上": False, "矛盾": False, "一致": True, "最多": True,
}  # fmt: skip
"""Judging words of statements, the longest that fits is meant: True says that the demand is met."""
_JUDGING = re.compile("|".join(sorted(VERDICTS, key=len, reverse=True)))
_STOPS = " 。,，;；:：\n"


def is_statement(cited: Sequence[Evidence]) -> bool:
    return any(isinstance(item.item, Statement) for item in cited)


def statement_objections(
    text: str, cited: Sequence[Evidence], report: Callable[[str], Report | None], question: str
) -> list[str]:
    """Return why a piece that cites statements cannot be said; ``text`` is the piece without its list number."""
    rest = text
    why: list[str] = []
    for item in sorted(cited, key=lambda e: -len(e.text)):
        if item.kind not in ("statement", "missing"):
            why.append("把逐字引用的结论与别的证据写在了一句里")
            continue
        if item.text not in rest:
            why.append("与所引的结论不是逐字相同,请照抄")
        rest = rest.replace(item.text, "", 1)
        if isinstance(item.item, Statement):
            why += broken(item.item, report, question)
    if rest.strip(_STOPS):
        why.append(f"中的“{rest.strip(_STOPS)[:40]}”不是所引结论里的话")
    return why


def broken(statement: Statement, report: Callable[[str], Report | None], question: str) -> list[str]:
    """Return what a statement says that its own sources do not bear out; nothing for a sound one."""
    why: list[str] = []
    for part in statement.parts:
        why += _numbers(part, report, question)
        why += _verdict(part) if statement.judgement is None else []
        why += [f"的“{part.text}”没有依据" for claim in part.claims if not _sourced(claim)]
    if statement.judgement is not None:
        why += finding_objections(statement, report)
    return why


def _numbers(part: Part, report: Callable[[str], Report | None], question: str) -> list[str]:
    found = _DIGITS.findall(fold(part.text))
    if isinstance(part.source, Sentence):
        told = report(part.source.report_id)
        own = told.text[part.source.start : part.source.end] if told else ""
        quoted = part.text.removeprefix("「").removesuffix("」")
        return [] if quoted in own else [f"中的「{quoted}」不是原文"]
    if part.label and part.source is not None:
        held = _names(part.source, report)
        return [] if fold(part.text) in held else [f"中的“{part.text}”不是所引依据里的名称"]
    if isinstance(part.source, Fact) and fold(part.text) == fold(amount(part.source)):
        return []  # also the 1 of "1:18.5"
    if part.source is None:
        return [f"中的“{n}”没有依据" for n in found if not _in(n, fold(question))]
    return [f"中的“{n}”与依据不符" for n in found if not _held(n, part)]


def _in(number: str, text: str) -> bool:
    return bool(
        re.search(rf"(?<![\d.]){re.escape(number.replace(',', ''))}(?!\d|\.\d)", text.replace(",", ""))
    )


def _held(number: str, part: Part) -> bool:
    """True if the source has the number, in the unit that the part writes."""
    source, value = part.source, Decimal(number.replace(",", ""))
    if isinstance(source, Clause):
        return _in(number, fold(f"{source.code} {source.text} {source.source}"))
    assert source is not None and not isinstance(source, Sentence)
    fits = abs(source.value) == value or (isinstance(source, Calculation) and source.exact == value)
    written = [q for q in read_quantities(fold(part.text)) if q.value == value and q.unit]
    return fits and (not written or any(q.unit == source.unit for q in written))


def _names(source: Fact | Calculation | Clause | Sentence, report: Callable[[str], Report | None]) -> str:
    """Return all that a source is called by: what a label may be taken from."""
    if isinstance(source, Clause):
        return fold(f"{source.code} {source.text} {source.source}")
    if isinstance(source, Sentence):
        return fold(source.text)
    if isinstance(source, Calculation):
        inputs = [_names(i.fact, report) for i in source.inputs if i.fact is not None][:1]
        notes = " ".join(source.notes)
        return fold(
            " ".join([source.label, source.subject, notes, *(i.name for i in source.inputs), *inputs])
        )
    held = report(source.report_id)
    title = f"{held.title} {held.year or ''}" if held else ""
    when = f"{source.period} {period_words(source.period)}"
    return fold(f"{source.subject} {source.metric} {source.label} {source.region} {when} {title}")


def _verdict(part: Part) -> list[str]:
    """A judging word must be what its comparisons give, and there must be some."""
    words = [VERDICTS[word] for word in _JUDGING.findall(part.text)]
    if not words:
        return []
    if part.label:
        return []
    if isinstance(part.source, Calculation) and part.source.name == "count":
        counted = _JUDGING.findall(part.source.label)
        if any(word not in counted for word in _JUDGING.findall(part.text)):
            return [f"中的“{part.text}”不是所数的"]
        none = part.text.startswith(("没有", "并无", "无")) and part.source.value != 0
        return [f"中的“{part.text}”与所数的不符"] if none else []
    if not part.claims:
        return [f"中的“{part.text}”没有比较作依据"]
    holds = all(keeps(c.observed, c.operator, c.limit) for c in part.claims)
    return [f"中的“{part.text}”与比较的结果相反"] if any(word != holds for word in words) else []


def _sourced(claim: Claim) -> bool:
    """True if what is compared is what the claim's sources hold."""
    by, demanded = claim.by, claim.demanded
    observed = {by.value, by.exact} if isinstance(by, Calculation) else {by.value}
    if claim.observed not in observed:
        return False
    if isinstance(demanded, Clause):
        return _in(f"{claim.limit:f}", fold(demanded.text))
    if isinstance(demanded, Fact):
        return claim.limit == demanded.value
    return demanded is None or claim.limit in (demanded.value, demanded.exact)
