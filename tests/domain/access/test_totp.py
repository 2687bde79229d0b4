"""Codes of an authenticator app, against the RFC's own vectors."""

import base64
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskjuggler_app.domain.access import totp

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOON = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_vectors_of_rfc_6238(seconds: int, code: str) -> None:
    assert totp.code_at(RFC_SECRET, seconds // totp.STEP) == code[-6:]


@given(st.integers(min_value=-95, max_value=95))
def test_a_phone_may_be_wrong_by_one_step_and_no_more(seconds: int) -> None:
    theirs = NOON + timedelta(seconds=seconds)
    code = totp.code_at(RFC_SECRET, totp.step_of(theirs))
    near = abs(totp.step_of(theirs) - totp.step_of(NOON)) <= 1
    assert (totp.matching_step(RFC_SECRET, code, NOON) is not None) is near


@given(st.integers(min_value=-1, max_value=1), st.integers(min_value=-2, max_value=2))
def test_a_step_that_was_used_and_every_one_before_it_count_no_more(typed: int, used: int) -> None:
    here = totp.step_of(NOON)
    found = totp.matching_step(RFC_SECRET, totp.code_at(RFC_SECRET, here + typed), NOON, after=here + used)
    assert found == (here + typed if typed > used else None)


@given(st.text(max_size=12))
def test_anything_may_be_typed(code: str) -> None:
    here = totp.step_of(NOON)
    right = {totp.code_at(RFC_SECRET, step) for step in (here - 1, here, here + 1)}
    assert (totp.matching_step(RFC_SECRET, code, NOON) is not None) is (code in right)


def test_the_qr_code_says_what_apps_read() -> None:
    address = urlsplit(totp.uri(RFC_SECRET, "ada+x@example.com"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path == "/TaskJuggler%3Aada%2Bx%40example.com"
    asked = parse_qs(address.query)
    assert asked == {"secret": [RFC_SECRET], "issuer": ["TaskJuggler"], "digits": ["6"], "period": ["30"]}


def test_secrets_are_long_and_differ() -> None:
    one, other = totp.new_secret(), totp.new_secret()
    assert one != other
    assert len(base64.b32decode(one)) == 20
