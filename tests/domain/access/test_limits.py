"""Attempts per account and per network."""

from collections.abc import Iterator

import pytest

from taskjuggler_app.core.errors import LimitReached
from taskjuggler_app.domain.access import limits


@pytest.fixture(autouse=True)
def _fresh_counts() -> Iterator[None]:
    limits.forget_everything()
    yield
    limits.forget_everything()


def _use_up(limit: limits.Limit, account: str) -> None:
    for nth in range(limit.per_account.amount):
        limits.count(limit, account=account, ip=f"192.0.2.{nth}")


def test_an_account_has_a_number_of_attempts_whatever_network_they_come_from() -> None:
    _use_up(limits.SIGN_IN, "ada@example.com")
    with pytest.raises(LimitReached) as refusal:
        limits.count(limits.SIGN_IN, account="ada@example.com", ip="198.51.100.7")
    assert refusal.value.retry_after is not None
    assert 0 < refusal.value.retry_after <= 15 * 60
    limits.count(limits.SIGN_IN, account="bob@example.com", ip="198.51.100.7")


def test_a_network_has_a_number_of_attempts_whatever_accounts_they_are_for() -> None:
    for nth in range(limits.SIGN_IN.per_ip.amount):
        limits.count(limits.SIGN_IN, account=f"{nth}@example.com", ip="192.0.2.1")
    with pytest.raises(LimitReached):
        limits.count(limits.SIGN_IN, account="new@example.com", ip="192.0.2.1")


def test_the_addresses_of_one_ipv6_network_count_together() -> None:
    for nth in range(limits.SIGN_IN.per_ip.amount):
        limits.count(limits.SIGN_IN, account=f"{nth}@example.com", ip=f"2001:db8::{nth:x}")
    with pytest.raises(LimitReached):
        limits.count(limits.SIGN_IN, account="new@example.com", ip="2001:db8::ffff")
    assert limits.network_of("2001:db8::1") == limits.network_of("2001:db8::ffff:1")
    assert limits.network_of("2001:db8::1") != limits.network_of("2001:db8:0:1::1")
    assert limits.network_of("::ffff:192.0.2.1") == "192.0.2.1"


def test_successes_are_not_counted_as_guesses() -> None:
    for _ in range(3 * limits.SIGN_IN.per_account.amount):
        limits.count(limits.SIGN_IN, account="ada@example.com", ip="192.0.2.1")
        limits.give_back(limits.SIGN_IN, account="ada@example.com", ip="192.0.2.1")


def test_an_owner_who_proved_themselves_can_sign_in_during_an_attack() -> None:
    _use_up(limits.SIGN_IN, "ada@example.com")
    limits.clear(limits.SIGN_IN, account="ada@example.com")
    limits.count(limits.SIGN_IN, account="ada@example.com", ip="192.0.2.1")


def test_limits_of_different_forms_are_apart() -> None:
    _use_up(limits.RESET, "ada@example.com")
    limits.count(limits.SIGN_IN, account="ada@example.com", ip="192.0.2.1")
