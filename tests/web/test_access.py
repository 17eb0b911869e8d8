"""Who may ask: this machine by its own names, others with the token, changes from the page's own origin only."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.websockets import WebSocket

from karvan.web.access import COOKIE, HEADERS, LARGEST_BODY, Access, Token, hashed, new_token
from tests.web.asking import Client


def _client(token: Token | None = None, base: str = "http://127.0.0.1") -> Client:
    app = FastAPI()

    @app.get("/")
    async def read() -> str:
        return "read"

    @app.post("/")
    async def change() -> str:
        return "changed"

    @app.websocket("/socket")
    async def socket(given: WebSocket) -> None:
        await given.accept()
        await given.send_text("open")
        await given.close()

    return Client(Access(app, token), base)


def test_every_answer_carries_the_security_headers() -> None:
    found = _client().get("/").headers
    assert {name: found[name] for name in HEADERS} == HEADERS


def test_another_name_pointed_at_this_machine_is_refused() -> None:
    assert _client().get("/", headers={"host": "elsewhere.example"}).status_code == 421


def test_a_change_from_another_origin_is_refused_and_from_its_own_done() -> None:
    client = _client()
    assert client.post("/", headers={"origin": "http://elsewhere.example"}).status_code == 403
    assert client.post("/", headers={"origin": "null"}).status_code == 403
    assert client.post("/", headers={"origin": "http://127.0.0.1"}).status_code == 200


def test_a_socket_from_another_origin_is_closed() -> None:
    (refused,) = _client().open_socket("/socket", {"host": "127.0.0.1", "origin": "http://elsewhere.example"})
    assert refused["type"] == "websocket.close"
    opened = _client().open_socket("/socket", {"host": "127.0.0.1", "origin": "http://127.0.0.1"})
    assert [message["type"] for message in opened] == ["websocket.accept", "websocket.send", "websocket.close"]


def test_a_body_beyond_the_bound_is_refused_by_what_it_says_it_holds() -> None:
    large = {"content-length": str(LARGEST_BODY + 1)}
    assert _client().post("/", content=b"", headers=large).status_code == 413


def test_on_another_address_nothing_is_answered_without_the_token() -> None:
    secret, token = new_token()
    client = _client(token, "http://10.0.0.7:8080")
    assert client.get("/").status_code == 401
    assert client.get("/", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/", headers={"authorization": f"Bearer {secret}"}).status_code == 200


def test_the_token_in_an_address_becomes_a_cookie_that_no_script_reads() -> None:
    secret, token = new_token()
    told = _client(token, "http://10.0.0.7:8080").get(f"/?token={secret}&plan=abc")
    assert (told.status_code, told.headers["location"]) == (303, "/?plan=abc")
    cookie = told.headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_only_the_hash_of_a_token_is_kept() -> None:
    secret, token = new_token()
    assert secret.encode() not in token.digest
    assert token == Token(hashed(secret))
    assert token.matches(secret)
    assert not token.matches(secret[:-1])
