"""The guards in front of every route."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from taskjuggler_app.api import security
from taskjuggler_app.api.security import OriginCheck, guarded, trusted_hosts

HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="


async def _page(request: Request) -> Response:
    return HTMLResponse("<p>hello")


async def _file(request: Request) -> Response:
    return PlainTextResponse("body{}", headers={"Cache-Control": "max-age=9"})


async def _take(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


_SITE = Starlette(
    routes=[
        Route("/", _page),
        Route("/app.css", _file),
        *(
            Route(path, _take, methods=["GET", "POST", "DELETE"])
            for path in ("/auth/x", "/files/x", "/webhooks/x", "/_event/", "/_upload", "/_uploadx/y")
        ),
    ]
)


def _ask(method: str, path: str, *, public_url: str = "http://127.0.0.1:8080", **request: Any) -> httpx.Response:
    app = guarded(_SITE, csp=security.csp([HASH]), public_url=public_url, limits={"/files": 5_000_000})

    async def scenario() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
            return await client.request(method, path, **request)

    return asyncio.run(scenario())


def test_every_answer_carries_the_security_headers() -> None:
    for answer in (_ask("GET", "/"), _ask("GET", "/nowhere"), _ask("POST", "/auth/x"), _ask("GET", "/_upload")):
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in headers


def test_the_policy_allows_our_own_scripts_by_hash_and_no_eval() -> None:
    policy = dict(
        part.split(" ", 1) for part in _ask("GET", "/").headers["Content-Security-Policy"].split("; ") if " " in part
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == f"'self' '{HASH}'"
    assert policy["connect-src"] == "'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080"
    assert "unsafe-eval" not in str(policy)


def test_what_is_no_page_carries_a_short_policy() -> None:
    policy = _ask("GET", "/app.css").headers["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'"


def test_under_https_browsers_are_told_to_stay_there() -> None:
    answer = _ask("GET", "/", public_url="https://work.example.com")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "ws://" not in answer.headers["Content-Security-Policy"].replace("wss://", "")


def test_pages_and_account_answers_are_not_cached_and_files_are() -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}
    assert _ask("GET", "/").headers["Cache-Control"] == "no-store"
    assert _ask("POST", "/auth/x", headers=ours).headers["Cache-Control"] == "no-store"
    assert _ask("GET", "/app.css").headers["Cache-Control"] == "max-age=9"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8080"}, 403),
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://127.0.0.1"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:8080.evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:8080@evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "file://"}, 403),
        ({"Origin": "http://127.0.0.1:99999"}, 403),
        ({"Origin": "http://localhost:9000", "Host": "localhost:9000"}, 200),
    ],
)
@pytest.mark.parametrize("path", ["/auth/x", "/files/x"])
def test_a_form_counts_only_from_our_own_pages(headers: dict[str, str], status: int, path: str) -> None:
    assert _ask("POST", path, headers=headers).status_code == status


def test_behind_a_proxy_the_public_address_is_ours_and_its_plain_http_twin_is_not() -> None:
    def post(origin: str) -> int:
        headers = {"Origin": origin, "Host": "work.example.com"}
        return _ask("POST", "/auth/x", public_url="https://work.example.com", headers=headers).status_code

    assert post("https://work.example.com") == 200
    assert post("http://work.example.com") == 403


def test_machines_with_their_own_proof_need_no_origin() -> None:
    assert _ask("POST", "/webhooks/x").status_code == 200
    assert _ask("GET", "/").status_code == 200


def test_the_sockets_path_wants_proof_for_every_method() -> None:
    assert _ask("GET", "/_event/").status_code == 403
    assert _ask("GET", "/_event/", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize("path", ["/_upload", "/_upload/", "/_uploadx/y", "/%5Fupload", "//_upload"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_the_frameworks_upload_route_is_closed(path: str, method: str) -> None:
    answer = _ask(method, f"http://127.0.0.1:8080{path}", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "127.0.0.1:8080@evil.example", "a/b"])
def test_a_host_that_is_not_ours_is_refused_and_not_repeated(host: str) -> None:
    answer = _ask("GET", "/", headers={"Host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:3000", "127.0.0.1:1", "[::1]:8080", "127.0.0.1:8080"])
def test_our_own_names_are_answered_on_any_port(host: str) -> None:
    assert _ask("GET", "/", headers={"Host": host}).status_code == 200


def test_listening_everywhere_does_not_make_every_name_ours() -> None:
    assert trusted_hosts("https://Work.Example.com/x", "0.0.0.0") == {  # noqa: S104  # a value, nothing is bound
        "work.example.com",
        "localhost",
        "127.0.0.1",
        "::1",
    }
    assert "192.168.1.5" in trusted_hosts("http://localhost:8080", "192.168.1.5")


def test_a_body_beyond_the_limit_is_refused_however_it_is_sent() -> None:
    ours = {"Sec-Fetch-Site": "same-origin"}

    async def pieces() -> Any:
        for _ in range(11):
            yield b"x" * 100_000

    assert _ask("POST", "/auth/x", headers=ours, content=b"x" * 1_000_000).status_code == 200
    assert _ask("POST", "/auth/x", headers=ours, content=b"x" * 1_000_001).status_code == 413
    assert _ask("POST", "/auth/x", headers=ours, content=pieces()).status_code == 413
    assert _ask("POST", "/files/x", headers=ours, content=pieces()).text == "1100000"
    assert _ask("POST", "/auth/x", headers={**ours, "Content-Length": "-1"}, content=b"x").status_code == 413


def _upgrade(headers: dict[str, str], path: str = "/_event/") -> str:
    """What becomes of a WebSocket handshake: "in", or the type of the message that refuses it."""
    outcome: list[str] = []

    async def inside(scope: Any, receive: Any, send: Any) -> None:
        outcome.append("in")

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        outcome.append(message["type"])

    public_url = "http://127.0.0.1:8080"
    check = OriginCheck(inside, public_url=public_url, hosts=trusted_hosts(public_url))
    raw = [(name.lower().encode(), value.encode()) for name, value in {"Host": "localhost:81", **headers}.items()]
    scope = {"type": "websocket", "path": path, "headers": raw}
    asyncio.run(check(scope, receive, send))
    return outcome[0]


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"Origin": "http://localhost:81"}, "in"),
        ({"Origin": "http://127.0.0.1:8080"}, "in"),
        ({"Origin": "http://evil.example"}, "websocket.close"),
        ({"Origin": "null"}, "websocket.close"),
        ({"Sec-Fetch-Site": "same-origin"}, "websocket.close"),
        ({}, "websocket.close"),
    ],
)
def test_a_socket_is_opened_only_from_our_own_pages(headers: dict[str, str], outcome: str) -> None:
    assert _upgrade(headers) == outcome
