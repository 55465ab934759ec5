"""Chat models by mode. ``RuleModel`` is a thin adapter: reading, planning and writing are elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from pydantic import ConfigDict

from assistant.planning import Pending, respond
from assistant.procedures import Desk, Draft
from assistant.settings import Settings
from assistant.streaming import Patience


class RuleModel(BaseChatModel):
    """A chat model without a language model: it plans and writes by rule, and keeps no state."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    desk: Any

    @property
    def _llm_type(self) -> str:
        return "rules"

    def bind_tools(self, tools: Any, **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self  # the procedures call the same registry that the tools were made from

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._reply(messages))])

    def _reply(self, messages: list[BaseMessage]) -> AIMessage:
        assert isinstance(self.desk, Desk)
        asked = max(i for i, m in enumerate(messages) if isinstance(m, HumanMessage))
        results = [list(m.artifact or []) for m in messages[asked:] if isinstance(m, ToolMessage)]
        outcome = respond(turns_in(messages), results, self.desk)
        if isinstance(outcome, Pending):
            call = outcome.call
            return AIMessage("", tool_calls=[{"name": call.name, "args": call.arguments, "id": uuid4().hex}])
        return AIMessage(outcome.text, additional_kwargs={"draft": outcome})


def turns_in(messages: Sequence[BaseMessage]) -> list[str]:
    """Return what the person has asked, turn by turn."""
    return [str(m.content) for m in messages if isinstance(m, HumanMessage)]


def draft_of(message: AIMessage) -> Draft | None:
    """Return the structured draft that a RuleModel put beside its text."""
    found = message.additional_kwargs.get("draft")
    return found if isinstance(found, Draft) else None


def language_model(settings: Settings, patience: Patience) -> BaseChatModel:
    """Return the endpoint's model; imported here because the embedded mode must not pay for it."""
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=settings.llm_model or "",
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key or "none",  # type: ignore[arg-type]
        temperature=0,
        max_retries=0,
        timeout=(patience.connecting, *[patience.silence] * 3),  # to connect, read, write, get a connection
    )
