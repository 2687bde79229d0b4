"""Resolve once, check every address, and say which one to dial: what our HTTP client and our proxy share."""

import asyncio
import socket
from collections.abc import Iterable
from typing import Any

from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_host


def address_of(host: str, port: int, reach: Reach) -> str:
    """The checked address to dial for a host. AddressRefused if any of its addresses is closed; OSError if unknown."""
    check_host(host, reach)
    reach.check_port(port)
    return _checked(host, socket.getaddrinfo(_bare(host), port, type=socket.SOCK_STREAM), reach)


async def address_of_async(host: str, port: int, reach: Reach) -> str:
    """`address_of` without blocking the loop."""
    check_host(host, reach)
    reach.check_port(port)
    found = await asyncio.get_running_loop().getaddrinfo(_bare(host), port, type=socket.SOCK_STREAM)
    return _checked(host, found, reach)


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".")


def _checked(host: str, found: Iterable[tuple[Any, ...]], reach: Reach) -> str:
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise AddressRefused(f"{host} has no address.")
    for address in addresses:
        reach.check_address(address)
    return next((address for address in addresses if ":" not in address), addresses[0])
