"""Codes that prove a mailbox or a phone."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Conflict, Invalid, LimitReached
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.access import profile, verification
from taskjuggler_app.models.users import User, VerificationChannel, VerificationCode
from tests.domain.access.people import Jobs, SignIn

PHONE = VerificationChannel.PHONE


@pytest.fixture
def principal(session: Session, ada: User, sign_in: SignIn) -> Principal:
    """Ada, with a phone number that is not proved yet."""
    who = sign_in(ada)
    profile.update(session, who, phone="+14155552671")
    return who


def _texted_code(jobs: Jobs) -> str:
    found = re.search(r"\b\d{6}\b", jobs("sms.send")[-1]["body"])
    assert found is not None
    return found[0]


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_texted_code_proves_the_phone(
    session: Session, principal: Principal, ada: User, jobs: Jobs, now: datetime
) -> None:
    verification.request(session, principal, PHONE, now)
    assert jobs("sms.send")[-1]["to"] == "+14155552671"
    code = _texted_code(jobs)
    assert verification.confirm(session, principal, PHONE, f" {code[:3]} {code[3:]} ", now)
    assert ada.phone_verified_at == now
    assert not verification.confirm(session, principal, PHONE, code, now)
    with pytest.raises(Conflict):
        verification.request(session, principal, PHONE, now)


def test_a_code_allows_five_tries(session: Session, principal: Principal, jobs: Jobs, now: datetime) -> None:
    verification.request(session, principal, PHONE, now)
    code = _texted_code(jobs)
    for _ in range(verification.MOST_ATTEMPTS):
        assert not verification.confirm(session, principal, PHONE, _another(code), now)
    assert not verification.confirm(session, principal, PHONE, code, now)


def test_a_code_is_good_for_fifteen_minutes(session: Session, principal: Principal, jobs: Jobs, now: datetime) -> None:
    verification.request(session, principal, PHONE, now)
    assert not verification.confirm(session, principal, PHONE, _texted_code(jobs), now + verification.LASTS)


def test_only_the_newest_code_counts(session: Session, principal: Principal, jobs: Jobs, now: datetime) -> None:
    verification.request(session, principal, PHONE, now)
    older = _texted_code(jobs)
    later = now + timedelta(minutes=2)
    verification.request(session, principal, PHONE, later)
    assert older == _texted_code(jobs) or not verification.confirm(session, principal, PHONE, older, later)
    assert verification.confirm(session, principal, PHONE, _texted_code(jobs), later)


def test_codes_cannot_be_asked_for_in_a_row(session: Session, principal: Principal, now: datetime) -> None:
    verification.request(session, principal, PHONE, now)
    with pytest.raises(LimitReached) as refusal:
        verification.request(session, principal, PHONE, now + timedelta(seconds=30))
    assert refusal.value.retry_after is not None
    assert 29 <= refusal.value.retry_after <= 31
    for minute in range(1, verification.MOST_AN_HOUR):
        verification.request(session, principal, PHONE, now + timedelta(minutes=2 * minute))
    with pytest.raises(LimitReached):
        verification.request(session, principal, PHONE, now + timedelta(minutes=30))


def test_a_code_for_one_number_does_not_prove_another(
    session: Session, principal: Principal, jobs: Jobs, now: datetime
) -> None:
    verification.request(session, principal, PHONE, now)
    profile.update(session, principal, phone="+14155550000")
    assert not verification.confirm(session, principal, PHONE, _texted_code(jobs), now)


def test_the_code_is_not_stored_readably(session: Session, principal: Principal, jobs: Jobs, now: datetime) -> None:
    verification.request(session, principal, PHONE, now)
    row = session.exec(select(VerificationCode)).one()
    assert _texted_code(jobs) not in row.code_hash
    assert len(row.code_hash) == 64


def test_without_a_number_there_is_nothing_to_prove(session: Session, principal: Principal, now: datetime) -> None:
    profile.update(session, principal, phone="")
    with pytest.raises(Invalid) as refusal:
        verification.request(session, principal, PHONE, now)
    assert refusal.value.field == "phone"
