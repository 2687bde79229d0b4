"""Notifications: one a fact and person, and each workspace's apart."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlmodel import Session, select

from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.notifications import queries, service
from taskjuggler_app.models import Notification
from tests import factories as make


def tell(session: Session, principal: Principal, key: str = "fact:1") -> bool:
    """Tell the principal something in their workspace."""
    assert principal.user_id
    return service.notify(
        session,
        principal.user_id,
        type="test",
        title="Something happened",
        message="It did",
        link="/tasks",
        dedupe_key=key,
        team_id=principal.team_id,
    )


def only_id(session: Session, principal: Principal) -> UUID:
    """The person's one notification in the workspace."""
    mine = (Notification.user_id == principal.user_id, Notification.team_id == principal.team_id)
    return session.exec(select(Notification.id).where(*mine)).one()


def test_a_fact_is_told_once(session: Session) -> None:
    owner = make.make_owner(session)
    assert [tell(session, owner), tell(session, owner)] == [True, False]
    assert queries.unread_count(session, owner) == 1


def test_two_people_are_told_the_same_fact(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    assert tell(session, owner)
    assert tell(session, colleague)


def test_reading_everything_here_leaves_the_other_workspace_unread(session: Session) -> None:
    here = make.make_owner(session)
    there = replace(here, team_id=make.make_owner(session).team_id)
    tell(session, here, "here")
    tell(session, there, "there")
    assert service.mark_all_read(session, here) == 1
    assert (queries.unread_count(session, here), queries.unread_count(session, there)) == (0, 1)
    with pytest.raises(NotFound):
        service.mark_read(session, here, only_id(session, there))


def test_somebody_elses_notification_is_not_there(session: Session) -> None:
    owner = make.make_owner(session)
    colleague = make.make_colleague(session, owner)
    tell(session, owner)
    assert queries.recent(session, colleague) == []
    with pytest.raises(NotFound):
        service.mark_read(session, colleague, only_id(session, owner))
