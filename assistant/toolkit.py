"""Dress a registered tool for LangChain. Nothing in ``tools`` knows that LangChain exists.

The rule model calls a tool with exact arguments. A language model sees a plainer schema and may be
sloppy in form ("2022年" for "2022"), never in substance: what cannot be read is an error it is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, get_args

from langchain_core.tools import StructuredTool
from pydantic import ConfigDict, create_model

from assistant.untrusted import kept, trusted
from corpus.catalogue import stages, stages_in
from corpus.folding import fold
from corpus.model import Fact, Role
from corpus.periods import read_periods
from indexes.store import Store
from tools import BadCall, Evidence, Tool
from tools.evidence import missing

INTERNAL = frozenset({"value", "wide", "metrics", "around", "rates"})
"""Parameters that only the rule planner can fill sensibly."""

_ARGUMENT = re.compile(r"^\s+(\w+): (.+)$", re.M)
_KEY = re.compile(r"^\W*(?:e\s*[::])?\s*([0-9a-f]{8})\W*$")


def as_langchain(tool: Tool, store: Store) -> StructuredTool:
    """Bind ``store``, keep it out of the schema; return text for the model, evidence for the guard."""
    fields: dict[str, Any] = {
        name: (p.annotation, ... if p.default is p.empty else p.default)
        for name, p in tool.parameters.items()
    }
    seen = trusted(store)

    def run(**arguments: Any) -> tuple[str, list[Evidence]]:
        gathered = tool.run(seen, **arguments)
        found = kept(seen, gathered)
        if gathered and not found:
            found = [missing("not_reported", "报告中没有提供可以引用的有关原文")]
        return "\n".join(f"{_line(item)} [e:{item.key}]" for item in found), found

    return StructuredTool(
        name=tool.name,
        description=tool.doc,
        args_schema=create_model(tool.name, __config__=ConfigDict(extra="forbid"), **fields),
        func=run,
        response_format="content_and_artifact",
    )


def _line(item: Evidence) -> str:
    if isinstance(item.item, Fact):
        return f"{item.text}（编号 {item.identity}）"
    return item.text


def schema(tool: Tool) -> dict[str, Any]:
    """Return the tool in OpenAI's format: Chinese descriptions, plain JSON types, no internal parameters."""
    said = {name: text for name, text in _ARGUMENT.findall(tool.doc) if name in tool.parameters}
    fields: dict[str, Any] = {
        name: (p.annotation, ... if p.default is p.empty else p.default)
        for name, p in tool.parameters.items()
        if name not in INTERNAL
    }
    made = create_model(tool.name, **fields).model_json_schema()
    properties = {
        name: {**_plain_type(found), "description": said.get(name, name)}
        for name, found in made.get("properties", {}).items()
    }
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.doc.split("\n\n", 1)[0],
            "parameters": {
                "type": "object",
                "properties": properties,
                "required": made.get("required", []),
                "additionalProperties": False,
            },
        },
    }


def _plain_type(found: Mapping[str, Any]) -> dict[str, Any]:
    """Drop titles, null alternatives and defaults: many endpoints know only the plain types."""
    chosen = next((o for o in found.get("anyOf", ()) if o.get("type") != "null"), found)
    return {key: value for key, value in chosen.items() if key in ("type", "items", "enum")}


def settle(
    tool: Tool, arguments: Mapping[str, Any], store: Store, evidence: Mapping[str, Evidence]
) -> dict[str, Any]:
    """Return a language model's arguments in exact form; raise BadCall, in Chinese, for what cannot be read.

    An evidence key stands for the fact it belongs to where a fact's number is wanted.
    """
    visible = [name for name in tool.parameters if name not in INTERNAL]
    settled: dict[str, Any] = {}
    for name, given in arguments.items():
        if name not in visible:
            raise BadCall(f"工具 {tool.name} 没有参数 {name}，可用：{'、'.join(visible)}")
        parameter = tool.parameters[name]
        if given is None and parameter.default is not parameter.empty:
            continue
        kind = str(parameter.annotation)
        if "list" in kind:
            items = [_settled(name, item, store, evidence) for item in _items(name, given)]
            if items or parameter.default is parameter.empty:
                settled[name] = items
        elif "str" in kind:
            if not isinstance(given, str | int | float) or isinstance(given, bool):
                raise BadCall(f"参数 {name} 应当是一个文字")
            settled[name] = _identity(str(given), evidence)
        elif "bool" in kind:
            if str(given).lower() not in ("true", "false"):
                raise BadCall(f"参数 {name} 应当是 true 或 false")
            settled[name] = str(given).lower() == "true"
        elif "int" in kind:
            if not re.fullmatch(r"\d{1,3}", str(given)):
                raise BadCall(f"参数 {name} 应当是一个不大的整数")
            settled[name] = int(given)
        else:
            settled[name] = given
    lacking = [
        n for n in visible if tool.parameters[n].default is tool.parameters[n].empty and n not in settled
    ]
    if lacking:
        raise BadCall(f"工具 {tool.name} 缺少参数：{'、'.join(lacking)}")
    return settled


def _items(name: str, given: Any) -> list[str]:
    if isinstance(given, str) and given.strip().startswith("["):
        try:
            given = json.loads(given)
        except ValueError:
            given = given.strip().strip("[]")
    if isinstance(given, str):
        given = [part for part in re.split(r"[、,，;；\s]+", given) if part]
    if isinstance(given, int) and not isinstance(given, bool):
        given = [given]
    if not isinstance(given, list) or not all(isinstance(i, str | int) for i in given):
        raise BadCall(f"参数 {name} 应当是文字的列表")
    return [str(item).strip() for item in given if str(item).strip()]


def _settled(name: str, item: str, store: Store, evidence: Mapping[str, Evidence]) -> str:
    if name == "periods":
        written = f"{item}年" if re.fullmatch(r"\d{4}", item) else item
        period = next((p.key for p in read_periods(fold(written)) if p.key and p.key[:4].isdigit()), None)
        if period is None:
            raise BadCall(f"读不懂年份“{item}”，请写成四位年份，如 2022")
        return period
    if name == "stages":
        found = item if item in stages() else next((s.id for s in stages_in(fold(item))), None)
        if found is None:
            raise BadCall(f"没有学段“{item}”，可用：{'、'.join(stages())}")
        return found
    if name == "roles":
        if item not in get_args(Role):
            raise BadCall(f"没有 roles“{item}”，可用：{'、'.join(get_args(Role))}")
        return item
    if name == "regions":
        return _region(item, store)
    return _identity(item, evidence)


def _region(item: str, store: Store) -> str:
    """Return the stored region that is meant; an unknown place stays, and the tool will say so."""
    held = {r.region: r.region_path for r in store.reports() if r.region and r.kind == "report"}
    if item in held:
        return item
    meant = [
        region
        for region, path in held.items()
        if item == "".join((*path, region)) or (item.endswith(region) and len(item) > len(region))
        or (len(item) >= 2 and region[:-1] == item)
    ]  # fmt: skip
    return meant[0] if len(meant) == 1 else item


def _identity(item: str, evidence: Mapping[str, Evidence]) -> str:
    match = _KEY.match(item)
    held = evidence.get(match[1]) if match else None
    return held.identity if held is not None and held.kind == "fact" else item
