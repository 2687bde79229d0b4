"""What our cookies carry, and what is made of cookies that are not ours."""

from datetime import UTC, datetime, timedelta

import pytest

from taskjuggler_app.core import crypto
from taskjuggler_app.domain.access import cookies
from taskjuggler_app.domain.access.cookies import Flash, read_flash, session_hash_from_cookie, write_flash

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_session_is_found_among_other_cookies_by_the_hash_of_its_token() -> None:
    token = crypto.token()
    assert session_hash_from_cookie(f"a=b; tj_session={token}; c=d", False) == crypto.digest(token)


@pytest.mark.parametrize(
    "header", ["", "tj_session=", "tj_session=short", "other=x", "tj_session", ";;=", "tj_session=é"]
)
def test_no_session_token_is_no_session(header: str) -> None:
    assert session_hash_from_cookie(header, False) == ""


def test_under_https_only_the_cookie_bound_to_the_host_counts() -> None:
    token = crypto.token()
    assert session_hash_from_cookie(f"tj_session={token}", True) == ""
    assert session_hash_from_cookie(f"__Host-tj_session={token}", True) == crypto.digest(token)


def test_a_flash_message_comes_back_as_it_was_written() -> None:
    flash = Flash("/sign-in", error='Wrong "é"; one, two', field="password", kept={"email": "ada@example.com"})
    header = f"x=1; tj_flash={write_flash(flash, NOW)}"
    assert read_flash(header, NOW) == flash


def test_a_flash_message_is_gone_after_a_minute() -> None:
    header = f"tj_flash={write_flash(Flash('/sign-in', error='No.'), NOW)}"
    assert read_flash(header, NOW + timedelta(seconds=59)) is not None
    assert read_flash(header, NOW + timedelta(seconds=61)) is None


def test_a_flash_message_that_somebody_else_made_or_changed_is_ignored() -> None:
    value = write_flash(Flash("/sign-in", error="No."), NOW)
    data, _, signature = value.partition(".")
    for forged in (data, f"{data}.", f"{data}.{'0' * 64}", f"A{data[1:]}.{signature}", f".{signature}", "ü.ü", "."):
        assert read_flash(f"tj_flash={forged}", NOW) is None
    other_purpose = cookies.seal("pending", {"page": "/sign-in"}, NOW + timedelta(hours=1))
    assert read_flash(f"tj_flash={other_purpose}", NOW) is None


def test_long_typed_values_do_not_make_a_cookie_that_browsers_drop() -> None:
    for typed in ("é" * 5_000, '"' * 5_000, "\x01" * 5_000, "\U0001f600" * 5_000):
        kept = dict.fromkeys(("name", "business", "email", "timezone"), typed)
        assert len(write_flash(Flash("/sign-up", error="No." * 50, kept=kept), NOW)) < 4_000
