"""The first hour of a workspace: what to do, and which of it the database says is done."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, select

from taskjuggler_app.core import live, topics
from taskjuggler_app.core.errors import NotFound
from taskjuggler_app.core.principal import Principal
from taskjuggler_app.models.users import User

_DISMISSED = "first_steps_dismissed"
_FACTS = text(
    """
    SELECT EXISTS (SELECT FROM assistant_channels WHERE team_id = :team) AS channel,
           EXISTS (SELECT FROM routing_rules WHERE team_id = :team) AS rule,
           EXISTS (SELECT FROM inbox_items WHERE team_id = :team) AS message,
           (SELECT count(*) FROM team_members WHERE team_id = :team) > 1
             OR EXISTS (SELECT FROM team_invitations WHERE team_id = :team) AS people,
           EXISTS (SELECT FROM appointment_types WHERE team_id = :team) AS booking,
           EXISTS (SELECT FROM sites WHERE team_id = :team) AS site
    """
)


@dataclass
class FirstStep:
    """A thing to do: where `href` does it, and whether it `is_done`."""

    key: str = ""
    title: str = ""
    why: str = ""
    href: str = ""
    is_done: bool = False


_STEPS = (
    (
        "channel",
        "Connect a channel",
        "A phone number, a mailbox or a web form: what comes in becomes work.",
        "/channels",
    ),
    ("rule", "Make a rule", "“Burst pipe, urgent: to Sam.” The same every time, and it says why.", "/rules/new"),
    ("message", "Get the first message", "Call or write to it, or let the simulator do so.", "/simulator"),
    ("people", "Invite somebody", "They get a link that works once.", "/people"),
    ("booking", "Publish a booking page", "Visitors choose a time that is free.", "/calendar/types"),
    ("site", "Scan your web site", "What is broken, how bad it is, how to mend it.", "/sites"),
)


def steps(session: Session, principal: Principal) -> list[FirstStep]:
    """The steps in order; none for members who are no admins, once all are done, or when they were put away."""
    if not principal.is_admin or str(principal.team_id) in _put_away(_person(session, principal)):
        return []
    facts = session.execute(_FACTS, {"team": principal.team_id}).one()._mapping
    rows = [FirstStep(key, title, why, href, facts[key]) for key, title, why, href in _STEPS]
    return [] if all(row.is_done for row in rows) else rows


def dismiss(session: Session, principal: Principal) -> None:
    """Put the list of this workspace away, for this person; doing it twice changes nothing."""
    user = _person(session, principal, lock=True)
    kept = _put_away(user)
    if str(principal.team_id) not in kept:
        user.settings = {**user.settings, _DISMISSED: [*kept, str(principal.team_id)]}
        session.add(user)
        session.flush()
        live.publish(session, topics.user(user.id))


def _put_away(user: User) -> list[str]:
    return [str(one) for one in user.settings.get(_DISMISSED) or []]


def _person(session: Session, principal: Principal, *, lock: bool = False) -> User:
    query = select(User).where(User.id == principal.user_id)
    found = session.exec(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found
