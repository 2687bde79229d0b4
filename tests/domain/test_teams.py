"""Workspaces: invitations that work once, roles, handing over, leaving without losing a task."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import clock
from taskjuggler_app.core.errors import Conflict, DomainError, Forbidden, Invalid, LimitReached, NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.tasks import leaving
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.teams import invitations, queries, service
from taskjuggler_app.models import Task, TaskStatus, TeamInvitation, TeamMember, User
from tests import factories as make


def invite(session: Session, owner: Principal, address: str = "new@example.com") -> TeamInvitation:
    """An invitation, sent a while ago."""
    with clock.at(clock.utcnow() - timedelta(minutes=5)):
        return invitations.invite(session, owner, address)


def membership(session: Session, who: Principal) -> TeamMember:
    """The person's place in their workspace."""
    mine = (TeamMember.team_id == who.team_id, TeamMember.user_id == who.user_id)
    return session.exec(select(TeamMember).where(*mine)).one()


def queued(session: Session, name: str) -> list[dict[str, str]]:
    """The arguments of the jobs of that name."""
    return list(
        session.execute(text("SELECT args FROM procrastinate_jobs WHERE task_name = :n"), {"n": name}).scalars()
    )


def test_an_invited_person_joins_once_and_goes_there(session: Session) -> None:
    owner, newcomer = make.make_owner(session), make.make_owner(session, name="Bea Example")
    made = invite(session, owner, "NEW@example.com")
    assert len(made.invite_code) == 32
    assert made.invite_code in queued(session, "mail.send")[-1]["text"]
    assert invitations.opened(session, made.invite_code).state == "open"
    assert invitations.accept(session, newcomer, made.invite_code) == owner.team_id
    assert invitations.accept(session, newcomer, made.invite_code) == owner.team_id  # pressed twice
    assert session.get_one(User, newcomer.user_id).current_team_id == owner.team_id
    assert [row.name for row in queries.members(session, owner)] == ["Alice Example", "Bea Example"]
    with pytest.raises(Conflict, match="used already"):
        invitations.accept(session, make.make_owner(session), made.invite_code)


def test_an_invitation_by_text_goes_to_the_number(session: Session) -> None:
    owner = make.make_owner(session)
    assert invite(session, owner, "(207) 555-0110").phone == "+12075550110"
    assert queued(session, "sms.send")[-1]["to"] == "+12075550110"


@pytest.mark.parametrize("ended", ["revoked", "expired", "declined"])
def test_a_link_that_is_over_says_why_and_lets_nobody_in(session: Session, ended: str) -> None:
    owner, newcomer = make.make_owner(session), make.make_owner(session)
    made = invite(session, owner)
    if ended == "revoked":
        invitations.revoke(session, owner, made.id)
    elif ended == "declined":
        invitations.decline(session, made.invite_code)
    else:
        made.expires_at = clock.utcnow()
        assert invitations.sweep(session, clock.utcnow()) == 1
        session.refresh(made)
    assert invitations.opened(session, made.invite_code).state == ended
    with pytest.raises(Conflict):
        invitations.accept(session, newcomer, made.invite_code)


def test_sending_again_keeps_the_link_renews_it_and_has_a_limit(session: Session) -> None:
    owner = make.make_owner(session)
    made = invite(session, owner)
    code, before = made.invite_code, made.expires_at
    invitations.resend(session, owner, made.id)
    assert made.invite_code == code
    assert before is not None
    assert made.expires_at is not None
    assert made.expires_at > before
    with pytest.raises(LimitReached):
        invitations.resend(session, owner, made.id)
    for hours in range(1, 4):
        with clock.at(clock.utcnow() + timedelta(hours=hours)):
            assert invitations.invite(session, owner, "new@example.com").id == made.id
    with clock.at(clock.utcnow() + timedelta(hours=9)), pytest.raises(LimitReached, match="5 times"):
        invitations.resend(session, owner, made.id)


def test_only_admins_invite_and_nobody_who_is_here(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner, email="here@example.com")
    with pytest.raises(Forbidden):
        invite(session, colleague)
    with pytest.raises(Conflict, match="already"):
        invite(session, owner, "here@example.com")
    with pytest.raises(Invalid):
        invite(session, owner, "nothing at all")


def test_an_unknown_code_and_another_workspaces_invitation_are_not_there(session: Session) -> None:
    owner, other = make.make_owner(session), make.make_owner(session)
    made = invite(session, owner)
    for code in ("", "x" * 32, made.invite_code + "x"):
        with pytest.raises(NotFound):
            invitations.opened(session, code)
    with pytest.raises(NotFound):
        invitations.revoke(session, other, made.id)


def test_a_second_workspace_is_made_and_people_go_back_and_forth(session: Session) -> None:
    owner = make.make_owner(session)
    stranger = make.make_owner(session)
    second = service.create(session, owner, "  Second   shop ")
    assert [(row.name, row.current) for row in queries.workspaces(session, owner)] == [
        ("Example Ltd", True),
        ("Second shop", False),
    ]
    user = session.get_one(User, owner.user_id)
    assert user.current_team_id == second.id
    service.go_to(session, owner, owner.team_id)
    assert user.current_team_id == owner.team_id
    with pytest.raises(NotFound):
        service.go_to(session, stranger, owner.team_id)


def test_roles_change_but_not_the_owners_and_the_owner_hands_over(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    place, own_place = membership(session, colleague), membership(session, owner)
    service.set_admin(session, owner, place.id, True)
    assert place.is_admin
    with pytest.raises(Forbidden):
        service.set_admin(session, owner, own_place.id, False)
    with pytest.raises(Forbidden):
        service.transfer(session, colleague, place.id)
    service.set_admin(session, owner, place.id, False)
    service.transfer(session, owner, place.id)
    assert place.is_admin
    assert [row.is_owner for row in queries.load(session, owner) if row.user_id == str(colleague.user_id)] == [True]


def test_open_tasks_of_somebody_who_leaves_go_to_the_heir_and_finished_ones_stay_theirs(session: Session) -> None:
    owner = make.make_owner(session)
    leaver, heir = make.make_colleague(session, owner), make.make_colleague(session, owner)
    place, heirs_place = membership(session, leaver), membership(session, heir)
    open_ = [
        make.make_task(session, owner, team_member_id=place.id),
        make.make_task(session, owner, owner_id=leaver.user_id),
    ]
    done = make.make_task(session, owner, team_member_id=place.id, status=TaskStatus.COMPLETED)
    assert leaving.open_count(session, owner, place.id) == 2
    assert leaving.remove_member(session, owner, place.id, heirs_place.id) == 2
    assert [(t.team_member_id, t.owner_id) for t in open_] == [(heirs_place.id, None)] * 2
    assert (done.team_member_id, done.owner_id) == (None, leaver.user_id)
    assert str(leaver.user_id) not in [row.user_id for row in queries.members(session, owner)]
    history = session.execute(text("SELECT count(*) FROM task_actions WHERE action_data ->> 'because' = 'left'"))
    assert history.scalar() == 2


def test_tasks_of_somebody_who_leaves_by_themselves_can_be_left_to_be_claimed(session: Session) -> None:
    owner = make.make_owner(session)
    leaver = make.make_colleague(session, owner)
    place = membership(session, leaver)
    task = make.make_task(session, owner, team_member_id=place.id)
    leaving.remove_member(session, leaver, place.id, None)
    assert (task.team_member_id, task.owner_id) == (None, None)
    assert session.get_one(User, leaver.user_id).current_team_id is None


def test_the_owner_stays_and_members_remove_nobody(session: Session) -> None:
    owner = make.make_owner(session)
    one, other = make.make_colleague(session, owner), make.make_colleague(session, owner)
    for who, place in ((owner, membership(session, owner)), (one, membership(session, other))):
        with pytest.raises(Forbidden):
            leaving.remove_member(session, who, place.id, None)
    with pytest.raises(DomainError):
        leaving.remove_member(session, owner, membership(session, one).id, membership(session, one).id)


def test_the_load_of_each_person_counts_open_overdue_soon_and_done(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner, name="Zoe Example")
    place, now = membership(session, colleague), clock.utcnow()
    for due in (None, now - timedelta(days=1), now + timedelta(days=2)):
        make.make_task(session, owner, team_member_id=place.id, due_date=due)
    finished: Task = make.make_task(session, owner, owner_id=owner.user_id)
    tasks.change_status(session, owner, finished.id, TaskStatus.COMPLETED)
    make.make_task(session, owner)
    rows = {row.name: (row.open, row.overdue, row.soon, row.done) for row in queries.load(session, owner)}
    assert rows == {"Alice Example": (0, 0, 0, 1), "Zoe Example": (3, 1, 1, 0)}
    assert queries.unclaimed(session, owner) == 1
