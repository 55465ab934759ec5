"""Answers in the report's own words: sections, sentences, documents, standards."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.plans.common import distinct, search
from assistant.procedures import Call, Desk, Draft, Line, Procedure, procedure, refuse
from assistant.question import Ask
from assistant.writing import absent, by_kind
from corpus.catalogue import stages_in
from tools.evidence import Clause, Evidence, Sentence, plain
from tools.matching import THRESHOLDS
from tools.words import coverage, terms

_TOPIC = re.compile(r"问题|困难|不足|短板|措施|举措|做法|打算|安排|经验|建议|下一步|计划")
_ABOUT = re.compile(
    r"具体|做法|内容|办法|方式|情况|举措|措施|原因|目的|意义|安排|打算|主要|怎么(?:样|做|个|办|推进|落实|开展)?|如何|哪些|什么|个$"
)
"""Words that say what kind of telling is wanted, not what about."""
_STANDARD = re.compile(
    r"(?:方面|指标|标准).{0,16}(?:哪些|什么|包括|内容)|哪些(?:方面|指标)|指标体系|(?:几个方面|多少项指标)"
)


@procedure("explain", "list", "document")
def explain(ask: Ask, desk: Desk) -> Procedure:
    """Quote the section or the sentences that answer, complete and in order."""
    if ask.op == "document" and re.search(r"号", ask.folded):
        found = yield Call("find_documents", {"query": ask.words, "regions": list(ask.regions)})
        if by_kind(found, "sentence"):
            return _quoted(by_kind(found, "sentence")[:3], desk)
        return absent(found, ask, desk)
    if _STANDARD.search(ask.folded) and re.search(r"指标|标准", ask.folded):
        done = yield Call("describe_standard", {})
        if drafted := _standard(done):
            return drafted
    topic = ask.words
    topics = list(dict.fromkeys(_TOPIC.findall(ask.folded)))
    subject = _ABOUT.sub(" ", _TOPIC.sub(" ", topic)).strip(" 和与及、的")
    titles = " ".join(desk.known.titles.get(region, "") for region in ask.regions or desk.known.regions)
    named = any(
        term.weight >= 0.9 and not (stages_in(term.text) and term.text in titles) for term in terms(subject)
    )
    gathered: list[Evidence] = []
    for wanted in (topic,) if named else (*topics,):
        found = yield Call("read_section", {"topic": wanted, "regions": list(ask.regions)})
        gathered += by_kind(found, "sentence")
    if gathered and (topics or len(gathered) <= 6):
        return _quoted(list(dict.fromkeys(gathered)), desk)
    if named:
        found = yield Call("read_section", {"topic": subject, "regions": list(ask.regions)})
        if (items := by_kind(found, "sentence")) and len(items) <= 6:
            return _quoted(items, desk)
    passages = yield Call(
        "search_passages", {"query": topic or ask.text, "regions": list(ask.regions), "k": 6}
    )
    items = _enough(by_kind(passages, "sentence"), ask)
    if _WHY.search(ask.folded):
        return _reasons(by_kind(passages, "sentence"), desk)
    if not items:
        found = yield Call("read_section", {"topic": topic, "regions": list(ask.regions)})
        items = by_kind(found, "sentence")
    if not items:
        return absent(passages if not by_kind(passages, "sentence") else [], replace(ask), desk)
    return _quoted(items, desk)


_WHY = re.compile(r"为什么|为何|原因|怎么会")
_BECAUSE = re.compile(
    r"原因|由于|因为|因(?=[\u4e00-\u9fff]{2,12}(?:增|减|下降|上升|提高|所致))|受.{2,16}影响|主要是|所致|导致"
)


def _reasons(items: list[Evidence], desk: Desk) -> Draft:
    """Quote a reason only where the report gives one as such."""
    found = [e for e in items if _BECAUSE.search(e.text)]
    if not found:
        return refuse("not_reported", "报告中没有提及原因。")
    return _quoted(found[:2], desk)


def _enough(items: list[Evidence], ask: Ask) -> list[Evidence]:
    """Keep sentences that say most of what is asked; none if even the best does not."""
    asked = terms(_ABOUT.sub(" ", ask.words))
    scored: list[tuple[float, Evidence]] = []
    for item in items:
        sentence = item.item
        assert isinstance(sentence, Sentence)
        from corpus.folding import fold

        said = coverage(asked, [(fold(sentence.text), 1.0), (fold(sentence.section), 0.7)])
        scored.append((said.share, item))
    best = max((score for score, _ in scored), default=0.0)
    if best < THRESHOLDS.sentence:
        return []
    kept = [item for score, item in scored if score >= best - 0.08]
    return kept[:3]


def _quoted(items: list[Evidence], desk: Desk) -> Draft:
    lines: list[Line] = []
    several = len(items) > 1
    for i, item in enumerate(items, 1):
        sentence = item.item
        assert isinstance(sentence, Sentence)
        report = desk.report(sentence.report_id)
        place = f"{report.region}:" if report and report.region and i == 1 else ""
        lines.append(Line(f"{f'{i}. ' if several else ''}{place}「{sentence.text}」", (item,)))
    return Draft(tuple(lines), values=())


def _standard(found: list[Evidence]) -> Draft | None:
    clauses = [e for e in found if isinstance(e.item, Clause)]
    if not clauses:
        return None
    first = clauses[0].item
    assert isinstance(first, Clause)
    lines = [Line(f"按国家标准({first.source}):", (clauses[0],))]
    lines += [Line(f"{i}. {e.text}", (e,)) for i, e in enumerate(clauses, 1)]
    return Draft(tuple(lines), values=(), warnings=("报告没有逐项列出,以上出自国家标准",))


@procedure("count")
def count(ask: Ask, desk: Desk) -> Procedure:
    """Count schools listed by name where the report gives no number of them."""
    found = yield search(ask)
    if by_kind(found, "fact") and "metric" not in ask.carried:
        from assistant.plans.values import value

        return (yield from value(replace(ask, op="value"), desk))
    loose = yield search(replace(ask, measure=None), ["level"], unit="元", wide=True)
    facts = distinct(by_kind(loose, "fact"))
    if not facts:
        return absent(found, ask, desk)
    done = yield Call("count_listed", {"items": [e.item.id for e in facts[:6]]})  # type: ignore[union-attr]
    made = by_kind(done, "calculation")
    if not made:
        return absent(found, ask, desk)
    calculation = made[0].item
    text = f"原文逐一列出的学校共{plain(calculation.value)}{calculation.unit}"  # type: ignore[union-attr]
    return Draft((Line(text, (*by_kind(done, "fact"), *made)),), values=tuple(made))


@procedure("outside")
def outside(ask: Ask, desk: Desk) -> Procedure:
    """Refuse what has nothing to do with the reports."""
    return refuse(
        "out_of_scope", "这不是教育督导报告能回答的问题。可以问报告里的数据、增幅、占比、达标情况或措施。"
    )
    yield  # pragma: no cover - makes this a generator
