"""Asks an application without a network: one request at a time, each in an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp, Message


@dataclass(frozen=True)
class Client:
    """A browser's side of an application; a fault of the application is a fault of the test only where ``raises``."""

    app: ASGIApp
    address: str = "http://127.0.0.1"
    raises: bool = False

    def get(self, path: str, **asked: Any) -> httpx.Response:
        """Read something."""
        return self._ask("GET", path, asked)

    def post(self, path: str, **asked: Any) -> httpx.Response:
        """Change something."""
        return self._ask("POST", path, asked)

    def _ask(self, method: str, path: str, asked: Mapping[str, Any]) -> httpx.Response:
        async def answered() -> httpx.Response:
            way = httpx.ASGITransport(app=self.app, raise_app_exceptions=self.raises)
            async with httpx.AsyncClient(transport=way, base_url=self.address) as client:
                return await client.request(method, path, **asked)

        return asyncio.run(answered())

    def open_socket(self, path: str, headers: Mapping[str, str]) -> list[Message]:
        """What the application says to a socket that is opened and says nothing."""
        said: list[Message] = []
        given = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": path, "headers": given, "query_string": b"", "subprotocols": []}

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            said.append(message)

        async def opened() -> None:
            await self.app(scope, receive, send)

        asyncio.run(opened())
        return said
