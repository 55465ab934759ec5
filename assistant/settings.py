"""All settings, read once from the environment and passed down (contract section 6)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import JunhengError


class SettingsError(JunhengError):
    """An environment variable cannot be used; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Settings:
    home: Path = Path("~/.junheng")
    empty: bool = False
    llm_base_url: str | None = None
    llm_model: str | None = None
    llm_api_key: str | None = None
    llm_timeout: float = 20.0
    """Seconds that an endpoint may be silent."""
    embedding_model: str | None = None
    chroma_url: str | None = None
    api_keys: tuple[str, ...] = ()
    users: str | None = None
    max_upload_mb: int = 20
    max_conversations: int = 5000
    """Conversations that are kept of each owner; 0 keeps none."""
    log_unanswered: bool = True

    @property
    def uses_llm(self) -> bool:
        return bool(self.llm_base_url)

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings of ``environment`` (the process's by default); raise SettingsError."""
        env = os.environ if environment is None else environment

        def text(name: str) -> str | None:
            return (env.get(f"JUNHENG_{name}") or "").strip() or None

        limit = text("MAX_UPLOAD_MB") or "20"
        if not limit.isdecimal() or not 0 < int(limit) <= 2000:
            raise SettingsError(
                f"环境变量 JUNHENG_MAX_UPLOAD_MB 的值“{limit}”不是 1 到 2000 的整数，请改正后再启动"
            )
        silence = text("LLM_TIMEOUT") or "20"
        if not silence.isdecimal() or not 0 < int(silence) <= 600:
            raise SettingsError(
                f"环境变量 JUNHENG_LLM_TIMEOUT 的值“{silence}”不是 1 到 600 的整数（秒），请改正后再启动"
            )
        most = text("MAX_CONVERSATIONS") or "5000"
        if not most.isdecimal() or int(most) > 1_000_000:
            raise SettingsError(
                f"环境变量 JUNHENG_MAX_CONVERSATIONS 的值“{most}”不是 0 到 1000000 的整数，请改正后再启动"
            )
        base_url, model = text("LLM_BASE_URL"), text("LLM_MODEL")
        if base_url and not model:
            raise SettingsError("设置了 JUNHENG_LLM_BASE_URL 却没有 JUNHENG_LLM_MODEL，请写明模型名称")
        return cls(
            home=Path(text("HOME") or "~/.junheng").expanduser(),
            empty=text("EMPTY") in ("1", "true", "yes"),
            llm_base_url=base_url,
            llm_model=model,
            llm_api_key=text("LLM_API_KEY"),
            llm_timeout=float(silence),
            embedding_model=text("EMBEDDING_MODEL"),
            chroma_url=text("CHROMA_URL"),
            api_keys=tuple(key.strip() for key in (text("API_KEYS") or "").split(",") if key.strip()),
            users=text("USERS"),
            max_upload_mb=int(limit),
            max_conversations=int(most),
            log_unanswered=(text("LOG_UNANSWERED") or "1").lower() not in ("0", "false", "no", "off"),
        )
