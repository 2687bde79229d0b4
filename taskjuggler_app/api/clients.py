"""Where a request really comes from."""

import ipaddress

from starlette.requests import HTTPConnection


def client_address(request: HTTPConnection, trusted_proxies: int) -> str:
    """The visitor's IP address; "" when there is none, as over a Unix socket.

    Each of our own proxies appends the address it was called from to X-Forwarded-For, so with n of them the n-th
    entry from the right is the visitor; everything left of it is the visitor's own claim. With fewer entries the
    request went around the proxies, and the socket's address counts.
    """
    socket = request.client.host if request.client else ""
    if trusted_proxies < 1:
        return socket
    claims = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    if len(claims) < trusted_proxies:
        return socket
    return _address(claims[-trusted_proxies].strip()) or socket


def _address(text: str) -> str:
    """The address in `1.2.3.4`, `1.2.3.4:5`, `::1` or `[::1]:5`; "" for anything else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
