"""Browser sessions: who they belong to, how they end."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from taskjuggler_app.core import crypto
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Door, Role
from taskjuggler_app.domain.access import sessions
from taskjuggler_app.models.teams import Team, TeamMember
from taskjuggler_app.models.users import User, UserSession
from tests.domain.access.people import SignIn


def test_a_session_says_who_acts_where_and_as_what(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="192.0.2.1", user_agent="Firefox", now=now)
    principal = sessions.resolve(session, new.id, now)
    assert principal is not None
    assert (principal.user_id, principal.team_id) == (ada.id, ada.current_team_id)
    assert (principal.role, principal.door) == (Role.ADMIN, Door.WEB)
    assert (principal.email, principal.name, principal.timezone) == ("ada@example.com", "Ada", "Europe/Berlin")
    assert principal.session_id == new.id


def test_the_token_itself_is_stored_nowhere(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="192.0.2.1", user_agent="Firefox", now=now)
    row = session.exec(select(UserSession).where(UserSession.id == crypto.digest(new.token))).one()
    assert new.token not in row.model_dump_json()
    payload = json.loads(row.payload)
    assert payload["factors"] == ["password"]
    assert payload["absolute_expiry"] - payload["created"] == sessions.ABSOLUTE.total_seconds()


def test_resolving_takes_one_query(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="", user_agent="", now=now)
    statements: list[str] = []
    connection = session.connection()

    def note(*args: object) -> None:
        statements.append(str(args[2]))

    event.listen(connection, "before_cursor_execute", note)
    assert sessions.resolve(session, new.id, now + timedelta(seconds=30)) is not None
    event.remove(connection, "before_cursor_execute", note)
    assert len(statements) == 1


@pytest.mark.parametrize("unknown", ["", "0" * 64, "' OR true --"])
def test_an_unknown_session_is_nobody(session: Session, ada: User, now: datetime, unknown: str) -> None:
    assert sessions.resolve(session, unknown, now) is None


def test_a_session_ends_after_two_weeks_without_use(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="", user_agent="", now=now)
    assert sessions.resolve(session, new.id, now + sessions.IDLE) is None
    last_moment = now + sessions.IDLE - timedelta(seconds=1)
    assert sessions.resolve(session, new.id, last_moment) is not None
    assert sessions.resolve(session, new.id, last_moment + timedelta(days=1)) is not None


def test_a_session_in_daily_use_still_ends_after_sixty_days(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="", user_agent="", now=now)
    for day in range(1, 60):
        assert sessions.resolve(session, new.id, now + timedelta(days=day)) is not None
    assert sessions.resolve(session, new.id, now + sessions.ABSOLUTE) is None


def test_use_is_noted_at_most_once_a_minute(session: Session, ada: User, now: datetime) -> None:
    new = sessions.create(session, ada.id, ip="", user_agent="", now=now)
    row = session.get_one(UserSession, new.id)

    def noted_at(seconds: int) -> int:
        sessions.resolve(session, new.id, now + timedelta(seconds=seconds))
        session.refresh(row)
        return row.last_activity - int(now.timestamp())

    assert [noted_at(seconds) for seconds in (10, 59, 60, 90, 119, 121)] == [0, 0, 60, 60, 60, 121]


def test_a_member_who_is_no_admin_acts_as_a_member(session: Session, ada: User, bob: User, now: datetime) -> None:
    assert bob.current_team_id is not None
    session.add(TeamMember(team_id=bob.current_team_id, user_id=ada.id, is_admin=False))
    ada.current_team_id = bob.current_team_id
    session.add(ada)
    session.flush()
    new = sessions.create(session, ada.id, ip="", user_agent="", now=now)
    principal = sessions.resolve(session, new.id, now)
    assert principal is not None
    assert (principal.team_id, principal.role) == (bob.current_team_id, Role.MEMBER)


def test_a_workspace_that_let_somebody_go_is_closed_to_their_open_session(
    session: Session, ada: User, bob: User, sign_in: SignIn, now: datetime
) -> None:
    own_team = ada.current_team_id
    assert bob.current_team_id is not None
    membership = TeamMember(team_id=bob.current_team_id, user_id=ada.id, is_admin=True)
    session.add(membership)
    ada.current_team_id = bob.current_team_id
    session.add(ada)
    session.flush()
    guest = sign_in(ada)
    assert guest.team_id == bob.current_team_id
    session.delete(membership)
    session.flush()
    after = sessions.resolve(session, guest.session_id or "", now)
    assert after is not None
    assert after.team_id == own_team


def test_somebody_without_any_workspace_cannot_act(session: Session, ada: User, sign_in: SignIn, now: datetime) -> None:
    principal = sign_in(ada)
    session.delete(session.get_one(Team, principal.team_id))
    session.flush()
    assert sessions.resolve(session, principal.session_id or "", now) is None


def test_devices_are_listed_with_this_one_first(
    session: Session, ada: User, bob: User, sign_in: SignIn, now: datetime
) -> None:
    sign_in(ada, agent="Mozilla/5.0 (iPhone) Safari", ip="192.0.2.7")
    here = sign_in(ada, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(bob)
    found = sessions.list_devices(session, here, now)
    assert [(one.name, one.ip, one.current) for one in found] == [
        ("Firefox on Windows", "192.0.2.1", True),
        ("Safari on iPhone", "192.0.2.7", False),
    ]
    assert found[0].created == found[0].last_seen == now


def test_sessions_that_ended_by_themselves_are_not_devices(
    session: Session, ada: User, sign_in: SignIn, now: datetime
) -> None:
    assert sessions.list_devices(session, sign_in(ada), now + sessions.IDLE) == []


def test_a_revoked_session_is_nobody(session: Session, ada: User, sign_in: SignIn, now: datetime) -> None:
    here, there = sign_in(ada), sign_in(ada)
    assert there.session_id is not None
    sessions.revoke(session, here, there.session_id)
    assert sessions.resolve(session, there.session_id, now) is None
    assert sessions.resolve(session, here.session_id or "", now) is not None
    with pytest.raises(NotFound):
        sessions.revoke(session, here, there.session_id)


def test_somebody_elses_session_is_not_found(
    session: Session, ada: User, bob: User, sign_in: SignIn, now: datetime
) -> None:
    bobs = sign_in(bob).session_id or ""
    with pytest.raises(NotFound):
        sessions.revoke(session, sign_in(ada), bobs)
    assert sessions.resolve(session, bobs, now) is not None


def test_the_others_can_be_revoked_together(
    session: Session, ada: User, bob: User, sign_in: SignIn, now: datetime
) -> None:
    others = [sign_in(ada), sign_in(ada)]
    here, stranger = sign_in(ada), sign_in(bob)
    assert sessions.revoke_others(session, here) == 2
    assert all(sessions.resolve(session, one.session_id or "", now) is None for one in others)
    assert all(sessions.resolve(session, one.session_id or "", now) for one in (here, stranger))
    assert sessions.revoke_all(session, ada.id) == 1
    assert sessions.resolve(session, here.session_id or "", now) is None


def test_sweeping_deletes_only_what_has_ended(session: Session, ada: User, sign_in: SignIn, now: datetime) -> None:
    sign_in(ada)
    assert sessions.sweep(session, now) == 0
    assert sessions.sweep(session, now + sessions.IDLE) == 1
