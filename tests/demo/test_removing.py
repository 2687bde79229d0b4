"""Taking the demo away: all of the story goes, what somebody changed, used or made since stays."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import select

from jobs.handlers import simulator
from jobs.worker import drain_now
from taskjuggler_app.core.db import transaction
from taskjuggler_app.core.errors import Conflict, Forbidden
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import load, story
from taskjuggler_app.domain.cases import queries as cases
from taskjuggler_app.domain.farewell import story as telling
from taskjuggler_app.domain.sitehealth import sites
from taskjuggler_app.domain.sitehealth.sites import SiteDraft
from taskjuggler_app.domain.tasks import comments
from taskjuggler_app.domain.tasks import service as tasks
from taskjuggler_app.domain.tasks.drafts import TaskDraft
from taskjuggler_app.models import Site, Task, TeamMember, User
from tests import factories as make

EMPTY_AFTERWARDS = (
    "appointments",
    "appointment_types",
    "availability_slots",
    "ai_tool_configs",
    "ai_tool_executions",
    "approvals",
    "assistant_channels",
    "contact_lists",
    "contact_opt_outs",
    "blocked_senders",
    "host_schedules",
    "inbox_items",
    "issues",
    "process_templates",
    "projects",
    "routing_rules",
    "saved_filters",
    "sites",
    "tasks",
    "team_invitations",
    "tef_exchanges",
    "direct_messages",
)


@pytest.fixture
def maya(database_url: str) -> Principal:
    """The demo's owner, who has just signed in to it."""
    load.load()
    with transaction() as session:
        return _person(session.exec(select(User).where(User.email == story.PEOPLE[0].email)).one())


def _person(user: User) -> Principal:
    team_id = user.current_team_id
    assert team_id is not None
    return Principal(user.id, team_id, Role.ADMIN, Door.WEB, email=user.email, name=user.name)


def _remove(who: Principal) -> None:
    with transaction() as session:
        batch_id = telling.remove(session, who)
    simulator.remove_samples(str(who.team_id), batch_id, str(who.user_id))
    drain_now()


def _left(table: str) -> int:
    with transaction() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608  # ours


def _names() -> set[str]:
    with transaction() as session:
        return set(session.exec(select(User.name)))


def test_an_untouched_demo_goes_whole_but_for_what_money_moved_for(maya: Principal) -> None:
    with transaction() as session:
        found = telling.found(session, maya)
    assert "5 people who never signed in" in found.goes
    assert "2 listings" in found.goes
    assert "2 web sites" in found.goes
    assert f"{len(story.RULES)} rules" in found.goes
    assert found.stays.startswith("1 listing")
    _remove(maya)
    assert {table: left for table in EMPTY_AFTERWARDS if (left := _left(table))} == {}
    assert _names() == {"Maya Okafor", "Nina Castellano", "Former member"}
    with transaction() as session:
        assert len(session.exec(select(TeamMember).where(TeamMember.team_id == maya.team_id)).all()) == 1
        assert cases.verify(session) is None
        after = telling.found(session, maya)
        assert (after.messages, after.things, after.batch_id) == (0, 0, "")
        with pytest.raises(Conflict, match="no sample data"):
            telling.remove(session, maya)


def test_what_somebody_changed_used_or_made_since_stays(maya: Principal) -> None:
    with transaction() as session:
        shop = session.exec(select(Site).where(Site.name == "Spare parts shop")).one()
        sites.update(session, maya, int(shop.id or 0), SiteDraft(shop.url, "Our shop", 20, story.ZONE))
        mine = sites.create(session, maya, SiteDraft("https://mine.example.org/", "Mine", 20, story.ZONE))
        roof = session.exec(select(Task).where(Task.title == "Strip and cover the north side")).one()
        comments.add(session, maya, roof.id, "Wait for the weather")
        own = tasks.create(session, maya, TaskDraft("Buy salt", UUID(str(maya.user_id))))
        tom = session.exec(select(User).where(User.name == "Tom Becker")).one()
        make.make_rule(session, maya, name="Of my own")
        tasks.create(session, _person(tom), TaskDraft("He was here", tom.id))
        kept = {mine.name, "Our shop"}, {roof.title, own.title, "He was here"}
    with transaction() as session:
        stays = telling.found(session, maya).stays
    assert "1 task of its own" in stays
    assert "1 web site" in stays
    assert "1 project" in stays
    assert "3 people" in stays  # Luis has the roof to do, Tom did something; Nina was paid
    _remove(maya)
    with transaction() as session:
        assert {site.name for site in session.exec(select(Site))} == kept[0]
        assert {task.title for task in session.exec(select(Task))} == kept[1]
    assert _left("projects") == 1
    assert _left("routing_rules") == 1
    assert _names() == {"Maya Okafor", "Luis Ferreira", "Tom Becker", "Nina Castellano", "Former member"}


def test_another_workspace_and_a_member_have_no_story(maya: Principal) -> None:
    with transaction() as session:
        stranger = make.make_owner(session)
        member = make.make_colleague(session, maya)
        assert telling.found(session, stranger).things == 0
        assert telling.found(session, member).things == 0
        with pytest.raises(Forbidden):
            telling.remove(session, member)
        assert telling.remove_things(session, stranger.team_id, stranger.user_id) == 0
    assert _left("sites") == 2
