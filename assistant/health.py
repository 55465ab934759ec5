"""What ``junheng doctor`` tells: versions, model, store, endpoint, and what is degraded and why."""

from __future__ import annotations

import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from assistant.settings import Settings
from indexes.store import Store

if TYPE_CHECKING:
    from assistant.endpoint import Endpoint

_PACKAGES = ("junheng", "chromadb", "sentence-transformers", "torch", "onnxruntime", "langgraph", "gradio")


def examine(
    store: Store, settings: Settings, language: Callable[[], Endpoint | None]
) -> list[tuple[str, str, str]]:
    """Return (item, state, detail) lines; state is ok, degraded or off."""
    found = [("Python", "ok", platform.python_version())]
    for package in _PACKAGES:
        try:
            found.append((package, "ok", version(package)))
        except PackageNotFoundError:
            found.append((package, "degraded", "没有安装，请运行 make run 或 make test 补装"))
    reports, facts = store.reports(), store.facts()
    tables = sum(report.kind == "school_table" for report in reports)
    held = f"{len(reports) - tables}份报告，{len(facts)}个数据" + f"，{tables}份学校数据表" * bool(tables)
    found.append(("资料库", "ok", f"{store.home}：{held}"))
    unplaced = [r.title for r in reports if not r.region]
    if unplaced:
        found.append(
            (
                "地区",
                "degraded",
                f"{len(unplaced)}份资料没有识别出地区，可用 ingest --region 指定：{'、'.join(unplaced[:3])}",
            )
        )
    try:
        store.embedder.embed_query("自检")
        found.append(("向量模型", "ok", store.embedder.name))
    except Exception as error:
        found.append(("向量模型", "degraded", str(error)))
    found.append(("语言模型", *_endpoint(settings, language)))
    return found


def _endpoint(settings: Settings, language: Callable[[], Endpoint | None]) -> tuple[str, str]:
    """Probe the language model afresh, so that what is told holds now; also tell of a rest."""
    if not settings.uses_llm:
        return "off", "没有设置 JUNHENG_LLM_BASE_URL，使用内置规则（不需要网络）"
    where = f"{settings.llm_base_url} · {settings.llm_model}"
    from assistant.manners import SAID
    from assistant.streaming import trouble

    endpoint = language()
    if endpoint is None:
        return "degraded", f"{where}：设置不能用，将使用内置规则回答；请检查 JUNHENG_LLM_ 开头的各项设置"
    try:
        found = endpoint.probe()
        state, said = "ok", f"{SAID[found.manner]}（{found.manner}），探测用了{found.took:g}秒"
    except Exception as error:
        state, said = "degraded", f"{trouble(error)}，将使用内置规则回答"
    if rest := endpoint.rest():
        state, said = "degraded", f"{said}；先前{rest.why}，{rest.clock}以前不再询问"
    return state, f"{where}：{said}"
