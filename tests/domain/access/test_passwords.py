"""Choosing and checking passwords."""

import asyncio

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access.passwords import check_new_password, hash_password, verify_password

GOOD = "correct horse battery"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 10"),
        ("x" * 201, "at most 200"),
        ("Ada@Example.com", "own name or address"),
        ("adalovelace", "own name or address"),
        ("ADA LOVELACE", "own name or address"),
        ("Password123", "guessed first"),
        ("1234567890", "guessed first"),
        ("abababababab", "guessed first"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_the_reason(password: str, reason: str) -> None:
    email = "adalovelace@example.com" if password == "adalovelace" else "ada@example.com"
    with pytest.raises(Invalid, match=reason) as refusal:
        check_new_password(password, email=email, name="Ada Lovelace")
    assert refusal.value.field == "password"


def test_an_ordinary_long_password_is_accepted() -> None:
    check_new_password(GOOD, email="ada@example.com", name="Ada")


def test_a_password_matches_its_own_hash_only() -> None:
    async def scenario() -> None:
        stored = await hash_password(GOOD)
        assert stored.startswith("$argon2id$")
        assert (await verify_password(GOOD, stored)).ok
        assert not (await verify_password(GOOD + "!", stored)).ok
        assert not (await verify_password(GOOD, None)).ok
        assert not (await verify_password(GOOD, "not a hash")).ok
        assert not (await verify_password("x" * 5_000, stored)).ok

    asyncio.run(scenario())


def test_the_same_letters_typed_composed_or_decomposed_are_one_password() -> None:
    async def scenario() -> None:
        assert (await verify_password("cafe\u0301 au lait", await hash_password("caf\u00e9 au lait"))).ok

    asyncio.run(scenario())


def test_a_hash_made_with_weaker_parameters_is_replaced_when_its_password_comes_by() -> None:
    async def scenario() -> None:
        weak = Argon2Hasher(time_cost=1, memory_cost=1024, parallelism=1).hash(GOOD)
        verdict = await verify_password(GOOD, weak)
        assert verdict.ok
        assert verdict.new_hash is not None
        again = await verify_password(GOOD, verdict.new_hash)
        assert again.ok
        assert again.new_hash is None

    asyncio.run(scenario())


def test_hashing_leaves_the_event_loop_free() -> None:
    async def scenario() -> int:
        hashing = asyncio.ensure_future(hash_password(GOOD))
        turns = 0
        while not hashing.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    assert asyncio.run(scenario()) > 3
