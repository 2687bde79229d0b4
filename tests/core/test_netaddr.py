"""Addresses that a stranger may not lead us to, in every disguise."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.core.netaddr import AddressRefused, Reach, check_url, is_public, literal, same_origin

OPEN = Reach()
LOCAL = Reach(local=True)

_CLOSED = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 192.0.2.1
192.88.99.1 198.18.0.1 ::1 :: fe80::1 fc00::1 fec0::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1
64:ff9b::7f00:1 64:ff9b:1::1 2002:7f00:1:: 2002:a00:1:: 2001:db8::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 240.0.0.1
"""
CLOSED = _CLOSED.split()

_REFUSED = """
http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://0x7f.1/ http://127.0.0.1./
http://[::1]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[64:ff9b::7f00:1]/ http://[fe80::1%25eth0]/
http://localhost/ http://LOCALHOST./ http://a.localhost/ http://metadata.google.internal/ http://169.254.169.254/latest
http://0/ http://0.0.0.0/ http://10.0.0.1:80/ http://example.com:22/ http://example.com:6379/ http://example.com:0/
http://example.com@127.0.0.1/ http://user:secret@example.com/ http://127.0.0.1:80@example.com/ http://example.com:99999/
file:///etc/passwd ftp://example.com/ gopher://example.com/ javascript:alert(1) data:text/html,x //example.com/
example.com http:/// http:// http://example.com\\@127.0.0.1/ http://256.256.256.256/ http://1.2.3.4.5/ http://%31%32%37.0.0.1/
"""
REFUSED = _REFUSED.split()


@pytest.mark.parametrize("address", CLOSED)
def test_a_closed_address_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(AddressRefused):
        OPEN.check_address(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url", [*REFUSED, "http://exa mple.com/", "http://example.com/\r\nHost: x", "http://exa\u200bmple.com"]
)
def test_a_disguised_url_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url, OPEN)


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://example.com:443/a?b#c", "http://xn--bcher-kva.example/", "http://8.8.8.8/"]
)
def test_an_ordinary_url_is_fine(url: str) -> None:
    assert check_url(url, OPEN).port in (80, 443)


def test_the_operators_setting_opens_this_machine_but_no_metadata() -> None:
    assert check_url("http://127.0.0.1:8123/", LOCAL).port == 8123
    assert check_url("http://localhost:3000/", LOCAL).host == "localhost"
    for url in (
        "http://169.254.169.254/",
        "http://[fe80::1]/",
        "http://[fd00:ec2::254]/",
        "http://0.0.0.0/",
        "file:///etc/passwd",
    ):
        with pytest.raises(AddressRefused):
            check_url(url, LOCAL)


@given(st.integers(0, 2**32 - 1))
def test_every_way_of_writing_an_address_is_the_same_address(value: int) -> None:
    address = IPv4Address(value)
    parts = str(address).split(".")
    octal = ".".join(f"0{int(part):o}" for part in parts)
    short = f"{parts[0]}.{value & 0xFFFFFF}"
    for written in (str(address), str(value), hex(value), octal, short, f"::ffff:{address}"):
        found = literal(written)
        assert found is not None
        assert is_public(found) == is_public(address)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    try:
        assert check_url(text, OPEN).host
    except AddressRefused as refusal:
        assert refusal.message.endswith(".")


def test_origins() -> None:
    assert same_origin("http://a.example/x", "http://A.example:80/y")
    assert not same_origin("http://a.example/", "https://a.example/")
