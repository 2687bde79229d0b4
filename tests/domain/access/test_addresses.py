"""One spelling for each address and number."""

import pytest

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access.addresses import normalise_email, normalise_phone


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Ada@Example.COM ", "ada@example.com"),
        ("o'brien+jobs@mail.example.co.uk", "o'brien+jobs@mail.example.co.uk"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ],
)
def test_an_address_has_one_spelling(typed: str, stored: str) -> None:
    assert normalise_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@localhost",
        "a b@example.com",
        "ada@exa mple.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada@example..com",
        ".ada@example.com",
        "<ada@example.com>",
        "ada@example.com,eve@example.com",
        "ada\0@example.com",
        "a" * 65 + "@example.com",
        "ada@" + "a." * 130 + "com",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise_email(typed)
    assert refusal.value.field == "email"


def test_a_phone_number_is_stored_in_e164() -> None:
    assert normalise_phone("(415) 555-2671") == "+14155552671"
    assert normalise_phone(" +49 30 901820 ") == "+4930901820"


@pytest.mark.parametrize("typed", ["", "call me", "+1 23", "+999 123456789"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        normalise_phone(typed)
    assert refusal.value.field == "phone"
