"""What holds for every test: no network beyond this machine, an own home, none of the user's settings.

The guard stands in front of Python's sockets. Child processes and compiled clients do not pass through
it, so the switches that keep the libraries themselves offline are set as well, for us and our children.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    # a shell's background job ignores interrupts and so would every program that a test starts and interrupts
    signal.signal(signal.SIGINT, signal.default_int_handler)

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "NO_PROXY": "*",  # a proxy on loopback would lead outside again
    "no_proxy": "*",
}

attempts: list[str] = []
"""Addresses refused since the running test began: a library may swallow the exception."""


class NetworkRefused(OSError):
    """A test, or what it called, wanted to leave this machine. To the caller it looks like no network."""


def is_local(host: object) -> bool:
    """Tell whether ``host``, a name or an address as given to the socket module, is this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if name in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(name).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_unless_local(what: str, host: object) -> None:
    if not is_local(host):
        attempts.append(f"{what} {host!r}")
        raise NetworkRefused(f"tests may reach loopback only, not {host!r} ({what})")


def guard_address(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a socket method whose last positional argument is the address."""

    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(arguments[-1], tuple):
            refuse_unless_local(method.__name__, arguments[-1][0])
        return method(self, *arguments)

    return guarded


def guard_lookup(function: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a name lookup whose first argument is the host."""

    def guarded(host: Any, *arguments: Any, **named: Any) -> Any:
        refuse_unless_local(function.__name__, host)
        return function(host, *arguments, **named)

    return guarded


def close_network() -> None:
    """Put the guard in place for the life of this process."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, guard_address(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        setattr(socket, name, guard_lookup(getattr(socket, name)))


def own_settings(name: str) -> bool:
    """Tell whether an environment variable is a setting of this project, a proxy, or a key of a model."""
    upper = name.upper()
    return upper.startswith(("JUNHENG_", "OPENAI_")) or upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


# On import, that is before any test module and what it imports is loaded.
for _name in filter(own_settings, list(os.environ)):
    del os.environ[_name]
os.environ.update(OFFLINE)
close_network()

# What takes long the first time (word lists, dictionaries) is no failure: speed is measured in benchmarks/.
settings.register_profile("junheng", deadline=None)
settings.load_profile("junheng")


@pytest.fixture(scope="session", autouse=True)
def home_of_the_session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Fixtures that live longer than one test do not see the user's home either."""
    home = tmp_path_factory.mktemp("session") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUNHENG_HOME", str(home))
        yield home


@pytest.fixture(autouse=True)
def home_of_the_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has its own JUNHENG_HOME (not created yet) and no other JUNHENG_ setting."""
    for name in filter(own_settings, list(os.environ)):
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    monkeypatch.setenv("JUNHENG_HOME", str(home))
    return home


@pytest.fixture(autouse=True)
def no_swallowed_attempts() -> Iterator[list[str]]:
    """Fail a test that tried to leave the machine even where a library hid the refusal."""
    attempts.clear()
    yield attempts
    if attempts:
        pytest.fail(f"tried to leave this machine: {', '.join(attempts)}")


@pytest.fixture
def offline(no_swallowed_attempts: list[str]) -> Iterator[None]:
    """For a test of how the program behaves when it cannot get out: here refusals are expected."""
    yield
    no_swallowed_attempts.clear()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real reports beside the checkout; tests that need it are skipped without it."""
    folder = (Path(__file__).parents[1] / ".." / "shared").resolve()
    if not folder.is_dir():
        pytest.skip("no folder of real reports (../shared) beside the checkout")
    return folder


@pytest.fixture(scope="session")
def embedding_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for the built embedding model, so that a test session builds it once."""
    return tmp_path_factory.mktemp("embedding")
