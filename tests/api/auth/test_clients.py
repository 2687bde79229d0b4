"""Where a request comes from, with and without proxies of ours."""

import pytest
from starlette.requests import HTTPConnection

from taskjuggler_app.api.clients import client_address


def _seen(trusted_proxies: int, *forwarded: str) -> str:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    scope = {"type": "http", "headers": headers, "client": ("10.0.0.1", 5000)}
    return client_address(HTTPConnection(scope), trusted_proxies)


def test_without_proxies_a_claimed_address_is_not_believed() -> None:
    assert _seen(0, "198.51.100.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (1, ["198.51.100.1"], "198.51.100.1"),
        (1, ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),
        (1, ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),
        (2, ["203.0.113.9, 198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        (2, ["198.51.100.1"], "10.0.0.1"),
        (1, [], "10.0.0.1"),
        (1, ["198.51.100.1:4711"], "198.51.100.1"),
        (1, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (1, ["2001:db8::1"], "2001:db8::1"),
        (1, ["<script>"], "10.0.0.1"),
    ],
)
def test_the_entry_of_our_outermost_proxy_counts(proxies: int, forwarded: list[str], address: str) -> None:
    assert _seen(proxies, *forwarded) == address
