"""Signing up, proving the address, signing in, changing the password."""

import re
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, func, select

from taskjuggler_app.core.errors import Invalid
from taskjuggler_app.domain.access import accounts, resets, sessions
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import Profile, User
from tests.domain.access.people import Jobs, SignIn

FORM = accounts.NewAccount("Cleo", "Cleo's Plumbing", "cleo@example.com", "Europe/Paris")


def _mailed_code(jobs: Jobs) -> str:
    found = re.search(r"\b\d{6}\b", jobs("mail.send")[-1]["text"])
    assert found is not None
    return found[0]


def test_signing_up_makes_a_person_with_a_profile_and_a_workspace_of_their_own(session: Session, now: datetime) -> None:
    accounts.sign_up(session, FORM, "hash", "attempt", now)
    user = session.exec(select(User).where(User.email == FORM.email)).one()
    assert (user.name, user.timezone, user.email_verified_at) == ("Cleo", "Europe/Paris", None)
    assert session.exec(select(Profile.display_name).where(Profile.user_id == user.id)).one() == "Cleo"
    team = session.get_one(Team, user.current_team_id)
    assert (team.name, team.created_by) == ("Cleo's Plumbing", user.id)
    assert session.exec(select(TeamMember.is_admin).where(TeamMember.team_id == team.id)).one() is True


def test_nobody_signs_in_before_the_address_is_proved(session: Session, jobs: Jobs, now: datetime) -> None:
    accounts.sign_up(session, FORM, "hash", "attempt", now)
    assert accounts.credentials(session, FORM.email) is None
    assert accounts.finish_sign_up(session, FORM.email, "attempt", _mailed_code(jobs), now) is not None
    who = accounts.credentials(session, FORM.email)
    assert who is not None
    assert who.password_hash == "hash"


def test_the_code_counts_only_in_the_browser_that_signed_up(session: Session, jobs: Jobs, now: datetime) -> None:
    """Else somebody could sign up with another's address, and the owner's code would approve the password."""
    accounts.sign_up(session, FORM, "attacker's hash", "attacker's attempt", now)
    accounts.sign_up(session, FORM, "owner's hash", "owner's attempt", now + timedelta(seconds=1))
    code = _mailed_code(jobs)
    later = now + timedelta(seconds=2)
    assert accounts.finish_sign_up(session, FORM.email, "attacker's attempt", code, later) is None
    who = accounts.finish_sign_up(session, FORM.email, "owner's attempt", code, later)
    assert who is not None
    assert who.password_hash == "owner's hash"


def test_signing_up_with_a_taken_address_changes_nothing_and_tells_its_owner(
    session: Session, ada: User, jobs: Jobs, now: datetime
) -> None:
    before = ada.model_dump()
    form = accounts.NewAccount("Eve", "Eve Inc", ada.email, "UTC")
    accounts.sign_up(session, form, "eve's hash", "attempt", now)
    session.refresh(ada)
    assert ada.model_dump() == before
    [mail] = jobs("mail.send")
    assert mail["to"] == ada.email
    assert "already" in mail["subject"]
    assert not re.search(r"\b\d{6}\b", mail["text"])


def test_the_form_is_checked_and_brought_to_one_spelling() -> None:
    form = accounts.checked("  Cleo \n Smith ", "", "CLEO@Example.com", "")
    assert form == accounts.NewAccount("Cleo Smith", "Cleo Smith's business", "cleo@example.com", accounts.DEFAULT_ZONE)
    for values, field in [
        ((" ", "", "cleo@example.com", ""), "name"),
        (("Cleo", "x" * 256, "cleo@example.com", ""), "business"),
        (("Cleo", "", "cleo", ""), "email"),
        (("Cleo", "", "cleo@example.com", "Mars/Olympus"), "timezone"),
    ]:
        with pytest.raises(Invalid) as refusal:
            accounts.checked(*values)
        assert refusal.value.field == field


def test_signing_in_ends_the_session_that_browser_had(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    before = sign_in(ada).session_id or ""
    who = accounts.credentials(session, ada.email)
    assert who is not None
    new = accounts.sign_in(session, who, replaces=before, ip="", user_agent="", now=now)
    assert new.id != before
    assert sessions.resolve(session, before, now) is None
    assert sessions.resolve(session, new.id, now) is not None


def test_a_password_that_changed_while_the_old_one_was_verified_does_not_sign_in(
    session: Session, ada: User, now: datetime
) -> None:
    who = accounts.credentials(session, ada.email)
    assert who is not None
    ada.password = "another hash"
    session.add(ada)
    session.flush()
    with pytest.raises(Invalid):
        accounts.sign_in(session, who, ip="", user_agent="", now=now)


def test_a_hash_with_newer_parameters_is_kept_at_sign_in(session: Session, ada: User, now: datetime) -> None:
    who = accounts.credentials(session, ada.email)
    assert who is not None
    accounts.sign_in(session, who, new_hash="newer hash", ip="", user_agent="", now=now)
    session.refresh(ada)
    assert ada.password == "newer hash"


def test_somebody_whose_last_workspace_is_gone_gets_one_of_their_own(
    session: Session, ada: User, now: datetime
) -> None:
    session.delete(session.get_one(Team, ada.current_team_id))
    session.flush()
    session.refresh(ada)
    who = accounts.credentials(session, ada.email)
    assert who is not None
    new = accounts.sign_in(session, who, ip="", user_agent="", now=now)
    principal = sessions.resolve(session, new.id, now)
    assert principal is not None
    assert principal.is_admin
    assert session.exec(select(func.count()).where(col(TeamMember.user_id) == ada.id)).one() == 1


def test_a_new_password_signs_the_other_browsers_out_and_is_mailed_about(
    session: Session, ada: User, sign_in: SignIn, jobs: Jobs, now: datetime
) -> None:
    there, here = sign_in(ada), sign_in(ada)
    resets.forgot(session, ada.email, now)
    link = re.search(r"token=(\S+)", jobs("mail.send")[-1]["text"])
    assert link is not None
    accounts.change_password(session, here, accounts.own_credentials(session, here), "new hash")
    session.refresh(ada)
    assert ada.password == "new hash"
    assert sessions.resolve(session, there.session_id or "", now) is None
    assert sessions.resolve(session, here.session_id or "", now) is not None
    assert "changed" in jobs("mail.send")[-1]["subject"]
    with pytest.raises(Invalid):
        resets.owner_of(session, link[1], now)
