"""Forgotten passwords."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import resets, sessions
from taskjuggler_app.models.users import PasswordResetToken, User
from tests.domain.access.people import Jobs, SignIn


def _mailed_token(jobs: Jobs) -> str:
    found = re.search(r"/reset\?token=(\S+)", jobs("mail.send")[-1]["text"])
    assert found is not None
    return found[1]


def test_a_link_sets_a_new_password_and_ends_every_session(
    session: Session, ada: User, sign_in: SignIn, jobs: Jobs, now: datetime
) -> None:
    before = sign_in(ada).session_id or ""
    resets.forgot(session, ada.email, now)
    owner = resets.reset(session, _mailed_token(jobs), "new hash", now + timedelta(minutes=59))
    session.refresh(ada)
    assert (owner.email, ada.password) == (ada.email, "new hash")
    assert sessions.resolve(session, before, now) is None
    assert "changed" in jobs("mail.send")[-1]["subject"]


def test_a_link_works_once(session: Session, ada: User, jobs: Jobs, now: datetime) -> None:
    resets.forgot(session, ada.email, now)
    token = _mailed_token(jobs)
    assert resets.owner_of(session, token, now).email == ada.email
    resets.reset(session, token, "first", now)
    with pytest.raises(Invalid):
        resets.reset(session, token, "second", now)
    session.refresh(ada)
    assert ada.password == "first"


def test_a_link_is_good_for_an_hour(session: Session, ada: User, jobs: Jobs, now: datetime) -> None:
    resets.forgot(session, ada.email, now)
    token, late = _mailed_token(jobs), now + timedelta(minutes=60)
    with pytest.raises(Invalid):
        resets.owner_of(session, token, late)
    with pytest.raises(Invalid):
        resets.reset(session, token, "new hash", late)


def test_a_newer_link_makes_the_older_one_useless(session: Session, ada: User, jobs: Jobs, now: datetime) -> None:
    resets.forgot(session, ada.email, now)
    older = _mailed_token(jobs)
    resets.forgot(session, ada.email, now)
    with pytest.raises(Invalid):
        resets.reset(session, older, "new hash", now)
    resets.reset(session, _mailed_token(jobs), "new hash", now)


def test_the_token_is_hashed_at_rest(session: Session, ada: User, jobs: Jobs, now: datetime) -> None:
    resets.forgot(session, ada.email, now)
    row = session.exec(select(PasswordResetToken)).one()
    assert row.token != _mailed_token(jobs)
    assert len(row.token) == 64


def test_an_unknown_address_gets_no_mail(session: Session, jobs: Jobs, now: datetime) -> None:
    resets.forgot(session, "nobody@example.com", now)
    assert jobs("mail.send") == []


def test_a_reset_proves_the_address(session: Session, ada: User, jobs: Jobs, now: datetime) -> None:
    ada.email_verified_at = None
    session.add(ada)
    session.flush()
    resets.forgot(session, ada.email, now)
    resets.reset(session, _mailed_token(jobs), "new hash", now)
    session.refresh(ada)
    assert ada.email_verified_at is not None


@pytest.mark.parametrize("token", ["", "x", "é", "' OR true --"])
def test_a_made_up_link_is_refused(session: Session, ada: User, now: datetime, token: str) -> None:
    resets.forgot(session, ada.email, now)
    with pytest.raises(Invalid):
        resets.reset(session, token, "new hash", now)
