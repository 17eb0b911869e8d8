"""Who may ask, from where, and what a browser may do with the answer: checks and headers around every request.

On this machine alone the address asked for must be a local one, so that no other name can be pointed here; on any
other address a token is needed, of which only a hash is kept. Whatever changes something, and every socket, must come
from the page's own origin. Bodies are bounded.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST_BODY = 1_000_000
COOKIE, QUERY = "karvan_token", "token"
_WEBSOCKET_REFUSED = 1008
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A secret of which only the hash is kept."""

    digest: bytes

    def matches(self, text: str) -> bool:
        """Whether a text is the secret; takes as long whatever it is."""
        return hmac.compare_digest(hashed(text), self.digest)


def hashed(text: str) -> bytes:
    """SHA-256 of a text."""
    return hashlib.sha256(text.encode()).digest()


def new_token() -> tuple[str, Token]:
    """A fresh secret, to be shown once, and what is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, Token(hashed(secret))


def is_local(host: str) -> bool:
    """Whether an address is this machine alone."""
    return host.strip("[]").lower() in LOCAL


class Access:
    """The checks and headers, around an application.

    Parameters
    ----------
    app
        What is guarded.
    token
        None: only this machine asks, and the host asked for must be local.
    """

    def __init__(self, app: ASGIApp, token: Token | None = None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse one request or socket."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope, headers)
        if refusal and scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _WEBSOCKET_REFUSED, "reason": refusal})
        elif refusal:
            await PlainTextResponse(refusal + "\n", _status(refusal))(scope, receive, _with_headers(send))
        elif scope["type"] == "http" and self._asked_with_token(scope):
            await self._welcome(scope)(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)

    def _refusal(self, scope: Scope, headers: Headers) -> str:
        """Why a request is not answered; empty where it is."""
        host = headers.get("host", "")
        if self.token is None and not is_local(urlsplit(f"//{host}").hostname or ""):
            return "421 this server answers to local names only"
        if self.token is not None and not self._known(scope, headers):
            return "401 open the address with the token that the server printed, or send it as a bearer token"
        changing = scope["type"] == "websocket" or scope["method"] not in ("GET", "HEAD", "OPTIONS")
        origin = headers.get("origin")
        if changing and origin is not None and urlsplit(origin).netloc != host:
            return "403 asked from another origin"
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:12]) > LARGEST_BODY:
            return f"413 a body of at most {LARGEST_BODY:,} bytes is read"
        if changing and scope["type"] == "http" and "transfer-encoding" in headers:
            return "411 say how long the body is"
        return ""

    def _known(self, scope: Scope, headers: Headers) -> bool:
        """Whether the request carries the token."""
        kind, _, bearer = headers.get("authorization", "").partition(" ")
        given = [bearer] if kind.lower() == "bearer" else []
        given += [value for value in (_cookie(headers), _in_query(scope)) if value]
        return self.token is not None and any(self.token.matches(text) for text in given)

    def _asked_with_token(self, scope: Scope) -> bool:
        """Whether a page was asked for with a token in its address."""
        return self.token is not None and scope["method"] == "GET" and bool(_in_query(scope))

    def _welcome(self, scope: Scope) -> RedirectResponse:
        """The same page without the token in its address; a cookie that no script reads carries it from now on."""
        others = {k: v for k, v in parse_qs(scope["query_string"].decode("latin-1")).items() if k != QUERY}
        query = urlencode(others, doseq=True)
        answer = RedirectResponse(scope["path"] + (f"?{query}" if query else ""), 303)
        answer.set_cookie(COOKIE, _in_query(scope), httponly=True, samesite="strict", secure=scope["scheme"] == "https")
        return answer


def _status(refusal: str) -> int:
    return int(refusal[:3])


def _in_query(scope: Scope) -> str:
    found: str = parse_qs(scope["query_string"].decode("latin-1")).get(QUERY, [""])[0]
    return found


def _cookie(headers: Headers) -> str:
    try:
        found: Any = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return str(found.value) if found is not None else ""


def _with_headers(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return told
