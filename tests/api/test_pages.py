"""Pages are answered at the address that people write."""

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from taskjuggler_app.api.caching import AsWritten

APP = Starlette(routes=[Route("/{path:path}", lambda request: PlainTextResponse(request.url.path))])


def test_a_built_page_needs_no_second_request_and_other_addresses_are_left_alone() -> None:
    client = TestClient(AsWritten(APP, frozenset({"/tasks", "/tasks/board"})), follow_redirects=False)
    asked = ("/tasks", "/tasks/", "/tasks/board?state=done", "/tasks/1", "/assets/app.js")
    assert [client.get(path).text for path in asked] == [
        "/tasks/",
        "/tasks/",
        "/tasks/board/",
        "/tasks/1",
        "/assets/app.js",
    ]
