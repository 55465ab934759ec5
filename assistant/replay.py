"""Asking again what a receipt is for: the same figures byte for byte, or what has changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant import receipts
from assistant.answer import Answer
from corpus.errors import JunhengError
from indexes.conversations import Turn
from indexes.held import Held
from indexes.store import Store

Outcome = Literal["identical", "same_figures", "changed"]
Kind = Literal[
    "report_replaced", "report_removed", "report_added", "report_described", "corpus_changed", "store_changed",
    "reading_changed", "answering_changed", "embedding_changed", "model_changed", "unexplained",
]  # fmt: skip
_OF_REPORTS = ("report_replaced", "report_removed", "report_added", "report_described")
NAMED = 5
"""Reports that a line on the rest of the corpus names."""


class NoReceipt(JunhengError):
    """There is no receipt of this number, or not for this owner."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not as it was; ``by`` is the report that took the place of ``report_id``.

    ``decisive``: the figures have changed and this is what they, or the way to them, rest on.
    """

    kind: Kind
    message: str
    decisive: bool
    report_id: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Replay:
    """A receipt held against what the same question gives now; ``then`` and ``now`` are answers as JSON.

    ``identical``: status, figures, citations and formulae are the same byte for byte, and the text where no language
    model words it. ``same_figures``: the values and what they rest on are the same, the wording is not.
    ``differences`` are Chinese lines. ``proven``: every quotation of ``then`` stands in the stored text still.
    """

    receipt: str
    question: str
    at: str
    outcome: Outcome
    differences: tuple[str, ...]
    changes: tuple[Change, ...]
    proven: bool
    then: Mapping[str, Any]
    now: Mapping[str, Any]


def replay(turn: Turn, store: Store, ask: Callable[[Turn], Answer], *, model: str | None) -> Replay:
    """Ask a turn's question again, in its context; ``model`` is the language model that is set up now."""
    assert turn.receipt is not None
    then, now = turn.answer, ask(turn).as_json()
    worded = "llm" in (then.get("mode"), now.get("mode"))
    outcome: Outcome = "changed"
    if receipts.figures_of(then, text=not worded) == receipts.figures_of(now, text=not worded):
        outcome = "identical"
    elif _amounts(then) == _amounts(now) and then.get("status") == now.get("status"):
        outcome = "same_figures"
    changes = _changes(turn, now, store, model, decisive=outcome != "identical")
    return Replay(
        turn.receipt,
        turn.question,
        turn.at,
        outcome,
        () if outcome == "identical" else tuple(_differences(then, now)),
        changes,
        all(_stands(citation, store) for citation in then.get("citations", ())),
        then,
        now,
    )


def _amounts(answer: Mapping[str, Any]) -> list[str]:
    """Return what the values and calculations of an answer are and what they rest on, in an order of their own."""
    quotes = {
        f"citation:{n}": (c["report_id"], c["start"], c["end"]) for n, c in enumerate(answer["citations"])
    }
    rests = {f"calculation:{n}": c["steps"] for n, c in enumerate(answer["calculations"])}

    def ground(source: str) -> Any:
        return quotes.get(source) or rests.get(source) or source

    values = [{**value, "source": ground(value["source"])} for value in answer["values"]]
    made = [
        {**one, "inputs": [{**given, "source": ground(given["source"])} for given in one["inputs"]]}
        for one in answer["calculations"]
    ]
    return sorted(map(receipts.canonical, [*values, *made]))


def _stands(citation: Mapping[str, Any], store: Store) -> bool:
    report = store.report(citation["report_id"])
    return report is not None and report.text[citation["start"] : citation["end"]] == citation["quote"]


def _differences(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterable[str]:
    if (then["status"], then.get("reason")) != (now["status"], now.get("reason")):
        yield f"当时是“{_state(then)}”，现在是“{_state(now)}”"
    for name, show in (("数值", _values), ("算式", _steps), ("出处", _quotes)):
        before, after = show(then), show(now)
        gone = [one for one in before if one not in after]
        new = [one for one in after if one not in before]
        if gone or new:
            yield f"{name}：当时“{'；'.join(gone) or '无'}”，现在“{'；'.join(new) or '无'}”"
    if then["text"] != now["text"]:
        yield "答案的文字不同"


def _state(answer: Mapping[str, Any]) -> str:
    words = {"answered": "已回答", "refused": "无法回答", "clarify": "需要补充说明"}
    return words.get(str(answer["status"]), str(answer["status"]))


def _values(answer: Mapping[str, Any]) -> list[str]:
    return [
        "".join(filter(None, (v["region"], v["period"] and f"{v['period']} ", v["metric"], v["qualifier"], v["value"], v["unit"])))
        for v in answer["values"]
    ]  # fmt: skip


def _steps(answer: Mapping[str, Any]) -> list[str]:
    return [one["steps"] or one["formula"] for one in answer["calculations"]]


def _quotes(answer: Mapping[str, Any]) -> list[str]:
    return [f"{one['title']}：{' '.join(one['quote'].split())[:80]}" for one in answer["citations"]]


def _changes(
    turn: Turn, now: Mapping[str, Any], store: Store, model: str | None, *, decisive: bool
) -> tuple[Change, ...]:
    """Return what is not as it was when the receipt was given; the figures' own ground first."""
    basis = turn.basis
    program, used, corpus = basis["program"], basis["model"], basis["corpus"]
    reread = program["reading"] != receipts.reading_version()
    found = list(_reports(corpus, now, store, decisive, reread))
    grounded = any(change.kind in _OF_REPORTS for change in found)
    about = decisive and not grounded  # else the reports themselves explain it

    def add(kind: Kind, message: str) -> None:
        found.append(Change(kind, message, about))

    if reread:
        add("reading_changed", "读取报告的程序或词表已更新，资料已按新程序重读")
    if program["answering"] != receipts.answering_version():
        add("answering_changed", "作答的程序已更新")
    if used["embedding"] != store.embedder.name:
        add("embedding_changed", f"向量模型由“{used['embedding']}”换成了“{store.embedder.name}”")
    if used["mode"] != now["mode"]:
        add("model_changed", _mode_words(used["mode"], now["mode"]))
    elif used["mode"] == "llm" and used["name"] != model:
        add("model_changed", f"语言模型由“{used['name']}”换成了“{model}”")
    if decisive and not found:
        same = "语言模型每次的用词和取舍可能不同" if used["mode"] == "llm" else "这不应发生，请报告给维护者"
        add("unexplained", f"资料和程序都没有变；{same}")
    return tuple(found)


def _mode_words(then: str, now: str) -> str:
    words = {"llm": "语言模型", "embedded": "内置规则"}
    return f"当时由{words.get(then, then)}作答，现在由{words.get(now, now)}作答"


def _reports(
    corpus: Mapping[str, Any], now: Mapping[str, Any], store: Store, decisive: bool, reread: bool
) -> Iterable[Change]:
    if corpus["store"] != store.id:
        yield Change("store_changed", "资料库是另建的，不是当时的那一个", decisive)
        return
    before, after = store.held(corpus["version"]), store.held(store.hold())
    told: set[str] = set()
    for cited in corpus["cited"]:
        change = _of_cited(cited, before, after, store, decisive, reread)
        if change is not None:
            told |= {change.report_id or "", change.by or ""}
            yield change
    fresh = dict.fromkeys(one["report_id"] for one in now["citations"])
    for report_id in fresh:
        if report_id in after and report_id not in before and report_id not in told:
            told.add(report_id)
            title = after[report_id].title
            message = f"当时还没有“{title}”，它现在也回答这个问题"
            yield Change("report_added", message, decisive, report_id)
    came = [one.title for key, one in after.items() if key not in before and key not in told]
    left = [one.title for key, one in before.items() if key not in after and key not in told]
    if came or left:
        parts = [_some("新增", came), _some("移走或替代", left)]
        message = f"答案没有引用的资料也有变动：{'；'.join(filter(None, parts))}"
        yield Change("corpus_changed", message, decisive and not told)


def _some(what: str, titles: Sequence[str]) -> str:
    if not titles:
        return ""
    named = "、".join(f"“{title}”" for title in sorted(titles)[:NAMED])
    return f"{what} {len(titles)} 份（{named}{'等' if len(titles) > NAMED else ''}）"


def _of_cited(
    cited: Mapping[str, Any],
    before: Mapping[str, Held],
    after: Mapping[str, Held],
    store: Store,
    decisive: bool,
    reread: bool,
) -> Change | None:
    """Return what became of a report that the receipt cites, None where it is as it was."""
    report_id, title = cited["id"], cited["title"]
    held = after.get(report_id)
    if held is None:
        edition = next((one for one in store.editions() if one.report.id == report_id), None)
        if edition is None:
            return Change("report_removed", f"“{title}”已移除", decisive, report_id)
        newer = store.report(edition.superseded_by)
        by = "另一份报告" if newer is None else f"“{newer.title}”（{newer.source}）"
        message = f"“{title}”（{cited['source']}）已由新版本{by}替代"
        return Change("report_replaced", message, decisive, report_id, edition.superseded_by)
    then = before.get(report_id)
    report = store.report(report_id)
    if report is not None and (report.title, report.region, report.year) != (
        title,
        cited["region"],
        cited["year"],
    ):
        return Change("report_described", f"“{title}”的标题、地区或年份已更正", decisive, report_id)
    if then is not None and then.fingerprint != held.fingerprint and not reread:
        return Change("report_described", f"“{title}”已重新读取", decisive, report_id)
    return None
