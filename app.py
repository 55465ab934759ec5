"""Puts the parts together: the command line over the real service and the settings of the environment."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.faces.command import run
from assistant.faces.printing import say

if TYPE_CHECKING:
    from assistant.faces.service import Service
    from assistant.settings import Settings


def configure(home: Path | None, empty: bool) -> Settings:
    """Return the environment's settings with what the command line says on top."""
    from assistant.settings import Settings

    settings = Settings.from_env()
    return replace(settings, home=home.expanduser() if home else settings.home, empty=empty or settings.empty)


def open_service(settings: Settings) -> Service:
    """Open the assistant that ``settings`` describe."""
    from assistant.service import open_service as open_home

    return open_home(settings.home, empty=settings.empty, settings=settings, notify=say)


def main() -> None:
    """Run the console script ``junheng``."""
    # Only single characters are asked for their sound; the table of phrases takes 0.3 s of every start.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    sys.exit(run(sys.argv[1:], configure=configure, open_service=open_service))


if __name__ == "__main__":
    main()
