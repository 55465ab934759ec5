"""Every module here that registers a ``@tool`` is found by being in this folder."""

from importlib import import_module
from pkgutil import iter_modules

from tools.evidence import Evidence
from tools.registry import TOOLS, BadCall, Tool

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["TOOLS", "BadCall", "Evidence", "Tool"]
