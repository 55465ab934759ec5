"""Serving: the page and the HTTP interface on one port, the page first, the service warmed behind it."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.faces.service import Configuration, Opening, Service
from corpus.errors import JunhengError

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE = 5
"""Seconds that open connections get when the server is told to stop; the page keeps one open."""


class ServeError(JunhengError):
    """The server cannot start as asked."""


def serve(
    open_service: Callable[[], Service],
    settings: Configuration,
    *,
    host: str,
    port: int,
    say: Callable[[str], None],
) -> int:
    """Serve until told to stop. Raises ``ServeError`` before anything heavy is loaded."""
    if not settings.api_keys and not is_loopback(host):
        raise ServeError(
            f"监听 {host} 会让其他机器也能访问，请先用环境变量 JUNHENG_API_KEYS 设置访问密钥，"
            "或改为 --host 127.0.0.1。"
        )
    listener = bind(host, port)
    try:
        import uvicorn

        app = build_app(Opening(open_service), settings)
        config = uvicorn.Config(
            app, log_level="warning", timeout_graceful_shutdown=GRACE, server_header=False
        )
        name = f"[{host}]" if ":" in host else host
        say(f"均衡问答：http://{name}:{listener.getsockname()[1]}（按 Ctrl-C 停止）")
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        say("已停止。")
    finally:
        listener.close()
    return 0


def build_app(opening: Opening, settings: Configuration, *, patience: float = 60.0) -> FastAPI:
    """Return the HTTP interface with the page mounted on it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read by gradio when it is imported
    from assistant.faces.api import build_api
    from assistant.faces.page import mount_page

    return mount_page(build_api(opening, settings, patience=patience), opening, settings)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; raises ``ServeError`` in a person's words."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ServeError(f"找不到地址 {host}，请检查 --host。") from error
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere this option would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise ServeError(
            f"无法在 {host}:{port} 上监听：端口已被占用或没有权限，请用 --port 换一个。"
        ) from error
    return listener
