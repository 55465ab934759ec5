"""The gate in front of everything served: access keys, size limit, and no calls from other sites."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "junheng_access"
OPEN_PATHS = ("/healthz",)
LOGIN_PATH = "/login"
MAX_FORM = 4096
"""Bytes that the login form may send."""

HEADERS = {
    # The page may load from and talk to this server only, whatever a document or a library wants.
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}


def error_response(status: int, code: str, message: str, hint: str = "") -> JSONResponse:
    """Return the error shape that every call has."""
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    if status == 503:
        headers["retry-after"] = "3"
    return JSONResponse({"error": {"code": code, "message": message, "hint": hint}}, status, headers)


class Gate:
    """ASGI middleware. Without ``keys`` all may enter, which is for a server on loopback."""

    def __init__(self, app: ASGIApp, *, keys: Sequence[str], max_upload_mb: int) -> None:
        self._app = app
        self._keys = tuple(key for key in keys if key)
        # a form has some text around its file
        self._limit = max_upload_mb * 1024 * 1024 + 64 * 1024
        self._max_upload_mb = max_upload_mb
        self._form = (Path(__file__).parent / "static" / "login.html").read_text(encoding="utf-8")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and self._keys:
            await send({"type": "websocket.close", "code": 1008})  # nothing here needs one
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        response = await self._refusal(scope, receive)
        if response is None:
            await self._app(scope, self._limited(receive), _with_headers(send))
        else:
            await response(scope, receive, _with_headers(send))

    async def _refusal(self, scope: Scope, receive: Receive) -> Response | None:
        headers = Headers(scope=scope)
        path = scope["path"]
        if path in OPEN_PATHS:
            return None
        # Browsers say so themselves when another web site makes them call us.
        if scope["method"] not in ("GET", "HEAD") and headers.get("sec-fetch-site") == "cross-site":
            return error_response(400, "cross_site", "不接受其他网站发起的请求。", "请在本系统的网页里操作。")
        if self._keys:
            if path == LOGIN_PATH and scope["method"] == "POST":
                return await self._login(Request(scope, receive))
            if not self._admitted(headers, path):
                if path in ("/", LOGIN_PATH) and "text/html" in headers.get("accept", ""):
                    return HTMLResponse(self._form.replace("{message}", ""), 401)
                return error_response(
                    401,
                    "unauthorized",
                    "需要访问密钥。",
                    "请在请求头写 Authorization: Bearer <密钥>。",
                )
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._limit:
            return error_response(413, "too_large", self._too_large(), "请拆分或压缩后再上传。")
        return None

    def _too_large(self) -> str:
        return f"上传的内容超过 {self._max_upload_mb} MB 的上限。"

    def _admitted(self, headers: Headers, path: str) -> bool:
        scheme, _, key = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._known(key.strip()):
            return True
        if path.startswith(("/api/", "/v1/")):
            return False  # the cookie opens the page; programs bring the key itself
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and any(_same(cookie.value, _token(known)) for known in self._keys)

    def _known(self, key: str) -> bool:
        return sum(_same(key, known) for known in self._keys) > 0  # all are compared: equal time

    async def _login(self, request: Request) -> Response:
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_FORM:
                return error_response(413, "too_large", "登录内容过长。")
        key = parse_qs(body.decode("utf-8", "replace")).get("key", [""])[0].strip()
        if not self._known(key):
            return HTMLResponse(self._form.replace("{message}", "密钥不正确，请重新输入。"), 401)
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, _token(key), httponly=True, samesite="strict", secure=secure)
        return response

    def _limited(self, receive: Receive) -> Receive:
        """Count what really arrives: a chunked body does not announce its length."""
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise HTTPException(413, self._too_large())
            return message

        return counted


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def _token(key: str) -> str:
    """Return what the cookie holds: derived from the key, so that it does not give the key away."""
    return hmac.new(key.encode("utf-8"), b"junheng page", hashlib.sha256).hexdigest()


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message["headers"]}
            extra = [
                (name.encode(), value.encode())
                for name, value in HEADERS.items()
                if name.encode() not in present
            ]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending
