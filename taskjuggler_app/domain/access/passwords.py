"""Passwords: argon2id in threads of its own, and the rules for choosing one.

Hashing takes tens of milliseconds and 64 MB on purpose, so it never runs on the event loop, in the database's
threads, or while a transaction is open.
"""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import Invalid

SHORTEST = 10
LONGEST = 200

# RFC 9106, section 4, second recommended option.
_hasher = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=65_536, parallelism=4),))
_threads = ThreadPoolExecutor(2, thread_name_prefix="argon2")

# Of the passwords seen most often in leaks, those long enough to pass the length rule.
_COMMON = frozenset(
    """
    0000000000 0123456789 0987654321 1111111111 1122334455 1234512345 123456789a 123456789q 1234567890
    12345678900 12345678910 123456789012 1234567891 1234qwerasdf 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc
    147258369 1472583690 3rjs1la7qe 741852963 789456123 9876543210 abc123456789 abcdefghij abcd123456
    administrator asdfghjkl1 asdfghjkl; asdfghjkl123 asdfasdfasdf changeme123 charlie123 chocolate1
    football123 iloveyou12 iloveyou123 jordan2323 letmein123 letmeinplease liverpool1 manchester
    michael123 mypassword p@ssw0rd123 passw0rd123 password00 password01 password10 password11 password12
    password123 password1234 password12345 password123456 passwordpassword princess123 q1w2e3r4t5
    q1w2e3r4t5y6 qazwsxedcrfv qwerty1234 qwerty12345 qwerty123456 qwertyqwerty qwertyuiop qwertyuiop1
    qwertyuiop123 qwertyuiop[] samsung123 sunshine123 superman123 taskjuggler taskjuggler1 welcome123
    welcome1234 zaq12wsxcde zxcvbnm123 zxcvbnm1234 zxcvbnmasdfghjkl
    """.split()  # noqa: SIM905  # a literal would take a line for each
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`ok`: the password is right. `new_hash`: set when the stored hash used older parameters."""

    ok: bool
    new_hash: str | None = None


async def hash_password(password: str) -> str:
    """The argon2id hash to store, in PHC string format."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))


async def verify_password(password: str, stored: str | None) -> Verdict:
    """Whether `password` belongs to the `stored` hash.

    With None (nobody has that address) a hash nobody knows the password of is verified instead: the same work is
    done, and the answer is no.
    """
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, _normal(password), stored)


def check_new_password(password: str, *, email: str = "", name: str = "") -> None:
    """Refuse a password that is too short, too long, or easy to guess. Raises Invalid for the field `password`."""
    plain = password.casefold().strip()
    about_the_person = {email.casefold(), email.casefold().partition("@")[0], name.casefold().strip()}
    if len(password) < SHORTEST:
        raise Invalid(f"Use at least {SHORTEST} characters.", "password")
    if len(password) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters.", "password")
    if plain in about_the_person:
        raise Invalid("Choose something other than your own name or address.", "password")
    if plain in _COMMON or len(set(plain)) < 4:
        raise Invalid("Too many people use that one, and it is guessed first. Choose another.", "password")


def _verify(password: str, stored: str | None) -> Verdict:
    guess = password if len(password) <= LONGEST else ""
    try:
        ok, new_hash = _hasher.verify_and_update(guess, stored or _nobodys_hash())
    except UnknownHashError:
        ok, new_hash = _hasher.verify_and_update(guess, _nobodys_hash())
    return Verdict(ok and stored is not None, new_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(crypto.token())


def _normal(password: str) -> str:
    """One form for one password, however the keyboard composes it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)
