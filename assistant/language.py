"""The language model of the settings, made when it is first wanted and kept as long as the service."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.breaker import Memory
    from assistant.endpoint import Endpoint

log = logging.getLogger(__name__)


class Language:
    """``problem`` says in Chinese why there is none although the settings name one."""

    def __init__(self, settings: Settings, memory: Memory) -> None:
        self.problem: str | None = None
        self._settings = settings
        self._memory = memory
        self._made: Endpoint | None = None

    def endpoint(self) -> Endpoint | None:
        """Return the endpoint, None without one in the settings or when none can be made of them."""
        if self._made is None and self._settings.uses_llm:
            try:
                from assistant.endpoint import endpoint_of

                self._made = endpoint_of(self._settings, self._memory)
                self.problem = None
            except Exception as error:
                log.warning("the language model cannot be used", exc_info=error)
                self.problem = f"语言模型的设置不能用（{type(error).__name__}），本答案由内置规则给出"
        return self._made

    def get_to_know(self) -> None:
        """Find out beforehand, in a thread of its own, how the model is asked: a dead endpoint keeps nobody waiting."""
        if self._made is not None:
            threading.Thread(target=self._probe, name="probe", daemon=True).start()

    def _probe(self) -> None:
        try:
            if self._made is not None and self._made.rest() is None:
                self._made.manner()
        except Exception as error:  # whoever asks a question is told
            log.debug("the probe failed", exc_info=error)
