"""Dress a registered tool for LangChain. Nothing in ``tools`` knows that LangChain exists."""

from __future__ import annotations

from typing import Any

from langchain_core.tools import StructuredTool
from pydantic import create_model

from indexes.store import Store
from tools import Evidence, Tool


def as_langchain(tool: Tool, store: Store) -> StructuredTool:
    """Bind ``store``, keep it out of the schema; return text for the model, evidence for the guard."""
    fields: dict[str, Any] = {
        name: (p.annotation, ... if p.default is p.empty else p.default)
        for name, p in tool.parameters.items()
    }

    def run(**arguments: Any) -> tuple[str, list[Evidence]]:
        found = tool.run(store, **arguments)
        return "\n".join(f"{_line(item)} [e:{item.key}]" for item in found), found

    return StructuredTool(
        name=tool.name,
        description=tool.doc,
        args_schema=create_model(tool.name, **fields),
        func=run,
        response_format="content_and_artifact",
    )


def _line(item: Evidence) -> str:
    identity = f"(编号 {item.identity})" if item.kind == "fact" else ""
    return f"{item.text}{identity}"
