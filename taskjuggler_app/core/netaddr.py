"""Which addresses a URL that a stranger wrote may lead to: pure predicates, no resolving and no sockets.

The clients that dial (`adapters.safe_http`, `adapters.guard_proxy`) ask these for every connection: the URL first, then
each address that its host resolves to, and they dial the very address that was checked.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from taskjuggler_app.core.errors import Invalid

Address = IPv4Address | IPv6Address

WEB_PORTS = frozenset((80, 443))
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_NAT64 = IPv6Network("64:ff9b::/96")
_DENIED = tuple(
    ip_network(text)
    for text in (
        "192.88.99.0/24",  # 6to4 relays, RFC 7526
        "fec0::/10",  # site-local, RFC 3879
        "::/96",  # IPv4-compatible, RFC 4291
        "64:ff9b:1::/48",  # local NAT64, RFC 8215
        "2001::/32",  # Teredo, RFC 4380: carries an IPv4 address
    )
)
_METADATA = (ip_network("169.254.0.0/16"), ip_network("fe80::/10"), ip_network("fd00:ec2::254/128"))
_LOCAL_NAMES = ("localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback")


class AddressRefused(Invalid):
    """The address may not be visited; the message says why in a sentence."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a client may go. `local` lets it dial this machine and private networks on any port: an operator's
    setting for development and tests. Link-local and metadata addresses stay closed."""

    local: bool = False
    ports: frozenset[int] = WEB_PORTS

    def check_port(self, port: int) -> None:
        """AddressRefused unless the port may be dialled."""
        if not self.local and port not in self.ports:
            raise AddressRefused(f"Port {port} is not open to us: use an address on port 80 or 443.")

    def check_address(self, address: str | Address) -> None:
        """AddressRefused unless this resolved address may be dialled."""
        plain = unwrap(ip_address(address.split("%")[0]) if isinstance(address, str) else address)
        if is_public(plain) or (self.local and is_local(plain)):
            return
        raise AddressRefused("That address leads into a private network, so we do not open it.")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads, before its host is resolved."""

    scheme: str
    host: str
    port: int


def unwrap(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, 6to4, NAT64); else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: Address) -> bool:
    """Whether the address is one of the open internet: globally reachable, unicast, and no tunnel to elsewhere."""
    plain = unwrap(address)
    denied = any(plain in network for network in _DENIED if network.version == plain.version)
    return plain.is_global and not plain.is_multicast and not plain.is_reserved and not denied


def is_local(address: Address) -> bool:
    """Whether the address is of this machine or a private network, and not a link-local or metadata one."""
    plain = unwrap(address)
    if any(plain in network for network in _METADATA if network.version == plain.version):
        return False
    return plain.is_loopback or (plain.is_private and not plain.is_unspecified and not plain.is_reserved)


def literal(host: str) -> Address | None:
    """The address that a host is written as, None for a name.

    Reads what browsers and inet_aton read: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1, [::ffff:7f00:1].
    AddressRefused for a number that is no address.
    """
    bare = host.strip("[]").rstrip(".")
    if ":" in bare:
        try:
            return ip_address(bare.split("%")[0])
        except ValueError:
            raise AddressRefused("That is no address of a web site.") from None
    last = bare.rpartition(".")[2].lower()
    if not (last.isdecimal() or last.startswith("0x")):
        return None
    parts = bare.split(".")
    numbers = [_number(part) for part in parts]
    if len(parts) > 4 or any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(parts)):
        raise AddressRefused("That is no address of a web site.")
    value = numbers[-1] + sum(number << (8 * (3 - place)) for place, number in enumerate(numbers[:-1]))
    return IPv4Address(value)


def check_url(url: str, reach: Reach, schemes: frozenset[str] = frozenset(("http", "https"))) -> Target:
    """Where the URL leads. AddressRefused when its scheme, host or port is closed to us or hides another one."""
    if any(letter.isspace() or not letter.isprintable() or letter == "\\" for letter in url):
        raise AddressRefused("An address has no spaces, backslashes or invisible letters.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("That is no address of a web site.") from None
    if parts.scheme.lower() not in schemes:
        raise AddressRefused("Only addresses that start with http:// or https:// can be opened.")
    if "@" in parts.netloc:
        raise AddressRefused("Leave the name and password out of the address.")
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host:
        raise AddressRefused("That is no address of a web site.")
    port = _DEFAULT_PORTS[parts.scheme.lower()] if port is None else port
    reach.check_port(port)
    check_host(host, reach)
    return Target(parts.scheme.lower(), host, port)


def check_host(host: str, reach: Reach) -> None:
    """AddressRefused when the host is written as a closed address or names this machine."""
    if (address := literal(host)) is not None:
        reach.check_address(address)
    elif not reach.local and (host.lower() in _LOCAL_NAMES or host.lower().endswith((".localhost", ".internal"))):
        raise AddressRefused("That address leads into a private network, so we do not open it.")


def same_origin(left: str, right: str) -> bool:
    """Whether two URLs share scheme, host and port (RFC 6454)."""
    return origin(left) == origin(right)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL, the port filled in."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower().rstrip("."), parts.port or _DEFAULT_PORTS.get(scheme, 0)


def _number(part: str) -> int:
    try:
        if part.lower().startswith("0x"):
            return int(part[2:] or "0", 16)
        return int(part, 8) if len(part) > 1 and part.startswith("0") else int(part, 10)
    except ValueError:
        raise AddressRefused("That is no address of a web site.") from None
