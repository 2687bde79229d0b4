"""What the subjects of events are called, read together: one query for each type that a page has."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from taskjuggler_app.models.appointments import AppointmentType
from taskjuggler_app.models.contacts import ContactList
from taskjuggler_app.models.marketplace import MarketplaceVendor
from taskjuggler_app.models.projects import Project
from taskjuggler_app.models.receptionist import AssistantChannel, InboxItem, RoutingRule
from taskjuggler_app.models.sitehealth import Site
from taskjuggler_app.models.tasks import Task
from taskjuggler_app.models.teams import Team
from taskjuggler_app.models.tef import Actor
from taskjuggler_app.models.users import User

_NAMED: dict[str, tuple[Any, Any]] = {
    "actor": (Actor.id, Actor.display_name),
    "appointment_type": (AppointmentType.id, AppointmentType.name),
    "channel": (AssistantChannel.id, AssistantChannel.name),
    "contact_list": (ContactList.id, ContactList.name),
    "inbox_item": (InboxItem.id, InboxItem.from_identifier),
    "project": (Project.id, Project.name),
    "rule": (RoutingRule.id, RoutingRule.name),
    "site": (Site.id, Site.name),
    "task": (Task.id, Task.title),
    "team": (Team.id, Team.name),
    "user": (User.id, User.name),
    "vendor": (MarketplaceVendor.id, MarketplaceVendor.name),
}
_NUMBERED = {"site"}


def names(session: Session, subjects: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(type, id) -> name, of those that are still there and have one."""
    wanted: dict[str, set[UUID | int]] = defaultdict(set)
    for kind, text in subjects:
        key = _key(kind, text)
        if kind in _NAMED and key is not None:
            wanted[kind].add(key)
    found = {}
    for kind, ids in wanted.items():
        key, name = _NAMED[kind]
        for one, called in session.execute(select(key, name).where(col(key).in_(ids))):
            found[kind, str(one)] = str(called)
    return found


def _key(kind: str, text: str) -> UUID | int | None:
    try:
        return int(text) if kind in _NUMBERED else UUID(text)
    except ValueError:
        return None
