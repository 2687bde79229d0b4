"""The first hour's list ticks itself from facts, each workspace for itself, and goes away when told to."""

from sqlalchemy import text
from sqlmodel import Session

from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.teams import firststeps, invitations
from tests import factories as make


def done(session: Session, who: Principal) -> set[str]:
    return {step.key for step in firststeps.steps(session, who) if step.is_done}


def test_a_new_workspace_has_everything_before_it(session: Session) -> None:
    owner = make.make_owner(session)
    rows = firststeps.steps(session, owner)
    assert [row.key for row in rows] == ["channel", "rule", "message", "people", "booking", "site"]
    assert done(session, owner) == set()
    assert all(row.href.startswith("/") and row.title and row.why for row in rows)


def test_what_is_done_ticks_itself_in_that_workspace_alone(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    invitations.invite(session, owner, "new@example.com")
    assert done(session, owner) == {"people"}
    session.execute(
        text("INSERT INTO sites (team_id, user_id, url, name) VALUES (:team, :me, 'https://a.example', 'a')"),
        {"team": owner.team_id, "me": owner.user_id},
    )
    assert done(session, owner) == {"people", "site"}
    assert done(session, other) == set()


def test_members_who_may_do_none_of_it_are_not_asked(session: Session) -> None:
    owner = make.make_owner(session)
    assert firststeps.steps(session, make.make_colleague(session, owner)) == []
    assert done(session, owner) == {"people"}


def test_put_away_it_stays_away_here_and_nowhere_else(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    firststeps.dismiss(session, owner)
    firststeps.dismiss(session, owner)  # pressed twice
    assert firststeps.steps(session, owner) == []
    assert len(firststeps.steps(session, other)) == 6
    kept = session.execute(text("SELECT settings FROM users WHERE id = :me"), {"me": owner.user_id}).scalar_one()
    assert kept["first_steps_dismissed"] == [str(owner.team_id)]
