"""The documents are true: their commands exist, their links lead somewhere, their lists are complete."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], key=lambda page: page.relative_to(ROOT).as_posix()
)
PROGRAM = ".venv/bin/junheng"

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
_MACHINE_PATH = re.compile(r"(?<![\w.~>/-])/(?:home|root|work|tmp|opt|Users|mnt|srv)/|\b[A-Z]:\\")


def blocks(page: Path, language: str) -> list[str]:
    return [body for kind, body in _BLOCK.findall(page.read_text("utf-8")) if kind == language]


def shell_lines(page: Path) -> list[str]:
    """Return the commands of a page's shell blocks, without comments."""
    lines = (line.strip() for body in blocks(page, "sh") for line in body.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def inline_commands(page: Path) -> list[str]:
    """Return the make and junheng commands that stand in running text."""
    text = _BLOCK.sub("", page.read_text("utf-8"))
    return [
        code for code in re.findall(r"`([^`\n]+)`", text) if re.match(rf"make |junheng |{PROGRAM} ", code)
    ]


@cache
def make_targets() -> frozenset[str]:
    return frozenset(_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


@cache
def help_of(*command: str) -> str:
    """Return what the program prints for ``command --help``; fails if there is no such command."""
    done = subprocess.run(
        [sys.executable, "app.py", *command, "--help"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"junheng {' '.join(command)} --help: {done.stderr}"
    return done.stdout


def check_make(words: list[str]) -> None:
    for word in words:
        if "=" not in word:
            assert word in make_targets(), f"no target {word!r} in the Makefile"


def check_junheng(words: list[str]) -> None:
    """Every option exists, and so does the command, which is the first word that is no option's value."""
    if not words:
        return
    while words[0] == "--home":
        words = words[2:]
    if words == ["--help"]:
        assert help_of()
        return
    known = help_of(words[0]) + help_of()
    for option in (word.partition("=")[0] for word in words if word.startswith("-")):
        assert re.search(rf"(?<![\w-]){re.escape(option)}(?![\w-])", known), f"{words[0]} has no {option}"


def check_command(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "make":
        check_make(words)
    elif program == "export":
        assert words[0].startswith("JUNHENG_"), line
    else:
        assert program in ("junheng", PROGRAM), f"{line!r} is neither make nor junheng"
        check_junheng(words)


@pytest.mark.parametrize("name", READMES)
def test_readme_is_short(name: str) -> None:
    """A README is read in a minute: below 5 kB; the rest is in docs."""
    assert len((ROOT / name).read_bytes()) < 5_000


@pytest.mark.parametrize("name", READMES)
def test_readme_gives_the_two_commands(name: str) -> None:
    """Starting and testing are one make command each."""
    lines = shell_lines(ROOT / name)

    assert "make run" in lines
    assert "make test" in lines


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_exists(page: Path) -> None:
    """Each shell line, and each command named in the text, is a make target or a junheng command."""
    for line in [*shell_lines(page), *inline_commands(page)]:
        check_command(line)


@pytest.mark.parametrize(
    "line", ["make nonsense", "junheng nonsense", f"{PROGRAM} ask --nonsense x", "pip install junheng"]
)
def test_command_that_does_not_exist_is_noticed(line: str) -> None:
    """The check above can fail."""
    with pytest.raises(AssertionError):
        check_command(line)


def test_both_readmes_name_the_same_commands() -> None:
    """The Chinese README is not behind the English one."""
    english, chinese = (ROOT / name for name in READMES)

    assert shell_lines(english) == shell_lines(chinese)
    assert set(inline_commands(english)) == set(inline_commands(chinese))
    assert blocks(english, "json") == blocks(chinese, "json")


def test_example_is_what_the_program_answers(tmp_path: Path) -> None:
    """The README's shortened answer is part of the answer that its question gets."""
    [example] = map(json.loads, blocks(ROOT / "README.md", "json"))
    question = next(shlex.split(line)[2] for line in shell_lines(ROOT / "README.md") if " ask " in line)
    done = subprocess.run(
        [sys.executable, "app.py", "--home", str(tmp_path), "ask", question, "--json"],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr

    assert holds(json.loads(done.stdout), example), done.stdout


def holds(whole: object, part: object) -> bool:
    """Tell whether ``part`` is ``whole`` with keys and list items left out."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and holds(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(any(holds(item, wanted) for item in whole) for wanted in part)
    return whole == part


def test_dependencies_page_names_every_dependency_with_its_licence() -> None:
    """docs/dependencies.md lists what pyproject.toml asks for, nothing else, each with a licence."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    expected = {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower() for line in asked}
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "|" in line
    ]
    listed = {row[0]: row[1] for row in rows if row[0] not in ("package", "---")}

    assert set(listed) == expected
    assert [
        name for name, licence in listed.items() if not re.search("MIT|BSD|Apache|MPL|PSF|EUPL|LGPL", licence)
    ] == []


def test_locks_hold_every_dependency() -> None:
    """What pyproject.toml asks for is pinned, once, to an exact version and to no source."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pinned: dict[str, list[str]] = {}
    for lock in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / lock).read_text("utf-8").splitlines()
        pins = [line for line in lines if not line.startswith("#")]
        assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)] == []
        pinned[lock] = [line.partition("==")[0] for line in pins]
    run, dev = pinned.values()

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[^\w.-]", line, maxsplit=1)[0].lower().replace("_", "-") for line in lines}

    assert names(project["dependencies"]) - set(run) == set()
    assert names(project["optional-dependencies"]["dev"]) - set(dev) - set(run) == set()
    assert set(run) & set(dev) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """A relative link names a file of the repository."""
    targets = [link.partition("#")[0] for link in _LINK.findall(_BLOCK.sub("", page.read_text("utf-8")))]
    missing = [
        target for target in targets if target and "://" not in target and not (page.parent / target).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_path_of_a_machine(page: Path) -> None:
    """A document names no folder of the machine it was written on."""
    assert _MACHINE_PATH.findall(page.read_text("utf-8")) == []
