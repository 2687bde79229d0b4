"""What the demo's story left besides messages: its people, sites, appointments, listings, rules and the rest of it.

All that stood in the workspace when the story ended is of the story: it was told to an empty installation. Each thing
goes unless somebody changed it or used it since, which the case log and what hangs on it tell; what money moved for
stays too. The story's people are deleted as any account is, unless they signed in or have something that stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from taskjuggler_app.core import clock, live, queue, topics
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.domain.farewell import asking
from taskjuggler_app.domain.farewell.story_kinds import BESIDES, KINDS, PEOPLE, TALK, Kind
from taskjuggler_app.domain.files.service import FORGET
from taskjuggler_app.domain.receptionist import samples
from taskjuggler_app.domain.receptionist.samples import Samples
from taskjuggler_app.models.users import AccountDeletion


@dataclass
class Story(Samples):
    """All sample data: the messages, and how many `things` besides go; what goes and what stays of these in words."""

    things: int = 0
    goes: str = ""
    stays: str = ""


def found(session: Session, principal: Principal) -> Story:
    """How much there is; nothing for members, who cannot take it away."""
    of_messages = samples.found(session, principal)
    values = _values(session, principal.team_id, principal.user_id) if principal.is_admin else None
    if values is None:
        return Story(**vars(of_messages))
    counts = {kind: _count(session, kind, values) for kind in (*KINDS, PEOPLE)}
    return Story(
        **vars(of_messages),
        things=sum(goes for goes, _ in counts.values()),
        goes=_words({kind: goes for kind, (goes, _) in counts.items()}),
        stays=_words({kind: stays for kind, (_, stays) in counts.items()}),
    )


def remove(session: Session, principal: Principal) -> str:
    """Take all of it away by a job; its batch. Forbidden but for admins, Conflict where there is nothing."""
    return samples.remove(session, principal, besides=found(session, principal).things > 0)


def remove_things(session: Session, team_id: UUID, by: UUID | None) -> int:
    """Take away what is left once the messages are gone; how many things. Safe to repeat.

    by: who asked for it, who is not taken for one of the story's people.
    """
    values = _values(session, team_id, by)
    if values is None:
        return 0
    people = list(session.execute(text(PEOPLE.ids), values).scalars())
    removed = len(people)
    for kind in KINDS:
        ids = list(session.execute(text(kind.ids), values).scalars())
        removed += len(ids)
        _delete(session, kind, {**values, "things": ids})
    for statement in BESIDES:
        session.execute(text(statement), values)
    _say_farewell(session, people, values)
    make = (topics.tasks, topics.sites, topics.calendar, topics.rules, topics.channels, topics.contacts, topics.team)
    live.publish(session, topics.marketplace(), *(one(team_id) for one in make))
    return removed


def _delete(session: Session, kind: Kind, values: Mapping[str, Any]) -> None:
    keys = list(session.execute(text(kind.keys), values).scalars()) if kind.keys else []
    if keys:
        queue.defer(session, FORGET, storage_keys=keys)
    for statement in kind.deletes:
        session.execute(text(statement), values)


def _say_farewell(session: Session, people: list[UUID], values: Mapping[str, Any]) -> None:
    """Their talk goes here; the accounts by the job that deletes any, for which there is no grace."""
    now = clock.utcnow()
    session.execute(text(TALK), {**values, "people": people})
    for user_id in people:
        session.execute(insert(AccountDeletion).values(user_id=user_id, created_at=now, due_at=now))
    asking.queue_due(session, now)


def _values(session: Session, team_id: UUID, by: UUID | None) -> dict[str, Any] | None:
    """What the statements are about; None in a workspace without a story."""
    at = samples.loaded_at(session, team_id)
    return {"team": team_id, "at": at, "me": by, "ids": samples.going(session, team_id)} if at else None


def _count(session: Session, kind: Kind, values: Mapping[str, Any]) -> tuple[int, int]:
    goes, stays = session.execute(text(kind.counts), values).one()
    return goes, stays


def _words(counts: Mapping[Kind, int]) -> str:
    said = [f"{number} {kind.one if number == 1 else kind.many}" for kind, number in counts.items() if number]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)
