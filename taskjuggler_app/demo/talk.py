"""People around the demo business: contacts, an invitation, what the colleagues write to each other."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, select

from taskjuggler_app.core import clock, crypto
from taskjuggler_app.core.principal import Door, Principal, Role
from taskjuggler_app.demo import story
from taskjuggler_app.domain.contacts import merging, optouts
from taskjuggler_app.domain.contacts import service as contacts
from taskjuggler_app.domain.contacts.reading import Contact
from taskjuggler_app.domain.messaging import service as messaging
from taskjuggler_app.models.contacts import ContactChannel
from taskjuggler_app.models.teams import TeamInvitation
from taskjuggler_app.models.users import User

_UNITS = ("1A", "1B", "2A", "2B", "3A", "3B", "4A", "4B", "5A", "5B", "6A", "6B")
_TALK = (
    (50, "luis", "maya", "The boiler at 12 Pine is from 1998. I can keep it going, but we should plan a new one."),
    (49, "maya", "luis", "Agreed. Can you get two quotes by Friday?"),
    (48, "luis", "maya", "On it."),
    (26, "ada", "maya", "Three invoices are over thirty days now. Shall I call them?"),
    (25, "maya", "ada", "Yes please, friendly first."),
    (3, "luis", "maya", "First quote is in: 8,400 with installation."),
    (2, "luis", "maya", "Second one comes tomorrow morning."),
)


def load(session: Session, owner: Principal, now: datetime) -> None:
    """Two lists, one opt-out, one open invitation, and a few days of talk."""
    with clock.at(now - timedelta(days=20)):
        tenants = contacts.create_list(session, owner, "Tenants", "Everybody who rents from us")
        rows = [
            Contact(name, f"{name.split()[0].lower()}@tenants.example.com", number, None, {"Unit": unit})
            for (number, name), unit in zip(story.CALLERS, _UNITS, strict=True)
        ]
        merging.put(session, tenants.id, rows)
        board = contacts.create_list(session, owner, "Owners' board", "Answer them first")
        merging.put(session, board.id, [Contact(row.name, row.email, row.phone) for row in rows[1:4]])
        optouts.opt_out(session, owner, ContactChannel.SMS, story.CALLERS[7][0], "stop")
    session.add(
        TeamInvitation(
            team_id=owner.team_id,
            email="nina@demo.example.com",
            invite_code=crypto.token(24),
            invited_by=_id(owner),
            created_at=now - timedelta(days=1),
            sent_at=now - timedelta(days=1),
            sent_count=1,
            expires_at=now + timedelta(days=6),
        )
    )
    people = _people(session, owner)
    for hours, sender, recipient, words in _TALK:
        with clock.at(now - timedelta(hours=hours)):
            if hours > 24:
                messaging.mark_read(session, people[sender], _id(people[recipient]))
            messaging.send(session, people[sender], _id(people[recipient]), words)
    with clock.at(now - timedelta(hours=24)):
        for reader in ("luis", "ada"):
            messaging.mark_read(session, people[reader], _id(people["maya"]))


def _people(session: Session, owner: Principal) -> dict[str, Principal]:
    """The colleagues as they would act, by their key in the story."""
    keys = {person.email: person.key for person in story.PEOPLE}
    users = session.exec(select(User)).all()
    return {
        keys[user.email]: Principal(user.id, owner.team_id, Role.MEMBER, Door.WEB, email=user.email, name=user.name)
        for user in users
        if user.email in keys
    }


def _id(person: Principal) -> UUID:
    return person.user_id or person.team_id
