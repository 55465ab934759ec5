"""The agent as one graph: model ⇄ tools, then the guard. The mode is which chat model is put in.

A language model's part of a turn may end in three ways: its draft passes, or it fails (endpoint, step
limit, guard), or the rules must say whether its draft is the answer. In the latter two the rule model
goes on in the same graph, from the question alone, and sees nothing of the language model's work.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import StructuredTool
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import StreamWriter

from assistant.answer import Answer
from assistant.drafts import doubts, doubts_of_schools, tidy
from assistant.endpoint import Endpoint
from assistant.finishing import finish
from assistant.guard import Sources, objections
from assistant.loosening import loosened
from assistant.models import RuleModel, draft_of, turns_in
from assistant.prompts import REWRITE
from assistant.question import Known
from assistant.reading import read
from assistant.schools.reading import read_schools
from assistant.settling import settle_answers
from assistant.streaming import trouble
from assistant.toolkit import as_langchain, settle
from assistant.untrusted import trusted
from assistant.written import spoken
from corpus.errors import JunhengError
from indexes.store import Store
from tools import TOOLS, Evidence

log = logging.getLogger(__name__)

STEPS = 90
"""Enough for a question of several parts; an endless loop of the rules ends here."""
LANGUAGE_STEPS = 10
"""Replies a language model has for one question."""
REWRITES = 1
SIZE = 6000
"""Characters of an earlier answer that a language model is sent."""
_CITED = re.compile(r"\[\d+\]")


@dataclass
class State:
    """``since`` is where in ``messages`` the rules took over, ``draft`` an answer they are to confirm."""

    messages: Annotated[list[AnyMessage], add_messages] = field(default_factory=list)
    replies: int = 0
    begun: float = 0.0
    rewrites: int = 0
    since: int | None = None
    note: str = ""
    draft: Answer | None = None
    answer: Answer | None = None


def conversation(turns: Sequence[str], answers: Sequence[str] = ()) -> list[AnyMessage]:
    """Return the turns as messages, each earlier one followed by what it was answered, marks taken off."""
    found: list[AnyMessage] = []
    for at, asked in enumerate(turns):
        found.append(HumanMessage(asked))
        if at < min(len(answers), len(turns) - 1):
            found.append(AIMessage(_CITED.sub("", answers[at])[:SIZE]))
    return found


def evidence_in(messages: Sequence[AnyMessage]) -> dict[str, Evidence]:
    """Return by key what the tools found in this turn."""
    found = (e for m in messages if isinstance(m, ToolMessage) for e in (m.artifact or []))
    return {e.key: e for e in found}


def _asked(messages: Sequence[AnyMessage]) -> int:
    """Return the index of the question: the last human message that is not the graph's own."""
    return max(
        i
        for i, m in enumerate(messages)
        if isinstance(m, HumanMessage) and not m.additional_kwargs.get("rewrite")
    )


def build(rules: RuleModel, store: Store, endpoint: Endpoint | None = None) -> CompiledStateGraph[State]:
    """Return the agent. ``rules`` answers when ``endpoint`` fails or its drafts cannot be accepted, or alone."""
    tools = {tool.name: as_langchain(tool, store) for tool in TOOLS.values()}
    seen = trusted(store)

    def ruled(state: State) -> list[AnyMessage] | None:
        """Return the messages that the rule model sees, None while the language model has the word."""
        if endpoint is None:
            return state.messages
        if state.since is None:
            return None
        return [*state.messages[: _asked(state.messages) + 1], *state.messages[state.since :]]

    def take_over(state: State, note: str) -> dict[str, Any]:
        log.info("the rules take over: %s", note)
        question = state.messages[: _asked(state.messages) + 1]
        return {"since": len(state.messages), "note": note, "messages": [rules.invoke(question)]}

    def call_model(state: State, writer: StreamWriter) -> dict[str, Any]:
        if (view := ruled(state)) is not None:
            return {"messages": [rules.invoke(view)]}
        assert endpoint is not None
        if state.replies >= LANGUAGE_STEPS:
            return take_over(state, "语言模型反复调用工具，没有得出答案")
        begun = state.begun or time.monotonic()
        if time.monotonic() - begun > endpoint.patience.question:
            return take_over(state, "语言模型没有按时答复")
        if rest := endpoint.rest():
            return take_over(state, f"{rest.why}，{rest.clock}以前不再询问")
        writer("正在询问语言模型")
        try:
            reply = endpoint.reply(state.messages, rules.desk.known.regions)
            return {"messages": [reply], "replies": state.replies + 1, "begun": begun}
        except Exception as error:
            log.debug("the endpoint failed", exc_info=error)
            return take_over(state, trouble(error))

    def call_tools(state: State) -> dict[str, Any]:
        last = state.messages[-1]
        assert isinstance(last, AIMessage)
        if ruled(state) is not None:
            return {"messages": [_run_exact(tools[c["name"]], dict(c)) for c in last.tool_calls]}
        evidence = evidence_in(state.messages)
        assert endpoint is not None
        size = endpoint.size() // max(1, len(last.tool_calls))
        results = [
            _run_loose(tools, _loosened(dict(call), rules.desk.known), seen, evidence, size)
            for call in last.tool_calls
        ]
        broken = [_told("参数不是合法的 JSON，请改正后重新调用", c["id"]) for c in last.invalid_tool_calls]
        return {"messages": [*results, *broken]}

    def check(state: State) -> dict[str, Any]:
        last = state.messages[-1]
        assert isinstance(last, AIMessage)
        if (view := ruled(state)) is not None:
            return {"answer": settle_answers(state.draft, _by_rule(last, view, store), state.note)}
        evidence = evidence_in(state.messages)
        turns = turns_in(state.messages[: _asked(state.messages) + 1])
        sources = Sources(evidence, store.report, turns[-1])
        text = tidy(spoken(last), evidence)
        about_schools = read_schools(turns, rules.desk.known)
        if about_schools is not None:
            why = doubts_of_schools(text, sources, about_schools)
        else:
            why = doubts(text, sources, read(turns, rules.desk.known).asks)
        why = why or objections(text, sources)
        if why and state.rewrites < REWRITES:
            told = HumanMessage(
                REWRITE.format(objections="\n".join(why)), additional_kwargs={"rewrite": True}
            )
            return {"messages": [told], "rewrites": state.rewrites + 1}
        if why:
            log.info("a language model's draft was rejected: %s", why)
            return {"since": len(state.messages), "note": "语言模型的回答没有通过核对"}
        return {"since": len(state.messages), "draft": finish(text, sources)}

    def after_model(state: State) -> Literal["tools", "guard"]:
        last = state.messages[-1]
        calls = isinstance(last, AIMessage) and (last.tool_calls or last.invalid_tool_calls)
        return "tools" if calls else "guard"

    def after_guard(state: State) -> str:
        return "model" if state.answer is None else END

    return (
        StateGraph(State)
        .add_node("model", call_model)
        .add_node("tools", call_tools)
        .add_node("guard", check)
        .add_edge(START, "model")
        .add_conditional_edges("model", after_model)
        .add_edge("tools", "model")
        .add_conditional_edges("guard", after_guard, ["model", END])
        .compile()
        .with_config(recursion_limit=STEPS)
    )


def _told(text: str, identity: str | None) -> ToolMessage:
    return ToolMessage(text, tool_call_id=identity or "", artifact=[], status="error")


def _run_exact(tool: StructuredTool, call: dict[str, Any]) -> ToolMessage:
    """Run a call of the rules; their procedures take an empty result for "it cannot be done"."""
    try:
        found = tool.invoke(call)
    except (JunhengError, ValueError) as error:
        return _told(f"调用不成立：{error}", call["id"])
    assert isinstance(found, ToolMessage)
    return found


def _loosened(call: dict[str, Any], known: Known) -> dict[str, Any]:
    return {**call, "args": loosened(call["name"], call["args"], known)}


def _run_loose(
    tools: dict[str, StructuredTool],
    call: dict[str, Any],
    store: Store,
    evidence: dict[str, Evidence],
    size: int,
) -> ToolMessage:
    """Run a language model's call; whatever is wrong with it is a result that it can act on."""
    name = call["name"]
    if name not in tools:
        return _told(f"没有这个工具，可用：{'、'.join(tools)}", call["id"])
    try:
        exact = settle(TOOLS[name], call["args"], store, evidence)
        found = tools[name].invoke({**call, "args": exact})
        assert isinstance(found, ToolMessage)
    except JunhengError as error:
        return _told(f"调用不成立：{error}", call["id"])
    except Exception as error:  # sloppy arguments find ways that no rule takes
        log.info("tool %s failed on a language model's arguments", name, exc_info=error)
        return _told(f"调用不成立（{type(error).__name__}），请检查参数", call["id"])
    text = str(found.content)
    if len(text) > size:  # whole lines, so that no number is cut in two
        shown = text[:size].rsplit("\n", 1)[0]
        told = [e for e in found.artifact if f"[e:{e.key}]" in shown]  # what it was not told it cannot cite
        found = found.model_copy(update={"content": shown + "\n（还有，已略去）", "artifact": told})
    return found


def _by_rule(last: AIMessage, view: Sequence[AnyMessage], store: Store) -> Answer:
    """Return the answer of the rules' draft, a refusal when even that does not pass."""
    evidence = evidence_in(view)
    draft = draft_of(last)
    if draft is not None:
        evidence |= {e.key: e for line in draft.lines for e in line.cites if e.kind == "missing"}
    sources = Sources(evidence, store.report, turns_in(view)[-1])
    text = str(last.content)
    if why := objections(text, sources):
        log.warning("a draft of the rules was rejected: %s", why)
        return Answer("refused", "没有得到可以核对的答案，不予显示。", "guard_rejected")
    if draft is None:
        return finish(text, sources)
    return finish(
        text, sources, status=draft.status, reason=draft.reason, values=draft.values,
        warnings=draft.warnings, context=draft.context,
    )  # fmt: skip
