"""The suite's own guard: nothing leaves this machine, and nobody's settings leak in."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

OUTSIDE = "192.0.2.1"  # reserved for documentation, so nobody answers even if the guard were broken


@pytest.mark.parametrize("host", [OUTSIDE, "2001:db8::1", "example.invalid", b"example.invalid"])
def test_lookup_of_another_machine_is_refused(host: str | bytes, no_swallowed_attempts: list[str]) -> None:
    """Looking up any host but this one raises, and is remembered even if the exception is swallowed."""
    with pytest.raises(OSError, match="loopback only"):
        socket.getaddrinfo(host, 80)

    assert len(no_swallowed_attempts) == 1
    no_swallowed_attempts.clear()


@pytest.mark.parametrize("call", ["connect", "connect_ex"])
@pytest.mark.usefixtures("offline")
def test_connection_to_another_machine_is_refused(call: str) -> None:
    """A TCP connection to an outside address never starts."""
    with socket.socket() as client, pytest.raises(OSError, match="loopback only"):
        getattr(client, call)((OUTSIDE, 80))


@pytest.mark.usefixtures("offline")
def test_datagram_to_another_machine_is_refused() -> None:
    """A UDP datagram to an outside address is not sent."""
    with (
        socket.socket(type=socket.SOCK_DGRAM) as client,
        pytest.raises(OSError, match="loopback only"),
    ):
        client.sendto(b"x", (OUTSIDE, 53))


def test_swallowed_attempt_fails_the_test(pytester: pytest.Pytester) -> None:
    """A test whose callee hides the refusal fails all the same, with the address in its report."""
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text("utf-8"))
    pytester.makepyfile(
        f"""
        import contextlib, socket

        def test_hidden():
            with contextlib.suppress(Exception):
                socket.create_connection(("{OUTSIDE}", 80))
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*tried to leave this machine*{OUTSIDE}*"])


def test_loopback_works() -> None:
    """A server on loopback can be reached, from threads and from asyncio."""

    async def ask(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("localhost", port, family=socket.AF_INET)
        answer = await reader.read()
        writer.close()
        await writer.wait_closed()
        return answer

    def answer_once(server: socket.socket) -> None:
        peer, _ = server.accept()
        with peer:
            peer.sendall(b"here")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer_once, args=(server,))
        thread.start()
        received = asyncio.run(ask(server.getsockname()[1]))
        thread.join()

    assert received == b"here"


def test_settings_of_the_user_are_gone(tmp_path: Path) -> None:
    """Only JUNHENG_HOME is set, to a folder of this test that does not exist yet."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("JUNHENG_")}

    assert ours == {"JUNHENG_HOME": str(tmp_path / "home")}
    assert not (tmp_path / "home").exists()
