"""Whether the app can listen where it is told to."""

import errno
import socket
from typing import NamedTuple

_TRIED = 100


class Trouble(NamedTuple):
    """Why the app cannot listen there; `other` is a port that is free, 0 if that would not help."""

    said: str
    other: int


def trouble(host: str, port: int) -> Trouble | None:
    """What is in the way of listening on the port, None if nothing is."""
    error = _bind(host, port)
    if error is None:
        return None
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return Trouble(f"HOST: {host} is no address of this machine", 0)
    others = range(max(port, 1023) + 1, 65536)[:_TRIED]
    free = next((other for other in others if _bind(host, other) is None), 0)
    if error.errno == errno.EACCES:
        return Trouble(f"PORT: this account may not listen on port {port}", free)
    if error.errno == errno.EADDRINUSE:
        return Trouble(f"port {port} is taken by another program", free)
    return Trouble(f"cannot listen on {host}, port {port}: {error.strerror}", 0)


def _bind(host: str, port: int) -> OSError | None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None
