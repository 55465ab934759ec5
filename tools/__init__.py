"""Every module here that registers a ``@tool`` is found by being in this folder.

They are looked for when the tools are first asked for: what only calculates (a check of a school table) starts
without the store and the dictionaries that answering questions needs.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.evidence import Evidence
    from tools.registry import TOOLS, BadCall, Tool

__all__ = ["TOOLS", "BadCall", "Evidence", "Tool"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tools import evidence, registry

    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    globals().update({each: getattr(registry, each) for each in ("TOOLS", "BadCall", "Tool")})
    globals()["Evidence"] = evidence.Evidence
    return globals()[name]
