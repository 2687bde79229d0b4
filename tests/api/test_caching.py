"""How long a browser may keep a static file."""

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from taskjuggler_app.api.caching import CacheControl

FOREVER = "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("address", "policy"),
    [
        ("/js/app.js?v=abc", FOREVER),
        ("/js/app.js?v=def", "no-cache"),  # another version's address: this process has other scripts
        ("/js/app.js", "no-cache"),
        ("/assets/entry-1a2b.js", FOREVER),
        ("/tasks", None),
    ],
)
def test_what_cannot_change_is_kept_for_good(address: str, policy: str | None) -> None:
    client = TestClient(CacheControl(PlainTextResponse("//"), "abc"))
    assert client.get(address).headers.get("cache-control") == policy
