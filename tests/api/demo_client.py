"""Clients of the demo's workspace, which has something of nearly everything, and of a stranger's."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from limits import RateLimitItemPerMinute
from sqlmodel import col, select
from starlette.testclient import TestClient

from taskjuggler_app.api.v1 import app as api
from taskjuggler_app.core import db
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import load as demo
from taskjuggler_app.demo import story
from taskjuggler_app.domain.access import limits
from taskjuggler_app.domain.teams import tokens
from taskjuggler_app.models import Team, TeamMember
from tests import database


@contextmanager
def running(server: str, migrated: str) -> Iterator[tuple[TestClient, Principal]]:
    """A client with every ability, and the admin whose key it has."""
    with database.clone(server, migrated) as url, pytest.MonkeyPatch.context() as patch:
        db.configure(url)
        limits.forget_everything()
        patch.setattr(limits, "API", RateLimitItemPerMinute(1_000_000))
        demo.load_if_empty()
        with db.transaction() as session:
            team = session.exec(select(Team).where(Team.name == story.WORKSPACE)).one()
            admins = select(TeamMember).where(TeamMember.team_id == team.id, col(TeamMember.is_admin))
            admin = session.exec(admins.order_by(col(TeamMember.id))).first()
            assert admin is not None
            owner = Principal(admin.user_id, team.id, Role.ADMIN, Door.WEB)
        with TestClient(api.create(), headers=key(owner, *tokens.ABILITIES)) as client:
            yield client, owner
        db.dispose()


def key(principal: Principal, *abilities: str) -> dict[str, str]:
    """The header of a new key."""
    with db.transaction() as session:
        made = tokens.create(session, principal, name="Shop", abilities=list(abilities), days=7)
    return {"Authorization": f"Bearer {made.secret}"}
