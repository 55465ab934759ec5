"""The agent as one graph: model ⇄ tools, then the guard. The mode is which chat model is put in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, SystemMessage, ToolMessage
from langgraph.graph import END, START, StateGraph, add_messages
from langgraph.graph.state import CompiledStateGraph

from assistant.answer import Answer
from assistant.finishing import finish
from assistant.guard import Sources, objections
from assistant.models import draft_of
from assistant.procedures import Draft
from assistant.prompts import REWRITE, SYSTEM
from assistant.toolkit import as_langchain
from corpus.errors import JunhengError
from indexes.store import Store
from tools import TOOLS, Evidence

STEPS = 60
"""Enough for a question of several parts; an endless tool loop ends here."""


@dataclass
class State:
    messages: Annotated[list[AnyMessage], add_messages] = field(default_factory=list)
    objections: list[str] = field(default_factory=list)
    rewrites: int = 0
    answer: Answer | None = None


def evidence_in(messages: list[AnyMessage]) -> dict[str, Evidence]:
    """Return by key what the tools found in this turn."""
    found = (e for m in messages if isinstance(m, ToolMessage) for e in (m.artifact or []))
    return {e.key: e for e in found}


def build(
    model: BaseChatModel, rules: BaseChatModel, store: Store, *, rewrites: int = 0
) -> CompiledStateGraph[State]:
    """Return the agent. ``rules`` answers when ``model`` fails or its drafts cannot be accepted."""
    tools = {tool.name: as_langchain(tool, store) for tool in TOOLS.values()}
    bound = model.bind_tools(list(tools.values()))
    embedded = model is rules

    def call_model(state: State) -> dict[str, Any]:
        prompt: list[AnyMessage] = list(state.messages)
        if not embedded:
            prompt = [SystemMessage(SYSTEM), *prompt]
            if state.objections:
                prompt.append(HumanMessage(REWRITE.format(objections="\n".join(state.objections))))
        reply = bound.invoke(prompt)
        return {"messages": [reply], "objections": []}

    def call_tools(state: State) -> dict[str, Any]:
        last = state.messages[-1]
        assert isinstance(last, AIMessage)
        results: list[AnyMessage] = []
        for call in last.tool_calls:
            name, identity = call["name"], call["id"] or ""
            if name not in tools:
                results.append(
                    ToolMessage(
                        f"没有工具 {name},可用:{'、'.join(tools)}", tool_call_id=identity, artifact=[]
                    )
                )
                continue
            try:
                results.append(tools[name].invoke(call))
            except (JunhengError, ValueError) as error:
                results.append(
                    ToolMessage(f"调用不成立:{error}", tool_call_id=identity, artifact=[], status="error")
                )
        return {"messages": results}

    def check(state: State) -> dict[str, Any]:
        last = state.messages[-1]
        assert isinstance(last, AIMessage)
        evidence = evidence_in(state.messages)
        question = next(str(m.content) for m in reversed(state.messages) if isinstance(m, HumanMessage))
        draft = draft_of(last)
        if draft is not None:
            evidence |= {e.key: e for line in draft.lines for e in line.cites if e.kind == "missing"}
        sources = Sources(evidence, store.report, question)
        text = str(last.content)
        why = objections(text, sources)
        if why and state.rewrites < rewrites:
            return {"objections": why, "rewrites": state.rewrites + 1}
        if why:
            return {"answer": _rejected(why)}
        return {"answer": _answer(text, draft, sources)}

    def after_model(state: State) -> Literal["tools", "guard"]:
        last = state.messages[-1]
        return "tools" if isinstance(last, AIMessage) and last.tool_calls else "guard"

    def after_guard(state: State) -> str:
        return "model" if state.objections and state.answer is None else END

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


def _answer(text: str, draft: Draft | None, sources: Sources) -> Answer:
    if draft is None:
        return finish(text, sources)
    return finish(
        text, sources, status=draft.status, reason=draft.reason, values=draft.values,
        warnings=draft.warnings, context=draft.context,
    )  # fmt: skip


def _rejected(why: list[str]) -> Answer:
    return Answer("refused", "没有得到可以核对的答案,不予显示。", "guard_rejected", warnings=tuple(why))


Step = Callable[[str], None]
