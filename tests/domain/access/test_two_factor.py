"""The second step: on with a code, off with a code, each code once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Invalid, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import accounts, sessions, totp, two_factor
from taskjuggler_app.domain.access.accounts import NewAccount
from taskjuggler_app.models.users import RecoveryCode, TwoFactor, User
from tests.domain.access.people import Jobs, SignIn

STEP = timedelta(seconds=totp.STEP)


def _set_up(session: Session, principal: Principal, now: datetime) -> tuple[str, list[str]]:
    """Turn it on: the secret and the recovery codes."""
    secret = two_factor.begin(session, principal).secret
    return secret, two_factor.confirm(session, principal, totp.code_at(secret, totp.step_of(now)), now)


def test_it_counts_only_once_the_app_has_shown_a_code(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    me = sign_in(ada)
    secret = two_factor.begin(session, me).secret
    assert not two_factor.is_on(session, ada.id)
    with pytest.raises(Invalid):
        two_factor.confirm(session, me, "000000" if totp.code_at(secret, totp.step_of(now)) != "000000" else "1", now)
    assert not two_factor.is_on(session, ada.id)
    codes = two_factor.confirm(session, me, totp.code_at(secret, totp.step_of(now)), now)
    assert two_factor.is_on(session, ada.id)
    assert len(set(codes)) == 10
    assert two_factor.status(session, me) == two_factor.Status(on=True, since=now, codes_left=10)
    with pytest.raises(Conflict):
        two_factor.begin(session, me)


def test_turning_it_on_signs_other_browsers_out_and_is_told(
    session: Session, ada: User, sign_in: SignIn, jobs: Jobs, now: datetime
) -> None:
    other, me = sign_in(ada), sign_in(ada)
    _set_up(session, me, now)
    assert sessions.resolve(session, other.session_id or "", now) is None
    assert sessions.resolve(session, me.session_id or "", now) is not None
    assert jobs("mail.send")[-1]["subject"] == "Two-factor sign-in is on"


def test_a_code_works_once_and_then_only_later_ones(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    secret, _ = _set_up(session, sign_in(ada), now)
    first, second = (totp.code_at(secret, totp.step_of(now) + ahead) for ahead in (0, 1))
    assert two_factor.take(session, ada.id, first, now) == ""  # it was used for turning it on
    assert two_factor.take(session, ada.id, f" {second[:3]} {second[3:]} ", now) == "totp"
    assert two_factor.take(session, ada.id, second, now + STEP) == ""
    assert two_factor.take(session, ada.id, totp.code_at(secret, totp.step_of(now) + 2), now + STEP) == "totp"


def test_a_recovery_code_works_once_however_it_is_typed(
    session: Session, ada: User, sign_in: SignIn, jobs: Jobs, now: datetime
) -> None:
    me = sign_in(ada)
    _, codes = _set_up(session, me, now)
    assert two_factor.take(session, ada.id, codes[3].upper().replace("-", " "), now) == "recovery"
    assert two_factor.take(session, ada.id, codes[3], now) == ""
    assert two_factor.status(session, me).codes_left == 9
    assert "9 are left" in jobs("mail.send")[-1]["text"]


def test_codes_of_one_person_are_nothing_for_another(
    session: Session, ada: User, bob: User, sign_in: SignIn, now: datetime
) -> None:
    _, adas = _set_up(session, sign_in(ada), now)
    _set_up(session, sign_in(bob), now)
    assert two_factor.take(session, bob.id, adas[0], now) == ""


def test_neither_the_secret_nor_the_codes_can_be_read_in_the_database(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    secret, codes = _set_up(session, sign_in(ada), now)
    dumped = session.exec(select(TwoFactor)).one().model_dump_json()
    dumped += "".join(row.model_dump_json() for row in session.exec(select(RecoveryCode)))
    assert secret not in dumped
    assert not [code for code in codes if code in dumped or code.replace("-", "") in dumped]


def test_new_recovery_codes_end_the_old_ones(session: Session, ada: User, sign_in: SignIn, now: datetime) -> None:
    me = sign_in(ada)
    secret, old = _set_up(session, me, now)
    with pytest.raises(Invalid):
        two_factor.renew_codes(session, me, "000000", now - timedelta(days=1))
    new = two_factor.renew_codes(session, me, totp.code_at(secret, totp.step_of(now) + 1), now)
    assert two_factor.take(session, ada.id, old[0], now) == ""
    assert two_factor.take(session, ada.id, new[0], now) == "recovery"


def test_turning_it_off_takes_a_code_and_forgets_everything(
    session: Session, ada: User, sign_in: SignIn, jobs: Jobs, now: datetime
) -> None:
    me = sign_in(ada)
    _, codes = _set_up(session, me, now)
    with pytest.raises(Invalid):
        two_factor.turn_off(session, me, "nonsense", now)
    two_factor.turn_off(session, me, codes[0], now)
    session.expire_all()
    assert not two_factor.is_on(session, ada.id)
    assert session.exec(select(RecoveryCode)).all() == []
    assert jobs("mail.send")[-1]["subject"] == "Two-factor sign-in is off"


def test_an_operator_opens_the_door_for_who_lost_everything(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    with pytest.raises(NotFound):
        two_factor.turn_off_for(session, ada.email)
    _set_up(session, sign_in(ada), now)
    two_factor.turn_off_for(session, ada.email)
    session.expire_all()
    assert not two_factor.is_on(session, ada.id)


@pytest.mark.parametrize("typed", ["", " ", "12345", "1234567", "é" * 10, "\x00", "'; DROP TABLE users; --", "١٢٣٤٥٦"])
def test_nonsense_is_wrong(session: Session, ada: User, sign_in: SignIn, now: datetime, typed: str) -> None:
    _set_up(session, sign_in(ada), now)
    assert two_factor.take(session, ada.id, typed, now) == ""


@pytest.fixture
def locked_person(database_url: str) -> Iterator[tuple[UUID, str, list[str]]]:
    """Somebody with the second step on, committed: id, secret, recovery codes."""
    now = clock.utcnow() - 10 * STEP
    with transaction() as session:
        user = accounts.create(session, NewAccount("Eve", "Shop", "eve@example.com", "Europe/Berlin"), "hash")
        new = sessions.create(session, user.id, ip="", user_agent="", now=now)
        principal = sessions.resolve(session, new.id, now)
        assert principal is not None
        secret, codes = _set_up(session, principal, now)
        found = (user.id, secret, codes)
    yield found
    with transaction() as session:
        session.execute(text("DELETE FROM procrastinate_jobs"))


def test_of_many_uses_of_one_code_at_the_same_moment_one_counts(locked_person: tuple[UUID, str, list[str]]) -> None:
    user_id, secret, codes = locked_person
    now = clock.utcnow()

    def use(code: str) -> str:
        with transaction() as session:
            return two_factor.take(session, user_id, code, now)

    for code, kind in ((totp.code_at(secret, totp.step_of(now)), "totp"), (codes[0], "recovery")):
        with ThreadPoolExecutor(6) as threads:
            taken = list(threads.map(use, [code] * 6))
        assert sorted(taken) == [""] * 5 + [kind]
